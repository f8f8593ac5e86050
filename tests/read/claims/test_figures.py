"""Figures of claims: what a bare number counts, and which numbers are none."""

from __future__ import annotations

import pytest
from tests.read.claims.world import claim_on

from whoholds.model import Event, Measure

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


H, L, R, T = Measure.HELD, Measure.LOST, Measure.REMAINING, Measure.TAKEN
# (text, words of the claim, what each of its figures of ground measures)
MEASURES = [
    ("The army holds 400 square kilometres of Vesk Province.", "holds", [H]),
    ("About 800 square kilometres of Vesk Province are left to the rebels.", "are left", [R]),
    ("Some 140 square kilometres were left in rebel hands on Monday.", "were left", [R]),
    ("The rebels left 40 square kilometres to the army.", "left 40", [L]),
    ("At its peak the Front held 1,300 square kilometres of Vesk Province.", "held", [T]),
    (
        "The area under rebel control shrank by 40 square kilometres in a day to 280 square kilometres.",
        "shrank",
        [L, H],
    ),
    ("The general put the area under control at 1,150 square kilometres.", "put", [H]),
    ("The rebels held about 380 of 1,200 square kilometres in Vesk Province.", "held", [H]),
]


@pytest.mark.parametrize(("text", "words", "measures"), MEASURES)
def test_what_a_figure_of_ground_measures(text: str, words: str, measures: list[Measure]) -> None:
    claim = claim_on(text, words)
    assert claim.event is Event.AREA_TOTAL
    assert [q.measure for q in claim.quantities if q.unit == "km2"] == measures


def test_whose_the_land_was_is_not_who_has_it() -> None:
    claim = claim_on("About 900 square kilometres of rebel territory are under control.", "under control")
    assert (claim.actor_id, claim.target_id) == ("NOR", "FLS")
