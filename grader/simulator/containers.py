"""The containers in which the API's own tools run code: whose they are, and what lies in them.

Nothing runs here. A request that names a container goes on with it, with the files that lie there,
and any name is taken: one that is unknown may belong to a conversation that began elsewhere. A
container lives for 30 days (Anthropic's page on code execution, September 2026), `expires_at` tells
of less; a request that names one which is gone is refused, in words that are a guess.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from grader.simulator.blocks import part_of
from grader.simulator.contents import find_blocks
from grader.simulator.disk import Disk
from grader.simulator.faults import Fault, Refused
from grader.simulator.files.store import Files
from grader.simulator.identifiers import Identifiers
from grader.simulator.wire import Json

LIFETIME = 3600.0
"""How long a container lives after its last use by its `expires_at`, in seconds.

Recorded in August 2026; the pages speak of 5 minutes without use.
"""
LONGEST = 30 * 86_400.0
"""How long a container can be used, in seconds."""

_MOST_KEPT = 1_000


@dataclass
class Container:
    """Hold one container; created: in seconds since the epoch."""

    id: str
    created: float
    disk: Disk = field(default_factory=Disk)


class Containers:
    """Keep the containers of one organisation, the newest of them.

    files: the uploads that messages bring in, and what code shares. clock: gives seconds since the
    epoch.
    """

    def __init__(self, ids: Identifiers, files: Files, clock: Callable[[], float]) -> None:
        self._ids = ids
        self._files = files
        self._clock = clock
        self._kept: dict[str, Container] = {}

    def check(self, request: Json) -> None:
        """Refuse a request whose container is gone."""
        held = self._kept.get(named_in(request) or "")
        if held is not None and self._clock() >= held.created + LONGEST:
            raise Refused(Fault(404, f"Container `{held.id}` has expired."))

    def open(self, request: Json) -> Container:
        """Return the container for the code of a request, with the files that its messages upload.

        It is the one that the request names, or a new one.
        """
        now = self._clock()
        id = named_in(request) or self._ids.draw("container")
        held = self._kept.get(id) or Container(id, now)
        self._kept[id] = held
        while len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        for _, block in find_blocks(request["messages"], ("container_upload",)):
            file = self._files.read(block["file_id"], now=now)
            held.disk.put(file.filename, file.data)
        return held

    def share(self, name: str, data: bytes) -> str:
        """Keep a file that code made, so that it can be downloaded; return its id."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._files.add(name, kind, data, now=self._clock(), downloadable=True).id

    def describe(self, content: Sequence[Json], request: Json, used: str = "") -> Json:
        """Return the container of a reply that ran code, None for one that ran none.

        used: the id of the one in which its code ran, where it is known.
        """
        if not any(_runs_code(block) for block in content):
            return None
        expires = datetime.fromtimestamp(self._clock() + LIFETIME, UTC)
        return {
            "id": used or named_in(request) or self._ids.draw("container"),
            "expires_at": f"{expires:%Y-%m-%dT%H:%M:%S.%f}Z",
        }


def named_in(request: Json) -> str | None:
    """Return the id of the container that a request names, None where it names none."""
    named = request.get("container")
    id = named.get("id") if isinstance(named, dict) else named
    return id or None


def _runs_code(block: Json) -> bool:
    """Return whether a block is code that runs, or comes of it."""
    if block["type"] == "text":
        return False
    caller = block.get("caller") or {}
    if str(caller.get("type", "")).startswith("code_execution"):
        return True
    name = block.get("name") if part_of(block) == "server_call" else block["type"]
    return str(name).endswith(("code_execution", "code_execution_tool_result"))
