"""Check the cache breakpoints of a request: their shape, their number, their lifetimes.

The rules for the whole request are those of Anthropic's page on prompt caching.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.simulator.contents import is_markable, nested_blocks, nested_key
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

MAX_BREAKPOINTS = 4
"""How many blocks a request may mark; automatic caching takes up one of them."""

_LIFETIMES = ("5m", "1h")
_KEYS = frozenset({"type", "ttl"})


def check_cache_control(marked: dict[str, Json], path: str, *, is_empty: bool = False) -> None:
    """Refuse a `cache_control` that is neither null nor ephemeral with a known lifetime.

    marked: what holds it. is_empty: whether that is a text block of no text.
    """
    control = marked.get("cache_control")
    if control is None:
        return
    where = f"{path}.cache_control" if path else "cache_control"
    shapes.tag(shapes.mapping(control, where), where, ("ephemeral",))
    if "ttl" in control:
        shapes.one_of(control["ttl"], f"{where}.ephemeral.ttl", _LIFETIMES)
    shapes.only(control, f"{where}.ephemeral", _KEYS)
    if is_empty:
        raise invalid(f"{path}: cache_control cannot be set for empty text blocks")


def check_breakpoints(request: dict[str, Json]) -> None:
    """Refuse too many breakpoints, a long lifetime after a short one, and two on one block."""
    marks = list(_marks(request))
    automatic = request.get("cache_control")
    if automatic is None and not marks:
        return
    found = len(marks) + (automatic is not None)
    if found > MAX_BREAKPOINTS:
        raise invalid(
            f"A maximum of {MAX_BREAKPOINTS} blocks with cache_control may be provided. "
            f"Found {found}."
        )
    if automatic is not None and (target := _target(request)) is not None:
        path, block = target
        if block.get("cache_control") is None:
            marks.append((path, _lifetime(automatic)))
        else:
            _check_match(_lifetime(automatic), _lifetime(block["cache_control"]))
    is_short = False
    for path, lifetime in marks:
        if is_short and lifetime == "1h":
            raise invalid(
                f"{path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a "
                "ttl='5m' cache_control block. Note that blocks are processed in the following "
                "order: `tools`, `system`, `messages`."
            )
        is_short = is_short or lifetime == "5m"


def _check_match(automatic: str, explicit: str) -> None:
    # Quoted by several clients, such as github.com/vellum-ai/vellum-assistant/pull/23414.
    if automatic != explicit:
        raise invalid(
            f"Top-level cache_control has ttl='{automatic}' but the target block already has "
            f"cache_control with ttl='{explicit}'. When both are specified on the same block, they "
            "must have matching TTLs."
        )


def _lifetime(control: Json) -> str:
    return str(control.get("ttl", "5m"))


def _marks(request: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield the path and the lifetime of each breakpoint, in the order of the prompt."""
    for level in ("tools", "system"):
        yield from _marks_in(request.get(level), level)
    for index, message in enumerate(request["messages"]):
        yield from _marks_in(message["content"], f"messages.{index}.content")


def _marks_in(blocks: Json, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(blocks, list):
        return
    for index, block in enumerate(blocks):
        if nested := nested_blocks(block):
            yield from _marks_in(nested, f"{path}.{index}.{nested_key(block)}")
        if block.get("cache_control") is not None:
            yield f"{path}.{index}", _lifetime(block["cache_control"])


def _target(request: dict[str, Json]) -> tuple[str, Json] | None:
    """Return the last block of the prompt that automatic caching can mark, with its path."""
    places = [(f"messages.{i}.content", m["content"]) for i, m in enumerate(request["messages"])]
    for path, blocks in [
        *reversed(places),
        ("system", request.get("system")),
        ("tools", request.get("tools")),
    ]:
        if isinstance(blocks, str):
            if blocks:
                return path, {}
            continue
        for index in reversed(range(len(blocks or []))):
            if is_markable(blocks[index]):
                return f"{path}.{index}", blocks[index]
    return None
