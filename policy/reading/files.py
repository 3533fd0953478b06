"""A notice from a file on the disk: looked at before it is read into memory."""

from __future__ import annotations

from pathlib import Path

from core.errors import BadNotice
from policy.model import Notice
from policy.reading.formats import LARGEST
from policy.reading.notice import Progress, read_notice


def read_notice_file(path: Path, progress: Progress | None = None) -> tuple[Notice, bytes]:
    """The notice and its bytes. Raises BadNotice, also for what is no readable file."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadNotice(f"{path}: not a file", reason="wrong_type")
        if size > LARGEST:
            raise BadNotice(
                f"{path}: {size // 2**20} MB is more than the {LARGEST // 2**20} MB a notice may "
                "have; remove scanned pictures or split it",
                reason="too_large",
            )
        data = path.read_bytes()
    except OSError as error:
        raise BadNotice(f"{path}: cannot be read ({error.strerror})", reason="damaged") from error
    return read_notice(data, path.name, progress), data
