"""A ledger's records of control, kept in memory by its revision, and named versions of what they learned."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from whoholds.errors import InputError
from whoholds.model import Claim

if TYPE_CHECKING:
    from whoholds.ground.record import GroundRecord
    from whoholds.store import Audience, Clock, Ledger, View
    from whoholds.store.parameters import ParameterVersion

__all__ = ["RecordBook"]

RECORDS_KEPT = 8
"""Records of control kept in memory, one for each "as known on" that was asked for."""


class RecordBook:
    """Records of one ledger. Safe to use from several threads."""

    def __init__(self, ledger: Ledger, view: Callable[[Audience], View], now: Callable[[], datetime]) -> None:
        self.ledger = ledger
        self._view, self._now = view, now
        self._lock = threading.Lock()
        self._records: OrderedDict[tuple[object, ...], GroundRecord] = OrderedDict()
        self._latest: tuple[tuple[object, ...], GroundRecord, list[Claim]] | None = None

    def get(
        self,
        as_known_on: datetime | None = None,
        *,
        audience: Audience | None = None,
        clock: Clock | str = "public",
        parameters: str = "latest",
    ) -> GroundRecord:
        """The record of control, as known on an instant (None: now).

        Kept in memory by ledger revision, so that a moved slider costs a look-up.

        Args:
            as_known_on: Claims known by then; None for all.
            audience: For whom; the desk by default.
            clock: Known when said in public, or when recorded here.
            parameters: A named version of the source parameters, `latest` for the newest that fits or, where
                none does, learned from these claims, `learn` for the latter in any case.

        Raises:
            NotFoundError: There is no version of that name.
            ConfigurationError: It does not fit this record (another method, or learned from later claims).
        """
        from whoholds.ground.extend import extend_record
        from whoholds.ground.record import compute_record
        from whoholds.store import Audience, Clock

        who, clock = audience or Audience.DESK, Clock(clock)
        view = self._view(who)
        version = self.choose(parameters, as_known_on, clock=clock, audience=who)
        key = (view.revision(), who, as_known_on, clock, version.name if version else None)
        with self._lock:
            if key in self._records:
                self._records.move_to_end(key)
                return self._records[key]
        claims: list[Claim] = view.claims_for_control(as_known_on, clock)
        last_day, found = self.last_day(claims), None
        with self._lock:
            earlier = self._latest if self._latest and self._latest[0] == key[1:] else None
        if earlier is not None and as_known_on is None and last_day is not None:
            # By a frozen version, a few more claims are taken into the record that is there.
            found = extend_record(earlier[1], earlier[2], claims, last_day)
        found = found or compute_record(
            self.ledger.theatre,
            claims,
            as_known_on=as_known_on,
            clock=clock.value,
            last_day=last_day,
            parameters=version.parameters if version else None,
        )
        with self._lock:
            self._records[key] = found
            if version is not None and as_known_on is None:
                self._latest = (key[1:], found, claims)
            while len(self._records) > RECORDS_KEPT:
                self._records.popitem(last=False)
        return found

    def versions(self) -> list[ParameterVersion]:
        """The named versions of the source parameters, oldest first."""
        from whoholds.store import Audience
        from whoholds.store.parameters import list_versions

        return list_versions(self._view(Audience.DESK))

    def choose(
        self,
        asked: str,
        as_known_on: datetime | None = None,
        *,
        clock: Clock | str = "public",
        audience: Audience | None = None,
    ) -> ParameterVersion | None:
        """The version that `get` works with; None where it learns its own. Raises as `get` does."""
        from whoholds.store import Audience
        from whoholds.store.parameters import Wanted, choose_version

        wanted = Wanted.of(self.ledger.theatre, as_known_on, clock, audience or Audience.DESK)
        return choose_version(self.versions(), asked, wanted)

    def learn(
        self,
        name: str | None = None,
        *,
        by: str,
        as_known_on: datetime | None = None,
        clock: Clock | str = "public",
        audience: Audience | None = None,
    ) -> ParameterVersion:
        """Learn the source parameters from the claims known by an instant, and keep them as a version.

        Args:
            name: Of the version; the day by default.
            by: Who asks for it.
            as_known_on: Learn from claims known by then; by now for None.
            clock: Known when said in public, or when recorded here.
            audience: Whose claims; the desk's by default.

        Raises:
            InputError: The name cannot be used, the instant is to come, or there is nothing to learn from.
        """
        from whoholds.store import Audience
        from whoholds.store.parameters import free_name, keep_version, learn_version

        now, who = self._now(), audience or Audience.DESK
        known = as_known_on or now
        if known > now:
            raise InputError(f"nothing can be learned from what is known on {known}, which is to come")
        claims = self._view(who).claims_for_control(known, clock)
        version = learn_version(
            self.ledger.theatre,
            claims,
            name=free_name(self.versions(), now) if name is None else name,
            by=by,
            now=now,
            known=known,
            clock=clock,
            audience=who,
            last_day=self.last_day(claims),
        )
        keep_version(self.ledger, version)
        return version

    def last_day(self, claims: Iterable[Claim] = ()) -> date:
        """The last day that the record covers: the theatre's, or else the latest report's."""
        if self.ledger.theatre.last_day is not None:
            return self.ledger.theatre.last_day
        days = [_day(c.reported_at) for c in claims if c.reported_at is not None]
        today = self._now().astimezone(self.ledger.theatre.zone).date()
        return min(max(days), today) if days else today


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
