"""What the tests of the `llm` reader share: a bare environment, and a transport that waits for nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from tests.read.claims.world import context, theatre
from tests.read.llm.server import Endpoint

from whoholds.model import Reading, Rejection, Report, sha256_hex
from whoholds.read.llm import LlmReader, LlmSettings, Transport, read_settings
from whoholds.read.llm.transport import shared_transport
from whoholds.read.reader import ReadingContext

NOW = datetime(2031, 5, 14, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in os.environ:
        if name.startswith("WHOHOLDS_LLM_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    yield
    shared_transport.cache_clear()


@dataclass
class World:
    """Makes readers for an endpoint and reads texts by them.

    Attributes:
        waited: Seconds that the transport would have slept.
    """

    waited: list[float] = field(default_factory=list)
    transports: list[Transport] = field(default_factory=list)

    def settings(self, url: str, **values: str | int | float) -> LlmSettings:
        env = {f"WHOHOLDS_LLM_{name.upper()}": str(value) for name, value in values.items()}
        return read_settings({"WHOHOLDS_LLM_URL": url, "WHOHOLDS_LLM_MODEL": "tiny"} | env)

    def reader(self, server: Endpoint | str, **values: str | int | float) -> LlmReader:
        settings = self.settings(server if isinstance(server, str) else server.url, **values)
        transport = Transport(settings, sleep=self.waited.append, now=lambda: NOW, chance=lambda: 1.0)
        self.transports.append(transport)
        return LlmReader(settings, transport)

    def read(
        self,
        reader: LlmReader,
        *texts: str,
        lang: str | None = "en",
        on: date | None = date(2031, 5, 14),
        publisher: str | None = "The Courier",
        war: bool = True,
    ) -> list[Reading | Rejection]:
        where = context() if war else ReadingContext(context().gazetteer)
        reports = [
            Report(
                id=f"r{number}",
                text=text,
                sha256=sha256_hex(text.encode("utf-8", "surrogatepass")),
                published_at=on,
                publisher=publisher,
                lang=lang,
            )
            for number, text in enumerate(texts)
        ]
        return list(reader.read_many(reports, where))

    def reading(self, reader: LlmReader, text: str, **values: object) -> Reading:
        (found,) = self.read(reader, text, **values)  # type: ignore[arg-type]
        assert isinstance(found, Reading), found
        return found

    def rejection(self, reader: LlmReader, text: str, **values: object) -> Rejection:
        (found,) = self.read(reader, text, **values)  # type: ignore[arg-type]
        assert isinstance(found, Rejection), found
        assert "\n" not in found.message
        return found


@pytest.fixture
def world() -> Iterator[World]:
    assert theatre().party_ids == ("NOR", "FLS")
    found = World()
    yield found
    for transport in found.transports:
        transport.close()
