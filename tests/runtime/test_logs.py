import json
import logging
import sys

from hypothesis import given
from hypothesis import strategies as st

from runtime.logs import JsonForm, RedactingFormatter, TextForm
from runtime.redaction import conversation_key, redact
from runtime.turns import current_turn, turn_of

PHONE = "13800138000"


def record(message: str, **facts: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": message, **facts})
    return made


def test_a_line_of_json_carries_the_part_the_conversation_and_the_turn() -> None:
    with turn_of("web-1", "tabc") as mark:
        line = json.loads(JsonForm("web").format(record("turn ended", ms=12.5, kinds="answer")))
    assert line["part"] == "web" and line["message"] == "turn ended" and line["ms"] == 12.5
    assert line["conversation"] == mark.conversation == conversation_key("web-1")
    assert line["turn"] == "tabc"


def test_what_nobody_has_looked_at_stays_out_of_every_line() -> None:
    for form in (JsonForm("web"), RedactingFormatter(TextForm())):
        line = form.format(record("turn ended", text="我叫王小明", outcome="answered"))
        assert "王小明" not in line and "answered" in line


@given(
    st.one_of(st.integers(), st.floats(), st.text(), st.from_regex(r"1[3-9]\d{9}", fullmatch=True)),
    st.text(max_size=30),
)
def test_a_redacted_line_is_json_still_and_shows_no_phone(fact: object, message: str) -> None:
    line = redact(JsonForm("web").format(record(f"{message} {PHONE}", outcome=fact, ms=fact)))
    assert PHONE not in line
    assert json.loads(line)["part"] == "web"


def test_a_traceback_goes_into_the_object_redacted() -> None:
    try:
        raise ValueError(f"bad {PHONE}")
    except ValueError:
        made = record("failed", exc_info=sys.exc_info())
    body = json.loads(JsonForm("web").format(made))
    assert "ValueError" in body["exception"] and PHONE not in body["exception"]


def test_a_turn_goes_on_inside_and_a_strange_id_from_outside_is_not_taken_over() -> None:
    with turn_of("web-1") as outer:
        with turn_of("web-1") as inner:
            assert inner == outer
        for strange in ("我叫王小明", PHONE + PHONE, "a" * 40, 7, None, "A\nB"):
            with turn_of("web-2", strange) as mark:
                assert mark.turn != strange and mark != outer
        assert current_turn() == outer
    assert current_turn() is None


def test_a_key_is_never_taken_for_a_phone() -> None:
    keys = [conversation_key(str(n)) for n in range(2000)]
    assert [redact(key) for key in keys] == keys
    assert conversation_key("\ud800")
