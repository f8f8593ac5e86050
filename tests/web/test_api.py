"""The API: shapes, problems, borders; nothing under embargo comes through any door."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import open_client
from tests.web.laid import NOW, REPORTS, lay_report, lay_workspace
from whoholds.errors import ConfigurationError
from whoholds.model.contract import claim_from_json
from whoholds.pipeline import Workspace
from whoholds.store import Audience
from whoholds.web import security
from whoholds.web.app import create_app, serve

PROBLEM = "application/problem+json"


def test_theatre_gives_both_clocks(client: TestClient) -> None:
    """Days of the record, and days on which something was reported."""
    body = client.get("/api/theatre").json()
    assert body["days"] == {"first": "2025-03-01", "last": "2025-03-20"}
    assert body["known"] == {"first": "2025-03-05", "last": "2025-03-14"}
    assert [p["id"] for p in body["parties"]] == ["NO", "SO"]
    assert body["audience"] == "public"


def test_frame_and_day_fit_together(client: TestClient) -> None:
    """A list a state, a number a cell, per mille that sum to one."""
    frame = client.get("/api/record").json()
    day = client.get("/api/record/day?on=2025-03-10").json()
    assert frame["states"] == ["NO", "SO", "contested"]
    assert len(frame["cells"]) == len(set(frame["cells"])) > 10
    assert {p["name"] for p in frame["places"]} == {
        "Alderford",
        "Birchwell",
        "Cressing <b>Mill</b>",
        "Dunmore",
    }
    assert len(day["cells"]) == len(day["places"]) == 3
    assert all(len(column) == len(frame["cells"]) for column in day["cells"])
    assert all(len(column) == len(frame["places"]) for column in day["places"])
    assert all(abs(sum(p) - 1000) <= 2 for p in zip(*day["cells"], strict=True))
    assert day["front"]["type"] == "FeatureCollection"
    assert set(day["unknown"]) <= set(range(len(frame["cells"])))


def test_area_has_an_interval(client: TestClient) -> None:
    """Low, middle and high for every state."""
    rows = client.get("/api/area?on=2025-03-10").json()["rows"]
    assert [r["party"] for r in rows] == ["NO", "SO", "contested"]
    assert all(0 <= r["low_km2"] <= r["km2"] + 0.1 for r in rows)
    assert all(r["low_km2"] <= r["high_km2"] for r in rows)


def test_claims_travel_as_the_contract_says(client: TestClient) -> None:
    """JSON Lines are read back by the model; CSV has as many rows."""
    lines = client.get("/api/claims?format=jsonl").text.splitlines()
    claims = [claim_from_json(json.loads(line)) for line in lines]
    assert len({c.id for c in claims}) == 10
    rows = list(csv.DictReader(io.StringIO(client.get("/api/claims?format=csv").text)))
    assert {r["id"] for r in rows} == {c.id for c in claims}
    assert all(r["speaker"] for r in rows)


def test_csv_cells_are_no_formulas(tmp_path: Path) -> None:
    """A publisher called `=1+1` stays words in a spreadsheet."""
    report = lay_report("Northland took Alderford. End", publisher="=HYPERLINK(1)")
    with lay_workspace(tmp_path / "f.gpkg", [report]) as workspace, open_client(workspace) as client:
        assert ",'=HYPERLINK(1)," in client.get("/api/claims?format=csv").text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/claims/sha256:nothing", 404, "not_found"),
        ("/api/reports/nothing", 404, "not_found"),
        ("/api/history/nowhere", 404, "not_found"),
        ("/api/record/day?on=2030-01-01", 422, "no_such_day"),
        ("/api/record/day?on=yesterday", 422, None),
        ("/api/record?known=soon", 422, None),
        ("/api/claims?event=dance", 422, "bad_event"),
        ("/api/claims?stance=upright", 422, "bad_stance"),
        ("/api/claims?side=moon", 422, "bad_side"),
        ("/api/claims?from=32+March", 422, None),
        ("/api/claims?page=0", 422, "bad_parameter"),
        ("/api/nothing", 404, "http_404"),
    ],
)
def test_problems_are_documents_of_one_line(
    client: TestClient, path: str, status: int, code: str | None
) -> None:
    """Each failure names the thing; none shows a traceback."""
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    assert code is None or body["code"] == code
    assert body["detail"]
    assert "\n" not in body["detail"]


def test_openapi_describes_every_route(client: TestClient) -> None:
    """The document names each path, and each has a summary."""
    paths = client.get("/api/openapi.json").json()["paths"]
    assert "/api/record/day" in paths
    assert "/claims" not in paths
    assert all(op["summary"] for methods in paths.values() for op in methods.values())


# --- reading and saving ------------------------------------------------------------------------------------

TEXT = "Southland took Birchwell, the general said. So it ended"


def test_a_text_is_read_without_being_kept_and_saved_after(fresh: Workspace) -> None:
    """Reading changes nothing; saving the draft adds the report and its claims to every page."""
    with open_client(fresh) as client:
        before = client.get("/api/claims").json()["total"]
        form = {"text": TEXT, "publisher": "Night Desk", "published_at": "2025-03-13", "lang": "en"}
        read = client.post("/api/read", data=form).json()
        assert [c["quote"]["exact"] for c in read["claims"]] == ["Southland took Birchwell, the general said"]
        assert client.get("/api/claims").json()["total"] == before
        saved = client.post("/api/reports", params={"draft": read["draft"]})
        assert saved.status_code == 201
        assert client.get("/api/claims").json()["total"] == before + 1
        report = client.get(f"/api/reports/{saved.json()['report_id']}").json()
        assert (report["publisher"], report["published_at"]) == ("Night Desk", "2025-03-13")
        again = client.post("/api/reports", params={"draft": read["draft"]})
        assert again.status_code == 201
        assert client.get("/api/claims").json()["total"] == before + 1


def test_a_file_is_read_like_a_text(fresh: Workspace) -> None:
    """A dropped file; the preview page shows its claim and the key to save it."""
    with open_client(fresh) as client:
        files = {"file": ("post.txt", TEXT.encode(), "text/plain")}
        page = client.post("/read", data={"lang": "en"}, files=files, headers={"accept": "text/html"})
        assert page.status_code == 200
        assert "Southland took Birchwell" in page.text
        assert 'name="draft"' in page.text


@pytest.mark.parametrize(
    ("form", "files", "code"),
    [
        ({"text": ""}, None, None),
        ({"text": "  \n "}, None, None),
        ({"text": "Words", "published_at": "the day before"}, None, None),
        ({"text": "Words of Alderford", "lang": "xx"}, None, "no_reader_for_language"),
        ({}, {"file": ("a.bin", b"\x00\x01\xfe\xff\x00\x9d" * 50, "application/octet-stream")}, None),
        ({}, {"file": ("empty.txt", b"", "text/plain")}, None),
        ({}, {"file": ("b.json", b"{", "application/json")}, None),
        (
            {},
            {
                "file": (
                    "two.jsonl",
                    b'{"id":"1","text":"One."}\n{"id":"2","text":"Two."}\n',
                    "application/jsonl",
                )
            },
            "many_reports",
        ),
    ],
)
def test_bad_texts_give_one_line(
    fresh: Workspace, form: dict[str, str], files: dict[str, tuple[str, bytes, str]] | None, code: str | None
) -> None:
    """Nothing is kept, and the line says what is wrong."""
    with open_client(fresh) as client:
        response = client.post("/api/read", data=form, files=files)
        assert response.status_code == 422, response.text
        assert response.headers["content-type"] == PROBLEM
        assert code is None or response.json()["code"] == code
        assert "\n" not in response.json()["detail"]
        assert client.get("/api/reports").json()["total"] == len(REPORTS)


def test_too_large_a_file_is_refused(fresh: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its stated length, and by its bytes where it states none."""
    monkeypatch.setattr(security, "MAX_BODY_BYTES", 1000)
    monkeypatch.setattr("whoholds.web.intake.MAX_BODY_BYTES", 1000)
    with open_client(fresh) as client:
        files = {"file": ("big.txt", b"x" * 5000, "text/plain")}
        refused = client.post("/api/read", files=files)
        assert refused.status_code == 413
        assert "limit" in refused.json()["detail"]
        stated = client.post("/api/read", content=b"", headers={"content-length": "999999999"})
        assert stated.status_code == 413


def test_an_old_draft_says_what_to_do(fresh: Workspace) -> None:
    """A draft that is no longer in memory."""
    with open_client(fresh) as client:
        gone = client.post("/api/reports", params={"draft": "nothing"})
        assert gone.status_code == 404
        assert "read it again" in gone.json()["detail"]


# --- borders -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://foreign.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_other_sites_may_not_write(fresh: Workspace, headers: dict[str, str]) -> None:
    """A form on another page cannot make this server read or save."""
    with open_client(fresh) as client:
        for path in ("/api/read", "/api/reports", "/read", "/save"):
            assert client.post(path, data={"text": TEXT}, headers=headers).status_code == 403


def test_own_pages_may_write(fresh: Workspace) -> None:
    """The same request from our own page goes through."""
    with open_client(fresh) as client:
        headers = {"origin": "http://127.0.0.1:8420", "sec-fetch-site": "same-origin"}
        assert client.post("/api/read", data={"text": TEXT, "lang": "en"}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8420", 200),
        ("localhost", 200),
        ("[::1]:8420", 200),
        ("rebound.example:8420", 403),
        ("127.0.0.1.rebound.example", 403),
        ("", 403),
    ],
)
def test_a_loopback_server_answers_to_loopback_names_only(client: TestClient, host: str, status: int) -> None:
    """Another name that points here is another site."""
    assert client.get("/api/theatre", headers={"host": host}).status_code == status


def test_desk_view_is_for_loopback_alone(laid: Workspace, tmp_path: Path) -> None:
    """Neither the app nor the command serves it to others; saving is off there too."""
    with pytest.raises(ConfigurationError, match="this machine alone"):
        create_app(laid, audience=Audience.DESK, loopback_only=False)
    with pytest.raises(ConfigurationError, match="this machine alone"):
        serve(tmp_path / "none.gpkg", host="0.0.0.0", audience=Audience.DESK)
    app = create_app(laid, loopback_only=False)
    with TestClient(app, base_url="http://whoholds.example") as client:
        assert client.get("/api/theatre").json()["can_save"] is False
        refused = client.post("/api/reports", params={"draft": "any"})
        assert refused.status_code == 403


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    """It names the port and the option."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port} .* in use.*--port"):
            serve(tmp_path / "none.gpkg", port=port)


SECRET = lay_report(
    "Southland took Birchwell in secret. Done",
    publisher="Secret Desk",
    published_at=date(2025, 3, 28),
    title="Secret title",
)


def test_the_embargo_holds_at_every_door(tmp_path: Path) -> None:
    """What was said two days ago is behind no door of the public's; the desk sees it."""
    reports = [*REPORTS, SECRET]
    doors = [
        "/claims",
        "/reports",
        "/places/laid:2",
        "/summary",
        "/api/claims",
        "/api/claims?format=csv",
        "/api/claims?format=jsonl",
        "/api/reports",
        "/api/history/laid:2",
        "/api/places",
        "/claims?q=secret",
        "/reports?q=secret",
    ]
    with lay_workspace(
        tmp_path / "e.gpkg", reports, embargo_hours=72, last_day=date(2025, 3, 30)
    ) as workspace:
        assert workspace.now() == NOW
        with open_client(workspace) as public, open_client(workspace, audience=Audience.DESK) as desk:
            for door in doors:
                page = public.get(door)
                assert page.status_code == 200, door
                assert not any(
                    w in page.text for w in ("in secret", "Secret title", "Secret Desk", SECRET.id)
                ), door
            assert public.get(f"/reports/{SECRET.id}").status_code == 404
            assert public.get(f"/api/reports/{SECRET.id}").status_code == 404
            hidden = [c for c in desk.get("/api/claims").json()["claims"] if c["report_id"] == SECRET.id]
            assert len(hidden) == 1
            assert public.get(f"/claims/{hidden[0]['id']}").status_code == 404
            assert public.get(f"/api/claims/{hidden[0]['id']}").status_code == 404
            assert public.get("/api/theatre").json()["known"]["last"] == "2025-03-14"
            assert hidden[0]["id"] not in public.get("/api/history/laid:2").text
            assert hidden[0]["id"] in desk.get("/api/history/laid:2").text
            day = "/api/record/day?on=2025-03-30"
            assert public.get(day).json()["places"] != desk.get(day).json()["places"]


def test_a_server_without_the_built_map_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead of a page that stays blank."""
    monkeypatch.setattr("whoholds.web.app._STATIC", tmp_path)
    with pytest.raises(ConfigurationError, match="hatch_build"):
        serve(tmp_path / "none.gpkg")


def test_an_empty_ledger_has_pages_too(tmp_path: Path) -> None:
    """Nothing known, nothing broken."""
    with lay_workspace(tmp_path / "empty.gpkg", []) as workspace, open_client(workspace) as client:
        body = client.get("/api/theatre").json()
        assert body["known"] is None
        assert body["days"] is None
        for path in ("/", "/claims", "/reports", "/places", "/read", "/summary"):
            assert client.get(path, headers={"accept": "text/html"}).status_code == 200, path
        for path in ("/api/record", "/api/record/day", "/api/area", "/api/claims", "/api/places"):
            assert client.get(path).status_code == 200, path
        assert client.get("/api/history/laid:1").status_code == 404
