"""Time expressions of a text: a parsed text and its publication time enter, `TimeMention`s leave.

Two scans: the first finds expressions that stand alone ("12 March", "last year", "morning"), the second
joins and narrows them ("the morning of 12 March", "early last year"). Meanings are worked out in the
order of the text, since later ones lean on earlier ones ("the next day").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from whoholds.model import Interval, Span, TimeMention, TimexType
from whoholds.read.numerals import Kind, Token, lex
from whoholds.read.times.joins import SECOND_RULES
from whoholds.read.times.meaning import Meaning
from whoholds.read.times.patterns import (
    Match,
    code_of,
    first_scanner,
    load_context,
    load_holidays,
    load_words,
    second_scanner,
)
from whoholds.read.times.rules import FIRST_RULES
from whoholds.read.times.scene import Scene
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed

__all__ = ["extract_times"]

_FIRST_YEAR, _LAST_YEAR = 1000, 9000
"""Publications outside are placeholders (0001-01-01, 9999-12-31), and date arithmetic ends near by."""
_CAPITALISED = frozenset(("month", "weekday", "weekdays", "zone", "holiday"))
_SIGNS = {
    ".": "dot", ",": "comma", "-": "dash", "–": "dash", "—": "dash", "‑": "dash", "'": "apostrophe",
    "’": "apostrophe", "‘": "apostrophe", "/": "slash",
}  # fmt: skip


def extract_times(
    parsed: Parsed, published_at: date | datetime | None, zone: tzinfo = UTC
) -> tuple[TimeMention, ...]:
    """Find the time expressions of a text and what they mean.

    Args:
        parsed: The text and its parse.
        published_at: When it was published; None leaves whatever is relative to it without days.
        zone: Where the days of the text begin and end (the theatre's zone).

    Returns:
        Mentions in the order of the text, without overlap.
    """
    published = published_at.astimezone(zone).date() if isinstance(published_at, datetime) else published_at
    if published is not None and not _FIRST_YEAR <= published.year <= _LAST_YEAR:
        published = None
    tokens = lex(parsed.text)
    scene = Scene(parsed, tokens, published, zone)
    codes = _mark_phrases(tokens, _encode(scene, tokens))
    found: list[tuple[int, int, Meaning]] = []
    start = 0
    for end in [n for n, t in enumerate(tokens) if t.kind is Kind.BREAK] + [len(tokens)]:
        if end > start:
            found.extend(_read_line(scene, codes, start, end))
        start = end + 1
    mentions = (_mention(scene, *item) for item in found)
    return tuple(m for m in mentions if not _is_furniture(parsed, m.span.start))


def _is_furniture(parsed: Parsed, offset: int) -> bool:
    block = parsed.block_at(offset)
    return block is not None and block.kind is BlockKind.FURNITURE


def _encode(scene: Scene, tokens: Sequence[Token]) -> str:
    """The class of each token as one character."""
    by_word, careful = _word_codes()
    other = code_of("other")
    encoded: list[str] = []
    for index, token in enumerate(tokens):
        kind = token.kind
        if kind is Kind.WORD:
            code = by_word.get(token.low, other)
            if code is not other and token.low in careful and not _is_time_word(scene, index, token):
                code = other
        elif kind is Kind.NUMBER:
            code = code_of(_number_class(token))
        elif kind is Kind.SIGN:
            name = _SIGNS.get(token.low)
            code = other if name is None else code_of(name)
        elif kind is Kind.ORDINAL:
            code = code_of("ordinal")
        elif kind is Kind.CLOCK:
            code = code_of("clock")
        elif kind is Kind.DATE:
            code = code_of("isodate")
        elif kind is Kind.HALF_DAY:
            code = code_of("halfday")
        else:
            code = code_of("break")
        encoded.append(code)
    return "".join(encoded)


@lru_cache(maxsize=1)
def _word_codes() -> tuple[dict[str, str], frozenset[str]]:
    """The class of each word as one character, and the words that have other senses too."""
    words = load_words()
    careful = {w for w, (name, _) in words.items() if name in _CAPITALISED}
    return {word: code_of(name) for word, (name, _) in words.items()}, _DOUBTFUL | careful


def _mark_phrases(tokens: Sequence[Token], codes: str) -> str:
    """The codes with each set phrase ("Christmas Eve") as one holiday and what is inside it."""
    phrases = _phrases()
    marked: list[str] | None = None
    for index, token in enumerate(tokens):
        if token.low not in phrases:
            continue
        for phrase in phrases[token.low]:
            if tuple(t.low for t in tokens[index : index + len(phrase)]) == phrase:
                marked = list(codes) if marked is None else marked
                marked[index : index + len(phrase)] = [
                    code_of("holiday"),
                    *([code_of("inside")] * (len(phrase) - 1)),
                ]
                break
    return codes if marked is None else "".join(marked)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(load_holidays(), key=len, reverse=True):
        phrase = tuple(words.split())
        found.setdefault(phrase[0], []).append(phrase)
    return found


def _number_class(token: Token) -> str:
    value = token.value
    if value is None:
        return "other"
    if token.in_words or not token.low.isdecimal():
        return "num"
    if len(token.low) <= 2 and 1 <= value <= 31:
        return "day"
    return "year" if len(token.low) == 4 and 1500 <= value <= 2100 else "num"


_CAPITAL_MONTHS = frozenset(("march", "august", "sept", "tues", "thur", "thurs"))
_DOUBTFUL = frozenset(("fall", "spring", "last", "past", "second", "quarter", "mid", "close", "may", "march"))


def _is_time_word(scene: Scene, index: int, token: Token) -> bool:
    """Whether a word that has other senses too is one of time here."""
    low, name = token.low, scene.class_of(index)
    if name in ("month", "weekday", "weekdays"):
        if not scene.text[token.start].isupper():
            return name != "zone" and len(low) >= 4 and low not in _CAPITAL_MONTHS
        word = scene.parsed_word(index)
        if low in ("may", "march"):
            if word.pos_ in ("AUX", "VERB") and word.tag_ != "NNP":
                return False
            after = scene.tokens[index + 1] if index + 1 < len(scene.tokens) else None
            near_number = after is not None and after.kind in (Kind.NUMBER, Kind.ORDINAL)
            before = scene.tokens[index - 1] if index else None
            near_number = near_number or (before is not None and before.kind in (Kind.NUMBER, Kind.ORDINAL))
            if scene.word_before(index) == "of" and index >= 2:
                near_number = near_number or scene.tokens[index - 2].kind in (Kind.NUMBER, Kind.ORDINAL)
            return (
                near_number
                or word.ent_type_ == "DATE"
                or scene.word_before(index) in load_context()["month_before"]
            )
        if word.ent_type_ == "PERSON" and name == "month":
            return False
        if len(low) <= 3 or low in ("sept", "tues", "thur", "thurs"):
            return (
                word.ent_type_ == "DATE"
                or scene.word_at(index + 1) in (".", ",")
                or (index + 1 < len(scene.tokens) and scene.tokens[index + 1].kind is Kind.NUMBER)
                or (index > 0 and scene.tokens[index - 1].kind is Kind.NUMBER)
            )
        return True
    if name == "zone":
        return scene.text[token.start : token.end].isupper()
    if low in ("fall", "spring"):
        word = scene.parsed_word(index)
        if word.pos_ not in ("NOUN", "PROPN"):
            return False
        if scene.word_before(index) not in load_context()["season_before"]:
            return False
        # "the fall of the town" is none; "the fall of 2014" is one.
        return scene.word_at(index + 1) not in ("of", "in") or scene.word_at(index + 2).isdecimal()
    if low in ("last", "past", "close"):
        return scene.parsed_word(index).pos_ != "VERB"
    return True


def _read_line(scene: Scene, codes: str, start: int, end: int) -> list[tuple[int, int, Meaning]]:
    line = codes[:end]
    scanner = first_scanner()
    found: list[tuple[int, int, Meaning]] = []
    at = start
    while (match := scanner.find(line, at)) is not None:
        kept = _accept(scene, line, match)
        if kept is None:
            at = match.first + 1
            continue
        match, meaning = kept
        found.append((match.first, match.last, meaning))
        if meaning.grain not in ("Named", "PartName"):
            scene.remember(meaning, scene.tokens[match.first].start)
        at = match.last
    return _join(scene, codes, start, end, found) if found else found


def _accept(scene: Scene, codes: str, match: Match) -> tuple[Match, Meaning] | None:
    meaning = FIRST_RULES[match.rule](scene, match)
    if meaning is not None:
        return _trim(scene, match), meaning
    for other in first_scanner().others(codes, match.first, match):
        meaning = FIRST_RULES[other.rule](scene, other)
        if meaning is not None:
            return _trim(scene, other), meaning
    return None


def _trim(scene: Scene, match: Match) -> Match:
    """Leave outside the full stop of a sentence (only abbreviations own theirs) and the article of a whole
    noun phrase ("a 30-day ceasefire").
    """
    if match.rule == "duration" and scene.tokens[match.first].low in ("a", "the"):
        number = match.kept["n"]
        if scene.is_hyphened(number, match.kept["u"]):
            return Match(match.rule, number, match.last, match.kept)
    last = match.last
    if scene.tokens[last - 1].low == "." and scene.class_of(last - 2) == "month":
        word = scene.tokens[last - 2].low
        if len(word) > 4 or word in ("may", "june", "july"):
            return Match(match.rule, match.first, last - 1, match.kept)
    return match


def _join(
    scene: Scene, codes: str, start: int, end: int, found: list[tuple[int, int, Meaning]]
) -> list[tuple[int, int, Meaning]]:
    """Second scan over a line in which each expression found counts as one token."""
    pieces: list[str] = []
    origin: list[tuple[int, int, Meaning | None]] = []
    at = start
    for first, last, meaning in found:
        for index in range(at, first):
            pieces.append(codes[index])
            origin.append((index, index + 1, None))
        pieces.append(code_of(meaning.grain))
        origin.append((first, last, meaning))
        at = last
    for index in range(at, end):
        pieces.append(codes[index])
        origin.append((index, index + 1, None))
    line, scanner = "".join(pieces), second_scanner()
    for _ in range(2):
        joined: list[tuple[int, int, Meaning | None]] = []
        new: list[str] = []
        at, changed = 0, False
        while (match := scanner.find(line, at)) is not None:
            whole = _apply(scene, match, origin)
            if whole is None:
                joined += origin[at : match.first + 1]
                new.append(line[at : match.first + 1])
                at = match.first + 1
                continue
            joined += origin[at : match.first]
            new.append(line[at : match.first])
            joined.append((origin[match.first][0], origin[match.last - 1][1], whole))
            new.append(code_of(whole.grain))
            at, changed = match.last, True
        joined += origin[at:]
        new.append(line[at:])
        line, origin = "".join(new), joined
        if not changed:
            break
    kept = [(first, last, meaning) for first, last, meaning in origin if meaning is not None]
    kept = [item for item in kept if item[2].grain not in ("Named", "PartName")]
    for first, _, meaning in kept:
        scene.remember(meaning, scene.tokens[first].start)
    return kept


def _apply(scene: Scene, match: Match, origin: list[tuple[int, int, Meaning | None]]) -> Meaning | None:
    # Rules index tokens of the text; a match of the second scan indexes the shortened line.
    kept = {name: origin[index][0] for name, index in match.kept.items()}
    meanings = {origin[index][0]: origin[index][2] for index in match.kept.values()}
    whole = Match(match.rule, origin[match.first][0], origin[match.last - 1][1], kept)
    return SECOND_RULES[match.rule](scene, whole, meanings.get)


def _mention(scene: Scene, first: int, last: int, meaning: Meaning) -> TimeMention:
    span = Span.of(scene.text, scene.tokens[first].start, scene.tokens[last - 1].end)
    interval, edtf = None, meaning.edtf
    if meaning.start is not None:
        interval = Interval(meaning.start, meaning.start + timedelta(minutes=1))
        edtf = meaning.start.isoformat(timespec="minutes").replace("+00:00", "Z")
    elif meaning.first is not None and meaning.last is not None:
        interval = Interval.from_days(meaning.first, meaning.last, scene.zone)
        if edtf is None:
            same = meaning.first == meaning.last
            edtf = meaning.first.isoformat() if same else f"{meaning.first}/{meaning.last}"
    elif meaning.timex is not TimexType.DATE:
        edtf = None
    return TimeMention(span, meaning.timex, meaning.value, edtf, interval)
