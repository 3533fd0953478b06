"""Names and phones at rest: AES-GCM with a key's id, and keyed hashes for look-ups.

Several keys may be known at once: the first one seals, all of them open. See docs/booking.md §7.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import ConfigurationError

KEY_FILE = "secret.keys"
MIN_SECRET = 16
_NONCE = 12


@dataclass(frozen=True)
class _Key:
    id: str
    cipher: AESGCM = field(repr=False)
    mac: bytes = field(repr=False)

    @classmethod
    def derive(cls, secret: str) -> _Key:
        material = HKDF(SHA256(), 72, salt=None, info=b"minglu store v1").derive(secret.encode())
        return cls(material[64:].hex()[:8], AESGCM(material[:32]), material[32:64])


class Seal:
    """Seals and opens text. Secrets: newest first, at least one of 16 characters or more.

    With a key file, a key that another process adds is known here at the next use.
    """

    def __init__(self, secrets_: Sequence[str], file: Path | None = None) -> None:
        self._file = file
        self._seen = _stamp(file)
        self._use(secrets_)

    def _use(self, secrets_: Sequence[str]) -> None:
        if not secrets_ or any(len(s) < MIN_SECRET for s in secrets_):
            raise ConfigurationError(
                f"MINGLU_SECRET_KEY needs {MIN_SECRET} characters or more per key, "
                "several separated by commas, the newest first"
            )
        self._keys = [_Key.derive(secret) for secret in secrets_]
        self._by_id = {key.id: key for key in self._keys}

    def _refresh(self) -> None:
        if self._file is None:
            return
        stamp = _stamp(self._file)
        if stamp != self._seen:
            self._use(_lines(self._file))
            self._seen = stamp

    @property
    def key_id(self) -> str:
        """Eight hex digits of the key that seals now; shows nothing of it."""
        self._refresh()
        return self._keys[0].id

    def seal(self, text: str, purpose: str) -> str:
        """`keyid.base64`. `purpose` binds the value to its column; empty stays empty."""
        if not text:
            return ""
        self._refresh()
        nonce = os.urandom(_NONCE)
        body = self._keys[0].cipher.encrypt(nonce, text.encode(), purpose.encode())
        return f"{self.key_id}.{base64.urlsafe_b64encode(nonce + body).decode()}"

    def open(self, sealed: str, purpose: str) -> str:
        """Raises ConfigurationError where the key is unknown or the value was altered."""
        if not sealed:
            return ""
        self._refresh()
        key_id, _, body = sealed.partition(".")
        key = self._by_id.get(key_id)
        if key is None:
            raise ConfigurationError(
                f"a row was sealed with key {key_id}, which neither MINGLU_SECRET_KEY nor "
                f"{KEY_FILE} holds; add the old key after the new one"
            )
        raw = base64.urlsafe_b64decode(body)
        try:
            return key.cipher.decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
        except InvalidTag:
            raise ConfigurationError("a sealed value was altered or belongs elsewhere") from None

    def is_current(self, sealed: str) -> bool:
        return not sealed or sealed.startswith(f"{self.key_id}.")

    def hashes(self, *parts: str) -> tuple[str, ...]:
        """Keyed hashes of the parts, one for each key, newest first; 64 hex digits each."""
        self._refresh()
        text = "\x1f".join(parts).encode()
        return tuple(hmac.new(k.mac, text, hashlib.sha256).hexdigest() for k in self._keys)

    def hash(self, *parts: str) -> str:
        return self.hashes(*parts)[0]


def load_seal(secret_key: str, data_dir: Path) -> Seal:
    """The keys of MINGLU_SECRET_KEY, else those of the key file, which is made when missing."""
    named = [part.strip() for part in secret_key.split(",") if part.strip()]
    if named:
        return Seal(named)
    return Seal(read_keys(data_dir), data_dir / KEY_FILE)


def read_keys(data_dir: Path) -> list[str]:
    """The lines of the key file, newest first. Makes the file (mode 0600) with a first key."""
    path = data_dir / KEY_FILE
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _write_keys(path, [new_secret()], exclusive=True)
    return _lines(path)


def add_key(data_dir: Path) -> list[str]:
    """Puts a new key before the others and returns them all."""
    keys = [new_secret(), *read_keys(data_dir)]
    _write_keys(data_dir / KEY_FILE, keys)
    return keys


def keep_newest_key(data_dir: Path) -> None:
    """Forgets all but the newest key; only once every row is sealed with it."""
    _write_keys(data_dir / KEY_FILE, read_keys(data_dir)[:1])


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text().splitlines() if line.strip()]


def _stamp(path: Path | None) -> tuple[int, int]:
    if path is None:
        return (0, 0)
    status = path.stat()
    return (status.st_ino, status.st_mtime_ns)


def _write_keys(path: Path, keys: Sequence[str], *, exclusive: bool = False) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    try:
        if exclusive:
            # Of several processes that start at once, one makes the file and all read it.
            os.link(draft, path)
        else:
            os.replace(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
