"""Days that one clause lends to another, and days that it keeps to itself."""
# ruff: noqa: E501 - tables of sentences stay one a line

from __future__ import annotations

from datetime import date

import pytest
from tests.read.claims.world import claim_on

from whoholds.model import Polarity, Stance


def days(text: str, words: str) -> tuple[date | None, date | None]:
    return claim_on(text, words).holds.to_days()


MONDAY, TODAY = date(2031, 5, 12), date(2031, 5, 14)
TIMES = [
    ("Rebels blocked the road and seized the town hall of Arbin on Monday.", "blocked", (MONDAY, MONDAY)),
    ("Rebels entered Arbin on Monday and left it on Tuesday.", "left", (date(2031, 5, 13), date(2031, 5, 13))),
    ("A base near Arbin was attacked on Monday; 15 soldiers were killed.", "killed", (MONDAY, MONDAY)),
    ("A base near Arbin was attacked on Monday. Shops are closed.", "closed", (None, TODAY)),
    ("The road to Arbin has been cut since April, and prices have tripled.", "tripled", (None, TODAY)),
    ("Rebels came down from Arbin on Monday.", "came", (MONDAY, MONDAY)),
    ("The army took 40 square kilometres in four days.", "took", (date(2031, 5, 11), TODAY)),
    ("Rebels may have left Arbin.", "left", (None, TODAY)),
    ("A thousand people may be on the roads near Arbin.", "people", (None, TODAY)),
    ("Rebels could pull out of Arbin.", "pull", (None, None)),
    ("Nobody has shelled Arbin this week.", "shelled", (MONDAY, TODAY)),
    ("Rebels have held Arbin for nine days.", "held", (date(2031, 5, 6), TODAY)),
    ("No convoy has reached Arbin for a week.", "reached", (date(2031, 5, 8), TODAY)),
    ("Rebels held Arbin for nine days.", "held", (None, TODAY)),
    ("A delegation flies to Arbin tomorrow.", "flies", (None, date(2031, 5, 15))),
    ("The army will take Arbin in four days.", "take", (None, None)),
]  # fmt: skip


LAST_DAYS = [
    ("The army plans to take Arbin within two weeks.", "take", (None, date(2031, 5, 28))),
    ("The envoy demanded that the rebels leave Arbin by Friday.", "leave", (None, date(2031, 5, 16))),
    ("Rebels could take Arbin by the end of July.", "take", (None, date(2031, 7, 31))),
    ("The president ordered the army to free Arbin by 1 June.", "free", (TODAY, date(2031, 6, 1))),
    ("The president ordered the army to free Arbin within three days.", "free", (TODAY, date(2031, 5, 17))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "expected"), LAST_DAYS)
def test_last_day_named(text: str, words: str, expected: tuple[date | None, date | None]) -> None:
    claim = claim_on(text, words)
    # A plan, an order and an offer have it as the end of their time; a deadline is a forecast's alone.
    assert (claim.holds.to_days(), claim.deadline) == (expected, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The rebels plan to leave Arbin on Friday.", "leave"),
        ("The army plans to take Arbin.", "take"),
        ("Rebels took Arbin within two weeks.", "took"),
        ("The convoy is expected in Arbin on Saturday.", "expected"),
        ("The president ordered the army to free Arbin.", "free"),
    ],
)
def test_no_last_day_named(text: str, words: str) -> None:
    assert claim_on(text, words).deadline is None


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Counterattacks have yet to dislodge the rebels from Arbin.", "dislodge", Polarity.NEGATIVE),
        ("The garrison has yet to leave Arbin.", "leave", Polarity.NEGATIVE),
        ("The rebels have left Arbin, yet the army fears to enter Borsk.", "left", Polarity.POSITIVE),
    ],
)
def test_what_is_yet_to_be(text: str, words: str, expected: Polarity) -> None:
    assert claim_on(text, words).polarity is expected


SAID = [
    ('"We hold Arbin," General Sorn said on Monday. Borsk has fallen, Sorn added.', "fallen", (None, MONDAY)),
    ("General Sorn said on Monday that he held Arbin. A nurse said that Borsk had fallen.", "fallen", (None, TODAY)),
    ("Radio Norland, 12 May: The garrison of Arbin has not moved.", "garrison", (None, MONDAY)),
    ("Arbin: calm since Monday.", "calm", (MONDAY, TODAY)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "expected"), SAID)
def test_day_of_saying(text: str, words: str, expected: tuple[date | None, date | None]) -> None:
    assert days(text, words) == expected


STANCES = [
    ("A delegation flies to Arbin tomorrow.", "flies", Stance.INTENDED),
    ("The parliament will vote on the truce on Friday.", "vote", Stance.INTENDED),
    ("The rebels will take Arbin on Friday.", "take", Stance.PREDICTED),
    ("A delegation flew to Arbin on Monday.", "flew", Stance.ASSERTED),
    ("The rebels hold Arbin.", "hold", Stance.ASSERTED),
    ("The general told his men to leave Arbin.", "leave", Stance.ORDERED),
    ("The general told reporters that his men left Arbin.", "left", Stance.CLAIMED),
    ("Diplomats doubt that the army will take Arbin.", "take", Stance.PREDICTED),
    ("Diplomats doubt that the army has taken Arbin.", "taken", Stance.DENIED),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "expected"), STANCES)
def test_schedules_orders_and_doubts(text: str, words: str, expected: Stance) -> None:
    claim = claim_on(text, words)
    assert claim.stance is expected
    assert (claim.polarity is Polarity.NEGATIVE) is (expected is Stance.PREDICTED and "doubt" in text)


@pytest.mark.parametrize(("text", "words", "expected"), TIMES)
def test_days_shared_by_clauses(text: str, words: str, expected: tuple[date | None, date | None]) -> None:
    assert days(text, words) == expected


@pytest.mark.parametrize(
    ("text", "words", "counted"),
    [
        ("Warplanes struck Arbin, killing four.", "killing four", [(4.0, "persons")]),
        ("Two of its peacekeepers were killed in Arbin.", "killed", [(2.0, "persons")]),
        ("We saw six bodies on the road in Arbin.", "bodies", [(6.0, "persons")]),
        ("Rebels burned four tanks in Arbin.", "burned", [(4.0, "vehicles")]),
    ],
)
def test_figures_of_counts(text: str, words: str, counted: list[tuple[float, str]]) -> None:
    assert [(q.low, q.unit) for q in claim_on(text, words).quantities] == counted
