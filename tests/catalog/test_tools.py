"""Anthropic's tools in the catalog, against the types of the SDK that is installed."""

from importlib import import_module
from typing import Any, get_args, get_type_hints

import pytest
from anthropic.types import ToolUnionParam
from anthropic.types.beta import BetaToolUnionParam
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import (
    DEFAULT_MODEL,
    find_model,
    find_tool_kind,
    search_price,
    tool_kinds,
)

SDK_TYPES = [*get_args(ToolUnionParam), *get_args(BetaToolUnionParam)]


def literals(hint: Any) -> list[str]:
    """Return the words that a type hint allows, at any depth."""
    inside = get_args(hint)
    return [hint] if isinstance(hint, str) else [word for part in inside for word in literals(part)]


@pytest.mark.parametrize("tool", SDK_TYPES, ids=lambda tool: tool.__name__)
def test_a_tool_of_the_sdk_has_its_type_its_name_and_its_options(tool: Any) -> None:
    """So nothing that the SDK sends is refused, and nothing else is taken."""
    hints = get_type_hints(tool, include_extras=True)
    written = {key: str(hint) for key, hint in hints.items()}
    for name in literals(hints["type"]):
        kind = find_tool_kind(name)
        if name == "custom":
            assert kind is None
            continue
        assert kind is not None
        assert kind.name == (literals(hints["name"])[0] if "name" in hints else "")
        others = hints.keys() - {"type", "name", "cache_control"}
        assert kind.required | kind.options == others
        assert kind.required == {key for key in others if "Required[" in written[key]}


def test_the_catalog_knows_no_tool_that_the_sdk_does_not() -> None:
    """A type that is gone from it is to be looked up again."""
    hints = [get_type_hints(tool, include_extras=True)["type"] for tool in SDK_TYPES]
    assert set(tool_kinds()) == {word for hint in hints for word in literals(hint)} - {"custom"}


@pytest.mark.parametrize("toolset", ["computer", "browser"])
def test_a_toolset_has_the_members_of_the_sdk(toolset: str) -> None:
    """They are what its `configs` may name."""
    module = import_module(f"anthropic.types.{toolset}_toolset_configs_param")
    configs = getattr(module, f"{toolset.title()}ToolsetConfigsParam")
    kind = find_tool_kind(f"{toolset}_toolset_20260801")
    assert kind is not None
    assert sorted(kind.members) == sorted(configs.__annotations__)


@pytest.mark.parametrize("name", tool_kinds())
def test_a_tool_has_tokens_on_every_tokenizer_or_on_none(name: str) -> None:
    """Newer tokenizers have more of them; what is known is told as it stands."""
    kind = tool_kinds()[name]
    counts = [kind.tokens_for(tokenizer) for tokenizer in ("v3", "v4.7", "v4.8")]
    if not kind.tokens:
        assert counts == [None, None, None]
        return
    oldest, *newer = counts
    assert all(count is not None and oldest is not None and count > oldest for count in newer)
    assert all(kind.tokens_for(each) == count for each, count in kind.tokens.items())
    assert sum(map(kind.tokens_of, kind.members)) <= max(kind.tokens.values()) + len(kind.members)


@given(searches=st.integers(0, 50), fetches=st.integers(0, 50), batch=st.booleans())
@settings(max_examples=20, deadline=None)
def test_a_search_is_paid_whatever_its_tokens_cost(
    searches: int, fetches: int, *, batch: bool
) -> None:
    """A fetch is not; no factor of a batch or of a place multiplies it."""
    card = find_model(DEFAULT_MODEL)
    usage = {
        "input_tokens": 1_000,
        "output_tokens": 100,
        "service_tier": "batch" if batch else "standard",
        "inference_geo": "us",
    }
    used = {"web_search_requests": searches, "web_fetch_requests": fetches}
    more = card.cost_of({**usage, "server_tool_use": used}) - card.cost_of(usage)
    assert more == searches * search_price() > -1
