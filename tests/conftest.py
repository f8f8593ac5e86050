"""What all tests share: no network, and a cache folder of their own."""

from __future__ import annotations

import socket
from typing import Any

import pytest

LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0")
_connect = socket.socket.connect


def _guarded_connect(self: socket.socket, address: Any) -> Any:
    if self.family == socket.AF_UNIX or (isinstance(address, tuple) and address[0] in LOOPBACK):
        return _connect(self, address)
    raise AssertionError(f"a test tried to reach {address!r}; nothing in this project needs the network")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
