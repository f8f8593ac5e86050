"""The layout of a text: what is article and what is page."""

from __future__ import annotations

import pytest

from whoholds.text.blocks import BlockKind, find_blocks

BODY = "The town was quiet on Tuesday, residents told a reporter by telephone from the hospital."


def kind_of(line: str) -> BlockKind:
    """The kind of a line in the middle of an article."""
    text = f"Ceasefire holds in the north\n\n{BODY}\n\n{line}\n\n{BODY}\n"
    blocks = find_blocks(text)
    assert len(blocks) == 4
    return blocks[2].kind


@pytest.mark.parametrize(
    "line",
    [
        "Tags",
        "Tags: Sudan, El Fasher, war",
        "Comments (0)",
        "12 comments",
        "Leave the first comment",
        "Post a comment",
        "What is your opinion on this topic?",
        "What do you think?",
        "Share this article",
        "Share | Tweet | Email",
        "Follow us on Telegram",
        "Subscribe to our newsletter",
        "Sign up for the morning briefing",
        "READ ALSO: Fighting near the dam",
        "Related articles",
        "Advertisement",
        "Image credit: a stringer",
        "© 2025 The Example Post",
        "All rights reserved.",
        "This site uses cookies to improve your visit.",
        "Last updated: 12 March 2025",
        "5 min read",
        "https://example.org/story/12",
        "***",
    ],
)
def test_furniture(line: str) -> None:
    assert kind_of(line) is BlockKind.FURNITURE


@pytest.mark.parametrize(
    "line",
    [
        "Tags on the uniforms showed that they belonged to another brigade.",
        "Comments by the minister drew anger in the capital.",
        "Share prices fell after the attack on the refinery.",
        "Read also means of escape into the order, one officer said.",
        "What the commander thinks is not known.",
        "Related fighting was reported along the river.",
        "Home to 5,000 people before the war, the village is empty.",
        "Follow-up strikes hit the depot at dawn.",
        "More on the front line than in the rear, he said, the men know the risk.",
        "Sign-up offices opened in three towns.",
        "The privacy policy of the operator was criticised.",
    ],
)
def test_sentences_that_begin_like_furniture(line: str) -> None:
    assert kind_of(line) is BlockKind.BODY


def test_headline_byline_subhead_and_tail() -> None:
    text = "\n\n".join(
        [
            "Rebels leave the river port as army closes in",
            "By A Reporter",
            BODY,
            "'Nobody is left'",
            BODY,
            "Tags",
            "Army",
            "River war",
            "Comments (3)",
        ]
    )
    kinds = [b.kind for b in find_blocks(text)]
    assert kinds == [
        BlockKind.HEADLINE,
        BlockKind.BYLINE,
        BlockKind.BODY,
        BlockKind.SUBHEAD,
        BlockKind.BODY,
        *[BlockKind.FURNITURE] * 4,
    ]


def test_an_article_that_goes_on_after_a_tail_head_is_still_article() -> None:
    text = f"Head\n\n{BODY}\n\nRelated\n\n{BODY} {BODY}\n"
    assert [b.kind for b in find_blocks(text)][-1] is BlockKind.BODY


def test_one_line_alone_is_no_headline() -> None:
    assert find_blocks("Army takes river port")[0].kind is not BlockKind.HEADLINE


def test_blocks_cover_all_words_in_order() -> None:
    text = "Head line\n\n  First paragraph, indented.  \r\nSecond one.\u2028Third one.\n"
    blocks = find_blocks(text)
    assert [text[b.start : b.end] for b in blocks] == [
        "Head line",
        "First paragraph, indented.",
        "Second one.",
        "Third one.",
    ]
