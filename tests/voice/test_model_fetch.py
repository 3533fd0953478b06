"""Fetching a model over a connection that breaks, from a server that lies, into a full house."""

from __future__ import annotations

import hashlib
import http.server
import io
import re
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.errors import VoiceUnavailable
from voice.download import Attempts, DownloadFailed, download, sha256_of
from voice.model_install import BadModel, install_model


@dataclass
class Shelf:
    """A server on loopback, and how it behaves."""

    body: bytes
    breaks_after: list[int] = field(default_factory=list)
    """Bytes after which each of the next answers ends."""
    ranges: bool = True
    status: int = 200
    etag: str = '"one"'
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shown = Shelf(_zip())

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            shown.asked.append(wanted)
            if shown.status != 200:
                self.send_error(shown.status)
                return
            match = re.match(r"bytes=(\d+)-", wanted) if shown.ranges else None
            changed = self.headers.get("If-Range", shown.etag) != shown.etag
            begin = int(match.group(1)) if match and not changed else 0
            if begin >= len(shown.body):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(shown.body)}")
                self.end_headers()
                return
            self.send_response(206 if begin else 200)
            self.send_header("ETag", shown.etag)
            self.send_header("Content-Length", str(len(shown.body) - begin))
            if begin:
                last = len(shown.body) - 1
                self.send_header("Content-Range", f"bytes {begin}-{last}/{len(shown.body)}")
            self.end_headers()
            end = shown.breaks_after.pop(0) if shown.breaks_after else len(shown.body)
            self.wfile.write(shown.body[begin : begin + end])

        def log_message(self, *_: object) -> None:
            return None

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shown.url = f"http://127.0.0.1:{server.server_port}/model.zip"
    yield shown
    server.shutdown()
    server.server_close()
    thread.join()


def _zip(names: tuple[str, ...] = ("am/final.mdl", "conf/model.conf", "graph/HCLr.fst")) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name in names:
            zipped.writestr(f"vosk-model-tiny/{name}", name * 500)
    return packed.getvalue()


def fetch(shelf: Shelf, part: Path, tries: int = 3) -> None:
    download(shelf.url, part, attempts=Attempts(count=tries), sleep=lambda seconds: None)


def test_a_download_that_breaks_twice_is_resumed_where_it_broke(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.breaks_after = [100, 150]
    fetch(shelf, tmp_path / "m.part")
    assert (tmp_path / "m.part").read_bytes() == shelf.body
    assert shelf.asked == ["", "bytes=100-", "bytes=250-"]


def test_what_came_is_kept_for_the_next_run(shelf: Shelf, tmp_path: Path) -> None:
    shelf.breaks_after = [100, 0, 0, 0]
    with pytest.raises(DownloadFailed, match="again"):
        fetch(shelf, tmp_path / "m.part")
    assert (tmp_path / "m.part").stat().st_size == 100
    shelf.breaks_after = []
    fetch(shelf, tmp_path / "m.part")
    assert (tmp_path / "m.part").read_bytes() == shelf.body


def test_a_server_that_ignores_ranges_sends_it_from_the_start(shelf: Shelf, tmp_path: Path) -> None:
    shelf.ranges = False
    shelf.breaks_after = [200]
    fetch(shelf, tmp_path / "m.part")
    assert (tmp_path / "m.part").read_bytes() == shelf.body


def test_a_file_that_changed_meanwhile_is_begun_anew(shelf: Shelf, tmp_path: Path) -> None:
    shelf.breaks_after = [100, 0, 0, 0]
    with pytest.raises(DownloadFailed):
        fetch(shelf, tmp_path / "m.part")
    shelf.breaks_after, shelf.etag = [], '"two"'
    shelf.body = shelf.body[::-1]
    fetch(shelf, tmp_path / "m.part")
    assert (tmp_path / "m.part").read_bytes() == shelf.body


def test_a_complete_part_is_not_fetched_again(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "m.part").write_bytes(shelf.body)
    fetch(shelf, tmp_path / "m.part")
    assert (tmp_path / "m.part").read_bytes() == shelf.body


def test_a_part_longer_than_the_file_is_thrown_away(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "m.part").write_bytes(shelf.body + b"more")
    fetch(shelf, tmp_path / "m.part")
    assert (tmp_path / "m.part").read_bytes() == shelf.body


def test_a_missing_file_is_told_at_once(shelf: Shelf, tmp_path: Path) -> None:
    shelf.status = 404
    with pytest.raises(DownloadFailed, match="404"):
        fetch(shelf, tmp_path / "m.part")
    assert len(shelf.asked) == 1


def test_a_model_is_placed_whole_and_replaces_the_older_one(tmp_path: Path) -> None:
    archive = tmp_path / "m.zip"
    archive.write_bytes(_zip())
    home = tmp_path / "models" / "zh"
    (home / "am").mkdir(parents=True)
    (home / "old").write_text("old")
    install_model(archive, home)
    assert (home / "am" / "final.mdl").exists()
    assert not (home / "old").exists()
    assert [p.name for p in home.parent.iterdir()] == ["zh"]


def test_a_folder_serves_as_well_as_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(_zip())) as zipped:
        zipped.extractall(tmp_path / "given")
    install_model(tmp_path / "given", tmp_path / "models" / "zh")
    assert (tmp_path / "models" / "zh" / "conf" / "model.conf").exists()
    assert (tmp_path / "given" / "vosk-model-tiny").exists()


@pytest.mark.parametrize("name", ["../../escape", "/etc/escape", "..\\..\\escape"])
def test_a_zip_that_would_leave_its_folder_is_refused(name: str, tmp_path: Path) -> None:
    archive = tmp_path / "m.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(name, "x")
    with pytest.raises(BadModel, match="leave"):
        install_model(archive, tmp_path / "models" / "zh")
    assert not list(tmp_path.rglob("escape"))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "m.zip"
    link = zipfile.ZipInfo("vosk-model-tiny/am")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(link, "/etc")
    with pytest.raises(BadModel):
        install_model(archive, tmp_path / "models" / "zh")


@pytest.mark.parametrize("body", [b"no zip", _zip()[:400], _zip(("README",))])
def test_what_is_no_whole_model_leaves_the_older_one_in_place(body: bytes, tmp_path: Path) -> None:
    home = tmp_path / "models" / "zh"
    home.mkdir(parents=True)
    (home / "old").write_text("old")
    archive = tmp_path / "m.zip"
    archive.write_bytes(body)
    with pytest.raises(VoiceUnavailable):
        install_model(archive, home)
    assert (home / "old").read_text() == "old"


def _get(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    from minglu.commands.voice import command

    result = CliRunner().invoke(
        command, ["get", "zh", *arguments], env={"MINGLU_DATA_DIR": str(tmp_path)}
    )
    return result.exit_code, result.output + str(result.exception or "")


def test_a_file_that_is_not_the_known_one_is_left_to_the_operator(
    shelf: Shelf, tmp_path: Path
) -> None:
    status, told = _get(tmp_path, "--url", shelf.url)
    found = hashlib.sha256(shelf.body).hexdigest()
    assert status != 0
    assert found in told and "third party" in told
    assert not (tmp_path / "models" / "vosk" / "zh").exists()
    before = len(shelf.asked)
    status, _ = _get(tmp_path, "--url", shelf.url, "--accept-hash", found)
    assert status == 0
    assert (tmp_path / "models" / "vosk" / "zh" / "am" / "final.mdl").exists()
    assert shelf.asked[before:] == [f"bytes={len(shelf.body)}-"]


def test_another_file_than_the_accepted_one_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    status, told = _get(tmp_path, "--url", shelf.url, "--accept-hash", "0" * 64)
    assert status != 0
    assert "nothing was installed" in told


def test_a_zip_on_this_machine_needs_no_network(tmp_path: Path) -> None:
    archive = tmp_path / "mine.zip"
    archive.write_bytes(_zip())
    status, _ = _get(tmp_path, "--from", str(archive))
    assert status == 0
    assert (tmp_path / "models" / "vosk" / "zh" / "conf").is_dir()
    assert sha256_of(archive) == hashlib.sha256(_zip()).hexdigest()
