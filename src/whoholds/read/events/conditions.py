"""Conditions of the looser frames: verbs of many meanings that tell an event only in certain company.

A frame, its trigger and arguments enter; whether the frame may speak leaves.
"""

from __future__ import annotations

from whoholds.read.events.arguments import Arguments, descendants
from whoholds.read.events.classes import NounClasses
from whoholds.read.events.lexicon import Frame, lemma_of
from whoholds.text.tokens import Token

__all__ = ["fits_company", "fits_measures"]

_WRECKED = frozenset(
    {
        "burnt",
        "burned",
        "burning",
        "destroyed",
        "abandoned",
        "wrecked",
        "charred",
        "damaged",
        "captured",
        "smashed",
        "ruined",
    }
)
_LOSS_PARTICLES = frozenset({"behind", "alight", "ablaze", "fire"})


def fits_company(
    frame: Frame, trigger: Token, args: Arguments, classes: NounClasses, *, is_noun: bool
) -> bool:
    """Whether the words around a predicate bear out a loose frame.

    `no_clause`: no clause of its own, which tells what is ordered. `agentless`: a passive without an agent.
    `verbs_with_words`: verbs that want one of the listed words among their arguments. `verbs_with_phrases`:
    verbs that want one of the listed stretches of text nearby. `negated_will`: "would not". `wreck_verbs`:
    verbs that tell a loss only of wrecks, of things left behind, or counted.
    """
    if frame.asks("agentless") and (is_noun or not args.is_passive or args.subject):
        return False
    if frame.asks("no_clause") and any(
        c.dep_ in ("xcomp", "ccomp", "advcl") and c.i > trigger.i for c in trigger.children
    ):
        return False
    verbs = frame.constraints.get("verbs_with_words")
    if isinstance(verbs, dict) and (wanted := verbs.get(lemma_of(trigger))) is not None:
        around = [
            *args.object,
            *args.predicate,
            *args.subject,
            *(t for o in args.oblique.values() for t in o),
        ]
        if not any(
            lemma_of(t) in wanted or t.lower_ in wanted or classes.of(t) & set(wanted) for t in around
        ):
            return False
    phrases = frame.constraints.get("verbs_with_phrases")
    if isinstance(phrases, dict) and (wanted := phrases.get(lemma_of(trigger))) is not None:
        nearby = _around(trigger)
        if not any(phrase in nearby for phrase in wanted):
            return False
    if frame.asks("negated_will") and (is_noun or not _will_not(trigger)):
        return False
    if lemma_of(trigger) in frame.words("wreck_verbs"):
        return _is_wreck(trigger, args)
    return True


_NEAR_BEFORE, _NEAR_AFTER = 8, 12
"""How many tokens before and after a predicate its idiom may stand."""


def _around(trigger: Token) -> str:
    first = max(trigger.sent.start, trigger.i - _NEAR_BEFORE)
    return trigger.doc[first : min(trigger.sent.end, trigger.i + _NEAR_AFTER)].text.lower()


def _will_not(trigger: Token) -> bool:
    """ "would not sign", "will never talk": told of who could, it is a refusal."""
    words = {c.lower_ for c in trigger.children if c.dep_ in ("aux", "neg", "advmod")}
    return bool(words & {"will", "would", "wo", "'ll"}) and bool(words & {"not", "n't", "never"})


def _is_wreck(trigger: Token, args: Arguments) -> bool:
    if args.particles & _LOSS_PARTICLES or any(c.lower_ in _LOSS_PARTICLES for c in descendants(trigger)):
        return True
    for noun in args.object:
        if any(c.lower_ in _WRECKED for c in noun.children):
            return True
    return lemma_of(trigger) == "take" and any(c.dep_ == "nummod" for o in args.object for c in o.children)


_HARMED = frozenset({"dead", "drowned", "wounded", "injured", "killed", "maimed", "burned", "burnt"})
_WOUNDS = frozenset({"wound", "injury", "burn", "shrapnel", "bullet"})
_LENGTHS = frozenset({"kilometre", "kilometer", "km", "mile", "metre", "meter"})


def fits_measures(frame: Frame, trigger: Token, args: Arguments) -> bool:
    """Whether what a frame measures by is there.

    `needs_harm`: the object is told to be hurt ("nine drowned people", "five men with wounds", "63 dead").
    `needs_distance`: the verb's complement is a length ("are seven kilometres from the port").
    """
    if frame.asks("needs_harm") and not (
        any(_is_harmed(o) for o in args.object)
        # "received five men with wounds": the parser may hang the wounds on the verb.
        or any(lemma_of(t) in _WOUNDS for t in args.oblique.get("with", ()))
    ):
        return False
    if frame.asks("needs_distance"):
        around = [*args.predicate, *args.adverbs, *trigger.children]
        if not any(lemma_of(t) in _LENGTHS for t in around):
            return False
    return True


def _is_harmed(noun: Token) -> bool:
    if noun.lower_ in _HARMED:
        return True
    for child in noun.children:
        if child.dep_ in ("amod", "acl", "advcl") and child.lower_ in _HARMED:
            return True
        if child.dep_ == "prep" and child.lower_ == "with":
            return any(lemma_of(p) in _WOUNDS for p in child.children)
    # "330 wounded" is cut by the parser into a number and a participle.
    following = noun.doc[noun.i + 1] if noun.i + 1 < len(noun.doc) else None
    return noun.like_num and following is not None and following.lower_ in _HARMED
