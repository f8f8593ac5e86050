"""Drafts to claims: what the model says it copied is looked up in the text, the rest is worked out.

Drafts of one report enter, with where in the text each was asked about; a `Reading` leaves. Every span of
it stands in the text; what did not is left out and counted, by kind:

`quote`, `source` (the claim goes with it), `source_words`, `cue`, `actor`, `target`, `place`, `quantity`,
`time_words`, `day` (the claim stays), `no_article` (headlines, bylines, page furniture), `same` (said twice).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo

from whoholds.model import (
    Attribution,
    Claim,
    ClaimPlace,
    EventCertainty,
    PlaceMention,
    Quantity,
    Reading,
    Relation,
    Report,
    Span,
    Stance,
    TimeMention,
    TimexType,
    claim_id,
)
from whoholds.places.read import resolve_spans
from whoholds.read.attribution.tree import build_tree
from whoholds.read.certainty import extract_certainty
from whoholds.read.llm.answer import FIRST_YEAR, LAST_YEAR, Draft, DraftQuantity
from whoholds.read.llm.locate import Locator, trim
from whoholds.read.llm.voices import Link, Sides, attributions_of, find_chain, strip_article
from whoholds.read.llm.when import DatedWords, date_by_model, date_by_rules, settle_time
from whoholds.read.quantities import drop_anchored, extract_quantities
from whoholds.read.reader import ReadingContext
from whoholds.read.times import extract_times
from whoholds.text.blocks import BlockKind, find_blocks
from whoholds.text.parse import parse

__all__ = ["LONGEST_QUOTE", "build_reading"]

LONGEST_QUOTE = 1_000
"""Code points after which a quote is no clause."""
_OUTSIDE = frozenset({BlockKind.HEADLINE, BlockKind.BYLINE, BlockKind.FURNITURE})
_DIGITS = re.compile(r"\d+(?:[.,\u00a0\u202f '’]\d+)*")
_FINENESS = {"settlement": 3, "facility": 3, "landform": 2, "water": 2, "other": 2, "admin": 1, "country": 0}


@dataclass(frozen=True, slots=True)
class _Found:
    """A draft whose words were looked up."""

    draft: Draft
    quote: Span
    chain: tuple[Link, ...]
    actor: str | None
    target: str | None
    places: tuple[tuple[Span, Relation], ...]
    quantities: tuple[Quantity, ...]
    time_words: Span | None
    time: DatedWords | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rules read in the same text; empty for languages that they do not read."""

    times: tuple[TimeMention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    factuality: tuple[EventCertainty, ...] = ()
    is_english: bool = False


def build_reading(
    report: Report,
    answers: Iterable[tuple[tuple[int, int], Sequence[Draft]]],
    context: ReadingContext,
    *,
    reader: str,
    language: str | None,
    p: float,
    dropped: Counter[str],
) -> Reading:
    """What a model's drafts come to.

    Args:
        report: The report.
        answers: Stretches of its text, in order, with the drafts for each.
        context: Gazetteer and theatre.
        reader: The reader's versioned name.
        language: The report's language; times and figures of English are read by the rules.
        p: Probability that a claim of this model is right.
        dropped: Counts what is left out, by kind.
    """
    zone = UTC if context.theatre is None else context.theatre.zone
    known = _read_by_rules(report, zone) if language == "en" else _Known()
    sides = Sides(context.gazetteer, context.theatre)
    skipped = _stretches_outside(report)
    found: list[_Found] = []
    for (start, end), drafts in answers:
        locator = Locator(report.text, start, end)
        after = start
        for draft in drafts:
            item = _look_up(draft, report, locator, after, sides, known, zone, skipped, dropped)
            if item is not None:
                found.append(item)
                after = item.quote.start
    mentions = _resolve(report.text, found, context, dropped)
    claims: dict[str, tuple[Claim, _Found]] = {}
    for item in found:
        claim = _claim(item, report, mentions, sides, zone, reader, p)
        if claim.id in claims:
            dropped["same"] += 1
        claims.setdefault(claim.id, (claim, item))
    kept = sorted(claims.values(), key=lambda pair: (pair[0].quote or pair[1].quote, pair[0].id))
    return Reading(
        report=report,
        reader=reader,
        attributions=_attributions(report.text, [item for _, item in kept]),
        places=tuple(sorted(mentions.values(), key=lambda m: m.span)),
        times=known.times or _times(item for _, item in kept),
        quantities=known.quantities or _quantities(item for _, item in kept),
        claims=tuple(claim for claim, _ in kept),
        factuality=known.factuality,
    )


def _read_by_rules(report: Report, zone: tzinfo) -> _Known:
    parsed = parse(report.text)
    times = extract_times(parsed, report.published_at, zone)
    figures = drop_anchored(extract_quantities(parsed, times), times)
    return _Known(times, figures, extract_certainty(build_tree(parsed)), is_english=True)


def _published(report: Report) -> date | datetime | None:
    """The publication, where it anchors: placeholders (0001-01-01, 9999-12-31) do not."""
    moment = report.published_at
    return moment if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _stretches_outside(report: Report) -> list[tuple[int, int]]:
    """Where the text is no article: its headline, its byline, what the page has around it."""
    blocks = [(b.start, b.end) for b in find_blocks(report.text) if b.kind in _OUTSIDE]
    return [*blocks, *report.furniture]


def _look_up(
    draft: Draft,
    report: Report,
    locator: Locator,
    after: int,
    sides: Sides,
    known: _Known,
    zone: tzinfo,
    skipped: Sequence[tuple[int, int]],
    dropped: Counter[str],
) -> _Found | None:
    """A draft with its words as spans, or None where its quote or a source of it is not in the text."""
    quote = _find_quote(draft, locator, after)
    if quote is None or len(quote.exact) > LONGEST_QUOTE:
        dropped["quote"] += 1
        return None
    if any(a <= quote.start and quote.end <= b for a, b in skipped):
        dropped["no_article"] += 1
        return None
    chain = find_chain(draft.sources, quote, locator, sides, report.publisher, dropped)
    if chain is None:
        dropped["source"] += 1
        return None
    draft = replace(draft, stance=_stance(draft, chain))
    if draft.stance is Stance.NO_COMMENT and not chain:
        dropped["label"] += 1
        return None
    time_words = _find_near(draft.time_words, quote, locator, "time_words", dropped)
    time = None
    if time_words is not None:
        time = date_by_rules(report.text, time_words, known.times)
        if time is None:
            time = date_by_model(draft, time_words, _published(report), zone)
    return _Found(
        draft=draft,
        quote=quote,
        chain=chain,
        actor=_find_party(draft.actor, quote, locator, sides, "actor", dropped),
        target=_find_party(draft.target, quote, locator, sides, "target", dropped),
        places=_find_places(draft, quote, locator, dropped),
        quantities=tuple(
            q
            for d in draft.quantities
            if (q := _find_quantity(d, quote, locator, known, dropped)) is not None
        ),
        time_words=time_words,
        time=time,
    )


def _find_quote(draft: Draft, locator: Locator, after: int) -> Span | None:
    """The claim's own words. Said more than once: beside its source where that stands once, else by order."""
    found = locator.occurrences(draft.quote)
    if not found:
        return None
    chosen = found[0]
    if len(found) > 1:
        beside = [d.words or d.name for d in draft.sources] + [p.words for p in draft.places]
        single = [s[0] for words in beside if len(s := locator.occurrences(words)) == 1]
        near = locator.nearest(draft.quote, single) if single else locator.in_order(draft.quote, after)
        chosen = near or chosen
    return trim(locator.text, chosen)


def _stance(draft: Draft, chain: Sequence[Link]) -> Stance:
    """Only the publisher's own voice asserts, and it claims only hearsay."""
    if chain and draft.stance is Stance.ASSERTED:
        return Stance.CLAIMED
    if draft.sources and not chain and draft.stance is Stance.CLAIMED:
        # The publisher was named as its own source.
        return Stance.ASSERTED
    return draft.stance


def _find_near(
    words: str | None, quote: Span, locator: Locator, kind: str, dropped: Counter[str]
) -> Span | None:
    """Words inside the quote, else nearest to it."""
    if words is None:
        return None
    found = locator.inside(words, quote) or locator.nearest(words, [quote])
    if found is None:
        dropped[kind] += 1
    return found


def _find_party(
    words: str | None, quote: Span, locator: Locator, sides: Sides, kind: str, dropped: Counter[str]
) -> str | None:
    """Who acts or suffers, as the text has it; a party's id may stand for words that the text leaves out."""
    if words is None:
        return None
    found = locator.inside(words, quote) or locator.nearest(words, [quote])
    if found is not None:
        return " ".join(strip_article(found.exact).split())
    if sides.theatre is not None and words in sides.theatre.party_ids:
        return words
    dropped[kind] += 1
    return None


def _find_places(
    draft: Draft, quote: Span, locator: Locator, dropped: Counter[str]
) -> tuple[tuple[Span, Relation], ...]:
    found: dict[Span, Relation] = {}
    for place in draft.places:
        span = _find_near(place.words, quote, locator, "place", dropped)
        if span is not None:
            found.setdefault(span, place.relation)
    return tuple(found.items())


def _find_quantity(
    draft: DraftQuantity, quote: Span, locator: Locator, known: _Known, dropped: Counter[str]
) -> Quantity | None:
    """A figure inside the quote: as the rules read it where they do, else as the model does, if it can be."""
    span = locator.inside(draft.words, quote)
    if span is None:
        dropped["quantity"] += 1
        return None
    ruled = next((q for q in known.quantities if q.span is not None and q.span.overlaps(span)), None)
    if ruled is not None:
        return replace(ruled, measure=draft.measure)
    if not _may_mean(span.exact, draft, is_english=known.is_english):
        dropped["quantity"] += 1
        return None
    return Quantity(span, draft.low, draft.high, draft.unit, draft.of, draft.approximator, draft.measure)


def _may_mean(words: str, draft: DraftQuantity, *, is_english: bool) -> bool:
    """Whether a bound is a number that stands in the words, by itself or in thousands, millions, …

    Number words of other languages are the model's to read; in English the rules have read them.
    """
    numbers = {n for match in _DIGITS.findall(words) for n in _values(match)}
    if not numbers:
        return not is_english
    bounds = [b for b in (draft.low, draft.high) if b]
    return any(abs(b - n * 10.0**k) <= 1e-6 * b for b in bounds for n in numbers for k in (0, 3, 6, 9))


def _values(figures: str) -> set[float]:
    """What grouped or decimal figures may mean: the marks' use differs by language."""
    parts = re.split(r"\D+", figures)
    values = {float("".join(parts))}
    if len(parts) > 1:
        values.add(float("".join(parts[:-1]) + "." + parts[-1]))
    return values


def _resolve(
    text: str, found: Sequence[_Found], context: ReadingContext, dropped: Counter[str]
) -> dict[Span, PlaceMention]:
    """All places of the report, decided together. Adjectives of places are no places."""
    spans = sorted({span for item in found for span, _ in item.places})
    mentions = resolve_spans(text, [(s.start, s.end) for s in spans], context.gazetteer, context.theatre)
    kept = {m.span: m for m in mentions if m.role == "literal"}
    dropped["place"] += len(spans) - len(kept)
    return kept


def _claim(
    item: _Found,
    report: Report,
    mentions: dict[Span, PlaceMention],
    sides: Sides,
    zone: tzinfo,
    reader: str,
    p: float,
) -> Claim:
    draft = item.draft
    places = _finest([_place(mentions[s], r) for s, r in item.places if s in mentions])
    when = settle_time(draft.stance, draft.event, item.time, _published(report), zone)
    if places:
        p *= 0.5 + 0.5 * max(min(place.p for place in places), 0.4)
    return Claim(
        id=claim_id(
            report.sha256,
            item.quote,
            [link.source.name for link in item.chain],
            draft.stance,
            draft.polarity,
            draft.event,
            item.actor,
            item.target,
            [place.span for place in places],
        ),
        report_id=report.id,
        quote=item.quote,
        attribution=tuple(link.source for link in item.chain),
        stance=draft.stance,
        polarity=draft.polarity,
        event=draft.event,
        actor=item.actor,
        actor_id=None if item.actor is None else sides.party_of(item.actor, draft.actor_party),
        target=item.target,
        target_id=None if item.target is None else sides.party_of(item.target, draft.target_party),
        places=places,
        holds=when.holds,
        edtf=when.edtf,
        deadline=when.deadline,
        quantities=item.quantities,
        reported_at=report.published_at,
        reader=reader,
        p=round(min(max(p, 0.05), 0.99), 4),
        origin=report.origin,
    )


def _place(mention: PlaceMention, relation: Relation) -> ClaimPlace:
    return ClaimPlace(
        place_id=mention.place_id,
        name=mention.name,
        exact=mention.span.exact,
        span=mention.span,
        lon=mention.lon,
        lat=mention.lat,
        radius_m=mention.radius_m,
        p=mention.p,
        relation=relation,
        kind=mention.kind,
    )


def _finest(places: Sequence[ClaimPlace]) -> tuple[ClaimPlace, ...]:
    """The places without the areas that only say where the finer ones lie; the target before the origin."""
    best = max((_FINENESS.get(p.kind, 2) for p in places), default=0)
    finest = [p for p in places if _FINENESS.get(p.kind, 2) >= min(best, 2)]
    return tuple(sorted(finest, key=lambda p: p.relation is Relation.FROM))


def _attributions(text: str, found: Sequence[_Found]) -> tuple[Attribution, ...]:
    return attributions_of(text, [(item.quote, item.chain) for item in found if item.chain])


def _times(found: Iterable[_Found]) -> tuple[TimeMention, ...]:
    mentions = {
        item.time_words: TimeMention(
            item.time_words, TimexType.DATE, None, item.time.edtf, item.time.interval
        )
        for item in found
        if item.time_words is not None and item.time is not None
    }
    return tuple(mentions[span] for span in sorted(mentions))


def _quantities(found: Iterable[_Found]) -> tuple[Quantity, ...]:
    figures = {q.span: q for item in found for q in item.quantities if q.span is not None}
    return tuple(figures[span] for span in sorted(figures))
