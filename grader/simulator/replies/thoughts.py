"""Say when a model thinks before it answers, and how much; and how effort shows in its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from grader.catalog import ModelCard
from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks
from grader.simulator.wire import Json


def is_forced(request: Json) -> bool:
    """Say whether a request makes the model call a tool."""
    return (request.get("tool_choice") or {}).get("type") in ("any", "tool")


def thinks(request: Json, card: ModelCard) -> bool:
    """Say whether a model thinks before it answers a request."""
    kind = (request.get("thinking") or {}).get("type")
    # Recorded of claude-sonnet-5: a forced call comes without a thought.
    if kind == "disabled" or is_forced(request):
        return False
    if kind == "between_tools":
        # What it writes between its calls comes back as thinking; it doesn't think before them.
        return goes_on(request["messages"][-1])
    if kind == "enabled" and _left_out_thinking(request["messages"]):
        return False
    return kind is not None or card.rules.thinking_default != "off"


_SPENT = {"low": 8, "medium": 16, "high": 24, "xhigh": 72, "max": 240}


def thought_size(request: Json, card: ModelCard) -> int:
    """Return the tokens that a thought costs, more with more effort; the numbers are made up."""
    thinking = request.get("thinking") or {}
    size = _SPENT[effort_of(request, card)]
    return min(size, thinking["budget_tokens"]) if "budget_tokens" in thinking else size


def effort_of(request: Json, card: ModelCard) -> str:
    """Return the effort of an answer: a system message sets it from the next user turn on."""
    config = request.get("output_config") or {}
    effort = config.get("effort") or card.rules.default_effort
    messages = request["messages"]
    asked = [place for place, message in enumerate(messages) if message["role"] == "user"]
    for message in messages[: asked[-1]] if asked else ():
        effort = (message.get("output_config") or {}).get("effort") or effort
    return str(effort)


_RANKS = tuple(_SPENT)
_SENTENCE = re.compile(r"(?<=[.!?…])\s")
_MORE = (
    "With more effort a model also says how it came to this, and what it left out.",
    "It would weigh other ways to see it, and say which of them it trusts the least.",
    "And it would check the result once more, step by step, before it gave it to you.",
)


def at_effort(
    words: str, request: Json, card: ModelCard, *, more: Callable[[], Sequence[str]] = tuple
) -> str:
    """Return an answer in words at the effort of a request: shorter with less, longer with more.

    At the model's default the words stay as they are. How much effort changes is made up.
    more: gives the sentences that the answer gains; without any it gains some that fit all.
    """
    if not card.rules.effort_levels:
        return words
    steps = _RANKS.index(effort_of(request, card)) - _RANKS.index(card.rules.default_effort)
    if steps == 0:
        return words
    if steps > 0:
        return " ".join((words, *(more() or _MORE)[:steps]))
    sentences = _SENTENCE.split(words)
    if len(sentences) < 2 or "```" in words:
        return words
    kept = max(1, len(sentences) * (len(_RANKS) + 2 * steps) // (len(_RANKS) + 2))
    return " ".join(sentences[:kept])


def goes_on(message: Json) -> bool:
    """Return whether a message brings results of tools, so that a turn goes on."""
    return any(part_of(block) == "result" for block in as_blocks(message["content"]))


def _left_out_thinking(messages: list[Json]) -> bool:
    """Return whether a tool loop goes on whose first answer doesn't begin with its thinking.

    Documented: it is no error, and the model goes on without thinking.
    """
    first = None
    for message in reversed(messages):
        parts = [part_of(block) for block in as_blocks(message["content"])]
        if message["role"] == "assistant":
            first = parts
        elif message["role"] == "user" and "result" not in parts:
            break
    return first is not None and messages[-1]["role"] == "user" and first[:1] != ["thought"]
