"""Claims out of everything that was found: one source's one statement each.

A `Material` enters (parse, report, speeches, events, places, times, quantities, parties); claims in the
order of the text leave, with contract ids. Pure: no gazetteer beyond what `Parties` was given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from whoholds.model import (
    EVENT_GROUPS,
    Claim,
    ClaimPlace,
    Event,
    Polarity,
    Quantity,
    Source,
    Span,
    Stance,
    TimeMention,
    claim_id,
)
from whoholds.read.claims.actors import Actors
from whoholds.read.claims.allegiance import named_beside, side_of_name
from whoholds.read.claims.counts import count_of
from whoholds.read.claims.fights import as_contest, is_tried
from whoholds.read.claims.figures import settle_figures
from whoholds.read.claims.fragments import is_calm, is_negated_fragment
from whoholds.read.claims.material import Material
from whoholds.read.claims.party import Party, is_part
from whoholds.read.claims.quote import clause_tokens, host_of_note, quote_of, whole_clause
from whoholds.read.claims.stance import schedule_stance, settle_stance
from whoholds.read.claims.units import Unit, find_units
from whoholds.read.claims.voices import Voices
from whoholds.read.claims.when import Clock
from whoholds.read.claims.where import Whereabouts
from whoholds.read.events.arguments import descendants, is_passive
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.read.wording import settle_event
from whoholds.text.datelines import find_datelines
from whoholds.text.tokens import Token

__all__ = ["extract_claims"]


_UNIT_OF = {Event.CASUALTIES: True, Event.CAPTURE_OF_PERSONS: True, Event.EQUIPMENT_LOSSES: False}
"""Whether the count of an event is of persons: in two counts of one clause each claim keeps its own."""
_DEEDS = frozenset({"territory", "presence", "fire", "count"})
"""Groups of events in which who tells of one has no part in it by that."""
_HELD = frozenset({Stance.ORDERED, Stance.PROPOSED, Stance.INTENDED, Stance.CONSIDERED})
"""Stances whose speaker is who orders, proposes or intends, whoever tells of it."""
_ORDERING = frozenset({"order", "command", "instruct", "direct", "decree", "forbid", "prohibit"})
_GIVING = _ORDERING | {"ban", "bar", "demand", "urge", "ask", "request", "seek", "offer", "propose", "invite"}
"""Verbs by which orders and offers are given."""
_GIVEN = frozenset({Stance.ORDERED, Stance.PROPOSED})
_ORDERING_FRAMES = frozenset({"give_deadline"})
_LIST_CHARS = 200
"""How far after a number of places their names may begin."""
_AHEAD = frozenset({Stance.PREDICTED, Stance.INTENDED, Stance.PROPOSED, Stance.CONSIDERED})


def extract_claims(material: Material) -> tuple[Claim, ...]:
    """The claims of one report, in the order of the text."""
    doc = material.parsed.doc
    voices = Voices(
        doc,
        material.speeches,
        material.parties,
        material.theatre,
        material.places,
        material.report.publisher,
    )
    if material.publisher_side is None:
        told = frozenset(i for content in voices.content for i in content)
        material = replace(material, publisher_side=material.parties.side_of_voice(told))
    units = find_units(material.parsed, material.events, voices)
    where = Whereabouts(material.parsed, material.places, material.relation_of)
    for words in voices.own_words:
        where.leave_out(words)
    _leave_datelines(material, where)
    clock = Clock(
        material.parsed, material.times, material.report.published_at, material.zone, voices.speeches
    )
    actors = Actors(doc, material.parties, material.publisher_side)
    builder = _Builder(material, voices, where, clock, actors, units)
    found: list[Claim] = []
    seen: set[str] = set()
    for unit in units:
        claim = builder.build(unit)
        if claim is not None and claim.id not in seen:
            seen.add(claim.id)
            found.append(claim)
    return tuple(found)


def _leave_datelines(material: Material, where: Whereabouts) -> None:
    """Take the towns of datelines for no places of claims where their paragraph names another."""
    parsed = material.parsed
    datelines = find_datelines(parsed.text, parsed.blocks)
    if not datelines:
        return
    named = sorted(p.span.start for p in material.places)
    starts = [t.idx for t in parsed.doc.tokens]
    for first, last in datelines:
        block = parsed.block_at(first)
        end = len(parsed.text) if block is None else block.end
        if bisect_left(named, end) > bisect_left(named, last):
            where.leave_out(range(bisect_left(starts, first), bisect_left(starts, last)))


class _Builder:
    """Builds the claims of one report in turn; later ones lean on earlier ones."""

    def __init__(
        self,
        material: Material,
        voices: Voices,
        where: Whereabouts,
        clock: Clock,
        actors: Actors,
        units: Sequence[Unit],
    ) -> None:
        self.m = material
        self.doc = material.parsed.doc
        self.voices = voices
        self.where = where
        self.clock = clock
        self.actors = actors
        self.heads = frozenset(u.head for u in units)
        self.witness = material.witness
        self.witness.hear(map(voices.chain, range(len(voices.speeches))))
        self.own_times: dict[int, TimeMention] = {}
        self.told_on: tuple[int, TimeMention] | None = None
        self._clauses = {id(u): self._clause(self.doc[u.head], u) for u in units if u.silent is None}
        # The network judges the clauses of all statements at once: one by one takes many times as long.
        spoken = ((self.doc[u.head], self._clauses[id(u)]) for u in units if u.silent is None)
        deeds = sum(EVENT_GROUPS[u.mention.event] in _DEEDS for u in units if u.mention is not None)
        self.witness.ask(((self._words(head, clause), head) for head, clause in spoken), deeds)

    @staticmethod
    def _words(head: Token, clause: list[Token]) -> list[Token]:
        return clause if head in clause else [head, *clause]

    def build(self, unit: Unit) -> Claim | None:
        """One claim, or None where nothing can be quoted."""
        if unit.silent is not None:
            return self._build_silence(unit)
        head = self.doc[unit.head]
        mention = unit.mention
        chain = self.voices.chain(unit.voice)
        clause = self._clauses[id(unit)]
        trigger = self.doc[mention.trigger] if mention is not None else head
        quote = quote_of(self.m.parsed.text, clause, trigger)
        if quote is None:
            return None
        if (
            not chain
            and mention is not None
            and mention.mood.holder is not None
            and mention.mood.stance in _HELD
        ):
            chain = self._holder_chain(self.doc[mention.mood.holder])
        words = self._words(head, clause)
        opinion = self.witness.of_clause(words, head)
        chain, chance_of_speaker = self.witness.settle_speaker(chain, opinion, self._holder_chain)
        side = chain[-1].side if chain else self.m.publisher_side
        event, chance = settle_event(
            Event.CLASH if is_tried(unit) else unit.event,
            is_framed=mention is not None,
            # A count has what is counted as ground has what is taken: the frame found what it asks for.
            has_ground=mention is not None
            and (bool(mention.grounds) or EVENT_GROUPS[mention.event] == "count"),
            # "Forcing units to cede the town": who gains it stands beside who is made to give it up.
            is_sure=mention is not None and (mention.is_laid or mention.causer is not None),
            head=head,
            words=words,
            opinion=opinion,
            caution=self.witness.caution,
        )
        actor, target = self.actors.of(
            mention, head, side, is_spoken=bool(chain), speaker=chain[-1].name if chain else None
        )
        told_by = () if unit.voice is None else self.voices.own_words[unit.voice]
        if EVENT_GROUPS[event] in _DEEDS and self.actors.only_tells(actor, told_by):
            actor = None
        cue = None if unit.voice is None else self.voices.stance_of(unit.voice)
        stance, polarity = settle_stance(
            cue,
            mention,
            head,
            speaker_side=side,
            actor_side=actor.id if actor is not None else None,
            is_own=actor is not None
            and (actor.is_own or (bool(chain) and is_part(actor.words, chain[-1].name))),
            is_evidence=unit.voice is not None and self.voices.is_evidence(unit.voice),
            has_speaker=bool(chain),
            is_observer=unit.voice is not None and self.voices.is_observer(unit.voice),
            is_doubt=unit.voice is not None and self.voices.is_doubt(unit.voice),
        )
        if unit.tokens:
            negative = is_negated_fragment(clause) or (event is Event.CLASH and is_calm(clause))
            polarity = Polarity.NEGATIVE if negative else Polarity.POSITIVE
        giver = None if chain or stance is not Stance.ASSERTED else self._giver(mention, event, head)
        if giver is not None and polarity is Polarity.POSITIVE:
            # "The governor ordered three districts evacuated": an order is its giver's, whoever tells of it.
            chain, stance = self._holder_chain(giver), Stance.ORDERED
            side = chain[-1].side
        polarity = self.witness.settle_polarity(polarity, opinion)
        if event is Event.STATEMENT:
            # What is stated is the statement: a "not" inside it denies nothing that happened.
            polarity = Polarity.POSITIVE
        is_ahead = mention is not None and (
            mention.mood.stance is Stance.PREDICTED or mention.mood.is_future or mention.mood.is_conditional
        )
        speech = None if unit.voice is None else self.voices.speeches[unit.voice]
        said_at = self.clock.said_at(speech, [s.name for s in chain])
        verbs = self._verbs(head, trigger)
        if self.clock.is_dated_ahead(verbs, said_at):
            stance = schedule_stance(stance, head, mention, event)
        is_ours = unit.voice is not None and not self.voices.chain(unit.voice) and stance is Stance.ASSERTED
        stance, chance_of_stance = self.witness.settle_stance(
            stance,
            opinion,
            is_told=bool(chain),
            is_ours=is_ours,
            is_bare=cue is not stance and (mention is None or mention.mood.governor is None),
        )
        if not chain and stance in _GIVEN and (giver := self._who_gives(head)) is not None:
            chain = self._holder_chain(giver)
        unit = replace(unit, p=unit.p * chance * chance_of_stance * chance_of_speaker)
        excluded = [t for t in (self._index(actor), self._index(target)) if t is not None]
        seen = self.witness.on_places(words, head)
        places = self.where.of_event(
            event,
            mention,
            clause,
            excluded,
            lambda found: self.witness.placing.settle(found, self.where.named, seen, words, event),
        )
        if event is Event.CLASH:
            event = as_contest(mention, places, is_judged=opinion is not None)
        when = self.clock.of_clause(
            verbs,
            stance=stance,
            event=event,
            said_at=said_at,
            inherited=self._inherited_time(head, event),
            is_ahead=is_ahead,
            is_lasting=stance is Stance.INTENDED and polarity is Polarity.NEGATIVE,
            clause=[t.i for t in clause],
        )
        if when.own is not None and not self.clock.is_since(when.own):
            self.own_times[head.i] = when.own
            if when.own.interval is not None and when.own.interval.is_bounded and stance not in _AHEAD:
                self.told_on = (head.sent.start, when.own)
        own_places = (
            mention is not None
            and any(p.span is not None and quote.contains(p.span) for p in places)
            and self._names_objects(mention, places)
        )
        event, quantities = count_of(
            self.doc, event, mention, quote, self.m.quantities, has_own_places=own_places
        )
        quantities = settle_figures(self.doc, event, quantities, self.m.quantities, self.m.times)
        if event in _UNIT_OF:
            is_persons = _UNIT_OF[event]
            quantities = tuple(q for q in quantities if (q.unit == "persons") is is_persons)
        actor, target = self.actors.complete(event, mention, actor, target, side, stance, (head, words))
        ask = self.witness.settle_party
        who = partial(self.actors.party, side=side)
        actor = ask("actor", actor, opinion, words, who, self.witness.said(target, words))
        target = ask("target", target, opinion, words, partial(who, is_target=True), actor)
        return self._claim(
            unit, quote, chain, stance, polarity, event, actor, target, places, when, quantities, said_at
        )

    def _names_objects(self, mention: EventMention, places: Sequence[ClaimPlace]) -> bool:
        """Whether the places are the very things taken ("two villages, A and B"), not where they lie."""
        spans = [p.span for p in places if p.span is not None]
        for index in mention.objects:
            head = self.doc[index]
            for child in head.children:
                lists = child.dep_ in ("appos", "conj") or child.lower_ in ("of", "including", "like")
                if lists and any(
                    child.idx <= s.start < child.idx + _LIST_CHARS
                    and any(t.idx <= s.start < t.idx + len(t.text) for t in descendants(child))
                    for s in spans
                ):
                    return True
            if any(s.start <= head.idx < s.end for s in spans):
                return True
        return False

    def _claim(
        self,
        unit: Unit,
        quote: Span,
        chain: tuple[Source, ...],
        stance: Stance,
        polarity: Polarity,
        event: Event,
        actor: Party | None,
        target: Party | None,
        places: tuple[ClaimPlace, ...],
        when: object,
        quantities: tuple[Quantity, ...],
        said_at: date | datetime | None,
    ) -> Claim:
        from whoholds.read.claims.when import When

        assert isinstance(when, When)
        actor_words = None if actor is None else actor.words
        target_words = None if target is None else target.words
        # "Rebels" names no party that a source could be filed under: only the events know whom it means.
        unnamed = self.m.parties.unnamed
        chain = tuple(replace(s, side=None) if s.side is not None and s.side == unnamed else s for s in chain)
        p = unit.p
        if unit.voice is not None:
            p *= self.voices.speeches[unit.voice].attribution.p
        if places:
            p *= 0.5 + 0.5 * max(min(x.p for x in places), 0.4)
        return Claim(
            id=claim_id(
                self.m.report.sha256,
                quote,
                [s.name for s in chain],
                stance,
                polarity,
                event,
                actor_words,
                target_words,
                [x.span for x in places],
            ),
            report_id=self.m.report.id,
            quote=quote,
            attribution=chain,
            stance=stance,
            polarity=polarity,
            event=event,
            actor=actor_words,
            actor_id=None if actor is None else actor.id,
            target=target_words,
            target_id=None if target is None else target.id,
            places=places,
            holds=when.holds,
            edtf=when.edtf,
            deadline=when.deadline,
            quantities=quantities,
            reported_at=said_at if said_at is not None else self.m.report.published_at,
            reader=self.m.reader,
            p=round(min(max(p, 0.05), 0.99), 4),
            origin=self.m.report.origin,
        )

    def _build_silence(self, unit: Unit) -> Claim | None:
        head = self.doc[unit.head]
        clause = whole_clause(head)
        quote = quote_of(self.m.parsed.text, clause, head)
        if quote is None:
            return None
        number = unit.silent if unit.silent is not None else -1
        if number >= 0:
            chain = self.voices.chain(number)
        else:
            subject = next((c for c in head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            chain = () if subject is None else self._holder_chain(subject)
            if subject is None and head.pos_ == "ADJ" and head.i > 0:
                # "Rebels at the gates, army silent": the nouns before it are who says nothing.
                first = head.i
                while first > 0 and self.doc[first - 1].pos_ in ("NOUN", "PROPN"):
                    first -= 1
                if first < head.i:
                    chain = self._holder_chain(self.doc[head.i - 1], self.doc[first : head.i].text)
                    clause = list(self.doc[first : head.i + 1])
                    quote = quote_of(self.m.parsed.text, clause, head) or quote
        if not chain:
            return None
        side = chain[-1].side
        said_at = self.clock.said_on(head.i)
        when = self.clock.of_clause((head.i,), stance=Stance.NO_COMMENT, event=unit.event, said_at=said_at)
        actor = Party(chain[-1].name, side if side not in ("independent", "other") else None, None)
        # What is not answered was asked of something told before, and is there; an offer is nowhere.
        is_offer = unit.mention is None and unit.event is Event.PROPOSAL
        places = () if is_offer else self.where.of_event(unit.event, unit.mention, clause, ())
        return self._claim(
            unit,
            quote,
            chain,
            Stance.NO_COMMENT,
            Polarity.POSITIVE,
            unit.event,
            actor,
            None,
            places,
            when,
            (),
            said_at,
        )

    # --- parts --------------------------------------------------------------------------------------

    def _clause(self, head: Token, unit: Unit) -> list[Token]:
        if unit.tokens:
            return [self.doc[i] for i in unit.tokens]
        host = host_of_note(head)
        if host is not None:
            # "Depot hit by a rocket": in a note the participle tells, and its noun is what it tells of.
            before = [
                t for t in self.doc[host.left_edge.i : head.i] if t.i > host.i or t.head == host or t == host
            ]
            own = set() if unit.voice is None else self.voices.own_words[unit.voice]
            return [t for t in before if t.i not in own] + [
                t for t in clause_tokens(head, self.heads - {head.i}, own) if t.i >= head.i
            ]
        if unit.voice is not None:
            content = self.voices.content[unit.voice]
            tokens = clause_tokens(head, self.heads - {head.i}, self.voices.own_words[unit.voice] - content)
            inside = [t for t in tokens if t.i in content]
            return inside or tokens
        return clause_tokens(head, self.heads - {head.i}, ())

    def _verbs(self, head: Token, trigger: Token) -> list[int]:
        """The predicate chain whose times are the clause's: trigger, what is above it, up to the head."""
        found = [trigger.i]
        current = trigger
        for _ in range(8):
            if current.i == head.i or current.head == current:
                break
            current = current.head
            found.append(current.i)
        if head.i not in found:
            found.append(head.i)
        return found

    def _inherited_time(self, head: Token, event: Event) -> TimeMention | None:
        """The time of another clause that is this one's too."""
        if head.dep_ == "advcl" and head.tag_ in ("VBG", "VBN", "VB"):
            # "retook 24 villages in May, capturing 400 men".
            return self.own_times.get(head.head.i)
        if head.dep_ == "advcl" and any(c.lower_ in ("when", "as", "while") for c in head.children):
            # "Power failed on Sunday when missiles struck".
            return self.own_times.get(head.head.i) or self.clock.time_of(head.head.i)
        if head.dep_ == "conj" and head.tag_ == head.head.tag_ and head.tag_ in ("VBD", "VBN"):
            # "seized the post on Monday and raised a flag": one day for both.
            found = self.own_times.get(head.head.i)
            if found is not None:
                return found
        later = next((c for c in head.children if c.dep_ == "conj" and c.tag_ == head.tag_), None)
        if later is not None and not any(c.dep_ in ("nsubj", "nsubjpass", "neg") for c in later.children):
            # "blocked the road and seized the post on Monday".
            found = self.clock.time_of(later.i)
            if found is not None and found.span.start > later.idx:
                return found
        told = self.told_on
        if (
            event in _UNIT_OF
            and told is not None
            and told[0] == head.sent.start
            and told[1].span.start < head.idx
        ):
            # "The post was attacked on Monday; 15 men were killed."
            return told[1]
        return None

    @staticmethod
    def _index(party: Party | None) -> int | None:
        return None if party is None else party.token

    def _giver(self, mention: EventMention | None, event: Event, head: Token) -> Token | None:
        """The subject of a finite verb of ordering, whose order a clause tells, or None."""
        if mention is None or mention.actor is None or event is not Event.ORDER or mention.is_nominal:
            return None
        actor = self.doc[mention.actor]
        is_order = lemma_of(head) in _ORDERING or mention.frame in _ORDERING_FRAMES
        return actor if is_order and mention.trigger == head.i and actor.dep_ == "nsubj" else None

    @staticmethod
    def _who_gives(head: Token) -> Token | None:
        """The subject of a verb that gives an order or an offer: "The governor has banned all movement"."""
        if lemma_of(head) not in _GIVING or is_passive(head):
            return None
        return next((c for c in head.children if c.dep_ == "nsubj" and c.pos_ in ("NOUN", "PROPN")), None)

    def _holder_chain(self, holder: Token, name: str | None = None) -> tuple[Source, ...]:
        holder = named_beside(holder)
        name = name or self.actors.name_of(holder)
        side = side_of_name(self.m.parties, name, holder)
        if side is None and holder.pos_ != "PROPN":
            side = self.actors.side_of_pronoun(holder)
        entry = None if self.m.theatre is None else self.m.theatre.find_source(name)
        if entry is not None:
            side = entry.side or side
        return (Source(name, None if entry is None else entry.id, "speaker", side),)
