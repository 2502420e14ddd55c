"""The containers in which the API's own tools run code: who gets which, and until when.

Nothing runs here. A request that names a container goes on with it, and any name is taken: one that
is unknown may belong to a conversation that began elsewhere, and how the server refuses it was not
found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from grader.simulator.blocks import part_of
from grader.simulator.identifiers import Identifiers
from grader.simulator.wire import Json

LIFETIME = 3600.0
"""How long a container lives after its last use, in seconds.

Recorded in August 2026; the pages speak of 5 minutes without use.
"""


def container_for(content: Sequence[Json], request: Json, ids: Identifiers, now: float) -> Json:
    """Return the container of a reply that ran code, None for one that ran none.

    now: seconds since the epoch.
    """
    if not any(_runs_code(block) for block in content):
        return None
    named = request.get("container")
    named = named.get("id") if isinstance(named, dict) else named
    expires = datetime.fromtimestamp(now + LIFETIME, UTC)
    return {
        "id": named or ids.draw("container"),
        "expires_at": f"{expires:%Y-%m-%dT%H:%M:%S.%f}Z",
    }


def _runs_code(block: Json) -> bool:
    """Return whether a block is code that runs, or comes of it."""
    caller = block.get("caller") or {}
    if str(caller.get("type", "")).startswith("code_execution"):
        return True
    name = block.get("name") if part_of(block) == "server_call" else block["type"]
    return str(name).endswith(("code_execution", "code_execution_tool_result"))
