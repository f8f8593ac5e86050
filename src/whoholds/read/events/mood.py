"""How a clause puts its event: fact, negated, possible, future, ordered, intended, attempted.

A predicate's token enters, a `Mood` leaves. The chain of verbs above the predicate is walked up to the
clause that stands on its own, or to the cue of an attribution, whose class is not judged here.
"""

from __future__ import annotations

from whoholds.model import Polarity, Stance
from whoholds.read.events.arguments import surface_subject
from whoholds.read.events.lexicon import Governor, governors, lemma_of
from whoholds.read.events.types import Mood
from whoholds.text.tokens import Token

__all__ = ["clause_head", "find_mood", "is_purpose"]

_POSSIBLE = frozenset({"may", "might", "could", "can"})
_FUTURE = frozenset({"will", "would", "shall", "'ll", "’ll", "wo", "wilt", "'d", "gonna"})
_DUTY = frozenset({"must", "should", "ought", "need"})
_NEGATIVE = frozenset(
    {"not", "n't", "n’t", "never", "no", "neither", "nor", "hardly", "nowhere", "none", "nobody", "nothing"}
)
_HEDGES = frozenset(
    {
        "possibly",
        "probably",
        "perhaps",
        "maybe",
        "apparently",
        "presumably",
        "potentially",
        "seemingly",
        "supposedly",
    }
)
_HEARSAY = frozenset({"reportedly", "allegedly", "purportedly", "rumoured", "rumored"})
_CONDITIONS = frozenset({"if", "unless", "should", "whether", "were", "lest"})
_ONLY = frozenset({"only", "just", "merely", "necessarily", "yet-only"})
_WISHES = frozenset({"want", "wish", "like", "prefer"})
_CLIMB_LIMIT = 12


class _State:
    __slots__ = ("attempt", "condition", "flips", "future", "governor", "hearsay", "holder", "stance")

    def __init__(self) -> None:
        self.stance: Stance | None = None
        self.flips = 0
        self.holder: Token | None = None
        self.governor: Token | None = None
        self.attempt = False
        self.condition = False
        self.future = False
        self.hearsay = False

    def set(self, stance: Stance, governor: Token, holder: Token | None = None) -> None:
        # The word nearest to the event decides ("may be planning to leave" tells of a plan), but what is
        # ordered or proposed stays so whatever stands between.
        if self.stance is None or stance in (Stance.ORDERED, Stance.PROPOSED):
            self.stance, self.governor, self.holder = stance, governor, holder


def clause_head(token: Token) -> Token:
    """The verb that heads the clause in which a predicate stands, through infinitives and participles."""
    current = token
    for _ in range(_CLIMB_LIMIT):
        head = current.head
        if head == current:
            return current
        if current.dep_ in ("xcomp", "acomp", "attr", "oprd") and head.pos_ in ("VERB", "AUX", "ADJ"):
            if _is_handing(head):
                return current
            current = head
        elif current.dep_ == "advcl" and _is_to(current) and head.pos_ in ("VERB", "AUX"):
            current = head
        elif current.dep_ == "acl" and _is_to(current) and head.dep_ in ("dobj", "attr", "pobj", "nsubjpass"):
            up = head.head.head if head.dep_ == "pobj" else head.head
            if up.pos_ not in ("VERB", "AUX") or up == head:
                return current
            current = up
        elif current.dep_ == "pcomp" and head.pos_ in ("ADP", "SCONJ") and lemma_of(head.head) in governors():
            if head.head.pos_ in ("VERB", "AUX"):
                current = head.head
            elif head.head.pos_ in ("NOUN", "ADJ") and head.head.head.pos_ in ("VERB", "AUX"):
                current = head.head.head
            else:
                return current
        elif (
            current.dep_ == "conj"
            and not _has_subject(current)
            and head.dep_ in ("xcomp", "pcomp")
            and head.pos_ in ("VERB", "AUX")
        ):
            current = head
        else:
            return current
    return current


def is_purpose(token: Token) -> bool:
    """Whether a predicate stands in a purpose clause ("gathered to retake the town"): aimed at, not done."""
    current = token
    for _ in range(_CLIMB_LIMIT):
        head = current.head
        if head == current:
            return False
        if current.dep_ == "advcl" and _is_to(current):
            return lemma_of(head) not in governors() or governors()[lemma_of(head)].id == "plain"
        if current.dep_ == "acl" and _is_to(current):
            return lemma_of(head) not in governors()
        if current.dep_ == "pcomp" and head.lower_ == "for":
            return lemma_of(head.head) not in governors()
        if current.dep_ in ("xcomp", "dobj", "acl") or (current.dep_ == "conj" and not _has_subject(current)):
            current = head
        else:
            return False
    return False


def _is_handing(verb: Token) -> bool:
    """Whether a verb hands its infinitive to someone else ("ordered his men to storm the fort")."""
    governor = governors().get(lemma_of(verb))
    if governor is None or governor.stance not in (Stance.ORDERED, Stance.PROPOSED):
        return False
    return any(c.dep_ in ("dobj", "nsubjpass", "dative", "prep") for c in verb.children)


def _is_to(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.tag_ == "TO" for c in verb.children)


def _has_subject(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in verb.children)


def find_mood(
    trigger: Token, head: Token, *, absorbs_negation: bool = False, cues: frozenset[int] = frozenset()
) -> Mood:
    """The mood of an event.

    Args:
        trigger: The verb or noun that states the event.
        head: The verb whose clause it is: the trigger itself, or a light verb above it.
        absorbs_negation: Whether the frame itself means an absence ("no soldier will be left").
        cues: Tokens of attributions' cues: what governs from there is the attribution's business.
    """
    state = _State()
    if trigger != head:
        _read_noun(trigger, state)
    current = head
    for _ in range(_CLIMB_LIMIT):
        _read_verb(current, state, trigger)
        nxt = _governing(current)
        if nxt is None:
            break
        governing, word = nxt
        if word.i in cues or governing.i in cues:
            break
        _apply(word, governing, current, state)
        current = governing
    polarity = Polarity.NEGATIVE if state.flips % 2 and not absorbs_negation else Polarity.POSITIVE
    stance = state.stance
    if stance is None and state.future:
        stance = Stance.PREDICTED
    if stance is None and state.condition:
        stance = Stance.SUGGESTED
    if stance is None and state.hearsay:
        stance = Stance.CLAIMED
    return Mood(
        stance=stance,
        polarity=polarity,
        holder=None if state.holder is None else state.holder.i,
        governor=None if state.governor is None else state.governor.i,
        is_attempt=state.attempt,
        is_conditional=state.condition,
        is_future=state.future,
    )


def _read_noun(noun: Token, state: _State) -> None:
    """What a nominalisation's own words say: "no", "planned", "possible", "failed"."""
    for child in noun.children:
        word = child.lower_
        if child.dep_ in ("det", "neg") and word in ("no", "neither"):
            state.flips += 1
        elif child.dep_ == "amod":
            if word in ("planned", "intended", "upcoming", "scheduled"):
                state.set(Stance.INTENDED, child)
            elif word in ("possible", "potential", "probable", "apparent", "suspected"):
                state.set(Stance.SUGGESTED, child)
            elif word in ("alleged", "reported", "purported", "rumoured", "rumored"):
                state.hearsay = True
            elif word in ("imminent", "expected", "future", "impending", "likely"):
                state.set(Stance.PREDICTED, child)
            elif word in ("proposed", "suggested", "demanded"):
                state.set(Stance.PROPOSED, child)
            elif word in ("attempted",):
                state.attempt = True


def _read_verb(verb: Token, state: _State, trigger: Token) -> None:
    """What stands around a verb itself: auxiliaries, negation, adverbs, its conjunction."""
    borrowed = verb.dep_ == "conj" and not _has_subject(verb)
    _read_children(verb, state, trigger, is_own=True)
    if borrowed and verb.head.pos_ in ("VERB", "AUX"):
        has_own_aux = any(c.dep_ in ("aux", "auxpass") and c.tag_ != "TO" for c in verb.children)
        finite = verb.tag_ in ("VBD", "VBZ", "VBP")
        if not has_own_aux and not finite:
            _read_children(verb.head, state, trigger, is_own=False)
        elif any(c.lower_ in ("or", "nor") for c in verb.head.children if c.dep_ == "cc"):
            state.flips += any(c.dep_ == "neg" for c in verb.head.children) and not any(
                c.dep_ == "neg" for c in verb.children
            )


def _read_children(verb: Token, state: _State, trigger: Token, *, is_own: bool) -> None:
    disjunction = is_own or any(c.dep_ == "cc" and c.lower_ in ("or", "nor") for c in verb.children)
    for child in verb.children:
        word = child.lower_
        dep = child.dep_
        if dep == "neg" or (
            dep in ("advmod", "preconj", "cc") and word in ("never", "neither", "hardly", "nowhere")
        ):
            if disjunction and not _is_only(child):
                state.flips += 1
        elif dep == "aux" and (child.tag_ == "MD" or word in _FUTURE):
            if word in _POSSIBLE:
                # "could not hold the town" is a failure told as a fact, "can be seen" no doubt at all.
                if word in ("could", "can") and any(c.dep_ == "neg" for c in verb.children):
                    continue
                if word != "can":
                    state.set(Stance.SUGGESTED, child)
            elif word in _FUTURE:
                state.future = True
            elif word in _DUTY:
                state.set(Stance.INTENDED, child)
        elif dep in ("nsubj", "nsubjpass", "dobj", "attr", "pobj") and is_own:
            # A noun that is the event itself has been read already ("there was no attack").
            if child.i != trigger.i and _is_nobody(child):
                state.flips += 1
        elif dep == "advmod":
            if word in _HEDGES or word == "likely":
                state.set(Stance.SUGGESTED, child)
            elif word in _HEARSAY:
                state.hearsay = True
            elif word in ("no", "nowhere") or (
                word == "longer" and any(c.lower_ == "no" for c in child.children)
            ):
                state.flips += 1
            elif word == "soon" and verb.tag_ == "VB":
                state.future = True
        elif dep in ("acomp", "oprd") and is_own:
            governor = governors().get(lemma_of(child))
            if governor is not None and governor.stance is not None:
                state.set(governor.stance, child)
        elif dep == "mark" and word in _CONDITIONS and word != "whether":
            state.condition = True
        elif dep == "npadvmod" and word == "longer" and any(c.lower_ == "no" for c in child.children):
            state.flips += 1
    # "Is going to fall" is to come; "fighting was going on" is not.
    if verb.lower_ == "going" and lemma_of(verb) == "go" and any(c.dep_ == "xcomp" for c in verb.children):
        state.future = True


def _is_nobody(noun: Token) -> bool:
    """Whether a phrase means nobody or nothing: "none", "no soldier", "not one looter", "neither side"."""
    if noun.lower_ in ("none", "nobody", "nothing", "neither"):
        return True
    if any(c.dep_ in ("det", "neg") and c.lower_ in ("no", "neither") for c in noun.children):
        return True
    first = noun.left_edge
    return (
        first.lower_ in ("not", "no")
        and first.i + 1 < len(noun.doc)
        and first.nbor(1).lower_
        in (
            "one",
            "a",
            "single",
        )
    )


def _is_only(negation: Token) -> bool:
    """ "not only", "not just": no negation."""
    after = negation.i + 1
    return after < len(negation.doc) and negation.doc[after].lower_ in _ONLY


def _governing(verb: Token) -> tuple[Token, Token] | None:
    """The verb above a dependent predicate, and the word that governs it: verb, adjective or noun."""
    head = verb.head
    dep = verb.dep_
    if head == verb:
        return None
    if dep == "conj" and not _has_subject(verb) and head.pos_ in ("VERB", "AUX"):
        if verb.tag_ in ("VBD", "VBZ", "VBP"):
            return None
        return _governing(head)
    if dep == "ccomp" and verb.i < head.i and _has_subject(verb):
        # "A truce was agreed; it has failed": set side by side, not governed.
        return None
    if dep in ("xcomp", "ccomp") or (dep == "advcl" and _is_to(verb)):
        if head.pos_ in ("VERB", "AUX"):
            return head, _yet(head) or head
        if head.pos_ in ("ADJ", "NOUN") and head.head != head:
            return (head.head if head.head.pos_ in ("VERB", "AUX") else head), head
        return None
    if dep == "pcomp" and head.head != head:
        up = head.head
        if up.pos_ in ("VERB", "AUX"):
            return up, up
        if up.pos_ in ("NOUN", "ADJ") and up.head != up and up.head.pos_ in ("VERB", "AUX"):
            return up.head, up
        return None
    if dep == "acl" and _is_to(verb) and head.pos_ in ("NOUN", "PROPN"):
        up = head.head.head if head.dep_ == "pobj" else head.head
        return (up if up.pos_ in ("VERB", "AUX") else head), head
    return None


def _yet(verb: Token) -> Token | None:
    """ "has yet to leave" """
    if lemma_of(verb) in ("have", "be"):
        for child in verb.children:
            if child.lower_ in (
                "yet",
                "unlikely",
                "likely",
                "unable",
                "about",
                "due",
                "set",
                "poised",
                "ready",
                "able",
                "far",
            ):
                return child
    return None


def _apply(word: Token, governing: Token, inner: Token, state: _State) -> None:
    found = governors().get(lemma_of(word)) or governors().get(word.lower_)
    if found is None or found.id == "plain":
        if lemma_of(governing) == "be":
            subject_task = surface_subject(governing)
            if subject_task is not None and subject_task.pos_ == "NOUN":
                noun = governors().get(lemma_of(subject_task))
                if noun is not None and noun.stance is not None:
                    state.set(noun.stance, subject_task, None)
                    return
            if inner.dep_ == "xcomp" and _is_to(inner) and word is governing and inner.i > governing.i:
                # "The base is to be closed": a schedule.
                state.set(Stance.INTENDED, governing, None)
        return
    if inner.dep_ == "advcl" and found.id in ("attempt", "intention"):
        return
    _apply_found(found, word, governing, inner, state)


def _apply_found(found: Governor, word: Token, governing: Token, inner: Token, state: _State) -> None:
    if found.negates:
        state.flips += 1
    if found.is_attempt:
        state.attempt = True
    if found.id == "intention" and lemma_of(word) in _WISHES and _has_subject(inner) and word is governing:
        # "The elders want both sides to leave": what is wanted of others is asked of them.
        state.set(Stance.PROPOSED, word, surface_subject(governing))
        return
    if found.stance is not None:
        holder = surface_subject(governing) if governing.pos_ in ("VERB", "AUX") else None
        if found.stance in (Stance.PREDICTED, Stance.SUGGESTED):
            holder = None
        if word.lower_ == "unlikely":
            state.flips += 1
        state.set(found.stance, word, holder)
