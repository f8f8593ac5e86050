"""The borders of the server: headers on every answer, hosts that it answers to, same-origin writes.

Reports are hostile input: pages run no script but their own, load nothing from elsewhere, and nothing
may be sent to this server by another site's page. There are no cookies and no sessions.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whoholds.errors import WhoholdsError
from whoholds.web.status import Forbidden, TooLarge

__all__ = ["MAX_BODY_BYTES", "BorderMiddleware", "is_loopback"]

MAX_BODY_BYTES = 50 * 1024 * 1024
"""A pasted text or dropped file above this is refused."""

_FORM_OVERHEAD_BYTES = 64 * 1024

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # data: and blob: are the map's own hatching and sprites, drawn on a canvas.
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers then send our own forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own loopback."""
    name = host.strip("[]").casefold()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _host_of(authority: str) -> str:
    """The host in `host:port`, brackets of IPv6 kept off."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.rpartition(":")[0] if ":" in authority else authority


class BorderMiddleware:
    """Adds the headers, refuses strange hosts, foreign writes and bodies that are too large.

    A server on loopback answers only to loopback names: another site's name that is made to point
    at this machine (DNS rebinding) would otherwise read the desk's ledger.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        loopback_only: bool,
        explain: Callable[[Request, Exception], Awaitable[Response]],
    ) -> None:
        self.app = app
        self.loopback_only = loopback_only
        self.explain = explain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                outgoing = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    outgoing.setdefault(name, value)
                outgoing.setdefault("Cache-Control", "no-cache")
            await send(message)

        received = 0

        async def receive_counted() -> Message:
            # A body sent in chunks states no length.
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES + _FORM_OVERHEAD_BYTES:
                raise _too_large(received)
            return message

        try:
            self._check(scope["method"], Headers(scope=scope))
        except WhoholdsError as error:
            response = await self.explain(Request(scope), error)
            await response(scope, receive, send_with_headers)
            return
        await self.app(scope, receive_counted, send_with_headers)

    def _check(self, method: str, headers: Headers) -> None:
        host = headers.get("host", "")
        if self.loopback_only and not is_loopback(_host_of(host)):
            raise Forbidden(f"this server answers only to loopback addresses, not to {host[:80]!r}")
        if method in ("GET", "HEAD", "OPTIONS"):
            return
        site = headers.get("sec-fetch-site")
        origin = headers.get("origin")
        if site not in (None, "same-origin", "none") or (
            origin is not None and origin.partition("://")[2] != host
        ):
            raise Forbidden(
                "a page of another site may not send to this server; open its own address and try there"
            )
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > MAX_BODY_BYTES + _FORM_OVERHEAD_BYTES:
            raise _too_large(int(length))


def _too_large(size: int) -> TooLarge:
    return TooLarge(
        f"{size / 2**20:.0f} MB are too much at once, the limit is {MAX_BODY_BYTES // 2**20} MB; "
        "send the report alone, or add the file with `whoholds add`"
    )
