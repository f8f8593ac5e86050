"""Notes without a verb: "Arbin: army inside, banks shut", "12 dead", "Borsk: disputed".

A parse and the tokens that other claims have taken enter; the pieces of verbless sentences that tell
something leave, each with its tokens and the event that its words name. Situation reports, live blogs and
telegrams are written so; a heading ("Needs", "Access") tells nothing and is none.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from whoholds.model import Event
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Span, Token

__all__ = ["Fragment", "find_fragments", "is_calm", "is_negated_fragment"]

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_CUTS = frozenset({",", ";", "—", "–"})
_LONGEST = 40
"""Words of the longest sentence that is read as notes."""
_FEWEST = 2
"""Fewest words of a note."""
_LABEL = 6
"""How many tokens the label of a line may have."""
_STOPS = frozenset({".", "!", "?", '"', "”"})
_GROUND = frozenset(
    {"in", "on", "at", "over", "around", "under", "near", "across", "inside", "outside", "along", "through"}
)
"""Prepositions that say where something is, which is all that many a note tells."""
_KNOWN = frozenset({"the", "this", "that", "our", "their"})
"""What is known already is no news by where it is: "the fighting in the south" is a heading."""
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
_NEGATIVES = frozenset({"no", "none", "not", "never", "nobody", "nothing", "neither", "without"})


@dataclass(frozen=True, slots=True)
class Fragment:
    """One note.

    Attributes:
        head: Token that stands for it.
        tokens: Indexes of its tokens, in order.
        event: What its words name.
    """

    head: int
    tokens: tuple[int, ...]
    event: Event


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "fragments.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def find_fragments(
    parsed: Parsed,
    taken: Collection[int],
    readable: Callable[[int], bool],
    spoken: Collection[int] = (),
) -> Iterator[Fragment]:
    """The notes of a report, in the order of the text.

    Args:
        parsed: The report.
        taken: Tokens of the predicates of other claims, of cues and of sources.
        readable: Whether a code point lies in running text.
        spoken: Tokens of words that are somebody's, in which no other claim stands.
    """
    for sentence in parsed.doc.sents:
        words = [t for t in sentence if not t.is_space]
        if not _FEWEST <= len(words) <= _LONGEST or not readable(words[0].idx) or words[-1].text == "?":
            continue
        is_plain = not any(_has_verb(t) or t.i in taken for t in words)
        if not is_plain and not is_note_line(words[0]) and not any(t.i in spoken for t in words):
            continue
        for piece in _pieces(sentence, taken):
            if not is_plain and any(_has_verb(t) or t.i in taken for t in piece):
                continue
            event = _event_of(piece)
            if event is None and all(t.i in spoken for t in piece):
                event = Event.OTHER
            if event is not None:
                yield Fragment(_head_of(piece).i, tuple(t.i for t in piece), event)


def is_note_line(token: Token) -> bool:
    """Whether a token's line is a note: opened by a bullet, an hour or a label, or without a full stop."""
    doc, words = token.doc, token.doc.words
    breaks = doc.line_breaks
    at = bisect_left(breaks, token.i)
    first = breaks[at - 1] + 1 if at else 0
    # A token that is a break itself is no end of its own line.
    at += at < len(breaks) and breaks[at] == token.i
    last = breaks[at] - 1 if at < len(breaks) else len(words) - 1
    while last > first and words[last].isspace():
        last -= 1
    opening = doc[first : first + _LABEL]
    is_led = not opening[0].is_alpha and not opening[0].is_quote
    return is_led or any(w in (":", "):") for w in words[first : first + _LABEL]) or words[last] not in _STOPS


def is_negated_fragment(tokens: Sequence[Token]) -> bool:
    """Whether a note says that something is not so ("no fee so far")."""
    return any(t.lower_ in _NEGATIVES for t in tokens)


def is_calm(tokens: Sequence[Token]) -> bool:
    """Whether a note says that there is no fighting ("Arbin: calm")."""
    return any(t.lower_ in _words()["calm"] for t in tokens)


def _has_verb(token: Token) -> bool:
    """Whether a token is a finite verb with a subject, or an order."""
    if token.tag_ in _FINITE and any(c.dep_ in _SUBJECTS for c in token.children):
        return True
    if token.tag_ in _FINITE and token.dep_ in ("aux", "auxpass", "cop"):
        return True
    # "Ceasefire in force": a noun that opens a note is often taken for an order.
    is_noun = token.is_sent_start and lemma_of(token) in noun_classes()
    return token.tag_ == "VB" and token.dep_ == "ROOT" and not is_noun


def _pieces(sentence: Span, taken: Collection[int]) -> Iterator[list[Token]]:
    """The parts of a sentence between commas and semicolons; a label before a colon stays on the first.

    A label that names a speaker, whose colon is a cue, is none of what is told.
    """
    piece: list[Token] = []
    for token in sentence:
        if token.text in (":", "):") and token.i in taken:
            piece = []
            continue
        is_cut = token.text in _CUTS
        if is_cut and token.text == "," and _lists_names(token):
            is_cut = False
        if is_cut:
            yield from _trimmed(piece)
            piece = []
        else:
            piece.append(token)
    yield from _trimmed(piece)


def _lists_names(comma: Token) -> bool:
    """Whether a comma stands between two names ("Arbin, Borsk: rebels")."""
    doc = comma.doc
    return (
        0 < comma.i < len(doc) - 1 and doc[comma.i - 1].pos_ == "PROPN" and doc[comma.i + 1].pos_ == "PROPN"
    )


def _trimmed(piece: list[Token]) -> Iterator[list[Token]]:
    words = [t for t in piece if not t.is_space]
    while words and (words[0].is_punct or _CLOCK.fullmatch(words[0].text) or not words[0].text.isalnum()):
        if any(c.isalnum() for c in words[0].text) and not _CLOCK.fullmatch(words[0].text):
            break
        words = words[1:]
    while words and words[-1].is_punct:
        words = words[:-1]
    if sum(1 for t in words if t.is_alpha or t.like_num) >= _FEWEST:
        yield words


def _head_of(piece: Sequence[Token]) -> Token:
    """The token that the others of a piece hang on."""
    own = {t.i for t in piece}
    outer = [t for t in piece if t.head.i not in own or t.head == t]
    return next((t for t in outer if t.pos_ in ("NOUN", "VERB", "ADJ", "PROPN")), piece[0])


def _event_of(piece: Sequence[Token]) -> Event | None:
    """What a note tells, or None where it is a heading, a source or a name."""
    lists = _words()
    lemmas = {lemma_of(t) for t in piece} | {t.lower_ for t in piece}
    if lemmas & lists["sources"] and piece[0].lower_ in ("according", "per", "say", "says", "said"):
        return None
    if not any(t.pos_ in ("NOUN", "PROPN", "NUM", "PRON", "ADJ") for t in piece):
        return None
    after = _after_label(piece)
    has_figure = any(t.like_num for t in piece)
    for name, event in _EVENTS:
        if lemmas & lists[name] and (name != "harmed" or has_figure or is_negated_fragment(piece)):
            return event
    table = noun_classes()
    if any(c in ("side", "force") for t in after for c in table.get(lemma_of(t), ())) and (
        lemmas & lists["staying"] or after is not piece
    ):
        return Event.CONTROL_HELD
    is_state = any(t.tag_ in ("VBN", "VBG") or t.lower_ in lists["states"] for t in after[1:])
    if is_state or (after is not piece and len(after) >= _FEWEST and has_figure):
        return Event.OTHER
    if is_negated_fragment(after[:1]) or (has_figure and lemmas & lists["counted"]):
        return Event.OTHER
    return Event.OTHER if _is_placed(after, lists["headings"]) else None


def _is_placed(piece: Sequence[Token], headings: Collection[str]) -> bool:
    """Whether a note says where something is: "helicopters at the bridge", "240 families on the road"."""
    for number, token in enumerate(piece[1:-1], start=1):
        if token.tag_ == "IN" and token.lower_ in _GROUND:
            if piece[number - 1].pos_ not in ("NOUN", "PROPN", "NUM", "ADV") or piece[0].lower_ in _KNOWN:
                return False
            return not any(lemma_of(t) in headings for t in piece[:number])
    return False


_EVENTS = (
    ("harmed", Event.CASUALTIES),
    ("contested", Event.CONTESTED),
    ("calm", Event.CLASH),
    ("inside", Event.ENTERED),
    ("held", Event.CONTROL_HELD),
    ("guns", Event.SHELLING),
    ("strikes", Event.STRIKE),
    ("fights", Event.CLASH),
    ("lost", Event.EQUIPMENT_LOSSES),
)


def _after_label(piece: Sequence[Token]) -> Sequence[Token]:
    """The words after the colon, where a piece has a label, else all of them."""
    for number, token in enumerate(piece):
        if token.text in (":", "–", "—") and 0 < number < len(piece) - 1:
            return piece[number + 1 :]
    return piece
