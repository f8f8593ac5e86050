"""Predicates to events: every verb and nominalisation of a parse against the frames that know it.

A parse (and, where they are known, its place mentions) enters; event mentions in the order of the text
leave. Nothing is decided here about who says so: see `read.claims`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from whoholds.model import EVENT_GROUPS, Event, PlaceMention, Polarity, Stance
from whoholds.read.events.arguments import (
    Arguments,
    coordinated,
    descendants,
    noun_arguments,
    surface_subject,
    verb_arguments,
)
from whoholds.read.events.classes import NounClasses
from whoholds.read.events.lexicon import Frame, frames, is_mistagged_verb, lemma_of, lemmas_of, light_verbs
from whoholds.read.events.match import Match, has_particle, match_frame
from whoholds.read.events.mood import clause_head, find_mood, is_purpose
from whoholds.read.events.types import EventMention
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Token

__all__ = ["extract_events"]

_BLAMING = frozenset({"blame", "condemn", "fault", "denounce"})
_FORBIDDING = frozenset({"forbid", "ban", "prohibit"})
_GERUND_ROLES = frozenset({"nsubj", "nsubjpass", "csubj", "dobj", "pobj", "attr", "conj", "ROOT"})
_EVENTLESS = frozenset({"PUNCT", "DET", "PRON", "SPACE", "SCONJ", "CCONJ", "PART"})
"""Parts of speech of words that state nothing."""
_Table = Mapping[str, tuple[tuple[Frame, str | None], ...]]
_CAUSATIVES = frozenset(
    {"force", "compel", "oblige", "make", "cause", "push", "drive", "lead", "allow", "enable", "prompt"}
)


@lru_cache(maxsize=1)
def _tables() -> tuple[_Table, _Table]:
    verbs: dict[str, list[tuple[Frame, str | None]]] = {}
    nouns: dict[str, list[tuple[Frame, str | None]]] = {}
    for frame in frames():
        for entry in frame.verbs:
            lemma, _, particle = entry.partition(" ")
            verbs.setdefault(lemma, []).append((frame, particle or None))
        for noun in frame.nouns:
            nouns.setdefault(noun, []).append((frame, None))
    return (
        # The highest rank first: once a frame fits, the lower ones need no trying.
        MappingProxyType({k: tuple(sorted(v, key=lambda e: -e[0].rank)) for k, v in verbs.items()}),
        MappingProxyType({k: tuple(sorted(v, key=lambda e: -e[0].rank)) for k, v in nouns.items()}),
    )


def extract_events(
    parsed: Parsed, places: Iterable[PlaceMention] = (), cues: frozenset[int] = frozenset()
) -> tuple[EventMention, ...]:
    """The events that a text states, with arguments and mood.

    Args:
        parsed: The text with its parse.
        places: Its place mentions: without them names count as places by their look.
        cues: Tokens of attributions' cues, whose own force is left to the attribution.
    """
    doc = parsed.doc
    classes = NounClasses(doc, places)
    verbs, nouns = _tables()
    memory: dict[int, Arguments] = {}
    found: list[EventMention] = []
    for token, lemma in zip(doc, lemmas_of(doc), strict=True):
        pos = token.pos_
        if pos in _EVENTLESS:
            continue
        is_gerund = token.tag_ == "VBG" and token.dep_ in _GERUND_ROLES and not _has_aux(token)
        if is_mistagged_verb(token):
            pos = "VERB"
        if (not is_gerund and pos in ("VERB", "AUX")) or (pos == "ADJ" and token.tag_ in ("VBN", "VBG")):
            if pos == "AUX" and token.dep_ in ("aux", "auxpass"):
                continue
            entries = verbs.get(lemma)
            if entries is not None:
                mention = _verb_event(token, entries, classes, memory, cues)
                if mention is not None:
                    found.append(mention)
                    found.extend(_second_count(mention, token, classes, memory))
                    continue
        is_noun = pos in ("NOUN", "PROPN") or (
            # "a counter-offensive": cut at the hyphen, its end is taken for an adjective.
            pos == "ADJ" and token.dep_ in ("dobj", "pobj", "nsubj", "nsubjpass")
        )
        if is_noun or token.tag_ == "VBG":
            entries = nouns.get(_hyphenated(token)) or nouns.get(lemma) or nouns.get(token.lower_)
            if entries is not None:
                mention = _noun_event(token, entries, classes, memory, cues)
                if mention is not None:
                    found.append(mention)
                    continue
        if is_gerund and (entries := verbs.get(lemma)) is not None:
            mention = _verb_event(token, entries, classes, memory, cues)
            if mention is not None:
                found.append(mention)
    return tuple(found)


def _hyphenated(token: Token) -> str:
    """A word cut at its hyphens as one: "pull-out", "mopping-up"."""
    if token.i >= 2 and token.doc.words[token.i - 1] in ("-", "‑") and not token.nbor(-1).whitespace_:
        return f"{token.nbor(-2).lower_}-{token.lower_}"
    return ""


def _has_aux(token: Token) -> bool:
    return any(c.dep_ == "aux" for c in token.children)


def _arguments(verb: Token, memory: dict[int, Arguments]) -> Arguments:
    known = memory.get(verb.i)
    if known is None:
        known = memory[verb.i] = verb_arguments(verb)
    return known


def _verb_event(
    verb: Token,
    entries: tuple[tuple[Frame, str | None], ...],
    classes: NounClasses,
    memory: dict[int, Arguments],
    cues: frozenset[int],
) -> EventMention | None:
    if verb.dep_ == "amod" and verb.tag_ == "VBN" and verb.i + 1 < len(verb.doc):
        # "occupied territory", "captured soldiers": a description, no news.
        return None
    args = _arguments(verb, memory)
    best: Match | None = None
    for frame, particle in entries:
        if best is not None and best.frame.rank >= frame.rank:
            break
        if particle is not None and not has_particle(particle, args):
            continue
        fit = match_frame(frame, verb, args, classes, is_noun=False, particle=particle)
        if fit is not None:
            best = fit
    if best is None:
        return None
    head = clause_head(verb)
    mood = find_mood(verb, verb, absorbs_negation=best.frame.asks("absorbs_negation"), cues=cues)
    if best.frame.id == "none_left" and not mood.is_future and mood.stance is None:
        # "There are no troops in the town": the state, where "will be none" is the leaving.
        best = replace(best, event=Event.CONTROL_HELD)
        mood = replace(mood, polarity=Polarity.NEGATIVE)
    if best.frame.asks("negates"):
        # "The town is quiet": no fighting there.
        flipped = Polarity.POSITIVE if mood.polarity is Polarity.NEGATIVE else Polarity.NEGATIVE
        mood = replace(mood, polarity=flipped)
    governor = None if mood.governor is None else verb.doc[mood.governor]
    if governor is not None and mood.stance is Stance.ORDERED and lemma_of(governor) in _FORBIDDING:
        # What is forbidden is nothing that is ordered to happen: the ban itself is the order.
        best = replace(best, event=Event.ORDER)
    return _mention(best, verb, head, mood_token=verb, mood=mood, is_nominal=False)


_COUNTED = {"equipment": Event.EQUIPMENT_LOSSES, "persons": Event.CASUALTIES}
_LOSSES = frozenset({"lose_persons", "lose_equipment"})


def _second_count(
    first: EventMention, verb: Token, classes: NounClasses, memory: dict[int, Arguments]
) -> list[EventMention]:
    """The other count of a loss in two counts: "lost 40 men and three tanks"."""
    if first.frame not in _LOSSES:
        return []
    other = "equipment" if first.event is Event.CASUALTIES else "persons"
    for noun in _arguments(verb, memory).object:
        found = classes.of(noun)
        mine = _COUNTED["persons" if other == "equipment" else "equipment"]
        if other in found and not ({"persons", "equipment"} <= found) and mine is first.event:
            return [replace(first, event=_COUNTED[other], trigger=noun.i, head=noun.i, objects=(noun.i,))]
    return []


def _mention(
    match: Match,
    trigger: Token,
    head: Token,
    *,
    mood_token: Token,
    mood: object,
    is_nominal: bool,
    presupposed: bool = False,
) -> EventMention:
    from whoholds.read.events.types import Mood

    assert isinstance(mood, Mood)
    causer = _causer(mood_token)
    return EventMention(
        event=match.event,
        frame=match.frame.id,
        trigger=trigger.i,
        head=head.i,
        actor=None if match.actor is None else match.actor.i,
        target=None if match.target is None else match.target.i,
        grounds=tuple(t.i for t in match.grounds),
        objects=tuple(t.i for t in match.objects),
        causer=None
        if causer is None or (match.actor is not None and causer.i == match.actor.i)
        else causer.i,
        mood=mood,
        is_nominal=is_nominal,
        is_presupposed=presupposed,
        is_purpose=is_purpose(mood_token),
        is_laid=match.event is Event.OTHER
        and (match.frame.asks("by_weapon") or match.frame.id == "hidden_bomb"),
        rank=match.frame.rank,
    )


def _causer(verb: Token) -> Token | None:
    """Who makes the actor act: the subject of "forcing" in "forcing units to cede the town"."""
    current = verb
    for _ in range(6):
        head = current.head
        if head == current or head.pos_ not in ("VERB", "AUX"):
            return None
        if current.dep_ in ("xcomp", "ccomp") and lemma_of(head) in _CAUSATIVES:
            return surface_subject(head)
        if current.dep_ in ("xcomp", "conj"):
            current = head
        else:
            return None
    return None


# --- nominalisations --------------------------------------------------------------------------------


def _noun_event(
    noun: Token,
    entries: tuple[tuple[Frame, str | None], ...],
    classes: NounClasses,
    memory: dict[int, Arguments],
    cues: frozenset[int],
) -> EventMention | None:
    if noun.dep_ in ("compound", "amod", "nmod", "poss") or (
        noun.tag_ == "VBG" and noun.dep_ in ("aux", "pcomp")
    ):
        return None
    role, verb = _role(noun, memory, cues)
    if role is None:
        return None
    if (
        verb is not None
        and lemma_of(verb) in ("verify", "confirm")
        and any(c.dep_ == "neg" for c in verb.children)
    ):
        # "The capture could not be verified" tells of no capture.
        return None
    best: Match | None = None
    for frame, _ in entries:
        if best is not None and best.frame.rank >= frame.rank:
            continue
        args = noun_arguments(noun, frame.noun_of)
        if verb is not None and role != "subject":
            _borrow(args, role, noun, _arguments(verb, memory), frame)
        fit = match_frame(frame, noun, args, classes, is_noun=True, particle=None)
        if fit is None:
            continue
        if role == "presupposed" and not _is_worth_telling(fit, noun):
            continue
        if role == "subject" and EVENT_GROUPS[fit.event] != "territory":
            continue
        best = fit
    if best is None:
        return None
    if role in ("presupposed", "subject") or verb is None or role == "causing":
        head = noun
    else:
        head = clause_head(verb)
    above = (
        verb
        if verb is not None and role in ("doing", "occurring", "undergoing", "reporting", "blamed")
        else noun
    )
    mood = find_mood(noun, above, cues=cues)
    return _mention(
        best,
        noun,
        head,
        mood_token=above,
        mood=mood,
        is_nominal=True,
        presupposed=role in ("presupposed", "causing", "subject"),
    )


def _is_worth_telling(fit: Match, noun: Token) -> bool:
    """Whether a noun told by the way says enough to be a claim: who or where, in its own phrase."""
    if EVENT_GROUPS[fit.event] not in ("territory", "fire"):
        return False
    if fit.frame.id == "attack" and fit.event is Event.CLASH:
        # "killed in attacks on two villages": how they died, and no more.
        return False
    own = {t.i for t in descendants(noun)}
    return any(t.i in own for t in (*fit.grounds, *(x for x in (fit.target, fit.actor) if x is not None)))


def _role(noun: Token, memory: dict[int, Arguments], cues: frozenset[int]) -> tuple[str | None, Token | None]:
    """How a nominalisation is told, and the verb that tells it."""
    light = light_verbs()
    top = noun
    while top.dep_ == "conj" and top.head.pos_ in ("NOUN", "PROPN"):
        top = top.head
    head, dep = top.head, top.dep_
    if head == top or dep == "ROOT":
        return "fragment", None
    if dep in ("appos", "npadvmod") and head.dep_ == "ROOT" and head.pos_ in ("NOUN", "PROPN"):
        return "fragment", None
    if head.pos_ in ("VERB", "AUX"):
        lemma = lemma_of(head)
        particled = {f"{lemma} {c.lower_}" for c in head.children if c.dep_ in ("prt", "advmod")}
        names = {lemma} | particled
        args = _arguments(head, memory)
        if head.i in cues and dep in ("dobj", "nsubjpass", "attr"):
            return "reporting", head
        if dep == "xcomp" and top.tag_ in ("VBG", "NN", "NNS") and names & light.undergoing:
            # "The town had seen shooting": a noun that looks like a participle.
            return "undergoing", head
        if dep in ("dobj", "nsubjpass") and top in args.object:
            if names & light.doing:
                return "doing", head
            if names & light.undergoing:
                return "undergoing", head
            if names & light.reporting:
                return "reporting", head
            return None, None
        if dep in ("nsubj", "csubj") and not names & light.occurring and lemma not in light.causing:
            return "subject", head
        if dep in ("nsubj", "csubj", "nsubjpass") and not (
            dep == "nsubjpass" and lemma not in light.occurring | light.causing
        ):
            if names & light.occurring:
                return "occurring", head
            if lemma in light.causing:
                return "causing", head
            return "presupposed", None
        if dep == "nsubjpass":
            return (
                ("reporting", head)
                if lemma in light.reporting or lemma in light.doing or lemma in light.occurring
                else (None, None)
            )
        if dep == "attr":
            has_there = any(c.dep_ == "expl" for c in head.children)
            return ("occurring", head) if has_there else (None, None)
        if dep in ("oprd", "ccomp"):
            return "fragment", None
        return None, None
    if dep == "pobj":
        is_verbs = head.lower_ == "under" and lemma_of(head.head) == "come"
        if head.lower_ == "for" and lemma_of(head.head) in _BLAMING:
            # "blames the rebels for the attacks": the attacks are theirs.
            return "blamed", head.head
        if head.lower_ in ("to", "of") and head.head.i in cues and head.head.pos_ in ("VERB", "AUX"):
            # "admitted to a withdrawal"
            return "reporting", head.head
        if head.lower_ in light.presupposing and not is_verbs:
            return "presupposed", None
    return None, None


def _borrow(args: Arguments, role: str, noun: Token, verbal: Arguments, frame: Frame) -> None:
    """Give a nominalisation the arguments of the verb that carries it."""
    for name, tokens in verbal.oblique.items():
        kept = [t for t in tokens if t != noun]
        if kept:
            args.oblique.setdefault(name, []).extend(t for t in kept if t not in args.oblique.get(name, ()))
    for sibling in coordinated(noun):
        if sibling != noun:
            for child in sibling.children:
                if child.dep_ == "prep":
                    inner = [p for c in child.children if c.dep_ == "pobj" for p in coordinated(c)]
                    args.oblique.setdefault(child.lower_, []).extend(inner)
    if role == "doing":
        args.subject.extend(s for s in verbal.subject if s != noun and s not in args.subject)
    elif role == "blamed":
        args.subject.extend(o for o in verbal.object if o not in args.subject)
        args.oblique.setdefault("by", []).extend(verbal.object)
    elif role == "undergoing" and frame.noun_of == "object":
        args.object.extend(s for s in verbal.subject if s != noun)
