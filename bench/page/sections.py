"""Every section of the page: its question, how to repeat it, and how its figures are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.page.charts import Charts
from bench.page.drawings import (
    Figures,
    answers,
    answers_latency,
    booking,
    cluster,
    footprint,
    fuzz,
    plain,
    soak,
    turns,
    turns_profile,
    understanding,
    voice,
    web,
)

Render = Callable[[Figures, Charts], list[str]]


@dataclass(frozen=True)
class Section:
    name: str
    """The result's name."""
    title: str
    asks: str
    """What is measured, beside which peer, and what it leaves out."""
    command: str
    render: Render


SECTIONS = (
    Section("answers", "Answers", "Right clause, content and kind of silence, clean and misheard, "
            "beside BM25, TF-IDF and Rasa's ResponseSelector on the same notice.",
            "python -m bench.answers --sets policy_test,policy_test2,policy_heldout", answers),
    Section("danger", "Danger to life", "Of 120 sentences of danger, many only hinted at, and of "
            "harmless ones, how many are taken for danger; beside plain words alone.",
            "python -m bench.danger", plain),
    Section("answers_latency", "Time of one answer", "In this process, one question at a time, "
            "beside a search with BM25 alone.", "python -m bench.answers.latency", answers_latency),
    Section("understanding", "Understanding", "Right intent of sentences that no training holds, "
            "beside stock Rasa (Jieba, CountVectors, DIET) and a character SVC.",
            "python -m bench.understanding --stock", understanding),
    Section("turns", "A whole turn", "A turn with an action through the dialogue's door, beside "
            "stock Rasa 3.6.21 with the same model, actions and database, in alternating rounds.",
            "python -m bench.turns", turns),
    Section("turns-profile", "Where a turn's time goes", "The dialogue server's own work by stage, "
            "from a profile; no peer.", "python -m bench.turns.profile", turns_profile),
    Section("footprint", "Start-up and memory", "The dialogue server and stock Rasa 3.6.21 on the "
            "same model, started in turns.", "python -m bench.footprint", footprint),
    Section("first_run", "From a clean clone to the first answer", "Downloads and training "
            "included; no peer does the same.", "python -m bench.first_run", plain),
    Section("cluster", "Several machines", "Two of each part on PostgreSQL and Redis while one of "
            "each is killed.",
            "python -m bench.cluster --only faults", cluster),
    Section("cluster_speed", "Several machines: speed", "One box and several machines beside stock "
            "Rasa 3.6.21 with the same model and actions.",
            "python -m bench.cluster --only speed --rounds 2", cluster),
    Section("web", "Desk and chat page", "From keystroke to script card, and a chat turn; no peer "
            "does the same, so what is promised stands beside it.", "python -m bench.web", web),
    Section("messengers", "Messengers", "1,000 Telegram chats at once, every tenth delivery twice; "
            "no peer keeps the same promises.", "python -m bench.messengers", plain),
    Section("voice", "Voice", "From the end of speech to the first sound, beside the plain way: "
            "the whole answer made before its first sound.", "python -m bench.voice", voice),
    Section("booking", "Booking", "Many processes fight for few places; then both sustained, "
            "beside a naive peer without our promises.", "python -m bench.booking", booking),
    Section("soak", "Memory under an hour's load", "Every process of one box, an hour's turns "
            "shortened by their rate.", "python -m bench.soak --minutes 10", soak),
    Section("fuzz", "Damaged input", "Every parser that a stranger reaches.",
            "python -m bench.fuzz --inputs 100000", fuzz),
)  # fmt: skip
