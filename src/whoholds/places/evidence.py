"""Evidence that a stretch known to the gazetteer is meant as a place: the words around it, summed.

The recogniser's small model mislabels names that it has not met (a town is a PRODUCT), and any village
shares its name with persons. Neither is trusted alone: each observation adds or takes away, in units of
natural log odds set by hand from what each means in English, and a name is taken at `ACCEPT`. Occurrences
of one name in a report share their evidence (one sense a discourse; Gale, Church & Yarowsky 1992).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whoholds.model import Place
from whoholds.places.layers import Meaning
from whoholds.places.words import PlaceWords, place_words
from whoholds.theatre import Theatre

if TYPE_CHECKING:
    from whoholds.text.tokens import Doc

__all__ = [
    "ACCEPT",
    "PLACE_LABELS",
    "STRONG_LOCATIVE",
    "Entity",
    "Evidence",
    "appositive_type",
    "entities_of",
    "is_beside",
    "is_ground",
    "shared_type",
    "weigh",
    "weigh_prior",
]

ACCEPT = 0.8
PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
_NUMBER_LABELS = frozenset(
    {"DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "LANGUAGE", "LAW", "WORK_OF_ART"}
)
_COORDINATED = 14
"""Words in the longest coordination of names before their type word."""
_APPOSITION = 4
"""Words in the longest apposition read, its type word included ("a small border village")."""
LAST_LATIN = "\u024f"
"""Letters after this one are of another script."""
_LIST_MARKS = frozenset({",", ";", "and", "or"})
STRONG_LOCATIVE = frozenset(
    {"in", "near", "at", "toward", "towards", "outside", "inside", "into", "throughout", "across", "around"}
)


@dataclass(frozen=True, slots=True)
class Entity:
    """One stretch that the statistical recogniser labelled."""

    first: int
    last: int
    label: str


@dataclass(slots=True)
class Evidence:
    """What is known of one occurrence.

    Attributes:
        score: Log odds for a place, without the other occurrences.
        is_vouched: Whether the recogniser or a type word says place.
        is_person: Whether it is part of a longer person's name.
    """

    score: float
    is_vouched: bool
    is_person: bool


def entities_of(doc: Doc) -> list[Entity | None]:
    """The entity at each token, or None."""
    found: list[Entity | None] = [None] * len(doc)
    for ent in doc.ents:
        entity = Entity(ent.start, ent.end, ent.label_)
        for i in range(ent.start, ent.end):
            found[i] = entity
    return found


def weigh_prior(best: Meaning, key: str, theatre: Theatre | None) -> float:
    """How readily the name is a place, from what the gazetteer knows of its best meaning."""
    place = best.place
    if best.is_own or place.kind == "country" or place.feature in ("CONT", "PPLC"):
        return 3.0
    if place.feature == "ADM1":
        score = 1.2
    elif place.kind in ("water", "landform", "other"):
        score = 1.7
    else:
        score = 0.6 * (_digits(place) - 4)
    if " " in key or "-" in key:
        score += 0.8
    if theatre is not None and _in_theatre(place, theatre):
        score += 2.0
    return min(3.0, score)


def _digits(place: Place) -> int:
    """Digits of the population; a theatre's own village counts as a town."""
    if not place.population:
        return 2
    return len(str(place.population)) - 1


def _in_theatre(place: Place, theatre: Theatre) -> bool:
    west, south, east, north = theatre.area.bbox
    return west <= place.lon <= east and south <= place.lat <= north


def weigh(
    doc: Doc, texts: list[str], entities: list[Entity | None], first: int, last: int, prior: float
) -> Evidence:
    """Sum the evidence at tokens `[first, last)`."""
    words = place_words()
    score = prior
    entity = entities[first]
    label, is_exact = "", False
    if entity is not None:
        label = entity.label
        member = _cut_list(entity, texts, first, last)
        is_exact = member.first >= first - 1 and member.last <= last + 1
        is_exact = is_exact and (member.first >= first or texts[member.first].lower() == "the")
        is_exact = is_exact and (
            member.last <= last or texts[member.last - 1] in ("'s", "’s") or _is_type(texts, last)
        )
    before = texts[first - 1].lower().rstrip(".") if first else ""
    after = texts[last].lower() if last < len(texts) else ""
    typed = (
        _is_type(texts, last)
        or shared_type(texts, last) is not None
        or _is_typed_before(texts, first, words)
        or appositive_type(doc, texts, last) is not None
        # "Kursk Oblast'", "Lamar County": the gazetteer has it with its type.
        or (last - first > 1 and texts[last - 1].lower() in words.type_after)
    )
    is_person = label == "PERSON" and not is_exact
    score += _label_score(label, texts, first, last, entity, is_exact=is_exact, words=words)
    if is_ground(doc, first, last):
        score += 2.5
    elif before in STRONG_LOCATIVE:
        score += 1.2
    elif before in words.locative:
        score += 0.5
    if typed:
        score += 2.5
    elif is_beside(texts, last):
        score += 1.2
    if before in words.person_before and first and texts[first - 1][0].isupper():
        score -= 3.0
    next_is_name = (
        last < len(texts)
        and texts[last][0].isupper()
        and texts[last].isalpha()
        and entities[last] is not entity
    )
    if next_is_name and not typed and label not in PLACE_LABELS:
        score -= 1.0
    if first and texts[first - 1][0].isupper() and texts[first - 1].isalpha() and entities[first - 1] is None:
        previous = doc[first - 1]
        if previous.pos_ == "PROPN" and before not in words.directions and label not in PLACE_LABELS:
            score -= 1.2
    if texts[first][0] > LAST_LATIN:
        # The name as it is written there, in an English text: writers give names so, and little else.
        score += 3.0
    if last == first + 1:
        if texts[first].lower() in words.common:
            score -= 3.0 if label in ("GPE", "LOC") and is_exact else 9.0
        token = doc.tokens[first]
        if token.is_sent_start and label not in PLACE_LABELS:
            score -= 0.7
        if token.is_sent_start and token.pos_ == "NOUN" and label not in PLACE_LABELS:
            # A capital that the sentence gives, on what the tagger takes for a common noun ("Voters in …").
            score -= 2.0
        if token.pos_ not in ("PROPN", "NOUN", "X") and label not in PLACE_LABELS:
            score -= 1.5
    if after in words.unit_after or (after in words.not_place_after and texts[last][0].isupper()):
        score -= 9.0
    if after in words.street_after and texts[last][0].isupper():
        score -= 2.0
    return Evidence(score, (label in PLACE_LABELS and is_exact) or typed, is_person)


def shared_type(texts: list[str], last: int) -> str | None:
    """The kind that a plural type word gives all names of a coordination ("the X and Y regions")."""
    words = place_words()
    if last >= len(texts) or texts[last].lower() not in ("and", "or", ","):
        return None
    for i in range(last, min(len(texts), last + _COORDINATED)):
        word = texts[i].lower()
        if word in words.type_after:
            joined = any(t.lower() in ("and", "or") for t in texts[last:i])
            return words.type_after[word] if joined and word.endswith("s") else None
        if word not in ("and", "or", ",") and not texts[i][0].isupper():
            return None
    return None


def appositive_type(doc: Doc, texts: list[str], last: int) -> str | None:
    """The kind that an apposition behind a name gives it: "X, a border village"."""
    words = place_words()
    if last + 2 >= len(texts) or texts[last] != "," or texts[last + 1].lower() not in ("a", "an", "the"):
        return None
    for i in range(last + 2, min(last + 2 + _APPOSITION, len(texts))):
        word = texts[i].lower()
        if word in words.type_before:
            # "X, a village elder" is a person.
            goes_on = i + 1 < len(texts) and doc[i + 1].pos_ in ("NOUN", "PROPN", "ADJ", "PART")
            return None if goes_on else words.type_before[word]
        if doc[i].pos_ not in ("ADJ", "NOUN", "NUM", "ADV") and word != "-":
            return None
    return None


def is_beside(texts: list[str], last: int) -> bool:
    """Whether what follows a name lies at a place: "the X sector", "X's outskirts"."""
    if last < len(texts) and texts[last] in ("'s", "’s"):
        last += 1
    return last < len(texts) and texts[last].lower() in place_words().beside


def _cut_list(entity: Entity, texts: list[str], first: int, last: int) -> Entity:
    """The member of a labelled list at tokens `[first, last)`: "Borki, Pravda and Yuzhny" is no one name."""
    start, end = first, last
    while start > entity.first and texts[start - 1] not in _LIST_MARKS:
        start -= 1
    while end < entity.last and texts[end] not in _LIST_MARKS:
        end += 1
    return Entity(start, end, entity.label)


def is_ground(doc: Doc, first: int, last: int) -> bool:
    """Whether the words at `[first, last)` are the object of a verb that is done to ground ("entered X")."""
    verbs = place_words().ground_verbs
    head = doc.tokens[last - 1]
    if head.dep_ in ("dobj", "nsubjpass", "obj") and head.head.lemma_.lower() in verbs:
        return True
    before = doc.tokens[first - 1] if first else None
    return before is not None and before.pos_ == "VERB" and before.lemma_.lower() in verbs


def _label_score(
    label: str,
    texts: list[str],
    first: int,
    last: int,
    entity: Entity | None,
    *,
    is_exact: bool,
    words: PlaceWords,
) -> float:
    if entity is None:
        return 0.0
    if label in PLACE_LABELS:
        return 2.5 if is_exact else 1.0
    if label == "PERSON":
        return -1.2 if is_exact else -6.0
    if label in _NUMBER_LABELS:
        return -3.0
    if is_exact:
        return -0.8 if label == "ORG" else -0.5
    around = [texts[i].lower() for i in range(entity.first, entity.last) if not first <= i < last]
    if label in ("ORG", "FAC") and any(w in words.institution for w in around):
        return -0.3
    return -3.0


def _is_type(texts: list[str], last: int) -> bool:
    words = place_words()
    if last >= len(texts):
        return False
    after = texts[last].lower().rstrip("'’")
    if after == "-" and last + 1 < len(texts):
        after = texts[last + 1].lower()
    return after in words.type_after and after not in ("division", "department", "state", "states")


def _is_typed_before(texts: list[str], first: int, words: PlaceWords) -> bool:
    if first >= 2 and texts[first - 1].lower() == "of" and texts[first - 2].lower() in words.type_before:
        return True
    return first >= 1 and texts[first - 1].lower() in words.type_before
