"""Which kind of fire a predicate tells of, and whether its sides are those of a war at all.

A frame, a trigger and its arguments enter; the event that the words decide, or None, leaves.
"""

from __future__ import annotations

from whoholds.model import EVENT_GROUPS, Event
from whoholds.read.events.arguments import Arguments, coordinated
from whoholds.read.events.classes import NounClasses
from whoholds.read.events.lexicon import Frame, lemma_of
from whoholds.text.tokens import Token

__all__ = ["event_by_sides", "event_by_weapon"]


def event_by_sides(
    frame: Frame, event: Event, trigger: Token, args: Arguments, classes: NounClasses
) -> Event | None:
    """Unrest and crime are not war: crowds hold no ground, and fights with them are `other`."""
    group = EVENT_GROUPS[event]
    if group not in ("territory", "presence", "fire") or frame.id == "none_left":
        return event
    around = [
        t for name in ("with", "between", "against", "at", "on", "by") for t in args.oblique.get(name, ())
    ]
    sides = [*args.subject, *args.object, *around]
    has_crowd = any("crowd" in classes.of(t) for t in sides)
    if has_crowd and not any(
        "force" in classes.of(t) and "crowd" not in classes.of(t) and "police" not in classes.of(t)
        for t in args.subject
    ):
        return Event.OTHER if group == "fire" else None
    if has_crowd and event is Event.CLASH:
        return Event.OTHER
    if (
        event is Event.CLASH
        and not any("force" in classes.of(t) and "police" not in classes.of(t) for t in sides)
        and _in_unrest(trigger, classes)
    ):
        return Event.OTHER
    if event is not Event.CLASH or frame.id in ("repel", "fighting"):
        return event
    targets = [
        *args.object,
        *args.oblique.get("on", ()),
        *args.oblique.get("at", ()),
        *args.oblique.get("against", ()),
    ]
    if any("civic" in classes.of(t) and "force" not in classes.of(t) for t in targets):
        # An attack upon those who do not fight is no fighting.
        return Event.OTHER
    by_police = any("police" in classes.of(t) for t in args.subject)
    if by_police and not any("force" in classes.of(t) for t in targets):
        return Event.OTHER
    return event


def event_by_weapon(frame: Frame, trigger: Token, args: Arguments, classes: NounClasses) -> Event | None:
    if not frame.asks("by_weapon"):
        return frame.event
    kind = _weapon_of(trigger, args, classes)
    lemma = lemma_of(trigger)
    if lemma in _BURSTING and any(lemma_of(s) in _PLANTED for s in args.subject):
        # Bombs that are dropped "fall" or "hit"; one that "explodes" was put there.
        return Event.OTHER
    if kind is None and lemma in frame.words("verbs_with_weapon"):
        return None
    needs_armed = kind is None and lemma in frame.words("verbs_with_armed") and trigger.pos_ == "VERB"
    armed = {"force", "party", "pronoun", "weapon"}
    if needs_armed and args.subject and not any(classes.of(s) & armed for s in args.subject):
        return None
    if (
        frame.id == "strike"
        and kind in (None, "air_weapon")
        and lemma in ("bombing", "bomb", "blast")
        and _tells_of_hidden_bomb(trigger)
    ):
        return Event.OTHER
    if frame.id == "fire_weapon" and kind is None:
        return frame.event if any("weapon" in classes.of(o) for o in args.object) else None
    if kind is None:
        weaponless = frame.constraints.get("weaponless")
        if frame.id == "under_fire" and weaponless:
            words = {t.lower_ for v in args.oblique.values() for t in v} | {t.lower_ for t in args.object}
            if words & {"fire", "shelling", "bombardment", "shellfire"}:
                return frame.event
            return (
                Event.STRIKE
                if words & {"airstrike", "airstrikes", "strike", "strikes"}
                else Event(weaponless)
            )
        return frame.event
    return {"air_weapon": Event.STRIKE, "ground_weapon": Event.SHELLING, "hidden_weapon": Event.OTHER}[kind]


def _in_unrest(trigger: Token, classes: NounClasses) -> bool:
    doc = trigger.doc
    return any(
        t.pos_ == "NOUN" and "unrest" in classes.of(t) for t in doc[max(0, trigger.i - 20) : trigger.i + 20]
    )


_BURSTING = frozenset({"explode", "detonate", "blow", "go"})
_PLANTED = frozenset({"bomb", "device", "charge", "mine", "grenade", "landmine"})
_HIDDEN = frozenset(
    {
        "suicide",
        "ied",
        "detonated",
        "detonate",
        "car",
        "roadside",
        "explosive",
        "bomber",
        "bombers",
        "themselves",
        "himself",
        "vest",
    }
)


def _tells_of_hidden_bomb(trigger: Token) -> bool:
    doc = trigger.doc
    return any(t.lower_ in _HIDDEN for t in doc[max(0, trigger.i - 30) : trigger.i + 15])


def _is_countered(token: Token) -> bool:
    """Whether a weapon is what another is against: "anti-tank"."""
    before = token.doc.lower[max(0, token.i - 2) : token.i]
    return before[-1:] == ["anti"] or before == ["anti", "-"]


def _weapon_of(trigger: Token, args: Arguments, classes: NounClasses) -> str | None:
    """The kind of the weapon named first about a predicate, hidden bombs before all."""
    tokens = list(args.modifiers)
    for noun in args.object:
        if (
            classes.of(noun) & {"weapon", "hidden_weapon"}
            or "fire" in noun.lower_
            or lemma_of(noun) in ("attack", "strike", "raid", "barrage")
        ):
            tokens += [noun, *(c for c in noun.children if c.dep_ in ("compound", "amod", "nmod"))]
    for name in ("with", "by", "from", "under", "in"):
        for noun in args.oblique.get(name, ()):
            tokens += [noun, *(c for c in noun.children if c.dep_ in ("compound", "amod", "nmod"))]
    for noun in args.subject:
        tokens += [noun, *(c for c in noun.children if c.dep_ in ("compound", "amod", "nmod"))]
    for sibling in coordinated(trigger):
        if sibling.pos_ in ("NOUN", "PROPN"):
            tokens += [c for c in sibling.children if c.dep_ in ("compound", "amod", "nmod")]
    if trigger.dep_ == "conj" and trigger.pos_ in ("NOUN", "PROPN"):
        tokens += [trigger.head, *(c for c in trigger.head.children if c.dep_ in ("compound", "amod"))]
    found: list[tuple[int, str]] = []
    for token in tokens:
        if _is_countered(token):
            continue
        if any(c.lower_.endswith("propelled") for c in token.children):
            # "rocket-propelled grenades" are fired, not thrown.
            found.append((token.i, "ground_weapon"))
            continue
        for kind in classes.of(token) & {"air_weapon", "ground_weapon", "hidden_weapon"}:
            found.append((token.i, kind))
    lemma = lemma_of(trigger)
    if lemma in ("airstrike", "air-strike", "air-raid", "strafe", "strafing", "bomb") and not any(
        k == "hidden_weapon" for _, k in found
    ):
        return "air_weapon"
    if not found:
        return None
    if any(kind == "hidden_weapon" for _, kind in found) and lemma not in ("shelling", "shell"):
        return "hidden_weapon"
    return min(found)[1]
