"""Imports: dumps and tables as they come, bad lines counted, twice the same, going on after a kill."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from whoholds.errors import ConfigurationError, InputError, StoreError
from whoholds.places import database as database_module
from whoholds.places import importer as module
from whoholds.places.database import DatabaseLayer
from whoholds.places.folding import fold_name
from whoholds.places.gazetteer import imports_folder, open_gazetteer
from whoholds.places.importer import ColumnMapping, ImportReport, import_gazetteer


def dump_line(number: int, name: str = "Village", lat: str = "51.1", lon: str = "35.2", **cells: str) -> str:
    plain, others = cells.get("plain", name), cells.get("others", "")
    row = [
        str(number),
        name,
        plain,
        others,
        lat,
        lon,
        cells.get("feature_class", "P"),
        cells.get("feature", "PPL"),
        "RU",
        "",
        "41",
        "12",
        "",
        "",
        cells.get("population", "120"),
        "",
        "200",
        "Europe/Moscow",
        "2024-01-01",
    ]
    return "\t".join(row)


def write_dump(path: Path, lines: list[str | bytes]) -> Path:
    path.write_bytes(b"".join((x.encode() if isinstance(x, str) else x) + b"\n" for x in lines))
    return path


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[DatabaseLayer]]:
    layers: list[DatabaseLayer] = []
    yield layers
    for layer in layers:
        layer.close()


def test_a_dump_is_imported_and_found(tmp_path: Path, opened: list[DatabaseLayer]) -> None:
    lines = [
        dump_line(1, "Gornal", others="Gornal',Горналь,GRN"),
        dump_line(2, "Loknya", feature_class="H", feature="STM"),
        dump_line(3, "Kursk Oblast", feature_class="A", feature="ADM1", population="1100000"),
    ]
    report = import_gazetteer(write_dump(tmp_path / "RU.txt", list(lines)), tmp_path / "g")
    assert (report.name, report.n_places, report.n_rejected) == ("geonames", 3, 0)
    opened.append(layer := DatabaseLayer(tmp_path / "g/geonames.sqlite"))
    (found,) = layer.meanings(fold_name("Горналь"), 5)
    assert (found.place.id, found.place.kind, found.place.admin1, found.is_primary) == (
        "geonames:1",
        "settlement",
        "RU.41",
        False,
    )
    assert layer.get("geonames:2") is not None
    assert layer.meanings("loknya", 5)[0].place.kind == "water"
    assert layer.meanings("kursk oblast", 5)[0].place.radius_m == 60_000
    assert not layer.has("grn")
    assert layer.names("geonames:1") == ("Gornal'", "Горналь", "GRN")


BAD = [
    ("too few columns", "1\tA\tA"),
    ("no number", dump_line(5).replace("5\t", "x\t", 1)),
    ("lat", dump_line(6, lat="91")),
    ("lon", dump_line(7, lon="-181")),
    ("nan", dump_line(8, lat="nan")),
    ("no name", dump_line(9, name="")),
    ("population", dump_line(10, population="many")),
]


@pytest.mark.parametrize(("what", "line"), BAD)
def test_a_bad_line_is_listed_and_the_rest_imported(tmp_path: Path, what: str, line: str) -> None:
    report = import_gazetteer(
        write_dump(tmp_path / "RU.txt", [dump_line(1), line, dump_line(2)]), tmp_path / "g"
    )
    assert (report.n_places, report.n_rejected) == (2, 1)
    assert report.rejected[0][0] == 2


def test_wrong_encodings_and_duplicates_are_listed(tmp_path: Path) -> None:
    lines: list[str | bytes] = [dump_line(1), dump_line(1, "Other"), dump_line(2, "Горналь").encode("cp1251")]
    report = import_gazetteer(write_dump(tmp_path / "RU.txt", lines), tmp_path / "g")
    assert (report.n_places, report.n_rejected) == (1, 2)
    assert "twice" in dict(report.rejected)[2]
    assert "UTF-8" in dict(report.rejected)[3]


def test_the_same_file_twice_changes_nothing_and_a_newer_one_updates(
    tmp_path: Path, opened: list[DatabaseLayer]
) -> None:
    path = write_dump(tmp_path / "RU.txt", [dump_line(1, "Gornal"), dump_line(2, "Guyevo")])
    first = import_gazetteer(path, tmp_path / "g")
    again = import_gazetteer(path, tmp_path / "g")
    assert (first.n_places, first.n_names) == (again.n_places, again.n_names)
    assert again.n_rejected == 0
    write_dump(path, [dump_line(1, "Gornal New"), dump_line(3, "Oleshnya")])
    assert import_gazetteer(path, tmp_path / "g").n_places == 3
    opened.append(layer := DatabaseLayer(tmp_path / "g/geonames.sqlite"))
    assert layer.has("gornal new")
    assert not layer.has("gornal")


def test_a_killed_import_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_dump(tmp_path / "RU.txt", [dump_line(i, f"Village {i}") for i in range(1, 31)])
    monkeypatch.setattr(module, "BATCH", 10)
    read = module.read_geonames

    def stops(source: Path, report: ImportReport) -> Iterator[object]:
        for line, place in read(source, report):
            if line == 25:
                raise KeyboardInterrupt
            yield line, place

    monkeypatch.setattr(module, "read_geonames", stops)
    with pytest.raises(KeyboardInterrupt):
        import_gazetteer(path, tmp_path / "g")
    with pytest.raises(StoreError, match="not finished"):
        DatabaseLayer(tmp_path / "g/geonames.sqlite")
    monkeypatch.setattr(module, "read_geonames", read)
    said: list[str] = []
    report = import_gazetteer(path, tmp_path / "g", progress=said.append)
    assert "going on after line 20" in said[0]
    assert (report.n_places, report.n_rejected) == (30, 0)


def test_an_archive_is_read_as_it_comes(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "allCountries.zip", "w") as archive:
        archive.writestr("readme.txt", "x" * 5000)
        archive.writestr("allCountries.txt", dump_line(1) + "\n" + dump_line(2) + "\n")
    assert import_gazetteer(tmp_path / "allCountries.zip", tmp_path / "g").n_places == 2


def test_alternate_names_and_codes_join_the_places(tmp_path: Path, opened: list[DatabaseLayer]) -> None:
    import_gazetteer(write_dump(tmp_path / "RU.txt", [dump_line(1, "Sudzha")]), tmp_path / "g")
    rows = ["9\t1\tuk\tСуджа\t1\t\t\t\t\t", "10\t1\tlink\thttps://example.org\t\t\t\t\t\t", "broken"]
    names = write_dump(tmp_path / "alternateNamesV2.txt", list(rows))
    assert import_gazetteer(names, tmp_path / "g").n_rejected == 1
    codes = write_dump(tmp_path / "admin1CodesASCII.txt", ["RU.41\tSudzhansky\tSudzhansky\t1"])
    import_gazetteer(codes, tmp_path / "g")
    opened.append(layer := DatabaseLayer(tmp_path / "g/geonames.sqlite"))
    assert layer.has("суджа")
    assert layer.has("sudzhansky")
    assert not layer.has("https example org")


def test_a_table_needs_its_columns_named_or_usual(tmp_path: Path, opened: list[DatabaseLayer]) -> None:
    path = tmp_path / "villages.csv"
    path.write_text("NAME;X;Y;type\nGornal;35,2;51,1;hamlet\nBad;200;51;hamlet\nSea;35;44;lake\n", "utf-8")
    report = import_gazetteer(path, tmp_path / "g")
    assert (report.name, report.n_places, report.n_rejected) == ("villages", 2, 1)
    opened.append(layer := DatabaseLayer(tmp_path / "g/villages.sqlite"))
    found = layer.meanings("gornal", 5)[0].place
    assert (found.id, found.lon, found.kind) == ("villages:gornal", 35.2, "settlement")
    assert layer.meanings("sea", 5)[0].place.kind == "water"
    with pytest.raises(InputError, match="no column 'east'"):
        import_gazetteer(path, tmp_path / "g", mapping=ColumnMapping.parse(["lon=east"]))


def test_a_table_without_coordinates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_text("name,where\nGornal,south\n", "utf-8")
    with pytest.raises(InputError, match="no column for lat, lon"):
        import_gazetteer(path, tmp_path / "g")


@pytest.mark.parametrize("style", ["geojson", "gpkg"])
def test_layers_of_features_are_read(tmp_path: Path, opened: list[DatabaseLayer], style: str) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"name": "Gornal"},
            "geometry": {"type": "Point", "coordinates": [35.2, 51.1]},
        },
        {
            "type": "Feature",
            "properties": {"name": "Wood"},
            "geometry": {"type": "Polygon", "coordinates": [[[35, 51], [36, 51], [36, 52], [35, 51]]]},
        },
    ]
    path = tmp_path / "local.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    if style == "gpkg":
        import pyogrio

        meta, _, geometry, fields = pyogrio.raw.read(path)
        path = tmp_path / "local.gpkg"
        pyogrio.raw.write(
            path, geometry, fields, meta["fields"], geometry_type="Unknown", crs="EPSG:4326", layer="local"
        )
    assert import_gazetteer(path, tmp_path / "g").n_places == 2
    opened.append(layer := DatabaseLayer(tmp_path / "g/local.sqlite"))
    assert layer.meanings("gornal", 1)[0].place.lon == pytest.approx(35.2)


@pytest.mark.parametrize("content", ["", "nothing\n", "\x00\n"])
def test_a_file_without_a_place_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "RU.txt"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match="no place"):
        import_gazetteer(path, tmp_path / "g")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file .*RU\.txt"):
        import_gazetteer(tmp_path / "RU.txt", tmp_path / "g")


@pytest.mark.parametrize("pair", ["lon", "lon=", "where=x", "=x"])
def test_a_wrong_mapping_is_named(pair: str) -> None:
    with pytest.raises(ConfigurationError, match="FIELD=COLUMN"):
        ColumnMapping.parse([pair])


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


def test_an_import_killed_while_keying_goes_on_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[DatabaseLayer]
) -> None:
    path = write_dump(
        tmp_path / "RU.txt", [*(dump_line(i, f"Village {i}") for i in range(1, 31)), "broken", dump_line(1)]
    )
    monkeypatch.setattr(database_module, "KEY_BATCH", 10)

    def stops(words: str) -> None:
        if "keying names: 20" in words:
            raise Killed

    with pytest.raises(Killed):
        import_gazetteer(path, tmp_path / "g", progress=stops)
    said: list[str] = []
    report = import_gazetteer(path, tmp_path / "g", progress=said.append)
    keyed = [s for s in said if "keying names: " in s]
    assert keyed[0].endswith("30 of 30 places")
    assert (report.n_places, report.n_names, report.n_rejected) == (30, 30, 2)
    assert [line for line, _ in report.rejected] == [31, 32]
    opened.append(layer := DatabaseLayer(tmp_path / "g/geonames.sqlite"))
    assert all(layer.has(f"village {i}") for i in range(1, 31))


def test_the_same_file_again_is_told_and_keeps_its_rejections(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "RU.txt", [dump_line(1), "broken"])
    import_gazetteer(path, tmp_path / "g")
    said: list[str] = []
    again = import_gazetteer(path, tmp_path / "g", progress=said.append)
    assert "nothing to do" in said[0]
    assert (again.n_places, again.n_rejected, again.rejected[0][0]) == (1, 1, 2)


def test_what_is_left_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOHOLDS_DATA", str(tmp_path))
    folder = imports_folder()
    import_gazetteer(write_dump(tmp_path / "RU.txt", [dump_line(1)]), folder, name="good")
    import_gazetteer(write_dump(tmp_path / "XX.txt", [dump_line(2)]), folder, name="old")
    import_gazetteer(write_dump(tmp_path / "YY.txt", [dump_line(3)]), folder, name="behind")
    for name, statement in (("old", "PRAGMA user_version=99"), ("behind", "UPDATE run SET done = 0")):
        with contextlib.closing(sqlite3.connect(folder / f"{name}.sqlite")) as connection, connection:
            connection.execute(statement)
    (folder / "torn.sqlite").write_bytes(b"no database at all" * 100)
    said: list[str] = []
    gazetteer = open_gazetteer(progress=said.append)
    told = {name: [s for s in said if f"'{name}'" in s or f"{name}.sqlite" in s] for name in ("good", "old")}
    assert told["good"] == []
    assert "another version" in told["old"][0]
    assert any("'behind' was stopped" in s for s in said)
    assert any("torn.sqlite" in s for s in said)
    assert gazetteer.get("geonames:1") is not None
    for layer in gazetteer.layers:
        if isinstance(layer, DatabaseLayer):
            layer.close()


def test_without_a_listener_the_log_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WHOHOLDS_DATA", str(tmp_path))
    imports_folder().mkdir(parents=True)
    (imports_folder() / "torn.sqlite").write_bytes(b"no database at all" * 100)
    open_gazetteer()
    assert "torn.sqlite" in caplog.text
