"""One report of an invented war, and how the tests read it by what a model would answer."""

from __future__ import annotations

from typing import Any

from tests.read.llm.conftest import World
from tests.read.llm.server import claim, claims, endpoint, source

from whoholds.model import Claim, Reading

TEXT = (
    "Arbin changes hands\n\n"
    "General Ada Holm said on Tuesday that Norlandic troops had retaken Arbin, freeing 40 villagers. "
    "The Front denied having lost the town. “We hold it,” a rebel spokesman told the agency.\n"
    "Fighting went on near Borsk, Frontwatch reported."
)
HOLM = source("General Ada Holm", words="General Ada Holm", cue="said", role="General")
RETAKEN = claim(
    "Norlandic troops had retaken Arbin",
    sources=[HOLM],
    stance="claimed",
    actor="Norlandic troops",
    actor_party="NOR",
    places=[{"words": "Arbin", "relation": "in"}],
)


def read(world: World, *items: dict[str, Any], text: str = TEXT, **values: Any) -> Reading:
    with endpoint([claims(*items)]) as server:
        return world.reading(world.reader(server), text, **values)


def one(world: World, item: dict[str, Any], **values: Any) -> Claim:
    (found,) = read(world, item, **values).claims
    return found


def counts(
    world: World, *items: dict[str, Any], text: str = TEXT, **values: Any
) -> tuple[Reading, dict[str, int]]:
    with endpoint([claims(*items)]) as server:
        reader = world.reader(server)
        return world.reading(reader, text, **values), dict(reader.dropped)
