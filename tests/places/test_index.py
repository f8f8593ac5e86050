"""The index file: written whole, read in place, rebuilt when it is of another version."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from tests.places.conftest import ROWS, write_small_index
from whoholds.model import Place
from whoholds.places import gazetteer as module
from whoholds.places.gazetteer import StackedGazetteer
from whoholds.places.index import IndexFile, IndexWriter


def test_every_place_is_found_by_name_and_by_id(small: StackedGazetteer) -> None:
    for number, name, lon, lat, *_ in ROWS:
        place = small.get(f"geonames:{number}")
        assert place is not None
        assert (place.name, place.lon, place.lat) == (name, pytest.approx(lon), pytest.approx(lat))
        assert place in small.find(name)


def test_names_in_all_scripts_come_back(small: StackedGazetteer) -> None:
    assert small.names("geonames:300") == ("Kiev", "Київ", "Киев")
    assert small.names("geonames:9") == ()


@pytest.mark.parametrize("key", ["", "x", "😀", "a" * 10_000, "\ud800", "\x00", "Nowheretown"])
def test_what_is_no_name_finds_nothing(small: StackedGazetteer, key: str) -> None:
    assert small.find(key) == ()
    assert small.find_fuzzy(key) == ()
    assert not small.has(key)
    assert small.country_of(key) is None


@pytest.mark.parametrize(
    "key", ["geonames:", "geonames:x", "geonames:99999999999999999999", "", ":", "kursk:1"]
)
def test_unknown_ids_give_none(small: StackedGazetteer, key: str) -> None:
    assert small.get(key) is None


def test_places_must_ascend() -> None:
    writer = IndexWriter("x")
    writer.add_place(Place("geonames:5", "A", 0, 0), 0, 1.0)
    with pytest.raises(ValueError, match="ascend"):
        writer.add_place(Place("geonames:5", "B", 0, 0), 0, 1.0)


def test_places_with_other_ids_are_found(tmp_path: Path) -> None:
    writer = IndexWriter("x")
    writer.add_place(Place("geonames:5", "A", 0, 0), 0, 1.0)
    writer.add_place(Place("feature:donbas", "Donbas", 38.2, 48.3), 6, 1.0)
    writer.write(tmp_path / "i.idx")
    index = IndexFile(tmp_path / "i.idx")
    number = index.number_of("feature:donbas")
    assert number is not None
    assert index.place(number).id == "feature:donbas"
    assert index.number_of("geonames:5") == 0
    assert index.number_of("geonames:6") is None


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 5000])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.idx"
    path.write_bytes(content)
    with pytest.raises((ValueError, OSError)):
        IndexFile(path)


def test_a_torn_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "torn.idx"
    write_small_index(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="cut short"):
        IndexFile(path)


@pytest.mark.parametrize("state", ["missing", "torn", "other version"])
def test_an_unusable_index_is_built_again_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    path = tmp_path / "gazetteer.idx"
    if state == "torn":
        path.write_bytes(b"WHGZ")
    if state == "other version":
        write_small_index(path, "another version")
    monkeypatch.setattr(module, "index_stamp", lambda: "small")
    monkeypatch.setattr(module, "build_index", lambda target, _: write_small_index(target))
    monkeypatch.setenv("WHOHOLDS_DATA", str(tmp_path / "data"))
    said: list[str] = []
    found = module.open_gazetteer(cache_dir=tmp_path, progress=said.append)
    assert found.find("Sudzha")
    assert bool(said) == (state != "missing")


def _write(path: str) -> None:
    write_small_index(Path(path))


def test_two_processes_at_once_leave_a_whole_index(tmp_path: Path) -> None:
    path = tmp_path / "both.idx"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write, args=(str(path),)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert IndexFile(path).size == len(ROWS)
    assert [p.name for p in tmp_path.iterdir()] == ["both.idx"]
