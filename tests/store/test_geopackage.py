"""The file as other programs see it. GDAL runs in another process only: see docs/ledger.md."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.store.conftest import NOW, TEXT, WORDS, add, make_claim, make_report, make_theatre, simple_reading
from whoholds.errors import FormatError, InputError, InvariantError
from whoholds.model import ClaimPlace
from whoholds.store import Audience, ControlRow, ControlRun, Ledger, create_ledger, open_ledger
from whoholds.store.gpkg import blob_from_geojson, blob_from_wkb, point_blob, wkb_from_blob

SQUARE = {"type": "Polygon", "coordinates": [[[35, 51], [36, 51], [36, 52], [35, 51]]]}
LAYERS = ["claims", "map_claims", "control", "reports"]

LIST = """
import json, sys, warnings
warnings.simplefilter("error")
import pyogrio, shapely
from pyogrio.raw import read
found = {}
for name, _ in pyogrio.list_layers(sys.argv[1]):
    info = pyogrio.read_info(sys.argv[1], layer=name)
    meta, fids, geometry, _ = read(sys.argv[1], layer=name, return_fids=True)
    found[name] = {
        "n": len(fids),
        "columns": dict(zip(info["fields"].tolist(), info["ogr_types"])),
        "geometry": None if geometry is None else [g and shapely.from_wkb(g).wkt for g in geometry],
        "crs": meta["crs"],
        "fids": fids.tolist(),
    }
print(json.dumps(found))
"""

OVERWRITE = """
import sys
import geopandas, pyogrio, shapely
path, names = sys.argv[1], sys.argv[2:]
frame = geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=4326)
layers = {name for name, _ in pyogrio.list_layers(path)}
for name in names:
    own = geopandas.read_file(path, layer=name) if name in layers else frame
    for data in (frame, own):
        for mode in ("w", "a"):
            try:
                if hasattr(data, "geometry") and "geometry" in data:
                    data.to_file(path, layer=name, mode=mode)
                else:
                    pyogrio.write_dataframe(data, path, layer=name, append=mode == "a")
                print("WROTE", name, mode)
            except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError,
                    pyogrio.errors.FeatureError, pyogrio.errors.FieldError, RuntimeError, ValueError):
                print("refused", name, mode)
"""

READ_OFTEN = """
import sys
from pyogrio.raw import read
for _ in range(int(sys.argv[2])):
    print(len(read(sys.argv[1], layer="claims")[2]), flush=True)
"""


def in_another_process(script: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def dump(path: Path) -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    names = [
        r[0]
        for r in connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view', 'trigger')"
        )
    ]
    found: dict[str, list[Any]] = {"": sorted(names)}
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        found[name] = connection.execute(f'SELECT * FROM "{name}"').fetchall()
    connection.close()
    return found


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    add(ledger, simple_reading(0))
    report = make_report(TEXT + " More.", published_at=date(2025, 3, 14))
    area = ClaimPlace("t:kursk", "Kursk Oblast", lon=36.2, lat=51.7, radius_m=90_000, kind="admin")
    two = make_claim(report, WORDS)
    ledger.add_claims(
        [
            make_claim(report, WORDS, id="i:map", quote=None, report_id="", places=(), geometry=SQUARE),
            make_claim(report, WORDS, id="i:area", places=(area,)),
            make_claim(report, WORDS, id="i:none", places=()),
            make_claim(report, WORDS, id="i:two", places=(two.places[0], two.places[0])),
        ],
        now=NOW,
    )
    row = ControlRow(
        "88",
        date(2024, 8, 6),
        None,
        "RU",
        (("RU", 0.9), ("UA", 0.1)),
        3,
        shapely.to_wkb(shapely.box(35, 51, 36, 52)),
    )
    ledger.replace_control(ControlRun("hmm/1", NOW), [row])
    return ledger


def test_layers_and_nothing_else_are_listed(filled: Ledger) -> None:
    found = json.loads(in_another_process(LIST, filled.path))
    assert sorted(found) == sorted(LAYERS)
    assert {name: layer["n"] for name, layer in found.items()} == {
        "claims": 5,
        "map_claims": 1,
        "control": 1,
        "reports": 1,
    }
    claims = found["claims"]
    assert claims["geometry"].count("POINT (35.2707 51.1903)") == 3
    assert claims["geometry"].count(None) == 2, "areas have a label point, which is not drawn"
    assert claims["crs"] == "EPSG:4326"
    assert len(set(claims["fids"])) == 5
    kinds = {"quote": "OFTString", "reported_from": "OFTDateTime", "p": "OFTReal", "origin": "OFTString"}
    assert kinds.items() <= claims["columns"].items()
    for name in ("speaker", "publisher", "stance", "event", "holds_from", "holds_to", "status", "place_id"):
        assert name in claims["columns"]
    control = found["control"]["columns"]
    assert {control[c] for c in ("p_RU", "p_UA", "p_contested", "p_of_status")} == {"OFTReal"}
    assert found["map_claims"]["geometry"] == ["POLYGON ((35 51, 36 51, 36 52, 35 51))"]


def test_empty_ledger_lists_its_layers(ledger: Ledger) -> None:
    found = json.loads(in_another_process(LIST, ledger.path))
    assert sorted(found) == sorted(LAYERS)
    assert found["control"]["columns"]["p_RU"] == "OFTReal"


def test_to_file_on_every_layer_and_table_leaves_every_row(filled: Ledger) -> None:
    before = dump(filled.path)
    assert {"report", "claim", "assessment", "redaction", "theatre_file"} <= before.keys()
    names = [*LAYERS, *(n for n in before if n and not n.startswith("sqlite_"))]
    said = in_another_process(OVERWRITE, filled.path, *names)
    assert "WROTE" not in said
    assert said.count("refused") == 4 * len(names)
    after = dump(filled.path)
    assert {name: after[name] for name in before if name} == {n: r for n, r in before.items() if n}
    assert set(before[""]) <= set(after[""])
    add(filled, simple_reading(1))
    assert filled.view(Audience.DESK, NOW).count_reports() == 2


def test_a_layer_of_ones_own_may_lie_beside_ours(filled: Ledger) -> None:
    before = dump(filled.path)
    assert "WROTE mine w" in in_another_process(OVERWRITE, filled.path, "mine")
    after = dump(filled.path)
    ours = {n for n in before if n and not n.startswith(("gpkg_", "sqlite_"))}
    assert {n: after[n] for n in ours} == {n: before[n] for n in ours}
    filled.close()
    with open_ledger(filled.path) as again:
        assert again.view(Audience.DESK, NOW).count_reports() == 1


def test_another_process_reads_with_gdal_while_we_write(ledger: Ledger) -> None:
    add(ledger, simple_reading(0))
    reader = subprocess.Popen(
        [sys.executable, "-c", READ_OFTEN, str(ledger.path), "15"], stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    seen = [int(reader.stdout.readline())]
    n = 0
    while reader.poll() is None:
        n += 1
        add(ledger, simple_reading(n))
        if n >= 400:
            break
    # By the same file object: it may hold lines already that came with the first one.
    with reader.stdout as rest:
        seen += [int(line) for line in rest.read().split()]
    assert reader.wait(timeout=60) == 0
    assert len(seen) == 15
    assert seen == sorted(seen), "a reader never sees less than before"
    view = ledger.view(Audience.DESK, NOW)
    assert view.count_reports() == view.count_claims() == n + 1
    ledger.close()
    check = sqlite3.connect(ledger.path)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_gdal_reads_while_a_transaction_is_open(filled: Ledger) -> None:
    """A write in progress is neither seen nor in the way."""
    other = sqlite3.connect(filled.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO run (kind, by_name, details, recorded_at) VALUES ('x', 'y', '{}', 'z')")
    found = json.loads(in_another_process(LIST, filled.path))
    assert found["claims"]["n"] == 5
    other.execute("COMMIT")
    other.close()
    assert len(filled.view(Audience.DESK, NOW).runs()) == 1


def test_file_is_a_geopackage_by_its_header(filled: Ledger) -> None:
    connection = sqlite3.connect(filled.path)
    assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert connection.execute("PRAGMA user_version").fetchone() == (10300,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    srs = {row[0] for row in connection.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert {-1, 0, 4326} <= srs
    connection.close()


def test_registered_layers_are_views_with_an_integer_first_and_plain_types(filled: Ledger) -> None:
    connection = sqlite3.connect(filled.path)
    registered = dict(connection.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
    assert sorted(registered) == sorted(LAYERS)
    assert "attributes" in registered.values()
    plain = {"TEXT", "INTEGER", "REAL", "BLOB", "DATETIME"}
    for name in registered:
        kind = connection.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        assert kind == ("view",)
        columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
        assert columns[0][2] == "INTEGER"
        assert {c[2] for c in columns} <= plain, [c for c in columns if c[2] not in plain]
    for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
        assert "WITHOUT ROWID" not in sql.upper()
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND name NOT LIKE 'gpkg%' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    for (name,) in tables:
        assert {c[2] for c in connection.execute(f"PRAGMA table_info({name})")} <= plain, name
    stamps = connection.execute("SELECT reported_from, recorded_at FROM current_claim").fetchall()
    for stamp in {s for row in stamps for s in row}:
        assert stamp.endswith("Z")
        assert "T" in stamp
        assert len(stamp) == 24
    connection.close()


def test_the_program_never_opens_a_ledger_with_gdal() -> None:
    """A second SQLite in our process would drop our locks; only the standard library's may be used."""
    script = (
        "import sys, tempfile, pathlib\n"
        "from datetime import UTC, datetime\n"
        "from whoholds.store import create_ledger, Audience\n"
        "from whoholds.theatre import Theatre\n"
        "t = Theatre(id='t', name='T', parties=[{'id': 'A', 'name': 'A'}, {'id': 'B', 'name': 'B'}],"
        " area={'bbox': (0, 0, 1, 1)})\n"
        "now = datetime(2025, 1, 1, tzinfo=UTC)\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "with create_ledger(folder / 'a.gpkg', t, now=now) as ledger:\n"
        "    ledger.view(Audience.PUBLIC, now).stats()\n"
        "    ledger.export_public(folder / 'b.gpkg', now)\n"
        "    ledger.backup(folder / 'c.gpkg')\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('pyogrio', 'osgeo', 'fiona', 'geopandas')])\n"
    )
    assert in_another_process(script).strip() == "[]"


def test_party_called_like_a_column(tmp_path: Path) -> None:
    theatre = make_theatre(
        parties=[{"id": "status", "name": "S"}, {"id": "of-status", "name": "O"}], sources=[]
    )
    with create_ledger(tmp_path / "x.gpkg", theatre, now=NOW) as ledger:
        row = ControlRow("u", date(2025, 1, 1), None, "status", (("status", 0.75), ("of-status", 0.25)), 1)
        assert ledger.replace_control(ControlRun("hmm/1", NOW), [row]) == 1
        found = json.loads(in_another_process(LIST, ledger.path))
        assert {"p_status", "p_of-status", "p_of_status"} <= found["control"]["columns"].keys()


def test_control_is_replaced_and_asked_by_day(ledger: Ledger) -> None:
    first = ControlRow("u", date(2025, 1, 1), date(2025, 1, 5), "RU", (("RU", 0.8), ("UA", 0.2)), 1)
    second = ControlRow("u", date(2025, 1, 6), None, "contested", (("contested", 1.0),), 2)
    run = ControlRun("hmm/1", NOW, as_known_on=datetime(2025, 2, 1, tzinfo=UTC), details={"seed": 1})
    view = ledger.view(Audience.DESK, NOW)
    assert view.control_run() is None
    assert ledger.replace_control(run, [second, first]) == 2
    assert view.control() == [first, second]
    assert view.control(date(2025, 1, 5)) == [first]
    assert view.control(date(2025, 1, 6)) == [second]
    assert view.control(date(2024, 1, 1)) == []
    assert view.control_run() == run
    assert ledger.replace_control(run, [first]) == 1
    assert view.control() == [first]


def test_bad_record_of_control_leaves_the_old_one(ledger: Ledger) -> None:
    good = ControlRow("u", date(2025, 1, 1), None, "RU", (("RU", 1.0),), 1)
    run = ControlRun("hmm/1", NOW)
    ledger.replace_control(run, [good])
    bad = ControlRow("u", date(2025, 1, 1), None, "RU", (("RU", float("nan")),), 1)
    late = ControlRow("u", date(2025, 1, 2), date(2025, 1, 1), "RU", (("RU", 1.0),), 1)
    for rows, error in (([good, bad], InvariantError), ([good, late], InputError)):
        with pytest.raises(error):
            ledger.replace_control(run, rows)
        assert ledger.view(Audience.DESK, NOW).control() == [good]


# --- blobs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT (35.5 51.25)",
        "LINESTRING (0 0, 1 1, 2 0)",
        "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 0.5, 2 0.5, 2 1, 1 0.5))",
        "MULTIPOINT ((0 0), (1 1))",
        "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
    ],
)
def test_blobs_hold_the_geometry(wkt: str) -> None:
    shape = shapely.from_wkt(wkt)
    blob = blob_from_geojson(json.loads(shapely.to_geojson(shape)))
    assert blob[:4] == b"GP\x00\x03"
    assert shapely.equals_exact(shapely.from_wkb(wkb_from_blob(blob)), shape)
    assert wkb_from_blob(blob_from_wkb(shapely.to_wkb(shape))) == shapely.to_wkb(shape)


def test_point_blob_and_heights() -> None:
    assert shapely.from_wkb(wkb_from_blob(point_blob(35.0, 51.0))) == shapely.Point(35, 51)
    flat = blob_from_geojson({"type": "Point", "coordinates": [35, 51, 200]})
    assert shapely.from_wkb(wkb_from_blob(flat)) == shapely.Point(35, 51)


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["a", 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [1, 2]},
        {"type": "Point", "coordinates": [181, 2]},
        {"type": "Point", "coordinates": [float("nan"), 2]},
    ],
)
def test_bad_geometry_is_refused(geometry: dict[str, Any]) -> None:
    with pytest.raises(FormatError):
        blob_from_geojson(geometry)


@pytest.mark.parametrize("blob", [b"", b"PK\x03\x04aaaaaa", b"GP\x00\x0f\x00\x00\x00\x00"])
def test_bad_blobs_are_refused(blob: bytes) -> None:
    with pytest.raises(FormatError):
        wkb_from_blob(blob)
