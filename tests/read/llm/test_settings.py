"""The variables: what has to be there, what is taken, what is refused with a remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.read.claims.world import context

from whoholds.cli.main import _status
from whoholds.errors import ConfigurationError
from whoholds.model import Report
from whoholds.read.llm import read_settings
from whoholds.read.llm.settings import PREFIX

BASE = {"WHOHOLDS_LLM_URL": "http://localhost:8080/v1", "WHOHOLDS_LLM_MODEL": "tiny"}


@pytest.mark.parametrize(
    ("env", "names"),
    [
        ({}, ["WHOHOLDS_LLM_URL", "WHOHOLDS_LLM_MODEL"]),
        ({"WHOHOLDS_LLM_URL": "http://h/v1"}, ["WHOHOLDS_LLM_MODEL"]),
        ({"WHOHOLDS_LLM_MODEL": "m", "WHOHOLDS_LLM_URL": "  "}, ["WHOHOLDS_LLM_URL"]),
    ],
)
def test_what_is_missing_is_named(env: dict[str, str], names: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings(env)
    for name in names:
        assert name in str(caught.value)
    assert caught.value.code == "llm_not_configured"


@pytest.mark.parametrize(
    ("url", "full"),
    [
        ("https://host/v1", "https://host/v1/chat/completions"),
        ("https://host/v1/", "https://host/v1/chat/completions"),
        ("http://127.0.0.1:8080/v1/chat/completions", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://[::1]:8080", "http://[::1]:8080/chat/completions"),
    ],
)
def test_addresses(url: str, full: str) -> None:
    assert read_settings(BASE | {"WHOHOLDS_LLM_URL": url}).url == full


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "localhost:8080"),
        ("URL", "ftp://host/v1"),
        ("URL", "https://"),
        ("URL", "http://[::1"),
        ("URL", "https://host/v1?key=s3cret"),
        ("URL", "https://me:s3cret@host/v1"),
        ("KEY", "s3cret\nHost: elsewhere"),
        ("KEY", "s3crét"),
        ("LANGS", "english"),
        ("LANGS", "en;ru"),
        ("TIMEOUT_S", "0"),
        ("TIMEOUT_S", "nan"),
        ("RETRIES", "-1"),
        ("RETRIES", "two"),
        ("MAX_TOKENS", "0"),
        ("MAX_TOKENS", "1e6"),
        ("MAX_REPORTS", "0"),
        ("ANSWER_TOKENS", "1"),
        ("PIECE_CHARS", "10"),
        ("P", "1"),
    ],
)
def test_wrong_values_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=PREFIX + name) as caught:
        read_settings(BASE | {PREFIX + name: value})
    if name == "KEY":
        assert "s3cr" not in str(caught.value)


def test_values_and_defaults() -> None:
    plain = read_settings(BASE)
    assert plain.languages == {"en", "ru", "uk", "ar", "fr", "es", "de"}
    assert (plain.key, plain.max_tokens, plain.max_reports) == (None, 1_000_000, 1_000)
    own = read_settings(
        BASE | {"WHOHOLDS_LLM_LANGS": "HE, fa,", "WHOHOLDS_LLM_KEY": " k ", "WHOHOLDS_LLM_P": "0.7"}
    )
    assert (own.languages, own.key, own.p) == ({"he", "fa"}, "k", 0.7)
    assert "'k'" not in repr(own)


def test_the_command_says_so_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "story.txt"
    path.write_text("Rebels took Arbin.", "utf-8")
    assert _status(["read", str(path), "--reader", "llm"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert "WHOHOLDS_LLM_URL" in printed.err
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"id": "a", "text": "Rebels took Arbin."}\n', "utf-8")
    assert _status(["read", "--batch", str(lines), "--reader", "llm"]) == 2


def test_the_default_asks_for_nothing() -> None:
    from whoholds.pipeline import DEFAULT_READER

    assert DEFAULT_READER == "rules.en"


def test_the_reader_of_the_docs_reads() -> None:
    told = (Path(__file__).resolve().parents[3] / "docs/readers.md").read_text("utf-8")
    names: dict[str, Any] = {}
    exec(told.split("```python\n")[1].split("```")[0], names)
    report = Report(id="r", text="Arbin kaatui.", sha256="0" * 64)
    (found,) = names["MyReader"]().read_many([report], context())
    assert (found.report, found.reader, found.claims) == (report, "mine/1", ())


def test_every_variable_is_documented() -> None:
    root = Path(__file__).resolve().parents[3]
    source = (root / "src/whoholds/read/llm/settings.py").read_text("utf-8")
    told = (root / "docs/readers.md").read_text("utf-8")
    names = set(re.findall(r'(?:env, |PREFIX \+ )"([A-Z_]+)"', source))
    assert {"URL", "MODEL", "KEY", "LANGS", "MAX_TOKENS", "MAX_REPORTS", "TIMEOUT_S"} <= names
    assert not [name for name in names if PREFIX + name not in told]
