"""How broadly the reader understands: our own sentences from the wars of five decades, with no theatre.

`wars.txt` (see its head) goes in; floors on the share of rows whose event, actor, target and place are
right come out. Rules are written against two rows of three; the misses of the third are never looked at, so
that its figures say what carries over. `python -m tests.read.breadth.test_breadth` prints all of them.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from whoholds.evaluate.matching import same_name
from whoholds.model import Claim, Event, Reading, Report, sha256_hex
from whoholds.places.gazetteer import open_gazetteer
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader

ROWS = Path(__file__).with_name("wars.txt")
FIELDS = ("event", "actor", "target", "place")
FLOORS = {
    "open": {"event": 0.81, "actor": 0.84, "target": 0.49, "place": 0.84},
    "held out": {"event": 0.80, "actor": 0.83, "target": 0.50, "place": 0.79},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence and what it says; "-" is not judged."""

    text: str
    event: str
    actor: str
    target: str
    place: str
    is_held_out: bool


@lru_cache(maxsize=1)
def load_rows() -> tuple[Row, ...]:
    """The rows of the table, every third held out."""
    lines = [x for x in ROWS.read_text("utf-8").splitlines() if "|" in x and not x.startswith("#")]
    return tuple(
        Row(*(part.strip() for part in line.split("|")), is_held_out=i % 3 == 2)
        for i, line in enumerate(lines)
    )


@lru_cache(maxsize=1)
def read_rows() -> tuple[tuple[Claim, ...], ...]:
    """The claims of each row, read alone."""
    reports = [
        Report(
            id=f"r{i}", text=row.text, sha256=sha256_hex(row.text.encode()), published_at=date(2031, 5, 14),
            publisher=None, lang="en",
        )
        for i, row in enumerate(load_rows())
    ]  # fmt: skip
    readings = list(RulesReader().read_many(reports, ReadingContext(open_gazetteer())))
    return tuple(r.claims if isinstance(r, Reading) else () for r in readings)


def judge(row: Row, claim: Claim | None) -> dict[str, bool]:
    """Which fields of a row a claim has right, of those that are judged."""
    found: dict[str, bool] = {"event": claim is not None and claim.event.value == row.event}
    for name, wanted in (("actor", row.actor), ("target", row.target)):
        if wanted != "-":
            ours = () if claim is None else (getattr(claim, name), getattr(claim, f"{name}_id"))
            given = [x for x in ours if x]
            found[name] = any(same_name(wanted, x) for x in given) if wanted else not given
    if row.place != "-":
        names = [] if claim is None else [x for p in claim.places for x in (p.exact, p.name) if x]
        found["place"] = any(same_name(row.place, x) for x in names) if row.place else not names
    return found


def best_claim(row: Row, claims: Sequence[Claim]) -> Claim | None:
    """The claim of a row that has most right, its event before all."""
    return max(claims, key=lambda c: (judge(row, c)["event"], sum(judge(row, c).values())), default=None)


def measure() -> dict[str, dict[str, float]]:
    """Share of rows right by half and field."""
    counts: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for row, claims in zip(load_rows(), read_rows(), strict=True):
        for name, is_right in judge(row, best_claim(row, claims)).items():
            counts["held out" if row.is_held_out else "open"][name, is_right] += 1
    return {
        half: {n: c[n, True] / (c[n, True] + c[n, False]) for n in FIELDS}
        for half, c in sorted(counts.items())
    }


def test_table_is_balanced_over_the_vocabulary() -> None:
    told = Counter(row.event for row in load_rows())
    assert set(told) == {e.value for e in Event}
    assert len(load_rows()) >= 400


@pytest.mark.parametrize("half", sorted(FLOORS))
def test_reader_is_as_broad_as_it_was(half: str) -> None:
    reached = measure()[half]
    assert {n: v for n, v in reached.items() if v < FLOORS[half][n]} == {}


def main() -> None:
    """Print figures by half, then by event, then (with `-v`) what is wrong in the open half."""
    out = sys.stdout.write
    for half, figures in measure().items():
        out(f"{half:9} " + " ".join(f"{n} {v:.3f}" for n, v in figures.items()) + "\n")
    by_event: dict[str, list[list[bool]]] = defaultdict(lambda: [[], []])
    for row, claims in zip(load_rows(), read_rows(), strict=True):
        claim = best_claim(row, claims)
        right = judge(row, claim)
        by_event[row.event][row.is_held_out].append(right["event"])
        if "-v" in sys.argv and not row.is_held_out and not all(right.values()):
            wrong = ",".join(n for n, ok in right.items() if not ok)
            told = "no claim" if claim is None else (
                f"{claim.event.value} | {claim.actor}({claim.actor_id}) | {claim.target} | "
                f"{[p.exact or p.name for p in claim.places]}"
            )  # fmt: skip
            out(f"{wrong:24} {row.text}\n    want {row.event} | {row.actor} | {row.target} | {row.place}\n")
            out(f"    got  {told}\n")
    for event, halves in sorted(by_event.items()):
        shares = [f"{sum(h)}/{len(h)}" for h in halves]
        out(f"{event:20} open {shares[0]:>6} held out {shares[1]:>6}\n")


if __name__ == "__main__":
    main()
