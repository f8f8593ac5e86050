"""What is asked of the derived tables, as SQL conditions with named parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from whoholds.errors import InputError
from whoholds.store.moments import ceil_stamp, floor_stamp, moment_bounds
from whoholds.store.records import CLAIM_STATUSES, ClaimFilter

__all__ = ["Condition", "claim_conditions", "page"]


@dataclass(slots=True)
class Condition:
    """SQL conditions joined by "and", with their parameters. The SQL is ours; values are parameters."""

    parts: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)

    def add(self, sql: str, **parameters: Any) -> None:
        """One more condition."""
        self.parts.append(f"({sql})")
        self.parameters |= parameters

    @property
    def where(self) -> str:
        """The WHERE clause, or nothing."""
        return f" WHERE {' AND '.join(self.parts)}" if self.parts else ""


def claim_conditions(asked: ClaimFilter, zone: tzinfo, *, are_words_limited: bool) -> Condition:
    """Conditions on `current_claim AS c`.

    Args:
        asked: What is asked.
        zone: The theatre's zone, for days.
        are_words_limited: Whether words that the display right hides must not be found either: a search
            that finds a hidden sentence tells it.

    Raises:
        InputError: A status that there is none of.
    """
    found = Condition()
    if asked.status is not None:
        if asked.status not in CLAIM_STATUSES:
            raise InputError(f"status {asked.status!r} is none of {', '.join(CLAIM_STATUSES)}")
        found.add("c.status = :status", status=asked.status)
    for name in ("event", "stance", "side", "report_id"):
        value = getattr(asked, name)
        if value is not None:
            found.add(f"c.{name} = :{name}", **{name: str(value)})
    if asked.place_id is not None:
        found.add(
            "EXISTS (SELECT 1 FROM current_place p WHERE p.claim_fid = c.fid AND p.place_id = :place_id)",
            place_id=asked.place_id,
        )
    if asked.speaker is not None:
        found.add(
            "c.speaker_id = :speaker OR casefold(c.speaker) = :speaker_folded",
            speaker=asked.speaker,
            speaker_folded=asked.speaker.casefold(),
        )
    if asked.publisher is not None:
        found.add("casefold(c.publisher) = :publisher", publisher=asked.publisher.casefold())
    if asked.reported_from is not None:
        found.add("c.reported_until >= :since", since=floor_stamp(_bounds(asked.reported_from, zone)[0]))
        # A day ends where the next begins: the day before must not be caught.
        found.add(
            "c.reported_until > :since OR c.reported_from = c.reported_until",
        )
    if asked.reported_to is not None:
        end = ceil_stamp(_bounds(asked.reported_to, zone)[1])
        is_day = not isinstance(asked.reported_to, datetime)
        found.add(f"c.reported_from {'<' if is_day else '<='} :until", until=end)
    words = (asked.text or "").casefold().split()
    for n, word in enumerate(words):
        in_quote = f"instr(casefold(c.quote), :word{n}) > 0"
        if are_words_limited:
            in_quote = f"(c.display != 'none' AND {in_quote})"
        found.add(f"instr(casefold(c.names), :word{n}) > 0 OR {in_quote}", **{f"word{n}": word})
    return found


def _bounds(moment: date | datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    return moment_bounds(moment, zone)


def page(limit: int | None, offset: int) -> tuple[str, dict[str, int]]:
    """LIMIT and OFFSET.

    Raises:
        InputError: One is negative.
    """
    if (limit is not None and limit < 0) or offset < 0:
        raise InputError(f"limit {limit} and offset {offset} must not be negative")
    return " LIMIT :limit OFFSET :offset", {"limit": -1 if limit is None else limit, "offset": offset}
