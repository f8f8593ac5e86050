"""The wire: chat messages in, the model's words out. The one module of `read` that does I/O.

It is reached only where the `llm` reader is configured by hand. Sleeping, clocks and chance are arguments, so
that tests wait for nothing. What is sent is the prompt with the report's text; the key goes into the header
and nowhere else, and redirects are not followed, so that it reaches no other host.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import httpx

from whoholds.errors import ConfigurationError
from whoholds.read.llm.budget import Budget, estimate_tokens
from whoholds.read.llm.failures import BAD_ANSWER, UNREACHABLE, LlmFailureError
from whoholds.read.llm.prompt import Message
from whoholds.read.llm.settings import LlmSettings

__all__ = ["Completion", "Transport", "shared_transport"]

RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Statuses that pass: time-outs, conflicts, too many requests, servers in trouble."""
NOT_UNDERSTOOD = frozenset({400, 415, 422, 501})
"""Statuses by which servers answer to an option that they do not know."""
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
"""Bounds of the waiting between tries: full jitter under an exponential ceiling."""
LONGEST_RETRY_AFTER_S = 300.0
"""A server that asks for more patience than this is given up for the report."""
CONNECT_S = 10.0
LARGEST_ANSWER = 8_000_000
"""Bytes after which an answer is no answer."""
SILENT_REPORTS = 3
"""After as many failures in a row each request is tried once only, until one succeeds."""
FORMATS = ("json_schema", "json_object", "plain")
"""Kinds of structured output, best first; a server that does not understand one is asked for the next."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back for one request.

    Attributes:
        text: The model's words.
        is_truncated: Whether it stopped at the limit of the answer's length.
        tokens: Prompt and completion tokens, by the server's `usage`, else estimated.
    """

    text: str
    is_truncated: bool
    tokens: int


class _TryAgainError(Exception):
    """A failure that may pass, with the seconds that the server asks to wait, if it does."""

    def __init__(self, why: str, *, wait_s: float | None = None, tokens: int = 0) -> None:
        super().__init__(why)
        self.wait_s = wait_s
        self.tokens = tokens


class _NotUnderstoodError(Exception):
    """The server does not take the request as it is put."""


class Transport:
    """Sends requests to one endpoint, and remembers what it understands and what was spent.

    Attributes:
        settings: The endpoint.
        budget: What was spent.
    """

    def __init__(
        self,
        settings: LlmSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Set up the endpoint; nothing is sent yet.

        Args:
            settings: The endpoint.
            sleep: Waits for some seconds.
            clock: Seconds that only grow, for time-outs.
            now: The calendar's instant, for `Retry-After` dates.
            chance: A number from 0 to 1, for jitter.

        Raises:
            ConfigurationError: The address cannot be used.
        """
        self.settings = settings
        self.budget = Budget(settings.max_tokens, settings.max_reports)
        self._sleep, self._clock, self._now, self._chance = sleep, clock, now, chance
        self._format = 0
        self._limit_key = "max_tokens"
        self._has_temperature = True
        self._is_understood = False
        self._failed_in_a_row = 0
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if settings.key is not None:
            headers["Authorization"] = f"Bearer {settings.key}"
        try:
            self._url = httpx.URL(settings.url)
        except httpx.InvalidURL as error:
            raise ConfigurationError(f"WHOHOLDS_LLM_URL {settings.url!r}: {error}") from None
        self._client = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(settings.timeout_s, connect=min(CONNECT_S, settings.timeout_s)),
            follow_redirects=False,
            # Reading the authorities' certificates takes a tenth of a second: only where there is TLS.
            verify=self._url.scheme == "https",
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def complete(self, messages: Callable[[bool], list[Message]], schema: dict[str, Any]) -> Completion:
        """One answer.

        Args:
            messages: Makes the messages; its argument is whether they have to tell the schema.
            schema: JSON Schema of the answer.

        Raises:
            LlmFailureError: There is none, by fault of the endpoint or of the budget.
            ConfigurationError: The endpoint does not know the key, the address or the model.
        """
        while True:
            is_plain = FORMATS[self._format] != "json_schema"
            payload = self._payload(messages(is_plain), schema)
            try:
                return self._send(payload)
            except _NotUnderstoodError as error:
                if not self._simplify(str(error)):
                    raise LlmFailureError(f"{self._host} refuses the request: {error}") from None

    @property
    def _host(self) -> str:
        return self._url.host

    def _payload(self, messages: list[Message], schema: dict[str, Any]) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "model": self.settings.model,
            "messages": messages,
            self._limit_key: self.settings.answer_tokens,
        }
        if self._has_temperature:
            payload["temperature"] = 0
        kind = FORMATS[self._format]
        if kind == "json_schema":
            named = {"name": "claims", "strict": True, "schema": schema}
            payload["response_format"] = {"type": kind, "json_schema": named}
        elif kind == "json_object":
            payload["response_format"] = {"type": kind}
        return payload

    def _simplify(self, complaint: str) -> bool:
        """Ask for less, as the server complains; False where nothing is left to give up."""
        if self._is_understood:
            # The options were fine before: it is this text that the server does not take.
            return False
        if self._limit_key == "max_tokens" and "max_completion_tokens" in complaint:
            self._limit_key = "max_completion_tokens"
        elif self._has_temperature and "temperature" in complaint:
            self._has_temperature = False
        elif self._format + 1 < len(FORMATS):
            self._format += 1
        else:
            self._format = 0
            return False
        return True

    def _send(self, payload: dict[str, Any]) -> Completion:
        """One request, again where that may help."""
        prompt = estimate_tokens("".join(m["content"] for m in payload["messages"]))
        reserved = prompt + self.settings.answer_tokens
        # Escaped to ASCII: lone surrogates of a damaged text have no UTF-8.
        body = json.dumps(payload).encode("ascii")
        tries = 1 if self._failed_in_a_row >= SILENT_REPORTS else 1 + self.settings.retries
        for attempt in range(tries):
            self.budget.reserve(reserved)
            used = 0
            try:
                found = self._try(body, prompt, reserved)
                used = found.tokens
                self._failed_in_a_row = 0
                self._is_understood = True
                return found
            except _TryAgainError as error:
                used, last = error.tokens, error
            except LlmFailureError as error:
                used = error.tokens
                raise
            finally:
                self.budget.settle(reserved, used)
            wait = self._backoff(attempt) if last.wait_s is None else last.wait_s
            if wait > LONGEST_RETRY_AFTER_S:
                break
            if attempt + 1 < tries:
                self._sleep(wait)
        self._failed_in_a_row += 1
        raise LlmFailureError(
            f"no answer from {self._host} after {attempt + 1} of {tries} tries: {last}; see that it runs, or "
            "raise WHOHOLDS_LLM_TIMEOUT_S or WHOHOLDS_LLM_RETRIES",
            code=UNREACHABLE,
        )

    def _backoff(self, attempt: int) -> float:
        """Seconds to wait: full jitter, after Brooker, "Exponential Backoff And Jitter" (2015)."""
        ceiling: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0**attempt)
        # Never quite nothing: a server in trouble gets a breath.
        return ceiling * max(0.1, self._chance())

    def _try(self, body: bytes, prompt: int, reserved: int) -> Completion:
        """One try; what it cost where it failed goes with the error.

        A request that reached the server and was not answered may be at work there, to its full length, and
        be billed: it counts as all that was set aside for it, or the cap would be passed by time-outs.
        """
        try:
            status, headers, content = self._post(body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _TryAgainError(f"{type(error).__name__}: {error}") from None
        except httpx.TimeoutException:
            raise _TryAgainError(f"nothing within {self.settings.timeout_s:g} s", tokens=reserved) from None
        except httpx.RequestError as error:
            raise _TryAgainError(f"{type(error).__name__}: {error}", tokens=reserved) from None
        except LlmFailureError as error:
            error.tokens = reserved
            raise
        if status == 200:
            try:
                return _completion(content, prompt)
            except LlmFailureError as error:
                error.tokens = _tokens_billed(content, prompt)
                raise
        said = _complaint(content)
        if status in RETRIED:
            raise _TryAgainError(f"status {status}: {said}", wait_s=self._asked_wait(headers))
        if status in NOT_UNDERSTOOD:
            raise _NotUnderstoodError(f"status {status}: {said}")
        if status == 401:
            raise ConfigurationError(
                f"{self._host} does not take the key (401: {said}); set WHOHOLDS_LLM_KEY"
            )
        if status == 404:
            raise ConfigurationError(
                f"{self._host} knows no such address or model (404: {said}); check WHOHOLDS_LLM_URL "
                f"({self.settings.url}) and WHOHOLDS_LLM_MODEL ({self.settings.model})"
            )
        raise LlmFailureError(f"{self._host} refuses the request: status {status}: {said}")

    def _post(self, body: bytes) -> tuple[int, httpx.Headers, bytes]:
        """Send and read, watching the clock: time-outs of sockets start anew at each byte."""
        end = self._clock() + self.settings.timeout_s
        with self._client.stream("POST", self._url, content=body) as response:
            pieces: list[bytes] = []
            size = 0
            for piece in response.iter_bytes():
                size += len(piece)
                if size > LARGEST_ANSWER:
                    raise LlmFailureError(f"{self._host} answers with more than {LARGEST_ANSWER} bytes")
                if self._clock() > end:
                    raise httpx.ReadTimeout("the answer trickles")
                pieces.append(piece)
            return response.status_code, response.headers, b"".join(pieces)

    def _asked_wait(self, headers: httpx.Headers) -> float | None:
        """Seconds of `Retry-After`, in figures or as a date (RFC 9110, 10.2.3); None without a usable one."""
        value = headers.get("retry-after", "").strip()
        if not value:
            return None
        try:
            seconds = float(value)
        except ValueError:
            try:
                moment = parsedate_to_datetime(value)
            except ValueError:
                return None
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = (aware - self._now()).total_seconds()
        return max(0.0, seconds) if seconds == seconds else None


def _completion(content: bytes, prompt: int) -> Completion:
    """The model's words out of a server's answer.

    Raises:
        LlmFailureError: It is not of the protocol's shape, or has no words.
    """
    try:
        record = json.loads(content)
        choice = record["choices"][0]
        message = choice["message"]
        text, reason, refusal = message.get("content"), choice.get("finish_reason"), message.get("refusal")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise LlmFailureError(
            f"the endpoint's answer has no choices with a message: {_complaint(content)}", code=BAD_ANSWER
        ) from None
    if isinstance(text, list):
        text = "".join(str(part.get("text", "")) for part in text if isinstance(part, dict))
    if not isinstance(text, str) or not text.strip():
        why = f"refuses: {_short(str(refusal))}" if refusal else "gives no words"
        raise LlmFailureError(f"the model {why}", code=BAD_ANSWER)
    return Completion(text, reason == "length", _tokens_used(record.get("usage"), prompt, text))


def _tokens_billed(content: bytes, prompt: int) -> int:
    """Tokens of an answer that is of no use."""
    try:
        record = json.loads(content)
        usage = record.get("usage") if isinstance(record, dict) else None
    except (ValueError, RecursionError):
        usage = None
    return _tokens_used(usage, prompt, content[:LARGEST_ANSWER].decode("utf-8", "replace"))


def _tokens_used(usage: object, prompt: int, text: str) -> int:
    """Tokens by the server's count, else our estimate: a server that counts nothing still costs."""
    if isinstance(usage, dict):
        parts = (usage.get("prompt_tokens"), usage.get("completion_tokens"))
        for total in (usage.get("total_tokens"), sum(p for p in parts if isinstance(p, int))):
            if isinstance(total, int) and total > 0:
                return total
    return prompt + estimate_tokens(text)


def _complaint(content: bytes) -> str:
    """What a server says of a failure, on one short line."""
    text = content[:4_000].decode("utf-8", "replace")
    try:
        error = json.loads(text)["error"]
        text = str(error["message"]) if isinstance(error, dict) else str(error)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return _short(text) or "no reason given"


def _short(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= 200 else line[:199] + "…"


@lru_cache(maxsize=8)
def shared_transport(settings: LlmSettings) -> Transport:
    """The one transport of this process for an endpoint: the cap on cost outlives a reader.

    The pipeline makes a reader for every batch of reports.
    """
    return Transport(settings)
