"""Bytes to text: encodings, pages, front matter, and what is refused."""

from __future__ import annotations

import pytest

from whoholds.errors import InputError
from whoholds.text.clean import (
    MAX_BYTES,
    clean_html,
    clean_markdown,
    clean_text,
    decode_bytes,
    split_front_matter,
)

SENTENCE = "Войска вошли в город — «вчера», сказал он. The café stayed open."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_unicode_encodings_are_told(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    assert decode_bytes((mark + SENTENCE).encode(encoding)).lstrip("\ufeff") == SENTENCE


def test_a_declared_encoding_and_a_meta_charset_win_over_a_guess() -> None:
    assert decode_bytes("Курск".encode("koi8-r"), declared="koi8-r") == "Курск"
    page = '<html><head><meta charset="windows-1251"></head><body>Курск</body></html>'
    assert "Курск" in decode_bytes(page.encode("cp1251"))


def test_a_single_byte_encoding_is_guessed() -> None:
    text = "Российские войска заняли село на границе области, сообщило министерство обороны. " * 4
    assert decode_bytes(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_text"),
        (b" \n\t ", "empty_text"),
        (b"%PDF-1.7 binary", "binary"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (b"PK\x03\x04rest of a zip", "binary"),
        (b"some \x00 text", "binary"),
        (bytes(range(1, 32)) * 40, "binary"),
        (b"a" * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_refuses(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        decode_bytes(data, name="report.txt")
    assert caught.value.code == code
    assert "report.txt" in str(caught.value)


def test_the_article_of_a_page() -> None:
    paragraph = (
        "Government troops entered the river port on Tuesday after three days of fighting, a spokesman said. "
        "Residents reached by telephone said that the market was empty and that shops had closed. "
    )
    page = f"""<!doctype html><html lang="en"><head>
    <title>Troops enter port - The Example</title><meta property="og:site_name" content="The Example">
    <meta property="article:published_time" content="2025-03-12">
    </head><body><nav><a href="/">Home</a><a href="/war">War</a></nav>
    <article><h1>Troops enter port</h1><p>{paragraph}</p><p>{paragraph}</p><p>{paragraph}</p></article>
    <footer>Privacy policy</footer></body></html>"""
    found = clean_html(page)
    assert "entered the river port" in found.text
    assert "Privacy policy" not in found.text
    assert found.lang == "en"
    assert found.published_at == "2025-03-12"
    assert found.publisher == "The Example"


def test_a_page_without_an_article_is_refused() -> None:
    with pytest.raises(InputError, match=r"page\.html has no article"):
        clean_html("<html><body><nav><a href='/'>Home</a></nav></body></html>", name="page.html")


def test_front_matter() -> None:
    meta, body = split_front_matter("---\ntitle: A: B\npublisher: 'X'\n# note\n---\nText\n")
    assert meta == {"title": "A: B", "publisher": "X"}
    assert body == "Text\n"
    assert split_front_matter("No --- here") == ({}, "No --- here")
    assert split_front_matter("---\nunclosed: yes\n")[0] == {}


def test_markdown_is_reduced_to_its_words() -> None:
    found = clean_markdown(
        "---\npublished_at: 2025-03-12\norigin: written-for-demo\n---\n# Port falls\n\n"
        "Troops **entered** the [port](https://example.org) on _Tuesday_.\n\n> Said so.\n"
    )
    assert found.title == "Port falls"
    assert found.text == "Troops entered the port on Tuesday.\n\nSaid so."
    assert found.published_at == "2025-03-12"
    assert found.meta == {"origin": "written-for-demo"}


def test_markdown_leaves_words_with_marks_inside_alone() -> None:
    assert clean_markdown("file_name_here and 2 * 3 * 4 stay.").text == "file_name_here and 2 * 3 * 4 stay."


def test_markdown_with_nothing_below_its_front_matter_is_refused() -> None:
    with pytest.raises(InputError, match="no text below"):
        clean_markdown("---\ntitle: X\n---\n\n")


def test_plain_text_keeps_its_offsets() -> None:
    assert clean_text("One.\r\nTwo.\rThree.\n").text == "One.\nTwo.\nThree."
    assert not clean_text("One.\nTwo.").was_changed
