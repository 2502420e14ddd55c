"""Anthropic's own tools: what a request may say of them, and who runs them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Runs = Literal["client", "server"]

_OLDEST = "v3"
# Anthropic's page on prices, September 2026: about so many tokens of the newer tokenizers for one.
_NEWER_SHARE = 1.3


@dataclass(frozen=True)
class ToolKind:
    """Hold what is known of one type of tool.

    name: the one name that it may have; "" for a toolset, which has none. runs: who runs it.
    beta: how a value of the header `anthropic-beta` begins that it needs; "" where it needs none.
    required, options: the keys beside `type`, `name` and `cache_control` that it must and may have.
    members: the tools of a toolset.
    tokens: what its hidden definition adds to a prompt, by tokenizer, where that is known of one.
    member_tokens: what of it is a member's, by its name, where that is known.
    """

    type: str
    name: str
    runs: Runs
    beta: str
    required: frozenset[str]
    options: frozenset[str]
    members: tuple[str, ...]
    tokens: Mapping[str, int] = field(default_factory=dict)
    member_tokens: Mapping[str, int] = field(default_factory=dict)

    def tokens_for(self, tokenizer: str) -> int | None:
        """Return what the tool's hidden definition adds to a prompt; None where nobody knows.

        What is known of one generation of tokenizers alone is reckoned for the other.
        """
        if tokenizer in self.tokens or not self.tokens:
            return self.tokens.get(tokenizer)
        newer = next((count for name, count in self.tokens.items() if name != _OLDEST), None)
        if tokenizer == _OLDEST:
            return None if newer is None else round(newer / _NEWER_SHARE)
        return newer or round(self.tokens[_OLDEST] * _NEWER_SHARE)

    def tokens_of(self, member: str) -> int:
        """Return about what of these tokens is one member's, on any tokenizer."""
        if member in self.member_tokens:
            return self.member_tokens[member]
        whole = next(iter(self.tokens.values()), 0) - sum(self.member_tokens.values())
        return round(whole / max(1, len(self.members) - len(self.member_tokens)))


def find_tool_kind(name: object) -> ToolKind | None:
    """Return what is known of a tool's type; None for a custom tool, and for an unknown type."""
    return _tool_kinds().get(name) if isinstance(name, str) else None


def tool_kinds() -> Mapping[str, ToolKind]:
    """Return every known type of tool, by its name."""
    return _tool_kinds()


@cache
def _tool_kinds() -> Mapping[str, ToolKind]:
    return {
        kind: ToolKind(
            type=kind,
            name=row.get("name", ""),
            runs=row["runs"],
            beta=row.get("beta", ""),
            required=frozenset(row.get("required", ())),
            options=frozenset(row["options"]),
            members=tuple(row.get("members", ())),
            tokens=row.get("tokens", {}),
            member_tokens=row.get("member_tokens", {}),
        )
        for row in _rows()["tools"]
        for kind in row["types"]
    }


def search_price() -> Decimal:
    """Return what one web search costs, in USD, beside its tokens."""
    return Decimal(_rows()["prices"]["web_search_per_1000"]) / 1000


@cache
def _rows() -> Mapping[str, Any]:
    content = files("grader.catalog").joinpath("tools.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)
