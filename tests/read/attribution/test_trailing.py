"""Speakers that trail what is said, and speakers before a colon."""

from __future__ import annotations

import pytest

from whoholds.read.attribution import extract_attributions
from whoholds.text.parse import parse_many


def sources(text: str) -> list[str]:
    (parsed,) = parse_many([text], has_headline=False)
    return [a.attribution.source.exact for a in extract_attributions(parsed) if a.attribution.source]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Peacekeepers moved 400 people from the valley, their command announces.", "their command"),
        ("Some 700 people remain in the town, the council reckons.", "the council"),
        (
            "Six men died when mines exploded, Norlandic officials allege, blaming saboteurs.",
            "Norlandic officials",
        ),
        ("Trader in Arbin: The patrols have left the road. Petrol is dear.", "Trader in Arbin"),
        ("22:10 Interior ministry to residents: the bridge is closed.", "Interior ministry"),
    ],
)
def test_source_is_found(text: str, source: str) -> None:
    assert source in sources(text)


@pytest.mark.parametrize(
    "text",
    [
        "When the bridge fell, the army moved its guns, the longest in the war.",
        "Update: the road is closed.",
        "The list of goods: bread, salt, oil, rice, flour, sugar, tea and soap.",
    ],
)
def test_no_source_is_invented(text: str) -> None:
    assert sources(text) == []
