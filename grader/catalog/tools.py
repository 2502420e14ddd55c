"""Anthropic's own tools: what a request may say of them, and who runs them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Runs = Literal["client", "server"]


@dataclass(frozen=True)
class ToolKind:
    """Hold what is known of one type of tool.

    name: the one name that it may have; "" for a toolset, which has none. runs: who runs it.
    beta: how a value of the header `anthropic-beta` begins that it needs; "" where it needs none.
    required, options: the keys beside `type`, `name` and `cache_control` that it must and may have.
    members: the tools of a toolset.
    """

    type: str
    name: str
    runs: Runs
    beta: str
    required: frozenset[str]
    options: frozenset[str]
    members: tuple[str, ...]


def find_tool_kind(name: object) -> ToolKind | None:
    """Return what is known of a tool's type; None for a custom tool, and for an unknown type."""
    return _tool_kinds().get(name) if isinstance(name, str) else None


def tool_kinds() -> Mapping[str, ToolKind]:
    """Return every known type of tool, by its name."""
    return _tool_kinds()


@cache
def _tool_kinds() -> Mapping[str, ToolKind]:
    content = files("grader.catalog").joinpath("tools.toml").read_text(encoding="utf-8")
    return {
        kind: ToolKind(
            type=kind,
            name=row.get("name", ""),
            runs=row["runs"],
            beta=row.get("beta", ""),
            required=frozenset(row.get("required", ())),
            options=frozenset(row["options"]),
            members=tuple(row.get("members", ())),
        )
        for row in tomllib.loads(content)["tools"]
        for kind in row["types"]
    }
