"""How well a reader does on short passages of many wars and manners, written for this project.

In: `passages.txt`. A passage opens with a line "# war date publisher | manner" (the publisher may be left
out); its text follows; then a line for each claim: "=" one that has to be found, "?" one that may be; the
words that its quote has to hold, its speaker ("-" the publisher) and its stance. Alternatives stand between
" / " in the words, "/" in the names and "?" in the stances. Out: how many claims were found, how many of the
reader's were asked for, and how often speaker and stance are right where a claim was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from whoholds.evaluate.matching import same_name
from whoholds.model import Claim, Report, sha256_hex

PASSAGES = Path(__file__).with_name("passages.txt")
_HEAD = re.compile(r"# (\S+) (\d{4}-\d\d-\d\d)(?: ([^|]*\S))? \| (.+)")


@dataclass(frozen=True, slots=True)
class Expected:
    """One claim that a passage makes."""

    words: tuple[str, ...]
    speakers: tuple[str | None, ...]
    stances: tuple[str, ...]
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A short report of our own writing, with its claims."""

    report: Report
    manner: str
    expected: tuple[Expected, ...]


@dataclass(slots=True)
class Totals:
    """Counts over passages."""

    asked: int = 0
    found: int = 0
    given: int = 0
    fitting: int = 0
    speaker: int = 0
    stance: int = 0
    notes: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Recall, precision, and the shares of found claims with the right speaker and stance."""
        return {
            "recall": self.found / self.asked,
            "precision": self.fitting / self.given,
            "speaker": self.speaker / self.found,
            "stance": self.stance / self.found,
        }


def load_passages(path: Path = PASSAGES) -> list[Passage]:
    """The passages of a file, in order."""
    parts = re.split(r"\n\s*\n(?=# )", path.read_text("utf-8").strip())
    return [_passage(n, part) for n, part in enumerate(parts)]


def _passage(number: int, part: str) -> Passage:
    head, *lines = part.splitlines()
    match = _HEAD.fullmatch(head)
    assert match is not None, head
    at = next(i for i, line in enumerate(lines) if line[:2] in ("= ", "? "))
    text = "\n".join(lines[:at])
    report = Report(
        id=f"{number}-{match[1]}",
        text=text,
        sha256=sha256_hex(text.encode()),
        published_at=date.fromisoformat(match[2]),
        publisher=match[3],
        lang="en",
    )
    return Passage(report, match[4], tuple(_expected(line) for line in lines[at:]))


def _expected(line: str) -> Expected:
    words, speakers, stances = line[2:].split(" | ")
    return Expected(
        tuple(_fold(w) for w in words.split(" / ")),
        tuple(None if s == "-" else s for s in speakers.split("/")),
        tuple(stances.split("?")),
        line.startswith("?"),
    )


def score(
    passages: Sequence[Passage], read: Callable[[Sequence[Report]], Iterable[Sequence[Claim]]]
) -> Totals:
    """Totals of a reader over passages."""
    totals = Totals()
    for passage, claims in zip(passages, read([p.report for p in passages]), strict=True):
        _add(totals, passage, claims)
    return totals


def _add(totals: Totals, passage: Passage, claims: Sequence[Claim]) -> None:
    pairs = sorted(
        (-_likeness(e, c), len(_quote(c)), i, j)
        for i, e in enumerate(passage.expected)
        for j, c in enumerate(claims)
        if any(w in _quote(c) for w in e.words)
    )
    met: dict[int, int] = {}
    for _, _, i, j in pairs:
        if i not in met and j not in met.values():
            met[i] = j
    name = passage.report.id
    for i, expected in enumerate(passage.expected):
        if expected.is_optional:
            continue
        totals.asked += 1
        if i not in met:
            totals.notes.append(f"{name}: not found: {expected.words[0]!r}")
            continue
        claim = claims[met[i]]
        totals.found += 1
        if _is_speaker(expected, claim):
            totals.speaker += 1
        else:
            totals.notes.append(
                f"{name}: speaker {_speaker(claim)!r}, not {expected.speakers[0]!r}: {_quote(claim)!r}"
            )
        if claim.stance.value in expected.stances:
            totals.stance += 1
        else:
            totals.notes.append(f"{name}: {claim.stance.value}, not {expected.stances[0]}: {_quote(claim)!r}")
    totals.given += len(claims)
    totals.fitting += len(met)
    totals.notes.extend(
        f"{name}: not asked for: {_speaker(c)!r} {c.stance.value} {_quote(c)!r}"
        for j, c in enumerate(claims)
        if j not in met.values()
    )


def _likeness(expected: Expected, claim: Claim) -> int:
    return 2 * _is_speaker(expected, claim) + (claim.stance.value in expected.stances)


def _speaker(claim: Claim) -> str | None:
    return claim.attribution[-1].name if claim.attribution else None


def _is_speaker(expected: Expected, claim: Claim) -> bool:
    name = _speaker(claim)
    return any(
        name is wanted if name is None or wanted is None else same_name(wanted, name)
        for wanted in expected.speakers
    )


def _quote(claim: Claim) -> str:
    return "" if claim.quote is None else _fold(claim.quote.exact)


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[“”„\"]", '"', text).replace("’", "'").casefold().split())
