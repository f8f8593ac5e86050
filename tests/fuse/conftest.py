"""Claims and places of a small war, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from whoholds.fuse.places import PlaceRow
from whoholds.model import Claim, ClaimPlace, Event, Interval, Polarity, Source, Stance, content_id

MakeClaim = Callable[..., Claim]


@pytest.fixture
def make_claim() -> MakeClaim:
    """A claim by a speaker about one place and day, with an id of its content."""

    def make(
        place: str,
        on: date,
        event: Event = Event.CONTROL_HELD,
        actor: str | None = "red",
        *,
        speaker: str = "observer",
        side: str | None = "independent",
        role: str | None = None,
        stance: Stance = Stance.ASSERTED,
        polarity: Polarity = Polarity.POSITIVE,
        number: int = 0,
        reported_at: date | datetime | None = None,
        **more: object,
    ) -> Claim:
        said = reported_at or on
        fields: dict[str, object] = {
            "id": content_id(
                "test/1", place, on.isoformat(), event.value, actor, speaker, stance.value, number
            ),
            "report_id": f"report:{speaker}:{number}",
            "quote": None,
            "attribution": (Source(speaker, speaker, role, side),),
            "stance": stance,
            "polarity": polarity,
            "event": event,
            "actor": actor,
            "places": (ClaimPlace(place, place.title()),),
            "holds": Interval.from_days(on, None),
            "reported_at": said,
        }
        return Claim(**(fields | more))  # type: ignore[arg-type]

    return make


@pytest.fixture
def row_of_towns() -> list[PlaceRow]:
    """Nine towns on a road, 8 km apart: four red, a gap in the middle, four blue."""
    return [
        PlaceRow(f"town-{i}", f"Town {i}", 30 + 0.11 * i, 50.0, "red" if i < 4 else "blue" if i > 4 else None)
        for i in range(9)
    ]
