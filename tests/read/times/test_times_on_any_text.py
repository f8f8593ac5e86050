"""Times on any text: spans exact and apart, no crash at the calendar's ends."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whoholds.read.times import extract_times, time_role
from whoholds.read.times.patterns import load_words
from whoholds.text.parse import Parsed, parse

_SIGNS = ("2014", "12", "31", "0", "9999", "1000", "12:30", "-", "'", "’", ".", ",", "\n", "two", "1/2/2003")
_WORDS = [*sorted(load_words()), *_SIGNS]
_PHRASES = st.lists(st.sampled_from(_WORDS), max_size=12).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.one_of(_PHRASES, st.text(max_size=60)), st.dates() | st.none())
def test_spans_are_exact_and_apart(text: str, published: date | None) -> None:
    parsed = parse(text, has_headline=False)
    end = 0
    for mention in extract_times(parsed, published):
        assert text[mention.span.start : mention.span.end] == mention.span.exact
        assert mention.span.start >= end
        assert time_role(parsed, mention)
        end = mention.span.end


@pytest.mark.parametrize("published", [date.min, date.max])
def test_the_ends_of_the_calendar_are_no_crash(published: date) -> None:
    text = (
        "Yesterday, tomorrow, last week, next week, last year, next month, overnight, on Friday, in August, "
        "in the winter, the past five years, ten decades ago, 99999 years ago, last night, the coming "
        "century, Easter Sunday, Christmas Eve, the third quarter, early next year, 12 March, "
        "the weekend, next spring."
    )
    assert extract_times(parse(text, has_headline=False), published)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "9 " * 30_000, "1/1/" * 20_000, "12:" * 20_000, "March" * 20_000]
)
def test_long_runs_are_read_in_linear_time(text: str) -> None:
    # The parse of a megabyte is not at issue here: an empty parse of the right kind stands for it.
    blank = parse("x", has_headline=False)
    parsed = Parsed(text, blank.doc, ())
    assert len(extract_times(parsed, None)) <= len(text)
