"""Rules for what is counted from the publication or from a day told of: last week, the next day.

A match enters, a `Meaning` leaves; None means that the words are no time after all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from whoholds.model import TimexType
from whoholds.read.times.amounts import (
    duration_value,
    number_at,
    part_meaning,
    shift_units,
    unit_meaning,
)
from whoholds.read.times.meaning import (
    UNKNOWN_DAY,
    Meaning,
    day_meaning,
    month_meaning,
    quarter_meaning,
    shift_days,
    week_meaning,
    year_meaning,
)
from whoholds.read.times.patterns import Match
from whoholds.read.times.scene import Scene

_DATE, _TIME, _DURATION, _SET = TimexType.DATE, TimexType.TIME, TimexType.DURATION, TimexType.SET


# --- relative to the publication or to the day told of -------------------------------------------------


def read_relative_unit(scene: Scene, match: Match) -> Meaning | None:
    unit, word = scene.value(match.kept["u"]), scene.class_of(match.kept["r"])
    step = scene.step(match.kept["r"])
    if word == "last" and scene.follows_of(match.last):
        return None  # "the last week of March" is joined later
    anaphoric = word in ("that", "same", "previous", "following") or (
        word == "next" and unit == "D" and scene.word_before(match.kept["r"]) == "the"
    )
    day = (scene.told_day or (scene.published if word != "same" else None)) if anaphoric else scene.published
    if unit in ("TH", "TM", "TS"):
        if word in ("this", "that", "same", "current"):
            return None
        return _ending_period(scene, step, 1.0, unit)
    if day is None:
        return Meaning(_DATE, UNKNOWN_DAY if unit == "D" else None, "Other")
    if word == "last" and unit == "D":
        return _ending_period(scene, step, 1.0, "D")
    moved = shift_units(day, unit, step)
    return None if moved is None else unit_meaning("W" if unit == "W2" else unit, moved)


def read_past_unit(scene: Scene, match: Match) -> Meaning | None:
    """ "the past week" is seven days up to now; "the last quarter", "of the last year" the calendar's."""
    unit, step = scene.value(match.kept["u"]), scene.step(match.kept["r"])
    word = scene.tokens[match.kept["r"]].low
    if scene.follows_of(match.last) and word == "last":
        return None
    if word == "next" and unit == "D":
        return read_relative_unit(scene, match)
    calendar = word in ("last", "next") and unit in ("W", "M", "Y", "Q")
    if calendar and (unit == "Q" or scene.word_before(match.first) not in scene.context["spans_before"]):
        return read_relative_unit(scene, match)
    return _ending_period(scene, step, 1.0, unit)


def read_past_period(scene: Scene, match: Match) -> Meaning | None:
    unit, step = scene.value(match.kept["u"]), scene.step(match.kept["r"])
    amount = number_at(scene, match.kept["n"]) if "n" in match.kept else None
    if scene.class_of(match.kept["r"]) in ("previous", "following"):
        return _ending_period(scene, step, amount, unit, scene.told_day)
    return _ending_period(scene, step, amount, unit)


def _ending_period(
    scene: Scene, step: int, amount: float | None, unit: str, told: date | None = None
) -> Meaning | None:
    """A length that ends (or begins) with the publication: N past days end that day.

    Hours touch one day more than they fill, since nothing says at what hour they end: 24 hours are two
    days, 72 are four (annotation.md, "Holds").
    """
    value = duration_value(amount, unit)
    meaning = Meaning(_DURATION, value, "Other")
    day = told or scene.published
    if day is None or amount is None:
        return meaning
    if unit in ("TH", "TM", "TS"):
        hours = amount / {"TH": 1, "TM": 60, "TS": 3600}[unit]
        reach = shift_days(day, step * -(-hours // 24) if hours > 12 else step)
    elif unit == "D" and amount == 1:
        reach = shift_days(day, step)
    elif unit in ("D", "W", "W2"):
        days = amount * {"D": 1, "W": 7, "W2": 14}[unit]
        reach = shift_days(day, step * (days - 1 if step < 0 else days))
    else:
        moved = shift_units(day, unit, step * amount)
        reach = None if moved is None else shift_days(moved, 1 if step < 0 else 0)
    if reach is None:
        return meaning
    if told is not None:
        # What is counted from a day told of does not hold that day itself.
        day = shift_days(day, step) or day
        reach = shift_days(reach, step) or reach
    return meaning.with_days(min(day, reach), max(day, reach))


def read_ago(scene: Scene, match: Match) -> Meaning | None:
    return _counted(scene, match, scene.published, -1)


def read_from_now(scene: Scene, match: Match) -> Meaning | None:
    return _counted(scene, match, scene.published, 1)


def read_shifted(scene: Scene, match: Match) -> Meaning | None:
    step, word = scene.step(match.kept["r"]), scene.class_of(match.kept["r"])
    if word in ("before", "after") and not scene.ends_clause(match.last):
        # "two days before the vote": counted from an event that only a reader of events can date.
        return None
    unit = scene.value(match.kept["u"])
    told = scene.told
    if (
        told is not None
        and unit == "Y"
        and told.grain in ("Month", "Span", "Year")
        and told.first is not None
    ):
        amount = number_at(scene, match.kept["n"]) if "n" in match.kept else None
        moved = None if amount is None else shift_units(told.first, "Y", step * amount)
        if moved is not None:
            return _same_grain(told, moved)
    anchor = scene.told_day or (scene.published if step < 0 else None)
    return _counted(scene, match, anchor, step)


def _same_grain(told: Meaning, day: date) -> Meaning:
    if told.grain == "Month":
        return month_meaning(day.year, day.month)
    if told.grain == "Span" and told.value is not None and "-Q" in told.value:
        return quarter_meaning(day.year, (day.month + 2) // 3)
    return year_meaning(day.year)


def _counted(scene: Scene, match: Match, anchor: date | None, step: int) -> Meaning | None:
    """So many units before or after a day, at the grain of the unit."""
    unit = scene.value(match.kept["u"])
    amount = number_at(scene, match.kept["n"]) if "n" in match.kept else None
    if amount is None:
        return Meaning(_DATE, "PAST_REF" if step < 0 else "FUTURE_REF")
    if unit in ("TH", "TM", "TS"):
        hours = amount / {"TH": 1, "TM": 60, "TS": 3600}[unit]
        # Nothing says at what hour of the publication's day the count begins.
        reach = (
            None
            if anchor is None
            else shift_days(anchor, step * (hours // 24 if hours >= 24 else hours > 12))
        )
        if anchor is None or reach is None:
            return Meaning(_TIME, None)
        if hours >= 24:
            return replace(day_meaning(reach), timex=_TIME, grain="Other")
        return Meaning(_TIME, anchor.isoformat(), "Other", min(anchor, reach), max(anchor, reach))
    if anchor is None:
        return Meaning(_DATE, None)
    moved = shift_units(anchor, unit, step * amount)
    if moved is None:
        return None
    if amount != int(amount):
        return unit_meaning("M" if unit == "Y" else "D", moved)
    if unit in ("W", "W2"):
        # A week to the day; more weeks are only counted in weeks.
        return day_meaning(moved) if unit == "W" and amount == 1 else week_meaning(moved)
    if unit == "DE":
        return year_meaning(moved.year)
    return unit_meaning(unit, moved)


def read_adjacent_day(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if not scene.ends_clause(match.last) or unit not in ("D", "W", "M", "Y"):
        return None
    step = scene.step(match.kept["r"])
    anchor = scene.told_day or (scene.published if step < 0 else None)
    if anchor is None:
        return Meaning(_DATE, UNKNOWN_DAY)
    moved = shift_units(anchor, unit, step)
    return None if moved is None else unit_meaning(unit, moved)


def read_relative_part(scene: Scene, match: Match) -> Meaning | None:
    part, word = scene.value(match.kept["p"]), scene.class_of(match.kept["r"])
    if word == "this":
        return part_meaning(scene.published, part)
    if word == "last":
        if part != "NI":
            return part_meaning(None if scene.published is None else shift_days(scene.published, -1), part)
        return part_meaning(None if scene.published is None else shift_days(scene.published, -1), part)
    day = scene.told_day or scene.published
    if day is not None and word in ("following", "next"):
        day = shift_days(day, 1)
    elif day is not None and word == "previous":
        day = shift_days(day, -1)
    return part_meaning(day, part)
