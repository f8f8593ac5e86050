"""One ledger for all read-only tests, and a fresh one where something is saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.laid import LaidReader, NoPlaces, lay_workspace
from whoholds.pipeline import Workspace
from whoholds.web.app import create_app


def open_client(workspace: Workspace, **options: Any) -> TestClient:
    """A client that speaks to the app as a browser on this machine would."""
    return TestClient(create_app(workspace, **options), base_url="http://127.0.0.1:8420")


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A ledger that no test writes to."""
    with lay_workspace(tmp_path_factory.mktemp("web") / "laid.gpkg") as workspace:
        yield workspace


@pytest.fixture(scope="session")
def client(laid: Workspace) -> Iterator[TestClient]:
    """Its pages."""
    with open_client(laid) as found:
        yield found


@pytest.fixture
def fresh(tmp_path: Path, laid_reader: None) -> Iterator[Workspace]:
    """A ledger of the test's own, read by the laid reader."""
    with lay_workspace(tmp_path / "fresh.gpkg") as workspace:
        yield workspace


@pytest.fixture
def laid_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the laid reader in the real one's place; no gazetteer is opened."""
    monkeypatch.setattr("whoholds.pipeline.reading.load_reader", lambda name: LaidReader())
    monkeypatch.setattr(Workspace, "gazetteer", NoPlaces())
