"""The reader's border: what every reader takes and gives.

A reader turns a `Report` into a `Reading`. It keeps no state between reports, does no I/O (but the `llm`
reader, by its transport), and gives a `Rejection` for a text that it cannot read. Readers are found by
entry point (`whoholds.readers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from whoholds.model import Reading, Rejection, Report
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.read import Corrections
from whoholds.places.usual import UsualArea
from whoholds.theatre import Theatre

__all__ = ["Reader", "ReadingContext"]


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What a reader may know besides the report.

    Attributes:
        gazetteer: Where names are looked up (the theatre's own stacked before the embedded one).
        theatre: Parties, sources and area, or None: parties are then the states that texts name.
        corrections: What people decided about place names in earlier reports, or in this one.
        usual_areas: By publisher, where the places lie that it wrote of before.
    """

    gazetteer: Gazetteer
    theatre: Theatre | None = None
    corrections: Corrections | None = None
    usual_areas: Mapping[str, UsualArea] = field(default_factory=dict)

    def corrections_for(self, report: Report) -> Corrections | None:
        """What people decided about place names, as far as it holds in a report."""
        return None if self.corrections is None else self.corrections.for_report(report.id)

    def usual_area_of(self, report: Report) -> UsualArea | None:
        """Where the places of a report's publisher usually lie, if that is known."""
        return self.usual_areas.get(report.publisher or "")


class Reader(Protocol):
    """Turns reports into readings."""

    name: str
    """Versioned name, stored with what it made (`rules.en/3`)."""

    languages: frozenset[str]
    """ISO 639-1 codes that it reads."""

    def read_many(self, reports: Iterable[Report], context: ReadingContext) -> Iterator[Reading | Rejection]:
        """Read reports in order; one that cannot be read gives a `Rejection` in its place."""
        ...
