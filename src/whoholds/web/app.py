"""The application: one workspace in, pages and API out. Wiring only.

`create_app` is what tests and servers mount; `serve` is what the command runs.
"""

from __future__ import annotations

import errno
import json
import socket
import sys
import threading
import webbrowser
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from whoholds import __version__
from whoholds.errors import ConfigurationError, InputError, WhoholdsError
from whoholds.pipeline import Workspace
from whoholds.store import Audience
from whoholds.web import api, check_pages, pages
from whoholds.web.security import BorderMiddleware, is_loopback
from whoholds.web.site import Site
from whoholds.web.status import problem, status_of

__all__ = ["create_app", "serve"]

_STATIC = Path(__file__).parent / "static"
UNBUILT = "unbuilt"


def create_app(
    workspace: Workspace,
    *,
    audience: Audience = Audience.PUBLIC,
    can_save: bool = True,
    loopback_only: bool = True,
) -> FastAPI:
    """The site of one workspace.

    Args:
        workspace: The ledger and its theatre.
        audience: Whose view every page and answer is drawn from.
        can_save: Whether texts may be kept. Never where the server is reached from elsewhere.
        loopback_only: Whether only requests to loopback names are answered.

    Raises:
        ConfigurationError: The desk's view would be served to other machines.
    """
    if audience is Audience.DESK and not loopback_only:
        raise ConfigurationError(
            "the desk's view is served to this machine alone: use --host 127.0.0.1, or --audience public"
        )
    app = FastAPI(
        title="whoholds",
        version=__version__,
        summary="Who holds what, according to whom, since when",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        middleware=[
            Middleware(BorderMiddleware, loopback_only=loopback_only, explain=explain),
            Middleware(GZipMiddleware, minimum_size=2000, compresslevel=4),
        ],
        exception_handlers={
            WhoholdsError: explain,
            HTTPException: explain_http,
            RequestValidationError: explain_request,
            Exception: explain_bug,
        },
    )
    app.state.site = Site(
        workspace=workspace,
        audience=audience,
        can_save=can_save and loopback_only,
        assets=_assets_version(),
    )
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(check_pages.router)
    app.mount("/static", StaticFiles(directory=_STATIC, check_dir=False), name="static")
    return app


def serve(
    path: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8420,
    audience: Audience = Audience.PUBLIC,
    open_browser: bool = False,
) -> None:
    """Serve a ledger until stopped.

    Args:
        path: The ledger's file.
        host: Address to listen on.
        port: Port; 0 takes any free one.
        audience: Whose view is served; the desk's on loopback alone.
        open_browser: Whether to open the page.

    Raises:
        ConfigurationError: The map is not built, the port is in use, the address is not of this machine, or
            the desk's view was asked for on an address that others reach.
        StoreError: The ledger cannot be opened.
    """
    on_loopback = is_loopback(host)
    if audience is Audience.DESK and not on_loopback:
        raise ConfigurationError(
            f"the desk's view is served to this machine alone, not on {host}; "
            "use --host 127.0.0.1, or --audience public"
        )
    if _assets_version() == UNBUILT:
        raise ConfigurationError(
            f"the map's built files are missing in {_STATIC / 'app'}; "
            "reinstall the package, or run `python hatch_build.py` in a checkout"
        )
    listener = _listen(host, port)
    with listener, Workspace.open(path) as workspace:
        app = create_app(workspace, audience=audience, can_save=on_loopback, loopback_only=on_loopback)
        bound = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{bound}/"
        print(f"whoholds: {address} (Ctrl-C stops)", file=sys.stderr, flush=True)  # noqa: T201
        # The first record takes seconds; made now, the first page does not wait for it.
        threading.Thread(target=_warm, args=(workspace, audience), daemon=True).start()
        if open_browser:
            threading.Timer(0.8, webbrowser.open, [address]).start()
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


def _warm(workspace: Workspace, audience: Audience) -> None:
    try:
        record = workspace.record(None, audience=audience)
        record.area(record.days[-1])
    except WhoholdsError as error:
        # The page that asks for it will say the same.
        print(f"whoholds: {error}", file=sys.stderr)  # noqa: T201


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"port {port} on {host} is in use; choose another with --port, or --port 0 for any free one"
            ) from None
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None
    return listener


# --- errors ------------------------------------------------------------------------------------------------


async def explain(request: Request, error: Exception) -> Response:
    """The answer for an exception of the program's own."""
    return _answer(request, int(status_of(error)), getattr(error, "code", "error"), str(error))


async def explain_http(request: Request, error: Exception) -> Response:
    """The answer for what the framework refuses."""
    assert isinstance(error, HTTPException)
    detail = "there is no such page" if error.status_code == 404 else str(error.detail)
    return _answer(request, error.status_code, f"http_{error.status_code}", detail)


async def explain_request(request: Request, error: Exception) -> Response:
    """The answer for parameters of the wrong shape."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "request"
    return await explain(request, InputError(f"{where}: {first['msg']}", code="bad_parameter"))


async def explain_bug(request: Request, error: Exception) -> Response:
    """The answer for a bug: no detail; the traceback goes to the log."""
    return _answer(
        request, int(status_of(error)), "bug", "this is a bug of whoholds; the server's log has more"
    )


def _answer(request: Request, status: int, code: str, detail: str) -> Response:
    document = problem(status, code, detail)
    if "text/html" in request.headers.get("accept", "") and _is_page(request):
        return pages.render_problem(request, document)
    return JSONResponse(document, status_code=status, media_type="application/problem+json")


def _is_page(request: Request) -> bool:
    # A script that asks for a part of a page wants the one line, not a page in its place.
    asked_by_script = "x-requested-as" in request.headers
    return not request.url.path.startswith(("/api/", "/static/")) and not asked_by_script


def _assets_version() -> str:
    stamp = _STATIC / "app" / "build.json"
    try:
        return str(json.loads(stamp.read_text("utf-8"))["sources"])[:12]
    except (OSError, ValueError, KeyError):
        return UNBUILT
