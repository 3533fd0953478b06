"""The sentence encoder of understanding is that of finding: one process, one set of weights."""

from __future__ import annotations

from policy.finding.encoder import SentenceEncoder, installed_encoder

__all__ = ["SentenceEncoder", "installed_encoder"]
