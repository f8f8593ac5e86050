"""The cap on what the `llm` reader may cost: estimates are reserved before a request, settled after it.

An estimate counts the whole answer that a request allows, so that the cap is not passed by answers that
turn out long; what was not used is given back.
"""

from __future__ import annotations

import threading

from whoholds.read.llm.failures import BUDGET_SPENT, LlmFailureError

__all__ = ["BYTES_A_TOKEN", "Budget", "estimate_tokens"]

BYTES_A_TOKEN = 3
"""UTF-8 bytes in a token, low on purpose: tokenizers take about 4 in English, 3 to 5 elsewhere."""


def estimate_tokens(text: str) -> int:
    """How many tokens a text is at most, nearly."""
    return len(text.encode("utf-8", "surrogatepass")) // BYTES_A_TOKEN + 1


class Budget:
    """What was spent in this process, and what may be. Safe to use from several threads.

    Attributes:
        spent: Tokens used, with those reserved for requests under way.
        reports: Reports begun.
    """

    def __init__(self, max_tokens: int, max_reports: int) -> None:
        self.max_tokens = max_tokens
        self.max_reports = max_reports
        self.spent = 0
        self.reports = 0
        self._lock = threading.Lock()

    def take_report(self) -> None:
        """Count one report.

        Raises:
            LlmFailureError: The cap on reports is reached.
        """
        with self._lock:
            if self.reports >= self.max_reports:
                raise LlmFailureError(
                    f"the cap of {self.max_reports} reports is reached; raise WHOHOLDS_LLM_MAX_REPORTS",
                    code=BUDGET_SPENT,
                )
            self.reports += 1

    def reserve(self, tokens: int) -> None:
        """Set tokens aside for one request.

        Raises:
            LlmFailureError: They would pass the cap.
        """
        with self._lock:
            if self.spent + tokens > self.max_tokens:
                raise LlmFailureError(
                    f"{self.spent} of {self.max_tokens} tokens are spent, the next request may "
                    f"take {tokens}; raise WHOHOLDS_LLM_MAX_TOKENS",
                    code=BUDGET_SPENT,
                )
            self.spent += tokens

    def settle(self, reserved: int, used: int) -> None:
        """Replace what was set aside by what was used."""
        with self._lock:
            self.spent += used - reserved
