"""Short distinct tones, so that nobody has to wonder what the terminal is doing."""

from __future__ import annotations

import math
import struct

from voice.events import Tone

_PEAK = 0.22
_EDGE_S = 0.008
"""Seconds of fading in and out: without it a tone clicks."""

# Each tone: (hertz, seconds), 0 hertz is quiet. Rising: your turn. Falling: trouble.
_SHAPES: dict[Tone, tuple[tuple[float, float], ...]] = {
    Tone.LISTENING: ((660.0, 0.06), (880.0, 0.08)),
    Tone.HEARD: ((880.0, 0.05),),
    Tone.THINKING: ((440.0, 0.05), (0.0, 0.08), (440.0, 0.05)),
    Tone.ERROR: ((330.0, 0.12), (247.0, 0.16)),
    Tone.DONE: ((523.0, 0.07), (659.0, 0.07), (784.0, 0.1)),
}


def earcon(tone: Tone, rate: int) -> bytes:
    """16-bit mono PCM at `rate`, under 0.3 s."""
    samples: list[int] = []
    for hertz, duration_s in _SHAPES[tone]:
        count = round(duration_s * rate)
        for i in range(count):
            edge = min(1.0, i / rate / _EDGE_S, (count - i) / rate / _EDGE_S)
            value = math.sin(2 * math.pi * hertz * i / rate) if hertz else 0.0
            samples.append(round(32767 * _PEAK * edge * value))
    return struct.pack(f"<{len(samples)}h", *samples)
