"""What a noun phrase is, as frames ask it: ground, force, persons, equipment, party, weapon, deal.

A token that heads a phrase enters, the names of its classes leave. Common nouns come from
`data/nouns.toml`; proper names from the place mentions and the entity labels of the parse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from whoholds.model import PlaceMention
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.text.tokens import Doc, Token

__all__ = ["NounClasses"]

_GROUND_LABELS = frozenset({"GPE", "LOC", "FAC"})
_OBJECT_PRONOUNS = frozenset({"them", "us", "him", "her", "themselves"})
_FORCE_PRONOUNS = frozenset({"they", "we", "he", "she", "i", "who", "which", "that", "it"})
_SHAPES = frozenset({"body", "head", "side", "end", "top", "section", "complex", "wall", "office"})
_MENFOLK = frozenset({"boy", "man", "lad", "guy"})
_OWNERS = frozenset({"our", "their", "his", "its", "my"})
_BY_HAND = frozenset({"suicide", "car", "truck", "roadside", "lone", "male", "female"})
_CRAFT = frozenset({"equipment", "air_weapon", "ground_weapon"})
_RANKS = frozenset({"officer", "personnel", "man", "member", "commander", "staff", "leader"})
_MODEL = re.compile(r"[A-Za-z]{1,3}-\d{1,3}[A-Za-z]{0,2}s?$")
_EMPTY: frozenset[str] = frozenset()


def _is_owner(child: Token) -> bool:
    """Whether a modifier says whose men they are."""
    if child.dep_ == "poss":
        return (
            child.pos_ == "PROPN"
            or child.lower_ in _OWNERS
            or "title" in noun_classes().get(child.lower_, ())
        )
    return child.dep_ in ("compound", "nmod") and child.pos_ == "PROPN"


class NounClasses:
    """Classes of the nouns of one parse. Remembers what it has worked out."""

    def __init__(self, doc: Doc, places: Iterable[PlaceMention] = ()) -> None:
        self._table = noun_classes()
        self._memory: dict[int, frozenset[str]] = {}
        self._places: set[int] = set()
        self._parties: set[int] = set()
        self._has_places = False
        for place in places:
            self._has_places = True
            span = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
            if span is not None:
                target = self._places if place.role == "literal" else self._parties
                target.update(t.i for t in span)

    def of(self, token: Token) -> frozenset[str]:
        """The classes of the phrase that `token` heads."""
        known = self._memory.get(token.i)
        if known is None:
            # Set first: "half of half of …" cannot send us in circles.
            self._memory[token.i] = _EMPTY
            known = self._memory[token.i] = frozenset(self._find(token))
        return known

    def is_ground(self, token: Token) -> bool:
        """Whether a phrase names or describes ground."""
        return "ground" in self.of(token)

    def is_party(self, token: Token) -> bool:
        """Whether a phrase may be a side of a war."""
        return bool(self.of(token) & {"force", "party", "pronoun"})

    def _find(self, token: Token) -> set[str]:
        found: set[str] = set()
        pos = token.pos_
        if pos == "PRON" or token.tag_ in ("PRP", "WP", "WDT"):
            word = token.lower_
            found.add("pronoun")
            if word in _OBJECT_PRONOUNS:
                found |= {"force", "persons"}
            elif word in _FORCE_PRONOUNS:
                found.add("person")
            if word in ("we", "they", "us", "them"):
                found.add("group")
            if word in ("it", "this", "both", "which", "that", "these"):
                found.add("ground")
            return found
        lemma = lemma_of(token)
        found |= self._table.get(lemma, _EMPTY)
        if token.lower_ != lemma:
            found |= self._table.get(token.lower_, _EMPTY)
        if not found and token.tag_ in ("NNPS", "NNP") and lemma.endswith("s"):
            # "Rockets slammed into …", "two Merkavas": plurals are often taken for names.
            single = self._table.get(lemma[:-1], _EMPTY)
            found |= single if token.is_sent_start or single & _CRAFT else _EMPTY
        if lemma in _RANKS and any(
            c.dep_ in ("compound", "amod", "nmod") and "force" in self._table.get(lemma_of(c), _EMPTY)
            for c in token.children
        ):
            # "army officers", "rebel commanders", "military personnel".
            found.add("force")
        if lemma.removesuffix("s") == "bomber":
            kinds = {c.lower_ for c in token.children if c.dep_ in ("compound", "amod", "nmod")}
            if kinds & _BY_HAND:
                found -= {"air_weapon", "equipment"}
            elif kinds or token.lower_ == "bombers":
                # "fighter-bombers" and bombers in numbers fly.
                found -= {"hidden_weapon"}
        if "quantity" in found or pos == "NUM" or token.like_num:
            inner = [
                p
                for c in token.children
                if c.dep_ == "prep" and c.lower_ in ("of", "from")
                for p in c.children
            ]
            for noun in inner:
                if noun.dep_ == "pobj":
                    found |= self.of(noun)
            if not inner and (
                pos == "NUM" or lemma in ("dozen", "hundred", "thousand", "score", "several", "more")
            ):
                found |= {"count_persons"}
        if found and any(
            c.dep_ in ("compound", "amod", "nmod")
            and lemma_of(c) in ("aid", "relief", "humanitarian", "food")
            for c in token.children
        ):
            found = {"aid"}
        if lemma == "one" and any(c.lower_ == "no" for c in token.children):
            found |= {"persons"}
        if lemma == "one" and any(c.like_num and c.dep_ == "compound" for c in token.children):
            # "Twenty-one", cut at the hyphen.
            found |= {"count_persons"}
        if lemma in _SHAPES and any(
            c.dep_ == "compound" and "ground" in self._table.get(lemma_of(c), _EMPTY) for c in token.children
        ):
            # "the dam body", "the bridge head": a part of the ground that the first word names.
            found.add("ground")
        if lemma == "place" and any(c.lower_ in ("the", "this", "that") for c in token.children):
            found.add("ground")
        if "title" in found:
            found |= {"person", "persons_title"}
        if lemma in _MENFOLK and any(_is_owner(c) for c in token.children):
            # "our boys", "his men", "the warlord's men", "Wagner men": those who fight for somebody.
            found.add("force")
        if _MODEL.match(token.text):
            # "a T-72", "two F-16s": what is named by letters and a number is a thing of war.
            found |= {"equipment", "weapon"}
        if "persons" in found and "force" not in found:
            found.add("civilians")
        if lemma in ("loss", "casualty", "fatality") or token.lower_ in ("losses", "casualties"):
            found.add("losses")
        if found & {"air_weapon", "ground_weapon", "equipment"}:
            found.add("weapon")
        if token.ent_type_ in ("DATE", "TIME") and lemma != "quarter":
            return found - {"ground"}
        if lemma in (
            "trench",
            "fortification",
            "defence",
            "defense",
            "mine",
            "line",
            "barrier",
            "minefield",
            "position",
        ):
            found.add("fortification")
        if token.i in self._parties:
            found.add("party")
        elif token.i in self._places:
            found |= {"ground", "party"}
        elif pos == "PROPN" or token.ent_type_ == "NORP" or self._is_unknown_name(token, found):
            found |= self._of_name(token)
        return found

    def _of_name(self, token: Token) -> set[str]:
        label = token.ent_type_
        found = {"party", "name"}
        if label == "PERSON":
            found.add("person")
            if self._has_places:
                found.add("person_name")
        if label in _GROUND_LABELS:
            found.add("ground")
        elif label == "NORP":
            if token.tag_ in ("NNPS", "NNS"):
                found |= {"force", "persons"}
        elif not (label == "PERSON" and self._is_long(token)) and label not in ("DATE", "TIME", "CARDINAL"):
            # Any bare name may be a place that no gazetteer has: small models take villages for persons.
            found.add("ground")
        if label == "ORG":
            found.add("force")
        return found

    @staticmethod
    def _is_unknown_name(token: Token, found: set[str]) -> bool:
        """A capital at a sentence's start, bare and unknown: small models tag rare towns as common nouns."""
        return (
            not found
            and token.tag_ == "NN"
            and token.text[:1].isupper()
            and bool(token.is_sent_start)
            and not any(True for _ in token.lefts)
        )

    @staticmethod
    def _is_long(token: Token) -> bool:
        return any(child.dep_ == "compound" for child in token.children)
