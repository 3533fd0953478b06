"""`python -m bench.listener`: whether what the mouth says is understood, by an independent ear.

Forty answers to development questions are spoken by each voice and heard by Whisper base, which
knows nothing of the subject, breath by breath as the mouth says it. Compared is the toneless
pinyin: edits over the syllables that were spoken, at most 1 a breath. Needs the extra `whisper`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from bench.record import write_result
from core.ear import for_ear, in_sentences
from policy.engine import PolicyEngine
from policy.reading import bundled_notice
from runtime.settings import Settings
from voice.audio import Pcm
from voice.phrases import load_respellings
from voice.speaker.process import PyttsxSpeaker, Voice
from voice.whisper import WhisperPool, WhisperRecogniser, join_weights, load_whisper

ROOT = Path(__file__).resolve().parents[2]
SPOKEN_MAX = 40
"""Characters of one answer: what a person hears in some twelve seconds."""
USUAL = Voice("cmn+f3", 150)
GRID = (
    Voice("cmn", 150), Voice("cmn+m3", 150), USUAL, Voice("cmn+f3", 180), Voice("cmn+f3", 210),
    Voice("cmn+f3", 180, gap=2), Voice("cmn+f3", 180, pitch=35), Voice("cmn+f3", 180, pitch=65),
)  # fmt: skip


def answers(count: int) -> list[str]:
    """Beginnings of real answers, each different, as a page shows them."""
    notice = bundled_notice()
    engine = PolicyEngine([notice], today=notice.issued or date(2025, 11, 24))
    found: list[str] = []
    for file in ("policy_dev.jsonl", "policy_dev2.jsonl"):
        for line in (ROOT / "bench" / "questions" / file).read_text(encoding="utf-8").splitlines():
            reply = engine.ask(json.loads(line)["question"])
            text = _beginning(reply.speech or reply.text)
            if reply.citations and len(text) >= 12 and text not in found:
                found.append(text)
            if len(found) == count:
                return found
    return found


def _beginning(text: str) -> str:
    pieces = re.split(r"(?<=[。！？；\n])", text)
    taken = ""
    for piece in pieces:
        if taken and len(taken) + len(piece) > SPOKEN_MAX:
            break
        taken += piece
    return taken[: 2 * SPOKEN_MAX].strip()


def syllables(text: str) -> list[str]:
    """Toneless; figures as they are read aloud."""
    return [s for s in lazy_pinyin(re.sub(r"[^\u4e00-\u9fff]", "", for_ear(text)))]


def heard_of(
    text: str, speaker: PyttsxSpeaker, ear: WhisperRecogniser, as_written: bool
) -> tuple[str, float]:
    """What was heard of a text, breath by breath as the mouth says it, and the error, 0 to 1."""
    breaths = in_sentences(text if as_written else for_ear(text, load_respellings("zh")))
    heard, edits, count = [], 0, 0
    for breath in breaths:
        ear.feed(Pcm(b"".join(speaker.synthesise(breath)), speaker.rate).at(ear.rate).data)
        heard.append("".join(ear.result()))
        wanted = syllables(breath)
        edits += min(len(wanted), Levenshtein.distance(wanted, syllables(heard[-1])))
        count += len(wanted)
    return " / ".join(heard), edits / max(1, count)


def _mean(values: list[float]) -> float:
    return round(sum(values) / max(1, len(values)), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=40)
    parser.add_argument("--scan", type=int, default=10, help="answers for the scan of voices")
    parser.add_argument("--best", type=int, default=2, help="voices that hear all answers")
    options = parser.parse_args()
    model = load_whisper(join_weights(Settings().data_dir / "models"))
    ear = WhisperPool(model, "zh", unsure=-99.0).take()
    texts, speaker = answers(options.answers), PyttsxSpeaker(USUAL)

    def run(voice: Voice, count: int, as_written: bool = False) -> dict[str, object]:
        speaker.voice = voice
        heard = [heard_of(text, speaker, ear, as_written) for text in texts[:count]]
        mean = _mean([e for _, e in heard])
        print(asdict(voice), "as written" if as_written else "for the ear", mean, file=sys.stderr)
        return {
            "voice": asdict(voice), "text": "as written" if as_written else "for the ear",
            "answers": len(heard), "error": mean,
            "error_where_figures": _mean([e for t, (_, e) in zip(texts, heard, strict=False)
                                          if re.search(r"\d", t)]),
            "understood_half": sum(e < 0.5 for _, e in heard),
            "heard": [{"said": s, "heard": h, "error": round(e, 2)}
                      for s, (h, e) in zip(texts, heard, strict=False)],
        }  # fmt: skip

    scan = [run(voice, options.scan) for voice in GRID]
    ranked = sorted(range(len(GRID)), key=lambda i: scan[i]["error"])  # type: ignore[arg-type,return-value]
    chosen = [GRID[i] for i in ranked[: options.best]]
    whole = [
        run(voice, options.answers)
        for voice in dict.fromkeys([*chosen, USUAL, Voice("cmn+f3", 180)])
    ]
    written = [run(replace(chosen[0]), options.answers, as_written=True)]
    speaker.close()
    for short in scan:
        del short["heard"]
    result = {"listener": "Whisper base, int8", "scan": scan, "all": whole + written}
    print(write_result("listener", result))


if __name__ == "__main__":
    main()
