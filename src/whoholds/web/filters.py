"""What a reader asks of the claims: query parameters to a `ClaimFilter`, checked.

Empty fields of a form ask nothing. A place may be asked for by id or by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from whoholds.errors import InputError
from whoholds.model import Event, Stance, parse_moment
from whoholds.store import CLAIM_STATUSES, ClaimFilter, View
from whoholds.theatre import SIDES_BESIDE_PARTIES, Theatre, fold_name
from whoholds.web.site import TheSite

__all__ = ["PAGE_SIZE", "ClaimQuery", "Wanted", "find_place"]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """The fields as they were asked, and the filter that they make."""

    fields: dict[str, str]
    filter: ClaimFilter
    page: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return not self.fields

    def on_page(self, page: int) -> str:
        """The query string of another page of the same list."""
        return urlencode({**self.fields, **({"page": page} if page > 1 else {})})

    def paged(self, size: int) -> ClaimFilter:
        """The filter of this page alone."""
        return replace(self.filter, limit=size, offset=(self.page - 1) * size)


def read_query(
    site: TheSite,
    place: Annotated[str, Query(description="Place id or name")] = "",
    side: Annotated[str, Query(description="Side of the speaker: a party, independent or other")] = "",
    speaker: Annotated[str, Query(description="Name or id of the innermost source")] = "",
    publisher: Annotated[str, Query(description="Name of the publisher")] = "",
    event: Annotated[str, Query(description="An event of the contract")] = "",
    stance: Annotated[str, Query(description="A stance of the contract")] = "",
    status: Annotated[str, Query(description="new, accepted, corrected or unsure")] = "",
    reported_from: Annotated[str, Query(alias="from", description="First day reported")] = "",
    reported_to: Annotated[str, Query(alias="to", description="Last day reported")] = "",
    q: Annotated[str, Query(description="Words in the quote, names or places")] = "",
    report: Annotated[str, Query(description="Report id")] = "",
    page: Annotated[int, Query(ge=1, le=100_000, description="Page of the list, from 1")] = 1,
) -> ClaimQuery:
    """The query of a request.

    Raises:
        InputError: A value is none of its list, or a date cannot be read.
    """
    theatre = site.theatre
    given = {
        "place": place,
        "side": side,
        "speaker": speaker,
        "publisher": publisher,
        "event": event,
        "stance": stance,
        "status": status,
        "from": reported_from,
        "to": reported_to,
        "q": q,
        "report": report,
    }
    fields = {name: value.strip() for name, value in given.items() if value.strip()}
    get = fields.get
    _check(get("event"), [e.value for e in Event], "event")
    _check(get("stance"), [s.value for s in Stance], "stance")
    _check(get("side"), [*theatre.party_ids, *SIDES_BESIDE_PARTIES], "side")
    _check(get("status"), CLAIM_STATUSES, "status")
    wanted = ClaimFilter(
        place_id=find_place(site.view(), get("place")),
        event=get("event"),
        stance=get("stance"),
        side=get("side"),
        speaker=get("speaker"),
        publisher=get("publisher"),
        reported_from=_day(get("from"), theatre),
        reported_to=_day(get("to"), theatre),
        text=get("q"),
        status=get("status"),
        report_id=get("report"),
    )
    return ClaimQuery(fields, wanted, page)


Wanted = Annotated[ClaimQuery, Depends(read_query)]


def find_place(view: View, words: str | None) -> str | None:
    """The id of a place given by id or by name; the most spoken of where several have the name.

    A name that no claim has is passed on as it is: the list is then empty, and says so.
    """
    if not words:
        return None
    wanted = fold_name(words)
    places = [p for p in view.places() if p.place_id is not None]
    for place in places:
        if place.place_id == words:
            return words
    exact = [p for p in places if fold_name(p.name) == wanted]
    partly = [p for p in places if wanted and fold_name(p.name).startswith(wanted)]
    found = next(iter([*exact, *partly]), None)
    return found.place_id if found else words


def _check(value: str | None, allowed: Sequence[str], name: str) -> None:
    if value is not None and value not in allowed:
        raise InputError(f"{name} {value[:60]!r} is not one of {', '.join(allowed)}", code=f"bad_{name}")


def _day(text: str | None, theatre: Theatre) -> date | None:
    if text is None:
        return None
    return parse_moment(text, theatre.zone)
