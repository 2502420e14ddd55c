"""Find tools that a client keeps back: it tells their names, and a tool of its own loads them.

Claude Code lists such names, a line each, in a system message or a reminder, and offers ToolSearch.
Recorded of it: the result refers to the tool, and the next request defines it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.simulator.wire import Json

_LISTED = re.compile(r"\bdeferred tools\b[^\n]*\n((?:[\w-]{1,128}(?:\n|$|(?=<)))+)")


def is_finder(name: str) -> bool:
    """Return whether a tool is named as one that finds tools."""
    words = {word.lower().removesuffix("s") for word in re.findall(r"[A-Z]?[a-z]+", name)}
    return {"tool", "search"} <= words


def deferred_names(request: Json) -> list[str]:
    """Return the names of the tools that a request tells of, without defining them."""
    defined = {tool.get("name") for tool in request["tools"]}
    found = (match[1].split() for text in _texts(request) for match in _LISTED.finditer(text))
    return [name for names in found for name in names if name not in defined]


def _texts(request: Json) -> Iterator[str]:
    contents = [request.get("system") or "", *(m["content"] for m in request["messages"])]
    for content in contents:
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        yield from (block["text"] for block in blocks if block.get("type") == "text")
