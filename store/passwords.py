"""Passwords at rest: scrypt with a salt of their own, the cost written beside the hash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

_SALT, _HASH = 16, 32
_R = 8


@dataclass(frozen=True)
class Cost:
    """What one guess costs: 2**n_log2 blocks of 1 KiB, gone through `p` times."""

    n_log2: int = 15
    p: int = 3

    @property
    def text(self) -> str:
        return f"{self.n_log2}${self.p}"


def hash_password(password: str, cost: Cost) -> str:
    """`scrypt$n_log2$p$salt$hash`."""
    salt = os.urandom(_SALT)
    return "$".join(("scrypt", cost.text, _b64(salt), _b64(_derive(password, salt, cost))))


def password_matches(password: str, stored: str) -> bool:
    """Compared in constant time; a stored value of another form matches nothing."""
    parts = stored.split("$")
    if len(parts) != 5 or parts[0] != "scrypt":
        return False
    cost = Cost(int(parts[1]), int(parts[2]))
    salt, wanted = (base64.b64decode(part) for part in parts[3:])
    return hmac.compare_digest(_derive(password, salt, cost), wanted)


def nobodys_hash(cost: Cost) -> str:
    """Of the usual form and cost, and of no password."""
    return "$".join(("scrypt", cost.text, _b64(bytes(_SALT)), _b64(bytes(_HASH))))


def is_current(stored: str, cost: Cost) -> bool:
    return stored.startswith(f"scrypt${cost.text}$")


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    n = 2**cost.n_log2
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=n,
        r=_R,
        p=cost.p,
        maxmem=256 * n * _R,
        dklen=_HASH,
    )


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
