"""The arguments of a predicate, whatever its construction: passive, participle, relative clause, noun.

A token enters; subject, object and prepositional arguments leave, in the active voice's terms: of
"the town taken by rebels" the subject of "taken" is "rebels" and its object "town".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from whoholds.read.events.lexicon import is_mistagged_verb, lemma_of
from whoholds.text.tokens import Token

__all__ = [
    "Arguments",
    "coordinated",
    "descendants",
    "is_passive",
    "noun_arguments",
    "surface_subject",
    "verb_arguments",
]

_RELATIVES = frozenset({"which", "who", "whom", "that", "whose"})
_COPULAS = frozenset({"stay", "remain", "become"})
_NO_ARGUMENT = frozenset({"according", "due", "owing", "thanks", "because", "despite", "unlike", "including"})
"""Prepositions that bring in sources and reasons, never who, whom or where."""
_CLIMB_LIMIT = 12
"""Longest chain of verbs that a subject is looked for through."""


@dataclass(slots=True)
class Arguments:
    """Heads of the arguments of one predicate, in the active voice's terms."""

    subject: list[Token] = field(default_factory=list)
    object: list[Token] = field(default_factory=list)
    oblique: dict[str, list[Token]] = field(default_factory=dict)
    particles: set[str] = field(default_factory=set)
    predicate: list[Token] = field(default_factory=list)
    owner: list[Token] = field(default_factory=list)
    modifiers: list[Token] = field(default_factory=list)
    adverbs: list[Token] = field(default_factory=list)
    is_passive: bool = False
    has_clause: bool = False


def coordinated(token: Token) -> Iterator[Token]:
    """A token and all that is coordinated with it."""
    yield token
    stack = [token]
    seen = {token.i}
    while stack:
        for child in stack.pop().children:
            if child.dep_ == "conj" and child.i not in seen and child.pos_ not in ("VERB", "AUX"):
                seen.add(child.i)
                stack.append(child)
                yield child


def descendants(token: Token) -> Iterator[Token]:
    """A token and all below it, without order: spaCy's `subtree` takes quadratic time down a list."""
    stack = [token]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(current.children)


def is_passive(verb: Token) -> bool:
    """Whether a verb form is passive: "was taken", "the town taken by rebels"."""
    if verb.tag_ == "VBD":
        return _is_telegraphic(verb)
    if verb.tag_ != "VBN" and verb.pos_ != "ADJ":
        return False
    deps = {child.dep_ for child in verb.children}
    if "auxpass" in deps or "nsubjpass" in deps or "agent" in deps:
        return True
    if "aux" in deps:
        return False
    if _goes_into(verb):
        return False
    if verb.dep_ in ("acl", "amod"):
        return True
    if verb.dep_ == "conj" and verb.head.tag_ == "VBN" and "nsubj" not in deps:
        return is_passive(verb.head)
    if "nsubj" in deps:
        # "major supply lines severed", "24 settlements liberated": a participle with no auxiliary.
        return "dobj" not in deps
    return verb.dep_ in ("advcl", "ROOT", "ccomp", "relcl") and "dobj" not in deps


_MOVING = frozenset({"into", "toward", "towards", "onto"})


def _goes_into(verb: Token) -> bool:
    """Whether a past tense is taken for a participle: "2,000 insurgents swarmed into the town".

    The same where the parser makes a headless phrase of the sentence: "Brigades lumbered toward the river".
    """
    if lemma_of(verb) in _SUFFERED | _CARRIED or not any(
        c.dep_ == "prep" and c.lower_ in _MOVING for c in verb.children
    ):
        return False
    if verb.dep_ == "acl":
        host = verb.head
        return host.dep_ == "ROOT" and not any(
            t.tag_ in ("VBD", "VBZ", "VBP", "MD") and t.i != verb.i for t in verb.sent
        )
    return any(c.dep_ == "nsubj" for c in verb.children)


_CARRIED = frozenset(
    {"send", "fire", "take", "bring", "lead", "move", "dump", "throw", "launch", "put", "herd", "turn"}
)


_SUFFERED = frozenset(
    {
        "detain",
        "arrest",
        "shoot",
        "hit",
        "capture",
        "kill",
        "wound",
        "injure",
        "seize",
        "destroy",
        "recover",
        "bomb",
        "damage",
        "abduct",
        "kidnap",
        "repel",
        "foil",
        "intercept",
        "down",
        "retake",
        "free",
        "block",
        "evacuate",
        "displace",
        "encircle",
        "loot",
        "liberate",
        "shell",
        "cut",
        "close",
        "sever",
        "hospitalise",
        "rescue",
        "besiege",
        "surround",
        "overrun",
        "drive",
        "push",
        "force",
        "repulse",
    }
)
"""Verbs that want an object: with a subject alone their past form is a participle without its "was"."""


def _is_telegraphic(verb: Token) -> bool:
    """Whether a past tense is a passive without its auxiliary: "Two staff detained", "four houses hit"."""
    if lemma_of(verb) == "leave":
        # "No militia left in the port": nobody is there, nobody went.
        return any(
            c.dep_ == "nsubj" and any(n.lower_ == "no" for n in c.children) for c in verb.children
        ) and all(c.dep_ != "dobj" for c in verb.children)
    if lemma_of(verb) not in _SUFFERED:
        return False
    has_subject = False
    for child in verb.children:
        if child.dep_ == "nsubj":
            has_subject = child.pos_ in ("NOUN", "PROPN", "NUM") and child.lower_ not in _RELATIVES
        elif child.dep_ in ("dobj", "aux", "auxpass", "ccomp", "xcomp", "dative") or (
            child.dep_ in ("prep", "prt", "advmod") and child.lower_ in _AIMED
        ):
            return False
    return has_subject and verb.dep_ in ("ROOT", "ccomp", "conj", "appos", "acl")


_AIMED = frozenset(
    {
        "at",
        "on",
        "into",
        "back",
        "toward",
        "towards",
        "through",
        "across",
        "ahead",
        "forward",
        "deep",
        "deeper",
        "to",
    }
)


def surface_subject(verb: Token, depth: int = 0) -> Token | None:
    """The grammatical subject of a verb, its own or the one that it shares."""
    own = None
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubjpass") or (child.dep_ == "expl" and own is None):
            if own is not None and _is_distance(child):
                continue
            own = child
    if own is None or _is_distance(own) or (own.text.isupper() and own.is_sent_start and len(own) > 3):
        # The last is the place of a dateline: "BORSK, Norland – Rebels took …".
        own = _strayed_subject(verb) or own
    if own is not None:
        if verb.dep_ == "relcl" and own.lower_ in _RELATIVES:
            return verb.head
        if own.lower_ in _RELATIVES and verb.dep_ == "conj" and verb.head.dep_ == "relcl":
            return verb.head.head
        return own
    if depth > _CLIMB_LIMIT:
        return None
    head = verb.head
    dep = verb.dep_
    if dep == "ROOT" or head == verb:
        return None
    if dep == "acl":
        if verb.tag_ in ("VBG", "VBN") and not _has_to(verb):
            return head
        return _owner_of(head, depth)
    if dep == "relcl":
        return head
    if dep in ("pcomp", "prep"):
        up = head.head if head.pos_ in ("ADP", "SCONJ") else head
        if up.pos_ in ("VERB", "AUX"):
            if head.lower_ in ("of", "from") and head != up:
                # "accused the army of bombing", "kept them from entering": the object does it.
                done_by = next(
                    (c for c in up.children if c.dep_ in ("dobj", "nsubjpass") and c.i < verb.i), None
                )
                if done_by is not None:
                    return done_by
            return surface_subject(up, depth + 1)
        return _owner_of(up, depth)
    if head.pos_ not in ("VERB", "AUX", "ADJ"):
        return None
    if head.pos_ == "ADJ":
        return surface_subject(head.head, depth + 1) if head.head != head else None
    if dep in ("xcomp", "ccomp"):
        for child in head.children:
            if child.dep_ in ("dobj", "dative") and child.i < verb.i and child.pos_ != "ADP":
                return child
        return surface_subject(head, depth + 1)
    if dep == "advcl" and _has_to(verb):
        for child in head.children:
            if child.dep_ == "dobj" and child.i < verb.i and lemma_of(head) in _OBJECT_CONTROL:
                return child
        return surface_subject(head, depth + 1)
    return surface_subject(head, depth + 1)


_STRAYED = frozenset({"pobj", "appos", "conj", "dep"})


def _strayed_subject(verb: Token) -> Token | None:
    """Of "On 5 May rebels took the hill" the subject, where the parser hung it on the words before it."""
    if verb.dep_ not in ("ROOT", "ccomp") or verb.tag_ not in ("VBD", "VBP", "VBZ", "VBN"):
        return None
    if verb.is_sent_start or not verb.i:
        return None
    i = verb.i - 1
    while i and not verb.doc[i].is_sent_start and verb.doc[i].dep_ in ("aux", "auxpass", "advmod", "neg"):
        i -= 1
    noun = verb.doc[i]
    if noun.pos_ not in ("NOUN", "PROPN") or noun.dep_ not in _STRAYED:
        return None
    if noun.ent_type_ in ("DATE", "TIME", "GPE", "LOC") or verb.doc[i + 1].text == ",":
        return None
    top = noun
    for _ in range(_CLIMB_LIMIT):
        if top.head in (verb, top):
            break
        top = top.head
    return noun if top.dep_ in ("prep", "nsubj", "dep", "npadvmod") and top.head == verb else None


def _is_distance(token: Token) -> bool:
    """Whether a phrase says how far: "Some 25 km to the west, troops held the town"."""
    return token.ent_type_ in ("QUANTITY", "DATE", "TIME")


_OBJECT_CONTROL = frozenset(
    {"order", "force", "tell", "ask", "urge", "send", "allow", "instruct", "compel", "press"}
)
"""Verbs whose object does what the infinitive after it says, where the parser calls that an adverbial."""


def _has_to(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.tag_ == "TO" for child in verb.children)


def _owner_of(noun: Token, depth: int) -> Token | None:
    for child in noun.children:
        if child.dep_ == "poss":
            return child
    up = noun.head
    if up != noun and up.pos_ in ("VERB", "AUX") and noun.dep_ in ("dobj", "attr", "pobj"):
        return surface_subject(up, depth + 1)
    return None


def _add_oblique(found: dict[str, list[Token]], name: str, preposition: Token) -> None:
    for child in preposition.children:
        if child.dep_ == "pobj":
            found.setdefault(name, []).extend(coordinated(child))
        elif child.dep_ == "prep":
            _add_oblique(found, f"{name} {child.lower_}", child)
            _add_oblique(found, child.lower_, child)
        elif child.dep_ == "pcomp":
            found.setdefault(name, []).append(child)
        elif child.dep_ == "conj" and child.pos_ == "ADP":
            # "in and around the town"
            _add_oblique(found, child.lower_, child)
            _add_oblique(found, name, child)


def verb_arguments(verb: Token) -> Arguments:
    """The arguments of a verb form."""
    args = Arguments(is_passive=is_passive(verb))
    agent: list[Token] = []
    fronted: Token | None = None
    for child in verb.children:
        dep = child.dep_
        if dep == "dobj" and lemma_of(verb) in _COPULAS:
            # "The town stays rebel": the tagger takes the complement for an object.
            args.predicate.extend(coordinated(child))
        elif dep == "dobj":
            args.object.extend(coordinated(child))
        elif dep == "dative":
            if child.pos_ == "ADP":
                _add_oblique(args.oblique, child.lower_, child)
            else:
                args.oblique.setdefault("dative", []).extend(coordinated(child))
        elif dep == "agent":
            for inner in child.children:
                if inner.dep_ == "pobj" and inner.ent_type_ not in ("DATE", "TIME"):
                    agent.extend(coordinated(inner))
        elif dep == "prep" and child.lower_ not in _NO_ARGUMENT:
            if child.lower_ == "by" and args.is_passive:
                for inner in child.children:
                    if inner.dep_ == "pobj" and inner.ent_type_ not in ("DATE", "TIME"):
                        agent.extend(coordinated(inner))
            if not any(c.dep_ in ("pobj", "pcomp") for c in child.children):
                # "drove them out of the port": "out" is as good as a particle.
                args.particles.add(child.lower_)
            _add_oblique(args.oblique, child.lower_, child)
        elif dep in ("prt", "advmod"):
            args.particles.add(child.lower_)
            if dep == "advmod":
                args.adverbs.append(child)
                for inner in child.children:
                    if inner.dep_ == "prep":
                        # "deeper into the region", "out of the port", "north of the town"
                        _add_oblique(args.oblique, inner.lower_, inner)
                        _add_oblique(args.oblique, f"{child.lower_} {inner.lower_}", inner)
        elif dep in ("acomp", "attr", "oprd") or (dep == "advcl" and child.pos_ == "ADJ"):
            nouns = list(coordinated(child))
            args.predicate.extend(nouns)
            for inner in (c for noun in nouns for c in noun.children):
                if inner.dep_ == "prep":
                    _add_oblique(args.oblique, inner.lower_, inner)
                elif inner.dep_ == "prt":
                    args.particles.add(inner.lower_)
        elif dep in ("ccomp", "xcomp"):
            args.has_clause = True
            if child.pos_ == "ADJ":
                # "coloured both hamlets yellow": a small clause, whose subject is the verb's object.
                args.object.extend(o for s in child.children if s.dep_ == "nsubj" for o in coordinated(s))
                args.predicate.append(child)
        elif dep == "npadvmod":
            args.adverbs.append(child)
            if child.pos_ == "PROPN" and child.i < verb.i and child.ent_type_ not in ("DATE", "TIME"):
                fronted = child
    if fronted is not None and not args.object and not args.is_passive:
        # "Borsk we have moved into the grey zone"
        args.object.append(fronted)
    if is_mistagged_verb(verb) and verb.pos_ != "ADJ":
        args.subject.extend(
            c for c in verb.children if c.dep_ in ("compound", "nmod", "nsubj") and c.i < verb.i
        )
        args.object.extend(
            o
            for c in verb.children
            if c.i > verb.i and c.dep_ in ("appos", "npadvmod") and c.ent_type_ not in ("DATE", "TIME")
            for o in coordinated(c)
        )
        return args
    if not args.object and verb.dep_ == "ccomp" and not args.is_passive:
        stolen = _stolen_object(verb)
        if stolen is not None:
            args.object.extend(coordinated(stolen))
    if verb.dep_ == "amod" and verb.head.pos_ in ("NOUN", "PROPN"):
        args.object.append(verb.head)
        return args
    subject = surface_subject(verb)
    if subject is not None and subject.tag_ == "EX":
        # "there are 28 villages in enemy hands": what there is, is the subject.
        subject = args.predicate[0] if args.predicate else None
    subjects = [] if subject is None else list(coordinated(subject))
    if args.is_passive:
        args.subject = agent
        args.object = [*subjects, *args.object]
    else:
        args.subject = subjects
        if verb.dep_ == "relcl" and not args.object and subject != verb.head and not args.predicate:
            # "the territory that the army seized": the object is what the clause hangs on, unless a
            # preposition is left dangling ("a proposal that they agreed to").
            dangling = [c for c in verb.children if c.dep_ == "prep" and not any(True for _ in c.children)]
            if dangling:
                args.oblique.setdefault(dangling[-1].lower_, []).append(verb.head)
            else:
                args.object.append(verb.head)
        args.object = [
            verb.head if o.lower_ in _RELATIVES and verb.dep_ == "relcl" else o for o in args.object
        ]
    return args


def _stolen_object(verb: Token) -> Token | None:
    """Of "They took Alba, the paper reported" the object that the parser made the subject of "reported"."""
    for child in verb.head.children:
        if child.dep_ == "nsubj" and child.left_edge.i == verb.i + 1:
            return child if any(c.dep_ == "appos" for c in child.children) else None
    return None


def noun_arguments(noun: Token, noun_of: str) -> Arguments:
    """The arguments of a nominalisation: "the army's capture of the town by night"."""
    args = Arguments()
    for child in noun.children:
        dep = child.dep_
        if dep == "poss":
            args.owner.append(child)
        elif dep in ("amod", "compound", "nmod", "nummod"):
            args.modifiers.append(child)
            args.modifiers.extend(c for c in child.children if c.dep_ in ("compound", "conj", "amod", "nmod"))
        elif dep in ("prep", "agent"):
            _add_oblique(args.oblique, child.lower_, child)
        elif dep == "acl" and child.tag_ == "VBN":
            # "attacks launched by the rebels on the port"
            for inner in child.children:
                if inner.dep_ in ("prep", "agent"):
                    _add_oblique(args.oblique, inner.lower_, inner)
    args.subject.extend(args.oblique.get("by", ()))
    of = args.oblique.get("of", [])
    if noun_of == "subject":
        args.subject.extend(of)
    else:
        args.object.extend(of)
    return args
