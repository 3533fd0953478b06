"""Fetching one large file: resumed where it broke, checked before it is used."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from core.errors import VoiceUnavailable

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

Progress = Callable[[int, "int | None"], None]
"""Bytes there are, and bytes there will be where that is known."""


class DownloadFailed(VoiceUnavailable):
    """The file is not complete; what came is kept and the next call goes on from there."""


@dataclass(frozen=True)
class Attempts:
    count: int = 5
    """Tries without a single new byte before it gives up."""
    wait_s: float = 1.0
    """Seconds before the second try, doubled each time."""


def download(
    url: str,
    part: Path,
    progress: Progress = lambda done, total: None,
    attempts: Attempts | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Completes `part` from `url`; a part of an earlier try is gone on with.

    Raises DownloadFailed that says what happened and how to go on.
    """
    attempts = attempts or Attempts()
    part.parent.mkdir(parents=True, exist_ok=True)
    failed = 0
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as client:
        while True:
            before = _size(part)
            try:
                _fetch(client, url, part, progress)
                return
            except httpx.HTTPStatusError as error:
                code = error.response.status_code
                if code < 500 and code != 429:
                    raise DownloadFailed(f"{url} answers {code}; {_BY_HAND}") from error
                reason = f"the server answers {code}"
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                reason = f"the connection failed ({type(error).__name__})"
            except OSError as error:
                raise DownloadFailed(
                    f"{part.parent} cannot be written ({error.strerror}); free some space"
                ) from error
            failed = 1 if _size(part) > before else failed + 1
            if failed >= attempts.count:
                raise DownloadFailed(f"{url}: {reason}; {_BY_HAND}")
            sleep(attempts.wait_s * 2 ** (failed - 1))


_BY_HAND = (
    "run the command again to go on where it stopped, or fetch the file on another machine "
    "and give it with --from FILE"
)


def _fetch(client: httpx.Client, url: str, part: Path, progress: Progress) -> None:
    tag_file = part.with_name(part.name + ".etag")
    have = _size(part)
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if tag_file.exists():
            # A file that changed on the server is begun anew instead of joined to the old one.
            headers["If-Range"] = tag_file.read_text(encoding="ascii")
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == 416:
            if _total(response) == have:
                return
            part.unlink()
            raise httpx.ReadError("the part kept does not fit the file on the server")
        response.raise_for_status()
        if response.status_code != 206 or _begin(response) != have:
            have = 0
        tag = response.headers.get("ETag", "")
        if tag and not tag.startswith("W/"):
            tag_file.write_text(tag, encoding="ascii", errors="ignore")
        else:
            tag_file.unlink(missing_ok=True)
        total = _total(response)
        with part.open("ab" if have else "wb") as file:
            progress(have, total)
            # Blocks as they come: collecting them would lose the last ones when it breaks.
            for block in response.iter_raw():
                file.write(block)
                have += len(block)
                progress(have, total)
        if total is not None and have < total:
            raise httpx.ReadError("the connection ended early")


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _begin(response: httpx.Response) -> int:
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match.group(1)) if match else -1


def _total(response: httpx.Response) -> int | None:
    match = re.search(r"/(\d+)$", response.headers.get("Content-Range", ""))
    if match:
        return int(match.group(1))
    length = response.headers.get("Content-Length", "")
    return int(length) if response.status_code == 200 and length.isdigit() else None


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
