"""Floors for claims, speakers and stances on passages of our own writing, in all manners of news English.

Every third passage is held out: rules are written without a look at it, and its figures say what carries
over.
`python -m tests.read.manners.test_manners` prints the figures of both parts; floors only rise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

import pytest
from tests.read.manners.scoring import Passage, Totals, load_passages, score

from whoholds.model import Claim, Reading, Report
from whoholds.places.gazetteer import open_gazetteer
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader

FLOORS = {
    "open": {"recall": 0.89, "precision": 0.90, "speaker": 0.91, "stance": 0.90},
    "held out": {"recall": 0.85, "precision": 0.89, "speaker": 0.82, "stance": 0.78},
}


def _parts() -> dict[str, list[Passage]]:
    passages = load_passages()
    return {
        "open": [p for n, p in enumerate(passages) if n % 3 != 2],
        "held out": passages[2::3],
    }


def _measure() -> dict[str, Totals]:
    # No theatre: what is read here no registry knows.
    context = ReadingContext(open_gazetteer())

    def read(reports: Sequence[Report]) -> Iterator[Sequence[Claim]]:
        readings: Iterable[object] = RulesReader().read_many(reports, context)
        for reading in readings:
            assert isinstance(reading, Reading), reading
            yield reading.claims

    return {part: score(passages, read) for part, passages in _parts().items()}


@pytest.fixture(scope="module")
def totals() -> dict[str, Totals]:
    return _measure()


@pytest.mark.parametrize(("part", "figure"), [(p, f) for p, floors in FLOORS.items() for f in floors])
def test_figures_stay_above_their_floors(totals: dict[str, Totals], part: str, figure: str) -> None:
    assert totals[part].figures()[figure] >= FLOORS[part][figure]


def test_passages_are_many_and_each_claim_stands_in_its_text() -> None:
    passages = load_passages()
    assert len({p.report.id.split("-", 1)[1] for p in passages}) >= 60
    assert len(passages) >= 120
    for passage in passages:
        text = " ".join(passage.report.text.replace("’", "'").casefold().split())
        for expected in passage.expected:
            assert any(w in text for w in expected.words), (passage.report.id, expected.words)


if __name__ == "__main__":
    for part, found in _measure().items():
        figures = " ".join(f"{name} {value:.3f}" for name, value in found.figures().items())
        sys.stdout.write(f"{part} {figures}\n")
