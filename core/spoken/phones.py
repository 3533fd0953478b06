"""Phone numbers as they are spoken and typed: 幺三八…, 三个零, 138-0013-8000, 尾号是四四.

A number that is too short or too long is found too, and says so: the dialogue asks for the rest
instead of losing what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.reference import LENGTH, is_valid
from core.spoken.numbers import DIGITS, FULL_WIDTH
from core.spoken.pinyin import reading

MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
# Radio digits, and what a recogniser writes for 幺.
_SPOKEN = {**DIGITS, "洞": 0, "拐": 7, "勾": 9, "妖": 1, "腰": 1, "要": 1}
_BETWEEN = re.compile(r"[\s\-－—–,，、。.．~()（）]+|(?:那个|然后|接着|再|嗯|呃|啊)[\s,，]*")
# 尾号7728，9月22日: what follows the pause is no part of the number.
_A_DATE = re.compile(r"[0-9０-９一二三四五六七八九十]{1,3}[号日月点岁年]")
_REPEAT = re.compile(r"([两二三四五六2-6俩仨])个?([零〇一二三四五六七八九幺0-9])")
_FIGURE = r"[零〇一幺二两三四五六七八九洞拐勾0-9０-９]"
_WRONG = (
    r"(?:(?:我|你|刚才)?(?:记|说|报|写|弄|打|听|念|登|搞)?(?:错|差|反|混|岔)"
    r"|不对|不是这个|有误)(?:了|啦|咧)?"
)
_NOT_BUT = rf"不[是叫]\s*{_FIGURE}{{1,8}}[\s，,。、]*而?(?=应该|是|改|换)"
_TAIL = re.compile(
    r"(?:(?:后[面头边]?|最[后末][面头边]?|末|(?:尾号|尾数|末尾|结尾|尾巴上?))(?:的|这|那)*[一两俩二三仨四\d]"
    r"(?:位(?:数字?|号)?|个(?:数字?|号码?)|数字?)|尾号|尾数|末尾|结尾|末位|尾巴上?|最[后末](?:那|这)?(?:一)?[位个])"
    rf"(?:{_WRONG})?[,，。\s]*(?:{_NOT_BUT})?"
    r"(?:应该)?(?:改成|改为|换成|是|为|:|：)?[\s,，]*"
)
_NO_MORE = rf"(?!{_FIGURE}|[号月日点岁年个期楼])"
_INSTEAD = re.compile(
    rf"不[是叫]\s*({_FIGURE}{{2,8}})[\s，,。、]*(?:而是|应该是|应该|是|改成|换成)"
    rf"\s*({_FIGURE}{{2,8}}){_NO_MORE}"
    rf"|(?:是|改成|换成|应该)\s*({_FIGURE}{{2,8}})[\s，,。、]*不[是叫]"
    rf"\s*({_FIGURE}{{2,8}}){_NO_MORE}"
)
_SOUNDS = {
    "ling": "0",
    "yao": "1",
    "yi": "1",
    "er": "2",
    "liang": "2",
    "san": "3",
    "shan": "3",
    "si": "4",
    "shi": "4",
    "wu": "5",
    "liu": "6",
    "qi": "7",
    "ba": "8",
    "jiu": "9",
}


@dataclass(frozen=True)
class Phone:
    """Digits and what they can be."""

    digits: str
    form: str
    """mobile, landline, tail (the last digits of one) or incomplete."""
    start: int
    end: int
    certain: bool = True
    """False where the digits were guessed from their sound: read back with care."""

    @property
    def complete(self) -> bool:
        return self.form in ("mobile", "landline")


def find_phones(text: str) -> tuple[Phone, ...]:
    """Every phone number or part of one, in order. Dates, ages and money are left alone."""
    tails = tuple(_tails(text))
    runs = (run for run in digit_runs(text) if not _is_reference(*run, text))
    found = tuple(p for run in runs if (p := _phone_of(*run)) is not None)
    if tails:
        # 13694360257，尾号0257 says the end again; another end puts the number right.
        whole = tuple(p for p in found if p.form == "mobile")
        said_again = whole and all(whole[0].digits.endswith(t.digits) for t in tails)
        return whole[:1] if said_again else tails
    if any(phone.complete for phone in found):
        return found
    return _by_sound(text) or found


_OF_A_REFERENCE = re.compile(r"(?:预约号|编号|单号)(?:码)?(?:应该|就|我记得)?[是叫：:，,\s]*$")


def _is_reference(digits: str, start: int, end: int, text: str) -> bool:
    """Whether the digits are a booking's reference: told as one, or such that no phone is."""
    if len(digits) != LENGTH:
        return False
    return bool(_OF_A_REFERENCE.search(text[:start])) or is_valid(digits)


def parse_phone(text: str) -> Phone | None:
    """The most complete phone number of an answer that should hold one, or None."""
    found = find_phones(text)
    ranks = ("incomplete", "tail", "landline", "mobile")
    return max(found, key=lambda p: ranks.index(p.form)) if found else None


def _tails(text: str) -> Iterator[Phone]:
    for cue in _TAIL.finditer(text):
        for digits, start, end in digit_runs(text[cue.end() :]):
            said = text[cue.end() + start : cue.end() + end]
            digits = _said_again(said) or digits
            if start == 0 and 1 <= len(digits) <= 8:
                yield Phone(digits, "tail", cue.end() + start, cue.end() + end)
            break


def _said_again(said: str) -> str:
    """The longer of two groups where it ends in the first: 是九幺，五五九幺."""
    groups = ["".join(map(_digit, group)) for group in re.split(r"[，,。、\s]+", said)]
    again = len(groups) == 2 and groups[0] and groups[1].endswith(groups[0])
    return groups[1] if again else ""


def mended_digits(text: str) -> tuple[str, str] | None:
    """Digits that were wrong and those to put in their place: 不是8123，是8132."""
    match = _INSTEAD.search(text)
    if match is None:
        return None
    wrong, right = (match[1], match[2]) if match[1] else (match[4], match[3])
    return "".join(map(_digit, wrong)), "".join(map(_digit, right))


_MENDS = re.compile(
    r"(?:哎|唉|呀|诶|嗯|啊|[，,。、\s])*(?:不对|不是|错了?|说错了?|念错了?|记错了?|重说|重来|改一下|更正|应该)(?:不对|了|啊|啦|的|是|[，,。、\s])*"
)


def said_digits(text: str) -> tuple[str, bool]:
    """Digits of a number as its speaker left them, and whether they mend what came before.

    幺三九，哎不对，幺三八 is 138; 幺五五六七四三，不对，是四二 is 1556742.
    """
    parts = _MENDS.split(text)
    said = ""
    for part in parts:
        # 记一下 holds no digit.
        digits = "".join(run for run, _, _ in digit_runs(part) if len(run) > 1)
        if digits:
            said = _mended_end(said, digits)
    return said, bool(_MENDS.match(text)) and len(parts) > 1


def _mended_end(said: str, digits: str) -> str:
    """What was said before with its end put right, or said anew."""
    anew = len(digits) >= len(said) or digits[:3] == said[:3] or MOBILE.match(digits)
    return digits if anew else said[: -len(digits)] + digits


def digit_runs(text: str) -> Iterator[tuple[str, int, int]]:
    """Stretches of digits with what people put between them: (digits, start, end)."""
    position = 0
    while position < len(text):
        digits, end = _run_at(text, position)
        if digits:
            yield digits, position, end
            position = end
        else:
            position += 1


def _run_at(text: str, start: int) -> tuple[str, int]:
    digits, position, end = "", start, start
    while position < len(text):
        repeat = _REPEAT.match(text, position)
        if repeat and ("个" in repeat[0] or repeat[1] in "俩仨"):
            digits += _digit(repeat[2]) * int(_digit(repeat[1]))
            position = end = repeat.end()
            continue
        digit = _digit(text[position])
        # 要 opens "要报名", not a number: it counts only between digits.
        if digit and not (not digits and text[position] in "要两俩仨"):
            digits += digit
            position = end = position + 1
            continue
        gap = _BETWEEN.match(text, position) if digits else None
        if not gap or _A_DATE.match(text, gap.end()):
            break
        position = gap.end()
    return digits, end


def _digit(char: str) -> str:
    char = char.translate(FULL_WIDTH)
    if char.isascii() and char.isdigit():
        return char
    return str(_SPOKEN[char]) if char in _SPOKEN else ""


def _phone_of(digits: str, start: int, end: int) -> Phone | None:
    plain = re.sub(r"^(?:0086|86)(?=1[3-9]\d{9}$)", "", digits)
    if MOBILE.fullmatch(plain):
        return Phone(plain, "mobile", start, end)
    if _LANDLINE.fullmatch(plain):
        return Phone(plain, "landline", start, end)
    # Two numbers said in one breath.
    if len(plain) == 22 and MOBILE.match(plain) and MOBILE.match(plain[11:]):
        return Phone(plain[:11], "mobile", start, end)
    if 7 <= len(plain) <= 18:
        return Phone(plain, "incomplete", start, end)
    return None


def _by_sound(text: str) -> tuple[Phone, ...]:
    """A mobile number whose digits a recogniser wrote as other words: 一散吧领…"""
    sounds = [_digit(char) or _SOUNDS.get(reading(char), " ") for char in text]
    joined = "".join(sounds)
    for run in re.finditer(r"\d{11,13}", joined):
        # 是 sounds like 四: what stands before the number is dropped, so the end counts.
        tail = run[0][-11:]
        if MOBILE.fullmatch(tail):
            return (Phone(tail, "mobile", run.end() - 11, run.end(), certain=False),)
    return ()
