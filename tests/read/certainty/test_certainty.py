"""How certain a text is of its events: by governors (each row's own example), by words around, by form."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whoholds.read.attribution.tree import build_tree
from whoholds.read.certainty import extract_certainty
from whoholds.read.certainty.judge import judge_words
from whoholds.read.certainty.lexicon import MARKS, Entry, Signature, entries, is_happening
from whoholds.text.parse import parse, parse_many


def starred(sentences: list[str]) -> list[int]:
    """The value of the starred word of each sentence."""
    found = []
    parses = parse_many([s.replace("*", "") for s in sentences], has_headline=False)
    for sentence, parsed in zip(sentences, parses, strict=True):
        tree = build_tree(parsed)
        found.append(judge_words(tree)[tree.start.index(sentence.index("*"))])
    return found


@lru_cache(maxsize=1)
def values_of_examples() -> dict[Entry, int]:
    """Parsed all together: one by one the small pipeline takes ten times as long."""
    return dict(zip(entries(), starred([e.example for e in entries()]), strict=True))


@pytest.mark.parametrize("entry", entries(), ids=lambda e: f"{e.lemma}-{e.pos}-{e.frame}")
def test_a_governor_says_what_its_row_says(entry: Entry) -> None:
    assert values_of_examples()[entry] == entry.signature.affirmed


def test_no_governor_stands_twice() -> None:
    keys = [(e.lemma, e.pos, e.frame) for e in entries()]
    assert len(keys) == len(set(keys))


WORDS = tomllib.loads((files("whoholds.read.certainty") / "data/words.toml").read_text("utf-8"))
GROUPS = [
    (group["example"], MARKS[group["value"]])
    for kind in ("modal", "adverb", "adjective", "linker", "instead")
    for group in tomllib.loads((files("whoholds.read.certainty") / "data/words.toml").read_text("utf-8"))[
        kind
    ]
]
SENTENCES = [
    # negation, and what denies nothing
    ("The rebels did not *take* the town.", -3),
    ("The rebels never *took* the town.", -3),
    ("Nobody *left* the shelter.", -3),
    ("No soldier *entered* the village.", -3),
    ("The garrison no longer *holds* the fort.", -3),
    ("The army has yet to *reach* the coast.", -3),
    ("The rebels not only *took* the town but burned it.", 3),
    ("The council did not regret that the school *closed* in March.", 3),
    ("The mayor did not know that the bridge *fell* at noon.", 3),
    ("The militia did not fail to *take* the hill.", 3),
    ("The patrol did not manage to *cross* the river.", -3),
    ("The army did not deny that its guns *hit* the clinic.", 2),
    ("The mayor did not say whether the bridge *fell* at noon.", 0),
    ("Officials do not believe that the mayor *fled* by boat.", -2),
    # strength goes down the chain, never up
    ("The militia may manage to *take* the hill.", 1),
    ("The militia could not *take* the hill.", -3),
    ("The militia may not *take* the hill.", -1),
    ("The army is expected to continue to *hold* the ridge.", 2),
    ("The council planned to try to *close* the school.", 1),
    ("He said that the rebels had *left* the town.", 3),
    ("He said that the rebels would *leave* the town.", 3),
    ("He said that the rebels might *leave* the town.", 1),
    ("He denied that the rebels had *left* the town.", -3),
    # time makes nothing uncertain, form does
    ("The talks will *begin* on Monday.", 3),
    ("Did the rebels *take* the town?", 0),
    ("Why did the rebels *leave* the town?", 3),
    ("*Leave* the town at once.", 0),
    ("If the rebels *leave*, the road will open.", 0),
    ("The column left without *firing* a shot.", -3),
    ("The flight was *delayed* by fog.", 3),
    ("The river rose to *reach* the bridge.", 3),
    ("The brigade gathered to *storm* the fort.", 1),
    ("They were the first to *reach* the summit.", 3),
    ("The guards must have *left* at dawn.", 2),
    # nouns: what is denied or planned, and what stands whatever is said of it
    ("The militia did not launch an *attack* on the port.", -3),
    ("There was no *attack* on the port.", -3),
    ("The militia may launch an *attack* on the port.", 1),
    ("The mayor did not mention the *attack* on the port.", 3),
    ("The storm delayed the *departure* of the ferry.", -3),
    ("The *departure* of the ferry was postponed.", -3),
    ("The envoy called for a *withdrawal* from the valley.", 0),
    ("The envoy condemned the *withdrawal* from the valley.", 3),
    ("The *attack* on the port killed two men.", 3),
]


@lru_cache(maxsize=1)
def values_of_sentences() -> dict[str, int]:
    texts = [text for text, _ in [*GROUPS, *SENTENCES]]
    return dict(zip(texts, starred(texts), strict=True))


@pytest.mark.parametrize(("sentence", "value"), [*GROUPS, *SENTENCES])
def test_a_word_has_its_value(sentence: str, value: int) -> None:
    assert values_of_sentences()[sentence] == value


def test_signatures_compose() -> None:
    two_way, factive, negative = Signature(3, -3), Signature(3, 3), Signature(-3, 3)
    assert [two_way.of(v) for v in (3, 1, 0, -2)] == [3, 1, 0, -2]
    assert [factive.of(v) for v in (3, 0, -3)] == [3, 3, 3]
    assert [negative.of(v) for v in (3, 2, 0, -3)] == [-3, -2, 0, 3]


@pytest.mark.parametrize("noun", ["attack", "deployment", "invasion", "seizure", "arrival", "shelling"])
def test_happenings(noun: str) -> None:
    assert is_happening(noun)


@pytest.mark.parametrize("noun", ["government", "station", "village", "department", "bridge", "city"])
def test_things(noun: str) -> None:
    assert not is_happening(noun)


def test_auxiliaries_tell_nothing() -> None:
    found = extract_certainty(
        build_tree(parse("The rebels have not been seen near the dam.", has_headline=False))
    )
    told = {f.span.exact: f.value for f in found}
    assert told["seen"] == -3
    assert not {"have", "not", "been", "near", "The"} & set(told)


@settings(max_examples=25, deadline=None)
@given(st.text(st.sampled_from("ab .,?!\n\"“”'’-1تж\u200b\u0007 ifnotwillmay"), max_size=120))
def test_any_text(text: str) -> None:
    for found in extract_certainty(build_tree(parse(text))):
        assert text[found.span.start : found.span.end] == found.span.exact
        assert -3 <= found.value <= 3
