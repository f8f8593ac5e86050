"""The clauses of a text that tell something: every one may be a claim unless it is comment or method.

A parse enters; the heads of its telling clauses leave, and for each what it is when no frame knows it.
In a war report nearly every finite clause states a fact by somebody; what states none is told apart here
by its form (questions, appeals of the publisher, conditions, restrictive clauses) and by a few classes of
words in `data/comment.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from functools import lru_cache
from importlib.resources import files

from whoholds.model import Event
from whoholds.read.events.lexicon import governors, lemma_of, noun_classes
from whoholds.text.tokens import Doc, Token

__all__ = ["is_comment", "kind_of", "telling_heads"]

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj", "csubjpass"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_TELLING_MARKS = frozenset(
    {"when", "after", "since", "while", "though", "although", "because", "whereas", "where"}
)
"""Subordinators of clauses that tell a fact of their own; what "if" and "until" bring in is none."""
_OPENERS = frozenset({"which", "where", "who", "whose", "whom"})
_OWN = frozenset({"we", "i"})
_POINTING = frozenset({"this", "that", "it", "these", "those", "what", "which"})
_HEADING = 6
_SHORTEST = 3
"""Fewest words of a clause without a frame: shorter ones are labels or answers ("It did.")."""
_DEPTH = 40
_MATTERS = frozenset({"force", "persons", "ground", "equipment", "route", "aid", "weapon", "area_unit"})
_SAME_AGAIN = frozenset(
    {"amount", "total", "equal", "include", "cite", "say", "add", "quote", "accord", "follow"}
)
"""Participles that say once more, or for whom, what the main clause says."""
_TIES = frozenset({"after", "as", "amid", "ahead", "before", "hours", "days"})
_HEARERS = frozenset({"us", "me", "reporters", "journalists"})
_ASKING = frozenset({"what", "who", "how", "why", "where", "which"})


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "comment.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def telling_heads(doc: Doc, cues: Collection[int]) -> list[Token]:
    """Heads of the clauses that tell something, in the order of the text.

    Args:
        doc: The parse.
        cues: Tokens of attributions' cues: they say who tells, and what hangs on them is told.
    """
    memory: dict[int, bool] = {}
    return [t for t in doc if t.pos_ in ("VERB", "AUX", "ADJ", "NOUN") and _tells(t, cues, memory, 0)]


def _tells(token: Token, cues: Collection[int], memory: dict[int, bool], depth: int) -> bool:
    known = memory.get(token.i)
    if known is not None:
        return known
    memory[token.i] = False
    memory[token.i] = found = (
        depth < _DEPTH
        and token.dep_ not in ("aux", "auxpass")
        and (token.pos_ in ("VERB", "AUX") or _is_bare_participle(token))
        and _is_telling(token, cues, memory, depth)
    )
    return found


def _is_telling(token: Token, cues: Collection[int], memory: dict[int, bool], depth: int) -> bool:
    head, dep = token.head, token.dep_
    if head == token or dep == "parataxis":
        return True
    if dep == "ccomp":
        if head.i in cues or _is_juxtaposed(token):
            return True
        return _is_finite(token) and _hands_on(head)
    if dep in ("conj", "dep"):
        if head.pos_ not in ("VERB", "AUX") and not _is_finite(token):
            return False
        if _is_finite(token) and _has_subject(token):
            return True
        return _tells(head, cues, memory, depth + 1) or (head.i in cues and _is_finite(token))
    if dep == "advcl":
        return _is_telling_adverbial(token)
    if dep == "relcl":
        return (
            _is_finite(token)
            and _after_comma(token)
            and _opens_with_relative(token)
            and not _is_office(token)
        )
    if dep == "acl":
        return token.tag_ == "VBG" and _after_comma(token)
    return False


def _is_finite(token: Token) -> bool:
    if token.tag_ in _FINITE:
        return True
    return any(
        c.dep_ in ("aux", "auxpass") and (c.tag_ in _FINITE or c.tag_ == "MD") for c in token.children
    ) or (token.tag_ == "VBN" and any(c.dep_ in ("nsubj", "nsubjpass") for c in token.children))


def _has_subject(token: Token) -> bool:
    return any(c.dep_ in _SUBJECTS for c in token.children)


def _is_bare_participle(token: Token) -> bool:
    """ "roads cut", "generator looted": a participle that the tagger took for an adjective."""
    return token.tag_ == "VBN" and _has_subject(token)


def _is_juxtaposed(token: Token) -> bool:
    """A clause set before another without a conjunction, which the parser hangs on the later one."""
    return token.i < token.head.i and _is_finite(token) and not any(c.dep_ == "mark" for c in token.children)


def _hands_on(verb: Token) -> bool:
    """Whether a verb only says how sure its clause is ("it appears that …", "we fear that …")."""
    governor = governors().get(lemma_of(verb))
    return governor is not None and governor.stance is not None


def _is_telling_adverbial(token: Token) -> bool:
    if token.tag_ == "VBG" and not any(c.dep_ in ("mark", "aux") for c in token.children):
        return token.i > token.head.i and _after_comma(token)
    marks = {c.lower_ for c in token.children if c.dep_ in ("mark", "advmod")}
    if not marks & _TELLING_MARKS or not _is_finite(token) or not _has_subject(token):
        return False
    if any(c.dep_ == "aux" and c.tag_ == "MD" for c in token.children):
        return False
    is_past = token.tag_ in ("VBD", "VBN") or any(c.tag_ == "VBD" for c in token.children)
    if marks & {"when", "after", "since", "where"}:
        return is_past
    return _after_comma(token) or token.i < token.head.i


def _after_comma(token: Token) -> bool:
    first = token.left_edge.i
    return first > 0 and token.doc[first - 1].text in (",", "–", "—", "(", "-")


def _opens_with_relative(token: Token) -> bool:
    first = token.left_edge
    return first.lower_ in _OPENERS or (
        first.i + 2 < len(token.doc) and any(t.lower_ in _OPENERS for t in token.doc[first.i : first.i + 4])
    )


def _is_office(token: Token) -> bool:
    """ ", who leads a brigade": who somebody is, in the present tense of a person."""
    return token.left_edge.lower_ == "who" and token.tag_ in ("VBZ", "VBP")


# --- what is told of -----------------------------------------------------------------------------


def is_comment(head: Token, words: Sequence[Token], *, is_own: bool) -> bool:
    """Whether a clause without a frame is comment, method or appeal, and no statement about the world.

    Args:
        head: The clause's head.
        words: Its tokens.
        is_own: Whether it stands in the publisher's own voice.
    """
    words = sorted(words, key=lambda t: t.i)
    if sum(1 for t in words if t.is_alpha or t.like_num) < _SHORTEST:
        return True
    end = head.right_edge.i
    if is_own and any(t.text == "?" for t in head.doc[end : end + 2]):
        return True
    if head.tag_ in ("VB", "VBP") and not _has_subject(head) and not _is_finite(head) and head.dep_ != "conj":
        return is_own
    subject = next((c for c in head.children if c.dep_ in _SUBJECTS), None)
    lemma = lemma_of(head)
    lists = _words()
    named = {lemma_of(t) for t in words}
    if head.tag_ == "VBG" and head.dep_ in ("advcl", "acl") and subject is None:
        table = noun_classes()
        return lemma in _SAME_AGAIN or not any(table.get(n, frozenset()) & _MATTERS for n in named)
    if is_own and words[0].lower_ in _ASKING and head.dep_ == "ROOT" and len(words) <= _HEADING:
        # "What witnesses say." heads a section.
        return True
    if lemma in lists["checking"] and any(c.dep_ == "neg" for c in head.children) and is_own:
        return True
    direct = {lemma_of(c) for c in head.children if c.dep_ in ("attr", "acomp", "dobj", "oprd", "advmod")}
    direct |= {lemma_of(p) for c in head.children if c.dep_ == "prep" for p in c.children if p.dep_ == "pobj"}
    if lemma in lists["telling"] and named & lists["differently"]:
        return True
    if lemma in ("be", "remain", "seem", "sound", "prove") and direct & lists["verdicts"]:
        return True
    if lemma in lists["unknown"] and (
        _is_unable(head)
        or any(c.dep_ in ("dobj", "dative") and c.lower_ in _HEARERS for c in head.children)
        or direct & lists["particulars"]
    ):
        return True
    if not is_own:
        return False
    if subject is not None and subject.lower_ in _OWN and lemma in lists["own_work"]:
        return True
    if lemma in lists["meaning"] and lemma != "lie":
        return True
    if lemma in lists["facing"] and (direct & lists["states"] or named & lists["turns"]):
        return True
    if subject is None:
        return head.dep_ == "ROOT" and head.tag_ in ("VB", "VBP", "VBG")
    if subject.lower_ in _POINTING and lemma == "be" and not _has_place(words):
        return True
    if lemma_of(subject) in lists["works"] and lemma in lists["making"]:
        return True
    return lemma in lists["tying"] and any(_ties(c) for c in head.children)


def _ties(child: Token) -> bool:
    """Whether a child of "come", "follow" ties the clause to another event ("came after …")."""
    if child.dep_ == "advcl":
        return any(c.dep_ == "mark" for c in child.children)
    return child.dep_ in ("prep", "mark") and child.lower_ in _TIES


def _is_unable(head: Token) -> bool:
    return any(c.dep_ == "neg" for c in head.children) and any(
        c.dep_ == "aux" and c.lower_ in ("could", "can") for c in head.children
    )


def _has_place(words: Sequence[Token]) -> bool:
    return any(t.ent_type_ in ("GPE", "LOC", "FAC") for t in words)


_PLAIN = {
    "withdraw": Event.WITHDRAWAL,
    "retreat": Event.WITHDRAWAL,
    "abandon": Event.WITHDRAWAL,
    "vacate": Event.WITHDRAWAL,
    "retake": Event.CONTROL_GAINED,
    "recapture": Event.CONTROL_GAINED,
    "liberate": Event.CONTROL_GAINED,
    "reconquer": Event.CONTROL_GAINED,
    "overrun": Event.CONTROL_GAINED,
    "enter": Event.ENTERED,
    "infiltrate": Event.ENTERED,
    "contest": Event.CONTESTED,
    "advance": Event.ADVANCE,
    "clash": Event.CLASH,
    "ambush": Event.CLASH,
    "bomb": Event.STRIKE,
    "shell": Event.SHELLING,
    "kill": Event.CASUALTIES,
    "wound": Event.CASUALTIES,
}
"""Verbs of one meaning in a war, whoever and wherever their arguments name."""
_PLAIN_NOUNS = {
    "withdrawal": Event.WITHDRAWAL,
    "retreat": Event.WITHDRAWAL,
    "pullout": Event.WITHDRAWAL,
    "airstrike": Event.STRIKE,
    "bombing": Event.STRIKE,
    "shelling": Event.SHELLING,
    "gunfire": Event.CLASH,
    "fighting": Event.CLASH,
    "clash": Event.CLASH,
    "firefight": Event.CLASH,
    "skirmish": Event.CLASH,
    "casualty": Event.CASUALTIES,
    "fatality": Event.CASUALTIES,
    "recapture": Event.CONTROL_GAINED,
    "liberation": Event.CONTROL_GAINED,
    "seizure": Event.CONTROL_GAINED,
}
"""Nouns of one meaning in a war."""
_PLAIN_WORDS = {
    "hands": Event.CONTROL_HELD,
    "control": Event.CONTROL_HELD,
    "ours": Event.CONTROL_HELD,
    "theirs": Event.CONTROL_HELD,
    "dead": Event.CASUALTIES,
    "wounded": Event.CASUALTIES,
    "killed": Event.CASUALTIES,
    "casualties": Event.CASUALTIES,
    "wreck": Event.EQUIPMENT_LOSSES,
    "wrecks": Event.EQUIPMENT_LOSSES,
    "km²": Event.AREA_TOTAL,
}
"""What a clause is about, where its verb says nothing of a war ("There was word of ten dead")."""
_TALK = frozenset(
    {
        "know", "appeal", "hope", "believe", "think", "understand", "mean", "matter", "deserve",
        "regret", "thank", "wish", "owe", "trust", "forgive", "forget", "remember", "respect",
        "stress", "reiterate", "underline", "blame", "accuse", "charge", "praise", "criticise",
        "criticize", "lament", "deplore", "vow", "intend", "support", "oppose", "favour", "favor",
        "prefer", "want", "announce", "justify", "amount", "constitute",
    }
)  # fmt: skip
"""Verbs of talk, mind and judgement."""


def kind_of(head: Token, words: Sequence[Token]) -> Event:
    """What a clause without a frame is: talk and policy a `statement`, everything else `other`."""
    table = noun_classes()
    classes: set[str] = set()
    for token in words:
        classes |= table.get(lemma_of(token), frozenset())
    if any(c.dep_ == "aux" and c.lower_ in ("shall", "would", "will") for c in head.children) and any(
        c.dep_ == "auxpass" for c in head.children
    ):
        # "Looters will be tried": what shall be done with people is policy.
        return Event.STATEMENT if "persons" in classes else Event.OTHER
    if "deal" in classes and not classes & {"route", "equipment", "weapon"}:
        return Event.STATEMENT
    for token in (head, *(t for t in words if t.pos_ == "VERB")):
        # The verb is plain, though nothing about it is known: "Ollu was retaken", "they abandoned Perk".
        if token.pos_ == "VERB" and (plain := _PLAIN.get(lemma_of(token))) is not None:
            return plain
    for token in words:
        is_aside = token.dep_ == "pobj" and token.head.lower_ in (
            "after",
            "before",
            "since",
            "amid",
            "despite",
        )
        if token.pos_ == "NOUN" and not is_aside and (plain := _PLAIN_NOUNS.get(lemma_of(token))) is not None:
            return plain
    if lemma_of(head) not in _TALK:
        for token in words:
            if (plain := _PLAIN_WORDS.get(token.lower_)) is not None:
                return plain
    # "We know who did it", "the governor appealed to the world": talk, and nothing on the ground.
    return Event.STATEMENT if lemma_of(head) in _TALK else Event.OTHER
