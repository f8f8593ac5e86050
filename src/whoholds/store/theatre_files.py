"""A theatre as it lies in a ledger: its JSON and the files that it names; and out again.

One ledger file is enough to work with: the start line, the gazetteers and the `theatre.toml` travel in
it. They are laid out in a folder of the user's cache, named by a hash of their content, when first
needed; where the cache cannot be written, in a temporary folder that goes with the process.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from whoholds.errors import StoreError
from whoholds.model import content_id, sha256_hex
from whoholds.theatre import Theatre

__all__ = ["PackedTheatre", "cache_folder", "pack_theatre", "unpack_theatre"]

TOML = "theatre.toml"


@dataclass(frozen=True, slots=True)
class PackedTheatre:
    """A theatre without a folder.

    Attributes:
        body: JSON of the theatre, its folder left out.
        files: Relative name to content.
    """

    body: str
    files: Mapping[str, bytes]


def pack_theatre(theatre: Theatre, *, is_public: bool = False) -> PackedTheatre:
    """The theatre with all that it needs later: start line and gazetteers, never its reports.

    Args:
        theatre: The theatre.
        is_public: Leave out the file as written, whose comments are the desk's own, and, where places
            are coarsened, the gazetteers, which have their exact positions.

    Raises:
        ConfigurationError: It names a file that is not there.
        StoreError: A file of it cannot be read.
    """
    files: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    if is_public and theatre.coarsen_to_resolution is not None:
        theatre = theatre.model_copy(update={"gazetteers": ()})
    wanted = [*theatre.gazetteers, *([theatre.start.file] if theatre.start else [])]
    for name in wanted:
        renamed[name] = inner = _inner_name(name, taken=files)
        files[inner] = _read(theatre.path(name))
    if not is_public and theatre.folder is not None and (theatre.folder / TOML).is_file():
        # The file as written, comments and all; the JSON is what is in force.
        files.setdefault(TOML, _read(theatre.folder / TOML))
    changes: dict[str, object] = {
        "gazetteers": tuple(renamed[g] for g in theatre.gazetteers),
        "reports": None,
    }
    if theatre.start is not None:
        changes["start"] = theatre.start.model_copy(update={"file": renamed[theatre.start.file]})
    packed = theatre.model_copy(update=changes)
    return PackedTheatre(packed.model_dump_json(exclude={"folder"}), files)


def unpack_theatre(packed: PackedTheatre) -> Theatre:
    """The theatre, its files laid out so that `Theatre.path` finds them.

    Raises:
        StoreError: Neither the cache nor a temporary folder can be written.
    """
    data = json.loads(packed.body)
    if not packed.files:
        return Theatre(**data)
    digest = content_id(
        "theatre/1", packed.body, [[n, sha256_hex(c)] for n, c in sorted(packed.files.items())]
    )
    name = f"{data['id']}-{digest.removeprefix('sha256:')[:24]}"
    target = cache_folder() / "theatres" / name
    if _is_complete(target, packed.files):
        return Theatre(**data, folder=target)
    try:
        _lay_out(target, packed.files)
        return Theatre(**data, folder=target)
    except OSError:
        return _unpack_for_now(data, packed.files)


def cache_folder() -> Path:
    """The program's folder in the user's cache (XDG base directories)."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "whoholds"


def _unpack_for_now(data: Mapping[str, object], files: Mapping[str, bytes]) -> Theatre:
    try:
        folder = Path(tempfile.mkdtemp(prefix="whoholds-theatre-"))
        _write_all(folder, files)
    except OSError as error:
        raise StoreError(f"cannot lay out the theatre's files: {error}; free some space in TMPDIR") from None
    theatre = Theatre.model_validate({**data, "folder": folder})
    weakref.finalize(theatre, shutil.rmtree, folder, ignore_errors=True)
    return theatre


def _lay_out(target: Path, files: Mapping[str, bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        _write_all(fresh, files)
        if target.exists():
            # Incomplete: an old copy that someone emptied. Another process may be quicker than we.
            shutil.rmtree(target, ignore_errors=True)
        try:
            fresh.rename(target)
        except OSError:
            if not _is_complete(target, files):
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _is_complete(folder: Path, files: Mapping[str, bytes]) -> bool:
    try:
        return all((folder / n).read_bytes() == content for n, content in files.items())
    except OSError:
        return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read the theatre's file {path}: {error.strerror}") from None


def _inner_name(name: str, *, taken: Mapping[str, bytes]) -> str:
    """A relative name inside the folder; names that lead out of it get a new one."""
    path = PurePosixPath(Path(name).as_posix())
    if not path.is_absolute() and ".." not in path.parts and str(path) != TOML:
        return str(path)
    inner = f"files/{path.name}"
    n = 1
    while inner in taken:
        n += 1
        inner = f"files/{n}-{path.name}"
    return inner
