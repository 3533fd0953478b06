"""Signatures and the AES mode of WeChat's callbacks.

Source: the platforms' published protocol. SHA-1 over the sorted parts. AES-256-CBC, its IV the
key's first 16 bytes, padded to 32; inside: 16 random bytes, length (4, big endian), message and
the receiver's id.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from core.errors import ConfigurationError, MingluError

_BLOCK = 32


class Forged(MingluError):
    """A wrong signature, key or receiver: it gets no answer."""

    code = "forged"


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def check_signature(given: str, *parts: str) -> None:
    """Raises Forged."""
    if not hmac.compare_digest(given.encode(), signature(*parts).encode()):
        raise Forged


class WechatCipher:
    """`aes_key`: the 43 characters of EncodingAESKey; `receiver`: app id or corp id."""

    def __init__(self, aes_key: str, receiver: str) -> None:
        try:
            self._key = base64.b64decode(aes_key + "=")
        except binascii.Error:
            self._key = b""
        if len(self._key) != _BLOCK:
            raise ConfigurationError("the EncodingAESKey of WeChat has 43 letters and digits")
        self._receiver = receiver.encode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def open(self, sealed: str) -> str:
        """Raises Forged."""
        try:
            decryptor = self._cipher().decryptor()
            raw = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
            raw = raw[: -raw[-1]]
            (length,) = struct.unpack(">I", raw[16:20])
            message, receiver = raw[20 : 20 + length], raw[20 + length :]
            if receiver != self._receiver:
                raise Forged
            return message.decode()
        except (ValueError, IndexError, struct.error) as error:
            raise Forged from error

    def seal(self, text: str) -> str:
        message = text.encode()
        raw = os.urandom(16) + struct.pack(">I", len(message)) + message + self._receiver
        pad = _BLOCK - len(raw) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(raw + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()
