"""Run code where it runs: in the container of a request, opened when the first code does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from grader.simulator.contents import find_blocks
from grader.simulator.disk import Disk
from grader.simulator.served import edit_file, run_code
from grader.simulator.wire import Json

if TYPE_CHECKING:
    from grader.simulator.containers import Containers


class Desk:
    """Run the code of one reply.

    containers: those of the organisation; without them nothing is kept or shared.
    """

    def __init__(self, request: Json, containers: Containers | None) -> None:
        self._request = request
        self._containers = containers
        self.container_id = ""

    @cached_property
    def _disk(self) -> Disk:
        if self._containers is None:
            return Disk()
        container = self._containers.open(self._request)
        self.container_id = container.id
        return container.disk

    @property
    def inputs(self) -> Mapping[str, bytes]:
        """Return the uploads that a request's code can read, by name."""
        has_uploads = any(
            True for _ in find_blocks(self._request["messages"], ("container_upload",))
        )
        return self._disk.inputs if has_uploads or self._request.get("container") else {}

    def run(self, code: str, kind: str) -> Json:
        """Return the content of the result of some code, with the files that it shares.

        kind: `code_execution` or `bash_code_execution`.
        """
        result = run_code(code, kind, self._disk)
        if self._containers is not None:
            shared = self._disk.shared().items()
            result["content"] = [
                {"type": f"{kind}_output", "file_id": self._containers.share(name, data)}
                for name, data in shared
            ]
        return result

    def edit(self, tool_input: Json) -> Json:
        """Return the content of the result of a call of the text editor."""
        return edit_file(tool_input, self._disk)
