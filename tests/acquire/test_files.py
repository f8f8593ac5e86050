"""Files and folders to reports: what comes in, and what is listed as rejected while the rest goes on."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from whoholds.acquire.files import Defaults, Incoming, read_bytes, read_paths, report_from_record
from whoholds.errors import InputError, NotFoundError
from whoholds.model import Rejection

PLAIN = Defaults()


def only(data: bytes | str, name: str = "x", media_type: str | None = None) -> Incoming | Rejection:
    found = list(
        read_bytes(data.encode() if isinstance(data, str) else data, name, PLAIN, media_type=media_type)
    )
    assert len(found) == 1
    return found[0]


def test_a_folder_gives_its_reports_in_order_and_lists_the_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Troops left the town.")
    (tmp_path / "a.md").write_text("---\ntitle: T\npublished_at: 2025-03-12\n---\nTroops came.")
    (tmp_path / "c.txt").write_bytes(b"")
    (tmp_path / "d.html").write_text("<html><body></body></html>")
    (tmp_path / "e.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "f.md").write_text("---\npublished_at: last week\n---\nText.")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "g.jsonl").write_text('{"id": "1", "text": "One."}\n\nnot json\n{"id": "2"}\n')
    found = list(read_paths([tmp_path], PLAIN))
    good = [i.report for i in found if isinstance(i, Incoming)]
    bad = [(Path(r.item).name, r.code) for r in found if isinstance(r, Rejection)]
    assert [r.text for r in good] == ["Troops came.", "Troops left the town.", "One."]
    assert good[0].title == "T"
    assert good[0].published_at == date(2025, 3, 12)
    assert bad == [
        ("c.txt", "empty_text"),
        ("d.html", "no_article"),
        ("f.md", "bad_date"),
        ("g.jsonl:3", "bad_json"),
        ("g.jsonl:4", "empty_text"),
    ]


def test_a_path_that_is_not_there_stops_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no file or folder"):
        list(read_paths([tmp_path / "none.txt"], PLAIN))


def test_an_empty_folder_is_said() -> None:
    pass_folder = Path(__file__).parent / "__none__"
    pass_folder.mkdir(exist_ok=True)
    try:
        (found,) = read_paths([pass_folder], PLAIN)
    finally:
        pass_folder.rmdir()
    assert isinstance(found, Rejection)
    assert found.code == "empty_folder"


def test_the_same_bytes_give_the_same_id_whatever_the_name() -> None:
    first, second, other = only("Text one.", "a"), only("Text one.", "b"), only("Text two.", "a")
    assert isinstance(first, Incoming)
    assert isinstance(second, Incoming)
    assert isinstance(other, Incoming)
    assert first.report.id == second.report.id != other.report.id


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        ("Just text.", "text/plain"),
        ("---\ntitle: T\n---\nText.", "text/markdown"),
        ('{"text": "One."}', "application/json"),
        ("{not json at all} is how he put it.", "text/plain"),
        ("[Reuters] Troops entered the port.", "text/plain"),
    ],
)
def test_kinds_are_told_by_content(data: str, media_type: str) -> None:
    found = only(data)
    assert isinstance(found, Incoming)
    assert found.media_type == media_type


def test_a_list_of_reports_in_one_json_file() -> None:
    found = list(read_bytes(json.dumps([{"text": "One."}, {"text": 2}, "x"]).encode(), "r.json", PLAIN))
    assert [type(f) for f in found] == [Incoming, Rejection, Rejection]


def test_what_a_document_says_of_itself_wins_over_the_defaults() -> None:
    defaults = Defaults("Default", date(2020, 1, 1), "de")
    report = report_from_record(
        {"text": "T.", "publisher": "Own", "published_at": "2025-03-12T08:00:00Z", "lang": "en"},
        defaults,
        name="x",
    )
    assert (report.publisher, report.lang) == ("Own", "en")
    assert report.published_at == datetime(2025, 3, 12, 8, tzinfo=UTC)
    plain = report_from_record({"text": "T."}, defaults, name="x")
    assert (plain.publisher, plain.published_at, plain.lang) == ("Default", date(2020, 1, 1), "de")


@pytest.mark.parametrize(
    "record",
    [
        "text",
        {},
        {"text": ""},
        {"text": 5},
        {"text": "T.", "published_at": "soon"},
        {"text": "T.", "publisher": ["X"]},
        {"text": "T.", "display": "some"},
        {"text": "\x00\x01"},
    ],
)
def test_bad_batch_lines_are_refused(record: object) -> None:
    with pytest.raises(InputError):
        report_from_record(record, PLAIN, name="line 1")


def test_batch_text_is_read_as_it_stands() -> None:
    text = "  Leading space\r\nand line ends\n"
    assert report_from_record({"id": "r", "text": text}, PLAIN, name="x").text == text
