"""Times: a table of sentences of our own and what they mean, published on Wednesday 12 March 2025."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from whoholds.model import TimexType
from whoholds.read.times import extract_times, time_role
from whoholds.text.parse import parse

PUBLISHED = date(2025, 3, 12)

# Sentence, the words found, TIMEX3 value, first day, last day (None where not anchored).
ANCHORED = [
    # Weekdays: the last one, or the next where the clause looks ahead.
    ("The column entered the village on Wednesday.", "Wednesday", "2025-03-12", "12", "12"),
    ("The column entered the village on Monday.", "Monday", "2025-03-10", "10", "10"),
    ("They had lost the bridge by Sunday.", "Sunday", "2025-03-09", "09", "09"),
    ("There will be no soldier there by Friday.", "Friday", "2025-03-14", "14", "14"),
    ("The envoys are expected to arrive on Monday.", "Monday", "2025-03-17", "17", "17"),
    ("The truce begins on Sunday.", "Sunday", "2025-03-16", "16", "16"),
    ("They could have left on Monday.", "Monday", "2025-03-10", "10", "10"),
    ("The general plans to leave on Saturday.", "Saturday", "2025-03-15", "15", "15"),
    ("Last Friday the mayor fled.", "Last Friday", "2025-03-07", "07", "07"),
    ("The council meets next Tuesday.", "next Tuesday", "2025-03-18", "18", "18"),
    ("Monday's debate might not move them.", "Monday", "2025-03-10", "10", "10"),
    ("Sunday's vote will decide it.", "Sunday", "2025-03-16", "16", "16"),
    ("They helped take it on Monday.", "Monday", "2025-03-10", "10", "10"),
    ("He ordered troops to leave by Saturday.", "Saturday", "2025-03-15", "15", "15"),
    ("He may have died on Monday.", "Monday", "2025-03-10", "10", "10"),
    ("The front has not moved since Friday.", "Friday", "2025-03-07", "07", "07"),
    # Days by name.
    ("The depot burned yesterday.", "yesterday", "2025-03-11", "11", "11"),
    ("The depot burns today.", "today", "2025-03-12", "12", "12"),
    ("The depot was struck the day before yesterday.", "the day before yesterday", "2025-03-10", "10", "10"),
    ("Aid comes tomorrow.", "tomorrow", "2025-03-13", "13", "13"),
    ("Drones struck the port overnight.", "overnight", "2025-03-12TNI", "11", "12"),
    ("Shelling began this morning.", "this morning", "2025-03-12TMO", "12", "12"),
    ("Shelling began last night.", "last night", "2025-03-11TNI", "11", "11"),
    ("They left on Tuesday evening.", "Tuesday evening", "2025-03-11TEV", "11", "11"),
    ("They left late on Tuesday.", "late on Tuesday", "2025-03-11", "11", "11"),
    ("On the morning of 10 March they left.", "the morning of 10 March", "2025-03-10TMO", "10", "10"),
    ("On the night of 10-11 March they left.", "the night of 10-11 March", "2025-03-10TNI", "10", "11"),
    # Dates.
    ("The town fell on 3 March 2025.", "3 March 2025", "2025-03-03", "03", "03"),
    ("The town fell on March 3rd, 2025.", "March 3rd, 2025", "2025-03-03", "03", "03"),
    ("The town fell on the 3rd of March.", "the 3rd of March", "2025-03-03", "03", "03"),
    ("The town fell on Mar. 3.", "Mar. 3", "2025-03-03", "03", "03"),
    ("The town fell on Monday, 3 March.", "Monday, 3 March", "2025-03-03", "03", "03"),
    ("The town fell on 20 November.", "20 November", "2024-11-20", "2024-11-20", "2024-11-20"),
    ("The truce will end on 20 November.", "20 November", "2025-11-20", "2025-11-20", "2025-11-20"),
    ("The log starts at 2025-03-02.", "2025-03-02", "2025-03-02", "02", "02"),
    ("The log is of 31/01/2025.", "31/01/2025", "2025-01-31", "2025-01-31", "2025-01-31"),
    ("The log is of 12.03.2025 alone.", "12.03.2025", "2025-03-12", "12", "12"),
    ("Between 8 and 10 March they took it.", "8 and 10 March", "2025-03-08/2025-03-10", "08", "10"),
    # Days of the month: the last one or, ahead, the next; of the month that the line tells of.
    ("The company entered the village on the 3rd.", "the 3rd", "2025-03-03", "03", "03"),
    ("The company entered the village on the 29th.", "the 29th", "2025-01-29", "2025-01-29", "2025-01-29"),
    ("The company will leave on the 20th.", "the 20th", "2025-03-20", "20", "20"),
    ("The road has been cut since the 2nd.", "the 2nd", "2025-03-02", "02", "02"),
    (
        "In January all went; the flag fell on the 6th.",
        "the 6th",
        "2025-01-06",
        "2025-01-06",
        "2025-01-06",
    ),
    ("It fell on the 10th and 11th.", "the 10th and 11th", "2025-03-10/2025-03-11", "10", "11"),
    ("9th. Ridge lost.", "9th", "2025-03-09", "09", "09"),
    ("Radio Dorn, 9 March, 1900: the bridge holds.", "9 March", "2025-03-09", "09", "09"),
    ("It opened on 9 March, 1900, as a mill.", "9 March, 1900", "1900-03-09", "1900-03-09", "1900-03-09"),
    # Months and parts of months.
    ("They crossed in August last year.", "August last year", "2024-08", "2024-08-01", "2024-08-31"),
    ("They crossed in August.", "August", "2024-08", "2024-08-01", "2024-08-31"),
    ("They will cross in August.", "August", "2025-08", "2025-08-01", "2025-08-31"),
    ("It lasts since early March.", "early March", "2025-03", "01", "10"),
    ("It began in mid-February.", "mid-February", "2025-02", "2025-02-11", "2025-02-20"),
    ("It began in late February.", "late February", "2025-02", "2025-02-21", "2025-02-28"),
    ("It fell in May 2022.", "May 2022", "2022-05", "2022-05-01", "2022-05-31"),
    ("He wants to finish by early June.", "early June", "2025-06", "2025-06-01", "2025-06-10"),
    # Calendar units.
    ("Last week they dug in.", "Last week", "2025-W10", "03", "09"),
    ("Last month they dug in.", "Last month", "2025-02", "2025-02-01", "2025-02-28"),
    ("Last weekend they dug in.", "Last weekend", "2025-W10-WE", "08", "09"),
    ("Last year they dug in.", "Last year", "2024", "2024-01-01", "2024-12-31"),
    ("They will dig in next month.", "next month", "2025-04", "2025-04-01", "2025-04-30"),
    ("Earlier this month they dug in.", "Earlier this month", "2025-03", "01", "12"),
    ("The first half of 2023 was calm.", "The first half of 2023", "2023-H1", "2023-01-01", "2023-06-30"),
    ("The last week of May 2024 ended.", "The last week of May 2024", "2024-W22", "2024-05-27", "2024-06-02"),
    ("The third quarter of 2024 ended.", "The third quarter of 2024", "2024-Q3", "2024-07-01", "2024-09-30"),
    ("In the spring of 2023 it slowed.", "the spring of 2023", "2023-SP", "2023-03-01", "2023-05-31"),
    ("It was built in the 1980s.", "the 1980s", "198", "1980-01-01", "1989-12-31"),
    ("The budget of 2022-23 was spent.", "2022-23", "2022/2023", "2022-01-01", "2023-12-31"),
    ("It has been so since 2014.", "2014", "2014", "2014-01-01", "2014-12-31"),
    ("The end of last year was calm.", "The end of last year", "2024", "2024-09-01", "2024-12-31"),
    # Lengths that end with the publication.
    ("In the past five days they took it.", "the past five days", "P5D", "08", "12"),
    ("In the past 24 hours they took it.", "the past 24 hours", "PT24H", "11", "12"),
    ("In the last 72 hours they took it.", "the last 72 hours", "PT72H", "09", "12"),
    ("Over the past week they took it.", "the past week", "P1W", "06", "12"),
    ("Over the past day they took it.", "the past day", "P1D", "11", "12"),
    ("Over the past two weeks they took it.", "the past two weeks", "P2W", "2025-02-27", "12"),
    ("It will be over in the next 48 hours.", "the next 48 hours", "PT48H", "12", "14"),
    # Counted from the publication.
    ("Two years ago it was calm.", "Two years ago", "2023", "2023-01-01", "2023-12-31"),
    ("Ten days ago it was calm.", "Ten days ago", "2025-03-02", "02", "02"),
    ("A week ago it was calm.", "A week ago", "2025-03-05", "05", "05"),
    ("Three weeks ago it was calm.", "Three weeks ago", "2025-W08", "2025-02-17", "2025-02-23"),
    ("It ends in two weeks' time.", "two weeks' time", "2025-W13", "24", "30"),
    # Feasts and clocks.
    ("They met on Christmas Eve.", "Christmas Eve", "2024-12-24", "2024-12-24", "2024-12-24"),
    ("They will meet on Easter Sunday.", "Easter Sunday", "2025-04-20", "2025-04-20", "2025-04-20"),
    ("They struck at 6 a.m. local time.", "6 a.m. local time", "2025-03-12T06:00", "12", "12"),
    ("They struck at 03:40 on Tuesday.", "03:40 on Tuesday", "2025-03-11T03:40", "11", "11"),
    ("They struck at 0800 GMT.", "0800 GMT", "2025-03-12T08:00Z", "12", "12"),
]  # fmt: skip

# Sentence, words, type, value: found, but without days.
UNANCHORED = [
    ("They held it for 72 hours.", "72 hours", "DURATION", "PT72H"),
    ("They agreed on a 30-day ceasefire.", "30-day", "DURATION", "P30D"),
    ("It took two and a half years.", "two and a half years", "DURATION", "P2.5Y"),
    ("It lasted several weeks.", "several weeks", "DURATION", "PXW"),
    ("They fought for years.", "years", "DURATION", "PXY"),
    ("It took nearly five months.", "nearly five months", "DURATION", "P5M"),
    ("It took half an hour.", "half an hour", "DURATION", "PT30M"),
    ("They shell it every Friday.", "every Friday", "SET", "XXXX-WXX-5"),
    ("They shell it every day.", "every day", "SET", "P1D"),
    ("The post is shelled hourly.", "hourly", "SET", "PT1H"),
    ("The general recently resigned.", "recently", "DATE", "PAST_REF"),
    ("It is now calm there.", "now", "DATE", "PRESENT_REF"),
    ("In the near future it may fall.", "the near future", "DATE", "FUTURE_REF"),
    ("The log is of 03/04/2024.", "03/04/2024", "DATE", None),
    ("They marched during Ramadan.", "Ramadan", "DATE", None),
]

NO_TIMES = [
    "He lives on the 3rd floor.",
    "The town fell to the 21st Brigade.",
    "Prices rose to the 3rd highest on record.",
    "The men may march on the capital.",
    "A third of the men left, the second group stayed.",
    "The fall of the town was quick.",
    "They made a last stand at a spring near the ford.",
    "The 35-year-old driver is 18 years older than his brother.",
    "The second battalion took a quarter of the quarry.",
    "Some 2014 shells fell there.",
    "The team won 3-2 after extra shots.",
    "He sat down and the sun rose over Mr. Day.",
    "Answer as soon as possible.",
    "The 1500 metres final and a 2000-strong crowd.",
    "Call 1999-555 or write to box 2024A.",
    "The ruling came with version 10.12 of the code.",
    "The market is up and the last man left.",
    "It costs $2000 in all and weighs 2000 kg.",
    "Each soldier got a minute amount of bread.",
    "They follow the road past the mill.",
    "Three men are dead and 12 people hurt.",
    "Quarters were searched, and the unit's close ally agreed.",
    "Is it hot at the end of the road?",
    "At the end of the day, they need peace.",
    "He is in his 40s and works on a day-to-day basis.",
    "The USA TODAY poll was cited.",
]


@pytest.mark.parametrize(("text", "words", "value", "first", "last"), ANCHORED)
def test_anchored_times_have_their_days(text: str, words: str, value: str, first: str, last: str) -> None:
    found = {t.span.exact: t for t in extract_times(parse(text, has_headline=False), PUBLISHED)}
    assert words in found, sorted(found)
    mention = found[words]
    assert mention.value == value
    assert mention.interval is not None
    full = tuple(day if len(day) > 2 else f"2025-03-{day}" for day in (first, last))
    assert tuple(str(day) for day in mention.interval.to_days()) == full


@pytest.mark.parametrize(("text", "words", "timex", "value"), UNANCHORED)
def test_lengths_sets_and_references_have_no_days(
    text: str, words: str, timex: str, value: str | None
) -> None:
    found = {t.span.exact: t for t in extract_times(parse(text, has_headline=False), PUBLISHED)}
    assert words in found, sorted(found)
    assert (found[words].timex, found[words].value) == (TimexType(timex), value)
    assert found[words].interval is None


@pytest.mark.parametrize("text", NO_TIMES)
def test_words_with_another_sense_are_no_times(text: str) -> None:
    assert [t.span.exact for t in extract_times(parse(text, has_headline=False), PUBLISHED)] == []


def test_the_narrative_moves_its_own_day() -> None:
    text = (
        "They entered the town on 3 February. The next day they left. A week later they came back, and "
        "that evening the bridge fell. Two days earlier it had held. The following morning they rested."
    )
    found = [(t.span.exact, t.value) for t in extract_times(parse(text, has_headline=False), PUBLISHED)]
    assert found == [
        ("3 February", "2025-02-03"),
        ("The next day", "2025-02-04"),
        ("A week later", "2025-02-11"),
        ("that evening", "2025-02-11TEV"),
        ("Two days earlier", "2025-02-09"),
        ("The following morning", "2025-02-10TMO"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "They came on Wednesday.", "They came yesterday.", "They came last week.", "They came in August.",
        "They came on 3 March.", "In the past five days they came.", "Two years ago they came.",
        "They came overnight.", "They came last night.", "They came at 6 a.m.", "They came in the spring.",
        "The next day they came.", "They came on Christmas Eve.", "They came in the third quarter.",
    ],
)  # fmt: skip
def test_nothing_relative_is_anchored_without_a_publication(text: str) -> None:
    found = extract_times(parse(text, has_headline=False), None)
    assert found
    assert all(t.interval is None and t.edtf is None for t in found)


def test_full_dates_need_no_publication() -> None:
    found = extract_times(
        parse("It fell on 24 February 2022 and again in May 2023.", has_headline=False), None
    )
    assert [t.edtf for t in found] == ["2022-02-24", "2023-05"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("It has held since Friday.", "since"),
        ("It held until Friday.", "until"),
        ("It will fall by Friday.", "by"),
        ("It will fall no later than Friday.", "by"),
        ("It will fall within three days.", "by"),
        ("It fell before Friday.", "before"),
        ("It fell ahead of Friday.", "before"),
        ("It fell after Friday.", "after"),
        ("It fell during the past week.", "during"),
        ("They fought from Friday.", "from"),
        ("It fell on Friday.", "at"),
        ("As of Friday it stood.", "at"),
        ("It fell in early March.", "at"),
        ("It has held since early March.", "since"),
        ("It must be done by the end of June.", "by"),
        ("Friday was calm.", "at"),
    ],
)
def test_the_preposition_gives_the_role(text: str, role: str) -> None:
    parsed = parse(text, has_headline=False)
    (mention,) = extract_times(parsed, PUBLISHED)
    assert time_role(parsed, mention) == role


def test_a_range_has_from_and_to() -> None:
    parsed = parse("They fought from 8 March to 11 March.", has_headline=False)
    assert [time_role(parsed, t) for t in extract_times(parsed, PUBLISHED)] == ["from", "to"]


def test_days_are_those_of_the_zone() -> None:
    zone = ZoneInfo("Europe/Kyiv")
    # 23:30 in Greenwich is the next day already in Kyiv.
    published = datetime(2025, 3, 11, 23, 30, tzinfo=UTC)
    (mention,) = extract_times(parse("They came today.", has_headline=False), published, zone)
    assert mention.value == "2025-03-12"
    assert mention.interval is not None
    assert mention.interval.start == datetime(2025, 3, 11, 22, 0, tzinfo=UTC)


def test_clock_times_are_instants() -> None:
    (mention,) = extract_times(
        parse("They struck at 08:30 GMT.", has_headline=False), PUBLISHED, ZoneInfo("Europe/Kyiv")
    )
    assert mention.interval is not None
    assert mention.interval.start == datetime(2025, 3, 12, 8, 30, tzinfo=UTC)
