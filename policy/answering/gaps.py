"""What the notice leaves out of a question: which aspect, and how that is said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.values import Kind, Reason
from policy.answering import scope
from policy.answering.composing import Part, named, responsible, saying
from policy.answering.logistic import Features
from policy.answering.phrases import phrase
from policy.answering.questions import Question, load_cues
from policy.answering.ranking import TELLING
from policy.answering.referrals import hotlines, local_office
from policy.answering.selection import Chosen, Selector
from policy.answering.silence import Found, SilenceModels, features, load_models
from policy.finding.passages import Passage
from policy.finding.sound_pattern import Heard
from policy.model import Clause, Notice

_GIVEN = re.compile("补贴|补助|奖励|资金|扶持|金融|保障金|优惠|采购|免费|帮扶|资助|贷款")
_EARNED = re.compile("工资|工钱|挣|赚|收入|月薪|底薪|奖金|罚|学费|价|利息|退税|税|提成|分红")
_COUNTS = (
    "number",
    "people",
    "turns",
    "things",
    "often",
    "age",
    "measure",
    "percent",
    "span",
    "money",
)
"""Slots of cues.yml that want a number."""
_HAS = r".{0,5}(有|建了|建成|办了|开了|分|摊|招了)(几|多少)"
"""After a place: its own number is wanted, which a rule for every place does not tell."""
_FIRMER = 0.25
"""How much surer the model must be where departments, or a kind of thing asked for, are there."""
_TOLD_BY_CLAUSE = {"place_in_document", "gist"}
"""Asks that any sentence of the clause meets."""
_NUMBERED = re.compile("[一二三四五六七八九十][次个名家项]")
_LOCAL = re.compile(r"各(市|县|地)|每个(市|县)|各市")
_YEAR = re.compile(r"(20\d\d)\s*年")


class Gaps:
    """Tells whether the passage found holds what was asked, and says what it lacks."""

    def __init__(self, notices: Sequence[Notice], selector: Selector) -> None:
        self._notices = notices
        self._selector = selector

    def missing(self, question: Question, chosen: Chosen, *, disputed: bool) -> str | None:
        """The aspect asked for that the chosen passage does not hold; None when it does.

        `disputed`: the question presumes something that the passage denies.
        """
        best = chosen.best
        notice = self._notices[best.notice]
        aspects = self._missing(question, chosen)
        if "lead" in aspects:
            return "lead"
        years = [int(y) for y in _YEAR.findall(question.text)]
        if notice.expires and any(y > notice.expires.year for y in years):
            return "over"
        # That a place's own number is wanted was found by the place's name, not by a cue.
        placed = {"breakdown"} - set(question.silences)
        plain = next((a for a in aspects if a in question.plain | placed), None)
        if disputed or plain:
            return plain or (aspects[0] if aspects else None)
        model = self.silence_models().suited(meant=chosen.vector is not None)
        chance = model.probability(self.weighed(question, chosen, aspects))
        if aspects and chance >= model.doubtful:
            return aspects[0]
        if question.asks & _TOLD_BY_CLAUSE and named(best.clause):
            return None
        sure = model.sure
        if ("agency" in question.asks and best.clause.departments) or _meets(question, best):
            sure += _FIRMER
        return "detail" if chance >= sure else None

    @staticmethod
    def silence_models() -> SilenceModels:
        return load_models()

    def weighed(self, question: Question, chosen: Chosen, missing: Sequence[str]) -> Features:
        """The evidence that the model of silence weighs."""
        others = [
            s
            for p, s in zip(chosen.passages, chosen.scores, strict=True)
            if p.clause is not chosen.best.clause
        ]
        found = Found(
            chosen.best,
            self._selector.sounds_of(chosen.best.clause),
            chosen.evidence,
            chosen.scores[0] - max(others, default=chosen.scores[-1]),
            missing,
            chosen.likeness,
            chosen.vector,
            chosen.offices,
        )
        return features(question, found)

    def _missing(self, question: Question, chosen: Chosen) -> list[str]:
        """Aspects asked for, by the words that ask, whose evidence the passage lacks."""
        cues, best = load_cues(), chosen.best
        missing = []
        for aspect in question.silences:
            held = (
                best.clause.lead if aspect == "lead" else cues.evidence[aspect].search(best.quote)
            )
            if not held:
                missing.append(aspect)
        if self._divided(question, best):
            missing.append("breakdown")
        if "time" in question.asks and not best.timed and "agency" not in question.asks:
            missing.append("time")
        counts = "quantity" in question.asks and "place_in_document" not in question.asks
        if counts and not _counted(question, best):
            missing.append("quantity")
        return missing

    def _divided(self, question: Question, best: Passage) -> bool:
        place = scope.local_place(question.text, self._notices)
        if place is None or not re.search("个|家|人|指标|名额|任务", question.text):
            return False
        if re.search(re.escape(place) + _HAS, question.text):
            return True
        if "quantity" not in question.asks:
            return False
        return not re.search("周岁", best.quote) and not _LOCAL.search(best.quote)

    def unled(self, notice: Notice, clause: Clause) -> Part:
        """Who is responsible for a clause of which nobody is named as leading."""
        reason = Reason(load_cues().reasons["lead"])
        part = responsible(notice, clause)
        return part.led_by(phrase("silent.lead"), Kind.PARTIAL, reason)

    def partial(self, question: Question, chosen: Chosen, aspect: str) -> Part:
        """The nearest that the notice says, led by what it leaves out."""
        best = chosen.best
        notice = self._notices[best.notice]
        reason = Reason(load_cues().reasons.get(aspect, "not_in_text"))
        if aspect == "amount" and not _of_support(question, best):
            reason = Reason.NOT_IN_TEXT
        if aspect == "over":
            lead, reason = phrase("not_in_text"), Reason.NOT_IN_FORCE
        else:
            lead = phrase(f"silent.{aspect}")
        if aspect == "lead":
            return self.unled(notice, best.clause)
        part = saying(self._notices, self._selector.beside(chosen, question))
        ending = (
            phrase("ask_on_phone", hotlines=hotlines())
            if aspect == "phone"
            else phrase("ask_on", office=local_office())
        )
        text, speech = lead + part.text + ending, lead + part.speech + ending
        return Part(text, speech, Kind.PARTIAL, reason, part.citations)


def _counted(question: Question, best: Passage) -> bool:
    """The passage holds a number of the kind that is asked for; of any kind, where none is told."""
    heard = Heard(question.asking)
    slots = [load_cues().slots[name] for name in _COUNTS]
    wanted = [slot for slot in slots if slot.asked.match(heard)]
    if wanted:
        return any(slot.held.search(best.quote) for slot in wanted)
    return best.counted or bool(_NUMBERED.search(best.quote))


def _meets(question: Question, best: Passage) -> bool:
    """The passage holds a thing of a kind so narrow that asking for it is nearly being told."""
    heard = Heard(question.asking)
    slots = [load_cues().slots[name] for name in TELLING if name != "list"]
    return any(slot.asked.match(heard) and slot.held.search(best.quote) for slot in slots)


def _of_support(question: Question, best: Passage) -> bool:
    """The money asked about is given by the notice, not earned, paid or won."""
    if _EARNED.search(question.text):
        return False
    return bool(_GIVEN.search(question.text) or _GIVEN.search(best.quote))
