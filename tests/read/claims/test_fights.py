"""Who acts where what is fought over says more than the verb: attacks beaten off, ground taken back."""

from __future__ import annotations

import pytest
from tests.read.claims.world import claim_on

# (text, words of the quote, actor, target)
SIDES = [
    ("The army repelled an attack by the rebels near Borsk.", "repelled", "FLS", "NOR"),
    ("Rebels beat back four assaults on Borsk. The army has lost Dornay.", "beat back", "NOR", "FLS"),
    ("The army drove the rebels back from Borsk.", "drove", "NOR", "FLS"),
    ("Most of the territory the rebels seized in Vesk last year had been retaken.", "retaken", "NOR", "FLS"),
    ("The army retook the villages that the rebels had captured near Borsk.", "retook", "NOR", "FLS"),
    ("The army retook the villages that its engineers had mined near Borsk.", "retook", "NOR", None),
]


@pytest.mark.parametrize(("text", "words", "actor", "target"), SIDES)
def test_sides_of_a_fight(text: str, words: str, actor: str, target: str | None) -> None:
    claim = claim_on(text, words)
    assert claim.actor_id == actor
    assert target is None or claim.target_id == target
