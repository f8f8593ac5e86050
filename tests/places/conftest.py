"""A gazetteer of a few dozen places, built with the real writer, and the embedded one where it is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from whoholds.model import Place
from whoholds.places.compile import plural_forms
from whoholds.places.folding import fold_name, skeleton_of
from whoholds.places.gazetteer import StackedGazetteer, open_gazetteer
from whoholds.places.index import (
    ENTRY_ABBREVIATION,
    ENTRY_DEMONYM,
    ENTRY_GOVERNMENT,
    KINDS,
    IndexFile,
    IndexWriter,
)
from whoholds.places.layers import IndexLayer

# number, name, lon, lat, kind code, country, admin1, population, radius km, other names
ROWS: tuple[tuple[int, str, float, float, int, str, str | None, int, float, str], ...] = (
    (100, "Ukraine", 32.0, 49.0, 1, "UA", None, 44_000_000, 438, "Україна|Украина"),
    (101, "Russia", 100.0, 60.0, 1, "RU", None, 144_000_000, 2333, "Россия|Russian Federation"),
    (102, "United States", -98.5, 39.76, 1, "US", None, 327_000_000, 1751, "United States of America"),
    (103, "France", 2.0, 46.0, 1, "FR", None, 65_000_000, 417, ""),
    (104, "Georgia", 43.5, 42.0, 1, "GE", None, 3_700_000, 149, ""),
    (105, "Syria", 38.0, 35.0, 1, "SY", None, 17_000_000, 243, ""),
    (200, "Kursk Oblast", 36.0, 51.5, 2, "RU", "RU.41", 1_115_000, 98, "Kurskaya Oblast|Курская область"),
    (201, "Sumy Oblast", 34.0, 51.0, 2, "UA", "UA.21", 1_035_000, 86, "Сумская область"),
    (202, "Texas", -99.25, 31.25, 2, "US", "US.TX", 27_000_000, 470, ""),
    (203, "Georgia", -83.5, 32.75, 2, "US", "US.GA", 8_900_000, 220, ""),
    (204, "Donetsk Oblast", 37.67, 48.0, 2, "UA", "UA.05", 4_059_000, 92, ""),
    (205, "Idlib Governorate", 36.67, 35.77, 2, "SY", "SY.12", 1_501_000, 42, ""),
    (300, "Kyiv", 30.52, 50.45, 10, "UA", "UA.12", 2_952_000, 19, "Kiev|Київ|Киев"),
    (301, "Moscow", 37.62, 55.75, 10, "RU", "RU.48", 12_000_000, 25, "Москва"),
    (302, "Washington", -77.04, 38.9, 10, "US", "US.DC", 689_000, 9, ""),
    (303, "Paris", 2.35, 48.85, 10, "FR", "FR.11", 2_138_000, 16, ""),
    (304, "Kursk", 36.19, 51.73, 0, "RU", "RU.41", 448_000, 7, "Курск"),
    (305, "Sumy", 34.8, 50.92, 0, "UA", "UA.21", 294_000, 6, "Суми|Сумы"),
    (306, "Sudzha", 35.27, 51.19, 0, "RU", "RU.41", 6_900, 1, "Суджа"),
    (307, "Paris", -95.56, 33.66, 0, "US", "US.TX", 25_000, 2, ""),
    (308, "Atlanta", -84.39, 33.75, 0, "US", "US.GA", 460_000, 8, ""),
    (309, "Tbilisi", 44.83, 41.69, 10, "GE", "GE.51", 1_049_000, 11, ""),
    (310, "Pokrovsk", 37.18, 48.28, 0, "UA", "UA.05", 60_000, 3, "Покровськ|Покровск"),
    (311, "Pokrovsk", 129.15, 61.48, 0, "RU", "RU.63", 9_700, 1, "Покровск"),
    (312, "Chasiv Yar", 37.83, 48.59, 0, "UA", "UA.05", 12_000, 1, "Часів Яр|Часов Яр"),
    (313, "Kupyansk", 37.61, 49.71, 0, "UA", "UA.07", 27_000, 2, "Куп'янськ|Купянск"),
    (314, "Reading", -0.97, 51.46, 0, "GB", "GB.ENG", 244_000, 5, ""),
    (315, "Of", 40.26, 40.94, 0, "TR", "TR.61", 20_000, 1, ""),
    (316, "Lincoln", -96.7, 40.81, 0, "US", "US.NE", 291_000, 6, ""),
    (317, "Lviv", 24.02, 49.84, 0, "UA", "UA.15", 717_000, 10, "Львів"),
    (318, "New York City", -74.0, 40.71, 0, "US", "US.NY", 8_800_000, 25, "New York"),
    (319, "Idlib", 36.63, 35.93, 0, "SY", "SY.12", 128_000, 4, ""),
    (320, "Boston", -71.06, 42.36, 0, "US", "US.MA", 675_000, 9, ""),
    (400, "Black Sea", 34.0, 43.5, 8, "", None, 0, 400, ""),
)  # fmt: skip
DEMONYMS = {"Ukrainian": 100, "Russian": 101, "American": 102, "French": 103, "Georgian": 104, "Syrian": 105}
EXTRA = (("Kremlin", 301, ENTRY_GOVERNMENT), ("US", 102, 0), ("USA", 102, 0), ("U.S.", 102, 0))


def write_small_index(path: Path, stamp: str = "small") -> None:
    """The index of `ROWS`."""
    writer = IndexWriter(stamp)
    records: dict[int, int] = {}
    for number, name, lon, lat, code, country, admin1, population, radius, others in ROWS:
        names = tuple(n for n in others.split("|") if n)
        place = Place(
            f"geonames:{number}", name, lon, lat, KINDS[code][0], country or None, admin1, None, population,
            radius * 1000.0, None, names,
        )  # fmt: skip
        record = writer.add_place(place, code, float(len(str(population))) + (3 if code == 1 else 0))
        records[number] = record
        for other in (name, name.removesuffix(" Oblast").removesuffix(" Governorate"), *names):
            writer.add_key(fold_name(other), record, is_primary=other not in names)
            writer.add_skeleton(skeleton_of(fold_name(other)), fold_name(other))
        if code == 1:
            writer.add_key("@" + country, record)
        if code == 2:
            writer.add_key(f"@{admin1}", record)
    for demonym, number in DEMONYMS.items():
        for form in plural_forms(demonym):
            writer.add_key(fold_name(form), records[number], ENTRY_DEMONYM)
    for name, number, role in EXTRA:
        writer.add_key(fold_name(name), records[number], role, is_primary=True)
    writer.add_key("~Tex.", records[202], ENTRY_ABBREVIATION)
    writer.write(path)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> StackedGazetteer:
    path = tmp_path_factory.mktemp("gazetteer") / "small.idx"
    write_small_index(path)
    return StackedGazetteer([IndexLayer(IndexFile(path))])


@pytest.fixture(scope="session")
def embedded() -> StackedGazetteer:
    """The packaged gazetteer, from the user's cache; compiled on the first run of a machine."""
    return open_gazetteer()
