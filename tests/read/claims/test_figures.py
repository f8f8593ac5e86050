"""Figures of claims: what a bare number counts, and which numbers are none."""

from __future__ import annotations

import pytest
from tests.read.claims.world import claim_on

# (text, words of the claim, (low, high, unit) of its figures)
FIGURES = [
    # A bare number counts what was counted before, or what the event is of.
    ("The rebels killed 14 soldiers near Arbin. The army admitted to six dead.", "six", [(6, 6, "persons")]),
    ("Some 12,000 arrived in Arbin.", "arrived", [(12000, 12000, "persons")]),
    ("Violations in Arbin fell to 38 from 61.", "fell", [(38, 38, "persons"), (61, 61, "persons")]),
    # The whole beside its part is no figure of the claim.
    (
        "Six of its eleven entrances have been in army hands since March.",
        "in army hands",
        [(6, 6, "entrances")],
    ),
    # One and two of a thing are counted in the same unit.
    ("The army left one trench near Arbin.", "left one", [(1, 1, "trenches")]),
    ("The army left two trenches near Arbin.", "left two", [(2, 2, "trenches")]),
    # Not farther than.
    ("Rebels were within 200 metres of Arbin.", "within", [(0, 200, "m")]),
    # What dates or addresses is no figure.
    ("The road to Arbin is cut at kilometre 19.", "is cut", []),
    ("Rebels will leave Arbin within 24 hours.", "will leave", []),
    ("The truce in Arbin lasted four hours.", "lasted", [(4, 4, "hours")]),
]


@pytest.mark.parametrize(("text", "words", "figures"), FIGURES)
def test_figures(text: str, words: str, figures: list[tuple[float, float, str]]) -> None:
    claim = claim_on(text, words)
    assert [(q.low, q.high, q.unit) for q in claim.quantities] == figures
