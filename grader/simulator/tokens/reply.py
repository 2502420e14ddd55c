"""Count the tokens of a reply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from grader.catalog import ModelCard
from grader.errors import UnknownBlock
from grader.simulator.blocks import Told, kind_of, part_of
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
    # Forced calls go on from what the prompt ends with: the opening, and with one tool its name.
    opening = 0 if choice in ("any", "tool") else frame.calls
    each = arguments_tokens if choice == "tool" else call_tokens
    has_text = has_call = False
    total = 0
    for block in content:
        counted = _counted(block)
        match counted:
            case "text":
                total += measure(block["text"])
                has_text = True
            case "thought":
                total += thought_tokens(block, measure) + frame.thought
            case "call":
                total += each(block, measure) + frame.call
                has_call = True
            case "server_call":
                # Each opens anew, within 2 on ten recorded replies of the older tokenizer.
                join = JOIN if has_text else 0
                total += call_tokens(block, measure) + frame.calls + frame.call + join
            case "none":
                pass
            case _:
                assert_never(counted)
    if not has_call:
        return total + frame.end
    return total + opening + (JOIN if has_text and opening else 0)


def _counted(block: Json) -> Told:
    kind = kind_of(block)
    if kind.tokens_out is None:
        raise UnknownBlock(f"No reply has a block of the kind {kind.name!r}: {block!r}.")
    return kind.tokens_out


def thinking_tokens(
    content: Iterable[Json], card: ModelCard, *, counter: Counter = text_tokens
) -> int:
    """Return the output tokens spent on thinking; an empty (omitted) block still cost some."""
    measure = Meter(card.tokenizer, counter)
    return sum(thought_tokens(block, measure) for block in content if part_of(block) == "thought")
