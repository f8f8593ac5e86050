"""The reader's border: what every reader takes and gives.

A reader turns a `Report` into a `Reading`. It keeps no state between reports, does no I/O (but the `llm`
reader, by its transport), and gives a `Rejection` for a text that it cannot read. Readers are found by
entry point (`whoholds.readers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from whoholds.model import Reading, Rejection, Report
from whoholds.places.gazetteer import Gazetteer
from whoholds.theatre import Theatre

__all__ = ["Reader", "ReadingContext"]


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What a reader may know besides the report.

    Attributes:
        gazetteer: Where names are looked up (the theatre's own stacked before the embedded one).
        theatre: Parties, sources and area, or None: parties are then the states that texts name.
    """

    gazetteer: Gazetteer
    theatre: Theatre | None = None


class Reader(Protocol):
    """Turns reports into readings."""

    name: str
    """Versioned name, stored with what it made (`rules.en/1`)."""

    languages: frozenset[str]
    """ISO 639-1 codes that it reads."""

    def read_many(self, reports: Iterable[Report], context: ReadingContext) -> Iterator[Reading | Rejection]:
        """Read reports in order; one that cannot be read gives a `Rejection` in its place."""
        ...
