"""Compile annotated reports (`gold/source/PART/*.gold`) into `gold/PART/{reports,gold}.jsonl`.

A source file holds one report as people write it: a head of `key: value` lines, `---`, the text, `===`, and
the claims, each a block of `key: value` lines with an empty line between. Quotes and places are given by
their words; the compiler finds their offsets and refuses words that are not in the text.

    id: sahel-01
    publisher: Example Wire
    published_at: 2024-05-03
    manner: wire
    party: BF = the army | Burkinabe troops  # a party: its id = its words in this text
    ---
    Text of the report …
    ===
    quote: rebels had taken the town
    by: Example Wire > Col. A. Person [BF]        # outermost first; [side]; empty for the publisher
    stance: claimed
    event: control_gained
    actor: JNIM
    target: BF
    place: in Djibo @ -1.63,14.10 | Djibo town    # relation name @ lon,lat | aliases
    holds: ../2024-05-03
    figure: over 400 troops = 400.. persons over  # words = low..high unit approximator measure

An actor or target that is a declared party's id becomes `actor_id`, and `actor` its words: the longest
that stand in the quote, else the first. Any other actor or target is the words themselves.

`#2` after a quote's or figure's words takes the second occurrence. `polarity: negative`, `deadline: DATE`
and further `place:` and `figure:` lines where needed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KEYS = {
    "quote",
    "by",
    "stance",
    "polarity",
    "event",
    "actor",
    "target",
    "place",
    "holds",
    "deadline",
    "figure",
    "note",
}


class GoldError(Exception):
    """A source file that cannot be compiled: file, claim and reason."""


def main() -> int:
    """Compile every part; list all errors before stopping."""
    failed = 0
    for folder in sorted(p for p in (HERE / "gold" / "source").iterdir() if p.is_dir()):
        reports, gold = [], []
        for path in sorted(folder.glob("*.gold")):
            try:
                report, record = compile_file(path)
            except GoldError as error:
                print(f"{path.relative_to(HERE)}: {error}", file=sys.stderr)
                failed += 1
                continue
            reports.append(report)
            gold.append(record)
        target = HERE / "gold" / folder.name
        target.mkdir(exist_ok=True)
        for name, records in (("reports.jsonl", reports), ("gold.jsonl", gold)):
            lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
            (target / name).write_text(lines, encoding="utf-8")
        claims = sum(len(r["claims"]) for r in gold)
        print(f"{folder.name}: {len(reports)} reports, {claims} claims")
    return 1 if failed else 0


def compile_file(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The batch line and the gold record of one source file."""
    content = path.read_text("utf-8")
    if content.count("\n---\n") != 1 or content.count("\n===\n") != 1:
        raise GoldError("needs exactly one line `---` and one line `===`")
    head, rest = content.split("\n---\n")
    text, claims = rest.split("\n===\n")
    meta = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    text = text.strip("\n")
    parties = read_parties(head, text)
    for key in ("id", "publisher", "published_at"):
        if key not in meta:
            raise GoldError(f"the head has no {key}")
    report = {
        "id": meta["id"],
        "text": text,
        "published_at": meta["published_at"],
        "publisher": meta["publisher"],
        "lang": "en",
        "origin": "written-for-evaluation",
    }
    blocks = [b for b in re.split(r"\n\s*\n", claims.strip("\n")) if b.strip()]
    compiled = [compile_claim(block, text, meta["id"], parties) for block in blocks]
    return report, {"id": meta["id"], "manner": meta.get("manner"), "claims": compiled}


def read_parties(head: str, text: str) -> dict[str, list[str]]:
    """Party id to the words for it, each of which must be in the text, capitals apart."""
    parties: dict[str, list[str]] = {}
    for line in head.splitlines():
        if line.startswith("party: "):
            name, equals, words = line.removeprefix("party: ").partition(" = ")
            if not equals:
                raise GoldError(f"cannot read {line!r}; write: party: ID = WORDS | WORDS")
            parties[name.strip()] = [w.strip() for w in words.split("|")]
    for words in (w for listed in parties.values() for w in listed):
        if not _has_words(text, words):
            raise GoldError(f"the party's words {words!r} are not in the text")
    return parties


def compile_claim(
    block: str, text: str, report_id: str, parties: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """One claim block as C of the contract."""
    fields: dict[str, list[str]] = {}
    for line in block.splitlines():
        key, colon, value = line.partition(":")
        if not colon or key.strip() not in KEYS:
            raise GoldError(f"cannot read the line {line!r}")
        fields.setdefault(key.strip(), []).append(value.strip())

    def one(key: str) -> str | None:
        values = fields.get(key, [])
        if len(values) > 1:
            raise GoldError(f"{key} comes twice in the claim {fields['quote'][0][:50]!r}")
        return values[0] or None if values else None

    words = one("quote")
    if words is None:
        raise GoldError(f"a claim has no quote: {block[:60]!r}")
    quote = locate(words, text)
    holds = one("holds")
    start, end = (None, None) if holds is None else _ends(holds)
    actor, actor_id = _name_party(one("actor"), quote["exact"], parties)
    target, target_id = _name_party(one("target"), quote["exact"], parties)
    return {
        "report_id": report_id,
        "quote": quote,
        "attribution": [_source(part) for part in (one("by") or "").split(" > ") if part.strip()],
        "stance": one("stance"),
        "polarity": one("polarity") or "positive",
        "event": one("event"),
        "actor": actor,
        "actor_id": actor_id,
        "target": target,
        "target_id": target_id,
        "places": [_place(value) for value in fields.get("place", [])],
        "holds": {"from": start, "to": end},
        "deadline": one("deadline"),
        "quantities": [_figure(value, quote, text) for value in fields.get("figure", [])],
    }


def _name_party(
    value: str | None, quote: str, parties: Mapping[str, Sequence[str]]
) -> tuple[str | None, str | None]:
    """Words and id of an actor or target."""
    if value is None or value not in parties:
        return value, None
    listed = parties[value]
    inside = [words for words in listed if _has_words(quote, words)]
    return max(inside, key=len, default=listed[0]), value


def _has_words(text: str, words: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", text, re.IGNORECASE) is not None


def locate(words: str, text: str, within: tuple[int, int] | None = None) -> dict[str, Any]:
    """The span of some words in the text; `#2` takes the second occurrence."""
    match = re.search(r"\s#(\d+)$", words)
    number, exact = (int(match.group(1)), words[: match.start()]) if match else (1, words)
    low, high = within or (0, len(text))
    start = low - 1
    for _ in range(number):
        start = text.find(exact, start + 1, high)
        if start < 0:
            raise GoldError(f"the words {exact!r} are not in the text" + (" of the quote" if within else ""))
    if match is None and within is None and text.find(exact, start + 1) >= 0:
        raise GoldError(f"the words {exact!r} come more than once: write #1 or #2 behind them")
    return {"start": start, "end": start + len(exact), "exact": exact}


def _ends(value: str) -> tuple[str | None, str | None]:
    left, slash, right = value.partition("/")
    if not slash:
        return left, left
    return (None if left in ("", "..") else left), (None if right in ("", "..") else right)


def _source(text: str) -> dict[str, Any]:
    match = re.fullmatch(r"(.*?)(?:\s*\[([\w-]+)\])?", text.strip())
    assert match is not None
    return {"name": match.group(1), "side": match.group(2)}


def _place(text: str) -> dict[str, Any]:
    match = re.fullmatch(
        r"(in|outskirts|near|toward|from|across) (.+?)(?: @ (-?[\d.]+), ?(-?[\d.]+))?(?: \| (.+))?", text
    )
    if not match:
        raise GoldError(f"cannot read the place {text!r}; write: in NAME @ LON,LAT | ALIAS | ALIAS")
    relation, name, lon, lat, aliases = match.groups()
    return {
        "name": name,
        "relation": relation,
        "lon": float(lon) if lon else None,
        "lat": float(lat) if lat else None,
        "aliases": [a.strip() for a in aliases.split("|")] if aliases else [],
    }


def _figure(text: str, quote: dict[str, Any], report: str) -> dict[str, Any]:
    words, equals, value = text.rpartition(" = ")
    match = re.fullmatch(r"(-?[\d.]*?)(\.\.(-?[\d.]*))?(?: ([\w/ -]+?))?", value)
    if not equals or not match:
        raise GoldError(
            f"cannot read the figure {text!r}; write: WORDS = LOW..HIGH UNIT APPROXIMATOR MEASURE"
        )
    low, dots, high, rest = match.groups()
    for words_, name in SPELT.items():
        rest = re.sub(rf"\b{words_}\b", name, rest or "")
    parts = (rest or "").split()
    approximator = next((p for p in parts if p in APPROXIMATORS), "exact")
    measure = next((p for p in parts if p in MEASURES), None)
    unit = " ".join(p for p in parts if p not in APPROXIMATORS and p not in MEASURES) or None
    bottom = float(low) if low else None
    top = (float(high) if high else None) if dots else bottom
    span = locate(words, report, (quote["start"], quote["end"]))
    return span | {"low": bottom, "high": top, "unit": unit, "approximator": approximator, "measure": measure}


SPELT = {
    "at least": "at_least",
    "no fewer than": "at_least",
    "more than": "over",
    "up to": "up_to",
    "some|perhaps|roughly|around|estimated": "about",
    "near|barely|almost": "nearly",
}
"""Approximators as annotators wrote them."""
APPROXIMATORS = {"about", "over", "at_least", "under", "up_to", "nearly", "exact"}
MEASURES = {"held", "taken", "retaken", "lost", "remaining", "share"}

if __name__ == "__main__":
    raise SystemExit(main())
