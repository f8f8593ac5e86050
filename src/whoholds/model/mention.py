"""What a reader finds in a text: spans, places, times, quantities, attributions, certainty of events.

Offsets are Unicode code points into the report's text, half-open; `exact` is the text between them.
"""

from __future__ import annotations

from dataclasses import dataclass

from whoholds.errors import InvariantError
from whoholds.model.interval import Interval
from whoholds.model.vocabulary import Approximator, Measure, TimexType

__all__ = ["Attribution", "Candidate", "EventCertainty", "PlaceMention", "Quantity", "Span", "TimeMention"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a report's text.

    Attributes:
        start: First code point.
        end: First code point after.
        exact: The words, `text[start:end]`.
    """

    start: int
    end: int
    exact: str

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.exact) or not self.exact:
            raise InvariantError(
                f"span [{self.start}, {self.end}) does not fit its words {self.exact[:40]!r}"
            )

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """The span of `text[start:end]`."""
        return cls(start, end, text[start:end])

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether `other` lies within this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a name may mean.

    Attributes:
        place_id: Gazetteer id with its prefix (`geonames:473776`).
        name: The gazetteer's preferred English name.
        lon: Degrees east, WGS84.
        lat: Degrees north, WGS84.
        p: Calibrated probability that this is the place meant.
    """

    place_id: str
    name: str
    lon: float
    lat: float
    p: float


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place name in the text, with what it was resolved to.

    Attributes:
        span: The words.
        place_id: The place meant, or None where it stays unresolved.
        name: Preferred English name (with the type, where it is an area), or the words if unresolved.
        lon: Degrees east, or None.
        lat: Degrees north, or None.
        radius_m: How far from the point the place reaches or may lie, in metres, or None.
        kind: settlement, admin, country, water, landform, facility or other.
        country: ISO 3166-1 alpha-2 code, or None.
        p: Calibrated probability that the resolution is right; of unresolved mentions, 0.
        role: `literal`, `demonym` ("Ukrainian") or `government` ("Kyiv said").
        candidates: All places considered, best first.
    """

    span: Span
    place_id: str | None
    name: str
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    kind: str = "other"
    country: str | None = None
    p: float = 0.0
    role: str = "literal"
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression.

    Attributes:
        span: The words.
        timex: TIMEX3 type.
        value: TIMEX3 value (`2025-03-12`, `P5D`), or None where the text does not settle it.
        edtf: EDTF form of what it means, or None where it cannot be anchored.
        interval: The calendar time meant, or None where it cannot be anchored.
    """

    span: Span
    timex: TimexType
    value: str | None = None
    edtf: str | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit and what it counts.

    Attributes:
        span: The words, approximator and unit included; None where an import gave none.
        low: Lower bound, None for open.
        high: Upper bound, None for open. Equal to `low` for a plain number.
        unit: A unit of the contract, else the noun itself, or None for a bare number.
        of: What is counted or measured, in the text's words.
        approximator: How exactly it is meant.
        measure: For totals of ground or places, what is counted.
    """

    span: Span | None
    low: float | None
    high: float | None
    unit: str | None = None
    of: str | None = None
    approximator: Approximator = Approximator.EXACT
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class EventCertainty:
    """How certain a text is that an event happened, holds or will happen, by the words of who tells it.

    Attributes:
        span: The word that tells it: a verb, a predicate, a noun (that what it names happened or is there).
        value: 3 certain, 2 probable, 1 possible, with the sign of the polarity; 0 where it is left open
            (asked, ordered, wanted, conditional). The scale of Stanovsky et al., ACL 2017.
    """

    span: Span
    value: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to have said (thought, ordered) what, in the text's own words.

    Attributes:
        source: The words that name the source, or None.
        cue: The words that show the attribution ("said", "according to"), or None.
        content: What is attributed, in one or several pieces.
        kind: direct, indirect or mixed.
        nested_in: Index, in the reading's list, of the attribution whose content holds this one.
        source_name: The antecedent's name, where the source is a pronoun or a description.
        p: Calibrated probability that this is an attribution with this source.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: str = "indirect"
    nested_in: int | None = None
    source_name: str | None = None
    p: float = 1.0
