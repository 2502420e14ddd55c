"""Count the tokens of a reply."""

from __future__ import annotations

from collections.abc import Iterable

from grader.catalog import ModelCard
from grader.simulator.tokens.blocks import arguments_tokens, call_tokens, thought_tokens
from grader.simulator.tokens.exact import Counter
from grader.simulator.tokens.frame import JOIN, frame_of
from grader.simulator.tokens.text import Meter, text_tokens
from grader.simulator.wire import Json


def output_tokens(
    content: Iterable[Json],
    card: ModelCard,
    *,
    tool_choice: Json = None,
    counter: Counter = text_tokens,
) -> int:
    """Return the output tokens of a reply's content blocks, the end of the turn included.

    tool_choice: that of the request: a call that was forced costs less. counter: counts the texts.
    """
    measure = Meter(card.tokenizer, counter)
    frame = frame_of(card)
    choice = (tool_choice or {}).get("type", "auto")
    blocks = list(content)
    texts = [block for block in blocks if block["type"] == "text"]
    calls = [block for block in blocks if block["type"] == "tool_use"]
    thoughts = [block for block in blocks if block["type"] == "thinking"]
    total = sum(measure(block["text"]) for block in texts)
    total += sum(thought_tokens(block, measure) + frame.thought for block in thoughts)
    if not calls:
        return total + frame.end
    # Forced calls go on from what the prompt ends with: the opening, and with one tool its name.
    total += 0 if choice in ("any", "tool") else frame.calls + (JOIN if texts else 0)
    each = arguments_tokens if choice == "tool" else call_tokens
    return total + sum(each(block, measure) + frame.call for block in calls)


def thinking_tokens(
    content: Iterable[Json], card: ModelCard, *, counter: Counter = text_tokens
) -> int:
    """Return the output tokens spent on thinking; an empty (omitted) block still cost some."""
    measure = Meter(card.tokenizer, counter)
    return sum(thought_tokens(block, measure) for block in content if block["type"] == "thinking")
