"""Signatures and AES of WeChat's callbacks, beside the platform's own published example."""

from __future__ import annotations

import pytest

from bot.wechat.crypto import Forged, WechatCipher, check_signature, signature
from core.errors import ConfigurationError

# The example of WeCom's documentation on verifying a callback URL.
TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
SIGNATURE = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"


def test_the_published_example_is_verified_and_opened() -> None:
    check_signature(SIGNATURE, TOKEN, "1409659589", "263014780", ECHO)
    assert WechatCipher(AES_KEY, CORP).open(ECHO) == "1616140317555161061"


def test_a_wrong_signature_is_forged() -> None:
    with pytest.raises(Forged):
        check_signature(SIGNATURE, "other", "1409659589", "263014780", ECHO)
    assert signature("b", "a") == signature("a", "b")


@pytest.mark.parametrize("text", ["", "您好", "长" * 700])
def test_what_is_sealed_opens_for_its_receiver_only(text: str) -> None:
    sealed = WechatCipher(AES_KEY, CORP).seal(text)
    assert WechatCipher(AES_KEY, CORP).open(sealed) == text
    with pytest.raises(Forged):
        WechatCipher(AES_KEY, "another").open(sealed)


@pytest.mark.parametrize("sealed", ["", "no base64!", "QUJD", "A" * 64])
def test_garbage_is_forged(sealed: str) -> None:
    with pytest.raises(Forged):
        WechatCipher(AES_KEY, CORP).open(sealed)


def test_a_key_of_the_wrong_length_is_named() -> None:
    with pytest.raises(ConfigurationError, match="EncodingAESKey"):
        WechatCipher("short", CORP)
