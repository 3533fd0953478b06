"""Requests that a stranger, or a member of staff gone astray, may send to a server of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from bench.fuzz.inputs import SPOKEN, damaged, sounds
from tests.policy import documents

FIELDS = (
    "message", "message_id", "pick", "size", "plain", "aloud", "answer", "helpful", "reason",
    "name", "password", "again", "role", "phone", "text", "question", "q", "reference", "slot_id",
    "course", "city", "date", "note", "status", "summary", "topic", "state", "number", "page",
    "from", "to",
    "wheelchair", "age", "region", "category", "version", "kind", "id", "ticket", "conversation",
)  # fmt: skip
HEADERS = (
    "origin", "sec-fetch-site", "x-piece", "x-token", "accept-language", "range", "if-none-match",
    "x-forwarded-for", "host", "transfer-encoding", "content-encoding", "cookie",
)  # fmt: skip
RIGHT = "\0right"
"""Stands for the form's right token, which only the page's own visitor knows."""
_BOUNDARY = "minglu"


@dataclass(frozen=True)
class Asked:
    """One request; `ours` says whether it comes with the cookie and token of a real visit."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    ours: bool = True
    fields: dict[str, str] = field(default_factory=dict)


def _latin(text: str) -> bytes:
    """As a header's value; a server lets no line ends in."""
    return re.sub(r"[\r\n\0]", " ", text).encode("utf-8", "replace")


def requests(routes: Sequence[tuple[str, str]]) -> st.SearchStrategy[Asked]:
    """`routes`: method and path with {parameters}."""
    word = st.one_of(SPOKEN, st.sampled_from(("1", "-1", "0", "99999999999", "..", "%00")))
    fields = st.dictionaries(st.sampled_from(FIELDS), word, max_size=8)
    headers = st.lists(st.tuples(st.sampled_from(HEADERS), st.text(max_size=40)), max_size=3)
    methods = st.sampled_from((*[""] * 30, "HEAD", "OPTIONS", "PUT", "DELETE", "FOO"))
    ours = st.sampled_from((True, True, True, True, False))

    def build(
        route: tuple[str, str], part: str, method: str, form: dict[str, str], kind: str,
        extra: list[tuple[str, str]], raw: bytes, ours: bool,
    ) -> Asked:  # fmt: skip
        path = re.sub(r"\{[^}]*\}", lambda _: quote(part[:60]) or "x", route[1])
        sent = [(name.encode(), _latin(value)) for name, value in extra]
        content, body = _body(kind, form, raw)
        if content:
            sent.append((b"content-type", content.encode()))
        query = urlencode(form, errors="replace").encode() if route[0] == "GET" else b""
        return Asked(method or route[0], path, query, tuple(sent), body, ours, form)

    return st.builds(
        build, st.sampled_from(list(routes)), word, methods, fields,
        st.sampled_from(("form", "form", "form", "json", "multipart", "sound", "none")),
        headers, st.one_of(st.binary(max_size=120), damaged(*sounds()), _notices()), ours,
    )  # fmt: skip


def _notices() -> st.SearchStrategy[bytes]:
    return damaged(documents.html_file(), documents.docx_file())


def _body(kind: str, form: dict[str, str], raw: bytes) -> tuple[str, bytes]:
    with_token = {"token": RIGHT, **form}
    if kind == "form":
        encoded = urlencode(with_token, errors="replace")
        return "application/x-www-form-urlencoded", encoded.encode()
    if kind == "json":
        good = json.dumps(form).encode()
        return "application/json", good if len(raw) % 3 else raw
    if kind == "sound":
        return "audio/wav", raw
    if kind == "multipart":
        return f"multipart/form-data; boundary={_BOUNDARY}", _multipart(with_token, raw)
    return "", raw


def _multipart(form: dict[str, str], raw: bytes) -> bytes:
    parts = [
        f'--{_BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.items()
    ]
    head = (
        f'--{_BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="n.html"\r\n'
        "content-type: text/html\r\n\r\n"
    )
    text = "".join([*parts, head]).encode("utf-8", "replace")
    return text + raw + f"\r\n--{_BOUNDARY}--\r\n".encode()


def scope_of(asked: Asked, cookie: str, token: str) -> tuple[dict[str, Any], bytes]:
    """The request as ASGI has it, and its body, with the visit's cookie and token put in."""
    right = token if asked.ours else "0" * 32
    body = asked.body.replace(quote(RIGHT).encode(), right.encode())
    body = body.replace(RIGHT.encode(), right.encode())
    headers = [*asked.headers, (b"content-length", str(len(body)).encode())]
    if asked.ours:
        headers = [h for h in headers if h[0] not in (b"cookie", b"origin", b"sec-fetch-site")]
        headers += [(b"cookie", cookie.encode()), (b"x-token", token.encode())]
    return {
        "type": "http", "http_version": "1.1", "method": asked.method, "scheme": "http",
        "path": asked.path, "raw_path": asked.path.encode(), "query_string": asked.query,
        "root_path": "", "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }, body  # fmt: skip
