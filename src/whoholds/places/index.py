"""The embedded gazetteer's file: written once, then mapped into memory and read in place.

One file: a fixed header, place records sorted by number, a text section with names, and two
open-addressing hash tables (folded names, skeletons) over CRC-32. Nothing is parsed or copied when it is
opened: a look-up touches a few pages. Format and alternatives: `docs/decisions/0002-gazetteer-index.md`.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from whoholds.errors import StoreError
from whoholds.model import Place

__all__ = [
    "ENTRY_ABBREVIATION",
    "ENTRY_DEMONYM",
    "ENTRY_GOVERNMENT",
    "ENTRY_LITERAL",
    "Entry",
    "IndexFile",
    "IndexWriter",
]

MAGIC = b"WHGZ\x00\x00\x00\x05"
_HEADER = struct.Struct("<8s64s10Q")
_RECORD = struct.Struct("<qiiIIHHHHBBH")
_ENTRY = struct.Struct("<HH")
_ONE = struct.Struct("<I")
ENTRY_LITERAL, ENTRY_DEMONYM, ENTRY_GOVERNMENT, ENTRY_ABBREVIATION = 0, 1, 2, 3
_PLACE_BITS = 24
_PLACE_MASK = (1 << _PLACE_BITS) - 1
_PRIMARY = 1 << 28

KINDS = (
    ("settlement", "PPL"), ("country", "PCLI"), ("admin", "ADM1"), ("admin", "ADM2"), ("admin", "ADM3"),
    ("admin", "ADMD"), ("other", "RGN"), ("other", "CONT"), ("water", "H"), ("landform", "T"),
    ("settlement", "PPLC"), ("facility", "S"), ("settlement", "PPLX"),
)  # fmt: skip
"""Kind and GeoNames feature code (or class) by the record's code."""


class _OpenPlace:
    """A `Place` while it is being filled in: the same slots, not yet frozen.

    A frozen dataclass sets its twelve fields by `object.__setattr__`, which took four times as long as this
    and as long as all the rest of a look-up. Python lets an object change between classes of equal slots.
    """

    __slots__ = tuple(f.name for f in fields(Place))

    def __init__(
        self,
        own_id: str,
        name: str,
        lon: float,
        lat: float,
        kind: str,
        country: str | None,
        admin1: str | None,
        admin2: str | None,
        population: int,
        radius_m: float,
        feature: str,
    ) -> None:
        self.id = own_id
        self.name = name
        self.lon = lon
        self.lat = lat
        self.kind = kind
        self.country = country
        self.admin1 = admin1
        self.admin2 = admin2
        self.population = population
        self.radius_m = radius_m
        self.feature = feature
        self.names = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a name.

    Attributes:
        place: Record number.
        role: `ENTRY_LITERAL`, `ENTRY_DEMONYM` or `ENTRY_GOVERNMENT`.
        is_primary: Whether it is the place's preferred name.
    """

    place: int
    role: int
    is_primary: bool


@dataclass(slots=True)
class IndexWriter:
    """Collects places and names, then writes the file in one go.

    Keys map to one packed meaning, or to a list of several. Places must be added in ascending
    order of their GeoNames number; those with other ids after them.
    """

    stamp: str
    _records: list[bytes] = field(default_factory=list)
    _texts: bytearray = field(default_factory=bytearray)
    _strings: dict[str, int] = field(default_factory=lambda: {"": 0})
    _names: dict[str, int | list[int]] = field(default_factory=dict)
    _skeletons: dict[str, list[str]] = field(default_factory=dict)
    _rank: list[float] = field(default_factory=list)
    _last: int = -1

    def add_place(self, place: Place, code: int, rank: float) -> int:
        """Add a place; `code` indexes `KINDS`, `rank` orders namesakes. Returns its record number."""
        prefix, _, number = place.id.partition(":")
        serial = int(number) if prefix == "geonames" and number.isdigit() else -1
        if serial >= 0:
            if serial <= self._last:
                raise ValueError(f"places must ascend by number: {serial} after {self._last}")
            self._last = serial
        offset = len(self._texts)
        for text in (place.id if serial < 0 else "", place.name, "\n".join(place.names)):
            data = text.encode("utf-8", "replace")[:65535]
            self._texts += struct.pack("<H", len(data)) + data
        self._records.append(
            _RECORD.pack(
                serial,
                round(place.lon * 1e5),
                round(place.lat * 1e5),
                min(place.population, 0xFFFFFFFF),
                offset,
                self._string(place.country or ""),
                self._string(place.admin1 or ""),
                self._string(place.admin2 or ""),
                min(0xFFFF, round(place.radius_m / 100)),
                code,
                0,
                0,
            )
        )
        self._rank.append(rank)
        found = len(self._records) - 1
        if serial < 0:
            self.add_key("#" + place.id, found)
        return found

    def _string(self, text: str) -> int:
        return self._strings.setdefault(text, len(self._strings))

    def add_key(self, key: str, place: int, role: int = 0, *, is_primary: bool = False) -> None:
        """Let a key find a place."""
        entry = place | role << _PLACE_BITS | (_PRIMARY if is_primary else 0)
        # Most keys have one meaning: the bare number spares a list for each.
        found = self._names.get(key)
        if found is None:
            self._names[key] = entry
        elif isinstance(found, int):
            if found != entry:
                self._names[key] = [found, entry]
        elif entry not in found:
            found.append(entry)

    def add_skeleton(self, skeleton: str, key: str) -> None:
        """Let a skeleton find a key that was added."""
        found = self._skeletons.setdefault(skeleton, [])
        if key not in found:
            found.append(key)

    def write(self, path: Path) -> None:
        """Write to a temporary file beside `path`, then rename: readers see all of it or nothing.

        Raises:
            StoreError: The folder cannot be written.
        """
        rank = self._rank

        def order(entry: int) -> float:
            return -(rank[entry & _PLACE_MASK] + (1.0 if entry & _PRIMARY else 0.0))

        for entries in self._names.values():
            if not isinstance(entries, int):
                entries.sort(key=order)
        strings = bytearray()
        for text in self._strings:
            data = text.encode("utf-8")
            strings += struct.pack("<H", len(data)) + data
        names, name_slots, at = _table(self._names)
        first = {key: held if isinstance(held, int) else held[0] for key, held in self._names.items()}
        by_skeleton: dict[str, int | list[int]] = {}
        for skeleton, keys in self._skeletons.items():
            keys.sort(key=lambda k: order(first[k]))
            by_skeleton[skeleton] = [at[k] for k in keys[:_SKELETON_KEYS]]
        skeletons, skeleton_slots, _ = _table(by_skeleton)
        sections = [
            b"".join(self._records),
            bytes(self._texts),
            bytes(strings),
            bytes(names),
            bytes(name_slots),
            bytes(skeletons),
            bytes(skeleton_slots),
        ]
        offsets, position = [], _HEADER.size
        for section in sections:
            position += -position % 16
            offsets.append(position)
            position += len(section)
        head = _HEADER.pack(
            MAGIC,
            self.stamp.encode("utf-8")[:64],
            *offsets,
            len(name_slots) // 4 - 1,
            len(skeleton_slots) // 4 - 1,
            len(self._records),
        )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(head)
                for offset, section in zip(offsets, sections, strict=True):
                    file.write(b"\0" * (offset - file.tell()))
                    file.write(section)
            Path(temporary).replace(path)
        except OSError as error:
            raise StoreError(
                f"cannot write the gazetteer index {path}: {error.strerror}; "
                "set WHOHOLDS_CACHE to a writable folder"
            ) from error


_SKELETON_KEYS = 60


def _table(keys: dict[str, int | list[int]]) -> tuple[bytearray, bytearray, dict[str, int]]:
    """Entries, the slots that point to them, and where each key's entry is.

    Places of entries are offsets divided by four; slots hold one more, 0 being empty.
    """
    size = 1 << max(4, (len(keys) * 3 // 2).bit_length())
    slots = [0] * size
    body = bytearray()
    at: dict[str, int] = {}
    for key, held in keys.items():
        values = [held] if isinstance(held, int) else held
        data = key.encode("utf-8", "replace")
        values = values[:60_000]
        slot = crc32(data) & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        at[key] = len(body) // 4
        slots[slot] = at[key] + 1
        body += _ENTRY.pack(len(data), len(values)) + data + b"\0" * (-len(data) % 4)
        body += struct.pack(f"<{len(values)}I", *values)
    return body, bytearray(struct.pack(f"<{size}I", *slots)), at


class IndexFile:
    """A mapped index. Safe to read from several threads; open one a process."""

    def __init__(self, path: Path) -> None:
        """Map `path`.

        Raises:
            OSError: It is not there or cannot be mapped.
            ValueError: It is no index of this format, or cut short.
        """
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        head = self._map[: _HEADER.size]
        if len(head) < _HEADER.size or head[:8] != MAGIC:
            raise ValueError("not an index of this format")
        _, stamp, *numbers = _HEADER.unpack(head)
        self.stamp = stamp.rstrip(b"\0").decode("utf-8", "replace")
        (self._records, self._texts, strings, self._names, name_slots, self._skeletons, skeleton_slots) = (
            numbers[:7]
        )
        self._name_mask, self._skeleton_mask, self.size = numbers[7:]
        if len(self._map) < skeleton_slots + 4 * (self._skeleton_mask + 1):
            raise ValueError("cut short")
        view = memoryview(self._map)
        self._name_slots = view[name_slots : name_slots + 4 * (self._name_mask + 1)].cast("I")
        self._skeleton_slots = view[skeleton_slots : skeleton_slots + 4 * (self._skeleton_mask + 1)].cast("I")
        self._strings = self._read_strings(strings, self._names)
        self.place = lru_cache(maxsize=8192)(self._place)

    def _read_strings(self, start: int, end: int) -> list[str | None]:
        found: list[str | None] = []
        position, data = start, self._map
        while position + 2 <= end:
            (length,) = struct.unpack_from("<H", data, position)
            found.append(data[position + 2 : position + 2 + length].decode("utf-8") or None)
            position += 2 + length
        return found

    def _lookup(self, text: str, slots: memoryview, mask: int, base: int) -> tuple[int, ...]:
        try:
            key = text.encode()
        except UnicodeEncodeError:
            return ()
        data, size = self._map, len(key)
        slot = crc32(key) & mask
        while found := slots[slot]:
            start = base + found * 4
            # The four bytes before the key: its length, and the number of values.
            length, count = _ENTRY.unpack_from(data, start - 4)
            if length == size and data[start : start + size] == key:
                start += size + -size % 4
                if count == 1:
                    return _ONE.unpack_from(data, start)
                values: tuple[int, ...] = struct.unpack_from(f"<{count}I", data, start)
                return values
            slot = (slot + 1) & mask
        return ()

    def entries(self, key: str) -> tuple[int, ...]:
        """Packed meanings of a folded name, best first; see `unpack`."""
        return self._lookup(key, self._name_slots, self._name_mask, self._names)

    def find(self, key: str, limit: int) -> tuple[Place, ...]:
        """Places of a folded name, best first, each once."""
        entries = self._lookup(key, self._name_slots, self._name_mask, self._names)
        if not entries:
            return ()
        if limit == 1 or len(entries) == 1:
            # Not by way of the cache: among so many names it misses, and that costs a third of a look-up.
            return (self._place(entries[0] & _PLACE_MASK),)
        place = self.place
        return tuple(place(n) for n in list(dict.fromkeys([e & _PLACE_MASK for e in entries]))[:limit])

    def meanings(self, key: str, limit: int) -> list[tuple[Place, int, bool]]:
        """Places of a folded name, best first, each with the name's role and whether it is primary."""
        place = self.place
        return [
            (place(entry & _PLACE_MASK), entry >> _PLACE_BITS & 3, entry & _PRIMARY != 0)
            for entry in self.entries(key)[:limit]
        ]

    def has(self, key: str) -> bool:
        """Whether a folded name is there."""
        return bool(self.entries(key))

    def similar(self, skeleton: str, limit: int) -> list[tuple[str, int, int]]:
        """Folded names of a skeleton, the largest place's first: name, inhabitants, record number."""
        data, found = self._map, []
        offsets = self._lookup(skeleton, self._skeleton_slots, self._skeleton_mask, self._skeletons)
        for offset in offsets[:limit]:
            entry = self._names + offset * 4
            length, _ = _ENTRY.unpack_from(data, entry)
            end = entry + 4 + length
            number = _ONE.unpack_from(data, end + -length % 4)[0] & _PLACE_MASK
            (population,) = _ONE.unpack_from(data, self._records + number * _RECORD.size + 16)
            found.append((data[entry + 4 : end].decode("utf-8"), population, number))
        return found

    @staticmethod
    def unpack(entry: int) -> Entry:
        """A packed meaning in parts."""
        return Entry(entry & _PLACE_MASK, entry >> _PLACE_BITS & 3, bool(entry & _PRIMARY))

    def number_of(self, place_id: str) -> int | None:
        """The record number of an id, or None."""
        prefix, _, number = place_id.partition(":")
        if prefix == "geonames" and number.isascii() and number.isdigit() and len(number) < 19:
            wanted = int(number)
            # Records with other ids (-1) come last, so the sorted part is found by the key's clamp.
            place = bisect_left(range(self.size), wanted, key=self._serial)
            return place if place < self.size and self._serial(place) == wanted else None
        found = self.entries("#" + place_id)
        return found[0] & _PLACE_MASK if found else None

    def _serial(self, place: int) -> int:
        (serial,) = struct.unpack_from("<q", self._map, self._records + place * _RECORD.size)
        return serial if serial >= 0 else 1 << 62

    def _place(self, number: int) -> Place:
        serial, lon, lat, population, text, country, admin1, admin2, radius, code, _, _ = _RECORD.unpack_from(
            self._map, self._records + number * _RECORD.size
        )
        data = self._map
        position = self._texts + text + 4
        own, length = _ENTRY.unpack_from(data, position - 4)
        if own:
            own_id, position = self._text(position - 4)
            name, _ = self._text(position)
        else:
            # GeoNames' own: the id is the number, and the name's length follows the empty id's.
            own_id = f"geonames:{serial}"
            name = data[position : position + length].decode()
        kind, feature = KINDS[code]
        strings = self._strings
        place: Any = _OpenPlace(
            own_id, name, lon / 1e5, lat / 1e5, kind, strings[country],
            strings[admin1], strings[admin2], population, radius * 100.0, feature,
        )  # fmt: skip
        place.__class__ = Place
        found: Place = place
        return found

    def _text(self, position: int) -> tuple[str, int]:
        (length,) = struct.unpack_from("<H", self._map, position)
        end = position + 2 + length
        return self._map[position + 2 : end].decode("utf-8"), end

    def names(self, number: int) -> tuple[str, ...]:
        """A place's further names, every script, in the gazetteer's order."""
        (text,) = struct.unpack_from("<I", self._map, self._records + number * _RECORD.size + 20)
        _, position = self._text(self._texts + text)
        _, position = self._text(position)
        names, _ = self._text(position)
        return tuple(names.split("\n")) if names else ()

    def places(self) -> Iterator[int]:
        """All record numbers."""
        return iter(range(self.size))


def records_of(entries: Iterable[int]) -> list[int]:
    """Record numbers of packed meanings, each once, in order."""
    return list(dict.fromkeys(e & _PLACE_MASK for e in entries))
