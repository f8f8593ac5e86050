"""Names that no gazetteer has: villages, dams and camps recognised by the words around them alone.

The parse, what is taken already and the entities enter; token ranges leave, each with the kind that a type
word gives. One occurrence in a place's position ("toward X", "the village of X", "X dam") speaks for all
others of the same words in the report (one sense a discourse).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whoholds.places.evidence import PLACE_LABELS, Entity, is_beside, is_ground
from whoholds.places.words import place_words

if TYPE_CHECKING:
    from whoholds.text.tokens import Doc

__all__ = ["find_unlisted"]

_STRONG = frozenset({"in", "near", "toward", "towards", "outside", "around", "into"})
_WEAK = frozenset({"at", "from", "to"})
_LISTED = frozenset({",", "and", "or"})
_NOT_NAMES = frozenset({"DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "LANGUAGE"})
_LONGEST = 4


def find_unlisted(
    doc: Doc, texts: list[str], entities: list[Entity | None], taken: bytearray, skip: bytearray
) -> Iterator[tuple[int, int, str | None]]:
    """Token ranges of names that stand as places and are not taken yet, with the kind that a word gives."""
    chunks = list(_find_chunks(doc, texts, entities, taken, skip))
    persons = {
        texts[e.last - 1] for e in entities if e is not None and e.label == "PERSON" and e.last - e.first > 1
    }
    kinds: dict[str, str | None] = {}
    located: set[str] = set()
    is_list = any(_is_line_head(doc, i, i + 1) for i in range(len(texts) - 1) if taken[i])
    for first, last in chunks:
        words = " ".join(texts[first:last])
        if is_list and _is_line_head(doc, first, last):
            located.add(words)
        kind = _kind_beside(texts, first, last)
        if kind is not None:
            kinds.setdefault(words, kind)
        if kind is not None or _is_located(doc, texts, entities, taken, first, last):
            located.add(words)
    for first, last in chunks:
        words = " ".join(texts[first:last])
        if words in located and words not in persons and not _is_inner(texts, first, last):
            yield first, last, kinds.get(words)


def _find_chunks(
    doc: Doc, texts: list[str], entities: list[Entity | None], taken: bytearray, skip: bytearray
) -> Iterator[tuple[int, int]]:
    i, tokens = 0, doc.tokens
    while i < len(texts):
        if texts[i][0].islower() or taken[i] or skip[i] or not _is_name_word(doc, texts, entities, i):
            i += 1
            continue
        end = i + 1
        while end < len(texts) and not taken[end] and not skip[end]:
            if _is_name_word(doc, texts, entities, end) and tokens[end - 1].whitespace_ == " ":
                end += 1
            elif texts[end] in ("-", "’") and end + 1 < len(texts) and texts[end + 1][:1].isupper():
                end += 2
            else:
                break
        if end - i <= _LONGEST:
            yield i, end
        i = end


def _is_name_word(doc: Doc, texts: list[str], entities: list[Entity | None], i: int) -> bool:
    word = texts[i]
    if len(word) < 3 or not word[0].isupper() or word.isupper() or not word.replace("'", "").isalpha():
        return False
    token = doc.tokens[i]
    if token.pos_ not in ("PROPN", "X") and token.ent_type_ not in PLACE_LABELS:
        return False
    entity = entities[i]
    return entity is None or entity.label not in _NOT_NAMES


def _is_line_head(doc: Doc, first: int, last: int) -> bool:
    """Whether a name heads a line ("X: quiet")."""
    if last >= len(doc) or doc[last].text != ":":
        return False
    before = doc.text[max(0, doc[first].idx - 4) : doc[first].idx]
    return not before or "\n" in before


def _kind_beside(texts: list[str], first: int, last: int) -> str | None:
    """The kind by a type word: "the village of X", "X dam"."""
    words = place_words()
    if first >= 2 and texts[first - 1].lower() == "of" and texts[first - 2].lower() in words.type_before:
        return words.type_before[texts[first - 2].lower()]
    if first >= 1 and texts[first - 1] in words.type_before:
        return words.type_before[texts[first - 1]]
    if last < len(texts) and texts[last] in words.type_after:
        return words.type_after[texts[last]]
    if last - first > 1 and texts[last - 1].lower() in words.type_after:
        return words.type_after[texts[last - 1].lower()]
    return None


def _is_located(
    doc: Doc, texts: list[str], entities: list[Entity | None], taken: bytearray, first: int, last: int
) -> bool:
    """Whether a name stands where only a place stands."""
    entity = entities[first]
    label = "" if entity is None else entity.label
    if label in ("ORG", "WORK_OF_ART", "EVENT", "LAW") or first == 0:
        return False
    if is_beside(texts, last):
        return True
    things = place_words().town_things
    if last + 1 < len(texts) and texts[last] in ("'s", "’s") and doc[last + 1].lemma_.lower() in things:
        return True
    if first > 1 and texts[first - 1].lower() == "of" and doc[first - 2].lemma_.lower() in things:
        return True
    before = texts[first - 1].lower()
    if before in _STRONG and doc[last - 1].dep_ == "pobj":
        return True
    if is_ground(doc, first, last) and label != "PERSON":
        return True
    if before in _WEAK and doc[last - 1].dep_ == "pobj" and label != "PERSON":
        verb = doc[first - 1].head
        return before == "at" or verb.lemma_.lower() in place_words().ground_verbs | _MOVING
    # A member of a list of places: "from A and X", "A, X and B".
    return before in _LISTED and first > 1 and bool(taken[first - 2]) and label != "PERSON"


_MOVING = frozenset(
    {
        "move", "flee", "withdraw", "go", "travel", "retreat", "drive", "march", "come", "arrive", "return",
        "advance", "send", "evacuate", "escape", "pull", "leave", "get", "walk", "cross", "fly",
    }
)  # fmt: skip


def _is_inner(texts: list[str], first: int, last: int) -> bool:
    """Whether a name goes on in a title or a body's name: "Mayor X", "X Brigade"."""
    words = place_words()
    if (
        first
        and texts[first - 1].lower().rstrip(".") in words.person_before
        and texts[first - 1][0].isupper()
    ):
        return True
    return last < len(texts) and texts[last][:1].isupper() and texts[last].lower() in words.not_place_after
