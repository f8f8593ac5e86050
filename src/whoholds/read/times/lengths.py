"""Rules for clock times, lengths, sets and mere references. A match enters, a `Meaning` leaves.

None means that the words are no time after all.
"""

from __future__ import annotations

from whoholds.model import TimexType
from whoholds.read.times.amounts import (
    clock_meaning,
    duration_value,
    number_at,
)
from whoholds.read.times.meaning import (
    UNKNOWN_DAY,
    Meaning,
)
from whoholds.read.times.patterns import Match
from whoholds.read.times.scene import Scene

_DATE, _TIME, _DURATION, _SET = TimexType.DATE, TimexType.TIME, TimexType.DURATION, TimexType.SET


# --- clock times ----------------------------------------------------------------------------------------


def read_clock(scene: Scene, match: Match) -> Meaning | None:
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
    prefix = UNKNOWN_DAY if day is None else day.isoformat()
    zone = scene.value(match.kept["z"]) if "z" in match.kept else None
    value = f"{prefix}T{hour:02d}:{minute:02d}" + ("Z" if zone == 0 else "")
    return clock_meaning(scene, day, hour, minute, value, zone)


# --- lengths and sets -----------------------------------------------------------------------------------


def read_duration(scene: Scene, match: Match) -> Meaning | None:
    amount = number_at(scene, match.kept["n"])
    index = match.kept["n"]
    if amount is None or scene.is_age(match):
        return None
    is_singular = scene.class_of(match.kept["u"]) == "unit" and amount != 1
    if is_singular and amount > 999 and not scene.is_hyphened(index, match.kept["u"]):
        return None  # "a 20 year deal" drops the hyphen; "in 2014 month by month" is no length
    if scene.is_rate(match):
        return None
    half = 0.5 if "h" in match.kept else 0.0
    return Meaning(_DURATION, duration_value(amount + half, scene.value(match.kept["u"])), "Length")


def read_unit_range(scene: Scene, match: Match) -> Meaning | None:
    low, high = number_at(scene, match.kept["n"]), number_at(scene, match.kept["m"])
    if low is None or high is None or low >= high or scene.is_age(match):
        return None
    return Meaning(_DURATION, duration_value(high, scene.value(match.kept["u"])), "Other")


def read_half_unit(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if unit == "TH":
        return Meaning(_DURATION, "PT30M")
    if unit == "Y":
        return Meaning(_DURATION, "P6M")
    return Meaning(_DURATION, duration_value(0.5, unit))


def read_one_unit(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if scene.is_modifier(match.kept["u"]) or unit == "Q" or scene.is_age(match):
        return None
    if scene.words_from(match.last, 2) == ["-", "to"]:
        return None  # "on a day-to-day basis"
    if match.last - match.first == 2 and scene.is_rate_article(match.first):
        return Meaning(_SET, duration_value(1, unit))
    amount = 1.5 if "h" in match.kept else 1.0
    return Meaning(_DURATION, duration_value(amount, unit), "Length")


def read_some_units(scene: Scene, match: Match) -> Meaning | None:
    unit = scene.value(match.kept["u"])
    if scene.tokens[match.kept["k"]].low == "recent" and unit not in ("TH", "TM", "TS"):
        return Meaning(_DATE, "PAST_REF")
    amount = 2.0 if scene.tokens[match.kept["k"]].low == "couple" else None
    return Meaning(_DURATION, duration_value(amount, unit))


def read_recent(scene: Scene, match: Match) -> Meaning | None:
    """ "the recent losses": the other words of the class need their unit."""
    return Meaning(_DATE, "PAST_REF") if scene.tokens[match.kept["r"]].low == "recent" else None


def read_bare_units(scene: Scene, match: Match) -> Meaning | None:
    token = scene.tokens[match.kept["u"]]
    if any(child.dep_ == "compound" for child in scene.parsed_word(match.kept["u"]).children):
        return None  # "on game days"
    if token.low in ("quarters", "nights", "seconds", "fortnights") or scene.is_age(match):
        return None
    return Meaning(_DURATION, duration_value(None, scene.value(match.kept["u"])))


_EVERY = {"MO": "TMO", "AF": "TAF", "EV": "TEV", "NI": "TNI"}


def read_every(scene: Scene, match: Match) -> Meaning | None:
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
    amount = number_at(scene, match.kept["n"]) if "n" in match.kept else 1.0
    return Meaning(_SET, duration_value(amount, value))


def read_often(scene: Scene, match: Match) -> Meaning | None:
    if scene.is_name(match.kept["o"]):
        return None
    return Meaning(_SET, scene.value(match.kept["o"]))


def read_reference(scene: Scene, match: Match) -> Meaning | None:
    if scene.tokens[match.kept["r"]].low == "past":
        return Meaning(_DATE, "PAST_REF") if scene.is_bare_noun(match) else None
    if scene.class_of(match.kept["r"]) == "last":
        return None
    word = scene.tokens[match.kept["r"]].low
    if word == "soon" and (
        "as" in (scene.word_before(match.first), scene.word_at(match.last))
        or scene.word_at(match.last) == "-"
    ):
        return None
    if word == "now" and scene.word_at(match.last) == "that":
        return None
    return Meaning(_DATE, scene.value(match.kept["r"]))


def read_holiday(scene: Scene, match: Match) -> Meaning | None:
    return scene.holiday_meaning(match)
