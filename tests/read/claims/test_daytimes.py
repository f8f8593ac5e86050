"""Times of clauses: both ends of a stretch, a time that hangs on no predicate, the day that heads a log."""

from __future__ import annotations

from datetime import date, timedelta, timezone

import pytest

from whoholds.model import Interval, Reading, Report, sha256_hex
from whoholds.places.gazetteer import open_gazetteer
from whoholds.read.claims.daytimes import join_times
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader
from whoholds.read.times import extract_times
from whoholds.text.parse import parse

PUBLISHED = date(2027, 10, 19)
"""A Tuesday."""


def days_of(text: str, words: str) -> tuple[str | None, str | None]:
    """First and last day of the claim whose quote holds some words."""
    report = Report("r", text, sha256_hex(text.encode()), published_at=PUBLISHED, lang="en")
    (reading,) = RulesReader().read_many([report], ReadingContext(open_gazetteer()))
    assert isinstance(reading, Reading)
    (holds,) = {c.holds for c in reading.claims if words in c.quote.exact} or {None}
    assert isinstance(holds, Interval), [c.quote.exact for c in reading.claims]
    first, last = holds.to_days()
    return first and first.isoformat(), last and last.isoformat()


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("The army shelled Alba from Wednesday to Friday.", "shelled", "2027-10-13", "2027-10-15"),
        ("Fighting raged from Monday through Thursday near Alba.", "raged", "2027-10-11", "2027-10-14"),
        ("Two officers were killed between Monday and Wednesday.", "killed", "2027-10-11", "2027-10-13"),
        ("The port was shut from 2 October until Monday.", "shut", "2027-10-02", "2027-10-18"),
        ("The army shelled Alba on Wednesday and left on Friday.", "shelled", "2027-10-13", "2027-10-13"),
        # What hangs on an inner verb or on none is the clause's own all the same.
        (
            "Engineers have not been able to reach the dam since Thursday.",
            "reach",
            "2027-10-14",
            "2027-10-19",
        ),
        ("Two groups went on firing at the town all Sunday.", "firing", "2027-10-17", "2027-10-17"),
        ("Alba: two men killed on Friday.", "killed", "2027-10-15", "2027-10-15"),
        # What is told beside it is not.
        ("The men who fled on Monday are back in Alba.", "back", None, "2027-10-19"),
        ("Bread in the army's shops costs twice what it did a year ago.", "costs", None, "2027-10-19"),
    ],
)
def test_days_of_a_clause(text: str, words: str, first: str | None, last: str) -> None:
    assert days_of(text, words) == (first, last)


@pytest.mark.parametrize("hours", [-9, 0, 3, 11])
def test_a_stretch_has_the_days_of_its_zone(hours: int) -> None:
    text = "The army shelled Alba from Wednesday to Friday."
    zone = timezone(timedelta(hours=hours))
    (joined,) = join_times(text, extract_times(parse(text), PUBLISHED, zone), zone)
    assert joined.span.exact == "Wednesday to Friday"
    assert joined.edtf == "2027-10-13/2027-10-15"


LOG = """Daily log, {day} (times local)

0540 Three trucks crossed south at Alba.

0715 Soldiers left the mill at Borna.

0900 A shell hit the school in Cida."""


def test_the_day_that_heads_a_log_is_that_of_its_entries() -> None:
    assert days_of(LOG.format(day="17 October 2027"), "Soldiers left") == ("2027-10-17", "2027-10-17")


def test_a_log_of_the_day_it_came_out_tells_up_to_then() -> None:
    assert days_of(LOG.format(day="19 October 2027"), "Soldiers left") == (None, "2027-10-19")
