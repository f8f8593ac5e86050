"""The sides that a report itself shows: armed groups by name, the state that it is about.

A parse, its place mentions, its events and a way to look up states enter; a `Roster` leaves: which tokens
name which group, the home state, and who is likely to be meant by "the army" or "the rebels".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
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
_NAMELESS = frozenset({"DET", "ADP", "PRON", "CCONJ", "SCONJ", "ADV", "VERB", "AUX", "NUM", "INTJ"})
"""Parts of speech of words that name nothing but as acronyms."""
_HINTED = 1
"""Evidence that is enough where the text tells of "rebels" and must have named them somewhere."""
_OFTEN = 2
"""How often "the rebels" must be told of, where nothing says what they did, to be one side's name."""
_BEATEN = frozenset({"defeat", "kill", "suffer_harm", "lose_persons", "lose_equipment", "destroy"})
"""Frames of counts and defeats: who inflicts and suffers them fights."""
_LITERAL_PLACES = frozenset({"settlement", "admin", "facility", "landform", "water", "other"})
_FIGHTING = frozenset({"territory", "presence", "fire"})
_HYPHENS = frozenset({"-", "–", "‑"})
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
    tokens = head.doc.tokens
    while first > 1 and not (before := tokens[first - 1]).whitespace_ and not before.is_space:
        if before.text not in _HYPHENS and tokens[first].text not in _HYPHENS:
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
    doers = _find_doers(doc)
    evidence: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for (start, end), name in named_at.items():
        key = fold_name(name)
        shown.setdefault(key, name)
        evidence[key] += _weigh(doc, start, end, acting, doers)
    short_of = _find_short_names(doc, chunks)
    short_of |= merge_forms({fold_name(name) for name in named_at.values()})
    merged: Counter[str] = Counter()
    for key, weight in evidence.items():
        merged[short_of.get(key, key)] += weight
    armies = find_armies(doc, named_at)
    candidates = {k: n for k, n in merged.items() if k not in located and k not in armies}
    groups = {k: n for k, n in candidates.items() if n >= _ENOUGH}
    is_home_war = _is_of_one_state(doc, home, state_of)
    if not groups:
        # Where the text tells of "rebels" it must have named them; else a name has to do a side's deed.
        least = _HINTED
        if side_words()["irregular"].isdisjoint(lemmas_of(doc)):
            least = _OFTEN if is_home_war else _ENOUGH
        times = Counter(map(fold_name, named_at.values()))
        found_at = _listed_places(places)
        best = sorted(
            (
                (n, times[k], k)
                for k, n in candidates.items()
                if n >= least
                and (k not in found_at or is_acronym(shown.get(k, k)))
                and not _is_type(shown.get(k, k))
            ),
            reverse=True,
        )
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
    return Roster(
        by_token, tuple(ranked), home, None if groups else _find_unnamed(doc, acting, is_home_war=is_home_war)
    )


def _find_unnamed(doc: Doc, acting: set[int], *, is_home_war: bool) -> str | None:
    """The word by which a report without names calls those who fight the state, if it is one of the war."""
    words = side_words()
    told: Counter[str] = Counter()
    shapes: dict[str, Counter[str]] = {}
    is_acting: set[str] = set()
    fighters = words["irregular"] | words["unnamed"]
    for index, lemma in enumerate(lemmas_of(doc)):
        if lemma not in fighters or (token := doc[index]).pos_ not in ("NOUN", "PROPN"):
            continue
        told[lemma] += 1
        shapes.setdefault(lemma, Counter())[token.lower_] += 1
        if token.i in acting:
            is_acting.add(lemma)
    is_side = is_acting or (is_home_war and not words["irregular"].isdisjoint(told))
    if not is_side and sum(told.values()) < _OFTEN:
        return None
    best = min(told, key=lambda w: (-told[w], w not in is_acting, w))
    # "Rebels" are a side, "a rebel" is a man, a "rebel commander" their officer.
    return min(shapes[best], key=lambda shape: (shape == best, -shapes[best][shape], shape))


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
    i, tokens, words = 0, doc.tokens, doc.words
    while i < len(tokens):
        if not _is_name_word(tokens[i]):
            i += 1
            continue
        start = i
        end = i + 1
        while end < len(tokens):
            token, before = tokens[end], tokens[end - 1]
            glued = token.text in ("-", "–", "/") and not before.whitespace_ and not token.whitespace_
            article = token.lower_ in _ARTICLES and end + 2 < len(tokens) and words[end + 1] == "-"
            if article and _is_name_word(tokens[end + 2]):
                end += 3
            elif glued and end + 1 < len(tokens) and _is_name_word(tokens[end + 1]):
                end += 2
            elif (before.whitespace_ or before.text in ("-", "/")) and _is_name_word(token):
                end += 1
            else:
                break
        if start > 1 and words[start - 1] in ("-", "–") and tokens[start - 2].lower_ in _ARTICLES:
            start -= 2
        # "Sudanese RSF": the state before an acronym is not part of the name.
        if end - start > 1 and words[end - 1].isupper() and state_of(words[start]) is not None:
            start = end - 1
        if not _is_barred(doc, start, end, state_of):
            found.append((start, end))
        i = end
    return found


def _is_name_word(token: Token) -> bool:
    if not token.text[0].isupper() or not token.text[-1].isalnum():
        return False
    if token.pos_ in _NAMELESS:
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
    tokens = doc.tokens[start:end]
    first = tokens[0]
    if len(tokens) == 1 and (
        first.lower_ in side_words()["helpers"] or first.lower_ in side_words()["feasts"]
    ):
        return True
    is_opening = len(tokens) == 1 and first.is_sent_start and first.dep_ in ("amod", "compound")
    if is_opening and not noun_classes().get(lemma_of(first.head)) and not is_acronym(first.text):
        # "Heavy firing": what opens a sentence is written large for that alone.
        return True
    before = doc.tokens[start - 1] if start else None
    if before is not None and ":" not in before.text and (before.text[0].isdigit() or before.like_num):
        return True
    if any(t.text[0].isdigit() for t in tokens) or (end < len(doc) and doc.words[end] == ":"):
        return True
    if len(tokens) == 1 and not is_acronym(first.text):
        low, classes = first.lower_, noun_classes()
        has_force = first.dep_ == "amod" and "force" in classes.get(lemma_of(first.head), ())
        is_people = first.pos_ in ("ADJ", "NOUN") and (first.ent_type_ == "NORP" or has_force)
        if not (first.pos_ == "PROPN" or is_people) or lemma_of(first) in classes:
            return True
        if low in COMPASS or low.removesuffix("s") in classes or low in classes:
            return True
    if is_formation([t.lower_ for t in tokens]):
        return True
    if all(t.ent_type_ == "PERSON" for t in tokens):
        words = [t for t in tokens if t.text not in ("-", "–") and t.lower_ not in _ARTICLES]
        if len(words) > 1 and doc[start:end].root.head.lower_ != "by":
            return True
    return state_of(doc[start:end].text) is not None


def _weigh(doc: Doc, start: int, end: int, acting: set[int], doers: Collection[Token]) -> int:
    """How much one naming says that the name is an armed group's.

    Args:
        doc: The parse.
        start: First token of the name.
        end: The one after its last.
        acting: Tokens of who acts and suffers in the events.
        doers: Who does what only a side in a war does.
    """
    words = side_words()
    tokens = doc.tokens
    root = tokens[end - 1]
    weight = 0
    if lemma_of(root.head) in words["watching"] or any(
        lemma_of(t) in words["watching"]
        for t in tokens[end : end + 2]
        if t.dep_ not in ("dobj", "pobj", "nsubj")
    ):
        # "the TKO mission", "a TKO peacekeeper": who watches and helps is no side.
        return -2
    following = tokens[end] if end < len(tokens) else None
    if following is not None and following.text in ("-", "–") and end + 1 < len(tokens):
        return 2 if tokens[end + 1].lower_ in words["joined"] else 0
    if following is not None and following.lower_ in ("'s", "’s") and end + 1 < len(tokens):
        following = tokens[end + 1]
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
    if start > 1 and tokens[start - 1].text == "(" and _is_body(tokens[start - 2]):
        # "opposition factions (TKR)"
        weight += 3
    is_acting = any(i in acting for i in range(start, end))
    if not is_acting and root in doers:
        weight += 2
    if any(lemma_of(c) in words["irregular"] for c in root.children if c.dep_ == "appos"):
        weight += 3
    if start and root.dep_ == "nmod" and tokens[start - 1].dep_ == "prep":
        # "In the direction of Borsk two attacks …": the parser ties the place to what follows.
        return 0
    if is_acting:
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


def _find_doers(doc: Doc) -> set[Token]:
    """Subjects of what only a side in a war does (takes, attacks, withdraws), and all listed after them."""
    deeds = side_words()["deeds"]
    found: set[Token] = set()
    waiting = [
        child
        for verb, lemma in zip(doc, lemmas_of(doc), strict=True)
        if lemma in deeds and verb.pos_ == "VERB"
        for child in verb.children
        if child.dep_ == "nsubj"
    ]
    while waiting:
        noun = waiting.pop()
        found.add(noun)
        if noun.pos_ in ("PROPN", "NOUN"):
            waiting += [child for child in noun.children if child.dep_ == "conj"]
    return found


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


def _is_of_one_state(doc: Doc, home: str | None, state_of: Callable[[str], str | None]) -> bool:
    """Whether no other state than the one at home is named: whoever fights it there is a group."""
    return home is not None and not any(
        text[:1].isupper() and t.pos_ in ("PROPN", "ADJ") and state_of(text) not in (None, home)
        for text, t in zip(doc.words, doc.tokens, strict=True)
    )


def _is_type(name: str) -> bool:
    """Whether a name is that of a make of arms: "F-16s", "BM-21"."""
    return "-" in name and any(c.isdigit() for c in name)


def _listed_places(places: Sequence[PlaceMention]) -> set[str]:
    """Folded words of places that the gazetteer knows: "Dar es Salaam" has "Salaam" in it."""
    found: set[str] = set()
    for mention in places:
        if mention.kind in _LITERAL_PLACES and mention.place_id is not None:
            name = fold_name(mention.span.exact)
            found.update((name, *name.split()))
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
