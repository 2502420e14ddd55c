"""Say what each model costs, holds and accepts, with the date and source of every row.

The facts live in `models.toml` beside this file, and the betas in `betas.toml`; money is `Decimal`
throughout.

    card = find_model("claude-sonnet-4-6")
    card.price_for(2_000).cost(cache_read_tokens=2_000)    # Decimal("0.0006")
"""

from grader.catalog.betas import asks_for, find_beta
from grader.catalog.bill import Tokens, bill, break_even, first_below, read_usage
from grader.catalog.card import LONG_OUTPUT, ModelCard, ModelRules, ToolOverhead
from grader.catalog.catalog import (
    DEFAULT_MODEL,
    THINKING_MODEL,
    Catalog,
    active_models,
    find_model,
    find_retired,
    load_catalog,
    retirement,
)
from grader.catalog.openai_models import OpenAIModel, find_openai_model
from grader.catalog.price import BATCH_SHARE, Price, PriceBand
from grader.catalog.retired import RetiredModel
from grader.catalog.tools import ToolKind, find_tool_kind, search_price, tool_kinds

__all__ = [
    "BATCH_SHARE",
    "DEFAULT_MODEL",
    "LONG_OUTPUT",
    "THINKING_MODEL",
    "Catalog",
    "ModelCard",
    "ModelRules",
    "OpenAIModel",
    "Price",
    "PriceBand",
    "RetiredModel",
    "Tokens",
    "ToolKind",
    "ToolOverhead",
    "active_models",
    "asks_for",
    "bill",
    "break_even",
    "find_beta",
    "find_model",
    "find_openai_model",
    "find_retired",
    "find_tool_kind",
    "first_below",
    "load_catalog",
    "read_usage",
    "retirement",
    "search_price",
    "tool_kinds",
]
