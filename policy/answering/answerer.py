"""One part of a question becomes one part of an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from core.values import Kind, Reason, Topic
from policy.answering import document, scope
from policy.answering.composing import Part, cite, closed, joined, named, responsible, saying
from policy.answering.phrases import phrase
from policy.answering.premises import contradicted
from policy.answering.questions import Question, load_cues
from policy.answering.referrals import hotlines, local_office
from policy.answering.selection import Chosen, Selector, names_an_actor
from policy.answering.silence import Features, Found, SilenceModel, features, load_model
from policy.answering.spoken import for_the_ear
from policy.finding.lexicon import SoundLexicon
from policy.finding.passages import Passage
from policy.finding.sound_pattern import Heard, SoundPatterns, without
from policy.finding.thesaurus import Thesaurus, load_data
from policy.model import HEAD, PREFACE, Clause, Notice

_GIVEN = re.compile("补贴|奖励|资金|扶持|金融|保障金|优惠|采购|免费|帮扶")
_LOCAL = re.compile(r"各(市|县|地)|每个(市|县)|各市")
_YEAR = re.compile(r"(20\d\d)\s*年")
_FORMS = {"agency", "county_duty", "place_in_document"}
"""Asks that the list of departments meets by itself."""
_BRIEF = 6
"""Characters of topic up to which 哪, which marks any question, asks for nothing besides."""


@lru_cache(maxsize=1)
def _reverse() -> SoundPatterns:
    return SoundPatterns(load_data("cues.yml")["reverse"])


@lru_cache(maxsize=1)
def _listed() -> SoundPatterns:
    return SoundPatterns(load_data("cues.yml")["listed"])


class Answerer:
    """Answers single questions from passages it is given the means to find."""

    def __init__(
        self,
        notices: Sequence[Notice],
        passages: Sequence[Passage],
        selector: Selector,
        thesaurus: Thesaurus,
    ) -> None:
        self._notices = notices
        self._passages = passages
        self._selector = selector
        self._offices = SoundLexicon(thesaurus.office_terms(), least_by_sound=3)

    def answer(self, question: Question, topic: Topic | None, around: str) -> Part:
        """A part whose facts stand in its citations. Never raises for what a person typed."""
        part = self._document(question) or self._duties(question) or self._titles(question)
        if part is not None:
            return part
        clause = self._selector.named_by_number(question.text, self._notices[0])
        if clause is not None and clause.leaf:
            return self._of_clause(question, clause)
        chosen = self._selector.choose(question, topic, around)
        if not chosen.passages or chosen.evidence < self._selector.tuning.gate:
            return self._county(question) or _plain("unclear", Kind.OUT_OF_SCOPE)
        return self._of_passages(question, chosen, topic)

    def has_topic(self, question: Question) -> bool:
        """It names something more telling than people and work."""
        return self._selector.has_topic(question)

    def nearest(self, question: Question) -> Part | None:
        """What the notice says nearest to a question, where it names a topic of the notice."""
        if not self.has_topic(question):
            return None
        return saying(self._notices, [self._selector.choose(question).best])

    # -- the document itself

    def _document(self, question: Question) -> Part | None:
        notice = self._notices[0]
        if document.asks_what_was_left_out(question.text) and notice.abridged:
            found = document.passages_for("abridged", notice, self._passages)
            text = phrase("abridged")
            citations = tuple(cite(notice, p.clause, p.quote) for p in found)
            return Part(text, for_the_ear(text), Kind.PARTIAL, Reason.ABRIDGED, citations)
        if scope.other_document(question.text):
            return self._deferred(notice)
        found = []
        for facet in document.facets(question.text):
            found += document.passages_for(facet, notice, self._passages)
        found = list(dict.fromkeys(found))
        if not found:
            return None
        if contradicted(question, [p.quote for p in found]):
            return saying(self._notices, found, "corrected", Kind.CORRECTION)
        told = saying(self._notices, found, "said_plain")
        if not self._selector.has_topic(question, beyond=(HEAD, PREFACE)):
            return told
        # It names a topic of the notice too: both are told, rather than one guessed away.
        best = self._selector.choose(question).best
        return joined([told, saying(self._notices, [best])])

    def _deferred(self, notice: Notice) -> Part:
        text = phrase("deferred")
        found = document.passages_for("basis", notice, self._passages)
        citations = tuple(cite(notice, p.clause, p.quote) for p in found)
        return Part(text, text, Kind.PARTIAL, Reason.DEFERRED, citations)

    def _titles(self, question: Question) -> Part | None:
        if "titles" not in question.asks or question.silences or question.weight > 16:
            return None
        if self._selector.has_topic(question, beyond=("一", HEAD, PREFACE)):
            return None
        notice = self._notices[0]
        leaves = [c for c in notice.clauses if c.leaf and c.parent and c.title]
        clauses = leaves or [c for c in notice.clauses if c.title and c.path != HEAD]
        if not clauses:
            return None
        text = phrase("titles", titles="；".join(c.title for c in clauses))
        citations = tuple(cite(notice, c, c.title) for c in clauses if c.title in c.text)
        return Part(text, for_the_ear(text), Kind.ANSWER, None, citations)

    def _duties(self, question: Question) -> Part | None:
        """省医保局负责啥: the clauses that list an office, where no other topic is named."""
        hits = self._offices.find(question.text)
        offices = list(dict.fromkeys(h.label for h in hits))
        if len(offices) != 1 or question.weight > 16 or not _reverse().match(Heard(question.text)):
            return None
        rest = without(question.text, [(h.start, h.end) for h in hits])
        if self._selector.has_topic(replace(question, text=rest)):
            return None
        notice = self._notices[0]
        clauses = [c for c in notice.clauses if any(offices[0] in d for d in c.departments)]
        if not clauses:
            return None
        office = next(d for d in clauses[0].departments if offices[0] in d)
        text = phrase("duties", office=office, titles="；".join(c.title for c in clauses))
        citations = tuple(cite(notice, c, c.departments_quote) for c in clauses)
        return Part(text, for_the_ear(text), Kind.ANSWER, None, citations)

    def _membership(self, question: Question, best: Passage) -> Part | None:
        """医保局在盲人这条里吗: whether the clause lists the offices asked about."""
        offices = {h.label for h in self._offices.find(question.text)}
        if not offices or not best.clause.departments:
            return None
        if not _listed().match(Heard(question.text)):
            return None
        part = responsible(self._notices[best.notice], best.clause)
        if all(any(o in d for d in best.clause.departments) for o in offices):
            return part
        return part.led_by(phrase("corrected_agency", agency=""), Kind.CORRECTION, None)

    def _county(self, question: Question) -> Part | None:
        """Whether city and county governments are responsible: the notice's general rule."""
        if "county_duty" not in question.asks:
            return None
        notice = self._notices[0]
        clause = next((c for c in notice.clauses if c.shared_path == c.path != ""), None)
        return None if clause is None else responsible(notice, clause)

    # -- what the clauses say

    def _of_clause(self, question: Question, clause: Clause) -> Part:
        notice = self._notices[0]
        if "agency" in question.asks:
            return responsible(notice, clause)
        own = [p for p in self._passages if p.clause is clause and not p.responsible]
        body = [p for p in own if not p.heading] or own
        return saying(self._notices, body[:2])

    def _of_passages(self, question: Question, chosen: Chosen, topic: Topic | None) -> Part:
        duty = self._county(question) if topic is None or "agency" in question.asks else None
        if duty is not None:
            return duty
        listed = self._membership(question, chosen.best)
        if listed is not None:
            return listed
        silent = self._silence(question, chosen)
        if silent is not None:
            return self._partial(question, chosen, silent)
        if "agency" in question.asks:
            return self._agency(question, chosen)
        if self._wrong_department(question, chosen.best):
            part = responsible(self._notices[chosen.best.notice], chosen.best.clause)
            return part.led_by(phrase("corrected_agency", agency=""), Kind.CORRECTION, None)
        told = self._selector.beside(chosen, question)
        quotes = [p.quote for p in told]
        if contradicted(question, quotes):
            return saying(self._notices, told, "corrected", Kind.CORRECTION)
        if "place_in_document" in question.asks and named(chosen.best.clause):
            return saying(self._notices, told, "located")
        return saying(self._notices, told, "confirmed" if question.confirms else "said")

    def _agency(self, question: Question, chosen: Chosen) -> Part:
        best = chosen.best
        notice = self._notices[best.notice]
        parts = []
        if names_an_actor(best):
            if contradicted(question, [best.quote, best.clause.departments_quote]):
                parts.append(saying(self._notices, [best], "corrected", Kind.CORRECTION))
            else:
                parts.append(saying(self._notices, [best]))
        elif self._wrong_department(question, best):
            part = responsible(notice, best.clause)
            return part.led_by(phrase("corrected_agency", agency=""), Kind.CORRECTION, None)
        elif _asks_besides(question):
            parts.append(saying(self._notices, [best]))
        if best.clause.departments or not parts:
            parts.append(responsible(notice, best.clause))
        return joined(parts)

    def _wrong_department(self, question: Question, best: Passage) -> bool:
        if not question.confirms:
            return False
        listed = "".join(best.clause.departments) + best.quote
        named_offices = {h.label for h in self._offices.find(question.text) if h.exact}
        speaks_of_duty = bool(re.search("负责|管|牵头|承担|归", question.text))
        return speaks_of_duty and any(o not in listed for o in named_offices)

    # -- what the notice leaves out

    def _silence(self, question: Question, chosen: Chosen) -> str | None:
        """The aspect asked for that the chosen passage does not hold; None when it does."""
        best = chosen.best
        notice = self._notices[best.notice]
        missing = self._missing(question, chosen)
        if "lead" in missing:
            return "lead"
        years = [int(y) for y in _YEAR.findall(question.text)]
        if notice.expires and any(y > notice.expires.year for y in years):
            return "over"
        if contradicted(question, [best.quote]) or self._wrong_department(question, best):
            return missing[0] if missing else None
        chance = self.silence_model().probability(self.weighed(question, chosen, missing))
        if missing and chance >= self.silence_model().doubtful:
            return missing[0]
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

    def _partial(self, question: Question, chosen: Chosen, aspect: str) -> Part:
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
            part = responsible(notice, best.clause)
            return part.led_by(lead, Kind.PARTIAL, reason)
        part = saying(self._notices, self._selector.beside(chosen, question))
        ending = (
            phrase("ask_on_phone", hotlines=hotlines())
            if aspect == "phone"
            else phrase("ask_on", office=local_office())
        )
        text, speech = lead + part.text + ending, lead + part.speech + ending
        return Part(text, speech, Kind.PARTIAL, reason, part.citations)


def _asks_besides(question: Question) -> bool:
    """Whether an agency question asks for more than who is responsible."""
    more = question.asks - _FORMS
    return bool(more - {"yes_no"}) or (bool(more) and question.weight > _BRIEF)


def _plain(key: str, kind: Kind, reason: Reason | None = None, **words: str) -> Part:
    text = phrase(key, **words)
    return Part(text, text, kind, reason)


def quoted(notices: Sequence[Notice], part: Part) -> Part:
    """The bare quotes of a part: what is left when its own words cannot be proved."""
    text = "".join(phrase("said_plain", quote=closed(c.quote)) for c in part.citations)
    return Part(text, for_the_ear(text), part.kind, part.reason, part.citations)
