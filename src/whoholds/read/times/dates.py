"""Rules for dates in full: days, months, years, quarters, decades. A match enters, a `Meaning` leaves.

None means that the words are no time after all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from whoholds.model import TimexType
from whoholds.read.numerals import Kind
from whoholds.read.times.amounts import (
    whole_at,
)
from whoholds.read.times.meaning import (
    Meaning,
    add_months,
    day_meaning,
    decade_meaning,
    half_meaning,
    month_meaning,
    quarter_meaning,
    safe_day,
    season_meaning,
    year_meaning,
)
from whoholds.read.times.patterns import Match
from whoholds.read.times.scene import Scene

_DATE, _TIME, _DURATION, _SET = TimexType.DATE, TimexType.TIME, TimexType.DURATION, TimexType.SET

_MONTHS_NEAR = (-2, -1, 0, 1, 2)
"""Months around the publication: of two that follow each other one has every day."""


# --- dates in full ---------------------------------------------------------------------------------


def read_numeric_date(scene: Scene, match: Match) -> Meaning | None:
    text = scene.tokens[match.kept["d"]].low.upper()
    if text[4:5] == "-":
        parts = text.split("T")[0].split("-")
        day = safe_day(*(int(p) for p in parts))
        if day is None:
            return None
        if "T" not in text:
            return replace(day_meaning(day), is_absolute=True)
        moment = datetime.fromisoformat(f"{day.isoformat()}T{text.split('T')[1].removesuffix('Z')}")
        zone = UTC if text.endswith("Z") else scene.zone
        start = moment.replace(tzinfo=zone)
        return Meaning(_TIME, f"{day}T{text.split('T')[1]}", "Clock", day, day, None, start, is_absolute=True)
    separator = "/" if "/" in text else "."
    a, b, c = (int(p) for p in text.split(separator))
    if len(text.rsplit(separator, 1)[1]) == 2:
        if separator == ".":
            return None  # a version or section number as likely as a date
        c += 2000 if c < 70 else 1900
    # Day before month in most of the world, month before day in the United States: only what one
    # reading alone allows is settled, except that dots are never American.
    readings = {safe_day(c, b, a)} | (set() if separator == "." else {safe_day(c, a, b)})
    days = sorted(d for d in readings if d is not None)
    if not days:
        return None
    if len(days) == 1:
        return replace(day_meaning(days[0]), is_absolute=True)
    if scene.published is not None:
        near = [d for d in days if abs((d - scene.published).days) <= 7]
        if len(near) == 1:
            return replace(day_meaning(near[0]), is_absolute=True)
    return Meaning(_DATE, None)


def _year_of(scene: Scene, match: Match, name: str = "y") -> int | None:
    return whole_at(scene, match.kept[name]) if name in match.kept else None


def read_calendar_date(scene: Scene, match: Match) -> Meaning | None:
    day, month = whole_at(scene, match.kept["d"]), scene.value(match.kept["m"])
    if day is None or not 1 <= day <= 31:
        return None
    year = _year_of(scene, match)
    if year is not None and _is_hour(scene, match.kept["y"]):
        return None  # "15 May, 2115:": the pattern without the year follows
    if year is None and scene.counts_something(match.kept["d"]) and match.kept["d"] > match.kept["m"]:
        return None  # "in March 12 people died"
    found = _dated(scene, match, year, month, day)
    if found is not None and "w" in match.kept and year is None and found.first is not None:
        # The weekday tells the year where the text does not.
        wanted = scene.value(match.kept["w"])
        if found.first.isoweekday() != wanted:
            for step in (-1, 1):
                other = safe_day(found.first.year + step, month, day)
                if other is not None and other.isoweekday() == wanted:
                    return day_meaning(other)
    return found


def _is_hour(scene: Scene, index: int) -> bool:
    """Whether four figures after a day are an hour: "17 Feb, 1900:", "6 November, 1830 GMT"."""
    text = scene.tokens[index].low
    if scene.word_before(index) != "," or int(text[:2]) > 23 or int(text[2:]) > 59:
        return False
    after = index + 1
    is_zone = after < len(scene.tokens) and scene.class_of(after) == "zone"
    return is_zone or scene.word_at(after) in (":", "local", "hours", "hrs")


def _dated(scene: Scene, match: Match, year: int | None, month: int, day: int) -> Meaning | None:
    if year is not None:
        exact = safe_day(year, month, day)
        return None if exact is None else replace(day_meaning(exact), is_absolute=True)
    if safe_day(2024, month, day) is None:
        return None
    anchor = scene.published
    if anchor is None:
        return Meaning(_DATE, f"XXXX-{month:02d}-{day:02d}", "Day")
    candidates = [d for step in (-1, 0, 1) if (d := safe_day(anchor.year + step, month, day)) is not None]
    chosen = scene.choose_day(candidates, anchor, match)
    return None if chosen is None else day_meaning(chosen)


def read_day_range(scene: Scene, match: Match) -> Meaning | None:
    first, last = whole_at(scene, match.kept["d"]), whole_at(scene, match.kept["e"])
    month, year = scene.value(match.kept["m"]), _year_of(scene, match)
    if first is None or last is None or not 1 <= first < last <= 31:
        return None
    end = _dated(scene, match, year, month, last)
    if end is None or end.last is None:
        return end
    start = safe_day(end.last.year, month, first)
    if start is None:
        return None
    value = f"{start}/{end.last}"
    return Meaning(_DATE, value, "Span", start, end.last, value, is_absolute=year is not None)


def read_day_of_month(scene: Scene, match: Match) -> Meaning | None:
    """ "On the 29th": a day of the month that its line tells of, else the last or the next such day."""
    if not _is_day_number(scene, match):
        return None
    day = whole_at(scene, match.kept["o"])
    last = whole_at(scene, match.kept["e"]) if "e" in match.kept else day
    if day is None or last is None or not 1 <= day <= last <= 31:
        return None
    told = scene.told_month_in_line(match.first)
    anchor = scene.published if told is None else told
    if anchor is None:
        return Meaning(_DATE, f"XXXX-XX-{day:02d}", "Day")
    months = [
        add_months(anchor.replace(day=1), step) for step in ((0,) if told is not None else _MONTHS_NEAR)
    ]
    days = [d for m in months if m is not None and (d := safe_day(m.year, m.month, day)) is not None]
    if told is None:
        is_ahead = scene.is_ahead(match)
        days = [d for d in days if (d >= anchor if is_ahead else d <= anchor)]
        days = days if is_ahead else days[::-1]
    if not days:
        return None
    end = safe_day(days[0].year, days[0].month, last)
    if end is None or end == days[0]:
        return day_meaning(days[0])
    return Meaning(_DATE, f"{days[0]}/{end}", "Span", days[0], end, f"{days[0]}/{end}")


def _is_day_number(scene: Scene, match: Match) -> bool:
    """Whether an ordinal in figures stands alone where a day does: "by the 10th", "17th. Ridge lost"."""
    token = scene.tokens[match.kept["o"]]
    if not token.low[0].isdecimal():
        return False
    after = scene.parsed_word(match.last) if match.last < len(scene.tokens) else None
    if match.kept["o"] == match.first:
        is_head = match.first == 0 or scene.tokens[match.first - 1].kind is Kind.BREAK
        return is_head and scene.word_at(match.last) in (".", ",", ":")
    if scene.word_before(match.first) not in scene.context["day_before"]:
        return False
    # "on the 29th floor", "by the 3rd Brigade": the ordinal tells which.
    return after is None or after.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM")


def read_month_year(scene: Scene, match: Match) -> Meaning | None:
    year = _year_of(scene, match)
    if year is None:
        return None
    return replace(month_meaning(year, scene.value(match.kept["m"])), is_absolute=True)


def read_month(scene: Scene, match: Match) -> Meaning | None:
    month = scene.value(match.kept["m"])
    anchor = scene.published
    if anchor is None:
        return Meaning(_DATE, f"XXXX-{month:02d}", "Month")
    candidates = [
        m.first
        for step in (-1, 0, 1)
        if 1 <= anchor.year + step <= 9998 and (m := month_meaning(anchor.year + step, month)).first
    ]
    chosen = scene.choose_month(candidates, anchor, match)
    return None if chosen is None else month_meaning(chosen.year, chosen.month)


def read_relative_month(scene: Scene, match: Match) -> Meaning | None:
    month, step = scene.value(match.kept["m"]), scene.step(match.kept["r"])
    day = scene.published
    if day is None:
        return Meaning(_DATE, f"XXXX-{month:02d}", "Month")
    year = day.year
    if step < 0 and month >= day.month:
        year -= 1
    elif step > 0 and month <= day.month:
        year += 1
    return month_meaning(year, month) if 1 <= year <= 9998 else None


def read_year(scene: Scene, match: Match) -> Meaning | None:
    index = match.kept["y"]
    year = whole_at(scene, index)
    if year is None or not scene.is_year(index) or _is_hour(scene, index):
        return None
    return replace(year_meaning(year), is_absolute=True)


def read_year_range(scene: Scene, match: Match) -> Meaning | None:
    first, last = whole_at(scene, match.kept["y"]), whole_at(scene, match.kept["e"])
    if first is None or last is None or not scene.is_joined(match.first, match.last):
        return None
    if last < 100:
        if len(scene.tokens[match.kept["e"]].low) != 2:
            return None
        last += first // 100 * 100
    if not first < last <= first + 60:
        return None
    value = f"{first:04d}/{last:04d}"
    return Meaning(_DATE, value, "Year", date(first, 1, 1), date(last, 12, 31), value, is_absolute=True)


def read_short_year(scene: Scene, match: Match) -> Meaning | None:
    token = scene.tokens[match.kept["y"]]
    if len(token.low) != 2 or not scene.is_joined(match.first, match.last) or scene.is_glued(match.first):
        return None
    if scene.word_before(match.first) not in scene.context["short_year_before"]:
        return None
    year = scene.century_year(int(token.low))
    return replace(year_meaning(year), is_absolute=True)


def read_decade(scene: Scene, match: Match) -> Meaning | None:
    index = match.kept.get("y", match.kept.get("d"))
    if index is None:
        return None
    if "d" in match.kept:
        return replace(decade_meaning(scene.value(index) * 10), is_absolute=True)
    token = scene.tokens[index]
    if not token.low.isdecimal() or int(token.low) % 10 or not scene.is_joined(index, match.last):
        return None
    number = int(token.low)
    if len(token.low) == 2:
        if number < 20 or (token.start > 0 and scene.is_glued(match.first)):
            return None
        if scene.word_before(match.first) in scene.context["ages_before"]:
            return None  # "in his 40s", "in the mid-30s"
        if scene.word_before(match.first) == "-" and "\u2019" not in scene.word_at(match.first):
            return None
        number = 1900 + number
    if len(str(number)) != 4 or not 1000 <= number <= 2100:
        return None
    return replace(decade_meaning(number), is_absolute=True)


def read_period_code(scene: Scene, match: Match) -> Meaning | None:
    number = whole_at(scene, match.kept["q"])
    letter = scene.value(match.kept["k"])
    if number is None or not scene.is_joined(match.kept["k"], match.kept["q"] + 1):
        return None
    if not 1 <= number <= (4 if letter == "Q" else 2):
        return None
    year = _year_of(scene, match)
    if year is None:
        if letter == "H" or scene.published is None:
            return None if letter == "H" else Meaning(_DATE, f"XXXX-Q{number}", "Span")
        return _ordered_quarter(scene, match, number)
    found = quarter_meaning(year, number) if letter == "Q" else half_meaning(year, number)
    return replace(found, is_absolute=True)


def read_fiscal_year(scene: Scene, match: Match) -> Meaning | None:
    year = _year_of(scene, match)
    # Fiscal years start on different days from state to state: no days are given.
    return None if year is None else Meaning(_DATE, f"FY{year:04d}", "Other")


def read_season_year(scene: Scene, match: Match) -> Meaning | None:
    year = _year_of(scene, match)
    if year is None or year > 9000:
        return None
    return replace(season_meaning(year, scene.value(match.kept["s"])), is_absolute=True)


def read_ordinal_quarter(scene: Scene, match: Match) -> Meaning | None:
    unit, token = scene.value(match.kept["u"]), scene.tokens[match.kept["o"]]
    number = -1 if token.value is None else int(token.value)
    year = _year_of(scene, match)
    if unit == "CE" and number > 0:
        if not 10 <= number <= 21:
            return None
        first = (number - 1) * 100
        days = date(first + 1, 1, 1), date(first + 100, 12, 31)
        return Meaning(_DATE, f"{number - 1:02d}", "Year", *days, f"{number - 1:02d}XX", is_absolute=True)
    if unit != "Q":
        return None
    if number == -1:
        number = 4 if year is not None else -1
    if not 1 <= number <= 4:
        return _relative_quarter(scene)
    if year is not None:
        return replace(quarter_meaning(year, number), is_absolute=True)
    if scene.published is None:
        return Meaning(_DATE, f"XXXX-Q{number}", "Span")
    return _ordered_quarter(scene, match, number)


def _relative_quarter(scene: Scene) -> Meaning | None:
    if scene.published is None:
        return Meaning(_DATE, None, "Span")
    moved = add_months(scene.published, -3)
    return None if moved is None else quarter_meaning(moved.year, (moved.month + 2) // 3)


def _ordered_quarter(scene: Scene, match: Match, number: int) -> Meaning | None:
    day = scene.published
    if day is None:
        return None
    found = [quarter_meaning(day.year + step, number) for step in (-1, 0, 1) if 1 <= day.year + step <= 9998]
    return scene.choose_stretch(found, match)
