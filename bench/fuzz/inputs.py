"""What strangers may send: words of the field in senseless order, and good files that were cut."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import lru_cache

from hypothesis import strategies as st

from runtime.settings import PROJECT_ROOT

WORDS = (
    "三月二号 下周三 明天 上午 九点半 13900000001 幺三九 零零 张三 欧阳 我叫 报名 盲人按摩 长春市 "
    "第二个 吉政办发〔2025〕16号 一、 （一） 1. 附件 负责 2026年2月30日 二〇二五年 百分之 万 亿 "
    "－１ ² ㊀ ½ ٣ 〇 <p> </td> <table> &#0; &amp; ]]> 特此通知 各县（市）区 \u200b \u202e "
    "\U0001f600 \ufeff \x00 \t \n ， 。"
).split(" ")
SPOKEN = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=20).map("".join),
    st.text("零〇一二两三四五六七八九十百千万亿点半年月日号0123456789０１²", max_size=30),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


def damaged(*samples: bytes) -> st.SearchStrategy[bytes]:
    """A good file with bytes overwritten, put in, cut off; or anything at all."""
    edit = st.tuples(st.floats(0, 1), st.integers(0, 12), st.binary(max_size=8))
    changed = st.builds(
        _edited, st.sampled_from(samples), st.lists(edit, min_size=1, max_size=6), st.floats(0, 1)
    )
    return st.one_of(changed, changed, changed, st.binary(max_size=200))


def _edited(data: bytes, edits: list[tuple[float, int, bytes]], keep: float) -> bytes:
    body = bytearray(data)
    for place, taken, put in edits:
        at = int(place * len(body))
        body[at : at + taken] = put
    # Most stay whole: only then does the damage reach the inner layers.
    return bytes(body if keep < 0.8 else body[: int(len(body) * (keep - 0.8) * 5)])


def damaged_inside(archive: bytes) -> st.SearchStrategy[bytes]:
    """A good ZIP around one damaged member, so that the parsers behind the ZIP see it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    return st.sampled_from(sorted(members)).flatmap(
        lambda name: damaged(members[name]).map(lambda body: _packed({**members, name: body}))
    )


def _packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def telegram_posts() -> st.SearchStrategy[bytes]:
    """Updates of the Bot API with fields swapped for anything, as bytes of a post."""
    chat = {"id": 7, "type": "private", "first_name": "x"}
    base = {"message_id": 1, "date": 1_770_000_000, "chat": chat}
    sound = {"file_id": "f", "file_unique_id": "u", "duration": 3, "file_size": 900}
    contents = ({"text": "/start"}, {"text": "问"}, {"voice": sound}, {"sticker": {}},
                {"location": {"latitude": 43.9, "longitude": 125.3}})  # fmt: skip
    message = st.builds(
        lambda content, name, value: {**base, **content, **({name: value} if name else {})},
        st.sampled_from(contents),
        st.sampled_from(
            (
                "",
                "date",
                "chat",
                "text",
                "voice",
                "location",
                "message_id",
                "edit_date",
                "from",
                "entities",
                "reply_markup",
            )
        ),
        _JSON,
    )
    update = st.builds(
        lambda kind, body, number: {"update_id": number, kind: body},
        st.sampled_from(("message", "edited_message", "callback_query", "channel_post", "poll")),
        st.one_of(message, message, _JSON, message.map(lambda m: {"id": "1", "message": m})),
        st.one_of(st.just(5), st.integers(), _JSON),
    )
    whole = st.one_of(update, update, _JSON).map(lambda body: json.dumps(body).encode())
    return st.one_of(whole, whole, st.binary(max_size=60))


def wechat_posts() -> st.SearchStrategy[str]:
    name = st.sampled_from(("FromUserName", "Content", "MsgId", "MsgType", "Event", "EventKey",
                            "Encrypt", "Recognition", "CreateTime"))  # fmt: skip
    value = st.one_of(SPOKEN, SPOKEN.map(lambda text: f"<![CDATA[{text}]]>"),
                      st.sampled_from(("voice", "CLICK", "subscribe", "<!ENTITY a '&a;'>")),
                      )  # fmt: skip
    field = st.builds(lambda n, v: f"<{n}>{v}</{n}>", name, value)
    return st.one_of(st.lists(field, max_size=8).map(lambda f: f"<xml>{''.join(f)}</xml>"), SPOKEN)


def chat_bodies() -> st.SearchStrategy[bytes]:
    body = st.fixed_dictionaries({}, optional={"message": _JSON | SPOKEN, "message_id": _JSON})
    return st.one_of(body.map(lambda b: json.dumps(b).encode()), st.binary(max_size=80))


def door_bodies() -> st.SearchStrategy[bytes]:
    """Posts of the dialogue's door, and answers of the dialogue that no channel may fall over."""
    metadata = st.dictionaries(
        st.sampled_from(("channel", "message_id", "turn", "plain", "alternatives")), _JSON
    )
    body = st.fixed_dictionaries(
        {},
        optional={
            "sender": _JSON | SPOKEN,
            "message": _JSON | SPOKEN,
            "metadata": metadata | _JSON,
        },
    )
    return st.one_of(body.map(lambda b: json.dumps(b).encode()), st.binary(max_size=80))


def environments() -> st.SearchStrategy[dict[str, str]]:
    """Settings of every name with anything in them, half right ones among them."""
    text = (PROJECT_ROOT / "runtime" / "settings.py").read_text(encoding="utf-8")
    names = sorted(set(re.findall(r"MINGLU_[A-Z_]+", text)))
    right = st.sampled_from(
        ("8080", "0", "-1", "1e9", "http://x", "https://", "21:00-08:00", "2026-03-02T09:00Z", "zh",
         "json", "127.0.0.1,127.0.0.2", "postgresql://a:b@c/d", "::1", "0.0.0.0/0", "²", "١٢")
    )  # fmt: skip
    value = st.one_of(right, st.text(st.characters(blacklist_characters="\0"), max_size=30))
    return st.dictionaries(st.sampled_from(names), value, max_size=6)


@lru_cache
def sounds() -> tuple[bytes, ...]:
    """A short tone as WAV, FLAC, OGG/Vorbis and OGG/Opus."""
    import numpy as np
    import soundfile

    tone = np.sin(np.arange(1600) / 5).astype("float32") * 0.3
    made = []
    for form, kind in (("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS")):
        out = io.BytesIO()
        soundfile.write(out, tone, 16000, format=form, subtype=kind)
        made.append(out.getvalue())
    return tuple(made)
