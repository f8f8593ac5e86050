"""Who acts and whom it is done to: an event's arguments as words and as parties.

Event arguments and the speaker's side enter; `Party` (words, id, token) leaves. Pronouns, "the enemy"
and bare "troops" are settled only where the context settles them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from whoholds.model import Event, Stance
from whoholds.read.claims.doers import find_doer
from whoholds.read.claims.fights import find_sides
from whoholds.read.claims.inclause import LAND, InClause
from whoholds.read.claims.owners import is_owned_thing, owner_word, relative_clause
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.party import Party
from whoholds.read.claims.sides import core_words, side_words
from whoholds.read.claims.unsaid import Unsaid
from whoholds.read.events.arguments import is_passive, surface_subject
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Doc, Token

__all__ = ["Actors", "Party"]

_BODIES = frozenset({"group", "organisation", "organization", "network", "team", "cell"})
_ARMED = frozenset({"armed", "rebel", "militant", "insurgent", "guerrilla", "paramilitary"})
_SUFFERED = frozenset({Event.CASUALTIES, Event.EQUIPMENT_LOSSES, Event.CAPTURE_OF_PERSONS})
_DONE_TO = frozenset({Event.STRIKE, Event.SHELLING, Event.CASUALTIES, Event.EQUIPMENT_LOSSES})
"""Events that are done to somebody: without an agent they are told by or of who suffers."""
_DECIDED = frozenset(
    {
        Event.CONTROL_GAINED,
        Event.CONTROL_LOST,
        Event.CONTROL_HELD,
        Event.AREA_TOTAL,
        Event.ORDER,
        Event.PROPOSAL,
        Event.AGREEMENT,
        Event.REFUSAL,
        Event.STATEMENT,
    }
)
"""Events that a state's government is told to do under the name of its capital."""
_WEAPONS = frozenset({"air_weapon", "ground_weapon", "hidden_weapon", "equipment"})
_AGENTS = frozenset({"force", "persons", "title", "party", "body"})
"""Classes of nouns for who can act or be done to."""
_THIRD = frozenset(
    {"they", "them", "their", "theirs", "it", "its", "he", "him", "his", "she", "her", "who", "which", "that"}
)
_NOBODY = frozenset({"nobody", "none", "no-one"})
_SINGLE = frozenset({"he", "she", "him", "his", "i"})
_SELF = frozenset({"he", "she", "his", "her", "him", "it", "its"})
_UNITS = frozenset({"unit", "element", "formation", "detachment", "subunit", "fighter", "column"})
_ATTACKERS = frozenset({"attacker", "assailant", "raider"})
_OTHERS = frozenset({"they", "them", "their", "theirs"})
_NOT_OWN = frozenset(
    {"coalition", "alliance", "regime", "government", "opposition", "side", "junta", "invader"}
)
"""Bodies that are no part of a speaker's forces: bare, they are not its own."""
_BACK = 60
"""How many tokens before its own sentence a pronoun may reach for its antecedent."""


class Actors:
    """Settles the actors of one report's claims, in the order of the text."""

    def __init__(self, doc: Doc, parties: Parties, publisher_side: str | None = None) -> None:
        self._doc = doc
        self._publisher_side = publisher_side
        self._parties = parties
        self._forces = noun_classes()
        self._quoted = _quoted_tokens(doc)
        self._is_told = False
        self._speaker: str | None = None
        self._unsaid = Unsaid(doc, parties)
        self._in_clause = InClause(parties, self.name_of)

    def name_of(self, head: Token) -> str:
        """The words of a phrase, without a leading article; a person by the name alone."""
        if head.ent_type_ == "PERSON":
            first, last = head.i, head.i + 1
            while first > 0 and self._doc[first].ent_iob_ == "I":
                first -= 1
            while last < len(self._doc) and self._doc[last].ent_iob_ == "I":
                last += 1
            return self._doc[first:last].text.strip()
        first, last = core_words(head)
        while first < head.i and (
            not any(c.isalnum() for c in self._doc[first].text) or self._doc[first].lower_ == "no"
        ):
            first += 1
        words = self._doc[first : last + 1].text.strip("\ufe0f\u200b ")
        # "the sect's hands" are the sect's: the name has no "'s".
        return words.removesuffix("'s").removesuffix("’s") if head.dep_ == "poss" else words

    def of(
        self,
        mention: EventMention | None,
        head: Token,
        side: str | None,
        *,
        is_spoken: bool,
        speaker: str | None = None,
    ) -> tuple[Party | None, Party | None]:
        """Actor and target of an event, as far as its own arguments say."""
        self._speaker = speaker
        if not self._parties.is_party(side):
            side = None
        # A publisher that is a side itself speaks as one.
        self._is_told = is_spoken
        is_spoken = is_spoken or side is not None
        if mention is None:
            return self._of_clause(head, side, is_spoken=is_spoken)
        agent = None if mention.actor is None else self._doc[mention.actor]
        actor = None if agent is None else self.party(agent, side, is_spoken=is_spoken)
        sufferer = None if mention.target is None else self._doc[mention.target]
        target = None if sufferer is None else self.party(sufferer, side, is_target=True)
        if agent is not None and lemma_of(agent) in LAND:
            # "A thousand miles of Norlandic soil are under control": whose land it was, not who has it.
            target, actor = target or actor, None
        if mention.causer is not None and target is None:
            target = self.party(self._doc[mention.causer], side, is_spoken=is_spoken)
        is_nobody = agent is not None and agent.lower_ in _NOBODY
        if (
            side is not None
            and is_spoken
            and (is_nobody or (mention.event is Event.STATEMENT and actor is None))
        ):
            # "Prisoners would be tried", "nobody had attacked the base": a side's speaker tells its own acts.
            actor = Party(side, side, None, is_own=True)
        actor, target = find_sides(mention, self._parties, actor, target)
        self._unsaid.note(self._doc[mention.trigger], actor)
        return actor, target

    def _of_clause(
        self, head: Token, side: str | None, *, is_spoken: bool
    ) -> tuple[Party | None, Party | None]:
        """Actor and target of a clause that no frame knows: its subject, or a passive's agent."""
        subject = surface_subject(head) if head.pos_ in ("VERB", "AUX") else None
        if subject is None or subject.tag_ == "EX":
            return None, None
        bare = self.party(subject, side)
        if is_passive(head):
            agents = [
                p
                for c in head.children
                if c.dep_ == "agent" or c.lower_ == "by"
                for p in c.children
                if p.dep_ == "pobj" and p.ent_type_ not in ("DATE", "TIME")
            ]
            agent = self._keep_agent(self.party(agents[0], side)) if agents else None
            if agent is not None:
                return agent, self._keep_sufferer(bare, agent, side)
            if subject.dep_ == "nsubjpass" and lemma_of(head) not in side_words()["there"]:
                # "The envoys were not invited": it was done to the subject, by whom is not said.
                own = Party(side, side, None, is_own=True) if side is not None and is_spoken else None
                return own, self._keep_sufferer(bare, None, side)
        named = self._keep_agent(bare)
        if side is None or not is_spoken:
            return named, None
        # What a party's own speaker lays down is that party's act: "Prisoners will be tried".
        return named or Party(side, side, None, is_own=True), None

    def party(
        self, head: Token, side: str | None, *, is_spoken: bool = True, is_target: bool = False
    ) -> Party:
        """A phrase as a party."""
        counted = self._counted(head)
        words = self.name_of(counted)
        if self._parties.is_own(head) or self._parties.is_own(counted):
            if side is None and not self._quoted[head.i]:
                # "A source tells us that five of our men fell": told in the publisher's words.
                side = self._publisher_side
            if side is None and head.pos_ == "PRON" and not is_target and self._is_body_speaking():
                # "We" of a body that is no side is that body.
                return Party(self._speaker or words, None, None)
            return Party(words, side, head.i, is_own=True)
        if is_spoken and side is not None and not is_target and self._is_mere_force(head):
            # "The commander said that troops would stay": a party's own speaker means its own.
            return Party(words, side, head.i, is_own=True)
        is_known = any(c.lower_ in ("the", "these") for c in head.children)
        if is_known and lemma_of(head) in _ATTACKERS and self._unsaid.attacker is not None:
            return Party(words, self._unsaid.attacker.id, head.i)
        if self._parties.is_enemy(head) or self._parties.is_enemy(counted):
            return Party(words, self._parties.other_than(side), head.i)
        found = self._parties.of_phrase(head) or self._parties.of_phrase(counted)
        if found is not None:
            return Party(words, found, head.i, is_own=found == side and side is not None)
        if is_spoken and self._parties.is_party(side) and self._parties.is_hostile(head):
            return Party(words, self._parties.other_than(side), head.i)
        owner = next((c for c in head.children if c.dep_ == "poss" and c.lower_ in _THIRD), None)
        is_speakers = owner is not None and owner.lower_ != "whose" and not self._quoted[head.i]
        if is_spoken and self._is_told and side is not None and is_speakers:
            # "The general said his troops …", "a spokeswoman said its fighters …"
            return Party(words, side, head.i, is_own=True)
        by = self._fired_by(head)
        if by is not None:
            return Party(words, by, head.i)
        if head.lower_ in _THIRD or owner is not None:
            return self._antecedent(head, owner, words, side if is_spoken else None)
        if is_target:
            return Party(words, None, head.i)
        if "force" in self._forces.get(lemma_of(head), ()) and self._is_bare(head):
            return Party(words, side if is_spoken else self._side_nearby(head), head.i)
        inner = None if lemma_of(head) not in _UNITS else self._named_after(head)
        return Party(words if inner is None else self.name_of(inner), None, head.i)

    @staticmethod
    def _named_after(head: Token) -> Token | None:
        """Whose units they are: "units of the grouping"."""
        for child in head.children:
            if child.dep_ == "prep" and child.lower_ == "of":
                return next((c for c in child.children if c.dep_ == "pobj"), None)
        return None

    def _is_body_speaking(self) -> bool:
        """Whether who speaks is a body, and no single person."""
        words = (self._speaker or "").split()
        named = self._parties.tokens_called(words[-1]) if words else ()
        return bool(words) and not any(t.ent_type_ == "PERSON" for t in named) and not words[-1][:1].islower()

    def _fired_by(self, head: Token) -> str | None:
        """Whose a weapon is that somebody fires: "artillery fired by the rebels"."""
        for clause in head.children:
            if clause.dep_ == "acl" and clause.tag_ == "VBN":
                for by in clause.children:
                    if by.dep_ == "agent" or by.lower_ == "by":
                        return next((p for c in by.children if (p := self._parties.of_phrase(c))), None)
        return None

    def _counted(self, head: Token) -> Token:
        """What a number or a part is of: "30 of the enemy", "tens of thousands of fighters"."""
        for _ in range(3):
            classes = self._forces.get(lemma_of(head), frozenset())
            if not (head.like_num or head.pos_ == "NUM" or "quantity" in classes):
                break
            inner = next(
                (
                    p
                    for c in head.children
                    if c.dep_ == "prep" and c.lower_ in ("of", "from")
                    for p in c.children
                    if p.dep_ == "pobj"
                ),
                None,
            )
            if inner is None:
                break
            head = inner
        return head

    def side_of_pronoun(self, head: Token) -> str | None:
        """The side that a pronoun means."""
        found = self._subject_before(head)
        return None if found is None else found[1]

    def _subject_before(self, head: Token, side: str | None = None) -> tuple[Token, str] | None:
        """The last subject with a side before a token, at most a sentence or two back."""
        start = max(0, head.sent.start - _BACK)
        for i in range(head.i - 1, start - 1, -1):
            token = self._doc.tokens[i]
            if token.dep_ not in ("nsubj", "nsubjpass") or token.head in (head.head, head.head.head):
                # "The army met them" meets others than itself.
                continue
            is_ours = token.pos_ != "PRON" and side is not None and self._parties.is_own(token)
            if side is not None and is_ours and self._quoted[i] == self._quoted[head.i]:
                return token, side
            if token.pos_ in ("NOUN", "PROPN") and not self._parties.is_place(token):
                found = self._parties.of_phrase(token)
                if found is None and side is not None and self._parties.is_enemy(token):
                    found = self._parties.other_than(side)
                if found is not None:
                    return token, found
        return None

    def _antecedent(self, head: Token, owner: Token | None, words: str, side: str | None) -> Party:
        """A pronoun, or what a pronoun owns ("its fighters"), as whom it means."""
        pronoun = head if owner is None else owner
        if pronoun.lower_ == "whose" and (clause := relative_clause(pronoun)) is not None:
            # "the army, whose troops hold the base"
            return Party(words, self._parties.of_phrase(clause.head), head.i)
        opponent = self._parties.other_than(side)
        if self._quoted[head.i] and opponent is not None and pronoun.lower_ in _OTHERS:
            # In a side's own words "we" is that side, and "they" the other one.
            return Party(words, opponent, head.i)
        if self._is_told and pronoun.lower_ in _SELF and not self._quoted[head.i]:
            # "The ministry said it had …", "the town remained in his hands, the general said".
            if side is not None:
                return Party(words, side, head.i, is_own=True)
            if owner is None and self._speaker is not None:
                return Party(self._speaker, None, None)
        found = self._subject_before(pronoun, side)
        if found is not None and not self._is_told and found[1] == side and owner is not None and opponent:
            # To who says "our men", "their men" are the others'.
            return Party(words, opponent if pronoun.lower_ in _OTHERS else side, head.i)
        if (
            owner is None
            and pronoun.lower_ in _SINGLE
            and (found is None or self._is_told or not self._parties.is_enemy(found[0]))
        ):
            # A person is no army, whoever spoke last; but "the enemy" is "he" to those who fight him.
            return Party(words, None, head.i)
        if found is None and pronoun.lower_ in _OTHERS:
            if self._is_told and side is not None and not self._quoted[head.i]:
                # "The rebels said they still held the base."
                return Party(words, side, head.i, is_own=True)
            last = None if self._is_told else self._unsaid.last_near(head)
            return Party(words, None if last is None else last.id, head.i)
        if found is None:
            return Party(words, None, head.i)
        token, party = found
        if token.pos_ == "PRON":
            return Party(words, party, head.i, is_own=party == side)
        return Party(self.name_of(token) if head.lower_ in _THIRD else words, party, head.i)

    def _is_mere_force(self, head: Token) -> bool:
        """Whether a phrase is a plural of forces and nothing else: "troops", "soldiers"."""
        is_force = head.tag_ == "NNS" and "force" in self._forces.get(lemma_of(head), ())
        return is_force and all(c.dep_ in ("prep", "acl", "relcl", "punct") for c in head.children)

    def _is_bare(self, head: Token) -> bool:
        return (
            not any(
                c.dep_ in ("amod", "poss", "compound", "nmod")
                and c.text[:1].isupper()
                and not c.is_sent_start
                for c in head.children
            )
            and lemma_of(head) not in _NOT_OWN
        )

    def _side_nearby(self, head: Token) -> str | None:
        """Bare "forces" in the publisher's voice are those of who orders or leads them in the sentence."""
        current = head
        for _ in range(6):
            current = current.head
            if current.pos_ in ("VERB", "AUX"):
                subject = surface_subject(current)
                if subject is not None and subject.i != head.i:
                    found = self._parties.of_phrase(subject)
                    if found is not None:
                        return found
            if current.head == current:
                break
        return None

    def complete(
        self,
        event: Event,
        mention: EventMention | None,
        actor: Party | None,
        target: Party | None,
        side: str | None,
        stance: Stance,
        clause: tuple[Token, Sequence[Token]],
    ) -> tuple[Party | None, Party | None]:
        """Actor and target with what the clause's other words, two opposing sides and the context add."""
        actor = actor if self._keep_agent(actor) is not None else None
        if actor is None:
            actor, target = self._in_clause.find(event, clause[0], clause[1], target)
        if mention is not None:
            actor, target = self._unsaid.oppose(event, mention, actor, target, side, stance)
        else:
            actor, target = self._unsaid.oppose_unframed(event, actor, target)
        actor = self._as_capital(event, actor)
        actor, is_dropped = self._keep_agent(actor), actor is not None
        if actor is None and mention is not None and event in _DONE_TO:
            actor = self._unsaid.find_attacker(event, mention, target, side, stance)
        if actor is None and mention is not None and event is Event.CLASH and mention.frame == "attack":
            verb = self._doc[mention.trigger]
            if not mention.is_nominal and mention.actor is None and is_passive(verb):
                actor = self._unsaid.find_attacker(event, mention, target, side, stance)
        if mention is not None and target is not None and target.id is None and not target.is_own:
            target = self._keep_sufferer(target, actor, side)
        is_open = actor is None or (is_dropped and actor.id is None)
        if event in _SUFFERED and target is not None and is_open:
            other = self._parties.other_than(target.id)
            if other is not None:
                actor = Party(other, other, None)
        if mention is not None and event is Event.CONTROL_LOST and actor is None:
            actor, target = self._unsaid.find_loser(target)
        if mention is not None and target is None and event is Event.EQUIPMENT_LOSSES and actor is not None:
            other = self._parties.other_than(actor.id)
            target = None if other is None else Party(other, other, None)
        self._unsaid.remember(event, actor, stance)
        is_guess = actor is not None and mention is None and actor.is_own and actor.token is None
        if (actor is None or is_guess) and (doer := find_doer(event, clause[0], self._parties)) is not None:
            actor = Party(self.name_of(doer), self._parties.fighting(doer.text), None)
        return actor, target

    def only_tells(self, actor: Party | None, told_by: Collection[int]) -> bool:
        """Whether an actor is no force, and but who tells of it (tokens of source and cue of the speech)."""
        if actor is None or actor.id is not None or actor.token is None or actor.token not in told_by:
            return False
        head = self._doc[actor.token]
        if lemma_of(head) in _BODIES:
            # "A mapping group", "a rights group": a force only where a word beside it says so.
            return not any(c.lower_ in _ARMED or self._is_force(c) for c in head.children)
        return not self._is_force(head)

    def _is_force(self, head: Token) -> bool:
        return "force" in self._forces.get(lemma_of(head), ()) or lemma_of(head) in side_words()["crew"]

    def _keep_agent(self, party: Party | None) -> Party | None:
        """An actor that can act: no weapon, thing, town, figure, nor a pronoun that means nobody known."""
        if party is None or party.id is not None or party.token is None:
            return party
        head = self._counted(self._doc[party.token])
        if party.is_own:
            # "We" of who is no side is a desk that draws a map, a resident; "our columns" are somebody's.
            return None if head.pos_ == "PRON" or not self._is_force(head) else party
        if self._parties.is_place(head):
            return None
        is_owned = is_owned_thing(head, self._parties)
        if is_owned and _WEAPONS & set(self._forces.get(lemma_of(head), ())):
            # "Coalition aircraft", "the warlord's guns": whose is said.
            return party
        classes = self._forces.get(lemma_of(head)) or self._forces.get(head.lower_.removesuffix("s")) or ()
        if head.ent_type_ in ("PERSON", "NORP") or (head.pos_ == "PROPN" and not classes):
            return party
        if any(c.lower_ in ("either", "neither", "both") for c in head.children):
            return None
        if _WEAPONS & set(classes):
            # "Artillery hit the market": whose is not said.
            return None
        if head.pos_ == "PRON" or head.like_num or not _AGENTS & set(classes):
            return None
        return None if lemma_of(head) in side_words()["nobody"] - {"people"} else party

    def _keep_sufferer(self, target: Party, actor: Party | None, side: str | None) -> Party | None:
        """A target that is somebody: persons by what they are, for things of war the side that has them."""
        if target.token is None:
            return None
        head = self._doc[target.token]
        lemma = lemma_of(head)
        owner = self._owner_in(head, side)
        if owner is not None:
            return Party(target.words, owner, target.token)
        classes = self._forces.get(lemma, frozenset())
        word = None if classes & _AGENTS else owner_word(head, self._parties)
        if word is not None:
            # "a rebel camp", "the TKR's rear base": done to those whose it is.
            return Party(self.name_of(word), self._parties.of_phrase(word), target.token)
        if lemma in side_words()["materiel"] and actor is not None:
            other = self._parties.other_than(actor.id)
            return None if other is None else Party(other, other, target.token)
        if (
            self._parties.is_place(head)
            or head.like_num
            or lemma in side_words()["nobody"] - {"people", "civilian"}
        ):
            return None
        if head.ent_type_ == "PERSON" or classes & _AGENTS:
            return target
        return None

    def _as_capital(self, event: Event, actor: Party | None) -> Party | None:
        """A capital that decides or holds is its state: "Norburg turned the plan down"."""
        if actor is None or actor.token is None or actor.id is not None or event not in _DECIDED:
            return actor
        head = self._doc[actor.token]
        if head.dep_ != "nsubj" or not self._parties.is_place(head):
            return actor
        state = self._parties.named(head.text)
        return actor if state is None else Party(actor.words, state, actor.token)

    def _owner_in(self, head: Token, side: str | None) -> str | None:
        """Whose a thing is: "two of its officers", "four houses of rebel commanders"."""
        for child in head.children:
            if child.dep_ == "prep" and child.lower_ in ("of", "from"):
                for inner in child.children:
                    if inner.dep_ == "pobj":
                        found = self._parties.of_phrase(inner)
                        if found is not None:
                            return found
                        owner = next(
                            (c for c in inner.children if c.dep_ == "poss" and c.lower_ in _THIRD), None
                        )
                        if owner is not None:
                            return self._antecedent(inner, owner, "", side).id
        return None


def _quoted_tokens(doc: Doc) -> bytearray:
    """For each token whether it stands between quotation marks; a paragraph's end closes them."""
    flags = bytearray(len(doc))
    is_open = False
    for index, text in enumerate(doc.words):
        if "\n" in text and text.isspace():
            is_open = False
        elif text in ("“", "«", "„"):
            is_open = True
        elif text in ("”", "»"):
            is_open = False
        elif text in ('"', "``", "''"):
            is_open = not is_open
        flags[index] = is_open
    return flags
