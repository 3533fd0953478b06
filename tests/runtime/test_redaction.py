import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.redaction import MASK, RedactingFormatter, conversation_key, redact


@pytest.mark.parametrize(
    "secret",
    [
        "13800138000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "幺三八零零幺三八零零零",
        "一三八〇〇一三八〇〇〇",
        "0431-88905555",
        "220102199001011234",
        "１３８００１３８０００",
        "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    ],
)
def test_a_phone_a_card_or_a_token_never_comes_out(secret: str) -> None:
    assert redact(f"line {secret} end") == f"line {MASK} end"


@pytest.mark.parametrize(
    "plain",
    [
        "吉政办发〔2025〕16号",
        "2025—2027年",
        "took 0.12345678 s",
        "2026-11-23 22:10:33,123 INFO",
        "400个以上",
    ],
)
def test_what_is_no_secret_stays(plain: str) -> None:
    assert redact(plain) == plain


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "，", "手机"]))
def test_no_mobile_number_survives_wherever_it_stands(phone: str, edge: str) -> None:
    assert phone not in redact(f"{edge}{phone}{edge}")


def test_a_traceback_is_redacted_too() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(logging.Formatter("%(message)s")))
    logger = logging.Logger("t")
    logger.addHandler(handler)
    try:
        raise ValueError("bad phone 13800138000")
    except ValueError:
        logger.exception("while booking for %s", "13912345678")
    out = stream.getvalue()
    assert "Traceback" in out
    assert "13800138000" not in out and "13912345678" not in out


def test_a_conversation_key_ties_lines_together_and_names_nobody() -> None:
    assert conversation_key("telegram-42") == conversation_key("telegram-42")
    assert conversation_key("telegram-42") != conversation_key("telegram-43")
