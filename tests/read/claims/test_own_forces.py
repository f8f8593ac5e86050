"""Whose "troops" are they? A party's own speaker means its own; a named army is taken at its word."""

from __future__ import annotations

import pytest
from tests.read.claims.world import claim_on

CASES = [
    ("The Norlandic commander said that troops would stay in Alba.", "troops would stay", "NOR"),
    ("A Front spokesman said that fighters held the bridge at Alba.", "fighters held", "FLS"),
    # A phrase that says whose they are is taken at its word.
    ("A Front spokesman said that the army had left Alba.", "the army had left", "NOR"),
    ("The Norlandic commander said that rebel troops had left Alba.", "rebel troops had left", "FLS"),
]


@pytest.mark.parametrize(("text", "words", "party"), CASES)
def test_whose_troops(text: str, words: str, party: str) -> None:
    assert claim_on(text, words).actor_id == party
