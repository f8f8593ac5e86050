"""What one running server stands on: the workspace, whom it serves, and what it allows.

Routes ask here and nowhere else for views and records, so that the audience is chosen once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query, Request

from whoholds.acquire.files import Incoming
from whoholds.errors import InputError, NotFoundError
from whoholds.ground.record import GroundRecord
from whoholds.model import Interval, parse_moment
from whoholds.store import Audience, View
from whoholds.theatre import Theatre

if TYPE_CHECKING:
    from whoholds.pipeline import Workspace

__all__ = ["Drafts", "Known", "On", "Site", "TheSite"]

MOST_DRAFTS = 16
MOST_TURNS = 256


class Drafts:
    """Texts that were read and not saved, kept in memory until something newer pushes them out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: OrderedDict[str, Incoming] = OrderedDict()

    def put(self, incoming: Incoming) -> str:
        """Keep one; its key, the report's id."""
        with self._lock:
            self._items[incoming.report.id] = incoming
            self._items.move_to_end(incoming.report.id)
            while len(self._items) > MOST_DRAFTS:
                self._items.popitem(last=False)
        return incoming.report.id

    def get(self, key: str) -> Incoming:
        """The one of a key.

        Raises:
            NotFoundError: It was pushed out, or the server was restarted.
        """
        with self._lock:
            if key not in self._items:
                raise NotFoundError("the text that was read is no longer at hand; read it again, then save")
            return self._items[key]


class Turns:
    """One lock a key: of several requests for the same record, one works and the others wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def of(self, key: str) -> threading.Lock:
        """The lock of a key."""
        with self._lock:
            if len(self._locks) > MOST_TURNS:
                self._locks.clear()
            return self._locks.setdefault(key, threading.Lock())


@dataclass(frozen=True, slots=True)
class Site:
    """One server's state.

    Attributes:
        workspace: The ledger and its theatre.
        audience: Whose view every page, figure and export is drawn from.
        can_save: Whether a read text may be kept; only ever on loopback.
        assets: Version of the built client, part of its addresses.
        drafts: Texts that were read and not saved.
        turns: Keeps a record from being worked out twice at once.
    """

    workspace: Workspace
    audience: Audience
    can_save: bool
    assets: str
    drafts: Drafts = field(default_factory=Drafts)
    turns: Turns = field(default_factory=Turns)

    @property
    def theatre(self) -> Theatre:
        """The war that is shown."""
        return self.workspace.theatre

    def view(self) -> View:
        """The ledger as this server's audience may see it."""
        return self.workspace.view(self.audience)

    def record(self, known: str | None) -> GroundRecord:
        """The record as known at a day's end or an instant; of everything known where None."""
        instant = self.parse_known(known)
        with self.turns.of(str(instant)):
            return self.workspace.record(instant, audience=self.audience)

    def parse_known(self, text: str | None) -> datetime | None:
        """The instant of "as known on": a bare day means its end in the theatre's zone.

        Raises:
            InputError: It is no date.
        """
        if not text:
            return None
        moment = parse_moment(text, self.theatre.zone)
        if isinstance(moment, datetime):
            return moment
        return Interval.of_day(moment, self.theatre.zone).end

    def last_known_day(self, known: str | None) -> date | None:
        """The last day that is wholly known; None where all is."""
        instant = self.parse_known(known)
        if instant is None:
            return None
        return (instant - timedelta(microseconds=1)).astimezone(self.theatre.zone).date()

    def parse_day(self, text: str | None, record: GroundRecord) -> date:
        """The day asked for, or the record's last.

        Raises:
            InputError: It is no date, or not one of the record's days.
        """
        days = record.days
        if not text:
            return days[-1]
        moment = parse_moment(text, self.theatre.zone)
        day = moment.astimezone(self.theatre.zone).date() if isinstance(moment, datetime) else moment
        if not days[0] <= day <= days[-1]:
            raise InputError(
                f"the record has no {day}; it runs from {days[0]} to {days[-1]}", code="no_such_day"
            )
        return day


def find_site(request: Request) -> Site:
    """The server's state, for routes."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(find_site)]
Known = Annotated[
    str | None,
    Query(description="As known on: a day (its end, in the theatre's zone) or an instant; all by default"),
]
On = Annotated[str | None, Query(description="A day of the record; the last by default")]
