"""Names of places that recognition passed over, and that the claims' grammar shows to be places.

A parse, the places found, the events and a gazetteer enter; the places leave with the missed ones in their
order. A small model takes a town that it has never met for a person or a body; the words around tell: what is
entered, taken or lost is ground, and so is what follows "in" or "toward", heads a line of a list or has
outskirts. A name without a listing is kept unresolved, by its own words.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from spacy.tokens import Doc, Token

from whoholds.model import EVENT_GROUPS, PlaceMention
from whoholds.places.folding import fold_name
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.read import resolve_spans
from whoholds.places.words import place_words
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed, english_pipeline
from whoholds.theatre import Theatre

__all__ = ["add_unnoticed"]

_TAKING = frozenset({"territory", "presence"})
_NOT_NAMES = frozenset({"DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "NORP"})
_LONGEST = 4
"""Words of the longest name."""
_HOME_SHARE = 0.2
"""Share of a report's resolved names that makes a country its ground."""
_KNOWN_TO_ALL = 300_000
"""Inhabitants from which a city may be meant far from where the report is."""
_LINE_HEAD = re.compile(r"\s*[:–—]")
_BEFORE_HEAD = re.compile(r"(?:^|[\n\r.])[^\w\n]*(?:\d{1,2}[:.]\d\d\s*(?:GMT|UTC)?\W{0,3})?$")
_MARKS = "\ufe0f\u200b\u200e\u200f\ufeff"


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "slots.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


@lru_cache(maxsize=4096)
def _is_dictionary_word(word: str) -> bool:
    """Whether an English dictionary has a word: what heads a line ("Access: …") is then a label."""
    index = english_pipeline().get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    forms = {word, word.removesuffix("s"), word.removesuffix("es")}
    return any(form in index[pos] for pos in ("noun", "verb", "adj", "adv") for form in forms)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A run of capitalised words: tokens `[first, last)`, and its words."""

    first: int
    last: int
    words: str


def add_unnoticed(
    parsed: Parsed,
    places: Sequence[PlaceMention],
    events: Sequence[EventMention],
    gazetteer: Gazetteer,
    theatre: Theatre | None = None,
) -> tuple[PlaceMention, ...]:
    """The place mentions of a report with those that recognition passed over, in the order of the text."""
    homes = _homes(places)
    places = [_of_river(parsed, _own_words(p, homes, gazetteer), gazetteer) for p in places]
    kept, torn = _without_torn(parsed, places, homes, gazetteer)
    chunks = [*torn, *_chunks(parsed, kept)]
    grounds = _grounds(events)
    is_list = _lists_places(parsed, kept) or any(
        _heads_line(parsed, c) and _is_known_at_home(c.words, homes, gazetteer) for c in chunks
    )
    accepted = {
        c.words
        for c in chunks
        if c in torn or _stands_as_place(parsed, c, grounds, homes, gazetteer, kept, is_list=is_list)
    }
    found = [c for c in chunks if c.words in accepted and (c in torn or not _is_person(parsed.doc, c))]
    if not found:
        return tuple(kept)
    spans = [_span(parsed, c) for c in found]
    named = [(p.span.start, p.span.end) for p in kept if p.role == "literal"]
    added = resolve_spans(parsed.text, [*spans, *named], gazetteer, theatre)[: len(spans)]
    mentions = [_at_home(m, homes, gazetteer) for m in added]
    return tuple(sorted((*kept, *mentions), key=lambda p: (p.span.start, p.span.end)))


# --- what is found already -----------------------------------------------------------------------------


def _homes(places: Sequence[PlaceMention]) -> frozenset[str]:
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


def _at_home(mention: PlaceMention, homes: frozenset[str], gazetteer: Gazetteer) -> PlaceMention:
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
) -> tuple[list[PlaceMention], list[_Chunk]]:
    """The mentions that are whole names, and the longer names that the others were torn from.

    "Dam" of "Tishrin Dam" and "Ain" of "Ras al-Ain" are no places of their own, where they lie abroad.
    """
    kept: list[PlaceMention] = []
    torn: dict[int, _Chunk] = {}
    for mention in places:
        span = parsed.doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
        is_generic = mention.span.exact.lower() in _words()["generic"]
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
        if not (is_generic and _is_compass(words.split()[:-1])):
            torn[first] = _Chunk(first, last, words)
    return kept, list(torn.values())


def _town_of(parsed: Parsed, mention: PlaceMention, gazetteer: Gazetteer) -> _Chunk | None:
    """The town in the name of a facility that has no point of its own ("Arbin airport")."""
    if mention.place_id is not None or mention.kind != "facility":
        return None
    town, _, last = mention.span.exact.rpartition(" ")
    if not last.islower() or last not in _words()["generic"] or not gazetteer.has(town):
        return None
    span = parsed.doc.char_span(mention.span.start, mention.span.start + len(town))
    return None if span is None else _Chunk(span.start, span.end, town)


def _is_half(doc: Doc, run: tuple[int, int], name: tuple[int, int], gazetteer: Gazetteer) -> bool:
    """Whether a mention is a part of a longer name that is no English ("Qara" of "Qara Qozaq")."""
    if run == name or gazetteer.has(doc[run[0] : run[1]].text):
        return False
    rest = [doc[i] for i in range(*run) if not name[0] <= i < name[1] and doc[i].is_alpha]
    return bool(rest) and all(
        t.pos_ == "PROPN" and not _is_dictionary_word(t.lower_) and not gazetteer.has(t.text) and len(t) > 2
        for t in rest
    )


def _is_great(mention: PlaceMention, gazetteer: Gazetteer) -> bool:
    place = None if mention.place_id is None else gazetteer.get(mention.place_id)
    return place is not None and (place.population >= _KNOWN_TO_ALL or place.feature in ("PPLC", "ADM1"))


def _whole(doc: Doc, first: int, last: int) -> tuple[int, int]:
    """The run of capitalised names that tokens `[first, last)` lie in."""
    while first > 0 and (_is_part(doc[first - 1]) or _is_joint(doc, first - 1)):
        first -= 1
    while last < len(doc) and (_is_part(doc[last]) or _is_joint(doc, last)):
        last += 1
    return first, last


def _is_part(token: Token) -> bool:
    return (
        token.pos_ == "PROPN"
        and token.text[:1].isupper()
        and token.ent_type_ not in _NOT_NAMES
        and token.lower_.rstrip(".") not in place_words().person_before
    )


def _is_joint(doc: Doc, i: int) -> bool:
    """A hyphen or a particle between two parts of a name ("Ras al-Ain")."""
    if not 0 < i < len(doc) - 1:
        return False
    if doc[i].text == "-":
        return not doc[i - 1].whitespace_ and not doc[i].whitespace_
    return doc[i].lower_ in _words()["particle"] and doc[i - 1].text[:1].isupper()


# --- runs of capitalised words -------------------------------------------------------------------------


def _chunks(parsed: Parsed, places: Sequence[PlaceMention]) -> Iterator[_Chunk]:
    doc = parsed.doc
    covered: set[int] = set()
    for place in places:
        span = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
        covered.update(range(span.start, span.end) if span is not None else ())
    i = 0
    while i < len(doc):
        if i in covered or not _is_name_word(doc[i]):
            i += 1
            continue
        end = i + 1
        while end < len(doc) and end not in covered:
            if (
                (_is_name_word(doc[end]) and doc[end - 1].whitespace_)
                or (
                    end + 1 < len(doc)
                    and end + 1 not in covered
                    and _is_joint(doc, end)
                    and (_is_name_word(doc[end + 1]) or _is_joint(doc, end + 1))
                )
                or (doc[end - 1].text == "-" and _is_name_word(doc[end]))
            ):
                end += 1
            else:
                break
        while end > i and not doc[end - 1].text[-1:].isalpha():
            end -= 1
        block = parsed.block_at(doc[i].idx)
        is_read = block is not None and block.kind not in (BlockKind.FURNITURE, BlockKind.BYLINE)
        if end > i and end - i <= _LONGEST + 2 and is_read:
            yield _Chunk(i, end, doc[i:end].text.lstrip(_MARKS))
        i = max(end, i + 1)


def _is_name_word(token: Token) -> bool:
    word = token.text.lstrip(_MARKS)
    if len(word) < 2 or not word[0].isupper() or (word.isupper() and len(word) < 6):
        return False
    if not word.replace("'", "").replace("’", "").isalpha() or token.ent_type_ in _NOT_NAMES - {"NORP"}:
        return False
    if token.pos_ in ("PROPN", "X") or word.lower() in _words()["formative"]:
        return True
    # At the head of a line the tagger guesses; what no dictionary has is a name.
    is_guessed = token.is_sent_start or word != token.text
    return bool(is_guessed and not token.is_stop and not _is_dictionary_word(word.lower()))


def _span(parsed: Parsed, chunk: _Chunk) -> tuple[int, int]:
    start = parsed.doc[chunk.first].idx
    last = parsed.doc[chunk.last - 1]
    end = last.idx + len(last.text)
    while start < end and parsed.text[start] in _MARKS:
        start += 1
    return start, end


# --- where they stand ----------------------------------------------------------------------------------


def _grounds(events: Sequence[EventMention]) -> dict[int, bool]:
    """Heads of the words that events treat as ground, and whether ground is what the event is about."""
    found: dict[int, bool] = {}
    for event in events:
        for ground in event.grounds:
            found[ground] = found.get(ground, False) or EVENT_GROUPS[event.event] in _TAKING
    return found


def _stands_as_place(
    parsed: Parsed,
    chunk: _Chunk,
    grounds: Mapping[int, bool],
    homes: frozenset[str],
    gazetteer: Gazetteer,
    places: Sequence[PlaceMention],
    *,
    is_list: bool,
) -> bool:
    doc = parsed.doc
    words = _words()
    if _is_person(doc, chunk) or _is_body(doc, chunk):
        return False
    root = doc[chunk.first : chunk.last].root
    known = _is_known_at_home(chunk.words, homes, gazetteer)
    if _heads_line(parsed, chunk):
        return known or (is_list and not _is_dictionary_word(chunk.words.lower()))
    if not known and _is_caught(root):
        return False
    ground = [is_taken for g, is_taken in grounds.items() if chunk.first <= g < chunk.last]
    if ground and (any(ground) or gazetteer.has(chunk.words)):
        # An unknown name is a place only where ground is what is told of; elsewhere it may be anybody.
        return True
    if doc[chunk.first].text.lstrip(_MARKS).lower() in words["formative"] and chunk.last - chunk.first > 1:
        return True
    following = doc[chunk.last] if chunk.last < len(doc) else None
    if following is not None and (
        following.lower_ in words["after"] or following.lower_ in place_words().type_after
    ):
        return True
    if following is not None and following.lower_ in ("'s", "’s") and root.dep_ == "poss":
        return lemma_of(root.head) in words["possessed"]
    before = doc[chunk.first - 1] if chunk.first else None
    is_seen = known or root.ent_type_ in ("GPE", "LOC")
    if before is not None and before.pos_ in ("ADP", "SCONJ", "ADV") and _is_locative(before, known=is_seen):
        return True
    if root.dep_ in ("nsubj", "compound") and _has_fallen(root.head):
        return True
    if root.dep_ == "conj" and _is_listed(root, places):
        return True
    return known


def _is_listed(root: Token, places: Sequence[PlaceMention]) -> bool:
    """Whether a name stands in a list whose head is a place that is known ("in A, B and X")."""
    while root.dep_ == "conj":
        root = root.head
    return any(
        p.span.start <= root.idx < p.span.end and p.kind != "country" for p in places if p.role == "literal"
    )


def _is_locative(preposition: Token, *, known: bool) -> bool:
    words = _words()
    if preposition.lower_ in words["strong"]:
        return True
    if preposition.lower_ not in words["weak"]:
        return False
    head = preposition.head
    if (
        lemma_of(head) in words["motion"]
        and head.pos_ == "VERB"
        and preposition.lower_ in ("to", "from", "through")
    ):
        return True
    return known or lemma_of(head) in words["of_place"]


def _is_caught(root: Token) -> bool:
    """Whether somebody is what is captured ("X was captured by rebels in Arbin")."""
    verb = root.head
    if root.dep_ not in ("dobj", "nsubjpass") or lemma_of(verb) not in _words()["catching"]:
        return False
    if root.ent_type_ == "PERSON" and root.dep_ == "nsubjpass":
        return True
    return any(
        c.dep_ == "prep"
        and c.lower_ in _words()["strong"]
        and any(p.dep_ == "pobj" and p.ent_type_ in ("GPE", "LOC") for p in c.children)
        for c in verb.children
    )


def _has_fallen(verb: Token) -> bool:
    """ "X fell on Monday": in a report of war a town, unless it fell from, into or for something."""
    if lemma_of(verb) != "fall" or verb.pos_ != "VERB":
        return False
    return all(
        c.dep_ in ("nsubj", "aux", "advmod", "npadvmod", "punct", "cc", "conj", "neg")
        or (
            c.dep_ == "prep"
            and c.lower_ in ("to", "on", "in", "after", "without", "by", "during", "within", "at")
        )
        for c in verb.children
    )


def _heads_line(parsed: Parsed, chunk: _Chunk) -> bool:
    """Whether a name heads a line or a sentence of its own ("X: quiet.", "Y – we now show …")."""
    start, end = _span(parsed, chunk)
    if _LINE_HEAD.match(parsed.text, end) is None:
        return False
    return _BEFORE_HEAD.search(parsed.text, max(0, start - 40), start) is not None


def _lists_places(parsed: Parsed, places: Sequence[PlaceMention]) -> bool:
    """Whether lines of the report are headed by places that are known."""
    return any(
        p.role == "literal"
        and p.place_id is not None
        and _LINE_HEAD.match(parsed.text, p.span.end) is not None
        and _BEFORE_HEAD.search(parsed.text, max(0, p.span.start - 40), p.span.start) is not None
        for p in places
    )


def _is_known_at_home(words: str, homes: frozenset[str], gazetteer: Gazetteer) -> bool:
    """Whether the gazetteer has the name in a country that the report is about."""
    if not homes or not gazetteer.has(words):
        return False
    return any(m.role == 0 and m.place.country in homes for m in gazetteer.meanings(words, limit=3))


def _is_person(doc: Doc, chunk: _Chunk) -> bool:
    """Whether a name is somebody's: after a title, or the subject of a saying verb."""
    words = place_words()
    before = doc[chunk.first - 1] if chunk.first else None
    if before is not None and before.lower_.rstrip(".") in words.person_before and before.text[:1].isupper():
        return True
    first = doc[chunk.first].lower_.rstrip(".")
    if first in words.person_before and chunk.last - chunk.first > 1 and first not in _words()["formative"]:
        return True
    root = doc[chunk.first : chunk.last].root
    return root.dep_ == "nsubj" and lemma_of(root.head) in _words()["speaking"]


def _is_body(doc: Doc, chunk: _Chunk) -> bool:
    """Whether a name is that of a unit, a paper or a people, or a label in capitals."""
    if chunk.words.isupper() and " " not in chunk.words and len(chunk.words) < 6:
        return True
    last = doc[chunk.last - 1].lower_
    following = doc[chunk.last].lower_ if chunk.last < len(doc) else ""
    bodies = (
        place_words().not_place_after | place_words().institution | frozenset({"forces", "group", "front"})
    )
    if last in bodies and chunk.last - chunk.first > 1:
        return True
    parts = chunk.words.lower().split()
    if parts[-1] in _words()["generic"]:
        parts = parts[:-1]
    return following in place_words().not_place_after or _is_compass(parts)


def _is_compass(words: Sequence[str]) -> bool:
    directions = place_words().directions
    return all(w.lower() in directions or w.lower() in ("central", "main") for w in words)
