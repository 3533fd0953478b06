"""The screening's rules: tied to the notice's own words, never more than they say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from core.eligibility import Outcome, findings, next_question, parse_screening, understand

DATA = Path(__file__).resolve().parents[2] / "policy" / "data"
SCREENING = parse_screening(yaml.safe_load((DATA / "eligibility.yml").read_text(encoding="utf-8")))
NOTICE = (DATA / "吉政办发2025-16.txt").read_text(encoding="utf-8")


def outcomes(**answers: tuple[str, ...]) -> dict[str, Outcome]:
    return {f.measure.clause: f.outcome for f in findings(SCREENING, answers)}


@pytest.mark.parametrize("measure", SCREENING.measures, ids=lambda m: m.clause)
def test_every_quote_stands_verbatim_under_its_own_title(measure) -> None:
    begin = NOTICE.index(measure.title)
    later = [NOTICE.find(m.title) for m in SCREENING.measures]
    end = min([at for at in later if at > begin], default=len(NOTICE))
    assert measure.quote in NOTICE[begin:end]


def test_there_is_one_rule_for_each_of_the_ten_measures() -> None:
    assert len({m.clause for m in SCREENING.measures}) == 10


def test_a_blind_job_seeker_fits_the_measures_for_the_blind_for_services_and_for_training() -> None:
    found = outcomes(
        goal=("work",), disability=("visual",), residence=("urban",), low_income=("no",)
    )
    fitting = {clause for clause, outcome in found.items() if outcome is Outcome.FITS}
    assert fitting == {"二（三）7", "二（四）8", "二（四）9"}


def test_a_refused_answer_leaves_a_measure_unstated_and_never_denies_it() -> None:
    assert (
        outcomes(disability=("visual",), goal=("work",), low_income=())["二（五）10"]
        is Outcome.UNSTATED
    )


def test_beyond_65_the_rural_measure_does_not_fit() -> None:
    found = outcomes(disability=("physical",), residence=("rural",), age=("over65",))
    assert found["二（三）6"] is Outcome.FITS_NOT


def test_what_binds_offices_is_never_promised_to_a_person() -> None:
    everything = {q.id: tuple(o.id for o in q.options) for q in SCREENING.questions}
    assert outcomes(**everything)["二（一）1"] is Outcome.UNSTATED


def test_an_employer_is_asked_one_question_only() -> None:
    assert next_question(SCREENING, {"goal": ("employer",)}) is None


def test_in_town_nobody_is_asked_for_their_age() -> None:
    answers = {"goal": ("work",), "disability": ("physical",), "residence": ("urban",)}
    question = next_question(SCREENING, answers)
    assert question is not None and question.id == "study"


def test_one_sentence_answers_several_questions() -> None:
    told = understand(SCREENING, "我农村的，眼睛看不见，想学点手艺找工作，没有低保")
    assert told["residence"] == ("rural",)
    assert told["disability"] == ("visual",)
    assert "work" in told["goal"]
    assert told["low_income"] == ("no",)


@pytest.mark.parametrize(
    ("asked", "said", "told"),
    [
        ("goal", "想在家接点活儿挣俩钱", ("work",)),
        ("goal", "工作 找 想", ("work",)),
        ("goal", "想学门手艺，找个在家能干的活", ("training",)),
        ("goal", "啥都行", ("work", "startup", "training")),
        ("disability", "下肢残疾", ("physical",)),
        ("disability", "精二", ("mental",)),
        ("residence", "屯子里的", ("rural",)),
        ("residence", "不是农村的", ("urban",)),
        ("residence", "镇上", ("urban",)),
        ("study", "不念书，中专毕业好些年了", ("no",)),
        ("study", "上学 没有", ("no",)),
        ("study", "非在校", ("no",)),
        ("study", "没毕业呢", ("student",)),
        ("study", "大学 毕业", ("graduate",)),
        ("low_income", "低保边缘户", ("no",)),
        ("low_income", "以前吃过，现在没有了", ("no",)),
        ("low_income", "吃着呢", ("yes",)),
    ],
)
def test_an_answer_is_understood_in_own_words(asked: str, said: str, told: tuple[str, ...]) -> None:
    assert understand(SCREENING, said, asked)[asked] == told


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("residence", "松原 户口"),
        ("residence", "白山市浑江区，户口也在这儿"),
        ("goal", "眼睛不好，干不了活"),
    ],
)
def test_what_does_not_settle_a_question_is_not_taken_for_an_answer(asked: str, said: str) -> None:
    assert asked not in understand(SCREENING, said, asked)


def test_a_bare_no_answers_only_the_question_that_stands_open() -> None:
    assert understand(SCREENING, "没有") == {}
    told = understand(SCREENING, "没有，农村的", "low_income")
    assert told == {"low_income": ("no",), "residence": ("rural",)}
