"""Weapons at the very beginning of a text: nothing stands before them, or a bullet."""

from __future__ import annotations

import pytest

from whoholds.model import Event
from whoholds.read.events import extract_events
from whoholds.text.parse import parse


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("- Artillery hit Borsk on Monday.", Event.SHELLING),
        ("Artillery hit Borsk on Monday.", Event.SHELLING),
        ("– Rockets hit Borsk on Monday.", Event.SHELLING),
        ("- Drones hit Borsk on Monday.", Event.STRIKE),
    ],
)
def test_a_text_may_open_with_a_weapon(text: str, event: Event) -> None:
    assert [e.event for e in extract_events(parse(text))] == [event]
