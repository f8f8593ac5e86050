"""The bundled Kursk theatre: that it loads, that its reports are honest, that its ground is whole."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point, shape

from whoholds.theatre import load_theatre

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "kursk"
REPORTS = sorted((FOLDER / "reports").glob("*.md"))
NAME = r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?: [A-Z][a-z]+)?"
LIST = re.compile(rf"{NAME}(?:, {NAME}){{2,}}(?: and {NAME})?")


@cache
def split_report(path: Path) -> tuple[dict[str, str], str]:
    """Front matter and body of a report."""
    opening, front, body = path.read_text("utf-8").split("---\n", 2)
    assert opening == ""
    pairs = [line.split(": ", 1) for line in front.splitlines()]
    assert all(len(pair) == 2 and pair[1].strip() == pair[1] != "" for pair in pairs), path.name
    found = dict(pairs)
    assert len(found) == len(pairs), path.name
    return found, body.strip()


@cache
def read_places() -> tuple[dict[str, str], ...]:
    """Rows of the theatre's gazetteer."""
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def day_of(front: dict[str, str]) -> date:
    """The day that a report came out."""
    return datetime.fromisoformat(front["published_at"]).date()


def read_fronts() -> dict[str, dict[str, str]]:
    """File stem to front matter."""
    return {path.stem: split_report(path)[0] for path in REPORTS}


def test_theatre_loads_under_its_name() -> None:
    theatre = load_theatre("kursk")
    assert theatre.party_ids == ("RU", "UA")
    assert theatre.folder == FOLDER
    assert (theatre.resolution, theatre.time_zone) == (8, "Europe/Moscow")


@pytest.mark.parametrize(
    ("words", "party"),
    [
        ("Russian", "RU"), ("Kremlin", "RU"), ("Kyiv", "UA"), ("Ukrainian troops", "UA"),
        ("Washington", None), ("DeepState", None),
    ],
)  # fmt: skip
def test_words_for_parties(words: str, party: str | None) -> None:
    assert load_theatre("kursk").find_party(words) == party


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("the Russian Defence Ministry", "RU"), ("Syrskyi", "UA"), ("Deep State", "UA"),
        ("Institute for the Study of War", "independent"), ("General Staff in Kyiv", "UA"), ("Rybar", "RU"),
    ],
)  # fmt: skip
def test_sides_of_sources(words: str, side: str) -> None:
    found = load_theatre("kursk").find_source(words)
    assert found is not None
    assert found.side == side


def test_no_name_means_two_sources() -> None:
    sources = load_theatre("kursk").sources
    names = Counter(name for s in sources for name in {n.casefold() for n in (s.name, *s.names)})
    assert [name for name, times in names.items() if times > 1] == []


def test_mappers_are_marked_as_such() -> None:
    assert {s.id for s in load_theatre("kursk").sources if s.role == "map"} == {"deepstate", "isw"}


def test_there_are_enough_reports_of_every_month() -> None:
    months = Counter(day_of(front).strftime("%Y-%m") for front in read_fronts().values())
    assert sum(months.values()) >= 60
    assert (
        min(
            months[f"{y}-{m:02}"]
            for y, m in [(2024, n) for n in range(8, 13)] + [(2025, n) for n in range(1, 5)]
        )
        >= 5
    )


def test_times_of_day_carry_an_offset() -> None:
    stamps = [front["published_at"] for front in read_fronts().values()]
    assert [s for s in stamps if "T" in s and datetime.fromisoformat(s).tzinfo is None] == []
    assert any("T" in s for s in stamps)


def test_reprints_name_an_original_and_say_that_they_are_reprints() -> None:
    fronts = read_fronts()
    groups = Counter(front["echo_of"] for front in fronts.values() if "echo_of" in front)
    assert len(groups) >= 3
    assert max(groups.values()) >= 3
    for stem, front in fronts.items():
        original = front.get("echo_of")
        is_reprint = original is not None
        assert front["title"].startswith("Reprint:") is is_reprint
        assert split_report(FOLDER / "reports" / f"{stem}.md")[1].startswith("Reprint") is is_reprint
        if original is not None:
            assert "echo_of" not in fronts[original]
            assert day_of(fronts[original]) <= day_of(front)


def test_corrections_name_an_earlier_report() -> None:
    fronts = read_fronts()
    found = {stem: front["corrects"] for stem, front in fronts.items() if "corrects" in front}
    assert len(found) >= 2
    assert all(day_of(fronts[wrong]) <= day_of(fronts[stem]) for stem, wrong in found.items())


def test_no_fact_is_carried_twice_by_originals_of_one_day() -> None:
    carried = Counter(
        (fact, day_of(front))
        for front in read_fronts().values()
        if "corrects" not in front
        for fact in front["facts"].split()
    )
    # The long story of 12 March tells again what shorter ones told.
    repeated = {day for (_, day), times in carried.items() if times > 1}
    assert repeated <= {date(2025, 3, 12)}


def test_places_are_unique_and_sourced() -> None:
    rows = read_places()
    assert len({row["name"] for row in rows}) == len(rows) >= 100
    west, south, east, north = load_theatre("kursk").area.bbox
    for row in rows:
        assert row["source"]
        assert float(row["radius_km"]) > 0
        if row["name"] != "Belgorod Oblast":  # its label point lies east of the strip
            assert west < float(row["lon"]) < east
            assert south < float(row["lat"]) < north


def test_every_village_of_a_list_is_in_the_gazetteer() -> None:
    names = {name for row in read_places() for name in (row["name"], *row["names"].split("|"))}
    strangers, seen = set(), 0
    for path in REPORTS:
        for run in LIST.findall(split_report(path)[1]):
            for item in re.split(r", | and ", run):
                seen += 1
                if item not in names:
                    strangers.add(item)
    assert seen > 150
    assert strangers == set()


def test_start_line_covers_the_area_without_overlap() -> None:
    theatre = load_theatre("kursk")
    areas = {party: shape(geometry) for party, geometry in theatre.start_areas().items()}
    assert set(areas) == {"RU", "UA"}
    assert all(area.is_valid and not area.is_empty for area in areas.values())
    frame = shapely.box(*theatre.area.bbox)
    assert areas["RU"].intersection(areas["UA"]).area < 1e-6 * frame.area
    assert frame.difference(areas["RU"].union(areas["UA"])).area < 1e-4 * frame.area


def test_places_start_on_their_own_side_of_the_border() -> None:
    areas = {party: shape(geometry) for party, geometry in load_theatre("kursk").start_areas().items()}
    wrong = [
        row["name"]
        for row in read_places()
        if row["name"] != "Belgorod Oblast"
        and not areas[row["country"]].contains(Point(float(row["lon"]), float(row["lat"])))
    ]
    assert wrong == []
