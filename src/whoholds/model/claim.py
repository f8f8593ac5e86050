"""The claim: one source's one statement about the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from whoholds.model.ids import content_id
from whoholds.model.interval import ALWAYS, Interval
from whoholds.model.mention import Quantity, Span
from whoholds.model.vocabulary import Event, MapClass, Polarity, Relation, Stance

__all__ = ["Claim", "ClaimPlace", "Source", "claim_id", "imported_claim_id"]


@dataclass(frozen=True, slots=True)
class Source:
    """One link of an attribution chain.

    Attributes:
        name: As the text has it (the antecedent's, for a pronoun).
        source_id: The theatre registry's id, or None.
        role: publisher, relayer, speaker, map, or a title ("spokesman"); None if unknown.
        side: A party's id, `independent`, `other`, or None if unknown.
        cue: The words that attribute.
    """

    name: str
    source_id: str | None = None
    role: str | None = None
    side: str | None = None
    cue: Span | None = None


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """A place that a claim is about.

    Attributes:
        place_id: Gazetteer id, or None where it stays unresolved.
        name: Preferred English name, or the words.
        exact: The words, or None for imported rows.
        span: Where the words stand, or None.
        lon: Degrees east, or None.
        lat: Degrees north, or None.
        radius_m: Reach or error of the point in metres, or None.
        p: Probability that the resolution is right.
        relation: in, outskirts, near, toward, from, across.
        kind: settlement, admin, country, water, landform, facility or other.
    """

    place_id: str | None
    name: str
    exact: str | None = None
    span: Span | None = None
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    p: float = 1.0
    relation: Relation = Relation.IN
    kind: str = "settlement"


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's one statement: one speaker, one stance, one event, one time.

    Attributes:
        id: Content hash (`claim_id`, `imported_claim_id`): what was said, where, by whom; never scores.
        report_id: The report that it stands in.
        quote: The smallest clause that carries it; None for maps and imported rows.
        attribution: Outermost first (relayer, then speaker); empty for the publisher's own voice.
        stance: How the speaker stands to it.
        polarity: Whether the event is said to be so.
        event: What is said.
        actor: Who acts, in the text's words.
        actor_id: The theatre's id of the actor.
        target: Whom it is done to, in the text's words.
        target_id: The theatre's id of the target.
        places: What it is about; the target place before the origin.
        holds: When it is said to be so; `ALWAYS` where nothing is said.
        edtf: EDTF form of `holds`, or None.
        deadline: For forecasts, the last day named.
        quantities: The figures inside the quote.
        reported_at: When the source said it, else the publication: a day or an aware instant.
        recorded_at: When this ledger learned it: an aware instant, or None outside a ledger.
        echo_of: The claim that this one copies.
        supersedes: The claim of an earlier reading that this one replaces.
        reader: Who read it (`rules.en/3`, `import`).
        p: The reader's calibrated probability that speaker, stance, polarity and event are right as put
            down; where a place is has its own.
        geometry: GeoJSON geometry of a map's claim, else None.
        map_class: What that geometry says, else None.
        origin: `written-for-demo` where the report is of the project's own writing.
    """

    id: str
    report_id: str
    quote: Span | None
    attribution: tuple[Source, ...]
    stance: Stance
    polarity: Polarity
    event: Event
    actor: str | None = None
    actor_id: str | None = None
    target: str | None = None
    target_id: str | None = None
    places: tuple[ClaimPlace, ...] = ()
    holds: Interval = ALWAYS
    edtf: str | None = None
    deadline: date | None = None
    quantities: tuple[Quantity, ...] = ()
    reported_at: date | datetime | None = None
    recorded_at: datetime | None = None
    echo_of: str | None = None
    supersedes: str | None = None
    reader: str = "import"
    p: float = 1.0
    geometry: dict[str, Any] | None = None
    map_class: MapClass | None = None
    origin: str | None = None

    @property
    def speaker(self) -> Source | None:
        """The innermost source, or None for the publisher's own voice."""
        return self.attribution[-1] if self.attribution else None


def claim_id(
    report_sha256: str,
    quote: Span,
    names: Sequence[str],
    stance: Stance,
    polarity: Polarity,
    event: Event,
    actor: str | None,
    target: str | None,
    place_spans: Sequence[Span | None],
) -> str:
    """The id of a claim with words (contracts.md, section 2, Ids).

    Args:
        report_sha256: Hash of the bytes that the report came in.
        quote: The claim's own words.
        names: Names of the attribution chain, outermost first.
        stance: The claim's stance.
        polarity: The claim's polarity.
        event: The claim's event.
        actor: Actor as worded, or None.
        target: Target as worded, or None.
        place_spans: Where the words of each place stand.
    """
    return content_id(
        "claim/1",
        report_sha256,
        quote.start,
        quote.end,
        list(names),
        stance.value,
        polarity.value,
        event.value,
        actor,
        target,
        [None if s is None else [s.start, s.end] for s in place_spans],
    )


def imported_claim_id(
    source_id: str | None,
    reported_at: str | None,
    event: Event,
    actor: str | None,
    where: str | Sequence[str] | None,
    holds: tuple[str | None, str | None],
) -> str:
    """The id of a map's claim or of an imported row (contracts.md, section 2, Ids).

    Args:
        source_id: Who says it.
        reported_at: ISO 8601 text of the day or instant.
        event: The claim's event.
        actor: The party or name that acts.
        where: Place ids, or the hash of the geometry.
        holds: From and to, ISO 8601 text or None.
    """
    return content_id("claim/1", source_id, reported_at, event.value, actor, where, list(holds))
