"""What the network learns from: the claims of the open parts of gold, and single sentences.

Reports and their annotated claims enter; for each report its word pieces leave, with one `Case` a claim:
where its quote and its head stand, its event, stance, polarity and its first place's relation, and at which
pieces the text names who acts, whom it is done to, where, and who says it. Names count wherever they stand:
"the garrison" of a claim may be "the army" two sentences before.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from evals.train_wording import read_labelled_sentences, tuning_wars
from numpy.typing import NDArray

from whoholds.read.network.encoder import LONGEST
from whoholds.read.network.pieces import Pieces, cut_text, numbers_of_pieces
from whoholds.text.parse import parse_many

__all__ = ["Case", "Text", "read_texts"]

GOLD = Path(__file__).resolve().parent.parent / "gold"
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
    """One report, or one sentence, as pieces [pieces + 2] between the two marks of the network."""

    part: str
    numbers: NDArray[np.int64]
    cases: tuple[Case, ...]


def read_texts(parts: Sequence[str]) -> list[Text]:
    """The reports of parts of gold; the wars kept for tuning are a part of their own, "tuning".

    "sentences" is a part as well.
    """
    found: list[Text] = []
    kept = tuning_wars()
    for part in parts:
        if part == "sentences":
            rows = read_labelled_sentences()
            for row, parsed in zip(rows, parse_many([r[0] for r in rows], has_headline=False), strict=True):
                sentence = max(parsed.doc.sents, key=len)
                first, last = sentence[0].idx, sentence[-1].idx + len(sentence[-1].text)
                pieces = cut_text(row[0])
                found.append(
                    _text(part, pieces, [_locate(pieces, first, last, sentence.root.idx, {"event": row[1]})])
                )
            continue
        folder = "wide" if part == "tuning" else part
        reports = _read_lines(GOLD / folder / "reports.jsonl")
        gold = {r["id"]: r["claims"] for r in _read_lines(GOLD / folder / "gold.jsonl")}
        for report, parsed in zip(reports, parse_many([r["text"] for r in reports]), strict=True):
            is_kept = report["id"].rsplit("-", 1)[0] in kept
            if folder == "wide" and is_kept != (part == "tuning"):
                continue
            pieces = cut_text(report["text"])
            parties = _names_of_parties(gold[report["id"]])
            cases = []
            for claim in gold[report["id"]]:
                quote = claim["quote"]
                span = parsed.doc.char_span(quote["start"], quote["end"], alignment_mode="expand")
                if span is None:
                    continue
                case = _locate(pieces, quote["start"], quote["end"], span.root.idx, _labels(claim))
                if case is not None:
                    cases.append(replace(case, pointed=_point(report["text"], pieces, claim, parties)))
            found.append(_text(part, pieces, cases))
    return [text for text in found if text.cases]


def _text(part: str, pieces: Pieces, cases: Sequence[Case | None]) -> Text:
    known = numbers_of_pieces()
    inside = pieces.numbers[: LONGEST - 2]
    numbers = np.concatenate(([known["[CLS]"]], inside, [known["[SEP]"]])).astype(np.int64)
    return Text(part, numbers, tuple(c for c in cases if c is not None and c.last < len(numbers)))


def _locate(pieces: Pieces, first: int, last: int, head: int, labels: dict[str, str]) -> Case | None:
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
        flags = np.zeros(min(len(pieces.numbers), LONGEST - 2) + 2, dtype=np.bool_)
        for start, end in (s for w in words for s in _spans(text, w)):
            hits = np.flatnonzero((pieces.starts < end) & (pieces.ends > start)) + 1
            flags[hits[hits < len(flags) - 1]] = True
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


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
