"""Which clauses tell something, and what is comment, method or talk of talk."""

from __future__ import annotations

import pytest
from tests.read.claims.world import read


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("The hospital closed on Friday after its generator was looted.", 2),
        ("Most families walked to Arbin, where two schools shelter them.", 2),
        ("The road to Borsk stays closed for a third day.", 1),
        ("Water reached Arbin again on Tuesday, and the bakery has reopened.", 2),
        ("The power plant failed, leaving two villages without light.", 2),
    ],
)
def test_every_telling_clause_is_a_claim(text: str, quotes: int) -> None:
    assert len(read(text).claims) == quotes


@pytest.mark.parametrize(
    "text",
    [
        "The battle underscores the shifting momentum of the war.",
        "The visit came after weeks of fighting.",
        "We regret the mistake.",
        "Data are collected by volunteers and checked twice.",
        "The residents tell a different story.",
        "The figures have not been independently verified.",
        "What witnesses say.",
        "Who did it?",
    ],
)
def test_comment_and_method_are_none(text: str) -> None:
    assert [c.quote.exact for c in read(text).claims if c.quote is not None and c.event == "other"] == []
