"""What the figures of claims count, in the contract's units."""

from __future__ import annotations

import pytest
from tests.read.claims.world import claim_on

# (text, words of the quote, figure, low, unit)
FIGURES = [
    ("The army repelled four counter-attacks near Borsk.", "repelled", "four counter-attacks", 4, "attacks"),
    ("Rebels left two burnt-out planes in Borsk.", "left", "two burnt-out planes", 2, "aircraft"),
    ("Rebels destroyed two T-55s in Borsk.", "destroyed", "two T-55s", 2, "vehicles"),
    ("Rebels shot down three Su-25 jets over Borsk.", "shot down", "three Su-25 jets", 3, "aircraft"),
    ("Rebels captured six pick-ups in Borsk.", "captured", "six pick-ups", 6, "vehicles"),
    ("Helicopters dropped seven barrel bombs on Borsk.", "dropped", "seven barrel bombs", 7, "bombs"),
    ("Some 2,000 townspeople left Borsk.", "left", "Some 2,000 townspeople", 2000, "persons"),
    ("Rebels levy 500 francs at the bridge in Borsk.", "levy", "500 francs", 500, "money"),
    ("Some 900 rebels are reported to have left Borsk.", "to have left", "Some 900 rebels", 900, "persons"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "figure", "low", "unit"), FIGURES)
def test_what_a_figure_counts(text: str, words: str, figure: str, low: float, unit: str) -> None:
    (found,) = claim_on(text, words).quantities
    assert found.span is not None
    assert (found.span.exact, found.low, found.unit) == (figure, low, unit)
