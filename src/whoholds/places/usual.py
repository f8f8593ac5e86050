"""Where a publisher's places usually lie: places of its earlier reports in, a preference for namesakes out.

A paper of Paris, Texas, that writes "Paris" means its own. The shares are pure counts; who counts, and over
which reports, is the caller's business (a ledger counts its own).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from whoholds.model import Place

__all__ = ["UsualArea"]

SOFTENING = 5.0
"""Places of no region that are counted besides: five places known are half of what can be."""


@dataclass(frozen=True, slots=True)
class UsualArea:
    """The countries and first-level regions of the places that a publisher wrote of before.

    Attributes:
        by_country: ISO code to the number of places there.
        by_region: GeoNames code of a first-level region (`US.TX`) to the number of places there.
        total: Places counted.
    """

    by_country: Mapping[str, int] = field(default_factory=dict)
    by_region: Mapping[str, int] = field(default_factory=dict)
    total: int = 0

    @classmethod
    def of(cls, places: Iterable[tuple[Place, int]]) -> UsualArea:
        """The usual area of places, each with the number of reports that name it.

        Countries and continents are left out: all papers write of them.
        """
        countries: dict[str, int] = {}
        regions: dict[str, int] = {}
        total = 0
        for place, n_reports in places:
            if place.kind == "country" or place.feature == "CONT" or place.country is None:
                continue
            total += n_reports
            countries[place.country] = countries.get(place.country, 0) + n_reports
            if place.admin1 is not None:
                regions[place.admin1] = regions.get(place.admin1, 0) + n_reports
        return cls(countries, regions, total)

    def nearness(self, place: Place) -> float:
        """0 for a place where the publisher never wrote of any, towards 2 where it always does.

        The squared softened share of its places in the place's country, and that in its region. Squared,
        since who keeps to a place tells more than who often writes of it: an agency has half of its news
        from one large country, and the next name may lie anywhere.
        """
        if not self.total or place.kind == "country":
            return 0.0
        total = self.total + SOFTENING
        in_country = self.by_country.get(place.country or "", 0) / total
        in_region = self.by_region.get(place.admin1 or "", 0) / total
        return in_country**2 + in_region**2
