"""Find the breakpoints of a request, and read it without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grader.exams import SdkObject

Json = Any


def marks(request: Json) -> list[str]:
    """Return where a request has `cache_control`, such as "system.0"; in the prompt's order.

    A breakpoint at the top level means automatic caching; its name is "cache_control".
    """
    return list(marked(request))


def marked(request: Json) -> dict[str, Json]:
    """Return the `cache_control` of each place that has one, as `marks` names it."""
    if not isinstance(request, dict):
        return {}
    found: dict[str, Json] = {}
    for key in ("tools", "system"):
        found.update(_marks_in(request.get(key), key))
    for place, message in enumerate(_listed(request.get("messages"))):
        found.update(_marks_in(message, f"messages.{place}"))
    if request.get("cache_control") is not None:
        found["cache_control"] = request["cache_control"]
    return found


def is_late(place: str) -> bool:
    """Return whether a breakpoint comes after the tools and the system prompt."""
    return place.startswith(("messages", "cache_control"))


def told(places: list[str]) -> str:
    """Return what a panel shows of breakpoints."""
    return ", ".join("the request" if place == "cache_control" else place for place in places)


def bare(value: Json) -> Json:
    """Return a request, or a part of one, without breakpoints and with contents as blocks."""
    if isinstance(value, SdkObject):
        return bare(value.data)
    if isinstance(value, list | tuple):
        return [bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: item for key, item in value.items() if key != "cache_control"}
    for key in ("system", "content"):
        if isinstance(kept.get(key), str):
            kept[key] = [{"type": "text", "text": kept[key]}]
    # A dumped SDK block has null where the API left a field out.
    return {key: bare(item) for key, item in kept.items() if item is not None}


def changed(given: Json, mine: Json) -> str:
    """Return the names of the parameters that differ by more than breakpoints; "" for none."""
    before, after = bare(given), bare(mine)
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return ", ".join(str(key) for key in keys)


def _marks_in(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, SdkObject):
        value = value.data
    if isinstance(value, dict):
        if value.get("cache_control") is not None:
            yield path, value["cache_control"]
        yield from _marks_in(value.get("content"), f"{path}.content")
    for place, item in enumerate(_listed(value)):
        yield from _marks_in(item, f"{path}.{place}")


def _listed(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else []
