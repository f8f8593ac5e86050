"""Every sentence of the table: what must be found is found, what must not be is not."""

from __future__ import annotations

import pytest
from tests.read.attribution.cases import MUST, MUST_NOT

from whoholds.read.attribution import AttributedSpeech, extract_attributions
from whoholds.text.parse import parse_many

Found = dict[str, tuple[AttributedSpeech, ...]]


@pytest.fixture(scope="module")
def found() -> Found:
    """All sentences, parsed in one batch."""
    texts = [text for text, _ in (*MUST, *MUST_NOT)]
    return {p.text: extract_attributions(p) for p in parse_many(texts)}


@pytest.mark.parametrize(("text", "expected"), MUST, ids=[text[:50] for text, _ in MUST])
def test_finds_each_attribution(
    found: Found, text: str, expected: list[tuple[str | None, str, list[str], str, str]]
) -> None:
    got = {
        (
            s.attribution.source and s.attribution.source.exact,
            s.attribution.cue and s.attribution.cue.exact,
            tuple(c.exact for c in s.attribution.content),
            s.cue_class.value,
        ): s
        for s in found[text]
    }
    for source, cue, content, cue_class, name in expected:
        key = (source, cue, tuple(content), cue_class)
        assert key in got
        if name:
            assert got[key].attribution.source_name == name


@pytest.mark.parametrize(("text", "word"), MUST_NOT, ids=[text[:50] for text, _ in MUST_NOT])
def test_finds_nothing_where_nobody_speaks(found: Found, text: str, word: str) -> None:
    cues = [s.attribution.cue.exact for s in found[text] if s.attribution.cue is not None]
    assert not [cue for cue in cues if word in cue]
