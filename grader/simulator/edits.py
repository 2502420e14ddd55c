"""The edits that a request may ask for in `context_management`: their names, and how one is found.

The API makes them on its own side, before the model reads the prompt: it clears the results of old
tool calls, or old thinking, or puts a summary in the place of all that was said.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.simulator.wire import Json

CLEAR_THINKING = "clear_thinking_20251015"
CLEAR_TOOL_USES = "clear_tool_uses_20250919"
COMPACT = "compact_20260112"

LEAST_TRIGGER = 50_000
"""The smallest prompt, in tokens, from which a request can have itself summarized (recorded)."""

USUAL_TRIGGER = 150_000
"""The prompt, in tokens, from which it is summarized where the request names no other."""


def read_edits(request: Json) -> Sequence[Json]:
    """Return the edits that a valid request asks for, in its order."""
    return (request.get("context_management") or {}).get("edits") or ()


def find_edit(request: Json, kind: str) -> Json | None:
    """Return the first edit of a kind that a valid request asks for, None where there is none."""
    return next((edit for edit in read_edits(request) if edit["type"] == kind), None)
