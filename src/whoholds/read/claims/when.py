"""When a claim is said to hold: its own date, else open to the day it was said.

Time mentions and a clause enter; the interval, its EDTF form and a forecast's deadline leave.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from whoholds.model import ALWAYS, Event, Interval, Stance, TimeMention, TimexType
from whoholds.read.attribution.types import AttributedSpeech
from whoholds.read.claims.daytimes import find_log, heads_note, is_comparison, is_stamp, join_times
from whoholds.read.claims.lasting import (
    count_days,
    days_ahead,
    days_standing,
    days_taken,
    find_since_then,
    last_told,
)
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.datelines import find_datelines
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Doc, Token

__all__ = ["Clock", "When"]

_OPEN_STANCES = frozenset({Stance.INTENDED, Stance.CONSIDERED, Stance.PROPOSED, Stance.PREDICTED})
_LASTING = frozenset({Event.CONTROL_HELD})
_DAY = 86_400.0
"""Seconds of a day."""
_LABEL = 20
"""Tokens of the longest label of an entry."""
_LIMITS = frozenset({"by", "within", "before", "than", "inside"})
"""Prepositions of a last day ("no later than Friday")."""
_ENDS = frozenset({"until", "till", "through"})
_UNTIL = frozenset({"until", "till"})
_FOR = frozenset({"for"})
_BESIDE = frozenset({"relcl", "acl", "advcl", "ccomp", "pcomp", "csubj"})
_POSSIBLE = frozenset({"may", "might", "could"})
_STATES = frozenset({"be", "have", "hold", "know", "own", "control", "lie", "belong", "contain", "number"})
"""Verbs whose plain form after "may" tells of now."""
_WITHIN = frozenset({"within", "in", "inside"})
_BETWEEN = frozenset({"the", "about", "around", "early", "late", "mid", "at", "latest", "this", "next", "-"})
_REACH = 40
"""How many tokens back a time looks for the verb that it follows."""


@dataclass(frozen=True, slots=True)
class When:
    """The time of a claim."""

    holds: Interval
    edtf: str | None = None
    deadline: date | None = None
    said_at: date | datetime | None = None
    own: TimeMention | None = None


class Clock:
    """Times of one report, by the verb that they belong to."""

    def __init__(
        self,
        parsed: Parsed,
        times: Sequence[TimeMention],
        published_at: date | datetime | None,
        zone: tzinfo,
        speeches: Sequence[AttributedSpeech] = (),
    ) -> None:
        self._doc = parsed.doc
        self._zone = zone
        self._published = published_at
        self._times = join_times(parsed.text, times, zone)
        self._owned: dict[int, list[tuple[int, TimeMention]]] = {}
        self._starts: dict[int, int] = {}
        self._labels: dict[int, tuple[int, TimeMention]] = {}
        self._said: dict[str, date] = {}
        self._dated: list[tuple[int, TimeMention]] = []
        labels = {token for speech in speeches for token in _label_of(parsed.doc, speech)}
        self._log = find_log(parsed.text, parsed.blocks, times)
        datelines = find_datelines(parsed.text, parsed.blocks)
        lines = [first for first, _ in datelines]
        for mention in self._times:
            span = parsed.doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
            if span is None or mention.timex is TimexType.SET:
                continue
            if span.start in labels:
                self._dated.append((span.start, mention))
                continue
            if is_comparison(parsed.doc, span.start) or is_stamp(parsed, span.start, span.end):
                continue
            line = bisect_right(lines, mention.span.start) - 1
            if line >= 0 and mention.span.start < datelines[line][1]:
                # The day of a dateline is that of writing.
                continue
            if heads_note(parsed.doc, span.start, span.end) and mention.interval is not None:
                self._labels[span.root.sent.start] = (span.start, mention)
            self._starts[id(mention)] = span.start
            for owner in _owners(span.root, span.start):
                self._owned.setdefault(owner, []).append((span.start, mention))

    def said_at(self, speech: AttributedSpeech | None, names: Sequence[str] = ()) -> date | datetime | None:
        """The day on which a source said something: its cue's or its label's, else that of what the same
        source said before, else the publication.

        Args:
            speech: The speech, or None in the publisher's own voice.
            names: Its chain of sources, outermost first. Speeches are asked for in the order of the text.
        """
        if speech is None:
            return self._published
        day = self._label_day(speech)
        if day is None and speech.cue_head is not None:
            day = self._day_of(m for _, m in self._owned.get(speech.cue_head, ()))
        if day is not None:
            self._said.update(dict.fromkeys(names[-1:], day))
            return day
        return next((self._said[n] for n in (*names[-1:], *names[:1]) if n in self._said), self._published)

    def said_on(self, verb: int) -> date | datetime | None:
        """The day on which somebody was silent: the verb's own, else the publication."""
        return self._day_of(m for _, m in self._owned.get(verb, ())) or self._published

    def _label_day(self, speech: AttributedSpeech) -> date | None:
        """The day in the label of an entry ("Radio Borna, 15 May: the bridge holds")."""
        stretch = _label_of(self._doc, speech)
        return self._day_of(m for s, m in self._dated if s in stretch)

    def _day_of(self, mentions: Iterable[TimeMention]) -> date | None:
        for mention in mentions:
            if mention.interval is not None and mention.interval.is_bounded:
                first, last = mention.interval.to_days(self._zone)
                is_past = self._published is None or (first is not None and first <= _day(self._published))
                if first == last and is_past:
                    return first
        return None

    def of_clause(
        self,
        verbs: Sequence[int],
        *,
        stance: Stance,
        event: Event,
        said_at: date | datetime | None,
        inherited: TimeMention | None = None,
        is_ahead: bool = False,
        is_lasting: bool = False,
        clause: Collection[int] = (),
    ) -> When:
        """The time of a claim.

        Args:
            verbs: Tokens of the clause's predicate chain, innermost first; their times count.
            clause: Its tokens: a time among them that stands in no clause inside it is its own as well.
            stance: The claim's stance.
            event: The claim's event.
            said_at: When its source said it.
            inherited: The time of the clause that a participle hangs on.
            is_ahead: Whether the clause tells of what is yet to come, whatever its stance.
            is_lasting: Whether an intention holds from its day on ("has no plan to attack").
        """
        start, own = self._own(verbs)
        if own is None:
            start, own = self._label(verbs)
        if own is None and stance not in (Stance.PROPOSED, Stance.CONSIDERED):
            start, own = self._stray(clause, verbs[-1])
        if own is None and inherited is not None:
            own, start = inherited, None
        if own is None and stance not in _OPEN_STANCES:
            own = self._log_day(verbs, said_at)
        if stance in _OPEN_STANCES or (
            stance is Stance.SUGGESTED
            and (is_ahead or self._may_come(verbs) or self._is_coming(own, said_at))
        ):
            return self._open(stance, event, own, start, said_at, verbs, is_lasting=is_lasting)
        if stance is Stance.ORDERED:
            day = None if said_at is None else _day(said_at)
            last = self._last_day(verbs, own, said_at)
            return When(Interval.from_days(day, last, self._zone) if day else ALWAYS, said_at=said_at)
        since = self._since_then((*clause, *verbs), said_at)
        if since is not None:
            return When(since, said_at=said_at)
        if own is None or own.interval is None:
            return When(self._length(verbs, clause, said_at) or self._until(said_at), said_at=said_at)
        interval = own.interval
        start = self._starts.get(id(own)) if start is None else start
        if start is not None and self._follows_by(start) and interval.end is not None:
            return When(Interval(None, interval.end), said_at=said_at, own=own)
        if start is not None and self._follows(start, _UNTIL) and interval.end is not None:
            return When(self._up_to(own, said_at), said_at=said_at, own=own)
        if _is_night(own) and interval.start is not None and said_at is not None:
            # A night lies in two days: the past one began the day before it was told of.
            day = interval.to_days(self._zone)[0]
            if day is not None and day < _day(said_at):
                nights = Interval.from_days(day, day + timedelta(days=1), self._zone)
                return When(nights, said_at=said_at, own=own)
        if start is not None and self._follows_since(start):
            first = interval.start
            end = self._until(said_at).end
            if first is not None and (end is None or first < end):
                return When(Interval(first, end), said_at=said_at, own=own)
        if interval.end is not None and said_at is not None and _width(own) > _DAY:
            begins, ends = interval.to_days(self._zone)
            if begins is not None and ends is not None and begins <= _day(said_at) < ends:
                # "This week": what has been is told up to the day of telling.
                return When(Interval.from_days(begins, _day(said_at), self._zone), said_at=said_at, own=own)
        return When(interval, own.edtf, said_at=said_at, own=own)

    def _open(
        self,
        stance: Stance,
        event: Event,
        own: TimeMention | None,
        start: int | None,
        said_at: date | datetime | None,
        verbs: Sequence[int],
        *,
        is_lasting: bool,
    ) -> When:
        """The time of what is not yet: nothing where no day is named, else up to that day."""
        last = self._last_day(verbs, own, said_at)
        if last is not None and self._is_limit(start):
            if stance is Stance.PREDICTED:
                # When it will be is open; by when, is what the forecast is held to.
                return When(ALWAYS, deadline=last, said_at=said_at, own=own)
            return When(Interval.from_days(None, last, self._zone), said_at=said_at, own=own)
        if last is not None and start is not None and self._follows(start, _ENDS) and said_at is not None:
            # "The checkpoints will stay until Friday": from now to then.
            if stance is Stance.INTENDED:
                return When(Interval.from_days(_day(said_at), last, self._zone), said_at=said_at, own=own)
            return When(ALWAYS, said_at=said_at, own=own)
        if stance in (Stance.SUGGESTED, Stance.PREDICTED) and last is not None and own is not None:
            is_day = own.interval is not None and own.interval.to_days(self._zone)[0] == last
            if own.interval is not None and not (is_day and stance is Stance.PREDICTED):
                return When(own.interval, said_at=said_at, own=own)
        if last is not None:
            return When(Interval.from_days(None, last, self._zone), said_at=said_at, own=own)
        if stance is Stance.INTENDED and (event in _LASTING or is_lasting) and said_at is not None:
            return When(Interval.from_days(_day(said_at), None, self._zone), said_at=said_at)
        return When(ALWAYS, said_at=said_at)

    def _may_come(self, verbs: Sequence[int]) -> bool:
        """Whether an act may come ("could leave", "might be moved"), not a state be so ("may be there")."""
        for verb in verbs:
            token = self._doc[verb]
            words = {c.lower_ for c in token.children if c.dep_ in ("aux", "auxpass")}
            if words & _POSSIBLE:
                if token.tag_ == "VB":
                    return lemma_of(token) not in _STATES
                return token.tag_ in ("VBN", "VBD") and "be" in words and "have" not in words
        return False

    def _is_coming(self, own: TimeMention | None, said_at: date | datetime | None) -> bool:
        """Whether a time is later than the day on which it was spoken of."""
        if own is None or own.interval is None or own.interval.start is None or said_at is None:
            return False
        first = own.interval.to_days(self._zone)[0]
        return first is not None and first > _day(said_at)

    def _last_day(
        self, verbs: Sequence[int], own: TimeMention | None, said_at: date | datetime | None
    ) -> date | None:
        """The last day of what is to come that the words name ("by Friday", "within two weeks")."""
        if own is None or own.interval is None:
            return self._ahead_length(verbs, said_at)
        if own.interval.end is None:
            return None
        first, last = own.interval.to_days(self._zone)
        if first is not None and "weekend" in own.span.exact.lower():
            last = first
        is_past = said_at is not None and last is not None and last < _day(said_at)
        return None if is_past else last

    def _ahead_length(self, verbs: Sequence[int], said_at: date | datetime | None) -> date | None:
        """The day by which a length from the day of saying is over: "within a week", "in two days"."""
        if said_at is None:
            return None
        for verb in verbs:
            for start, mention in self._owned.get(verb, ()):
                day = days_ahead(mention.value or "", _day(said_at))
                if day is not None and self._follows(start, _WITHIN):
                    return day
        return None

    def _is_limit(self, start: int | None) -> bool:
        """Whether the day named is the last by which it is to be, as a length from now on always is."""
        return start is None or self._follows(start, _LIMITS)

    def _follows(self, start: int, words: frozenset[str]) -> bool:
        """Whether a time stands under one of some prepositions, adverbs between them left out."""
        at = start
        if self._doc[at].lower_ in words:
            return True
        while at > 0 and self._doc[at - 1].lower_ in _BETWEEN:
            at -= 1
        return at > 0 and self._doc[at - 1].lower_ in words

    def _own(self, verbs: Sequence[int]) -> tuple[int | None, TimeMention | None]:
        for verb in verbs:
            dated = [(s, m) for s, m in self._owned.get(verb, ()) if m.interval is not None]
            if dated:
                # The narrowest of several ("in May, on Monday"); an hour lies in the day that is named.
                days = [e for e in dated if e[1].timex is TimexType.DATE and _width(e[1]) <= _DAY]
                return min(days or dated, key=lambda e: _width(e[1]))
        return None, None

    def _stray(self, clause: Collection[int], head: int) -> tuple[int | None, TimeMention | None]:
        """The one time in a clause that hangs on none of its predicates, nor on a clause inside it."""
        words = set(clause)
        found = {
            id(mention): (start, mention)
            for owner in words
            for start, mention in self._owned.get(owner, ())
            if start in words
            and mention.interval is not None
            and not self._is_told_beside(owner, words, head)
        }
        return next(iter(found.values())) if len(found) == 1 else (None, None)

    def _is_told_beside(self, owner: int, clause: Collection[int], head: int) -> bool:
        """Whether a word stands in a clause inside the clause: "the men who fled on Monday are back".

        The participle of a note without another verb is what it tells: "Alba: two men killed on Monday".
        """
        token = self._doc[owner]
        for _ in range(8):
            is_note = token.dep_ == "acl" and self._doc[head].pos_ not in ("VERB", "AUX")
            if token.dep_ in _BESIDE and token.head.i in clause and not is_note:
                return True
            if token.head == token or token.head.i not in clause:
                break
            token = token.head
        return False

    def _log_day(self, verbs: Sequence[int], said_at: date | datetime | None) -> TimeMention | None:
        """The day of the log whose entry a clause stands in, where it came out on a later one."""
        if self._log is None or said_at is None:
            return None
        day, entries = self._log
        said = self._until(said_at).end
        if day.interval is None or day.interval.end is None or said is None or day.interval.end >= said:
            return None
        at = self._doc[verbs[-1]].idx
        entry = bisect_right([first for first, _ in entries], at) - 1
        return day if entry >= 0 and at < entries[entry][1] else None

    def time_of(self, verb: int) -> TimeMention | None:
        """The time that belongs to a predicate, or None."""
        return self._own((verb,))[1]

    def is_since(self, mention: TimeMention) -> bool:
        """Whether a time is where a state began ("since April"), which no other clause shares."""
        start = self._starts.get(id(mention))
        return start is not None and self._follows_since(start)

    def _label(self, verbs: Sequence[int]) -> tuple[int | None, TimeMention | None]:
        """The day that heads a note: "2 March: ambulance fired on, driver hurt"."""
        if not verbs:
            return None, None
        found = self._labels.get(self._doc[verbs[0]].sent.start)
        return (None, None) if found is None or found[0] > verbs[0] else found

    def _length(
        self, verbs: Sequence[int], clause: Collection[int], said_at: date | datetime | None
    ) -> Interval | None:
        """The days that something took or has lasted, where no day is named."""
        if said_at is None:
            return None
        said = _day(said_at)
        owned = [(self._doc[v], start, m.value or "") for v in verbs for start, m in self._owned.get(v, ())]
        days = (
            next((d for verb, start, value in owned if (d := days_taken(verb, start, value, said))), None)
            or next(
                (
                    d
                    for verb, start, value in owned
                    if self._follows(start, _FOR) and (d := days_standing(verb, value, said))
                ),
                None,
            )
            or count_days(self._doc, clause, said)
        )
        return None if days is None else Interval.from_days(*days, self._zone)

    def _since_then(self, clause: Collection[int], said_at: date | datetime | None) -> Interval | None:
        """From the day told last to that of telling: "since then", "has since held it"."""
        word = find_since_then(self._doc, clause)
        mention = None if word is None else last_told(self._times, self._doc[word].idx)
        until = self._until(said_at).end
        if mention is None or mention.interval is None or until is None:
            return None
        first, last = mention.interval.to_days(self._zone)
        begun = last or first
        if begun is None or said_at is None or begun >= _day(said_at):
            return None
        return Interval(Interval.from_days(begun, None, self._zone).start, until)

    def is_dated_ahead(self, verbs: Sequence[int], said_at: date | datetime | None) -> bool:
        """Whether a predicate has a day of its own that is yet to come when it is spoken of."""
        start, own = self._own(verbs)
        return start is not None and self._is_coming(own, said_at) and not self._follows(start, _LIMITS)

    def _until(self, said_at: date | datetime | None) -> Interval:
        return (
            ALWAYS if said_at is None else Interval.from_days(None, _day_in(said_at, self._zone), self._zone)
        )

    def _up_to(self, own: TimeMention, said_at: date | datetime | None) -> Interval:
        """What went on until a day, or from the day of telling will: "held it until May"."""
        last = None if own.interval is None else own.interval.to_days(self._zone)[1]
        said = None if said_at is None else _day(said_at)
        is_ahead = said is not None and last is not None and last > said
        return Interval.from_days(said if is_ahead else None, last, self._zone)

    def _follows_by(self, start: int) -> bool:
        """Whether a time only bounds what is told ("by Thursday night shots had been heard")."""
        return self._doc[start].lower_ == "by" or (start > 0 and self._doc[start - 1].lower_ == "by")

    def _follows_since(self, start: int) -> bool:
        return start > 0 and (self._doc[start].lower_ == "since" or self._doc[start - 1].lower_ == "since")


def _label_of(doc: Doc, speech: AttributedSpeech) -> range:
    """The tokens of a label between its source and the colon before what it brings."""
    if speech.source_tokens is None or not speech.content_tokens:
        return range(0)
    first, last = speech.source_tokens[0], speech.content_tokens[0][0]
    colon = next((i for i in range(last - 1, max(last - 4, first), -1) if doc[i].text == ":"), None)
    is_near = colon is not None and colon - first <= _LABEL
    return range(first, colon) if colon is not None and is_near else range(0)


def _owners(root: Token, start: int) -> list[int]:
    """The predicates that a time belongs to: the verb it hangs on, or the noun, and the verb above that."""
    found: list[int] = []
    current = root
    for _ in range(8):
        head = current.head
        if head == current:
            break
        current = head
        if current.pos_ in ("VERB", "AUX"):
            found.append(_nearest_before(current, start))
            if not _is_of_what_there_is(current):
                break
        if current.pos_ in ("NOUN", "PROPN"):
            found.append(current.i)
    return found


def _is_of_what_there_is(verb: Token) -> bool:
    """A participle after what there is or is not: "there will be nobody left by Friday" dates the being."""
    return verb.dep_ == "acl" and verb.head.dep_ in ("attr", "nsubj") and verb.head.head.lemma_ == "be"


def _nearest_before(verb: Token, start: int) -> int:
    """A time between two verbs belongs to the first ("ground seized last year had been retaken")."""
    if start > verb.i:
        return verb.i
    inner = [
        t
        for t in verb.doc[max(verb.left_edge.i, start - _REACH) : start]
        if t.pos_ == "VERB" and t.dep_ in ("relcl", "acl", "advcl") and verb.is_ancestor(t)
    ]
    if not inner:
        return verb.i
    nearest = max(inner, key=lambda t: t.i)
    between = verb.doc[nearest.i : start]
    return verb.i if any(t.text == "," for t in between) else nearest.i


def _is_night(mention: TimeMention) -> bool:
    return mention.span.exact.lower().removeprefix("the ").split()[-1:] == ["night"] and any(
        w in mention.span.exact.lower() for w in ("last", "through", "during", "over")
    )


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _day_in(moment: date | datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def _width(mention: TimeMention) -> float:
    duration = None if mention.interval is None else mention.interval.duration
    return float("inf") if duration is None else duration.total_seconds()
