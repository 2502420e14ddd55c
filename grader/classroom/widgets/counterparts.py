"""The same request and reply for two APIs: which part of one matches which of the other, and why.

The requests are written here; the simulator gives the replies. The rules follow the types of the
OpenAI SDK 3.54 and the Anthropic SDK 2.12.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.simulator import NEWEST_VERSION, Simulator

Json = Any
Path = tuple[str | int, ...]

_NOW = 1_795_000_000
"""The time of the replies, in seconds since 1970: the same each time."""


@dataclass(frozen=True)
class Rule:
    """Hold which parts of both sides belong together; letter: names it in both trees.

    openai, anthropic: paths into each side's JSON; none if that side has no counterpart.
    """

    letter: str
    openai: tuple[Path, ...]
    anthropic: tuple[Path, ...]
    words: str


@dataclass(frozen=True)
class Node:
    """Hold one line of a tree; value: its JSON, "" if it has parts.

    rule: the place of the rule that names it, None if a rule names what it is part of.
    """

    path: Path
    value: str
    rule: int | None

    @property
    def key(self) -> str:
        """Return the last step of the path, as a line shows it."""
        last = self.path[-1]
        return f"[{last}]" if isinstance(last, int) else last


@dataclass(frozen=True)
class Pair:
    """Hold one thing in both forms, each as the nodes of its tree, and the rules between them."""

    title: str
    openai: tuple[Node, ...]
    anthropic: tuple[Node, ...]
    rules: tuple[Rule, ...]


def make_pairs() -> tuple[Pair, ...]:
    """Return a question and a tool call: the requests, and their replies."""
    simulator = Simulator(seed=1, clock=lambda: _NOW)
    pairs = []
    for (title, replied), sides, rules, reply_rules in _EXAMPLES:
        openai, anthropic = sides
        pairs += [
            _pair(title, openai, anthropic, rules),
            _pair(
                replied,
                _sent(simulator, "/v1/chat/completions", openai),
                _sent(simulator, "/v1/messages", anthropic),
                reply_rules,
            ),
        ]
    return tuple(pairs)


def written(path: Path) -> str:
    """Return a path as Python writes it, such as choices[0].message."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def _sent(simulator: Simulator, path: str, body: Json) -> Json:
    headers = {"authorization": "Bearer simulated", "anthropic-version": NEWEST_VERSION}
    return simulator.handle("POST", path, headers, json.dumps(body).encode()).body


def _pair(
    title: str, openai: Json, anthropic: Json, rows: tuple[tuple[str, str, str], ...]
) -> Pair:
    rules = tuple(
        Rule(letter, _paths(left), _paths(right), words)
        for letter, (left, right, words) in zip(ascii_uppercase, rows, strict=False)
    )
    return Pair(
        title,
        _nodes(openai, [rule.openai for rule in rules]),
        _nodes(anthropic, [rule.anthropic for rule in rules]),
        rules,
    )


def _paths(words: str) -> tuple[Path, ...]:
    return tuple(
        tuple(int(step) if step.isdigit() else step for step in path.split("."))
        for path in words.split()
    )


def _nodes(value: Json, named: list[tuple[Path, ...]]) -> tuple[Node, ...]:
    rules = {path: number for number, paths in enumerate(named) for path in paths}
    return tuple(Node(path, text, rules.get(path)) for path, text in _walk(value, ()))


def _walk(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path and the JSON of each part, "" if it has parts."""
    parts = value if isinstance(value, dict) else dict(enumerate(value))
    for key, part in parts.items():
        here = (*path, key)
        if part and isinstance(part, dict | list):
            yield here, ""
            yield from _walk(part, here)
        else:
            yield here, json.dumps(part, ensure_ascii=False)


_QUESTION = {"role": "user", "content": "What is the capital of France?"}
_WEATHER = {"role": "user", "content": "What is the weather in Paris?"}
_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}
_TOOL = {"name": "get_weather", "description": "Say how the weather is in a city."}

_ASKED = (
    {
        "model": DEFAULT_MODEL,
        "max_completion_tokens": 300,
        "messages": [{"role": "system", "content": "Answer in one word."}, _QUESTION],
        "stop": "END",
        "user": "user_417",
        "temperature": 0.2,
        "n": 1,
    },
    {
        "model": DEFAULT_MODEL,
        "max_tokens": 300,
        "system": "Answer in one word.",
        "messages": [_QUESTION],
        "stop_sequences": ["END"],
        "metadata": {"user_id": "user_417"},
    },
)
_CALLED = (
    {
        "model": DEFAULT_MODEL,
        "max_completion_tokens": 300,
        "messages": [_WEATHER],
        "tools": [{"type": "function", "function": {**_TOOL, "parameters": _SCHEMA}}],
        "tool_choice": "required",
        "parallel_tool_calls": False,
    },
    {
        "model": DEFAULT_MODEL,
        "max_tokens": 300,
        "messages": [_WEATHER],
        "tools": [{**_TOOL, "input_schema": _SCHEMA}],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
    },
)

# Each row: where it is with OpenAI, where it is here (spaces separate several paths), why.
_LIMIT = (
    "max_completion_tokens",
    "max_tokens",
    "Renamed, and required: you say how long a reply may be, every time.",
)
_SAMEDEFAULT_MODEL = ("model", "model", "The same name, with one of Claude's models.")

_REQUEST_RULES = (
    _SAMEDEFAULT_MODEL,
    _LIMIT,
    (
        "messages.0",
        "system",
        "Instructions aren't a message here: they have their own parameter.",
    ),
    (
        "messages.1",
        "messages.0",
        "The same shape. The content is a string, or a list of typed blocks.",
    ),
    ("stop", "stop_sequences", "Renamed, and always a list."),
    ("user", "metadata.user_id", "Renamed, and one level down."),
    ("temperature", "", "Removed, as top_p is. Say in the prompt what you used it for."),
    ("n", "", "Removed: there is always one reply. Send the request again for another."),
)
_TOOL_REQUEST_RULES = (
    _SAMEDEFAULT_MODEL,
    _LIMIT,
    ("messages.0", "messages.0", "The same shape."),
    ("tools.0.type", "", "Not needed: your tools are functions."),
    (
        "tools.0.function",
        "tools.0",
        "The wrapper goes; name and description move up.",
    ),
    (
        "tools.0.function.parameters",
        "tools.0.input_schema",
        "Renamed. The JSON Schema in it stays.",
    ),
    (
        "tool_choice",
        "tool_choice.type",
        'A word becomes an object: "required" is called any, "auto" and "none" keep their names.',
    ),
    (
        "parallel_tool_calls",
        "tool_choice.disable_parallel_tool_use",
        "Moved into tool_choice, and turned round: true means one call at a time.",
    ),
)

_ENVELOPE_RULES = (
    ("id", "id", "The same idea: the name of this reply. Log it."),
    ("object", "type", "Renamed: what kind of object this is."),
    ("created", "", "Not there: note the time yourself."),
    _SAMEDEFAULT_MODEL,
    (
        "choices choices.0.index",
        "",
        "There is one reply, so there is no list of choices: the reply itself is the message.",
    ),
    ("choices.0.message.role", "role", "The same, one level up."),
)
_ENDING_RULES = (
    ("choices.0.logprobs", "", "Not there."),
    (
        "usage.prompt_tokens",
        "usage.input_tokens",
        "Renamed, and counted without cached tokens.",
    ),
    ("usage.completion_tokens", "usage.output_tokens", "Renamed."),
    (
        "usage.total_tokens",
        "",
        "Not there: input and output have different prices.",
    ),
    (
        "",
        "usage.cache_creation_input_tokens usage.cache_read_input_tokens usage.cache_creation",
        "Cached input is counted separately. OpenAI includes it, and says how much it was.",
    ),
    ("", "stop_sequence", 'Which of your stop sequences came up. OpenAI says "stop" only.'),
    ("", "stop_details", "Why a reply was refused."),
    ("", "usage.service_tier usage.inference_geo", "How and where the request ran."),
    (
        "",
        "container diagnostics",
        "For code that runs on the server, and for caching. Empty unless you ask for it.",
    ),
)
_REPLY_RULES = (
    *_ENVELOPE_RULES,
    (
        "choices.0.message.content",
        "content",
        "A string becomes a list of blocks. Choose them by type: the first need not be text.",
    ),
    (
        "choices.0.finish_reason",
        "stop_reason",
        '"stop" is called end_turn, or stop_sequence when one of yours came up.',
    ),
    *_ENDING_RULES,
)
_TOOL_REPLY_RULES = (
    *_ENVELOPE_RULES,
    (
        "choices.0.message.content",
        "",
        "Without text there is no block, not a null. A text block may come before the calls.",
    ),
    (
        "choices.0.message.tool_calls",
        "content",
        "A call is a block like any other, so that the order of texts and calls is kept.",
    ),
    (
        "choices.0.message.tool_calls.0.id",
        "content.0.id",
        "The same: your result has to name it, there as tool_call_id, here as tool_use_id.",
    ),
    ("choices.0.message.tool_calls.0.type", "content.0.type", '"function" is called tool_use.'),
    ("choices.0.message.tool_calls.0.function.name", "content.0.name", "The same, one level up."),
    (
        "choices.0.message.tool_calls.0.function.arguments",
        "content.0.input",
        "A string of JSON becomes a dict: no json.loads.",
    ),
    ("", "content.0.caller", "Who asks: the model itself, or code that it runs on the server."),
    ("choices.0.finish_reason", "stop_reason", '"tool_calls" is called tool_use.'),
    *_ENDING_RULES,
)

_EXAMPLES = (
    (("Request", "Reply"), _ASKED, _REQUEST_RULES, _REPLY_RULES),
    (("Request with a tool", "Reply with a call"), _CALLED, _TOOL_REQUEST_RULES, _TOOL_REPLY_RULES),
)
