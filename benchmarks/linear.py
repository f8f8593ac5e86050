"""Time of the whole reading against the length of the text, for ordinary and for hostile texts.

    python benchmarks/linear.py [--largest 1000000] [--shape NAME …] [--limit 2.0]

Each shape is read at lengths from 10 kB up to the largest, by tens, in one process, and the CPU time a
character at the two ends is printed with their ratio; fails where a ratio is over the limit or an offset does
not fit its words. The short text is read several times over, so that both ends take about as long.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

from whoholds.acquire.files import Defaults, Incoming, read_paths
from whoholds.model import Reading, Rejection, Report, Span, content_id, sha256_hex
from whoholds.places.gazetteer import open_gazetteer
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader

ROOT = Path(__file__).resolve().parent.parent
SHORTEST = 10_000
LONGEST = 1_000_000
PARAGRAPH = 2_000_000
"""The one paragraph of two megabytes that is read with `--paragraph`."""


def main() -> int:
    """Run, print, compare with the limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--largest", type=int, default=LONGEST, help="characters of the longest text")
    parser.add_argument("--shape", action="append", choices=tuple(SHAPES), help="only these shapes")
    parser.add_argument("--limit", type=float, default=2.0, help="highest ratio of time a character")
    parser.add_argument("--paragraph", action="store_true", help="read one paragraph of 2 MB too")
    args = parser.parse_args()
    reader, context = RulesReader(), ReadingContext(open_gazetteer())
    articles = demo_text()
    sizes = [SHORTEST]
    while sizes[-1] * 10 <= args.largest:
        sizes.append(sizes[-1] * 10)
    read_one(reader, context, articles[:SHORTEST])
    print(
        f"{'shape':<14}"
        + "".join(f"{size:>12,}" for size in sizes)
        + f"{'ratio':>8}   microseconds a character"
    )
    failed = False
    for name in args.shape or SHAPES:
        costs = []
        for size in sizes:
            text = SHAPES[name](articles, size)
            rounds = max(1, min(3, sizes[-1] // size // 3))
            costs.append(min(read_one(reader, context, text) for _ in range(rounds)) / len(text) * 1e6)
        ratio = costs[-1] / costs[0]
        failed |= ratio > args.limit
        print(f"{name:<14}" + "".join(f"{cost:>12.1f}" for cost in costs) + f"{ratio:>8.2f}", flush=True)
    if args.paragraph:
        seconds = read_one(reader, context, one_paragraph(articles, PARAGRAPH))
        print(f"one paragraph of {PARAGRAPH:,} characters: {seconds:.0f} s")
    return 1 if failed else 0


def read_one(reader: RulesReader, context: ReadingContext, text: str) -> float:
    """CPU seconds of one reading, its offsets checked.

    Raises:
        AssertionError: A span's words are not those of the text.
    """
    report = Report(
        content_id("report/1", text), text, sha256_hex(text.encode()), published_at=DAY, lang="en"
    )
    start = time.process_time()
    (found,) = reader.read_many([report], context)
    taken = time.process_time() - start
    assert isinstance(found, Reading | Rejection)
    if isinstance(found, Reading):
        for span in spans_of(found):
            assert text[span.start : span.end] == span.exact, f"offsets {span.start} to {span.end}"
    return taken


def spans_of(item: Any) -> Iterator[Span]:
    """Every span anywhere in a reading."""
    if isinstance(item, Span):
        yield item
    elif isinstance(item, tuple):
        for part in item:
            yield from spans_of(part)
    elif is_dataclass(item):
        for field in fields(item):
            yield from spans_of(getattr(item, field.name))


# --- texts --------------------------------------------------------------------------------------------

DAY = date(2025, 3, 12)


def demo_text() -> str:
    """The demo's reports, one after the other."""
    found = read_paths([ROOT / "examples" / "kursk" / "reports"], Defaults())
    return "\n\n".join(item.report.text for item in found if isinstance(item, Incoming))


def repeated(text: str, size: int) -> str:
    """A text over and over, to a length."""
    return (text * (size // len(text) + 1))[:size]


def in_lines(articles: str, size: int) -> str:
    """Ordinary paragraphs."""
    return repeated(articles + "\n\n", size)


def one_paragraph(articles: str, size: int) -> str:
    """No line breaks."""
    return repeated(" ".join(articles.split()) + " ", size)


def without_stops(articles: str, size: int) -> str:
    """No mark that ends a sentence."""
    kept = "".join(c for c in articles if c.isalnum() or c in " '’")
    return repeated(" ".join(kept.split()) + " ", size)


def in_capitals(articles: str, size: int) -> str:
    """All capitals."""
    return repeated(articles.upper() + "\n\n", size)


def in_scripts(articles: str, size: int) -> str:
    """Every few words in another script."""
    foreign = cycle(["Курська область", "منطقة كورسك", "库尔斯克州", "クルスク州", "Περιοχή", "קורסק"])
    words = articles.split()
    mixed = [" ".join(words[i : i + 5]) + f" {next(foreign)}" for i in range(0, len(words), 5)]
    return repeated(" ".join(mixed) + "\n", size)


def right_to_left(_: str, size: int) -> str:
    """Right-to-left text with marks of direction and a few Latin names."""
    return repeated(
        "قال الناطق إن القوات دخلت بلدة \u202aSudzha\u202c يوم الأربعاء. \u200fואמר כי הכפר נכבש ", size
    )


def with_controls(articles: str, size: int) -> str:
    """Zero-width and control characters inside and between words."""
    odd = cycle("\u200b\u200c\u200d\u2060\ufeff\u00ad\u0007\u0000\u001b\u0085")
    return repeated("".join(c + next(odd) if i % 7 == 0 else c for i, c in enumerate(articles)), size)


def with_tags(articles: str, size: int) -> str:
    """HTML that slipped through."""
    lines = [
        f'<p class="a"><a href="https://example.org/{i}">{line}</a>&nbsp;</p>'
        for i, line in enumerate(articles.split("\n"))
    ]
    return repeated("\n".join(lines), size)


def in_quotes(_: str, size: int) -> str:
    """Quotation marks nested ever deeper, ten thousand in a hundred thousand characters."""
    half = size // 20
    return "“he said " * half + "it fell" + "”" * half


def open_quotes(_: str, size: int) -> str:
    """Quotation marks that nothing closes."""
    return repeated('He said "the town ‘has fallen. “It was «so', size)


def in_brackets(_: str, size: int) -> str:
    """Brackets nested ever deeper."""
    return repeated("the army (which had ", size // 2) + "left" + repeated(") ", size // 2)


def in_figures(_: str, size: int) -> str:
    """Figures and dates without end."""
    return repeated(
        "12 March 2024, 1,200 km2 and 5 of 30 tanks by 5-7 May, 3 to 4 June; 24 1 000 00,5 ", size
    )


def in_names(_: str, size: int) -> str:
    """One long list of names of places and persons."""
    names = "Sudzha, Martynovka and Kyiv, General Ivan Petrov of Moscow, El Fasher, New York, Idlib, "
    return repeated(names, size)


def in_sayings(_: str, size: int) -> str:
    """Speakers within speakers without end."""
    return repeated("the mayor said that the guard had told the paper that ", size)


def one_word(_: str, size: int) -> str:
    """One word of that length."""
    return repeated("Kurskoblast", size)


def in_marks(_: str, size: int) -> str:
    """Marks and dashes without words."""
    return repeated("— … !? :: -- ** ", size - 20) + " The town fell."


def in_breaks(_: str, size: int) -> str:
    """Line breaks and spaces, a word here and there."""
    return repeated("Kyiv \n \n\n\t\t      \r\n fell   ", size)


SHAPES: dict[str, Callable[[str, int], str]] = {
    "lines": in_lines,
    "paragraph": one_paragraph,
    "no stops": without_stops,
    "capitals": in_capitals,
    "scripts": in_scripts,
    "right to left": right_to_left,
    "controls": with_controls,
    "tags": with_tags,
    "quotes": in_quotes,
    "open quotes": open_quotes,
    "brackets": in_brackets,
    "figures": in_figures,
    "names": in_names,
    "sayings": in_sayings,
    "one word": one_word,
    "marks": in_marks,
    "breaks": in_breaks,
}

if __name__ == "__main__":
    raise SystemExit(main())
