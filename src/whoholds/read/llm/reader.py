"""`llm`: a reader by any OpenAI-compatible endpoint. Used only where it is configured and asked for by name.

Reports enter, a `Reading` (or a `Rejection`) for each leaves, in order. The model is asked for claims as
JSON; what it says it copied has to stand in the text word for word, or is left out and counted. All I/O is
in `transport`; everything else here is pure.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from whoholds.model import Reading, Rejection, Report
from whoholds.read.llm.answer import Draft, read_answer
from whoholds.read.llm.build import build_reading
from whoholds.read.llm.failures import BAD_ANSWER, LlmFailureError
from whoholds.read.llm.pieces import SHORTEST, split_text
from whoholds.read.llm.prompt import Message, messages_for
from whoholds.read.llm.schema import answer_schema
from whoholds.read.llm.settings import LlmSettings, read_settings
from whoholds.read.llm.transport import Transport, shared_transport
from whoholds.read.reader import ReadingContext
from whoholds.text.language import detect_language

__all__ = ["LlmReader"]

_log = logging.getLogger("whoholds.read.llm")
_UNVERIFIED = ("claim_shape", "label", "quote", "source")
_WORDS = {
    "claim_shape": "claims without the shape asked for",
    "label": "claims with unknown labels",
    "quote": "claims whose quote is not in the text",
    "source": "claims whose source is not in the text",
    "source_words": "source words",
    "cue": "cues",
    "actor": "actors",
    "target": "targets",
    "place": "places",
    "place_shape": "places",
    "quantity": "figures",
    "quantity_shape": "figures",
    "time_words": "time words",
    "day": "days",
    "no_article": "claims from headlines or page furniture",
    "same": "claims said twice",
}
Answers = list[tuple[tuple[int, int], list[Draft]]]


class LlmReader:
    """Reads reports by a language model behind an HTTP endpoint.

    Attributes:
        name: `llm/1:` and the endpoint's name for the model, so that readings of two models stay apart.
        languages: Languages that the endpoint is configured for.
        is_exclusive: Read in one process: the cap on cost is counted there.
        dropped: What this reader left out so far, by kind (`build` lists the kinds).
    """

    is_exclusive = True

    def __init__(self, settings: LlmSettings | None = None, transport: Transport | None = None) -> None:
        """Set the reader up; nothing is sent yet.

        Args:
            settings: The endpoint; from the environment by default.
            transport: The wire; by default the one that all readers of this process share.

        Raises:
            ConfigurationError: No endpoint is configured.
        """
        self.settings = read_settings() if settings is None else settings
        self._transport = shared_transport(self.settings) if transport is None else transport
        self.name = f"llm/1:{self.settings.model}"
        self.languages = self.settings.languages
        self.dropped: Counter[str] = Counter()

    def read_many(self, reports: Iterable[Report], context: ReadingContext) -> Iterator[Reading | Rejection]:
        """Read reports in order; one that cannot be read gives a `Rejection` in its place.

        Raises:
            ConfigurationError: The endpoint does not know the key, the address or the model.
        """
        schema = answer_schema(() if context.theatre is None else context.theatre.party_ids)
        for report in reports:
            language = report.lang or detect_language(report.text)
            code = None if language is None else language.lower().split("-")[0].split("_")[0]
            yield self._refuse(report, code) or self._read(report, code, context, schema)

    def _refuse(self, report: Report, language: str | None) -> Rejection | None:
        """Why a report is not even sent, or None."""
        if not any(c.isalnum() for c in report.text):
            message = f"report {report.id!r} has no words; give a text with sentences"
            return Rejection(report.id, "read", "empty_text", message)
        if language is not None and language not in self.languages:
            return Rejection(
                report.id,
                "read",
                "no_reader_for_language",
                f"report {report.id!r} is in {language!r}, which reader {self.name!r} is not configured for "
                f"(here: {', '.join(sorted(self.languages))}); add it to WHOHOLDS_LLM_LANGS, or give "
                "--lang if the guess is wrong",
            )
        return None

    def _read(
        self, report: Report, language: str | None, context: ReadingContext, schema: dict[str, Any]
    ) -> Reading | Rejection:
        dropped: Counter[str] = Counter()
        try:
            self._transport.budget.take_report()
            answers = self._ask(report, context, schema, dropped)
            reading = build_reading(
                report,
                answers,
                context,
                reader=self.name,
                language=language,
                p=self.settings.p,
                dropped=dropped,
            )
            n_lost = sum(dropped[kind] for kind in _UNVERIFIED)
            if n_lost and not reading.claims:
                # Nothing left of something is a failure, not a report without claims.
                raise LlmFailureError(f"none of the model's claims could be kept: {_list(dropped)}")
        except LlmFailureError as error:
            return Rejection(report.id, "read", error.code, f"report {report.id!r}: {error}")
        finally:
            self.dropped += dropped
        if any(dropped.values()):
            _log.warning("report %r: left out, as the text does not bear them: %s", report.id, _list(dropped))
        return reading

    def _ask(
        self, report: Report, context: ReadingContext, schema: dict[str, Any], dropped: Counter[str]
    ) -> Answers:
        """The drafts for each stretch of a report, in order."""
        waiting = split_text(report.text, 0, len(report.text), self.settings.piece_chars)
        found: Answers = []
        while waiting:
            start, end = waiting.pop(0)

            def messages(is_shape_told: bool, piece: str = report.text[start:end]) -> list[Message]:
                return messages_for(report, piece, context.theatre, schema, is_shape_told=is_shape_told)

            done = self._transport.complete(messages, schema)
            if not done.is_truncated:
                found.append(((start, end), read_answer(done.text, dropped)))
            elif end - start >= 2 * SHORTEST:
                # The answer was too long for one request: ask about each half.
                waiting = split_text(report.text, start, end, (end - start + 1) // 2) + waiting
            else:
                raise LlmFailureError(
                    f"the answer is cut off after {self.settings.answer_tokens} tokens; raise "
                    "WHOHOLDS_LLM_ANSWER_TOKENS",
                    code=BAD_ANSWER,
                )
        return found


def _list(dropped: Counter[str]) -> str:
    """Counts in words: "2 places, 1 cue"."""
    merged: Counter[str] = Counter()
    for kind, count in dropped.items():
        merged[_WORDS.get(kind, kind)] += count
    return ", ".join(f"{count} {words}" for words, count in sorted(merged.items()) if count)
