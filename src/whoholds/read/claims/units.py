"""Statements to be made into claims: one clause of one voice, with the event that it is about.

Event mentions, speeches and blocks enter; `Unit`s in the order of the text leave. Here it is decided
what is one claim and what is none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from whoholds.model import EVENT_GROUPS, Event, Stance
from whoholds.read.claims.clauses import is_comment, kind_of, telling_heads
from whoholds.read.claims.fragments import find_fragments
from whoholds.read.claims.quote import whole_clause
from whoholds.read.claims.voices import Voices
from whoholds.read.events.arguments import descendants
from whoholds.read.events.lexicon import lemma_of, lemmas_of, noun_classes
from whoholds.read.events.types import EventMention
from whoholds.text.blocks import BlockKind
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Doc, Token

__all__ = ["Unit", "find_units"]

_STATES = frozenset({"occupy", "hold", "control", "defend"})
_STOPS = (".", "!", "?", "…", ".”", '."')
_DIGEST = 0.75
"""Share of the lines of a digest that end without a stop."""
_OWN_CLAUSES = frozenset({"relcl"})
_ARMS = frozenset({"weapon", "ground_weapon", "air_weapon", "equipment"})
_TOTAL_HOSTS = frozenset({"territory", "count", "presence"})


@dataclass(frozen=True, slots=True)
class Unit:
    """One statement.

    Attributes:
        head: Token that heads its clause.
        voice: Number of the speech whose content it is, or None for the publisher's own voice.
        mention: The event that it states, or None for a bare statement or a silence.
        event: What it states.
        silent: Number of a speech by which someone says nothing, or -1 for a silence without one.
        p: How sure the kind of construction makes the reading.
        tokens: The tokens of a note without a verb; empty where a clause's head tells them.
    """

    head: int
    voice: int | None
    mention: EventMention | None
    event: Event
    silent: int | None = None
    p: float = 0.8
    tokens: tuple[int, ...] = ()


@lru_cache(maxsize=1)
def _silence() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "silence.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def find_units(parsed: Parsed, events: Sequence[EventMention], voices: Voices) -> list[Unit]:
    """The statements of a report."""
    doc = parsed.doc
    readable = _readable(parsed)
    silences = _find_silences(parsed, events, voices, readable)
    silent_tokens = {t for unit, tokens in silences for t in tokens}
    grouped: dict[tuple[int, int | None], list[EventMention]] = {}
    for mention in events:
        if not readable(doc[mention.trigger].idx) or mention.trigger in silent_tokens:
            continue
        voice = voices.at(mention.trigger)
        if mention.trigger in voices.cues and voice is None and not _is_own_news(mention):
            continue
        if _is_description(mention, doc[mention.trigger], events):
            continue
        head = _head_within(doc[mention.trigger], doc[mention.head], voice, voices)
        grouped.setdefault((head, voice), []).append(mention)
    found = [unit for unit, _ in silences]
    for (head, voice), mentions in grouped.items():
        best = _best(mentions, None if voice is None else voices.stance_of(voice))
        found.append(Unit(head, voice, best, best.event, p=_sureness(best)))
        denial = voices.denial_of(voice)
        if denial is not None:
            found.append(Unit(head, denial, best, best.event, p=_sureness(best)))
    plain = _drop_elaborated(found, doc)
    spelled = {u.mention.trigger for u in found if u not in plain and u.mention is not None}
    found = plain
    found += _bare_statements(parsed, voices, silent_tokens | spelled, readable, found)
    found += _notes(parsed, voices, silent_tokens, readable, found)
    found.sort(key=lambda u: (doc[u.head].idx if u.mention is None else doc[u.mention.trigger].idx, u.head))
    return found


def _notes(
    parsed: Parsed,
    voices: Voices,
    left_out: set[int],
    readable: Callable[[int], bool],
    units: Sequence[Unit],
) -> list[Unit]:
    """Notes without a verb, in sentences that no other claim stands in."""
    # A place before a colon is no speaker, though it stands where one may.
    told = [s for number, s in enumerate(voices.speeches) if voices.content[number]]
    taken = left_out | {t for s in told for t in s.cue_tokens} | {u.head for u in units}
    taken |= {u.mention.trigger for u in units if u.mention is not None}
    # "The army: “an orderly regrouping”": what a label's speaker says is told, verb or none.
    spoken = {
        token
        for number, speech in enumerate(voices.speeches)
        if speech.rule in ("colon", "dash", "entry") and not taken & voices.content[number]
        for token in voices.content[number]
    }
    return [
        Unit(note.head, voices.at(note.head), None, note.event, p=0.5, tokens=note.tokens)
        for note in find_fragments(parsed, taken, readable, spoken)
    ]


def _is_own_news(mention: EventMention) -> bool:
    """Events that are acts of speech themselves: "agreed", "proposed", "refused" are told as acts."""
    return EVENT_GROUPS[mention.event] == "politics"


def _readable(parsed: Parsed) -> Callable[[int], bool]:
    """Whether a code point lies in running text and not in a headline, byline or furniture."""
    kinds = [b.kind for b in parsed.blocks]
    allowed = {BlockKind.BODY}
    if kinds.count(BlockKind.SUBHEAD) > kinds.count(BlockKind.BODY):
        # Channel posts and lists write no full stops: what looks like subheads is the text.
        allowed.add(BlockKind.SUBHEAD)
    if BlockKind.BODY not in kinds or _is_digest(parsed):
        allowed |= {BlockKind.SUBHEAD, BlockKind.HEADLINE}

    def readable(offset: int) -> bool:
        block = parsed.block_at(offset)
        return block is not None and block.kind in allowed

    return readable


def _is_digest(parsed: Parsed) -> bool:
    """Whether nearly all lines end without a stop: headlines or posts, with no article under them."""
    aside = (BlockKind.BYLINE, BlockKind.FURNITURE)
    told = [parsed.text[b.start : b.end] for b in parsed.blocks if b.kind not in aside]
    lines = [line.rstrip() for text in told for line in text.splitlines() if line.strip()]
    return sum(not line.endswith(_STOPS) for line in lines) >= _DIGEST * len(lines) > _DIGEST


def _head_within(trigger: Token, head: Token, voice: int | None, voices: Voices) -> int:
    """The clause head, kept inside the content of the speech that the predicate belongs to."""
    if voice is None or head.i == trigger.i:
        return head.i if head.i not in voices.cues or head.i == trigger.i else trigger.i
    inside = voices.content[voice]
    if head.i in inside:
        return head.i
    current = trigger
    while current.head != current and current.head.i in inside and current.i != head.i:
        current = current.head
    return current.i


def _best(mentions: list[EventMention], cue: Stance | None) -> EventMention:
    """The event that a clause is about, of all that its words name."""
    plain = (
        [m for m in mentions if not m.is_purpose and not m.is_presupposed]
        or [m for m in mentions if not m.is_presupposed]
        or mentions
    )
    wanted = (Stance.ORDERED, Stance.PROPOSED)
    if cue in wanted or any(m.mood.stance in wanted for m in plain):
        # Of an order the aim is what counts.
        plain = [m for m in mentions if not m.is_presupposed] or mentions
    return max(plain, key=lambda m: (m.rank, -m.trigger))


def _sureness(mention: EventMention) -> float:
    p = 0.85
    if mention.is_nominal:
        p -= 0.05
    if mention.is_presupposed:
        p -= 0.2
    if mention.is_purpose:
        p -= 0.2
    if not mention.grounds:
        p -= 0.05
    return p


def _is_description(mention: EventMention, trigger: Token, events: Sequence[EventMention]) -> bool:
    """Whether a clause only describes a noun: "fighters captured in the valley", "ground they seized"."""
    if trigger.dep_ != "relcl" and any(
        c.dep_ in ("nsubj", "nsubjpass") and c.lower_ not in ("which", "that", "who")
        for c in trigger.children
    ):
        return False
    if trigger.dep_ == "acl" and trigger.tag_ == "VBN":
        return mention.actor is None or trigger.head.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "attr")
    if trigger.dep_ == "acl" and trigger.tag_ == "VBG":
        # "fighters occupying the hill" were attacked: which fighters, and no news of the hill.
        return lemma_of(trigger) in _STATES and trigger.doc[trigger.left_edge.i - 1].text != ","
    if trigger.dep_ != "relcl":
        return False
    first = trigger.left_edge.i
    if first > 0 and trigger.doc[first - 1].text == ",":
        return False
    host = trigger.head
    return any(
        m is not mention
        and EVENT_GROUPS[m.event] in _TOTAL_HOSTS
        and any(
            host.i == o or (host.is_ancestor(trigger) and trigger.doc[o].is_ancestor(host))
            for o in (*m.objects, *m.grounds)
        )
        for m in events
        if abs(m.trigger - trigger.i) < 40
    )


def _drop_elaborated(units: list[Unit], doc: Doc) -> list[Unit]:
    """Drop a vague act that a participle spells out ("struck back, launching attacks on the port")."""
    spelled = {
        doc[u.head].head.i
        for u in units
        if u.mention is not None
        and doc[u.head].dep_ == "advcl"
        and doc[u.head].tag_ == "VBG"
        and EVENT_GROUPS[u.event] == "fire"
        and (u.mention.grounds or u.mention.target is not None)
    }

    def is_vague(unit: Unit) -> bool:
        mention = unit.mention
        if (
            mention is None
            or EVENT_GROUPS[unit.event] != "fire"
            or mention.grounds
            or mention.target is not None
        ):
            return False
        return bool(spelled & {unit.head, mention.trigger})

    return [u for u in units if not is_vague(u)]


# --- silence ----------------------------------------------------------------------------------------


def _find_silences(
    parsed: Parsed, events: Sequence[EventMention], voices: Voices, readable: Callable[[int], bool]
) -> list[tuple[Unit, set[int]]]:
    """Clauses by which someone is told to say nothing."""
    doc = parsed.doc
    words = _silence()
    found: list[tuple[Unit, set[int]]] = []
    taken: set[int] = set()
    for number, speech in enumerate(voices.speeches):
        if (
            voices.stance_of(number) is Stance.NO_COMMENT
            and speech.cue_head is not None
            and readable(doc[speech.cue_head].idx)
            and not _is_unable(doc[speech.cue_head])
        ):
            head = doc[speech.cue_head]
            while head.dep_ in ("conj", "xcomp", "acomp") and head.head.pos_ in ("VERB", "AUX"):
                if any(c.dep_ in ("nsubj", "nsubjpass") for c in head.children):
                    break
                head = head.head
            tokens = set(voices.content[number]) | set(speech.cue_tokens)
            if not voices.content[number]:
                tokens |= {t.i for t in whole_clause(head)}
            found.append((_silent_unit(head, tokens, events, number, voices), tokens))
            taken |= tokens
    spoken_of = words["silent_predicates"] | words["answering"]
    for index, lemma in enumerate(lemmas_of(doc)):
        if lemma not in spoken_of or index in taken:
            continue
        token = doc[index]
        if not readable(token.idx) or voices.at(index) is not None:
            continue
        is_silent = False
        head = token
        if (
            lemma in words["silent_predicates"]
            and token.dep_ in ("acomp", "oprd", "attr")
            and token.pos_ == "ADJ"
        ):
            # "The town is quiet" tells of no fighting; "quiet on the offer" of no answer.
            is_silent = lemma != "quiet" or any(c.lower_ in ("on", "about") for c in token.children)
            head = token.head
        elif lemma in words["silent_predicates"] and lemma != "quiet" and _is_noted(token):
            # "Rebels at the gates, army silent": a note leaves the verb out.
            is_silent, head = True, token
        elif token.pos_ == "VERB" and lemma in words["answering"]:
            negated = any(c.dep_ == "neg" or c.lower_ == "never" for c in token.children)
            up = token.head
            if (
                token.dep_ == "xcomp"
                and lemma_of(up) in ("have", "be")
                and any(c.lower_ == "yet" for c in up.children)
            ) or (token.dep_ == "xcomp" and lemma_of(up) in words["declining"]):
                is_silent, head = True, up
            elif negated and lemma in ("respond", "comment", "reply", "answer", "react", "elaborate"):
                is_silent = True
        if is_silent and not any(_is_weapon(t) for t in head.children if t.dep_ == "nsubj"):
            tokens = {t.i for t in descendants(head)}
            if tokens & taken:
                continue
            taken |= tokens
            found.append((_silent_unit(head, tokens, events, -1, voices), tokens))
    return found


def _is_weapon(subject: Token) -> bool:
    """Guns that fall silent fire no more; nobody asked them."""
    return bool(noun_classes().get(lemma_of(subject), frozenset()) & _ARMS)


def _is_noted(token: Token) -> bool:
    """Whether an adjective is what a note tells of the noun before it."""
    doc = token.doc
    if token.pos_ != "ADJ" or token.i == 0 or doc[token.i - 1].pos_ not in ("NOUN", "PROPN"):
        return False
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    return after is None or after.pos_ not in ("NOUN", "PROPN", "ADJ")


def _is_unable(cue: Token) -> bool:
    """ "could not say who had sent it": who does not know keeps no silence."""
    return any(c.dep_ == "aux" and c.lower_ in ("could", "can") for c in cue.children) and any(
        c.dep_ == "neg" for c in cue.children
    )


def _silent_unit(
    head: Token,
    tokens: set[int],
    events: Sequence[EventMention],
    number: int,
    voices: Voices,
) -> Unit:
    """A silence: its event is what is not answered, a proposal where the words speak of one."""
    topics = _silence()["topics"]
    about = {lemma_of(t) for t in head.sent}
    mentions = [m for m in events if m.trigger in tokens and EVENT_GROUPS[m.event] != "politics"]
    if about & topics:
        return Unit(head.i, voices.at(head.i), None, Event.PROPOSAL, silent=number, p=0.8)
    best = max(mentions, key=lambda m: m.rank, default=None)
    event = Event.STATEMENT if best is None else best.event
    return Unit(head.i, voices.at(head.i), best, event, silent=number, p=0.8)


# --- statements without an event --------------------------------------------------------------------


def _bare_statements(
    parsed: Parsed,
    voices: Voices,
    left_out: set[int],
    readable: Callable[[int], bool],
    units: Sequence[Unit],
) -> list[Unit]:
    """What is stated beyond the events of the frames, by speakers and by the publisher."""
    doc = parsed.doc
    told = {u.head for u in units}
    told |= {u.mention.trigger for u in units if u.mention is not None and not u.mention.is_presupposed}
    roots = {t.i: t for t in telling_heads(doc, voices.cues)}
    for number, speech in enumerate(voices.speeches):
        if voices.stance_of(number) is not Stance.NO_COMMENT and speech.content_tokens:
            roots |= {t.i: t for t in _content_roots(doc, voices.content[number]) if voices.at(t.i) == number}
    found: list[Unit] = []
    for index, root in sorted(roots.items()):
        voice = voices.at(index)
        if index in told or index in left_out or index in voices.cues or not readable(root.idx):
            continue
        if voice is not None and voices.stance_of(voice) is Stance.NO_COMMENT:
            continue
        words = _own_words(root, roots, told)
        if voice is not None:
            words = [t for t in words if t.i in voices.content[voice]]
        if any(t.i in told for t in words) or _is_all_cue(root, words, voices):
            continue
        if is_comment(root, words, is_own=voice is None):
            continue
        event = kind_of(root, words)
        found.append(Unit(index, voice, None, event, p=0.55))
        denial = voices.denial_of(voice)
        if denial is not None:
            found.append(Unit(index, denial, None, event, p=0.55))
    return found


def _own_words(root: Token, roots: Mapping[int, Token], told: Collection[int]) -> list[Token]:
    """The tokens of a clause without those of the other clauses that tell something.

    "Soldiers direct traffic in the port that the army took": what the relative clause tells is told already,
    and leaves the main clause to be told as well.
    """
    found = [root]
    stack = [root]
    while stack:
        for child in stack.pop().children:
            if child.i in roots or (child.i in told and child.dep_ in _OWN_CLAUSES):
                continue
            found.append(child)
            stack.append(child)
    return found


def _is_all_cue(root: Token, words: Sequence[Token], voices: Voices) -> bool:
    """Whether a clause of the publisher only says who speaks: its verb carries somebody's words."""
    return any(t.i in voices.cues and t.head.i == root.i and t.dep_ in ("xcomp", "ccomp") for t in words)


def _content_roots(doc: Doc, content: frozenset[int]) -> list[Token]:
    """Predicates in which what somebody says begins, finite or not ("hopes to reach the town")."""
    return [
        token
        for token in map(doc.tokens.__getitem__, sorted(content))
        if token.pos_ in ("VERB", "AUX")
        and token.dep_ not in ("aux", "auxpass", "amod", "compound")
        and (token.head.i not in content or token.head == token or _is_of_claim(token, content))
    ]


def _is_of_claim(token: Token, content: frozenset[int]) -> bool:
    """Whether a clause is what a bare noun or preposition in a content says.

    "rejected the allegation that civilians had been targeted", "accused the army of using the wards".
    """
    head = token.head
    if token.dep_ == "pcomp":
        return head.head.i not in content
    if token.dep_ not in ("acl", "ccomp", "relcl") or head.pos_ != "NOUN" or head.head.i in content:
        return False
    return any(c.dep_ == "mark" and c.lower_ == "that" for c in token.children)
