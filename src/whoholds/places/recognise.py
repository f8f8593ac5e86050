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
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.index import ENTRY_ABBREVIATION, ENTRY_DEMONYM, ENTRY_GOVERNMENT
from whoholds.places.layers import Meaning
from whoholds.places.words import place_words
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Name", "recognise_names"]

LONGEST_NAME = 6
"""Tokens in the longest name looked for ("Bosnia and Herzegovina", "Washington, D.C." with its comma)."""
PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
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


def recognise_names(parsed: Parsed, gazetteer: Gazetteer) -> list[Name]:
    """The place names of a text in order, without overlaps; none in furniture."""
    doc = parsed.doc
    if not len(doc):
        return []
    texts = [t.text for t in doc]
    labels = _labels(doc)
    skip = _furniture_tokens(parsed)
    taken = bytearray(len(texts))
    found: list[Name] = []
    for first, last, key, meanings in _gazetteer_matches(texts, doc, gazetteer, skip):
        if any(taken[first:last]):
            continue
        name = _judge(parsed, doc, texts, labels, first, last, key, meanings)
        if name is not None:
            found.append(name)
            taken[first:last] = b"\1" * (last - first)
    for ent in doc.ents:
        if ent.label_ in PLACE_LABELS and not any(taken[ent.start : ent.end]) and not skip[ent.start]:
            name = _from_recogniser(parsed, doc, texts, ent.start, ent.end, ent.label_, gazetteer)
            if name is not None:
                found.append(name)
                taken[name.first : name.last] = b"\1" * (name.last - name.first)
    found.sort(key=lambda n: n.first)
    _link_containers(found, texts)
    return found


def _labels(doc: Doc) -> list[str]:
    found = [""] * len(doc)
    for ent in doc.ents:
        for i in range(ent.start, ent.end):
            found[i] = ent.label_
    return found


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


def _gazetteer_matches(
    texts: list[str], doc: Doc, gazetteer: Gazetteer, skip: bytearray
) -> Iterator[tuple[int, int, str, tuple[Meaning, ...]]]:
    """Longest known n-grams that begin with a capital, left to right."""
    total = len(texts)
    text = doc.text
    starts = [t.idx for t in doc]
    i = 0
    while i < total:
        head = texts[i]
        if skip[i] or not (head[0].isupper() or head[0] > "\u024f") or not head[0].isalpha():
            i += 1
            continue
        reach = i + 1
        while reach < min(total, i + LONGEST_NAME) and _may_continue(texts[reach], texts, reach, total):
            reach += 1
        matched = False
        for last in range(reach, i, -1):
            tail = texts[last - 1]
            if last > i + 1 and not (
                tail[0].isalnum() and (tail[0].isupper() or tail[0].isdigit() or not tail.islower())
            ):
                continue
            key = text[starts[i] : starts[last - 1] + len(tail)]
            if last == i + 1 and len(head) < 2:
                continue
            if gazetteer.has(key):
                yield i, last, key, gazetteer.meanings(key, limit=CANDIDATES)
                i = last
                matched = True
                break
        if not matched:
            i += 1


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


def _may_continue(token: str, texts: list[str], at: int, total: int) -> bool:
    if token[0].isupper() or token[0] > "\u024f" or token[0].isdigit():
        return token[0].isalnum() or token[0] in "-–"
    if token in _LINKS or token[0] in "'’-":
        return True
    # "Washington, D.C."
    return (
        token == ","
        and at + 1 < total
        and texts[at + 1].startswith("D")
        and texts[at + 1].rstrip(".") in ("D.C", "DC")
    )


def _judge(
    parsed: Parsed, doc: Doc, texts: list[str], labels: list[str], first: int, last: int, key: str,
    meanings: tuple[Meaning, ...],
) -> Name | None:  # fmt: skip
    """The name at these tokens, or None where the words around speak against a place."""
    words = place_words()
    best = meanings[0]
    lower = key.lower()
    label = labels[first]
    inner = [labels[i] for i in range(first, last)]
    after = texts[last].lower() if last < len(texts) else ""
    before = texts[first - 1].lower().rstrip(".") if first else ""
    is_demonym = best.role == ENTRY_DEMONYM
    if best.role == ENTRY_GOVERNMENT:
        return None
    if best.role == ENTRY_ABBREVIATION and before != "," and label != "GPE":
        return None
    vouched = label in PLACE_LABELS or (is_demonym and label in ("NORP", "LANGUAGE"))
    if lower in words.common or (
        last == first + 1 and key.isupper() and len(key) > 1 and _is_word(doc, first)
    ):
        if label not in ("GPE", "LOC") or _entity_length(labels, doc, first) != last - first:
            return None
    strength = _strength(best, key)
    if after in words.not_place_after and texts[last][0].isupper() and not is_demonym:
        return None
    if not is_demonym and not vouched:
        if "PERSON" in inner or _beside_person(labels, first, last):
            return None
        if before in words.person_before and first and texts[first - 1][0].isupper():
            return None
        if label in (
            "DATE",
            "TIME",
            "CARDINAL",
            "MONEY",
            "PERCENT",
            "QUANTITY",
            "ORDINAL",
            "LANGUAGE",
            "LAW",
            "WORK_OF_ART",
            "PRODUCT",
        ):
            if strength < 4.5 or label == "PRODUCT":
                return None
        elif label in ("ORG", "EVENT", "FAC"):
            if not _in_institution(doc, texts, first, last, strength, words.institution, labels):
                return None
        elif (strength < 3.0 and before not in words.locative) or (
            strength < 4.0 and doc[first].is_sent_start and last == first + 1
        ):
            return None
    if not is_demonym and label == "PERSON":
        return None
    role = "demonym" if is_demonym else "literal"
    kind_hint = None
    end = last
    if not is_demonym:
        kind_hint, end = _typed(texts, first, last)
        if kind_hint is None and best.place.feature == "PPLC" and _acts(doc, first, last):
            role = "government"
    start_char = doc[first].idx
    end_char = doc[end - 1].idx + len(texts[end - 1])
    return Name(
        first, end, Span.of(parsed.text, start_char, end_char), key, meanings, kind_hint, role, vouched
    )


def _is_word(doc: Doc, i: int) -> bool:
    """Whether a capital-letter token is an ordinary word of an all-capitals line."""
    near = [t for t in doc[max(0, i - 3) : i + 4] if t.is_alpha]
    return (
        sum(t.is_upper for t in near) > len(near) * 0.7
        and len(near) > 2
        and doc[i].ent_type_ not in PLACE_LABELS
    )


def _entity_length(labels: list[str], doc: Doc, first: int) -> int:
    last = first
    while (
        last < len(labels) and labels[last] == labels[first] and (last == first or doc[last].ent_iob_ == "I")
    ):
        last += 1
    return last - first


def _strength(best: Meaning, key: str) -> float:
    """How well known the best meaning is, on a scale of powers of ten of inhabitants."""
    place = best.place
    if place.kind == "country":
        return 9.0
    base = {"admin": 4.5, "other": 5.0, "water": 5.5, "landform": 5.0}.get(place.kind, 0.0)
    if place.id.partition(":")[0] not in ("geonames", "geonames-code", "feature"):
        base = 4.5
    size = len(str(place.population)) - 1 if place.population else 0
    return max(base, float(size)) + (0.5 if " " in key or "-" in key else 0.0)


def _beside_person(labels: list[str], first: int, last: int) -> bool:
    return (first > 0 and labels[first - 1] == "PERSON") or (last < len(labels) and labels[last] == "PERSON")


def _in_institution(
    doc: Doc, texts: list[str], first: int, last: int, strength: float, institution: frozenset[str], labels: list[str]
) -> bool:  # fmt: skip
    label = labels[first]
    low, high = first, last
    while low > 0 and labels[low - 1] == label and doc[low].ent_iob_ == "I":
        low -= 1
    while high < len(labels) and labels[high] == label and doc[high].ent_iob_ == "I":
        high += 1
    if low == first and high == last:
        return strength >= 4.5
    return strength >= 4.5 and any(
        texts[i].lower() in institution for i in range(low, high) if not first <= i < last
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
    if first >= 2 and texts[first - 1].lower() == "of" and texts[first - 2].lower() in words.type_before:
        return words.type_before[texts[first - 2].lower()], last
    if first >= 1 and texts[first - 1].lower() in words.type_before:
        return words.type_before[texts[first - 1].lower()], last
    return None, last


def _acts(doc: Doc, first: int, last: int) -> bool:
    """Whether the name is the subject of a verb that governments do, or a party to what they have."""
    head = doc[last - 1]
    if head.dep_ in ("nsubj", "nsubjpass") and head.head.lemma_.lower() in place_words().government_verbs:
        return True
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
    if "\n" in text:
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
        first, end, Span.of(parsed.text, start_char, end_char), text, meanings, kind_hint, "literal", True,
    )  # fmt: skip


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
