"""Why a report was not read by the model: raised inside the package, a `Rejection` at the reader's border."""

from __future__ import annotations

from whoholds.errors import WhoholdsError

__all__ = ["BAD_ANSWER", "BUDGET_SPENT", "UNREACHABLE", "LlmFailureError"]

UNREACHABLE = "llm_unreachable"
BAD_ANSWER = "llm_bad_answer"
BUDGET_SPENT = "llm_budget_spent"


class LlmFailureError(WhoholdsError):
    """A request came to nothing; `code` is one of this module's."""

    code = BAD_ANSWER

    tokens: int = 0
    """Tokens that were spent on it: an answer that is of no use is billed like any other."""
