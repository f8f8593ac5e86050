"""Place mentions set right by the rest of their report: torn names made whole, guesses abroad taken back.

A parse, its place mentions and a gazetteer enter; the mentions leave, with the longer names that some were
torn from. Reports keep to their ground: a name that mere likeness put into another country, or half of a
longer name, is better left by its own words.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from whoholds.model import PlaceMention
from whoholds.places.folding import fold_name
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.words import place_words
from whoholds.text.parse import Parsed, dictionary
from whoholds.text.tokens import Doc, Token

__all__ = [
    "NOT_NAMES",
    "Chunk",
    "find_homes",
    "is_compass",
    "is_dictionary_word",
    "is_joint",
    "leave_abroad",
    "mend_mentions",
    "slot_words",
]

NOT_NAMES = frozenset({"DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "NORP"})
"""Labels of what is no name."""
_HOME_SHARE = 0.2
"""Share of a report's resolved names that makes a country its ground."""
_KNOWN_TO_ALL = 300_000
"""Inhabitants from which a city may be meant far from where the report is."""


@lru_cache(maxsize=1)
def slot_words() -> dict[str, frozenset[str]]:
    """The lists of `data/slots.toml`: words around a name that make it a place."""
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "slots.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


@lru_cache(maxsize=4096)
def is_dictionary_word(word: str) -> bool:
    """Whether an English dictionary has a word: what heads a line ("Access: …") is then a label."""
    index = dictionary()
    forms = {word, word.removesuffix("s"), word.removesuffix("es")}
    return any(form in index[pos] for pos in ("noun", "verb", "adj", "adv") for form in forms)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of capitalised words: tokens `[first, last)`, and its words."""

    first: int
    last: int
    words: str


def mend_mentions(
    parsed: Parsed, places: Sequence[PlaceMention], homes: frozenset[str], gazetteer: Gazetteer
) -> tuple[list[PlaceMention], list[Chunk]]:
    """The mentions set right, and the longer names that the rest were torn from.

    Args:
        parsed: The report.
        places: Its mentions.
        homes: The countries that it is about.
        gazetteer: Where names are looked up.
    """
    places = [_of_river(parsed, _own_words(p, homes, gazetteer), gazetteer) for p in places]
    return _without_torn(parsed, places, homes, gazetteer)


def find_homes(places: Sequence[PlaceMention]) -> frozenset[str]:
    """The countries that a report is about: those of a good share of its resolved names."""
    count = Counter(p.country for p in places if p.country is not None and p.p >= 0.5)
    total = sum(count.values())
    return frozenset(
        c for c, n in count.items() if c is not None and n >= min(2, total) and n >= _HOME_SHARE * total
    )


def _own_words(mention: PlaceMention, homes: frozenset[str], gazetteer: Gazetteer) -> PlaceMention:
    """A mention as its own words, where it was resolved abroad by mere likeness of the name."""
    if mention.role == "literal" and mention.kind == "country" and _names_people(mention.span.exact):
        # "the Iraqi city of X" tells whose city it is.
        return replace(mention, role="demonym")
    if mention.place_id is None and mention.kind == "facility":
        # A base or an airport without a point counts as its town.
        town, _, last = mention.span.exact.rpartition(" ")
        return replace(mention, name=town) if town and last.islower() else mention
    if mention.role != "literal" or not homes or mention.place_id is None or mention.country in homes:
        return mention
    if mention.kind in ("country", "water") or gazetteer.has(mention.span.exact):
        return mention
    names = {fold_name(n) for n in (mention.name, *gazetteer.names(mention.place_id))}
    if any(
        fold_name(mention.span.exact).startswith(n) or n in fold_name(mention.span.exact) for n in names if n
    ):
        return mention
    return _unresolved(mention)


def _names_people(words: str) -> bool:
    """Whether a country's mention is an adjective before a type word ("Norlandic city")."""
    _, _, last = words.rpartition(" ")
    return last.islower() and place_words().type_after.get(last) == "settlement"


def _of_river(parsed: Parsed, mention: PlaceMention, gazetteer: Gazetteer) -> PlaceMention:
    """A mention as the water that bears its name, where an article says so ("crossed the Aras")."""
    if mention.role != "literal" or mention.kind not in ("settlement", "admin", "other"):
        return mention
    if not parsed.text[: mention.span.start].lower().endswith("the "):
        return mention
    water = next(
        (m.place for m in gazetteer.meanings(mention.span.exact, limit=5) if m.place.kind == "water"), None
    )
    if water is None:
        return mention
    return replace(
        mention,
        place_id=water.id,
        name=water.name,
        lon=water.lon,
        lat=water.lat,
        radius_m=water.radius_m,
        kind=water.kind,
        country=water.country,
        p=max(mention.p, 0.5),
    )


def leave_abroad(mention: PlaceMention, homes: frozenset[str], gazetteer: Gazetteer) -> PlaceMention:
    """A mention resolved where the report is, else by its own words: a guess abroad is worse than none."""
    if mention.place_id is not None and " " in mention.span.exact and not gazetteer.has(mention.span.exact):
        # Known by its first word alone: another place.
        return _unresolved(mention)
    if mention.place_id is None or not homes or mention.country is None or mention.country in homes:
        return mention
    if not gazetteer.has(mention.span.exact):
        return _unresolved(mention)
    place = gazetteer.get(mention.place_id)
    if place is not None and (place.population >= _KNOWN_TO_ALL or place.feature == "PPLC"):
        return mention
    return _unresolved(mention)


def _unresolved(mention: PlaceMention) -> PlaceMention:
    return replace(
        mention,
        place_id=None,
        name=mention.span.exact,
        lon=None,
        lat=None,
        radius_m=None,
        country=None,
        p=0.0,
        kind="settlement" if mention.kind == "admin" else mention.kind,
    )


def _without_torn(
    parsed: Parsed, places: Sequence[PlaceMention], homes: frozenset[str], gazetteer: Gazetteer
) -> tuple[list[PlaceMention], list[Chunk]]:
    """The mentions that are whole names, and the longer names that the others were torn from.

    "Dam" of "Tishrin Dam" and "Ain" of "Ras al-Ain" are no places of their own, where they lie abroad.
    """
    kept: list[PlaceMention] = []
    torn: dict[int, Chunk] = {}
    for mention in places:
        span = parsed.doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
        is_generic = mention.span.exact.lower() in slot_words()["generic"]
        town = _town_of(parsed, mention, gazetteer)
        if town is not None:
            torn[town.first] = town
            continue
        is_stray = mention.role == "literal" and (
            is_generic
            or (
                bool(homes)
                and mention.kind not in ("country", "water")
                and mention.country not in homes
                and not _is_great(mention, gazetteer)
            )
        )
        if span is None or mention.role != "literal":
            kept.append(mention)
            continue
        first, last = _whole(parsed.doc, span.start, span.end)
        if not is_stray and not _is_half(parsed.doc, (first, last), (span.start, span.end), gazetteer):
            kept.append(mention)
            continue
        if (first, last) == (span.start, span.end):
            if not is_generic:
                kept.append(mention)
            continue
        words = parsed.doc[first:last].text
        if not (is_generic and is_compass(words.split()[:-1])):
            torn[first] = Chunk(first, last, words)
    return kept, list(torn.values())


def _town_of(parsed: Parsed, mention: PlaceMention, gazetteer: Gazetteer) -> Chunk | None:
    """The town in the name of a facility that has no point of its own ("Arbin airport")."""
    if mention.place_id is not None or mention.kind != "facility":
        return None
    town, _, last = mention.span.exact.rpartition(" ")
    if not last.islower() or last not in slot_words()["generic"] or not gazetteer.has(town):
        return None
    span = parsed.doc.char_span(mention.span.start, mention.span.start + len(town))
    return None if span is None else Chunk(span.start, span.end, town)


def _is_half(doc: Doc, run: tuple[int, int], name: tuple[int, int], gazetteer: Gazetteer) -> bool:
    """Whether a mention is a part of a longer name that is no English ("Qara" of "Qara Qozaq")."""
    if run == name or gazetteer.has(doc[run[0] : run[1]].text):
        return False
    rest = [doc[i] for i in range(*run) if not name[0] <= i < name[1] and doc[i].is_alpha]
    return bool(rest) and all(
        t.pos_ == "PROPN" and not is_dictionary_word(t.lower_) and not gazetteer.has(t.text) and len(t) > 2
        for t in rest
    )


def _is_great(mention: PlaceMention, gazetteer: Gazetteer) -> bool:
    place = None if mention.place_id is None else gazetteer.get(mention.place_id)
    return place is not None and (place.population >= _KNOWN_TO_ALL or place.feature in ("PPLC", "ADM1"))


def _whole(doc: Doc, first: int, last: int) -> tuple[int, int]:
    """The run of capitalised names that tokens `[first, last)` lie in."""
    while first > 0 and (_is_part(doc[first - 1]) or is_joint(doc, first - 1)):
        first -= 1
    while last < len(doc) and (_is_part(doc[last]) or is_joint(doc, last)):
        last += 1
    return first, last


def _is_part(token: Token) -> bool:
    return (
        token.pos_ == "PROPN"
        and token.text[:1].isupper()
        and token.ent_type_ not in NOT_NAMES
        and token.lower_.rstrip(".") not in place_words().person_before
    )


def is_joint(doc: Doc, i: int) -> bool:
    """A hyphen or a particle between two parts of a name ("Ras al-Ain")."""
    if not 0 < i < len(doc) - 1:
        return False
    token, before = doc.tokens[i], doc.tokens[i - 1]
    if token.text == "-":
        return not before.whitespace_ and not token.whitespace_
    return token.lower_ in slot_words()["particle"] and before.text[0].isupper()


def is_compass(words: Sequence[str]) -> bool:
    directions = place_words().directions
    return all(w.lower() in directions or w.lower() in ("central", "main") for w in words)
