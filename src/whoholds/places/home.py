"""Where a report is at home: names that the surer ones vouch for, by lying where they lie.

Matches with the evidence of their own words enter; evidence leaves, with more for a name in the wider place
that follows it ("Nashua, NH"), in the region of most of the report's names, or in its country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from whoholds.places.evidence import ACCEPT, Evidence
from whoholds.places.index import ENTRY_ABBREVIATION
from whoholds.places.layers import Meaning
from whoholds.places.words import place_words

if TYPE_CHECKING:
    from whoholds.text.tokens import Doc

__all__ = ["Match", "add_containers", "lean_home"]

HOME_SHARE = 0.25
"""Share of a report's surer names that makes a country its ground."""
SOLE_HOME_BONUS = 2.7
"""Log odds for a name that is found nowhere else."""
HOME_BONUS = 1.5
"""Log odds for a name there: of rare names, most that are in the report's country are places."""
REGION_SHARE = 0.5
"""Share of a report's surer names that have a namesake in a region which makes it the report's."""
REGION_NAMES = 3
"""How many such names there must be; one less where the region itself is named."""
REGION_BONUS = 2.3
"""Log odds (ten to one) for a name there: local reports name their own towns."""
CONTAINED_BONUS = 3.0
"""Log odds for a name and the wider place behind its comma, one of whose places it is: hardly by chance."""


@dataclass(frozen=True, slots=True)
class Match:
    """A run of tokens that the gazetteer knows.

    Attributes:
        first: First token.
        last: Token after the last.
        key: The words.
        meanings: What they may stand for, best first.
    """

    first: int
    last: int
    key: str
    meanings: tuple[Meaning, ...]


def add_containers(
    texts: Sequence[str], matches: Sequence[Match], evidence: Sequence[Evidence | None]
) -> list[Evidence | None]:
    """More for both names of "Nashua, NH": a town, a comma, and the wider place that has such a town."""
    found = list(evidence)
    for i, (inner, outer) in enumerate(pairwise(matches)):
        a, b = found[i], found[i + 1]
        if a is None or b is None or a.is_person or texts[inner.last : outer.first] != [","]:
            continue
        wider = outer.meanings[0].place
        if wider.kind != "country" and wider.feature != "ADM1":
            continue
        if any(
            m.role == 0
            and m.place.id != wider.id
            and (
                m.place.country == wider.country
                if wider.kind == "country"
                else m.place.admin1 == wider.admin1
            )
            for m in inner.meanings
        ):
            found[i] = Evidence(a.score + CONTAINED_BONUS, a.is_vouched, a.is_person)
            found[i + 1] = Evidence(b.score + CONTAINED_BONUS, b.is_vouched, b.is_person)
    return found


def lean_home(
    doc: Doc, matches: Sequence[Match], evidence: Sequence[Evidence | None]
) -> list[Evidence | None]:
    """More for a name in a region or country that the report's surer names lie in."""
    homes = _countries(matches, evidence)
    regions = _regions(matches, evidence)
    found: list[Evidence | None] = []
    for match, ground in zip(matches, evidence, strict=True):
        if ground is not None and ground.score < ACCEPT and match.meanings[0].role == 0:
            at_home = [m.place.country in homes for m in match.meanings[:3] if m.role == 0]
            bonus = 0.0
            if any(at_home):
                bonus = SOLE_HOME_BONUS if all(at_home) else HOME_BONUS
            if any(m.place.admin1 in regions for m in match.meanings) and not _speaks(doc, match):
                bonus = max(bonus, REGION_BONUS)
            ground = Evidence(ground.score + bonus, ground.is_vouched, ground.is_person)
        found.append(ground)
    return found


def _countries(matches: Sequence[Match], evidence: Sequence[Evidence | None]) -> set[str]:
    weight: dict[str, int] = {}
    for match, ground in zip(matches, evidence, strict=True):
        country = match.meanings[0].place.country
        if ground is not None and ground.score >= ACCEPT and country is not None:
            weight[country] = weight.get(country, 0) + 1
    total = sum(weight.values())
    return {c for c, n in weight.items() if n >= 2 and n >= HOME_SHARE * total}


def _regions(matches: Sequence[Match], evidence: Sequence[Evidence | None]) -> set[str]:
    """First-level regions in which most of the surer names have a namesake."""
    votes: dict[str, set[str]] = {}
    named: set[str | None] = set()
    keys: set[str] = set()
    for match, ground in zip(matches, evidence, strict=True):
        best = match.meanings[0]
        if ground is None or ground.score < ACCEPT or best.role not in (0, ENTRY_ABBREVIATION):
            continue
        if best.place.kind == "country":
            continue
        key = match.key.casefold()
        keys.add(key)
        if best.place.feature == "ADM1":
            named.add(best.place.admin1)
        for meaning in match.meanings:
            if meaning.place.admin1 is not None:
                votes.setdefault(meaning.place.admin1, set()).add(key)
    return {
        region
        for region, who in votes.items()
        if len(who) >= REGION_NAMES - (region in named) and len(who) >= REGION_SHARE * len(keys)
    }


def _speaks(doc: Doc, match: Match) -> bool:
    """Whether a name is who says or does what persons and governments do."""
    head = doc[match.last - 1]
    return head.dep_ == "nsubj" and head.head.lemma_.lower() in place_words().government_verbs
