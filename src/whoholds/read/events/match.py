"""Frames against arguments: whether a predicate states an event, and which of its arguments are what.

A frame, a trigger and its arguments enter; a `Match` or None leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from whoholds.model import Event
from whoholds.read.events.arguments import Arguments, coordinated
from whoholds.read.events.classes import NounClasses
from whoholds.read.events.conditions import fits_company, fits_measures
from whoholds.read.events.lexicon import Frame, governors, lemma_of
from whoholds.read.events.weapons import event_by_sides, event_by_weapon
from whoholds.text.tokens import Token

__all__ = ["Match", "has_particle", "match_frame"]


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that fits, with its slots filled."""

    frame: Frame
    event: Event
    actor: Token | None
    target: Token | None
    grounds: tuple[Token, ...]
    objects: tuple[Token, ...]


def match_frame(
    frame: Frame,
    trigger: Token,
    args: Arguments,
    classes: NounClasses,
    *,
    is_noun: bool,
    particle: str | None,
) -> Match | None:
    """Fit a frame to a predicate.

    Args:
        frame: The frame to try.
        trigger: The verb or noun.
        args: Its arguments in the active voice's terms.
        classes: Classes of the nouns of the parse.
        is_noun: Whether the trigger is a noun.
        particle: What the frame wants beside the verb ("out", "out of") and finds there, or None.
    """
    if not _fits_object(frame, args, classes, is_noun=is_noun) or not _fits_subject(
        frame, args, classes, is_noun=is_noun
    ):
        return None
    if not _fits_words(frame, trigger, args, classes, is_noun=is_noun):
        return None
    if not fits_company(frame, trigger, args, classes, is_noun=is_noun):
        return None
    event = event_by_weapon(frame, trigger, args, classes)
    if event is None:
        return None
    event = event_by_sides(frame, event, trigger, args, classes)
    if event is None:
        return None
    grounds = _grounds(frame, args, classes, particle)
    if not grounds and frame.asks("needs_place"):
        return None
    target = _target(frame, trigger, args, classes)
    actor = _first(_fill_all(frame.actor, args, classes))
    if frame.asks("needs_target_force") and target is None:
        return None
    actor_if, target_if = frame.constraints.get("actor_if"), frame.constraints.get("target_if")
    if isinstance(actor_if, dict) or isinstance(target_if, dict):
        actor = _by_verb(actor_if, trigger, args, classes)
        target = _by_verb(target_if, trigger, args, classes) or target
        if isinstance(target_if, dict) and lemma_of(trigger) not in target_if and not is_noun:
            target = None
    if actor is not None and target is not None and actor.i == target.i:
        actor = None
    if frame.asks("lost_if_agentless") and not is_noun and args.is_passive and not args.subject:
        # "They were driven out": told of who loses, by nobody.
        event, actor, target = Event.CONTROL_LOST, _first(args.object), None
    return Match(frame, event, actor, target, tuple(grounds), tuple(args.object))


def _by_verb(table: object, trigger: Token, args: Arguments, classes: NounClasses) -> Token | None:
    if not isinstance(table, dict) or lemma_of(trigger) not in table:
        return None
    return _first(_fill(table[lemma_of(trigger)], args, classes))


def has_particle(particle: str, args: Arguments) -> bool:
    """Whether a verb stands with what a frame wants beside it ("out", "out of")."""
    if particle in args.oblique or particle in args.particles:
        return True
    # Plain loops: nearly every verb is asked for a dozen particles that it has not.
    for noun in args.object:
        if noun.lower_ == particle or lemma_of(noun) == particle:
            return True
    for noun in args.predicate:
        if noun.lower_ == particle:
            return True
    return " " in particle and all(w in args.particles or w in args.oblique for w in particle.split())


def _fits_object(frame: Frame, args: Arguments, classes: NounClasses, *, is_noun: bool) -> bool:
    wanted = frame.words("object")
    objects = args.object
    if wanted and "any" not in wanted:
        if not objects:
            if "none" not in wanted:
                return is_noun and _noun_stands_for_object(wanted, args, classes)
        elif not any(classes.of(o) & wanted for o in objects[:3]) or (
            frame.asks("needs_object_class") and not any(classes.of(o) & wanted for o in objects[:1])
        ):
            return False
    if frame.asks("no_person_object") and any("person_name" in classes.of(o) for o in objects[:1]):
        # With the places of the text known, a person's name is a person: "Reyes was captured".
        return False
    banned = frame.words("object_not") | frame.words("not_object_words")
    return not (banned and any(lemma_of(o) in banned or o.lower_ in banned for o in objects))


def _noun_stands_for_object(wanted: frozenset[str], args: Arguments, classes: NounClasses) -> bool:
    """ "the Tala offensive", "the town's capture": the object is an owner or a modifier."""
    for token in (*args.owner, *args.modifiers):
        if classes.of(token) & wanted and token.pos_ in ("NOUN", "PROPN"):
            args.object.append(token)
            if token in args.owner:
                args.owner.remove(token)
            return True
    return False


def _fits_subject(frame: Frame, args: Arguments, classes: NounClasses, *, is_noun: bool) -> bool:
    wanted = frame.words("subject")
    if wanted and "any" not in wanted:
        if not args.subject:
            if "none" not in wanted and not is_noun:
                return False
        elif not any(classes.of(s) & wanted for s in args.subject[:3]):
            return False
    words = frame.words("subject_words")
    if words and not any(_is_word(s, words) for s in args.subject):
        return False
    banned = frame.words("not_subject_words")
    if banned and any(lemma_of(s) in banned for s in args.subject):
        return False
    if frame.asks("needs_human_subject"):
        return not is_noun and any(
            s.ent_type_ == "PERSON"
            or "persons_title" in classes.of(s)
            or s.lower_ in ("he", "she")
            or _may_be_person(s, classes)
            for s in args.subject
        )
    return True


def _may_be_person(token: Token, classes: NounClasses) -> bool:
    """Whether a bare surname that nothing else knows may be a person: "Dorn flew to Jolo"."""
    is_name = token.tag_ == "NNP" and token.ent_type_ in ("", "ORG") and not token.text.isupper()
    known = classes.of(token) - {"name", "party", "ground", "force"}
    return is_name and not known and not any(True for _ in token.lefts)


def _fits_words(
    frame: Frame, trigger: Token, args: Arguments, classes: NounClasses, *, is_noun: bool
) -> bool:
    words = frame.words("object_words")
    objects = args.object
    obliques = [t for tokens in args.oblique.values() for t in tokens]
    oblique_words = frame.words("oblique_words")
    if words and not is_noun:
        hit = any(_is_word(o, words) for o in objects)
        if not hit and oblique_words:
            hit = any(_is_word(t, oblique_words) for t in obliques)
        if not hit and frame.asks("object_words_optional"):
            hit = not objects or (lemma_of(trigger) == "be")
        if not hit:
            return False
    elif oblique_words and not is_noun and not any(_is_word(t, oblique_words) for t in obliques):
        return False
    wanted = frame.words("predicate_class")
    if wanted and not any(classes.of(p) & wanted for p in args.predicate[:1]):
        return False
    named = frame.words("subject_or_object_words")
    if named and not any(_is_word(t, named) for t in (*args.subject, *args.object)):
        return False
    predicate = frame.words("predicate_words")
    if predicate and not any(p.lower_ in predicate for p in args.predicate):
        return False
    of = frame.words("object_of")
    if of:
        inner = [
            p for o in objects for c in o.children if c.dep_ == "prep" for p in c.children if p.dep_ == "pobj"
        ]
        if inner and not any(classes.of(p) & of or classes.of(p) & {"name"} for p in inner):
            return False
    banned = frame.words("not_oblique_words")
    if banned and any(_is_word(t, banned) for t in obliques):
        return False
    if frame.words("no_object_words") and any(_is_word(o, frame.words("no_object_words")) for o in objects):
        return False
    if any(
        t.ent_type_ not in ("DATE", "TIME")
        for p in frame.words("no_oblique")
        for t in args.oblique.get(p, ())
    ):
        return False
    if not _fits_obliques(frame, trigger, args, classes, is_noun=is_noun):
        return False
    return _fits_rest(frame, trigger, args, classes, is_noun=is_noun)


def _fits_obliques(
    frame: Frame, trigger: Token, args: Arguments, classes: NounClasses, *, is_noun: bool
) -> bool:
    wanted = frame.words("oblique_any")
    preps = frame.constraints.get("oblique_preps")
    if wanted and not is_noun:
        names = preps if preps is not None else list(args.oblique)
        tokens = [t for name in names for t in _fill(name, args, classes)]
        if wanted & {"force", "party"}:
            tokens += [
                g
                for t in tokens
                for c in t.children
                for g in ([c] if c.dep_ in ("amod", "poss") else list(c.children))
            ]
        if not any(classes.of(t) & wanted for t in tokens):
            return False
    wanted = frame.words("object_or_oblique")
    if wanted and "any" not in wanted and not is_noun:
        names = preps if preps is not None else list(args.oblique)
        tokens = [*args.object, *(t for name in names for t in args.oblique.get(name, ()))]
        if "clause" in wanted and args.has_clause and not args.object:
            return True
        bare = frame.words("agree_without")
        if not tokens:
            return "none" in wanted and (not bare or lemma_of(trigger) in bare)
        return any(_deep_classes(t, classes) & wanted for t in tokens)
    return True


def _deep_classes(token: Token, classes: NounClasses) -> frozenset[str]:
    """Classes of a phrase and of the nouns that modify it ("the truce proposal")."""
    found = classes.of(token)
    for child in token.children:
        if child.dep_ in ("compound", "amod", "nmod"):
            found |= classes.of(child) & {"deal"}
    return found


def _fits_rest(frame: Frame, trigger: Token, args: Arguments, classes: NounClasses, *, is_noun: bool) -> bool:
    if frame.asks("exclude_verbs_when_progressive") and trigger.tag_ == "VBG":
        return False
    progressive = frame.words("progressive_or_noun")
    if lemma_of(trigger) in progressive and not is_noun and trigger.tag_ != "VBG":
        return False
    if frame.words("not_adverbs") & args.particles:
        return False
    phrases = frame.words("phrase_words")
    if phrases and not any(p in _window(trigger) for p in phrases):
        return False
    if frame.words("existential_none"):
        return _is_existential_none(frame, trigger, args, classes)
    adverbs = frame.words("with_adverb")
    if adverbs and not (adverbs & (args.particles | {p.lower_ for p in args.predicate} | {trigger.lower_})):
        return False
    if not fits_measures(frame, trigger, args):
        return False
    banned_phrases = frame.words("not_phrase_words")
    if banned_phrases and any(p in _window(trigger) for p in banned_phrases):
        return False
    required = frame.words("requires_words")
    if required and lemma_of(trigger) not in required and not required & {t.lower_ for t in trigger.children}:
        return False
    for name in ("object_or_subject", "subject_or_object"):
        wanted = frame.words(name)
        if wanted:
            tokens = [*args.object, *args.subject]
            if not any(_deep_classes(t, classes) & wanted for t in tokens[:6]):
                return False
    with_words = frame.words("not_noun_with") | frame.words("not_object_with")
    if with_words:
        near = [m.lower_ for m in args.modifiers]
        near += [c.lower_ for o in args.object for c in o.children if c.dep_ in ("amod", "compound")]
        if any(w in with_words for w in near):
            return False
    if is_noun:
        needs = frame.constraints.get("noun_needs", {})
        asked = needs.get(lemma_of(trigger))
        if asked and not any(m.lower_ in asked for m in args.modifiers):
            return False
        wanted = frame.words("noun_of_classes")
        if wanted and not _noun_has_class(wanted, args, classes):
            return False
    if frame.asks("needs_count") and not (is_noun and trigger.tag_ == "NNS" and args.subject):
        tokens = [*args.subject, *args.object]
        if not any(_is_counted(t) for t in tokens) and not (
            is_noun and any(m.like_num for m in args.modifiers)
        ):
            return False
    return True


def _noun_has_class(wanted: frozenset[str], args: Arguments, classes: NounClasses) -> bool:
    tokens = [*args.subject, *args.object, *args.owner, *args.modifiers]
    if any(classes.of(t) & wanted for t in tokens):
        return True
    # A bare "withdrawal" or "advance" has its mover in the context, never another kind of "of".
    return "of" not in args.oblique


def _is_counted(token: Token) -> bool:
    if (
        token.like_num
        or token.pos_ == "NUM"
        or lemma_of(token) in ("dozen", "hundred", "thousand", "score", "several", "many")
    ):
        return True
    return any(
        c.dep_ == "nummod" or (c.dep_ == "amod" and c.lower_ in ("several", "many", "dozen"))
        for c in token.children
    )


_WINDOWS = "whoholds.windows"
_WINDOW = 12
"""How many words from a trigger on its set phrases are looked for."""


def _window(trigger: Token) -> str:
    """The words from a trigger on, in its sentence; each frame with a phrase asks for them."""
    doc, first = trigger.doc, trigger.i
    known: dict[int, str] = doc.user_data.setdefault(_WINDOWS, {})
    if first not in known:
        known[first] = doc[first : min(trigger.sent.end, first + _WINDOW)].text.lower()
    return known[first]


def _is_existential_none(frame: Frame, trigger: Token, args: Arguments, classes: NounClasses) -> bool:
    if not any(c.dep_ == "expl" for c in trigger.children):
        return False
    wanted = frame.words("existential_none")
    for noun in args.predicate:
        if noun.lower_ in ("nobody", "none"):
            return True
        if classes.of(noun) & wanted and any(
            c.lower_ == "no" or (c.dep_ == "neg") for c in (*noun.children, *trigger.children)
        ):
            return True
    return False


def _is_word(token: Token, words: Iterable[str]) -> bool:
    return lemma_of(token) in words or token.lower_ in words


# --- slots ------------------------------------------------------------------------------------------


def _fill_all(slots: Iterable[str], args: Arguments, classes: NounClasses) -> Iterator[Token]:
    for slot in slots:
        yield from _fill(slot, args, classes)


def _fill(slot: str, args: Arguments, classes: NounClasses) -> list[Token]:
    first, *rest = slot.split(".")
    if first == "subject":
        tokens = [_owner_of_aim(t) for t in args.subject] or [
            t for t in args.owner if not classes.is_ground(t) or "party" in classes.of(t)
        ]
        tokens = tokens or [m for m in args.modifiers if "party" in classes.of(m) and m.ent_type_ == "NORP"]
        tokens = tokens or [
            m
            for m in args.modifiers
            if classes.of(m) & {"force", "party"}
            and m.pos_ in ("NOUN", "PROPN", "ADJ")
            and not classes.of(m) & {"weapon", "air_weapon", "ground_weapon"}
        ]
    elif first == "object":
        tokens = list(args.object)
    elif first in ("attribute", "predicate"):
        tokens = list(args.predicate)
    elif first == "poss":
        tokens = list(args.owner)
    else:
        tokens = list(args.oblique.get(first, ()))
    for step in rest:
        nxt: list[Token] = []
        for token in tokens:
            for child in token.children:
                if step == "poss":
                    if child.dep_ == "poss":
                        nxt.append(child)
                elif step == "amod":
                    if child.dep_ in ("amod", "compound", "nmod") and classes.of(child) & {"party", "force"}:
                        nxt.append(child)
                elif child.dep_ in ("prep", "agent") and child.lower_ == step:
                    nxt.extend(p for c in child.children if c.dep_ == "pobj" for p in coordinated(c))
        tokens = nxt
    return tokens


def _owner_of_aim(token: Token) -> Token:
    """Of "our task is to …" the actor is "our"."""
    governor = governors().get(lemma_of(token)) if token.pos_ == "NOUN" else None
    if governor is not None and governor.stance is not None:
        return next((c for c in token.children if c.dep_ == "poss"), token)
    return token


def _first(tokens: Iterable[Token]) -> Token | None:
    return next(
        (
            t
            for t in tokens
            if t.pos_ not in ("VERB", "AUX", "ADP", "PUNCT") or t.dep_ in ("amod", "compound")
        ),
        None,
    )


def _grounds(frame: Frame, args: Arguments, classes: NounClasses, particle: str | None) -> list[Token]:
    slots = list(frame.place)
    if particle is not None and particle in slots:
        # The preposition that belongs to the verb names the target place.
        slots.remove(particle)
        slots.insert(0, particle)
    found: list[Token] = []
    for slot in slots:
        for token in _fill(slot, args, classes):
            if (
                classes.is_ground(token)
                and token not in found
                and not (token.pos_ == "PRON" and token.lower_ in ("which", "that"))
            ):
                found.append(token)
    return found


def _target(frame: Frame, trigger: Token, args: Arguments, classes: NounClasses) -> Token | None:
    wanted = frame.words("target_class")
    for token in _fill_all(frame.target, args, classes):
        if token.lower_ in ("attempt",):
            continue
        if wanted and not classes.of(token) & wanted:
            continue
        if token.i == trigger.i or token.ent_type_ in ("DATE", "TIME"):
            continue
        return token
    return None
