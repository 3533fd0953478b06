"""What the notice leaves out of a question: which aspect, and how that is said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.values import Kind, Reason
from policy.answering import scope
from policy.answering.composing import Part, responsible, saying
from policy.answering.phrases import phrase
from policy.answering.questions import Question, load_cues
from policy.answering.referrals import hotlines, local_office
from policy.answering.selection import Chosen, Selector
from policy.answering.silence import Features, Found, SilenceModel, features, load_model
from policy.finding.passages import Passage
from policy.model import Clause, Notice

_GIVEN = re.compile("补贴|奖励|资金|扶持|金融|保障金|优惠|采购|免费|帮扶")
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
        if disputed:
            return aspects[0] if aspects else None
        chance = self.silence_model().probability(self.weighed(question, chosen, aspects))
        if aspects and chance >= self.silence_model().doubtful:
            return aspects[0]
        return "detail" if chance >= self.silence_model().sure else None

    @staticmethod
    def silence_model() -> SilenceModel:
        return load_model()

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
        if "quantity" in question.asks and self._divided(question, best):
            missing.append("breakdown")
        if "time" in question.asks and not best.timed and "agency" not in question.asks:
            missing.append("time")
        if "quantity" in question.asks and not self._counted(chosen):
            missing.append("quantity")
        return missing

    def _divided(self, question: Question, best: Passage) -> bool:
        local = scope.local_place(question.text, self._notices)
        shared_out = re.search("个|家|人|指标|名额|任务", question.text)
        return (
            bool(local and shared_out)
            and not re.search("周岁", best.quote)
            and not _LOCAL.search(best.quote)
        )

    @staticmethod
    def _counted(chosen: Chosen) -> bool:
        return any(
            p.counted or re.search("[一二三四五六七八九十][次个名家项]", p.quote)
            for p in chosen.passages[:1]
        )

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
        if aspect == "amount" and ("工资" in question.text or not _GIVEN.search(best.quote)):
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
