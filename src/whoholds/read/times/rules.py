"""What each pattern of `data/patterns.toml` means: a match enters, a `Meaning` or None (no time) leaves.

Each rule is a function of the scene (tokens, publication, what was told of last, tense) and the match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from whoholds.model import TimexType
from whoholds.read.numerals import Kind
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
    shift_days,
    third_of,
    week_meaning,
    weekend_meaning,
    year_meaning,
)
from whoholds.read.times.patterns import Match
from whoholds.read.times.scene import Scene

__all__ = ["FIRST_RULES", "SECOND_RULES", "duration_value"]

Rule = Callable[[Scene, Match], Meaning | None]
SecondRule = Callable[[Scene, Match, Callable[[int], Meaning | None]], Meaning | None]
_DATE, _TIME, _DURATION, _SET = TimexType.DATE, TimexType.TIME, TimexType.DURATION, TimexType.SET
_UNKNOWN_DAY = "XXXX-XX-XX"


def _number(scene: Scene, index: int) -> float | None:
    token = scene.tokens[index]
    if token.kind in (Kind.NUMBER, Kind.ORDINAL):
        return token.value
    return 1.0 if token.low in ("a", "an") else None


def _whole(scene: Scene, index: int) -> int | None:
    value = _number(scene, index)
    return None if value is None or abs(value) > 10**6 else int(value)


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


def duration_value(amount: float | None, unit: str) -> str:
    """The TIMEX3 value of a length: ("5", "D") is P5D; an unknown amount is X; decades are tens of years."""
    scale = {"W2": ("W", 2.0), "DE": ("Y", 10.0), "CE": ("Y", 100.0)}
    name, factor = scale.get(unit, (unit, 1.0))
    number = "X" if amount is None else _plain(amount * factor)
    return f"PT{number}{name[1]}" if name[0] == "T" else f"P{number}{name}"


def _unit_meaning(unit: str, day: date) -> Meaning | None:
    """The day, week, month, quarter, year, decade that a day is in."""
    if unit == "D":
        return day_meaning(day)
    if unit == "W":
        return week_meaning(day)
    if unit == "WE":
        return weekend_meaning(day)
    if unit == "M":
        return month_meaning(day.year, day.month)
    if unit == "Q":
        return quarter_meaning(day.year, (day.month + 2) // 3)
    if unit == "Y":
        return year_meaning(day.year)
    if unit == "DE":
        return decade_meaning(day.year // 10 * 10)
    return None


def _shift(day: date, unit: str, amount: float) -> date | None:
    """A day some units on."""
    if abs(amount) > 10**5:
        return None
    months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}
    if unit in months:
        return add_months(day, round(months[unit] * amount))
    days = {"D": 1.0, "W": 7.0, "WE": 7.0, "W2": 14.0, "TH": 1 / 24, "TM": 1 / 1440, "TS": 1 / 86400}
    return shift_days(day, int(days[unit] * amount))


# --- dates in full ---------------------------------------------------------------------------------


def _numeric_date(scene: Scene, match: Match) -> Meaning | None:
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
    return _whole(scene, match.kept[name]) if name in match.kept else None


def _calendar_date(scene: Scene, match: Match) -> Meaning | None:
    day, month = _whole(scene, match.kept["d"]), scene.value(match.kept["m"])
    if day is None or not 1 <= day <= 31:
        return None
    year = _year_of(scene, match)
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


def _dated(scene: Scene, match: Match, year: int | None, month: int, day: int) -> Meaning | None:
    if year is not None:
        exact = safe_day(year, month, day)
        return None if exact is None else replace(day_meaning(exact), is_absolute=True)
    if safe_day(2024, month, day) is None:
        return None
    anchor = scene.anchor_for_month(month)
    if anchor is None:
        return Meaning(_DATE, f"XXXX-{month:02d}-{day:02d}", "Day")
    candidates = [d for step in (-1, 0, 1) if (d := safe_day(anchor.year + step, month, day)) is not None]
    chosen = scene.choose_day(candidates, anchor, match)
    return None if chosen is None else day_meaning(chosen)


def _day_range(scene: Scene, match: Match) -> Meaning | None:
    first, last = _whole(scene, match.kept["d"]), _whole(scene, match.kept["e"])
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


def _month_year(scene: Scene, match: Match) -> Meaning | None:
    year = _year_of(scene, match)
    if year is None:
        return None
    return replace(month_meaning(year, scene.value(match.kept["m"])), is_absolute=True)


def _month(scene: Scene, match: Match) -> Meaning | None:
    month = scene.value(match.kept["m"])
    anchor = scene.anchor_for_month(month)
    if anchor is None:
        return Meaning(_DATE, f"XXXX-{month:02d}", "Month")
    candidates = [
        m.first
        for step in (-1, 0, 1)
        if 1 <= anchor.year + step <= 9998 and (m := month_meaning(anchor.year + step, month)).first
    ]
    chosen = scene.choose_month(candidates, anchor, match)
    return None if chosen is None else month_meaning(chosen.year, chosen.month)


def _relative_month(scene: Scene, match: Match) -> Meaning | None:
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


def _year(scene: Scene, match: Match) -> Meaning | None:
    index = match.kept["y"]
    year = _whole(scene, index)
    if year is None or not scene.is_year(index):
        return None
    return replace(year_meaning(year), is_absolute=True)


def _year_range(scene: Scene, match: Match) -> Meaning | None:
    first, last = _whole(scene, match.kept["y"]), _whole(scene, match.kept["e"])
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


def _short_year(scene: Scene, match: Match) -> Meaning | None:
    token = scene.tokens[match.kept["y"]]
    if len(token.low) != 2 or not scene.is_joined(match.first, match.last) or scene.is_glued(match.first):
        return None
    year = scene.century_year(int(token.low))
    return replace(year_meaning(year), is_absolute=True)


def _decade(scene: Scene, match: Match) -> Meaning | None:
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
        number = 1900 + number
    if len(str(number)) != 4 or not 1000 <= number <= 2100:
        return None
    return replace(decade_meaning(number), is_absolute=True)


def _period_code(scene: Scene, match: Match) -> Meaning | None:
    number = _whole(scene, match.kept["q"])
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


def _fiscal_year(scene: Scene, match: Match) -> Meaning | None:
    year = _year_of(scene, match)
    # Fiscal years start on different days from state to state: no days are given.
    return None if year is None else Meaning(_DATE, f"FY{year:04d}", "Other")


def _season_year(scene: Scene, match: Match) -> Meaning | None:
    year = _year_of(scene, match)
    if year is None or year > 9000:
        return None
    return replace(season_meaning(year, scene.value(match.kept["s"])), is_absolute=True)


# --- days and longer by name -------------------------------------------------------------------------


def _weekday(scene: Scene, match: Match) -> Meaning | None:
    wanted = scene.value(match.kept["w"])
    anchor = scene.published
    if anchor is None:
        return Meaning(_DATE, f"XXXX-WXX-{wanted}", "Day")
    back = (anchor.isoweekday() - wanted) % 7
    if scene.is_ahead(match):
        day = shift_days(anchor, (7 - back) % 7)
    else:
        day = shift_days(anchor, -back)
    return None if day is None else day_meaning(day)


def _relative_weekday(scene: Scene, match: Match) -> Meaning | None:
    wanted, anchor = scene.value(match.kept["w"]), scene.published
    word, step = scene.class_of(match.kept["r"]), scene.step(match.kept["r"])
    if word in ("following", "previous"):
        anchor = scene.told_day or anchor
    if anchor is None:
        return Meaning(_DATE, f"XXXX-WXX-{wanted}", "Day")
    back = (anchor.isoweekday() - wanted) % 7
    if word in ("that", "same") and scene.told_day is not None:
        day = shift_days(scene.told_day, -((scene.told_day.isoweekday() - wanted) % 7))
    elif step < 0:
        day = shift_days(anchor, -(back or 7))
    elif step > 0:
        day = shift_days(anchor, (7 - back) or 7)
    else:
        # "this Friday": the one nearest in the direction of the clause.
        day = shift_days(anchor, (7 - back) % 7 if scene.is_ahead(match) else -back)
    return None if day is None else day_meaning(day)


def _season(scene: Scene, match: Match) -> Meaning | None:
    season = scene.value(match.kept["s"])
    if scene.published is None:
        return Meaning(_DATE, f"XXXX-{season}", "Span")
    found = [season_meaning(scene.published.year + step, season) for step in (-1, 0, 1)]
    chosen = scene.choose_stretch(found, match)
    return chosen


def _relative_season(scene: Scene, match: Match) -> Meaning | None:
    season, step = scene.value(match.kept["s"]), scene.step(match.kept["r"])
    day = scene.told_or_published(match.kept["r"])
    if day is None:
        return Meaning(_DATE, f"XXXX-{season}", "Span")
    found = [season_meaning(day.year + n, season) for n in (-2, -1, 0, 1)]
    if step < 0:
        past = [f for f in found if f.last is not None and f.last < day]
        return past[-1] if past else None
    if step > 0:
        ahead = [f for f in found if f.first is not None and f.first > day]
        return ahead[0] if ahead else None
    running = [f for f in found if f.first is not None and f.last is not None and f.first <= day <= f.last]
    return running[0] if running else season_meaning(day.year, season)


def _deictic(scene: Scene, match: Match) -> Meaning | None:
    if scene.published is None:
        return Meaning(_DATE, "PRESENT_REF" if scene.value(match.kept["d"]) == 0 else _UNKNOWN_DAY, "Day")
    day = shift_days(scene.published, scene.value(match.kept["d"]))
    return None if day is None else day_meaning(day)


def _tonight(scene: Scene, match: Match) -> Meaning | None:
    return _part(scene.published, "NI")


def _part(day: date | None, part: str) -> Meaning:
    if day is None:
        return Meaning(_TIME, f"{_UNKNOWN_DAY}T{part}", "Part")
    return Meaning(_TIME, f"{day.isoformat()}T{part}", "Part", day, day, day.isoformat())


def _overnight(scene: Scene, match: Match) -> Meaning | None:
    day = scene.published
    if day is None:
        return Meaning(_TIME, f"{_UNKNOWN_DAY}TNI", "Part")
    before = shift_days(day, -1)
    if before is None:
        return None
    # The night before the publication: it touches two days (annotation.md, "Holds").
    return Meaning(_TIME, f"{day.isoformat()}TNI", "Part", before, day)


def _the_part(scene: Scene, match: Match) -> Meaning | None:
    part = scene.value(match.kept["p"])
    word = scene.tokens[match.kept["p"]].low
    if word in ("dawn", "dusk", "daybreak", "night", "morning", "evening", "afternoon"):
        before = scene.word_before(match.first)
        if before not in (
            "in",
            "at",
            "during",
            "by",
            "since",
            "until",
            "before",
            "after",
            "this",
            "on",
            "from",
        ):
            return None
        if match.kept["p"] == match.first and word in ("morning", "evening", "afternoon"):
            return None
    return _part(scene.told_day or scene.published, part)


def _noon(scene: Scene, match: Match) -> Meaning | None:
    clock = scene.value(match.kept["n"])
    day = scene.told_day or scene.published
    prefix = _UNKNOWN_DAY if day is None else day.isoformat()
    if day is None or clock == "24:00":
        return Meaning(_TIME, f"{prefix}T{clock}", "Clock", day, day)
    return _at_clock(scene, day, 12, 0, f"{prefix}T12:00", None)


def _weekend(scene: Scene, match: Match) -> Meaning | None:
    day = scene.published
    if day is None:
        return Meaning(_DATE, "XXXX-WXX-WE", "Span")
    found = [weekend_meaning(d) for n in (-7, 0, 7) if (d := shift_days(day, n)) is not None]
    return scene.choose_stretch(found, match)


def _the_unit(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if unit == "D":
        if not scene.is_bare_noun(match):
            return replace(_anaphor(scene, "D") or Meaning(_DATE, None), grain="Named")
        return _anaphor(scene, "D")
    found = _anaphor(scene, unit)
    return None if found is None else replace(found, grain="Named")


def _anaphor(scene: Scene, unit: str) -> Meaning | None:
    day = scene.told_day or scene.published
    if day is None:
        return None
    return _unit_meaning(unit, day)


# --- relative to the publication or to the day told of -------------------------------------------------


def _relative_unit(scene: Scene, match: Match) -> Meaning | None:
    unit, word = scene.value(match.kept["u"]), scene.class_of(match.kept["r"])
    step = scene.step(match.kept["r"])
    anaphoric = word in ("that", "same", "previous", "following") or (
        word == "next" and unit == "D" and scene.word_before(match.kept["r"]) == "the"
    )
    day = (scene.told_day or (scene.published if word != "same" else None)) if anaphoric else scene.published
    if unit in ("TH", "TM", "TS"):
        if word in ("this", "that", "same", "current"):
            return None
        return _ending_period(scene, step, 1.0, unit)
    if day is None:
        return Meaning(_DATE, _UNKNOWN_DAY if unit == "D" else None, "Other")
    if word == "last" and unit == "D":
        return _ending_period(scene, step, 1.0, "D")
    moved = _shift(day, unit, step)
    return None if moved is None else _unit_meaning("W" if unit == "W2" else unit, moved)


def _past_unit(scene: Scene, match: Match) -> Meaning | None:
    """ "the past week" is seven days, "the last week" too; "the last month" the calendar one."""
    unit, step = scene.value(match.kept["u"]), scene.step(match.kept["r"])
    word = scene.tokens[match.kept["r"]].low
    if word == "next" and unit == "D":
        return _relative_unit(scene, match)
    if word == "next" or word == "coming" or word == "past":
        return _ending_period(scene, step, 1.0, unit)
    if word == "last" and unit in ("W", "M", "Y", "Q") and scene.published is not None:
        if scene.word_before(match.first) in ("of", "during") and unit in ("M", "Y", "W"):
            return None if scene.follows_of(match.last) else _relative_unit(scene, match)
        return None if scene.follows_of(match.last) else _ending_period(scene, step, 1.0, unit)
    return _ending_period(scene, step, 1.0, unit)


def _past_period(scene: Scene, match: Match) -> Meaning | None:
    unit, step = scene.value(match.kept["u"]), scene.step(match.kept["r"])
    amount = _number(scene, match.kept["n"]) if "n" in match.kept else None
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
        moved = _shift(day, unit, step * amount)
        reach = None if moved is None else shift_days(moved, 1 if step < 0 else 0)
    if reach is None:
        return meaning
    if told is not None:
        # What is counted from a day told of does not hold that day itself.
        day = shift_days(day, step) or day
        reach = shift_days(reach, step) or reach
    return meaning.with_days(min(day, reach), max(day, reach))


def _ago(scene: Scene, match: Match) -> Meaning | None:
    return _counted(scene, match, scene.published, -1)


def _from_now(scene: Scene, match: Match) -> Meaning | None:
    return _counted(scene, match, scene.published, 1)


def _shifted(scene: Scene, match: Match) -> Meaning | None:
    step, word = scene.step(match.kept["r"]), scene.class_of(match.kept["r"])
    if word in ("before", "after") and not scene.ends_clause(match.last):
        # "two days before the vote": counted from an event that only a reader of events can date.
        return _bare_length(scene, match)
    unit = scene.value(match.kept["u"])
    told = scene.told
    if (
        told is not None
        and unit == "Y"
        and told.grain in ("Month", "Span", "Year")
        and told.first is not None
    ):
        amount = _number(scene, match.kept["n"]) if "n" in match.kept else None
        moved = None if amount is None else _shift(told.first, "Y", step * amount)
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


def _bare_length(scene: Scene, match: Match) -> Meaning | None:
    amount = _number(scene, match.kept["n"]) if "n" in match.kept else None
    return Meaning(_DURATION, duration_value(amount, scene.value(match.kept["u"])), "Other")


def _counted(scene: Scene, match: Match, anchor: date | None, step: int) -> Meaning | None:
    """So many units before or after a day, at the grain of the unit."""
    unit = scene.value(match.kept["u"])
    amount = _number(scene, match.kept["n"]) if "n" in match.kept else None
    if amount is None:
        return Meaning(_DATE, "PAST_REF" if step < 0 else "FUTURE_REF")
    if unit in ("TH", "TM", "TS"):
        if anchor is None or amount * {"TH": 1, "TM": 1 / 60, "TS": 1 / 3600}[unit] > 48:
            return Meaning(_TIME, None)
        reach = shift_days(anchor, step)
        days = (anchor, reach) if reach is not None else (anchor, anchor)
        return Meaning(_TIME, None, "Other", min(days), max(days))
    if anchor is None:
        return Meaning(_DATE, None)
    moved = _shift(anchor, unit, step * amount)
    if moved is None:
        return None
    if amount != int(amount):
        return _unit_meaning("M" if unit == "Y" else "D", moved)
    if unit in ("W", "W2"):
        # A week to the day; more weeks are only counted in weeks.
        return day_meaning(moved) if unit == "W" and amount == 1 else week_meaning(moved)
    if unit == "DE":
        return year_meaning(moved.year)
    return _unit_meaning(unit, moved)


def _adjacent_day(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if not scene.ends_clause(match.last) or unit not in ("D", "W", "M", "Y"):
        return None
    step = scene.step(match.kept["r"])
    anchor = scene.told_day or (scene.published if step < 0 else None)
    if anchor is None:
        return Meaning(_DATE, _UNKNOWN_DAY)
    moved = _shift(anchor, unit, step)
    return None if moved is None else _unit_meaning(unit, moved)


def _relative_part(scene: Scene, match: Match) -> Meaning | None:
    part, word = scene.value(match.kept["p"]), scene.class_of(match.kept["r"])
    if word == "this":
        return _part(scene.published, part)
    if word == "last":
        if part != "NI":
            return _part(None if scene.published is None else shift_days(scene.published, -1), part)
        return _part(None if scene.published is None else shift_days(scene.published, -1), part)
    day = scene.told_day or scene.published
    if day is not None and word in ("following", "next"):
        day = shift_days(day, 1)
    elif day is not None and word == "previous":
        day = shift_days(day, -1)
    return _part(day, part)


# --- clock times ----------------------------------------------------------------------------------------


def _clock(scene: Scene, match: Match) -> Meaning | None:
    token = scene.tokens[match.kept["c"]]
    half = scene.tokens[match.kept["h"]].low[0] if "h" in match.kept else None
    if ":" in token.low:
        hour, minute = (int(p) for p in token.low.split(":")[:2])
    elif half is not None and token.value is not None:
        hour, minute = int(token.value), round(token.value % 1 * 100)
    elif len(token.low) == 4 and token.low.isdecimal():
        hour, minute = int(token.low[:2]), int(token.low[2:])
    elif token.value is not None and token.value == int(token.value) and len(token.low) <= 2:
        hour, minute = int(token.value), 0
    else:
        return None
    if half is None and "z" not in match.kept and scene.is_score(match):
        return None
    if half is not None:
        if not 1 <= hour <= 12 and not (half == "p" and 13 <= hour <= 23):
            return None
        hour = hour if hour > 12 else hour % 12 + (12 if half == "p" else 0)
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    day = scene.told_day_in_sentence(match.first) or scene.published
    prefix = _UNKNOWN_DAY if day is None else day.isoformat()
    zone = scene.value(match.kept["z"]) if "z" in match.kept else None
    value = f"{prefix}T{hour:02d}:{minute:02d}" + ("Z" if zone == 0 else "")
    return _at_clock(scene, day, hour, minute, value, zone)


def _at_clock(
    scene: Scene, day: date | None, hour: int, minute: int, value: str, zone: float | None
) -> Meaning:
    if day is None:
        return Meaning(_TIME, value, "Clock")
    info = scene.zone if zone is None else timezone(timedelta(hours=zone))
    start = datetime.combine(day, time(hour, minute), tzinfo=info)
    return Meaning(_TIME, value, "Clock", day, day, None, start)


# --- lengths and sets -----------------------------------------------------------------------------------


def _duration(scene: Scene, match: Match) -> Meaning | None:
    amount = _number(scene, match.kept["n"])
    index = match.kept["n"]
    if amount is None or scene.is_age(match):
        return None
    if (
        scene.class_of(match.kept["u"]) == "unit"
        and amount != 1
        and not scene.is_hyphened(index, match.kept["u"])
    ):
        # "a 20 year deal" drops the hyphen; "in 2014 month by month" is no length.
        if scene.tokens[index].kind is not Kind.NUMBER or amount > 999:
            return None
    if scene.is_rate(match):
        return None
    half = 0.5 if "h" in match.kept else 0.0
    return Meaning(_DURATION, duration_value(amount + half, scene.value(match.kept["u"])), "Other")


def _unit_range(scene: Scene, match: Match) -> Meaning | None:
    low, high = _number(scene, match.kept["n"]), _number(scene, match.kept["m"])
    if low is None or high is None or low >= high or scene.is_age(match):
        return None
    return Meaning(_DURATION, duration_value(high, scene.value(match.kept["u"])), "Other")


def _half_unit(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if unit == "TH":
        return Meaning(_DURATION, "PT30M")
    if unit == "Y":
        return Meaning(_DURATION, "P6M")
    return Meaning(_DURATION, duration_value(0.5, unit))


def _one_unit(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if scene.is_modifier(match.kept["u"]):
        return None
    if match.last - match.first == 2 and scene.is_rate_article(match.first):
        return Meaning(_SET, duration_value(1, unit))
    amount = 1.5 if "h" in match.kept else 1.0
    return Meaning(_DURATION, duration_value(amount, unit))


def _some_units(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if scene.tokens[match.kept["k"]].low == "recent" and unit not in ("TH", "TM", "TS"):
        return Meaning(_DATE, "PAST_REF")
    amount = 2.0 if scene.tokens[match.kept["k"]].low == "couple" else None
    return Meaning(_DURATION, duration_value(amount, unit))


def _bare_units(scene: Scene, match: Match) -> Meaning | None:
    token = scene.tokens[match.kept["u"]]
    if token.low in ("quarters", "nights", "seconds", "fortnights"):
        return None
    return Meaning(_DURATION, duration_value(None, scene.value(match.kept["u"])))


_EVERY = {"MO": "TMO", "AF": "TAF", "EV": "TEV", "NI": "TNI"}


def _every(scene: Scene, match: Match) -> Meaning | None:
    index = match.kept["u"]
    kind, value = scene.class_of(index), scene.value(index)
    if kind in ("weekday", "weekdays"):
        return Meaning(_SET, f"XXXX-WXX-{value}")
    if kind == "part":
        return Meaning(_SET, f"XXXX-XX-XX{_EVERY[value]}")
    if kind == "weekend":
        return Meaning(_SET, "XXXX-WXX-WE")
    if kind == "month":
        return Meaning(_SET, f"XXXX-{value:02d}")
    if kind == "season":
        return Meaning(_SET, f"XXXX-{value}")
    amount = _number(scene, match.kept["n"]) if "n" in match.kept else 1.0
    return Meaning(_SET, duration_value(amount, value))


def _often(scene: Scene, match: Match) -> Meaning | None:
    if scene.is_name(match.kept["o"]):
        return None
    return Meaning(_SET, scene.value(match.kept["o"]))


def _reference(scene: Scene, match: Match) -> Meaning | None:
    if scene.tokens[match.kept["r"]].low == "past":
        return Meaning(_DATE, "PAST_REF") if scene.is_bare_noun(match) else None
    if scene.class_of(match.kept["r"]) == "last":
        return None
    if scene.tokens[match.kept["r"]].low == "now" and scene.word_at(match.last) == "that":
        return None
    return Meaning(_DATE, scene.value(match.kept["r"]))


def _ordinal_quarter(scene: Scene, match: Match) -> Meaning | None:
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
        return _relative_quarter(scene, match)
    if year is not None:
        return replace(quarter_meaning(year, number), is_absolute=True)
    if scene.published is None:
        return Meaning(_DATE, f"XXXX-Q{number}", "Span")
    return _ordered_quarter(scene, match, number)


def _relative_quarter(scene: Scene, match: Match) -> Meaning | None:
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


def _holiday(scene: Scene, match: Match) -> Meaning | None:
    return scene.holiday_meaning(match)


FIRST_RULES: dict[str, Rule] = {
    "numeric_date": _numeric_date,
    "calendar_date": _calendar_date,
    "day_range": _day_range,
    "month_year": _month_year,
    "month": _month,
    "relative_month": _relative_month,
    "year": _year,
    "year_range": _year_range,
    "short_year": _short_year,
    "decade": _decade,
    "period_code": _period_code,
    "fiscal_year": _fiscal_year,
    "season_year": _season_year,
    "weekday": _weekday,
    "relative_weekday": _relative_weekday,
    "season": _season,
    "relative_season": _relative_season,
    "deictic": _deictic,
    "tonight": _tonight,
    "overnight": _overnight,
    "the_part": _the_part,
    "noon": _noon,
    "weekend": _weekend,
    "the_unit": _the_unit,
    "relative_unit": _relative_unit,
    "past_unit": _past_unit,
    "past_period": _past_period,
    "ago": _ago,
    "from_now": _from_now,
    "shifted": _shifted,
    "adjacent_day": _adjacent_day,
    "relative_part": _relative_part,
    "clock": _clock,
    "duration": _duration,
    "unit_range": _unit_range,
    "half_unit": _half_unit,
    "one_unit": _one_unit,
    "some_units": _some_units,
    "bare_units": _bare_units,
    "every": _every,
    "often": _often,
    "reference": _reference,
    "ordinal_quarter": _ordinal_quarter,
    "holiday": _holiday,
}


# --- second scan -------------------------------------------------------------------------------------------


def _third_of(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    return (
        None if found is None else third_of(replace(found, grain=found.grain), scene.value(match.kept["t"]))
    )


def _part_of_day(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    if found is None or found.value is None:
        return found
    part = base(match.kept["p"])
    if part is None or part.value is None:
        return None
    code = part.value.rpartition("T")[2]
    return replace(found, timex=_TIME, value=f"{found.value}T{code}", grain="Part")


def _day_at_clock(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    day, clock = base(match.kept["b"]), base(match.kept["c"])
    if day is None or clock is None or clock.value is None or day.first is None or day.first != day.last:
        return clock if day is None or day.value is None else replace(clock or day, value=None)
    value = f"{day.first.isoformat()}T{clock.value.partition('T')[2]}"
    if clock.start is None:
        return replace(clock, value=value, first=day.first, last=day.last)
    start = datetime.combine(day.first, clock.start.timetz())
    return replace(clock, value=value, first=day.first, last=day.last, start=start)


def _nth_of(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    if found is None or found.first is None or found.last is None:
        return None if found is None else Meaning(_DATE, None)
    unit = scene.value(match.kept["u"])
    token = scene.tokens[match.kept["o"]]
    number = -1 if token.value is None else int(token.value)
    if unit == "H":
        if number not in (1, 2):
            return None
        if found.grain in ("Year", "Named") and found.value is not None and len(found.value) == 4:
            return half_meaning(found.first.year, number)
        middle = found.first + timedelta(days=((found.last - found.first).days + 1) // 2)
        days = (found.first, middle - timedelta(days=1)) if number == 1 else (middle, found.last)
        return found.with_days(*days)
    if unit == "Q" and 1 <= (4 if number == -1 else number) <= 4:
        return quarter_meaning(found.first.year, 4 if number == -1 else number)
    if unit == "M" and found.grain in ("Year", "Named") and (number == -1 or 1 <= number <= 12):
        return month_meaning(found.first.year, 12 if number == -1 else number)
    if unit == "D" and abs(number) <= 31:
        day = found.last if number == -1 else found.first + timedelta(days=number - 1)
        return day_meaning(day) if found.first <= day <= found.last else None
    if unit in ("W", "WE") and (number == -1 or 1 <= number <= 53):
        inside = (
            week_meaning(found.last)
            if number == -1
            else week_meaning(found.first + timedelta(days=7 * (number - 1)))
        )
        if number == -1 and inside.last is not None and inside.last > found.last:
            inside = week_meaning(found.last - timedelta(days=7)) if found.last.isoweekday() < 4 else inside
        return inside if unit == "W" or inside.first is None else weekend_meaning(inside.first)
    return None


def _quarter_of(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    span, year = base(match.kept["q"]), base(match.kept["b"])
    if span is None or year is None or span.value is None or "-" not in span.value:
        return None
    code = span.value.split("-")[1]
    if year.first is None:
        return Meaning(_DATE, f"XXXX-{code}", "Span")
    if code[0] == "Q" and code[1:].isdigit():
        return quarter_meaning(year.first.year, int(code[1:]))
    return season_meaning(year.first.year, code) if code in ("SP", "SU", "FA", "WI") else None


def _month_in_year(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    month, year = base(match.kept["b"]), base(match.kept["y"])
    if month is None or year is None or month.value is None or year.first is None:
        return month
    parts = month.value.split("-")
    if len(parts) < 2 or not all(p.isdigit() for p in parts[1:]):
        return None
    if len(parts) == 2:
        return month_meaning(year.first.year, int(parts[1]))
    day = safe_day(year.first.year, int(parts[1]), int(parts[2][:2]))
    return None if day is None else day_meaning(day)


def _bounded(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    day = scene.published
    if found is None or day is None or found.first is None or found.last is None:
        return found
    if not found.first <= day <= found.last or found.grain in ("Day", "Part"):
        return found
    if scene.step(match.kept["r"]) < 0:
        return found.with_days(found.first, day)
    return found.with_days(day, found.last)


def _day_from(scene: Scene, match: Match, base: Callable[[int], Meaning | None]) -> Meaning | None:
    found = base(match.kept["b"])
    if found is None or found.first is None:
        return Meaning(_DATE, None)
    unit, step = scene.value(match.kept["u"]), scene.step(match.kept["r"])
    amount = _number(scene, match.kept["n"]) if "n" in match.kept else 1.0
    if amount is None or unit not in ("D", "W", "M", "Y"):
        return None
    moved = _shift(found.first, unit, step * amount)
    return None if moved is None else day_meaning(moved) if unit in ("D", "W") else _unit_meaning(unit, moved)


SECOND_RULES: dict[str, SecondRule] = {
    "clock_on_day": _day_at_clock,
    "day_at_clock": _day_at_clock,
    "part_of_day": _part_of_day,
    "day_part": _part_of_day,
    "third_of": _third_of,
    "nth_of": _nth_of,
    "quarter_of": _quarter_of,
    "month_in_year": _month_in_year,
    "bounded": _bounded,
    "day_from": _day_from,
}
