"""Gazetteer layers: the packaged index and small ones held in memory, behind one narrow interface."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from whoholds.errors import ConfigurationError
from whoholds.model import Place
from whoholds.places.folding import fold_name, skeleton_of
from whoholds.places.index import ENTRY_LITERAL, IndexFile

__all__ = [
    "DISTRICT",
    "Alike",
    "IndexLayer",
    "Layer",
    "Meaning",
    "MemoryLayer",
    "distance_m",
    "district_of",
    "kind_of_word",
    "read_theatre_table",
]

EARTH_M = 6_371_008.8
"""Mean radius of the Earth (IUGG 1980), metres."""


def distance_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Great-circle distance in metres (haversine)."""
    a, b = math.radians(lat_a), math.radians(lat_b)
    h = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(h)))


@dataclass(frozen=True, slots=True)
class Meaning:
    """One place that a name may stand for.

    Attributes:
        place: The place.
        role: 0 literal, 1 demonym, 2 government, 3 abbreviation.
        is_primary: Whether the name is the place's preferred one.
        is_own: Whether the theatre's table, or a desk, lists the place: somebody expects to read of it.
    """

    place: Place
    role: int = ENTRY_LITERAL
    is_primary: bool = False
    is_own: bool = False


class Alike(NamedTuple):
    """A place by one of its folded names: enough to judge, and how to have all of it."""

    name: str
    population: int
    fetch: Callable[[], Place]


class Layer(Protocol):
    """A source of places. Keys are folded names and skeletons (`folding`)."""

    def meanings(self, key: str, limit: int) -> list[Meaning]:
        """Places of a folded name, best first."""
        ...

    def has(self, key: str) -> bool:
        """Whether the folded name is there."""
        ...

    def similar(self, skeleton: str, limit: int) -> list[Alike]:
        """Places with a name of this skeleton, the largest first."""
        ...

    def get(self, place_id: str) -> Place | None:
        """The place of an id."""
        ...

    def names(self, place_id: str) -> tuple[str, ...] | None:
        """A place's further names, or None where the id is not of this layer."""
        ...


class IndexLayer:
    """The mapped index as a layer."""

    def __init__(self, index: IndexFile) -> None:
        self.index = index
        self.has = index.has

    def meanings(self, key: str, limit: int) -> list[Meaning]:
        """See `Layer`."""
        return [Meaning(*found) for found in self.index.meanings(key, limit)]

    def similar(self, skeleton: str, limit: int) -> list[Alike]:
        """See `Layer`."""
        index = self.index
        return [Alike(name, p, partial(index.place, n)) for name, p, n in index.similar(skeleton, limit)]

    def get(self, place_id: str) -> Place | None:
        """See `Layer`."""
        number = self.index.number_of(place_id)
        return None if number is None else self.index.place(number)

    def names(self, place_id: str) -> tuple[str, ...] | None:
        """See `Layer`."""
        number = self.index.number_of(place_id)
        return None if number is None else self.index.names(number)


@dataclass(slots=True)
class MemoryLayer:
    """A few thousand places in dictionaries: a theatre's own gazetteer, or a desk's additions."""

    _places: dict[str, Place] = field(default_factory=dict)
    _names: dict[str, list[Meaning]] = field(default_factory=dict)
    _skeletons: dict[str, list[tuple[str, Place]]] = field(default_factory=dict)

    @classmethod
    def of(cls, places: Iterable[Place]) -> MemoryLayer:
        """A layer of places with their `names`."""
        layer = cls()
        for place in places:
            layer.add(place)
        return layer

    def add(self, place: Place) -> None:
        """Add a place; one with the same id is replaced."""
        self._places[place.id] = place
        for name in (place.name, *place.names):
            key = fold_name(name)
            if not key:
                continue
            known = self._names.setdefault(key, [])
            if all(m.place.id != place.id for m in known):
                known.append(Meaning(place, ENTRY_LITERAL, name == place.name, True))
            alike = self._skeletons.setdefault(skeleton_of(key), [])
            if all(p.id != place.id or k != key for k, p in alike):
                alike.append((key, place))

    def __len__(self) -> int:
        return len(self._places)

    def places(self) -> Iterable[Place]:
        """All places, in the order added."""
        return self._places.values()

    def meanings(self, key: str, limit: int) -> list[Meaning]:
        """See `Layer`."""
        return self._names.get(key, [])[:limit]

    def has(self, key: str) -> bool:
        """See `Layer`."""
        return key in self._names

    def similar(self, skeleton: str, limit: int) -> list[Alike]:
        """See `Layer`."""
        return [
            Alike(key, p.population, partial(self._places.__getitem__, p.id))
            for key, p in self._skeletons.get(skeleton, [])[:limit]
        ]

    def get(self, place_id: str) -> Place | None:
        """See `Layer`."""
        return self._places.get(place_id)

    def names(self, place_id: str) -> tuple[str, ...] | None:
        """See `Layer`."""
        place = self._places.get(place_id)
        return None if place is None else place.names


_KIND_WORDS = {
    "water": "river lake sea reservoir bay gulf canal strait ocean stream water",
    "landform": "hill mountain mountains ridge forest wood island peninsula valley desert landform height",
    "admin": "oblast region province district raion rayon county state governorate municipality krai okrug",
    "country": "country",
    "facility": "facility bridge airport airfield base station plant monastery dam crossing port mine gas",
    "other": "area other",
}
_KIND_OF = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split()}


def kind_of_word(word: str) -> str:
    """A place kind for a table's own word ("hamlet", "urban-type settlement"): settlement unless known."""
    for part in reversed(re.findall(r"[a-z]+", word.lower())):
        if part in _KIND_OF:
            return _KIND_OF[part]
    return "settlement"


def read_theatre_table(path: Path, theatre_id: str, countries: Mapping[str, str]) -> list[tuple[Place, str]]:
    """Places of a theatre's CSV, each with the region that the row names.

    Columns: `name`, `lon`, `lat`, and any of `id`, `name_<lang>`, `names` (split by `|`), `kind`, `region`,
    `country`, `radius_km`, `population`. A row without an id gets `<theatre>:<name as slug>`, and a second
    one of that name its region besides.

    Args:
        path: The file, UTF-8.
        theatre_id: Prefix of the ids.
        countries: Folded region name to ISO code, for rows without `country`.

    Raises:
        ConfigurationError: A column is missing or a row's point is wrong.
    """
    found: list[tuple[Place, str]] = []
    taken: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"name", "lon", "lat"} - set(reader.fieldnames or ())
            if missing:
                raise ConfigurationError(
                    f"{path}: a gazetteer needs the columns {', '.join(sorted(missing))}"
                )
            for line, row in enumerate(reader, 2):
                found.append(_theatre_row(path, line, row, theatre_id, countries, taken))
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8; save it as UTF-8") from None
    return found


def _theatre_row(
    path: Path, line: int, row: dict[str, str], theatre_id: str, countries: Mapping[str, str], taken: set[str]
) -> tuple[Place, str]:
    name = (row["name"] or "").strip()
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
        radius_m = float(row.get("radius_km") or 2) * 1000
        population = int(float(row.get("population") or 0))
    except (TypeError, ValueError):
        raise ConfigurationError(f"{path}, line {line}: lon, lat and radius_km must be numbers") from None
    if not name or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ConfigurationError(f"{path}, line {line}: needs a name and a point on the globe")
    region = (row.get("region") or "").strip()
    place_id = (row.get("id") or "").strip()
    if not place_id:
        place_id = f"{theatre_id}:{slug_of(name)}"
        if place_id in taken and region:
            place_id = f"{place_id}-{slug_of(region)}"
        serial, base = 2, place_id
        while place_id in taken:
            place_id, serial = f"{base}-{serial}", serial + 1
    taken.add(place_id)
    others = [v for k, v in row.items() if k and k.startswith("name_") and v]
    others += [n for n in (row.get("names") or "").split("|") if n]
    kind = kind_of_word(row.get("kind") or "")
    country = (row.get("country") or "").strip() or countries.get(fold_name(region))
    names = tuple(dict.fromkeys(n.strip() for n in others if n.strip() and n.strip() != name))
    return Place(
        place_id, name, lon, lat, kind, country or None, None, None, population, radius_m, None, names
    ), region  # fmt: skip


def slug_of(name: str) -> str:
    """A name as part of an id: `Cherkasskoye Porechnoye` to `cherkasskoye-porechnoye`."""
    return fold_name(name).replace(" ", "-") or "place"


DISTRICT = "#district"
"""Ends the id of a district that is known only by the town that it is named after."""
DISTRICT_RADIUS_M = 25_000.0
"""Half the breadth of an eastern European district; the reach given to one whose borders are unknown."""


def district_of(town: Place) -> Place:
    """The district around a town, where no gazetteer has it: an area of its own, not the town."""
    return replace(
        town,
        id=town.id + DISTRICT,
        name=f"{town.name} District",
        kind="admin",
        feature="ADM2",
        radius_m=DISTRICT_RADIUS_M,
        population=0,
        names=(),
    )


def with_id_of(place: Place, other: Place, names: tuple[str, ...]) -> Place:
    """`place` under the identity of `other`, which lies at the same spot, with the names of both."""
    return replace(
        place, id=other.id, name=other.name, country=other.country, admin1=other.admin1, admin2=other.admin2,
        population=max(place.population, other.population), feature=other.feature,
        names=tuple(dict.fromkeys((place.name, *place.names, *names))),
    )  # fmt: skip
