"""A theatre: one war as data. Parties, sources, area, start line, gazetteer, never code.

A theatre is a folder with a `theatre.toml` and the files that it names. Bundled ones are found by
name, others by path. `load_theatre` checks everything once and says in one line what is wrong.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, timedelta, tzinfo
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from whoholds.errors import ConfigurationError

__all__ = ["Area", "Party", "SourceEntry", "StartLine", "Theatre", "bundled_theatres", "load_theatre"]

PartyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]
RESERVED = ("contested", "unknown")
SIDES_BESIDE_PARTIES = ("independent", "other")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Party(_Strict):
    """One who can hold ground.

    Attributes:
        id: Short id used in records and columns (`RU`).
        name: English name.
        names: Words by which texts call it or its forces: adjectives, capitals, armies.
        color: Display colour as `#rrggbb`.
        country: ISO 3166-1 alpha-2 code, where the party is a state.
    """

    id: PartyId
    name: str
    names: tuple[str, ...] = ()
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#777777"
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class SourceEntry(_Strict):
    """A source that the theatre knows.

    Attributes:
        id: Registry id (`isw`).
        name: Usual English name.
        names: Other names, transliterations, handles.
        side: A party's id, `independent` or `other`.
        kind: official, military, mapper, agency, newspaper, blogger, ngo, person, or other.
        role: Title, or `map` for a source that draws its whole state again and again.
        display: How much of its words may be shown to the public.
    """

    id: str
    name: str
    names: tuple[str, ...] = ()
    side: str | None = None
    kind: str = "other"
    role: str | None = None
    display: Literal["full", "quotes", "none"] = "full"


class Area(_Strict):
    """The ground that the theatre is about.

    Attributes:
        bbox: West, south, east, north in degrees.
        countries: ISO codes that place names are expected in, likeliest first.
        regions: First-level regions, by English name, that the record is about; empty for all.
    """

    bbox: tuple[float, float, float, float]
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @field_validator("bbox")
    @classmethod
    def _on_globe(cls, value: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        west, south, east, north = value
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError(
                "bbox must be west, south, east, north in degrees, west < east and south < north"
            )
        return value


class StartLine(_Strict):
    """Who held what before the first report.

    Attributes:
        on: The day that it shows.
        file: GeoJSON with one (multi)polygon feature a party, property `party`; relative to the theatre.
        source: Where the line comes from, in words.
    """

    on: date
    file: str
    source: str = ""


class Theatre(_Strict):
    """A war as data. See `docs/theatre.md` for the file's format."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    name: str
    time_zone: str = "UTC"
    resolution: Annotated[int, Field(ge=4, le=10)] = 8
    first_day: date | None = None
    last_day: date | None = None
    parties: tuple[Party, ...]
    sources: tuple[SourceEntry, ...] = ()
    area: Area
    start: StartLine | None = None
    gazetteers: tuple[str, ...] = ()
    reports: str | None = None
    languages: tuple[str, ...] = ("en",)
    embargo_hours: Annotated[float, Field(ge=0)] = 0.0
    coarsen_to_resolution: Annotated[int, Field(ge=3, le=10)] | None = None
    folder: Path | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Theatre:
        ids = [p.id.casefold() for p in self.parties]
        if len(ids) < 2:
            raise ValueError("a theatre needs two parties or more")
        if len(set(ids)) < len(ids) or set(ids) & set(RESERVED):
            raise ValueError(
                f"party ids must be unique without regard to case and not {' or '.join(RESERVED)}"
            )
        if len({s.id for s in self.sources}) < len(self.sources):
            raise ValueError("source ids must be unique")
        sides = {p.id for p in self.parties} | set(SIDES_BESIDE_PARTIES)
        for source in self.sources:
            if source.side is not None and source.side not in sides:
                raise ValueError(
                    f"source {source.id!r} has side {source.side!r}, which is none of {sorted(sides)}"
                )
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"unknown time zone {self.time_zone!r}") from None
        return self

    @cached_property
    def zone(self) -> tzinfo:
        """The theatre's time zone."""
        return UTC if self.time_zone == "UTC" else ZoneInfo(self.time_zone)

    @property
    def party_ids(self) -> tuple[str, ...]:
        """The parties' ids, in the file's order."""
        return tuple(p.id for p in self.parties)

    @property
    def embargo(self) -> timedelta:
        """How long after it was reported a claim stays out of the public view."""
        return timedelta(hours=self.embargo_hours)

    @cached_property
    def party_names(self) -> Mapping[str, str]:
        """Folded name, adjective, capital or force to the party's id. Country codes are among them."""
        found: dict[str, str] = {}
        for party in self.parties:
            for name in (party.id, party.name, *party.names):
                found.setdefault(fold_name(name), party.id)
        return found

    @cached_property
    def source_names(self) -> Mapping[str, SourceEntry]:
        """Folded name to the registry's entry."""
        found: dict[str, SourceEntry] = {}
        for source in self.sources:
            for name in (source.name, *source.names):
                found.setdefault(fold_name(name), source)
        return found

    def find_party(self, name: str | None) -> str | None:
        """The id of the party that a name, an adjective or a code means, or None."""
        return None if not name else self.party_names.get(fold_name(name))

    def find_source(self, name: str | None) -> SourceEntry | None:
        """The registry's entry for a name as a text has it, or None."""
        return None if not name else self.source_names.get(fold_name(name))

    def path(self, name: str) -> Path:
        """A file that the theatre names, as a path.

        Raises:
            ConfigurationError: It is not there.
        """
        found = (self.folder or Path()) / name
        if not found.exists():
            raise ConfigurationError(f"theatre {self.id!r} names {name!r}, but {found} is not there")
        return found

    def start_areas(self) -> dict[str, dict[str, Any]]:
        """Party id to the GeoJSON geometry that it held on the start line's day; empty without one."""
        if self.start is None:
            return {}
        path = self.path(self.start.file)
        try:
            features = json.loads(path.read_text("utf-8"))["features"]
            found = {str(f["properties"]["party"]): f["geometry"] for f in features}
        except (ValueError, KeyError, TypeError):
            raise ConfigurationError(
                f"{path} must be a GeoJSON FeatureCollection whose features have a property 'party'"
            ) from None
        strangers = sorted(set(found) - set(self.party_ids))
        if strangers:
            raise ConfigurationError(
                f"{path} gives ground to {', '.join(strangers)}, no party of {self.id!r}"
            )
        return found


@lru_cache(maxsize=8192)
def fold_name(name: str) -> str:
    """A name for comparing: case, punctuation, possessive and leading article aside."""
    text = re.sub(r"['’`ʼ]s\b", "", name.casefold())
    text = re.sub(r"['’`ʼ.]", "", text)
    return re.sub(r"^(the|a|an) ", "", " ".join(re.findall(r"\w+", text)))


def load_theatre(name: str | Path) -> Theatre:
    """The theatre of a bundled name, a folder, or a `theatre.toml`.

    Raises:
        ConfigurationError: There is none, or its file is wrong.
    """
    path = _theatre_file(name)
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigurationError(f"cannot read {path}: {error.strerror}") from None
    try:
        return Theatre(**data, folder=path.parent)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "theatre"
        raise ConfigurationError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from None
    except TypeError as error:
        raise ConfigurationError(f"{path}: {error}") from None


def bundled_theatres() -> dict[str, Path]:
    """Name to file of the theatres that come with the program."""
    return {path.parent.name: path for root in _roots() for path in sorted(root.glob("*/theatre.toml"))}


def _theatre_file(name: str | Path) -> Path:
    bundled = bundled_theatres()
    if str(name) in bundled:
        return bundled[str(name)]
    path = Path(name)
    if path.is_dir():
        path /= "theatre.toml"
    if path.is_file():
        return path
    known = ", ".join(sorted(bundled)) or "none"
    raise ConfigurationError(
        f"no theatre {str(name)!r}; bundled: {known}; or give a folder with a theatre.toml"
    )


def _roots() -> Iterator[Path]:
    here = Path(__file__).resolve().parent
    # In a wheel the examples lie inside the package; in a checkout beside src/.
    for root in (here / "examples", here.parents[1] / "examples"):
        if root.is_dir():
            yield root
