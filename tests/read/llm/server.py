"""A small endpoint on the loopback that speaks the protocol, well or badly, as a test scripts it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One answer of the endpoint.

    Attributes:
        body: The body; a dict is sent as JSON.
        status: HTTP status.
        headers: Further headers.
        delay_s: Waited before anything is sent.
        drop: Close the connection without an answer.
    """

    body: Json | str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    drop: bool = False


@dataclass
class Endpoint:
    """A running endpoint.

    Attributes:
        url: Base address.
        asked: Bodies of the requests, in order.
        keys: Their `Authorization` headers.
    """

    url: str
    asked: list[Json] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


Script = Callable[[Json, int], Reply]
"""Request body and its number, from 0, to the reply."""


def chat(text: str, *, tokens: int | None = 100, finish: str = "stop") -> Json:
    """An answer of the protocol with some words of the model."""
    answer: Json = {
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}]
    }
    if tokens is not None:
        answer["usage"] = {
            "prompt_tokens": tokens - 10,
            "completion_tokens": 10,
            "total_tokens": tokens,
        }
    return answer


def claims(*items: Json, **options: Any) -> Reply:
    """A good answer with some claims."""
    return Reply(chat(json.dumps({"claims": list(items)}, ensure_ascii=False), **options))


def claim(quote: str, **fields: Any) -> Json:
    """A claim as a model that keeps to the schema gives it."""
    return {
        "quote": quote,
        "sources": [],
        "stance": "asserted",
        "polarity": "positive",
        "event": "control_gained",
        "actor": None,
        "actor_party": None,
        "target": None,
        "target_party": None,
        "places": [],
        "quantities": [],
        "time_words": None,
        "first_day": None,
        "last_day": None,
    } | fields


def source(name: str, **fields: Any) -> Json:
    return {"name": name, "words": None, "cue": None, "role": None, "side": None} | fields


@contextmanager
def endpoint(script: Script | list[Reply]) -> Iterator[Endpoint]:
    """An endpoint that answers by a script; the last reply of a list is given again and again."""
    found = Endpoint("")
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                number = len(found.asked)
                found.asked.append(body)
                found.keys.append(self.headers["Authorization"])
            reply = script[min(number, len(script) - 1)] if isinstance(script, list) else script(body, number)
            if reply.delay_s:
                time.sleep(reply.delay_s)
            if reply.drop:
                self.close_connection = True
                return
            raw = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
            try:
                self.send_response(reply.status if self.path == "/v1/chat/completions" else 404)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
            except OSError:
                # The client lost patience, as the test wants.
                self.close_connection = True

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
