"""Recognition: a parsed text in, stretches that name places out, with what the words around say of them.

One pass over the tokens: at each capital the longest n-gram that the gazetteer knows is taken (hash
look-ups), then merged with the statistical recogniser's spans. The recogniser alone misses small names and
takes persons for towns; the gazetteer alone takes common words for villages: each vouches for the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from whoholds.model import Span
from whoholds.places.evidence import (
    ACCEPT,
    PLACE_LABELS,
    STRONG_LOCATIVE,
    Entity,
    Evidence,
    appositive_type,
    entities_of,
    is_ground,
    shared_type,
    weigh,
    weigh_prior,
)
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.home import Match, add_containers, lean_home
from whoholds.places.index import ENTRY_ABBREVIATION, ENTRY_DEMONYM, ENTRY_GOVERNMENT
from whoholds.places.layers import Meaning
from whoholds.places.unlisted import find_unlisted
from whoholds.places.words import place_words
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed
from whoholds.theatre import Theatre

if TYPE_CHECKING:
    from whoholds.text.tokens import Doc, Token

__all__ = ["Name", "recognise_names"]

LONGEST_NAME = 6
"""Tokens in the longest name looked for ("Bosnia and Herzegovina", "Washington, D.C." with its comma)."""
CANDIDATES = 40


@dataclass(slots=True)
class Name:
    """A stretch of text taken for a place name.

    Attributes:
        first: First token.
        last: Token after the last.
        span: The words.
        key: The words that were looked up (without type word or article).
        meanings: What the gazetteer has under them.
        kind_hint: Kind that the words around give (`admin`, `admin2`, `settlement`, …), or None.
        role: literal, demonym or government.
        vouched: Whether the statistical recogniser saw a place here.
        inside: Words of the container that the text names ("Paris, Texas"), as an index into the names.
    """

    first: int
    last: int
    span: Span
    key: str
    meanings: tuple[Meaning, ...]
    kind_hint: str | None = None
    role: str = "literal"
    vouched: bool = False
    inside: list[int] = field(default_factory=list)


def recognise_names(parsed: Parsed, gazetteer: Gazetteer, theatre: Theatre | None = None) -> list[Name]:
    """The place names of a text in order, without overlaps; none in furniture."""
    doc = parsed.doc
    if not len(doc):
        return []
    texts = doc.words
    entities = entities_of(doc)
    skip = _furniture_tokens(parsed)
    taken = bytearray(len(texts))
    matches = list(_gazetteer_matches(texts, doc, gazetteer, skip))
    evidence = [_evidence(doc, texts, entities, match, theatre) for match in matches]
    pooled = lean_home(doc, matches, add_containers(texts, matches, _pool(matches, evidence)))
    found: list[Name] = []
    for match, ground in zip(matches, pooled, strict=True):
        if ground is None or ground.score < ACCEPT:
            continue
        found.append(_name_of(parsed, doc, texts, match, theatre, is_vouched=ground.is_vouched))
        taken[match.first : match.last] = b"\1" * (match.last - match.first)
    persons = {texts[e.last - 1].lower() for e in entities if e is not None and e.label == "PERSON"}
    for ent in doc.ents:
        if ent.label_ in PLACE_LABELS and not any(taken[ent.start : ent.end]) and not skip[ent.start]:
            name = _from_recogniser(parsed, doc, texts, ent.start, ent.end, ent.label_, gazetteer)
            if name is not None and not name.meanings:
                # Nobody but the small model says so: the words before must too.
                if not _is_located(doc, texts, name) and ent.label_ == "GPE":
                    continue
                if _is_someone(doc, name, persons, theatre):
                    continue
            if name is not None:
                found.append(name)
                taken[name.first : name.last] = b"\1" * (name.last - name.first)
        elif ent.label_ in _MISLABELS and not any(taken[ent.start : ent.end]) and not skip[ent.start]:
            name = _misspelt(parsed, doc, texts, ent.start, ent.end, gazetteer)
            if name is not None:
                found.append(name)
    for first, last, kind in find_unlisted(doc, texts, entities, taken, skip):
        span = Span.of(parsed.text, doc[first].idx, doc[last - 1].idx + len(texts[last - 1]))
        if not gazetteer.has(span.exact):
            found.append(Name(first, last, span, span.exact, (), kind))
    found.sort(key=lambda n: n.first)
    _link_containers(found, texts)
    return found


def _evidence(
    doc: Doc, texts: list[str], entities: list[Entity | None], match: Match, theatre: Theatre | None
) -> Evidence | None:
    best = match.meanings[0]
    first, last = match.first, match.last
    if best.role == ENTRY_GOVERNMENT or _is_compass(texts, first, last):
        return None
    if (
        best.role == 0
        and best.place.kind == "settlement"
        and theatre is not None
        and theatre.find_source(match.key)
    ):
        # What the theatre knows as a source ("Pravda") speaks; it is no village.
        return None
    before = texts[first - 1] if first else ""
    entity = entities[first]
    label = "" if entity is None else entity.label
    if best.role == ENTRY_ABBREVIATION and before != "," and label != "GPE":
        return None
    if best.role == ENTRY_DEMONYM:
        # An adjective of a people is rarely anything else; inside a person's or a title's name it may be.
        is_inner = (
            entity is not None
            and label in ("PERSON", "WORK_OF_ART")
            and entity.last - entity.first > last - first
        )
        return Evidence(-1.0 if is_inner else 3.0, False, False)
    if last == first + 1 and _is_shouted_word(doc, texts, first) and best.place.kind != "country":
        return Evidence(2.0 if label in ("GPE", "LOC") else -1.0, False, False)
    return weigh(doc, texts, entities, first, last, weigh_prior(best, match.key, theatre))


def _is_compass(texts: list[str], first: int, last: int) -> bool:
    """Whether the words only say a direction ("North-east")."""
    directions = place_words().directions
    return all(t.lower() in directions or t == "-" for t in texts[first:last])


def _pool(matches: list[Match], evidence: list[Evidence | None]) -> list[Evidence | None]:
    """Each occurrence's evidence with a share of that of the others of the same name."""
    vouched: dict[str, int] = {}
    persons: dict[str, int] = {}
    for match, ground in zip(matches, evidence, strict=True):
        if ground is not None:
            key = match.key.casefold()
            vouched[key] = vouched.get(key, 0) + ground.is_vouched
            persons[key] = persons.get(key, 0) + ground.is_person
    found: list[Evidence | None] = []
    for match, ground in zip(matches, evidence, strict=True):
        if ground is None or match.meanings[0].role == ENTRY_DEMONYM:
            found.append(ground)
            continue
        key = match.key.casefold()
        score = ground.score
        if vouched[key] - ground.is_vouched > 0:
            score += 1.2
        if persons[key] - ground.is_person > 0 and not ground.is_vouched:
            score -= 2.5
        found.append(Evidence(score, ground.is_vouched, ground.is_person))
    return found


def _name_of(
    parsed: Parsed, doc: Doc, texts: list[str], match: Match, theatre: Theatre | None, *, is_vouched: bool
) -> Name:
    first, last = match.first, match.last
    best = match.meanings[0]
    start = doc[first].idx
    if best.role == ENTRY_DEMONYM:
        span = Span.of(parsed.text, start, start + len(match.key))
        return Name(first, last, span, match.key, match.meanings, None, "demonym", is_vouched)
    kind_hint, end = _typed(texts, first, last)
    kind_hint = kind_hint or appositive_type(doc, texts, last)
    if kind_hint is None and theatre is not None and _is_region(doc[first], match.key, theatre):
        kind_hint = "admin"
    role = "literal"
    if kind_hint is None and best.place.feature == "PPLC" and _is_government(doc, last):
        role = "government"
    stop = start + len(match.key) if end == last else doc[end - 1].idx + len(texts[end - 1])
    return Name(
        first, end, Span.of(parsed.text, start, stop), match.key, match.meanings, kind_hint, role, is_vouched
    )


def _is_region(token: Token, key: str, theatre: Theatre) -> bool:
    """Whether a bare name is that of a region which the war is about, and no word near says city."""
    names = {r.rsplit(" ", 1)[0].casefold() for r in theatre.area.regions if " " in r}
    return key.casefold() in names and not any(t.lower_ in ("city", "town") for t in token.sent)


def _furniture_tokens(parsed: Parsed) -> bytearray:
    doc = parsed.doc
    found = bytearray(len(doc))
    bad = [(b.start, b.end) for b in parsed.blocks if b.kind in (BlockKind.FURNITURE, BlockKind.BYLINE)]
    if bad:
        position = 0
        for token in doc:
            while position < len(bad) and bad[position][1] <= token.idx:
                position += 1
            if position < len(bad) and bad[position][0] <= token.idx:
                found[token.i] = 1
    return found


def _gazetteer_matches(texts: list[str], doc: Doc, gazetteer: Gazetteer, skip: bytearray) -> Iterator[Match]:
    """Longest known n-grams that begin with a capital, left to right."""
    total = len(texts)
    text = doc.text
    starts = doc.starts
    i = 0
    while i < total:
        head = texts[i]
        if head[0].islower() or skip[i] or not _begins_name(head):
            i += 1
            continue
        reach = i + 1
        while reach < min(total, i + LONGEST_NAME) and _may_continue(texts[reach], texts, reach, total):
            reach += 1
        step = 1
        for last in range(reach, i, -1):
            tail = texts[last - 1]
            if last > i + 1 and not (tail[0].isalnum() and not tail.islower()):
                continue
            key = text[starts[i] : starts[last - 1] + len(tail)]
            if gazetteer.has(key):
                yield Match(i, last, key, gazetteer.meanings(key, limit=CANDIDATES))
                step = last - i
                break
        else:
            # "U.S.-backed" is one token to the tokenizer.
            stem, dash, rest = head.partition("-")
            if dash and rest.islower() and gazetteer.has(stem):
                yield Match(i, i + 1, stem, gazetteer.meanings(stem, limit=CANDIDATES))
        i += step


def _begins_name(word: str) -> bool:
    return (
        len(word) > 1
        and word[0].isalpha()
        and (word[0].isupper() or (word[0] > "\u024f" and not word[0].islower()))
    )


_LINKS = frozenset(
    {
        "of",
        "and",
        "the",
        "de",
        "la",
        "del",
        "al",
        "-",
        "–",
        "'",
        "’",
        "sur",
        "am",
        "upon",
        "on",
        "do",
        "da",
        "el",
        "ez",
        "az",
    }
)


def _may_continue(word: str, texts: list[str], at: int, total: int) -> bool:
    if word[0].isupper() or word[0] > "\u024f" or word[0].isdigit():
        return word[0].isalnum() or word[0] in "-–"
    if word in _LINKS or word[0] in "'’-":
        return True
    # The tokenizer cuts the dot from "Ft. Worth", not from "St. Louis".
    if word == "." and texts[at - 1] == "Ft":
        return True
    # "Washington, D.C."
    return (
        word == ","
        and at + 1 < total
        and texts[at + 1].startswith("D")
        and texts[at + 1].rstrip(".") in ("D.C", "DC")
    )


def _is_shouted_word(doc: Doc, texts: list[str], i: int) -> bool:
    """Whether a token stands in a line of capitals, where case tells nothing."""
    if not texts[i].isupper() or len(texts[i]) < 2:
        return False
    near = [t for t in texts[max(0, i - 3) : i + 4] if t.isalpha()]
    return (
        len(near) > 2
        and sum(t.isupper() for t in near) > 0.7 * len(near)
        and doc[i].ent_type_ not in PLACE_LABELS
    )


def _typed(texts: list[str], first: int, last: int) -> tuple[str | None, int]:
    """The kind that a type word beside the name gives, and the name's end with it."""
    words = place_words()
    if last < len(texts):
        after = texts[last].lower().rstrip("'’")
        if after in words.type_after:
            return words.type_after[after], last + 1
        if after == "-" and last + 1 < len(texts) and texts[last + 1].lower() in words.type_after:
            return words.type_after[texts[last + 1].lower()], last + 2
    shared = shared_type(texts, last)
    if shared is not None:
        return shared, last
    if first >= 2 and texts[first - 1].lower() == "of" and texts[first - 2].lower() in words.type_before:
        return words.type_before[texts[first - 2].lower()], last
    if first >= 1 and texts[first - 1].lower() in words.type_before:
        return words.type_before[texts[first - 1].lower()], last
    return None, last


def _is_government(doc: Doc, last: int) -> bool:
    """Whether a capital stands for its government, by its part in the sentence.

    It does as the subject of what governments do, as a party ("with Moscow", "between Kyiv and Moscow",
    "offered to Moscow"), and as the owner of what governments have; not where something happens in it.
    """
    words = place_words()
    head = doc[last - 1]
    while head.dep_ == "conj" and head.head.i < head.i:
        head = head.head
    governor = head.head
    verb = governor.lemma_.lower()
    if head.dep_ == "nsubj":
        return verb in words.government_verbs
    if head.dep_ == "poss":
        return governor.lemma_.lower() not in words.town_things
    if head.dep_ in ("dobj", "dative"):
        return verb in words.dealing_verbs
    if head.dep_ == "pobj":
        preposition = governor.lower_
        if preposition in ("with", "between", "against", "by"):
            return True
        return preposition == "to" and governor.head.lemma_.lower() in words.dealing_verbs
    return False


def _from_recogniser(
    parsed: Parsed, doc: Doc, texts: list[str], first: int, last: int, label: str, gazetteer: Gazetteer
) -> Name | None:
    """A name that only the statistical recogniser saw; its meanings may come from a part of it."""
    words = place_words()
    while first < last and texts[first].lower() in ("the", "a", "an"):
        first += 1
    while last > first and (texts[last - 1] in ("'s", "’s", "'", "’") or texts[last - 1].isspace()):
        last -= 1
    if first >= last or not any(t[0].isupper() for t in texts[first:last]):
        return None
    if last < len(texts) and texts[last].lower() in words.not_place_after and texts[last][0].isupper():
        return None
    if label == "FAC" and texts[last - 1].lower() in words.street_after:
        return None
    text = doc[first:last].text
    if last == first + 1 and doc[first].is_sent_start and doc[first].pos_ == "NOUN":
        return None
    if "\n" in text or (last == first + 1 and text.lower().rstrip(".") in words.common | words.person_before):
        return None
    meanings = gazetteer.meanings(text, limit=CANDIDATES)
    if not meanings and last - first > 1 and texts[first].lower() in words.directions:
        # "South Florida", "eastern Ghouta": a part of a place lies where the place does.
        meanings = gazetteer.meanings(doc[first + 1 : last].text, limit=CANDIDATES)
    kind_hint, end = _typed(texts, first, last)
    if label == "FAC":
        kind_hint = "facility"
    start_char = doc[first].idx
    end_char = doc[end - 1].idx + len(texts[end - 1])
    return Name(
        first,
        end,
        Span.of(parsed.text, start_char, end_char),
        text,
        meanings,
        kind_hint,
        "literal",
        True,
    )


def _is_someone(doc: Doc, name: Name, persons: set[str], theatre: Theatre | None) -> bool:
    """Whether a name that no gazetteer has is a person's or an outlet's: it speaks, or is so elsewhere."""
    head = doc[name.last - 1]
    if head.lower_ in persons or (theatre is not None and theatre.find_source(name.key) is not None):
        return True
    return head.dep_ == "nsubj" and head.head.lemma_.lower() in place_words().government_verbs


def _is_located(doc: Doc, texts: list[str], name: Name) -> bool:
    """Whether the words before a name, or its type, ask for a place."""
    before = texts[name.first - 1].lower() if name.first else ""
    if before == "the" and name.first > 1:
        before = texts[name.first - 2].lower()
    return (
        name.kind_hint is not None
        or before in place_words().locative
        or is_ground(doc, name.first, name.last)
    )


_MISLABELS = frozenset({"PERSON", "ORG", "PRODUCT", "NORP", "EVENT", "WORK_OF_ART"})
_ALIKE = 0.85
"""Likeness asked of a name that neither the gazetteer nor the recogniser takes for a place."""


def _misspelt(
    parsed: Parsed, doc: Doc, texts: list[str], first: int, last: int, gazetteer: Gazetteer
) -> Name | None:
    """Another transliteration of a known name ("Chasov Yar"), where the words before ask for a place."""
    before = texts[first - 1].lower() if first else ""
    text = doc[first:last].text
    is_asked = before in STRONG_LOCATIVE or is_ground(doc, first, last)
    is_asked = is_asked or (before in ("from", "to") and last - first > 1)
    if not is_asked or len(text) < 6 or last - first > 3 or not text[0].isupper() or "\n" in text:
        return None
    if texts[last - 1] in ("'s", "’s"):
        return None
    places = gazetteer.find_fuzzy(text, limit=5, likeness=_ALIKE)
    places = tuple(p for p in places if p.name[:1].casefold() == text[:1].casefold())
    if not places:
        return None
    span = Span.of(parsed.text, doc[first].idx, doc[first].idx + len(text))
    return Name(first, last, span, text, tuple(Meaning(p) for p in places), None, "literal", False)


def _link_containers(found: list[Name], texts: list[str]) -> None:
    """ "Paris, Texas", "Sumy region in Ukraine", "Ukraine's Sumy region": the wider name limits the other."""
    words = place_words()
    for i, (a, b) in enumerate(pairwise(found)):
        between = [t.lower() for t in texts[a.last : b.first]]
        if between in ([","], ["("], ["in"], [",", "in"], ["of"]) and a.role == "literal":
            a.inside.append(i + 1)
        elif (
            between in (["'s"], ["’s"], ["'"], ["’"])
            or (a.role == "demonym" and not between)
            or (
                a.role == "demonym"
                and len(between) <= 3
                and between
                and (between[-1] in words.type_before or between[-1] == "of")
            )
        ):
            b.inside.append(i)
