"""What the network learns from: the claims of the open parts of gold, and single sentences.

Reports and their annotated claims enter; for each stretch of a report that the reader would read at once its
word pieces leave, with one `Case` a claim:
where its quote and its head stand, its event, stance, polarity and its first place's relation, and at which
pieces the text names who acts, whom it is done to, where, and who says it. Names count wherever they stand:
"the garrison" of a claim may be "the army" two sentences before.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from evals.network.renamed import names_of_places, rename_places
from evals.train_wording import read_labelled_sentences, tuning_wars
from numpy.typing import NDArray

from whoholds.read.network.opinion import cut_stretches
from whoholds.read.network.pieces import Pieces, cut_text, numbers_of_pieces
from whoholds.text.parse import parse_many

__all__ = ["Case", "Text", "locate", "read_lines", "read_texts", "read_twins", "wrap"]

GOLD = Path(__file__).resolve().parent.parent / "gold"
TWICE = frozenset({"agency"})
"""Manners learned from twice a round: long prose of agencies is much of what is read, and little of gold."""
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """One claim.

    Attributes:
        first: Its quote's first piece.
        last: The piece after its last.
        head: The piece of its head.
        labels: Of `CLASSES` what is annotated: of a single sentence the event alone, of silence no event.
        pointed: Of each of `POINTED` that is annotated and to be found a flag for every piece of the text;
            all of them off where gold says that there is none.
    """

    first: int
    last: int
    head: int
    labels: dict[str, str]
    pointed: dict[str, NDArray[np.bool_]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """One stretch of a report, or one sentence, as pieces [pieces + 2] between the two marks of the network.

    Attributes:
        part: Of gold.
        numbers: The pieces.
        cases: Its claims, by pieces that count from 1, behind the network's first mark.
        breaks: At which of the pieces a sentence begins, in order.
        is_whole: Whether every claim of it is among its cases, so that the other pieces are no claim's place.
    """

    part: str
    numbers: NDArray[np.int64]
    cases: tuple[Case, ...]
    breaks: tuple[int, ...] = ()
    is_whole: bool = True

    def crop(self, first: int, last: int) -> Text:
        """The pieces `[first, last)` as a text of their own, with the claims that stand inside.

        What a claim points at outside is not asked; nor is its stance where its speaker stands outside, and
        the relation of a place that does: nobody could tell.
        """
        kept = []
        for case in self.cases:
            if case.first < first or case.last > last or not first <= case.head < last:
                continue
            labels, pointed = dict(case.labels), {}
            for name, flags in case.pointed.items():
                inside = np.zeros(last - first + 2, dtype=np.bool_)
                inside[1:-1] = flags[first:last]
                if name == "place" or inside.any() or not flags.any():
                    pointed[name] = inside
                if flags.any() and not inside.any():
                    labels.pop({"speaker": "stance", "place": "relation"}.get(name, ""), None)
            by = first - 1
            kept.append(Case(case.first - by, case.last - by, case.head - by, labels, pointed))
        numbers = np.concatenate((self.numbers[:1], self.numbers[first:last], self.numbers[-1:]))
        breaks = tuple(b - first + 1 for b in self.breaks if first <= b < last)
        return Text(self.part, numbers, tuple(kept), breaks)


def read_texts(parts: Sequence[str]) -> list[Text]:
    """The reports of parts of gold; the wars kept for tuning are a part of their own, "tuning".

    "sentences" is a part as well.
    """
    return _read(parts, is_renamed=False)[0]


def read_twins(parts: Sequence[str]) -> tuple[list[Text], list[Text]]:
    """The same, and the same again with other place names where there are any."""
    return _read(parts, is_renamed=True)


def _read(parts: Sequence[str], *, is_renamed: bool) -> tuple[list[Text], list[Text]]:
    found: list[Text] = []
    twins: list[Text] = []
    kept = tuning_wars()
    for part in parts:
        if part == "sentences":
            rows = read_labelled_sentences()
            for row, parsed in zip(rows, parse_many([r[0] for r in rows], has_headline=False), strict=True):
                sentence = max(parsed.doc.sents, key=len)
                first, last = sentence[0].idx, sentence[-1].idx + len(sentence[-1].text)
                pieces = cut_text(row[0])
                case = locate(pieces, first, last, sentence.root.idx, {"event": row[1]})
                found += _stretches(part, pieces, [] if case is None else [case], [])
            twins += [t for t in found if t.part == part]
            continue
        folder = "wide" if part == "tuning" else part
        reports = read_lines(GOLD / folder / "reports.jsonl")
        rows = read_lines(GOLD / folder / "gold.jsonl")
        gold = {r["id"]: r["claims"] for r in rows}
        doubled = {r["id"] for r in rows if r.get("manner") in TWICE}
        pool = sorted({n for key, c in gold.items() if _war(key) not in kept for n in names_of_places(c)})
        for report, parsed in zip(reports, parse_many([r["text"] for r in reports]), strict=True):
            is_kept = _war(report["id"]) in kept
            if folder == "wide" and is_kept != (part == "tuning"):
                continue
            text, claims = report["text"], gold[report["id"]]
            spans = [
                parsed.doc.char_span(c["quote"]["start"], c["quote"]["end"], alignment_mode="expand")
                for c in claims
            ]
            heads = [-1 if span is None else span.root.idx for span in spans]
            starts = [s[0].idx for s in parsed.doc.sents]
            times = 2 if report["id"] in doubled else 1
            own = times * list(_texts_of(part, text, claims, heads, starts))
            found += own
            other = rename_places(text, claims, pool) if is_renamed else None
            if other is not None:
                text, claims, moved = other
                heads, starts = [h if h < 0 else moved(h) for h in heads], [moved(s) for s in starts]
                own = times * list(_texts_of(part, text, claims, heads, starts))
            twins += own
    return found, twins


def _texts_of(
    part: str, text: str, claims: Sequence[dict[str, Any]], heads: Sequence[int], starts: Sequence[int]
) -> Iterator[Text]:
    """A report's stretches; heads are the characters at which the claims' heads begin, -1 for none."""
    pieces, parties, cases = cut_text(text), _names_of_parties(claims), []
    for claim, head in zip(claims, heads, strict=True):
        quote = claim["quote"]
        case = locate(pieces, quote["start"], quote["end"], head, _labels(claim)) if head >= 0 else None
        if case is not None:
            cases.append(replace(case, pointed=_point(text, pieces, claim, parties)))
    return _stretches(part, pieces, cases, starts)


def _stretches(part: str, pieces: Pieces, cases: Sequence[Case], starts: Sequence[int]) -> Iterator[Text]:
    """A report in the stretches that the reader cuts it into, those with claims."""
    numbers = wrap(pieces)
    breaks = tuple(int(b) + 1 for b in np.searchsorted(pieces.starts, np.asarray(starts, dtype=np.int32)))
    whole = Text(part, numbers, tuple(cases), breaks)
    before = 0
    for first, last in cut_stretches(pieces, starts):
        # Of the pieces that two stretches share, the claims are asked for in the first.
        text = whole.crop(first + 1, last + 1)
        new = tuple(c for c in text.cases if c.head + first > before)
        before = last
        if new:
            yield replace(text, cases=new)


def wrap(pieces: Pieces) -> NDArray[np.int64]:
    """A text's pieces between the two marks of the network, [pieces + 2]."""
    known = numbers_of_pieces()
    return np.concatenate(([known["[CLS]"]], pieces.numbers, [known["[SEP]"]])).astype(np.int64)


def locate(pieces: Pieces, first: int, last: int, head: int, labels: dict[str, str]) -> Case | None:
    """A case by its characters; pieces count from 1, behind the network's first mark."""
    inside = np.flatnonzero((pieces.starts < last) & (pieces.ends > first))
    if not len(inside):
        return None
    at = int(np.searchsorted(pieces.ends, head, side="right"))
    return Case(int(inside[0]) + 1, int(inside[-1]) + 2, min(at, int(inside[-1])) + 1, labels)


def _labels(claim: dict[str, Any]) -> dict[str, str]:
    found = {"stance": claim["stance"], "polarity": claim["polarity"]}
    if claim["stance"] != "no_comment":
        found["event"] = claim["event"]
    if claim["places"]:
        found["relation"] = claim["places"][0]["relation"]
    return found


def _point(
    text: str, pieces: Pieces, claim: dict[str, Any], parties: dict[str, set[str]]
) -> dict[str, NDArray[np.bool_]]:
    """Flags of the pieces that a claim points at; nothing for what is annotated and not in the text."""
    wanted: dict[str, set[str]] = {}
    for name in ("actor", "target"):
        words = {claim[name]} - {None}
        wanted[name] = words and words | parties.get(claim[f"{name}_id"] or "", set())
    chain = claim["attribution"]
    wanted["speaker"] = {chain[-1]["name"]} if chain else set()
    wanted["place"] = {w for p in claim["places"] for w in (p["name"], *p.get("aliases", ()))}
    found = {}
    for name, words in wanted.items():
        flags = np.zeros(len(pieces.numbers) + 2, dtype=np.bool_)
        for start, end in (s for w in words for s in _spans(text, w)):
            hits = np.flatnonzero((pieces.starts < end) & (pieces.ends > start)) + 1
            flags[hits] = True
        if flags.any() or not words:
            found[name] = flags
    return found


def _names_of_parties(claims: Sequence[dict[str, Any]]) -> dict[str, set[str]]:
    """All words by which a report's claims name each party."""
    found: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        for name in ("actor", "target"):
            if claim[f"{name}_id"] and claim[name]:
                found[claim[f"{name}_id"]].add(claim[name])
    return found


def _spans(text: str, words: str) -> Spans:
    pattern = rf"(?<!\w){re.escape(words)}(?!\w)"
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


def _war(report: str) -> str:
    return report.rsplit("-", 1)[0]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
