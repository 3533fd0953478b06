"""Places: Jilin's nine prefectures and their sixty counties, and every other province."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.spoken.gazetteer import Gazetteer

_DATA = Path(__file__).parent / "data"
_SUFFIXES = "市县区州"
# 二道, 铁西, 朝阳, 龙山, 西安 alone are words or other cities: they count with their 区 only.
_ONLY_IN_FULL = frozenset("二道 西安 龙山 丰满 东昌 龙潭 江源 二道江".split())


@dataclass(frozen=True)
class Place:
    """A place in Jilin."""

    name: str
    """As people say it: 长春, 公主岭, 延边."""
    full_name: str
    """As it is written: 公主岭市."""
    prefecture: str
    """The prefecture's short name: 公主岭 lies in 长春."""
    start: int = 0
    end: int = 0
    certain: bool = True
    """False where it only sounds so, and for 吉林 alone (the province or the city)."""


@dataclass(frozen=True)
class OtherRegion:
    """A province that the notice does not cover."""

    province: str
    start: int
    end: int
    certain: bool = True


def find_places(text: str) -> tuple[Place, ...]:
    """Places of Jilin in order. 吉林省 is not a place to choose and is left out."""
    gazetteer, places = _jilin()
    found = []
    for match in gazetteer.find(text):
        place = places[match.key]
        certain = match.exact and text[match.start : match.end] != "吉林"
        found.append(
            Place(place.name, place.full_name, place.prefecture, match.start, match.end, certain)
        )
    return tuple(found)


def parse_place(text: str) -> Place | None:
    """The last place named, a county rather than its prefecture; or None."""
    found = find_places(text)
    return found[-1] if found else None


def same_place(said: str, city: str) -> bool:
    """长春, 长春市 and 长春市朝阳区 meet; 延边 meets 延边朝鲜族自治州."""
    short = [re.sub(r"(?:朝鲜族自治州|自治州|市|州|县|区)$", "", name) for name in (said, city)]
    return bool(short[0] and short[1]) and (short[0] in city or short[1] in said)


def find_other_regions(text: str) -> tuple[OtherRegion, ...]:
    """Provinces other than Jilin that are named, themselves or by a city."""
    here = find_places(text)
    return tuple(
        OtherRegion(match.key, match.start, match.end, match.exact)
        for match in _elsewhere().find(text)
        if match.exact or not any(p.start < match.end and match.start < p.end for p in here)
    )


def all_places() -> tuple[Place, ...]:
    """Every prefecture, county, city and district of Jilin."""
    return tuple(_jilin()[1].values())


@lru_cache(maxsize=1)
def _jilin() -> tuple[Gazetteer, dict[str, Place]]:
    places: dict[str, Place] = {}
    names: dict[str, str] = {}
    for prefecture, full_name, others in _rows("places.tsv"):
        aliases = [alias for alias in others.split(",") if alias]
        short = full_name.rstrip(_SUFFIXES)
        name = aliases[0] if len(full_name) > 5 else short if len(short) > 1 else full_name
        name = full_name if name in _ONLY_IN_FULL else name
        places[full_name] = Place(name, full_name, prefecture)
        for alias in {full_name, name, *aliases}:
            # 通化县 and 通化市 share a short name: the prefecture's city comes first in the file.
            names.setdefault(alias, full_name)
    blockers = (
        "吉林省",
        "东北亚",
        "吉林分行",
        "吉林金融",
        "吉林银行",
        "西安市",
        "辽宁朝阳",
        "通化话",
    )
    return Gazetteer(names, blockers), places


@lru_cache(maxsize=1)
def _elsewhere() -> Gazetteer:
    names: dict[str, str] = {}
    for province, others in _rows("regions.tsv"):
        names |= {name: province for name in (province, *others.split(",")) if name}
    # The notice's own words, and a district of Liaoyuan.
    blockers = ("沈阳局", "沈阳铁路", "西安区", "北京时间", "上海合作")
    return Gazetteer(names, blockers)


def _rows(file_name: str) -> list[list[str]]:
    lines = (_DATA / file_name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
