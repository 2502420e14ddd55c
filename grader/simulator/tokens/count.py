"""Count the tokens of a request block by block, with its frame and its tools."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from grader.catalog import ModelCard, find_tool_kind
from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks, is_directive, is_summary, references
from grader.simulator.tokens.blocks import as_json, message_tokens
from grader.simulator.tokens.documents import citing_tokens
from grader.simulator.tokens.frame import (
    CALL_BESIDE_SCHEMA,
    JOIN,
    LEADING_ANSWER,
    SCHEMA,
    TASK_BUDGET,
    THINKING,
    frame_of,
    system_frame,
)
from grader.simulator.tokens.text import Counter, Meter, text_tokens
from grader.simulator.wire import Json

# A larger schema is not written out line by line: 200 levels deep, a line is 400 blanks.
_LARGEST_SCHEMA = 20_000


@dataclass(frozen=True)
class PromptTokens:
    """Hold the tokens of a request block by block, in the order in which the prompt is built.

    tools: one count a tool; the hidden instructions that tools bring are in the first.
    system: one count a block. messages: for each message, one count a content block; a turn's
    frame is in its first block, and in the first of all is what depends on the choice of a tool,
    on thinking, on the output's schema and on citations.
    ending: what follows the last block, where the answer begins.
    """

    tools: tuple[int, ...]
    system: tuple[int, ...]
    messages: tuple[tuple[int, ...], ...]
    ending: int

    @cached_property
    def total(self) -> int:
        """Return the input tokens of the whole request."""
        return sum(self.tools) + sum(self.system) + sum(map(sum, self.messages)) + self.ending


def input_tokens(request: Json, card: ModelCard, *, counter: Counter = text_tokens) -> int:
    """Return the input tokens of a valid request body for one model; counter: counts the texts."""
    return count_prompt(request, card, counter=counter).total


def count_prompt(request: Json, card: ModelCard, *, counter: Counter = text_tokens) -> PromptTokens:
    """Return the input tokens of a valid request body for one model, block by block.

    counter: counts the texts.
    """
    measure = Meter(card.tokenizer, counter)
    frame = frame_of(card)
    tools = tools_tokens(request, card, measure)
    system = [measure(words) for words in _system_texts(request.get("system"))]
    if system:
        system[0] += system_frame(card, has_tools=bool(tools))
    waiting = frame.start + _settings(request, card, measure)
    messages: list[tuple[int, ...]] = []
    before = None
    current = _current_turn(request["messages"])
    has_thoughts = reads_thoughts(request)
    for place, message in enumerate(request["messages"]):
        if is_directive(message):
            messages.append(())
            continue
        if before is None and message["role"] == "assistant" and not _begins_with_summary(message):
            waiting += LEADING_ANSWER
        # A turn of the role before it is merged into it.
        waiting += JOIN if message["role"] == before else frame.turn
        before = message["role"]
        is_read = has_thoughts and (card.rules.keeps_thinking or place > current)
        counts = message_tokens(message["content"], measure, frame, card.rules, is_current=is_read)
        if counts:
            counts[0] += waiting
            waiting = 0
        messages.append(tuple(counts))
    return PromptTokens(
        tools=tuple(tools),
        system=tuple(system),
        messages=tuple(messages),
        ending=waiting + (0 if before == "assistant" else frame.turn),
    )


def _begins_with_summary(message: Json) -> bool:
    content = message["content"]
    return isinstance(content, list) and bool(content) and is_summary(content[0])


def reads_thoughts(request: Json) -> bool:
    """Return whether the model reads thinking that is sent back: not where it is turned off."""
    return (request.get("thinking") or {}).get("type") != "disabled"


def _system_texts(system: Json) -> list[str]:
    if not system:
        return []
    return [system] if isinstance(system, str) else [block["text"] for block in system]


def _settings(request: Json, card: ModelCard, measure: Meter) -> int:
    """Return what the choice of a tool, thinking and a schema for the output add to the prompt."""
    total = choice_tokens(request, card, measure) + citing_tokens(request)
    thinking = (request.get("thinking") or {}).get("type")
    if thinking == "enabled":
        total += THINKING
    # Where a tool is forced the model does not think, and is not told to.
    choice = (request.get("tool_choice") or {}).get("type")
    if thinking == "adaptive" and choice not in ("any", "tool"):
        total += card.adaptive_overhead
    config = request.get("output_config")
    if config and config.get("task_budget"):
        total += TASK_BUDGET
    output_format = config and config.get("format")
    if output_format:
        schema = as_json(output_format["schema"])
        if len(schema) <= _LARGEST_SCHEMA:
            schema = json.dumps(output_format["schema"], ensure_ascii=False, indent=2)
        is_alone = not request.get("system") and not request.get("tools") and thinking != "enabled"
        # It stands where a system prompt does: alone it begins one, else it is joined to what is
        # there (nine recordings; with thinking one).
        total += SCHEMA + measure(schema) + (card.system_overhead if is_alone else JOIN)
        total += CALL_BESIDE_SCHEMA * _calls(request["messages"])
    return total


def _calls(messages: Json) -> int:
    """Return how many calls of tools a conversation holds."""
    blocks = (block for message in messages for block in as_blocks(message["content"]))
    return sum(part_of(block) == "call" for block in blocks)


def _current_turn(messages: Json) -> int:
    """Return the place of the last message that a person wrote: results of tools go on from it."""
    for place in range(len(messages) - 1, -1, -1):
        content = messages[place]["content"]
        if messages[place]["role"] == "user" and (
            isinstance(content, str) or any(part_of(block) != "result" for block in content)
        ):
            return place
    return -1


_TOOL = 6
# A forced tool's name stands in the instructions.
_FORCED_NAME = 2


def tools_tokens(request: Json, card: ModelCard, measure: Meter) -> list[int]:
    """Return one number a tool; the hidden instructions that all tools bring are in the first.

    A deferred tool costs nothing until a search or a reference has found it.
    """
    tools = request.get("tools") or []
    found: set[str] = set()
    if any(tool.get("defer_loading") for tool in tools):
        found = {reference["tool_name"] for reference in references(request["messages"])}
    counts = [
        0
        if tool.get("defer_loading") and tool.get("name") not in found
        else _tool_tokens(tool, card, measure)
        for tool in tools
    ]
    if counts:
        counts[0] += card.hidden_tools.least
    return counts


def _tool_tokens(tool: Json, card: ModelCard, measure: Meter) -> int:
    kind = find_tool_kind(tool.get("type"))
    hidden = kind.tokens_for(card.tokenizer) if kind else None
    if kind is None or hidden is None:
        return measure(_definition(tool)) + _TOOL
    given = (tool.get("configs") or {}) if kind.members else {}
    off = [name for name, config in given.items() if (config or {}).get("enabled") is False]
    return hidden - sum(kind.tokens_of(name) for name in off if name in kind.members)


def choice_tokens(request: Json, card: ModelCard, measure: Meter) -> int:
    """Return the tokens of the instructions that depend on the choice of a tool.

    They stand behind the tools and the system prompt, whose cached prefix a choice leaves valid.
    """
    if not request.get("tools"):
        return 0
    overhead = card.hidden_tools
    auto, forced = overhead.auto, overhead.forced
    choice = request.get("tool_choice") or {}
    kind = choice.get("type", "auto")
    if kind == "tool":
        forced += measure(choice["name"]) + _FORCED_NAME
    elif kind == "auto" and choice.get("disable_parallel_tool_use"):
        auto = overhead.least
    return (forced if kind in ("any", "tool") else auto) - overhead.least


def _definition(tool: Json) -> str:
    # An empty description is left out. What runs on Anthropic's side may have no name.
    shape = {"description": tool["description"]} if tool.get("description") else {}
    shape |= {"name": tool.get("name", ""), "parameters": tool.get("input_schema", {})}
    return as_json(shape)
