"""What people and earlier reports say of places: a ledger in, corrections and usual areas out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whoholds.errors import NotFoundError
from whoholds.model import Place

if TYPE_CHECKING:
    from whoholds.places.gazetteer import Gazetteer
    from whoholds.places.read import Corrections
    from whoholds.places.usual import UsualArea
    from whoholds.store import Ledger, View

__all__ = ["collect_corrections", "list_usual_areas", "need_words"]


def collect_corrections(ledger: Ledger) -> Corrections:
    """Which places people said that words mean, for the reader."""
    from whoholds.places.read import Corrections

    said = [
        (c.report_id, c.exact, None if c.place is None else c.place.id) for c in ledger.place_corrections()
    ]
    return Corrections.collect(said)


def list_usual_areas(ledger: Ledger, gazetteer: Gazetteer) -> dict[str, UsualArea]:
    """By publisher, where the places of its reports in the ledger lie, as far as they are sure."""
    from whoholds.places.usual import UsualArea

    found: dict[str, list[tuple[Place, int]]] = {}
    for publisher, place_id, n_reports in ledger.places_by_publisher():
        place = gazetteer.get(place_id)
        if place is not None:
            found.setdefault(publisher, []).append((place, n_reports))
    return {publisher: UsualArea.of(places) for publisher, places in found.items()}


def need_words(view: View, words: str, report_id: str | None) -> None:
    """Make sure that some words occur in a report, or in any.

    Raises:
        NotFoundError: They never do, or there is no such report.
    """
    from whoholds.store import ClaimFilter

    whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
    if report_id is not None:
        texts = [view.report(report_id).report.text]
        where = f"report {report_id.removeprefix('sha256:')[:12]}"
    else:
        texts = [r.text for r in view.reports(text=words)]
        where = "any report"
    if any(whole.search(text) for text in texts):
        return
    folded = words.casefold()
    claims = view.claims(ClaimFilter())
    if any(
        (p.exact or p.name).casefold() == folded
        for c in claims
        if report_id in (None, c.report_id)
        for p in c.places
    ):
        return
    raise NotFoundError(f"the words {words[:80]!r} do not occur in {where}; give them as the text has them")
