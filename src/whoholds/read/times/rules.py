"""Which function gives the meaning of which pattern of `data/patterns.toml`.

A rule's name enters, a function of the scene and the match leaves; it gives a `Meaning`, or None where
the words are no time after all.
"""

from __future__ import annotations

from collections.abc import Callable

from whoholds.read.times import dates, lengths, named, relative
from whoholds.read.times.meaning import Meaning
from whoholds.read.times.patterns import Match
from whoholds.read.times.scene import Scene

__all__ = ["FIRST_RULES"]

FIRST_RULES: dict[str, Callable[[Scene, Match], Meaning | None]] = {
    "numeric_date": dates.read_numeric_date,
    "calendar_date": dates.read_calendar_date,
    "day_range": dates.read_day_range,
    "day_of_month": dates.read_day_of_month,
    "month_year": dates.read_month_year,
    "month": dates.read_month,
    "relative_month": dates.read_relative_month,
    "year": dates.read_year,
    "year_range": dates.read_year_range,
    "short_year": dates.read_short_year,
    "decade": dates.read_decade,
    "period_code": dates.read_period_code,
    "fiscal_year": dates.read_fiscal_year,
    "season_year": dates.read_season_year,
    "weekday": named.read_weekday,
    "relative_weekday": named.read_relative_weekday,
    "season": named.read_season,
    "relative_season": named.read_relative_season,
    "deictic": named.read_deictic,
    "tonight": named.read_tonight,
    "overnight": named.read_overnight,
    "the_part": named.read_the_part,
    "noon": named.read_noon,
    "weekend": named.read_weekend,
    "the_unit": named.read_the_unit,
    "relative_unit": relative.read_relative_unit,
    "past_unit": relative.read_past_unit,
    "past_period": relative.read_past_period,
    "ago": relative.read_ago,
    "from_now": relative.read_from_now,
    "shifted": relative.read_shifted,
    "adjacent_day": relative.read_adjacent_day,
    "relative_part": relative.read_relative_part,
    "clock": lengths.read_clock,
    "duration": lengths.read_duration,
    "unit_range": lengths.read_unit_range,
    "half_unit": lengths.read_half_unit,
    "one_unit": lengths.read_one_unit,
    "some_units": lengths.read_some_units,
    "recent": lengths.read_recent,
    "bare_units": lengths.read_bare_units,
    "every": lengths.read_every,
    "often": lengths.read_often,
    "reference": lengths.read_reference,
    "ordinal_quarter": dates.read_ordinal_quarter,
    "holiday": lengths.read_holiday,
}
