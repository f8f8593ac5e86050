"""Official numbers as equations: the arithmetic, and the verdicts."""

from __future__ import annotations

from datetime import date

from tests.check.build import claim, figure, region
from whoholds.check.figures import CONSISTENT, INCONSISTENT, check_figures
from whoholds.model import Approximator, Claim, Event, Finding, Measure, Quantity, quantity_bounds

ABOUT, OVER = Approximator.ABOUT, Approximator.OVER


def total(
    by: str, party: str, on: str, *figures: Quantity, since: str | None = None, settlements: bool = False
) -> Claim:
    event = Event.SETTLEMENT_TOTAL if settlements else Event.AREA_TOTAL
    return claim(event, party, region(), by=by, on=on, since=since, said=on, figures=figures)


def verdicts(*claims: Claim) -> list[str]:
    return [f.verdict for f in check_figures(claims)]


def find(words: str, found: list[Finding]) -> Finding:
    return next(f for f in found if words in f.summary)


RETAKEN_86 = total(
    "R",
    "RED",
    "2025-03-12",
    figure(86, "percent", Measure.SHARE),
    figure(1100, "km2", Measure.RETAKEN, ABOUT),
)


def test_a_share_and_an_amount_imply_the_whole_and_the_rest() -> None:
    (found,) = check_figures([RETAKEN_86])
    assert "imply 1,279 km² in all and 179 km² left" in found.summary
    assert "1,100 / 0.86 = 1,279" in found.steps[2]
    assert "1,279 - 1,100 = 179" in found.steps[3]


def test_the_implied_whole_is_held_against_a_stated_one() -> None:
    good = total("R", "BLUE", "2025-01-17", figure(1268, "km2", Measure.TAKEN))
    bad = total("B", "BLUE", "2025-01-17", figure(700, "km2", Measure.TAKEN))
    assert find("in all", check_figures([RETAKEN_86])).verdict == "cannot be judged"
    assert find("given by R", check_figures([RETAKEN_86, good])).verdict == CONSISTENT
    assert find("given by B", check_figures([RETAKEN_86, bad])).verdict == INCONSISTENT


def test_the_rest_is_held_against_what_others_say_is_held() -> None:
    near = total("M", "BLUE", "2025-03-12", figure(179, "km2", Measure.HELD, ABOUT))
    far = total("M", "BLUE", "2025-03-13", figure(500, "km2", Measure.HELD))
    later = total("M", "BLUE", "2025-03-20", figure(500, "km2", Measure.HELD))
    assert find("km² left by R's", check_figures([RETAKEN_86, near])).verdict == CONSISTENT
    assert find("km² left by R's", check_figures([RETAKEN_86, far])).verdict == INCONSISTENT
    assert len(check_figures([RETAKEN_86, later])) == 1


def test_a_running_total_must_not_fall() -> None:
    first = total("R", "RED", "2025-01-17", figure(801, "km2", Measure.RETAKEN))
    higher = total("R", "RED", "2025-02-20", figure(850, "km2", Measure.RETAKEN))
    lower = total("R", "RED", "2025-02-20", figure(700, "km2", Measure.RETAKEN))
    over = total("R", "RED", "2025-02-20", figure(800, "km2", Measure.RETAKEN, OVER))
    assert verdicts(first, higher) == [CONSISTENT]
    assert verdicts(first, over) == [CONSISTENT]
    assert verdicts(first, lower) == [INCONSISTENT]
    assert verdicts(first, total("B", "RED", "2025-02-20", figure(700, "km2", Measure.RETAKEN))) == []


def test_a_gain_over_days_fits_between_two_totals() -> None:
    before = total("R", "RED", "2025-03-05", figure(800, "km2", Measure.RETAKEN))
    after = total("R", "RED", "2025-03-12", figure(1100, "km2", Measure.RETAKEN))
    fits = total("R", "RED", "2025-03-12", figure(259, "km2", Measure.RETAKEN), since="2025-03-08")
    too_much = total("R", "RED", "2025-03-12", figure(600, "km2", Measure.RETAKEN), since="2025-03-08")
    assert find("259", check_figures([before, after, fits])).verdict == CONSISTENT
    assert find("600", check_figures([before, after, too_much])).verdict == INCONSISTENT


def test_a_week_holds_no_less_than_five_of_its_days() -> None:
    five = total(
        "R",
        "RED",
        "2025-03-12",
        figure(24, "settlements", Measure.RETAKEN),
        since="2025-03-08",
        settlements=True,
    )
    week = total(
        "R",
        "RED",
        "2025-03-14",
        figure(28, "settlements", Measure.RETAKEN),
        since="2025-03-08",
        settlements=True,
    )
    less = total(
        "R",
        "RED",
        "2025-03-14",
        figure(20, "settlements", Measure.RETAKEN),
        since="2025-03-08",
        settlements=True,
    )
    assert verdicts(five, week) == [CONSISTENT]
    assert verdicts(five, less) == [INCONSISTENT]


def test_against_the_record_of_that_day() -> None:
    held = total("M", "BLUE", "2025-03-12", figure(140, "km2", Measure.HELD, ABOUT))
    close = {date(2025, 3, 12): {"BLUE": (160.0, 130.0, 200.0)}}
    apart = {date(2025, 3, 12): {"BLUE": (400.0, 350.0, 450.0)}}
    assert [f.verdict for f in check_figures([held], recorded=close)] == [CONSISTENT]
    assert [f.verdict for f in check_figures([held], recorded=apart)] == [INCONSISTENT]
    assert check_figures([held]) == []


def test_what_wording_allows() -> None:
    assert quantity_bounds(figure(1100, "km2", Measure.HELD)) == (1050, 1150)
    assert quantity_bounds(figure(86, "percent", Measure.SHARE)) == (85.5, 86.5)
    assert quantity_bounds(figure(288.8, "km2", Measure.HELD)) == (288.75, 288.85)
    assert quantity_bounds(figure(140, "km2", Measure.HELD, ABOUT)) == (126, 154)
    assert quantity_bounds(figure(18, "km2", Measure.HELD, Approximator.NEARLY)) == (16.2, 18)
    assert quantity_bounds(figure(400, "km2", Measure.HELD, OVER)) == (400, float("inf"))


def test_an_early_count_is_not_the_whole_of_what_was_taken_later() -> None:
    claims = [
        total("Observers", "RED", "2031-03-01", figure(400, "km2", Measure.TAKEN)),
        total("Blue Staff", "RED", "2031-06-01", figure(1300, "km2", Measure.TAKEN)),
        total(
            "Blue Staff",
            "BLUE",
            "2031-06-20",
            figure(1000, "km2", Measure.RETAKEN),
            figure(80, "percent", Measure.SHARE),
        ),
    ]
    stated = [f for f in check_figures(claims) if "the whole of" in f.summary]
    assert [("1300" in f.summary.replace(",", ""), f.verdict) for f in stated] == [(True, CONSISTENT)]
