"""spaCy's rules of attributes from a table: a parse enters and leaves as its `AttributeRuler` leaves it.

Nearly all of the English pipeline's 179 rules look at one token: its tag, its word, its label, whether it is
blank. spaCy matches each of them anew at each token, which takes a ninth of the parse. What they make of a
token depends on those four alone and is worked out once. Rules of several tokens, or of another kind, are
matched as before. Later rules win over earlier ones, as there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.pipeline import AttributeRuler
    from spacy.tokens import Doc as Parse

__all__ = ["AttributeTable"]

_Key = tuple[int, int, int, int]
"""Numbers of a token's tag, word (0 where no rule names it) and label, and whether it is blank."""
_LOOKED_AT: tuple[int | str, ...] = ("TAG", "LOWER", "DEP", "IS_SPACE")


class AttributeTable:
    """Does what an `AttributeRuler` does."""

    def __init__(self, ruler: AttributeRuler) -> None:
        """Take over a ruler's rules."""
        from spacy.matcher import Matcher
        from spacy.tokens._retokenize import set_token_attrs

        self._set: Callable[[Any, dict[Any, Any]], None] = set_token_attrs
        self._vocab = ruler.vocab
        self._attrs = ruler.attrs
        self._indices = ruler.indices
        self._rest = Matcher(ruler.vocab)
        self._rules: list[tuple[int, dict[str, frozenset[Any]], dict[str, frozenset[Any]]]] = []
        self._named: set[int] = set()
        self._known: dict[_Key, dict[int, Any]] = {}
        self._ids: dict[_Key, tuple[int, ...]] = {}
        rules: list[dict[str, Any]] = ruler.patterns
        for number, rule in enumerate(rules):
            rest = []
            for pattern in rule["patterns"]:
                read = _read_rule(pattern) if rule["index"] in (0, -1) else None
                if read is None:
                    rest.append(pattern)
                    continue
                self._rules.append((number, *read))
                self._named.update(ruler.vocab.strings.add(word) for word in read[0].get("LOWER", ()))
            if rest:
                self._rest.add(str(number), rest)

    def __call__(self, parse: Parse) -> Parse:
        """Set the attributes of a parse's tokens."""
        if not len(parse):
            return parse
        more: dict[int, set[int]] = {}
        if len(self._rest):
            for match, first, last in self._rest(parse, allow_missing=True):
                number = int(self._vocab.strings[match])
                more.setdefault(range(first, last)[self._indices[number]], set()).add(number)
        named, known = self._named, self._known
        for i, (tag, lower, dep, is_blank) in enumerate(parse.to_array(list(_LOOKED_AT)).tolist()):
            key = tag, lower if lower in named else 0, dep, is_blank
            attrs = known.get(key)
            if attrs is None:
                attrs = known[key] = self._merge(self._find(key))
            if i in more:
                attrs = self._merge(more[i].union(self._ids[key]))
            if attrs:
                self._set(parse[i], attrs)
        return parse

    def _merge(self, numbers: Iterable[int]) -> dict[int, Any]:
        """What rules set together; of two that set one attribute the later."""
        found: dict[int, Any] = {}
        for number in sorted(numbers):
            found |= self._attrs[number]
        return found

    def _find(self, key: _Key) -> tuple[int, ...]:
        """The rules that fit a token."""
        strings = self._vocab.strings
        tag, lower, dep, is_blank = key
        token = {
            "TAG": strings[tag],
            "LOWER": strings[lower],
            "DEP": strings[dep],
            "IS_SPACE": bool(is_blank),
        }
        found = self._ids[key] = tuple(
            number
            for number, wanted, banned in self._rules
            if all(token[name] in values for name, values in wanted.items())
            and not any(token[name] in values for name, values in banned.items())
        )
        return found


def _read_rule(
    pattern: list[dict[str, Any]],
) -> tuple[dict[str, frozenset[Any]], dict[str, frozenset[Any]]] | None:
    """The values that a pattern of one token wants and bans, by attribute; None for any other pattern."""
    if len(pattern) != 1:
        return None
    wanted: dict[str, frozenset[Any]] = {}
    banned: dict[str, frozenset[Any]] = {}
    for name, value in pattern[0].items():
        if name not in _LOOKED_AT:
            return None
        if isinstance(value, str | bool):
            wanted[name] = frozenset({value})
        elif isinstance(value, dict) and value.keys() == {"IN"}:
            wanted[name] = frozenset(value["IN"])
        elif isinstance(value, dict) and value.keys() == {"NOT_IN"} and name != "LOWER":
            banned[name] = frozenset(value["NOT_IN"])
        else:
            return None
    return wanted, banned
