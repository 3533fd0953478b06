"""Puts the uv program into a folder with nothing but Python's own library.

A bare Debian has neither pip nor venv. A wheel is a ZIP file with a published SHA-256, so the
package index and hashlib are enough. Usage: fetch_uv.py FOLDER
"""

import hashlib
import html
import io
import json
import os
import platform
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile

INDEX = (
    os.environ.get("UV_DEFAULT_INDEX")
    or os.environ.get("UV_INDEX_URL")
    or os.environ.get("PIP_INDEX_URL")
    or "https://pypi.org/simple"
).rstrip("/") + "/uv/"
JSON_FORM = "application/vnd.pypi.simple.v1+json"


def fetch(url, accept="*/*"):
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - an index URL
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
        return response.read()


def listed_files():
    """(file name, absolute URL, SHA-256) of each file; private indexes may speak HTML only."""
    page = fetch(INDEX, f"{JSON_FORM}, text/html;q=0.5").decode()
    if page.lstrip().startswith("{"):
        for file in json.loads(page)["files"]:
            if not file.get("yanked"):
                url = urllib.parse.urljoin(INDEX, file["url"])
                yield file["filename"], url, file["hashes"].get("sha256", "")
        return
    for href in re.findall(r'href="([^"]+)"', page):
        url, _, fragment = urllib.parse.urljoin(INDEX, html.unescape(href)).partition("#")
        yield url.rsplit("/", 1)[-1], url, fragment.partition("sha256=")[2]


def newest_wheel():
    """(url, sha256) of the newest uv wheel for this machine."""
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    fitting = []
    for name, url, sha256 in listed_files():
        match = re.match(r"uv-(\d+)\.(\d+)\.(\d+)-py3-none-(.+)\.whl$", name)
        if match and libc in match.group(4) and match.group(4).endswith("_" + platform.machine()):
            fitting.append((tuple(int(part) for part in match.groups()[:3]), url, sha256))
    if not fitting:
        raise SystemExit("no uv for this machine in the package index; install uv by hand")
    return max(fitting)[1:]


def main(folder):
    try:
        url, sha256 = newest_wheel()
        wheel = fetch(url)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise SystemExit(
            f"the package index did not give uv ({error}); check the network, or set "
            "UV_DEFAULT_INDEX to an index that you can reach, or install uv by hand"
        ) from None
    if hashlib.sha256(wheel).hexdigest() != sha256:
        raise SystemExit("the download of uv is damaged (SHA-256 differs); try again")
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, "uv")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/scripts/uv"))
        with open(target + ".part", "wb") as out:
            out.write(archive.read(name))
    os.chmod(target + ".part", 0o755)  # noqa: S103 - a program
    os.replace(target + ".part", target)


if __name__ == "__main__":
    main(sys.argv[1])
