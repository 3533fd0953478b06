"""Prompts are made once; answers are never kept on the disk."""

from __future__ import annotations

import os
from pathlib import Path

from tests.voice.fakes import SlateSpeaker
from voice.mouth import Mouth
from voice.prompt_cache import PromptCache


def mouth(speaker: SlateSpeaker, folder: Path, voice: str = "cmn+f3 150") -> Mouth:
    return Mouth(speaker, cache=PromptCache(folder), voice_name=lambda: voice, known=["请说。"])


def test_a_prompt_is_made_once_and_found_after_a_restart(tmp_path: Path) -> None:
    first, second, other = SlateSpeaker(), SlateSpeaker(), SlateSpeaker()
    made = b"".join(mouth(first, tmp_path).sound("请说。", keep=True))
    assert b"".join(mouth(second, tmp_path).sound("请说。", keep=True)) == made
    assert (first.said, second.said) == (["请说。"], [])
    list(mouth(other, tmp_path, "cmn+f3 200").sound("请说。", keep=True))
    assert other.said == ["请说。"]


def test_an_answer_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    made = mouth(SlateSpeaker(), tmp_path)
    list(made.sound("张三，您约好了。"))
    list(made.sound("弓长张。", keep=True))
    assert list(tmp_path.iterdir()) == []


def test_the_least_used_prompts_make_room(tmp_path: Path) -> None:
    cache = PromptCache(tmp_path, at_most_bytes=25)
    for second, name in enumerate("一二"):
        cache.put(name, "v", b"0123456789")
        os.utime(cache._file(name, "v"), (second, second))
    assert cache.get("一", "v")
    cache.put("三", "v", b"0123456789")
    assert [bool(cache.get(name, "v")) for name in "一二三"] == [True, False, True]


def test_a_disk_that_cannot_be_written_costs_nothing_but_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = PromptCache(tmp_path / "file" / "prompts")
    cache.put("一", "v", b"01")
    assert cache.get("一", "v") == b""
