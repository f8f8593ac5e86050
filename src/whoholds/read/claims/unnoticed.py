"""Names of places that recognition passed over, and that the claims' grammar shows to be places.

A parse, the places found, the events and a gazetteer enter; the places leave with the missed ones in their
order. A small model takes a town that it has never met for a person or a body; the words around tell: what is
entered, taken or lost is ground, and so is what follows "in" or "toward", heads a line of a list or has
outskirts. A name without a listing is kept unresolved, by its own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from whoholds.model import EVENT_GROUPS, PlaceMention
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.read import resolve_spans
from whoholds.places.words import place_words
from whoholds.read.claims.adjoining import JOINTS
from whoholds.read.claims.ground import ground_words
from whoholds.read.claims.mended import (
    NOT_NAMES,
    Chunk,
    find_homes,
    is_compass,
    is_dictionary_word,
    is_joint,
    leave_abroad,
    mend_mentions,
    slot_words,
)
from whoholds.read.claims.near import Near, in_company
from whoholds.read.claims.standing import is_told_as_ground, leads_by_preposition
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Doc, Token
from whoholds.theatre import Theatre

__all__ = ["add_unnoticed"]

_TAKING = frozenset({"territory", "presence"})
_LONGEST = 4
"""Words of the longest name."""
_LONGEST_LIST = 12
"""Members of a list that are climbed over to its head."""
_DASHES = frozenset({"-", "–"})
_ROADS = frozenset({"road", "roads", "highway", "motorway", "railway", "route", "axis", "corridor"})
_OPENING = frozenset({"including", "namely", "like", ":"})
_BEFORE_EXAMPLES = 6
"""Words between "villages" and the "including" that opens their names."""
_KINDS = ground_words()["settlement"] | frozenset(
    {"area", "district", "neighbourhood", "neighborhood", "suburb"}
)
_NAME = r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}"
_LINE_HEAD = re.compile(r"\s*[:–—]")
_JOINT_HEAD = re.compile(rf"(?:,| and| &) {_NAME}\s*:")
_TOPIC_END = re.compile(r"[.?](?=[ \t]+\S)")
_BEFORE_TOPIC = re.compile(r"(?:^|[\n\r])[^\w\n]*(?:\d{1,2}[.)]\s*|Q:\s*)?$")
_BEFORE_HEAD = re.compile(
    r"(?:^|[\n\r.])[^\w\n]*(?:\d{1,2}[:.]\d\d\s*(?:GMT|UTC)?\W{0,3})?" rf"(?:{_NAME}(?:,| and| &) )?$"
)
_LEAD = 60
"""Characters of a line before the name that heads it: a mark, a time, another name."""
_GUESSED = frozenset({"NOUN", "ADJ", "VERB", "ADV", "INTJ"})
_MARKS = "\ufe0f\u200b\u200e\u200f\ufeff"


def add_unnoticed(
    parsed: Parsed,
    places: Sequence[PlaceMention],
    events: Sequence[EventMention],
    gazetteer: Gazetteer,
    theatre: Theatre | None = None,
    is_told: Callable[[int, int], bool] = lambda *_: False,
) -> tuple[PlaceMention, ...]:
    """The place mentions of a report with those that recognition passed over, in the order of the text.

    Args:
        parsed: Text and parse.
        places: What recognition saw.
        events: What the report tells.
        gazetteer: Where names are looked up.
        theatre: The war, or None.
        is_told: Another witness of whether the characters between two offsets name a place.
    """
    homes = find_homes(places)
    kept, torn = mend_mentions(parsed, places, homes, gazetteer)
    chunks = [*torn, *_chunks(parsed, kept)]
    if not chunks:
        return tuple(kept)
    grounds = _grounds(events)
    whole = set(torn)
    listed = _listed_tokens(parsed.doc, kept)
    persons = _surnames(parsed.doc, chunks)
    literal = [n for n, p in enumerate(kept) if p.role == "literal"]
    named = [(kept[n].span.start, kept[n].span.end) for n in literal]
    added: Sequence[PlaceMention] = ()
    again: Sequence[PlaceMention] = ()
    near = Near(kept, homes, gazetteer)
    for _ in range(2):
        is_list = _lists_places(parsed, kept) or _lists_names(parsed, chunks, near)
        accepted = {
            c.words
            for c in chunks
            if c in whole
            or is_told(*_span(parsed, c))
            or _stands_as_place(parsed, c, grounds, near, gazetteer, listed, is_list=is_list)
        }
        found = [
            c
            for c in chunks
            if c.words in accepted
            and (
                c in whole
                or _heads_line(parsed, c)
                or (c.words not in persons and not _is_person(parsed.doc, c))
            )
        ]
        if not found:
            return tuple(kept)
        spans = [_span(parsed, c) for c in found]
        together = resolve_spans(parsed.text, [*spans, *named], gazetteer, theatre)
        added, again = together[: len(spans)], together[len(spans) :]
        # What is found may tell where the report is, and so which of the other names are known there.
        wider = find_homes([*kept, *added]) | homes
        if wider == near.homes or len(found) == len(chunks):
            break
        near = Near([*kept, *added], wider, gazetteer)
    mentions = [leave_abroad(m, near.homes, gazetteer) for m in added]
    whole_company = dict(zip(literal, again, strict=True))
    seen = [in_company(p, whole_company.get(n), near.homes) for n, p in enumerate(kept)]
    return tuple(sorted((*seen, *mentions), key=lambda p: (p.span.start, p.span.end)))


# --- runs of capitalised words -------------------------------------------------------------------------


def _chunks(parsed: Parsed, places: Sequence[PlaceMention]) -> Iterator[Chunk]:
    doc = parsed.doc
    covered: set[int] = set()
    for place in places:
        span = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
        covered.update(range(span.start, span.end) if span is not None else ())
    # One look at the letters spares most tokens the rest.
    capital = [bool(w) and (w[0].isupper() or w[0] in _MARKS) for w in doc.words]
    i, tokens = 0, doc.tokens
    while i < len(tokens):
        is_article = not capital[i] and i not in covered and _opens_name(doc, i)
        if not is_article and (not capital[i] or i in covered or not _is_name_word(tokens[i])):
            i += 1
            continue
        end = i + 3 if is_article else i + 1
        while end < len(tokens) and end not in covered:
            if (
                (tokens[end - 1].whitespace_ and _is_name_word(tokens[end]))
                or (
                    end + 1 < len(tokens)
                    and end + 1 not in covered
                    and is_joint(doc, end)
                    and (_is_name_word(tokens[end + 1]) or is_joint(doc, end + 1))
                )
                or (tokens[end - 1].text == "-" and _is_name_word(tokens[end]))
            ):
                end += 1
            else:
                break
        while end > i and not doc[end - 1].text[-1:].isalpha():
            end -= 1
        block = parsed.block_at(doc[i].idx)
        is_read = block is not None and block.kind not in (BlockKind.FURNITURE, BlockKind.BYLINE)
        if end > i and end - i <= _LONGEST + 2 and is_read:
            for first, last in _road_ends(doc, i, end):
                yield Chunk(first, last, doc[first:last].text.lstrip(_MARKS))
        i = max(end, i + 1)


def _is_name_word(token: Token) -> bool:
    word = token.text.lstrip(_MARKS)
    if len(word) < 2 or not word[0].isupper() or (word.isupper() and len(word) < 6):
        return False
    if not word.replace("'", "").replace("’", "").isalpha() or token.ent_type_ in NOT_NAMES - {"NORP"}:
        return False
    if word.lower() in slot_words()["calendar"]:
        return False
    if token.pos_ in ("PROPN", "X") or word.lower() in slot_words()["formative"]:
        return True
    # The tagger guesses at names that it never met; what no dictionary has is one.
    return not token.is_stop and token.pos_ in _GUESSED and not is_dictionary_word(word.lower())


def _opens_name(doc: Doc, i: int) -> bool:
    """Whether a small article begins a name ("al-X")."""
    return (
        i + 2 < len(doc)
        and doc[i].lower_ in slot_words()["article"]
        and doc[i + 1].text == "-"
        and not doc[i + 1].whitespace_
        and doc[i + 2].text[:1].isupper()
    )


def _road_ends(doc: Doc, first: int, last: int) -> tuple[tuple[int, int], ...]:
    """A run of capitalised words, or the two places that a road joins: "the A-B road"."""
    dash = next((i for i in range(first + 1, last - 1) if doc[i].text in _DASHES), None)
    if dash is None or not _is_road(doc, last):
        return ((first, last),)
    return ((first, dash), (dash + 1, last))


def _is_road_end(doc: Doc, chunk: Chunk) -> bool:
    """Whether a name is one of the two that stand joined before "road", whatever dash joins them."""
    if _is_road(doc, chunk.last):
        joint = chunk.first - 1
        return joint > 0 and doc[joint].text in _DASHES and doc[joint - 1].text[:1].isupper()
    if chunk.last >= len(doc) or doc[chunk.last].text not in _DASHES:
        return False
    beyond = _beyond_list(doc, chunk.last + 1, 1)
    return beyond > chunk.last + 1 and _is_road(doc, beyond)


def _is_road(doc: Doc, at: int) -> bool:
    return at < len(doc) and doc[at].lower_ in _ROADS


def _span(parsed: Parsed, chunk: Chunk) -> tuple[int, int]:
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
    chunk: Chunk,
    grounds: Mapping[int, bool],
    near: Near,
    gazetteer: Gazetteer,
    listed: frozenset[int],
    *,
    is_list: bool,
) -> bool:
    doc = parsed.doc
    words = slot_words()
    heads = _heads_line(parsed, chunk)
    if (_is_person(doc, chunk) and not heads) or _is_body(doc, chunk):
        return False
    root = doc[chunk.first : chunk.last].root
    known = near.has(chunk.words)
    if doc[chunk.first].text.lstrip(_MARKS).lower() in words["formative"] and chunk.last - chunk.first > 1:
        return True
    if heads and parsed.text[_span(parsed, chunk)[1]] in ".?":
        # Who speaks is followed by a colon; a name alone before a full stop is what the paragraph is about.
        return known or not is_dictionary_word(chunk.words.lower())
    if heads:
        return known or (is_list and not is_dictionary_word(chunk.words.lower()))
    if not known and _is_caught(root):
        return False
    ground = [is_taken for g, is_taken in grounds.items() if chunk.first <= g < chunk.last]
    if ground and (any(ground) or gazetteer.has(chunk.words)):
        # An unknown name is a place only where ground is what is told of; elsewhere it may be anybody.
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
    is_led = before is not None and before.pos_ in ("ADP", "SCONJ", "ADV", "PART")
    if (
        is_led
        and before is not None
        and (_is_locative(before, known=is_seen) or leads_by_preposition(before))
    ):
        return True
    if (
        before is not None
        and before.lower_ == "the"
        and doc[before.i - 1].lower_ in words["reaching"]
        and root.ent_type_ not in ("ORG", "NORP")
    ):
        return True
    if is_told_as_ground(doc, chunk.first, chunk.last):
        return True
    if root.dep_ in ("nsubj", "compound") and _has_fallen(root.head):
        return True
    return _is_listed(root, listed) or _is_example(doc, chunk) or _is_road_end(doc, chunk) or known


def _listed_tokens(doc: Doc, places: Sequence[PlaceMention]) -> frozenset[int]:
    """The tokens of the places that are known, countries aside."""
    found: set[int] = set()
    for place in places:
        if place.role == "literal" and place.kind != "country":
            span = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
            found.update(range(span.start, span.end) if span is not None else ())
    return frozenset(found)


def _is_example(doc: Doc, chunk: Chunk) -> bool:
    """Whether a name is one of several that a plural tells to be places.

    "Three villages, including A, B and C", "newly freed areas A, B and C", "A, B and C villages".
    """
    at = _beyond_list(doc, chunk.first - 1, -1)
    is_opened = at >= 0 and (
        doc[at].lower_ in _OPENING or (doc[at].lower_ == "as" and at and doc[at - 1].lower_ == "such")
    )
    if is_opened and any(_are_places(t) for t in doc[max(0, at - _BEFORE_EXAMPLES) : at]):
        return True
    if at >= 0 and _are_places(doc[at]) and at == chunk.first - 1:
        return True
    at = _beyond_list(doc, chunk.last, 1)
    return at < len(doc) and _are_places(doc[at]) and doc[at - 1].text[:1].isupper()


def _beyond_list(doc: Doc, at: int, step: int) -> int:
    """The first token from `at` on, forwards or backwards, that is no name and no joint of a list of them."""
    for _ in range(_LONGEST_LIST * 2):
        if not 0 <= at < len(doc):
            break
        token = doc[at]
        if token.lower_ not in JOINTS and token.text != "-" and not token.text[:1].isupper():
            break
        at += step
    return at


def _are_places(token: Token) -> bool:
    """Whether a word is the plural of a kind of settlement: "villages", "districts"."""
    return token.tag_ == "NNS" and lemma_of(token) in _KINDS


def _is_listed(root: Token, listed: frozenset[int]) -> bool:
    """Whether a name stands in a list with a place that is known ("in A, B and X", "between X and A")."""
    after = next((c for c in root.children if c.dep_ == "conj"), None)
    if after is not None and (
        after.i in listed or any(c.i in listed for c in after.children if c.dep_ == "compound")
    ):
        return True
    for _ in range(_LONGEST_LIST):
        if root.dep_ != "conj":
            return False
        root = root.head
        if root.i in listed:
            return True
    return False


def _is_locative(preposition: Token, *, known: bool) -> bool:
    words = slot_words()
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
    if root.dep_ not in ("dobj", "nsubjpass") or lemma_of(verb) not in slot_words()["catching"]:
        return False
    if root.ent_type_ == "PERSON" and root.dep_ == "nsubjpass":
        return True
    return any(
        c.dep_ == "prep"
        and c.lower_ in slot_words()["strong"]
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


def _heads_line(parsed: Parsed, chunk: Chunk) -> bool:
    """Whether a name heads a line or a sentence of its own ("X: quiet.", "Y – we now show …")."""
    start, end = _span(parsed, chunk)
    if _LINE_HEAD.match(parsed.text, end) is not None or _JOINT_HEAD.match(parsed.text, end) is not None:
        return _BEFORE_HEAD.search(parsed.text, max(0, start - _LEAD), start) is not None
    # "X. The bridge is ours.": a name alone is the topic of its paragraph.
    return (
        _TOPIC_END.match(parsed.text, end) is not None
        and _BEFORE_TOPIC.search(parsed.text, max(0, start - _LEAD), start) is not None
    )


def _lists_places(parsed: Parsed, places: Sequence[PlaceMention]) -> bool:
    """Whether lines of the report are headed by places that are known."""
    return any(
        p.role == "literal"
        and p.place_id is not None
        and _LINE_HEAD.match(parsed.text, p.span.end) is not None
        and _BEFORE_HEAD.search(parsed.text, max(0, p.span.start - 40), p.span.start) is not None
        for p in places
    )


def _lists_names(parsed: Parsed, chunks: Sequence[Chunk], near: Near) -> bool:
    """Whether lines are headed by names: one known where the report is, or two that no dictionary has."""
    heads = {
        c.words
        for c in chunks
        if _heads_line(parsed, c) and not _is_person(parsed.doc, c) and not _is_body(parsed.doc, c)
    }
    if any(near.has(h) for h in heads):
        return True
    return sum(all(not is_dictionary_word(w) for w in h.lower().split()) for h in heads) > 1


def _surnames(doc: Doc, chunks: Sequence[Chunk]) -> frozenset[str]:
    """Last words of the persons' full names in a report: alone they are the same persons."""
    full = {
        doc[c.last - 1].text
        for c in chunks
        if c.last - c.first > 1
        and (_is_person(doc, c) or all(t.ent_type_ == "PERSON" for t in doc[c.first : c.last]))
    }
    return frozenset(full)


def _is_person(doc: Doc, chunk: Chunk) -> bool:
    """Whether a name is somebody's: after a title, or the subject of a saying verb."""
    words = place_words()
    before = doc[chunk.first - 1] if chunk.first else None
    if before is not None and before.lower_.rstrip(".") in words.person_before and before.text[:1].isupper():
        return True
    first = doc[chunk.first].lower_.rstrip(".")
    if (
        first in words.person_before
        and chunk.last - chunk.first > 1
        and first not in slot_words()["formative"]
    ):
        return True
    root = doc[chunk.first : chunk.last].root
    return root.dep_ == "nsubj" and lemma_of(root.head) in slot_words()["speaking"]


def _is_body(doc: Doc, chunk: Chunk) -> bool:
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
    if parts[-1] in slot_words()["generic"]:
        parts = parts[:-1]
    return following in place_words().not_place_after or is_compass(parts)
