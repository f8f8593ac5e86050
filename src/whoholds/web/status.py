"""Exception to HTTP status, and the problem document (RFC 9457) or page that tells of it.

One table. What is not in it is a bug: 500, with no detail shown, and the traceback in the log.
"""

from __future__ import annotations

from http import HTTPStatus

from whoholds import errors

__all__ = ["STATUSES", "Forbidden", "TooLarge", "problem", "status_of"]


class Forbidden(errors.InputError):
    """A request that this server does not take: from another site, or saving where it may not."""

    code = "forbidden"


class TooLarge(errors.InputError):
    """A body above the limit."""

    code = "too_large"


STATUSES: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (errors.NotFoundError, HTTPStatus.NOT_FOUND),
    (errors.NoReaderError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.DependencyError, HTTPStatus.NOT_IMPLEMENTED),
    (errors.StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.ConfigurationError, HTTPStatus.INTERNAL_SERVER_ERROR),
)
"""The first row that fits counts; narrower classes stand before wider ones."""


def status_of(error: Exception) -> HTTPStatus:
    """The HTTP status of an exception; 500 for one that is not in the table."""
    return next(
        (status for kind, status in STATUSES if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def problem(status: int, code: str, detail: str) -> dict[str, str | int]:
    """A problem document.

    Args:
        status: HTTP status.
        code: Stable name of the problem.
        detail: One line for a person, with the remedy.
    """
    return {
        "type": f"urn:whoholds:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
