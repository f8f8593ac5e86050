"""The gazetteer: names in, places out. Layers stacked, the theatre's own first.

`open_gazetteer` maps the packaged index (building it once) and stacks imported gazetteers and the
theatre's tables before it. Everything after opening is pure look-up.
"""

from __future__ import annotations

import logging
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from whoholds.errors import StoreError
from whoholds.model import Place
from whoholds.places.compile import build_index, index_stamp
from whoholds.places.database import DatabaseLayer
from whoholds.places.folding import fold_name, skeleton_of
from whoholds.places.index import ENTRY_DEMONYM, ENTRY_GOVERNMENT, IndexFile
from whoholds.places.layers import (
    DISTRICT,
    IndexLayer,
    Layer,
    Meaning,
    MemoryLayer,
    distance_m,
    district_of,
    read_theatre_table,
    with_id_of,
)
from whoholds.theatre import Theatre

__all__ = ["CountryName", "Gazetteer", "StackedGazetteer", "cache_folder", "imports_folder", "open_gazetteer"]

_log = logging.getLogger("whoholds.places")

SAME_PLACE_M = 6_000.0
"""A theatre's place and a GeoNames place of the same name within this distance are one."""


@dataclass(frozen=True, slots=True)
class CountryName:
    """What a word says of a state.

    Attributes:
        country: ISO 3166-1 alpha-2 code.
        role: `literal` ("Ukraine"), `demonym` ("Ukrainian") or `government` ("Kyiv", "the Kremlin").
        place_id: The country's id.
    """

    country: str
    role: str
    place_id: str


class Gazetteer(Protocol):
    """Names in, places out. Look-ups never raise: what is no name finds nothing."""

    def find(self, name: str, *, limit: int = 20) -> tuple[Place, ...]:
        """Places of this name, whatever its case, accents or apostrophes, best first."""
        ...

    def find_fuzzy(self, name: str, *, limit: int = 5, likeness: float = 0.6) -> tuple[Place, ...]:
        """Places of a name spelt alike (transliteration, inflection, slips), best first.

        `likeness` is the least share of letters that agree (1 less the normalised edit distance).
        """
        ...

    def get(self, place_id: str) -> Place | None:
        """The place of an id, or None."""
        ...

    def country_of(self, name: str) -> CountryName | None:
        """The state that a word names, by itself, its people, or its seat of government."""
        ...

    def names(self, place_id: str) -> tuple[str, ...]:
        """A place's other names in all scripts; empty for an unknown id."""
        ...

    def has(self, name: str) -> bool:
        """Whether any place has this name."""
        ...

    def meanings(self, name: str, *, limit: int = 20) -> tuple[Meaning, ...]:
        """Places of this name with the role in which it names them, best first."""
        ...


def _rank(meaning: Meaning) -> float:
    place = meaning.place
    rank = math.log10(place.population + 10) + (1.0 if meaning.is_primary else 0.0)
    return rank + {"country": 3.0, "admin": -0.7 if place.feature == "ADM1" else -1.6}.get(place.kind, 0.0)


SIMILAR_KEPT = 20_000
"""Answers to fuzzy look-ups kept in memory: a few megabytes."""


class StackedGazetteer:
    """Layers asked in order; what an earlier one has comes first."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._similar: dict[tuple[str, int, float], tuple[Place, ...]] = {}
        first = self.layers[0] if len(self.layers) == 1 else None
        self._only = first.index if isinstance(first, IndexLayer) else None
        self._is_mixed = sum(not isinstance(layer, MemoryLayer) for layer in layers) > 1

    def meanings(self, name: str, *, limit: int = 20) -> tuple[Meaning, ...]:
        """See `Gazetteer`."""
        key = fold_name(name)
        if len(key) < 2:
            return ()
        if len(name) <= 6 and (name.isupper() or name.endswith(".")) and (short := self._abbreviated(name)):
            return short
        found: list[Meaning] = []
        seen: set[tuple[str, int]] = set()
        own = 0
        for layer in self.layers:
            for meaning in layer.meanings(key, limit):
                mark = (meaning.place.id, meaning.role)
                if mark not in seen:
                    seen.add(mark)
                    found.append(meaning)
            if isinstance(layer, MemoryLayer):
                own = len(found)
        if self._is_mixed:
            # Imported and packaged places rank together: a full dump has a hamlet for every capital's name.
            found[own:] = sorted(found[own:], key=_rank, reverse=True)
        return tuple(found[:limit])

    def _abbreviated(self, name: str) -> tuple[Meaning, ...]:
        return tuple(m for layer in self.layers for m in layer.meanings("~" + name, 2))

    def find(self, name: str, *, limit: int = 20) -> tuple[Place, ...]:
        """See `Gazetteer`."""
        only = self._only
        if only is not None and not (
            len(name) <= 6 and (name.isupper() or name.endswith(".")) and only.has("~" + name)
        ):
            key = fold_name(name)
            return only.find(key, limit) if len(key) > 1 else ()
        found = {m.place.id: m.place for m in reversed(self.meanings(name, limit=limit))}
        return tuple(reversed(found.values()))[:limit]

    def has(self, name: str) -> bool:
        """See `Gazetteer`."""
        key = fold_name(name)
        if len(key) < 2:
            return False
        if len(name) <= 6 and (name.isupper() or name.endswith(".")) and self._abbreviated(name):
            return True
        return any(layer.has(key) for layer in self.layers)

    def get(self, place_id: str) -> Place | None:
        """See `Gazetteer`."""
        town_id, mark, _ = place_id.partition(DISTRICT)
        for layer in self.layers:
            if (place := layer.get(town_id)) is not None:
                return district_of(place) if mark else place
        return None

    def names(self, place_id: str) -> tuple[str, ...]:
        """See `Gazetteer`."""
        for layer in self.layers:
            if (names := layer.names(place_id)) is not None:
                return names
        return ()

    def country_of(self, name: str) -> CountryName | None:
        """See `Gazetteer`."""
        for meaning in self.meanings(name, limit=4):
            place = meaning.place
            if place.country is None:
                continue
            if meaning.role in (ENTRY_DEMONYM, ENTRY_GOVERNMENT):
                return self._country(
                    place.country, "demonym" if meaning.role == ENTRY_DEMONYM else "government"
                )
            if place.kind == "country":
                return CountryName(place.country, "literal", place.id)
            if place.feature == "PPLC":
                return self._country(place.country, "government")
        return None

    def _country(self, code: str, role: str) -> CountryName | None:
        for layer in self.layers:
            for meaning in layer.meanings("@" + code, 1):
                return CountryName(code, role, meaning.place.id)
        return None

    def area(self, code: str) -> Place | None:
        """The country of an ISO code, or the region of a GeoNames code (`RU.41`)."""
        for layer in self.layers:
            for meaning in layer.meanings("@" + code, 1):
                return meaning.place
        return None

    def find_fuzzy(self, name: str, *, limit: int = 5, likeness: float = 0.6) -> tuple[Place, ...]:
        """See `Gazetteer`."""
        from whoholds.places.fuzzy import rank_similar

        key = fold_name(name)
        if len(key) < 3:
            return ()
        # The same unlisted names come again and again in the reports of one war.
        asked = (key, limit, likeness)
        found = self._similar.get(asked)
        if found is None:
            if len(self._similar) >= SIMILAR_KEPT:
                self._similar.clear()
            found = self._similar[asked] = rank_similar(key, skeleton_of(key), self.layers, limit, likeness)
        return found


def imports_folder() -> Path:
    """Where this user's imported gazetteers lie: `WHOHOLDS_DATA`, else the system's data folder."""
    if own := os.environ.get("WHOHOLDS_DATA"):
        return Path(own) / "gazetteers"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    return base / "whoholds" / "gazetteers"


def cache_folder() -> Path:
    """The user's cache folder for this program: `WHOHOLDS_CACHE`, else the system's usual one."""
    if own := os.environ.get("WHOHOLDS_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "whoholds" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/whoholds"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whoholds"


def open_gazetteer(
    theatre: Theatre | None = None,
    *,
    cache_dir: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> StackedGazetteer:
    """Open the gazetteer; the first time on a machine it is compiled (some 35 seconds).

    Args:
        theatre: Its `gazetteers` tables are stacked first.
        cache_dir: Where the index lies; default `cache_folder()`.
        progress: Told, in words, when something takes time or is left out; default: the log, which
            without a set-up of its own writes to standard error.

    Raises:
        StoreError: The cache folder cannot be written.
        ConfigurationError: A theatre's table is wrong.
    """
    say = progress or _log.warning
    base = IndexLayer(_open_index((cache_dir or cache_folder()) / "gazetteer.idx", say))
    layers: list[Layer] = [*_imported(say), base]
    if theatre is not None and theatre.gazetteers:
        layers.insert(0, theatre_layer(theatre, StackedGazetteer(layers)))
    return StackedGazetteer(layers)


def _imported(say: Callable[[str], None]) -> list[Layer]:
    """What this user imported (`whoholds places import`); an unfinished one is left out with a word."""
    found: list[Layer] = []
    for path in sorted(imports_folder().glob("*.sqlite")):
        try:
            layer = DatabaseLayer(path)
        except StoreError as error:
            say(str(error))
            continue
        if layer.is_behind:
            say(
                f"the last import into the gazetteer {path.stem!r} was stopped: its names are not all found; "
                "run `whoholds places import` on its file again, and it goes on"
            )
        found.append(layer)
    return found


def _open_index(path: Path, say: Callable[[str], None]) -> IndexFile:
    wanted = index_stamp()
    try:
        index = IndexFile(path)
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        say(f"the gazetteer index {path} cannot be used ({error}); building it again")
    else:
        if index.stamp == wanted:
            return index
        say(f"the gazetteer index {path} is of another version ({index.stamp}); building it again")
    build_index(path, say)
    return IndexFile(path)


def theatre_layer(theatre: Theatre, base: StackedGazetteer) -> MemoryLayer:
    """The theatre's own places, under GeoNames' identity where they are the same.

    Raises:
        ConfigurationError: A table is missing or wrong.
    """
    countries: dict[str, str] = {}
    for region in theatre.area.regions:
        for place in base.find(region, limit=5):
            if place.kind == "admin" and place.country:
                countries.setdefault(fold_name(region), place.country)
    layer = MemoryLayer()
    for table in theatre.gazetteers:
        for place, region in read_theatre_table(theatre.path(table), theatre.id, countries):
            home = _region(region, base)
            if (home is not None and place.country is None) or home is not None:
                place = _filed_under(place, home)
            twin = _twin(place, base)
            layer.add(place if twin is None else with_id_of(place, twin, base.names(twin.id)))
    return layer


def _region(name: str, base: StackedGazetteer) -> Place | None:
    if not name:
        return None
    return next((p for p in base.find(name, limit=8) if p.kind == "admin"), None)


def _filed_under(place: Place, home: Place) -> Place:
    from dataclasses import replace

    return replace(place, country=place.country or home.country, admin1=home.admin1)


def _twin(place: Place, base: StackedGazetteer) -> Place | None:
    for name in (place.name, *place.names):
        for other in base.find(name):
            alike = other.kind == place.kind
            if alike and distance_m(place.lon, place.lat, other.lon, other.lat) <= SAME_PLACE_M:
                return other
    return None
