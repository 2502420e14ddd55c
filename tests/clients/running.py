"""Run the program of a client against a server, cut off from every other machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.clients.table import HERE, Client, Outcome

SECONDS = 1_500
"""How long a client may take for all models."""

NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody runs, for the programs that are neither Python's nor Node's."""


def run(client: Client, place: Path, address: str, models: Sequence[str]) -> list[Outcome]:
    """Return what a client's program tells of its features, and where it broke off.

    place: the client's environment. address: of `grader serve`.
    """
    with tempfile.TemporaryDirectory(prefix="clients-") as home:
        try:
            done = subprocess.run(
                [*_command(client, place), *models],
                cwd=home,
                env=_variables(address, place, Path(home)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [Outcome(client.name, "plain", models[0], f"not done after {SECONDS} s")]
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    outcomes = [Outcome(client.name, **json.loads(line)) for line in lines]
    if done.returncode or {outcome.model for outcome in outcomes} != {*models}:
        said = f"exit code {done.returncode}: {done.stderr[-500:]}"
        outcomes.append(Outcome(client.name, "plain", models[0], said))
    return outcomes


def _command(client: Client, place: Path) -> list[str]:
    if client.lock:
        return [str(place / "bin" / "python"), "-W", "ignore", str(client.program)]
    if client.program.suffix == ".py":
        return [sys.executable, str(client.program)]
    # Node looks for packages beside the program.
    for program in client.program.parent.glob("*.mjs"):
        shutil.copy(program, place)
    return ["node", str(place / client.program.name)]


def _variables(address: str, place: Path, home: Path) -> dict[str, str]:
    """Return the whole environment: where the simulator is, and nothing of who runs this."""
    claude = next(place.glob("node_modules/@anthropic-ai/claude-code-*/claude*"), Path("claude"))
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TMPDIR": str(home),
        "PYTHONPATH": str(HERE / "guard"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NODE_OPTIONS": f"--import {(HERE / 'guard' / 'guard.mjs').as_uri()}",
        **{f"{kind}_PROXY": NOWHERE for kind in ("HTTP", "HTTPS", "ALL")},
        **{f"{kind}_proxy": NOWHERE for kind in ("http", "https", "all")},
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "CLIENTS_ADDRESS": address,
        "CLIENTS_CLAUDE": str(claude),
        "ANTHROPIC_BASE_URL": address,
        "ANTHROPIC_API_KEY": "simulated",
        "OPENAI_BASE_URL": f"{address}/v1",
        "OPENAI_API_KEY": "simulated",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LANGCHAIN_TRACING_V2": "false",
        "LLM_USER_PATH": str(home / "llm"),
        "DSPY_CACHEDIR": str(home / "dspy"),
    }
