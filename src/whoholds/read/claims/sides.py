"""The sides that a report itself shows: armed groups by name, the state that it is about.

A parse, its place mentions, its events and a way to look up states enter; a `Roster` leaves: which tokens
name which group, the home state, and who is likely to be meant by "the army" or "the rebels".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from whoholds.model import EVENT_GROUPS, PlaceMention
from whoholds.read.claims.sidenames import (
    find_acronym,
    find_armies,
    is_acronym,
    is_formation,
    merge_forms,
    side_words,
)
from whoholds.read.events.lexicon import lemma_of, lemmas_of, noun_classes
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Doc, Span, Token
from whoholds.theatre import fold_name

__all__ = ["COMPASS", "ENEMY", "Roster", "core_words", "find_roster", "is_state", "side_words"]

ENEMY = frozenset({"enemy", "adversary", "opponent", "invader", "occupier", "aggressor", "attacker"})
"""Nouns by which the other side is called, whoever speaks."""
_PARTS = frozenset(
    {"compound", "amod", "nmod", "det", "poss", "case", "punct", "nummod", "quantmod", "advmod", "flat"}
)
_ENOUGH = 3
"""Evidence that makes a name a group: one phrase that says so ("X fighters"), or two that hint at it."""
_HINTED = 1
"""Evidence that is enough where the text tells of "rebels" and must have named them somewhere."""
_OFTEN = 2
"""How often "the rebels" must be told of, where nothing says what they did, to be one side's name."""
_BEATEN = frozenset({"defeat", "kill", "suffer_harm", "lose_persons", "lose_equipment", "destroy"})
"""Frames of counts and defeats: who inflicts and suffers them fights."""
_LITERAL_PLACES = frozenset({"settlement", "admin", "facility", "landform", "water", "other"})
_FIGHTING = frozenset({"territory", "presence", "fire"})
_ARTICLES = frozenset({"al", "el", "ad", "ar", "as", "ash", "an", "az"})
COMPASS = frozenset({"north", "south", "east", "west", "northern", "southern", "eastern", "western"})
_AT = frozenset({"in", "at", "near", "from", "to", "toward", "towards", "into", "around", "outside"})


def core_words(head: Token) -> tuple[int, int]:
    """First and last token (inclusive) of a phrase without its clauses and prepositional tails."""
    first = last = head.i
    stack = [head]
    while stack:
        for child in stack.pop().children:
            if child.dep_ in _PARTS and not (child.dep_ == "punct" and child.i > head.i):
                first, last = min(first, child.i), max(last, child.i)
                stack.append(child)
    # "Turkish-backed", "Serb-held": the parser cuts at hyphens, the words do not.
    while first > 1 and not head.doc[first - 1].whitespace_ and not head.doc[first - 1].is_space:
        if head.doc[first - 1].text not in ("-", "–", "‑") and head.doc[first].text not in ("-", "–", "‑"):
            break
        first -= 1
    return first, last


def is_state(party: str) -> bool:
    """Whether a party's id is a state's code, as it is where no theatre gives others."""
    return len(party) == 2 and party.isupper()


@dataclass(frozen=True, slots=True)
class Roster:
    """The sides of one report.

    Attributes:
        by_token: Token to the group that it names.
        groups: Groups with their evidence, the strongest first.
        home: ISO code of the state that the report is about, or None.
        unnamed: The word for a group that the report never names ("rebels", "militia"), or None.
    """

    by_token: dict[int, str] = field(default_factory=dict)
    groups: tuple[tuple[str, int], ...] = ()
    home: str | None = None
    unnamed: str | None = None

    @property
    def main_group(self) -> str | None:
        """The group that "the rebels" means: the only one, or one far ahead of the next, else that word."""
        if not self.groups:
            return self.unnamed
        if len(self.groups) > 1 and self.groups[1][1] * 2 > self.groups[0][1]:
            return None
        return self.groups[0][0]


def find_roster(
    doc: Doc,
    places: Sequence[PlaceMention],
    events: Iterable[EventMention],
    state_of: Callable[[str], str | None],
    publisher: str | None = None,
) -> Roster:
    """The groups that a report names, and the state that it is about.

    Args:
        doc: The parse.
        places: Its place mentions.
        events: Its events: who takes, holds and fires is a side.
        state_of: The state that a word names, or None.
        publisher: Who published it: its own name is no group's.
    """
    outlet = fold_name(publisher or "")
    named_at: dict[tuple[int, int], str] = {}
    for start, end in _find_names(doc, state_of):
        span = doc[start:end]
        if not _is_outlet(span, outlet):
            named_at[start, end] = span.text
    chunks = list(named_at)
    acting = {
        i
        for e in events
        if EVENT_GROUPS[e.event] in _FIGHTING or e.frame in _BEATEN
        for i in (e.actor, e.target)
        if i is not None
    }
    home = _find_home(places, state_of)
    located = _located_names(doc, places, home)
    evidence: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for (start, end), name in named_at.items():
        key = fold_name(name)
        shown.setdefault(key, name)
        evidence[key] += _weigh(doc, start, end, acting)
    short_of = _find_short_names(doc, chunks)
    short_of |= merge_forms({fold_name(name) for name in named_at.values()})
    merged: Counter[str] = Counter()
    for key, weight in evidence.items():
        merged[short_of.get(key, key)] += weight
    armies = find_armies(doc, named_at)
    candidates = {k: n for k, n in merged.items() if k not in located and k not in armies}
    groups = {k: n for k, n in candidates.items() if n >= _ENOUGH}
    if not groups and not side_words()["irregular"].isdisjoint(lemmas_of(doc)):
        times = Counter(map(fold_name, named_at.values()))
        best = sorted(((n, times[k], k) for k, n in candidates.items() if n >= _HINTED), reverse=True)
        if best and (len(best) == 1 or best[1][:2] < best[0][:2]):
            groups = {best[0][2]: best[0][0]}
    if not groups:
        groups = find_acronym(doc, named_at, candidates)
    named = {key: shown.get(key, key) for key in groups}
    by_token = {
        i: named[name]
        for (start, end), text in named_at.items()
        if (name := short_of.get(key := fold_name(text), key)) in groups
        for i in range(start, end)
    }
    if home is not None:
        by_token |= {
            i: home
            for (start, end), name in named_at.items()
            if fold_name(name) in armies
            for i in range(start, end)
        }
    ranked = sorted(((named[k], n) for k, n in groups.items()), key=lambda e: (-e[1], e[0]))
    return Roster(by_token, tuple(ranked), home, None if groups else _find_unnamed(doc, acting))


def _find_unnamed(doc: Doc, acting: set[int]) -> str | None:
    """The word by which a report without names calls those who fight the state, if it is one of the war."""
    words = side_words()
    told: Counter[str] = Counter()
    is_acting: set[str] = set()
    fighters = words["irregular"] | words["unnamed"]
    for index, lemma in enumerate(lemmas_of(doc)):
        if lemma not in fighters or (token := doc[index]).pos_ not in ("NOUN", "PROPN"):
            continue
        word = token.lower_
        told[word] += 1
        if token.i in acting:
            is_acting.add(word)
    if not is_acting and sum(told.values()) < _OFTEN:
        return None
    return min(told, key=lambda w: (-told[w], w not in is_acting, w))


def _is_outlet(span: Span, publisher: str) -> bool:
    """Whether a name is a medium's or an office's: the publisher's own, or one with a word for media."""
    name = fold_name(span.text)
    if " " in name and name in publisher:
        return True
    return len(span) > 1 and (
        span[-1].lower_ in side_words()["outlets"] or span[0].lower_ in side_words()["outlets"]
    )


def _find_names(doc: Doc, state_of: Callable[[str], str | None]) -> list[tuple[int, int]]:
    """Runs of capitalised words that may name a group, as token ranges."""
    found: list[tuple[int, int]] = []
    i = 0
    # One look at the letters spares most tokens the rest.
    capital = [word[:1].isupper() for word in doc.words]
    while i < len(doc):
        if not capital[i] or not _is_name_word(doc[i]):
            i += 1
            continue
        start = i
        end = i + 1
        while end < len(doc):
            token = doc[end]
            glued = token.text in ("-", "–", "/") and not doc[end - 1].whitespace_ and not token.whitespace_
            article = token.lower_ in _ARTICLES and end + 2 < len(doc) and doc[end + 1].text == "-"
            if article and _is_name_word(doc[end + 2]):
                end += 3
            elif glued and end + 1 < len(doc) and _is_name_word(doc[end + 1]):
                end += 2
            elif _is_name_word(token) and (doc[end - 1].whitespace_ or doc[end - 1].text in ("-", "/")):
                end += 1
            else:
                break
        if start > 1 and doc[start - 1].text in ("-", "–") and doc[start - 2].lower_ in _ARTICLES:
            start -= 2
        # "Sudanese RSF": the state before an acronym is not part of the name.
        if end - start > 1 and doc[end - 1].text.isupper() and state_of(doc[start].text) is not None:
            start = end - 1
        if not _is_barred(doc, start, end, state_of):
            found.append((start, end))
        i = end
    return found


def _is_name_word(token: Token) -> bool:
    if not token.text[:1].isupper() or not token.text[-1:].isalnum():
        return False
    if token.pos_ in ("DET", "ADP", "PRON", "CCONJ", "SCONJ", "ADV", "VERB", "AUX", "NUM", "INTJ"):
        return is_acronym(token.text)
    if token.ent_type_ not in ("DATE", "TIME"):
        return True
    # "29 January Fano fighters": the recogniser runs on past a date.
    following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    return (
        token.text.isalpha()
        and following is not None
        and following.ent_type_ != token.ent_type_
        and lemma_of(following) in side_words()["irregular"]
    )


def _is_barred(doc: Doc, start: int, end: int, state_of: Callable[[str], str | None]) -> bool:
    """Persons, states and numbered units are no groups."""
    span = doc[start:end]
    if end - start == 1 and span[0].lower_ in side_words()["helpers"]:
        return True
    before = doc[start - 1].text if start > 0 else ""
    if ":" not in before and (before[:1].isdigit() or (before and doc[start - 1].like_num)):
        return True
    if any(t.text[:1].isdigit() for t in span) or (end < len(doc) and doc[end].text == ":"):
        return True
    if end - start == 1 and not is_acronym(span[0].text):
        has_force = span[0].dep_ == "amod" and "force" in noun_classes().get(lemma_of(span[0].head), ())
        is_people = span[0].pos_ in ("ADJ", "NOUN") and (span[0].ent_type_ == "NORP" or has_force)
        if not (span[0].pos_ == "PROPN" or is_people) or noun_classes().get(lemma_of(span[0]).lower()):
            return True
        if span[0].lower_ in COMPASS or noun_classes().get(span[0].lower_.removesuffix("s")):
            return True
        if noun_classes().get(span[0].lower_):
            return True
    if is_formation([t.lower_ for t in span]):
        return True
    words = [t for t in span if t.text not in ("-", "–") and t.lower_ not in _ARTICLES]
    if len(words) > 1 and all(t.ent_type_ == "PERSON" for t in span) and span.root.head.lower_ != "by":
        return True
    return state_of(span.text) is not None


def _weigh(doc: Doc, start: int, end: int, acting: set[int]) -> int:
    """How much one naming says that the name is an armed group's."""
    words = side_words()
    root = doc[end - 1]
    weight = 0
    if lemma_of(root.head) in words["watching"] or any(
        lemma_of(t) in words["watching"]
        for t in doc[end : end + 2]
        if t.dep_ not in ("dobj", "pobj", "nsubj")
    ):
        # "the TKO mission", "a TKO peacekeeper": who watches and helps is no side.
        return -2
    following = doc[end] if end < len(doc) else None
    if following is not None and following.text in ("-", "–") and end + 1 < len(doc):
        return 2 if doc[end + 1].lower_ in words["joined"] else 0
    if following is not None and following.lower_ in ("'s", "’s") and end + 1 < len(doc):
        following = doc[end + 1]
    if following is not None and not following.text[:1].isupper():
        lemma = lemma_of(following)
        if lemma in words["irregular"] or following.lower_ in words["irregular"]:
            weight += 3
        elif lemma in words["members"]:
            weight += 2 if is_acronym(root.text) else 1
    head = root.head
    if root.dep_ == "pobj" and head.lower_ in ("of", "by"):
        above = head.head.head if head.dep_ == "agent" or head.head.dep_ == "acl" else head.head
        if lemma_of(above) in words["irregular"] or above.lower_ == "men":
            weight += 3
        elif lemma_of(above) in words["members"] or lemma_of(above) == "remnant" or head.dep_ == "agent":
            weight += 2
    if root.dep_ == "pobj" and head.lower_ in ("against", "with"):
        weight += 1
    if weight == 0 and root.dep_ in ("compound", "nmod", "poss") and head.i > end:
        # "TKR political officer", "the TKR's new commander"
        lemma = lemma_of(head)
        weight += 3 * (lemma in words["irregular"]) or (1 + is_acronym(root.text)) * (
            lemma in words["members"]
        )
    if start > 1 and doc[start - 1].text == "(" and _is_body(doc[start - 2]):
        # "opposition factions (TKR)"
        weight += 3
    if not any(i in acting for i in range(start, end)) and _does_deed(root):
        weight += 2
    if any(lemma_of(c) in words["irregular"] for c in root.children if c.dep_ == "appos"):
        weight += 3
    if start and root.dep_ == "nmod" and doc[start - 1].dep_ == "prep":
        # "In the direction of Borsk two attacks …": the parser ties the place to what follows.
        return 0
    if any(i in acting for i in range(start, end)):
        weight += 2
    if end - start > 1 and root.lower_ in words["bodies"]:
        weight += 2
    if is_acronym(root.text) and any(c.lower_ == "the" for c in root.children):
        weight += int(root.dep_ in ("nsubj", "agent", "pobj", "dobj", "poss", "conj"))
    return weight


def _is_body(token: Token) -> bool:
    """Whether a common noun is a body of fighters: "rebels", "factions"."""
    words = side_words()
    lemma = lemma_of(token)
    return lemma in words["irregular"] or lemma in words["collective"] or token.lower_ in words["bodies"]


def _does_deed(root: Token) -> bool:
    """Whether a name is the subject of what only a side in a war does: takes, attacks, withdraws."""
    token = root
    while token.dep_ == "conj" and token.head.pos_ in ("PROPN", "NOUN"):
        token = token.head
    return (
        token.dep_ == "nsubj" and token.head.pos_ == "VERB" and lemma_of(token.head) in side_words()["deeds"]
    )


def _find_short_names(doc: Doc, chunks: Sequence[tuple[int, int]]) -> dict[str, str]:
    """Folded long name to folded acronym, where the text has both."""
    acronyms = {doc[s:e].text for s, e in chunks if e - s == 1 and is_acronym(doc[s].text)}
    found: dict[str, str] = {}
    for start, end in chunks:
        if end - start < 2:
            continue
        initials = "".join(t.text[0] for t in doc[start:end] if t.text[0].isalpha()).upper()
        for acronym in acronyms:
            if initials == acronym or initials == acronym.replace("-", ""):
                found[fold_name(doc[start:end].text)] = fold_name(acronym)
    for (start, end), (short, short_end) in pairwise(chunks):
        # "the Long Name (ABC)", whatever language its letters come from.
        is_bracketed = (
            short == end + 1 and doc[end].text == "(" and doc[short_end : short_end + 1].text == ")"
        )
        if is_bracketed and is_acronym(doc[short].text) and end - start > 1:
            found[fold_name(doc[start:end].text)] = fold_name(doc[short].text)
    return found


def _located_names(doc: Doc, places: Sequence[PlaceMention], home: str | None) -> set[str]:
    """Folded names that stand as places after a preposition of place: towns, whoever is called after them."""
    found: set[str] = set()
    for mention in places:
        if mention.role != "literal" or mention.kind not in _LITERAL_PLACES:
            continue
        span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
        if span is None:
            continue
        before = doc[span.start - 1].lower_ if span.start else ""
        if before in _AT or (mention.place_id is not None and mention.country == home):
            found.add(fold_name(mention.span.exact))
    return found


def _find_home(places: Sequence[PlaceMention], state_of: Callable[[str], str | None]) -> str | None:
    """The state that most of a report's places lie in; demonyms and names of states count as well."""
    weight: Counter[str] = Counter()
    for mention in places:
        if mention.kind == "country" or mention.role != "literal":
            state = state_of(mention.span.exact)
            if state is not None:
                weight[state] += 1
        elif mention.country is not None and mention.place_id is not None:
            weight[mention.country] += 2 if mention.p >= 0.5 else 1
    if not weight:
        return None
    return min(weight, key=lambda c: (-weight[c], c))
