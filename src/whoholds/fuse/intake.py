"""Which claims can be used: claims in any order in, those that stand out, with a rejection for each other.

What was known when, copies of one id, dates that cannot be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo

from whoholds.model import ALWAYS, Claim, Rejection

__all__ = ["day_of", "drop_duplicates", "drop_misdated", "middle_day", "select_known"]

_FAR_DAYS = 3660
"""Ten years: a claim reported so far from the middle of the others belongs to another war, or is a slip."""


def select_known(
    claims: Sequence[Claim], as_known_on: datetime | None, clock: str, zone: tzinfo
) -> list[Claim]:
    """The claims known by an instant: reported by then (public) or recorded by then (desk).

    A bare date counts as known on that whole day of the zone. A claim without the date asked for is
    not known at any instant.
    """
    if as_known_on is None:
        return list(claims)
    limit_day = as_known_on.astimezone(zone).date()

    def is_known(claim: Claim) -> bool:
        moment = claim.reported_at if clock == "public" else claim.recorded_at
        if moment is None:
            return False
        return moment <= as_known_on if isinstance(moment, datetime) else moment <= limit_day

    return [claim for claim in claims if is_known(claim)]


def drop_duplicates(claims: Sequence[Claim], rejections: list[Rejection]) -> list[Claim]:
    """Claims by id; two with one id must say the same (when they were recorded and read aside)."""
    found: dict[str, Claim] = {}
    clashing: Counter[str] = Counter()
    for claim in claims:
        other = found.setdefault(claim.id, claim)
        if other is claim:
            continue
        if _content(other) != _content(claim):
            clashing[claim.id] += 1
        elif _recorded_before(claim, other):
            found[claim.id] = claim
    for claim_id, n in clashing.items():
        # Neither can be trusted, and keeping the first would make the record hang on the order.
        del found[claim_id]
        rejections.append(
            Rejection(
                claim_id,
                "fuse",
                "id_clash",
                f"{n + 1} claims with one id and different content; none is used",
            )
        )
    return [found[key] for key in sorted(found)]


def _content(claim: Claim) -> Claim:
    return replace(claim, recorded_at=None, reader="", p=1.0)


def _recorded_before(a: Claim, b: Claim) -> bool:
    return a.recorded_at is not None and (b.recorded_at is None or a.recorded_at < b.recorded_at)


def day_of(moment: date | datetime | None, zone: tzinfo) -> int | None:
    if moment is None:
        return None
    return (moment.astimezone(zone) if isinstance(moment, datetime) else moment).toordinal()


def middle_day(claims: Sequence[Claim], zone: tzinfo) -> int | None:
    """The day by which half of the claims had been said, as an ordinal; None where none has a day."""
    known = sorted(d for c in claims if (d := day_of(c.reported_at, zone)) is not None)
    return known[len(known) // 2] if known else None


def drop_misdated(
    claims: list[Claim],
    zone: tzinfo,
    earliest_on: date | None,
    rejections: list[Rejection],
    middle: int | None = None,
) -> list[Claim]:
    """Claims whose dates can be: a day is known, not of another age, not of a time after it was said.

    Args:
        claims: Claims, each id once.
        zone: Time zone of the days.
        earliest_on: Claims about days before this are dropped, where given.
        rejections: Grows by what is dropped.
        middle: Day about which all claims were said, where these are only some of them.
    """
    reported = [day_of(c.reported_at, zone) for c in claims]
    middle = middle_day(claims, zone) if middle is None else middle
    kept = []
    for claim, said in zip(claims, reported, strict=True):
        first, last = claim.holds.to_days(zone) if claim.holds != ALWAYS else (None, None)
        start = first.toordinal() if first else None
        about = start if start is not None else last.toordinal() if last else said
        code = None
        if about is None:
            code = ("no_date", "neither when it was said nor when it held is known")
        elif said is not None and middle is not None and abs(said - middle) > _FAR_DAYS:
            code = ("date_out_of_range", f"reported on {date.fromordinal(said)}, ten years from the others")
        elif said is not None and about < said - _FAR_DAYS:
            code = ("date_out_of_range", f"about {date.fromordinal(about)}, ten years before it was said")
        elif earliest_on is not None and about < earliest_on.toordinal():
            code = ("before_theatre", f"about {date.fromordinal(about)}, before the theatre's {earliest_on}")
        elif said is not None and start is not None and start > said + 1:
            code = ("date_in_future", f"about {date.fromordinal(start)}, said on {date.fromordinal(said)}")
        elif (
            claim.recorded_at is not None
            and said is not None
            and said > claim.recorded_at.astimezone(zone).toordinal() + 1
        ):
            code = ("date_in_future", f"said on {date.fromordinal(said)}, after it was recorded")
        if code is None:
            kept.append(claim)
        else:
            rejections.append(
                Rejection(claim.id, "fuse", code[0], f"{code[1]}; correct the date or leave it out")
            )
    return kept
