"""Rules for days and longer stretches by name: weekdays, seasons, yesterday, the weekend.

A match enters, a `Meaning` leaves; None means that the words are no time after all.
"""

from __future__ import annotations

from dataclasses import replace

from whoholds.model import TimexType
from whoholds.read.times.amounts import (
    anaphor,
    clock_meaning,
    part_meaning,
)
from whoholds.read.times.meaning import (
    UNKNOWN_DAY,
    Meaning,
    day_meaning,
    season_meaning,
    shift_days,
    weekend_meaning,
)
from whoholds.read.times.patterns import Match
from whoholds.read.times.scene import Scene

_DATE, _TIME, _DURATION, _SET = TimexType.DATE, TimexType.TIME, TimexType.DURATION, TimexType.SET


# --- days and longer by name -------------------------------------------------------------------------


def read_weekday(scene: Scene, match: Match) -> Meaning | None:
    wanted = scene.value(match.kept["w"])
    anchor = scene.published
    if anchor is None:
        return Meaning(_DATE, f"XXXX-WXX-{wanted}", "Day")
    back = (anchor.isoweekday() - wanted) % 7
    day = shift_days(anchor, (7 - back) % 7 if scene.is_ahead(match) else -back)
    return None if day is None else day_meaning(day)


def read_relative_weekday(scene: Scene, match: Match) -> Meaning | None:
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


def read_season(scene: Scene, match: Match) -> Meaning | None:
    season = scene.value(match.kept["s"])
    if scene.published is None:
        return Meaning(_DATE, f"XXXX-{season}", "Span")
    found = [season_meaning(scene.published.year + step, season) for step in (-1, 0, 1)]
    chosen = scene.choose_stretch(found, match)
    return chosen


def read_relative_season(scene: Scene, match: Match) -> Meaning | None:
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


def read_deictic(scene: Scene, match: Match) -> Meaning | None:
    if scene.is_name(match.first) and scene.text[scene.tokens[match.first].start + 1].isupper():
        return None  # a newspaper's name
    if scene.published is None:
        return Meaning(_DATE, "PRESENT_REF" if scene.value(match.kept["d"]) == 0 else UNKNOWN_DAY, "Day")
    day = shift_days(scene.published, scene.value(match.kept["d"]))
    return None if day is None else day_meaning(day)


def read_tonight(scene: Scene, _: Match) -> Meaning | None:
    return part_meaning(scene.published, "NI")


def read_overnight(scene: Scene, _: Match) -> Meaning | None:
    day = scene.published
    if day is None:
        return Meaning(_TIME, f"{UNKNOWN_DAY}TNI", "Part")
    before = shift_days(day, -1)
    if before is None:
        return None
    # The night before the publication: it touches two days (annotation.md, "Holds").
    return Meaning(_TIME, f"{day.isoformat()}TNI", "Part", before, day)


def read_the_part(scene: Scene, match: Match) -> Meaning | None:
    """ "in the morning", "at dawn"; a bare "morning" counts only beside a day ("Friday morning")."""
    meaning = part_meaning(scene.told_day or scene.published, scene.value(match.kept["p"]))
    word = scene.tokens[match.kept["p"]].low
    has_article = match.kept["p"] != match.first
    stands = scene.word_before(match.first) in scene.context["part_before"] and (
        has_article or word not in ("morning", "evening", "afternoon")
    )
    return meaning if stands else replace(meaning, grain="PartName")


def read_noon(scene: Scene, match: Match) -> Meaning | None:
    clock = scene.value(match.kept["n"])
    day = scene.told_day or scene.published
    prefix = UNKNOWN_DAY if day is None else day.isoformat()
    if day is None or clock == "24:00":
        return Meaning(_TIME, f"{prefix}T{clock}", "Clock", day, day)
    return clock_meaning(scene, day, 12, 0, f"{prefix}T12:00", None)


def read_weekend(scene: Scene, match: Match) -> Meaning | None:
    day = scene.published
    if day is None:
        return Meaning(_DATE, "XXXX-WXX-WE", "Span")
    found = [weekend_meaning(d) for n in (-7, 0, 7) if (d := shift_days(day, n)) is not None]
    return scene.choose_stretch(found, match)


def read_the_unit(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if scene.word_at(match.last) == "-" and scene.is_joined(match.last - 1, match.last + 1):
        return None  # "the day-long meeting"
    if scene.class_of(match.last) in ("before", "after") if match.last < len(scene.tokens) else False:
        return None  # "the day before yesterday" is joined later
    if (
        unit == "D"
        and match.first >= 4
        and scene.words_from(match.first - 4, 4) == ["at", "the", "end", "of"]
    ):
        return None  # the idiom "at the end of the day"
    if unit == "D":
        if not scene.is_bare_noun(match):
            return replace(anaphor(scene, "D") or Meaning(_DATE, None), grain="Named")
        return anaphor(scene, "D")
    found = anaphor(scene, unit)
    return None if found is None else replace(found, grain="Named")
