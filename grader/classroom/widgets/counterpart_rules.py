"""What Rosetta compares: the requests, and the rule for each of their parts and their replies'.

The rules follow the types of the OpenAI SDK 3.54 and the Anthropic SDK 2.12.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.catalog import DEFAULT_MODEL

Json = Any

REPEATED = frozenset(
    {
        "background",
        "billing",
        "frequency_penalty",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "metadata",
        "moderation",
        "parallel_tool_calls",
        "presence_penalty",
        "previous_response_id",
        "prompt_cache_key",
        "prompt_cache_retention",
        "reasoning",
        "safety_identifier",
        "store",
        "temperature",
        "text",
        "tool_choice",
        "tool_usage",
        "tools",
        "top_logprobs",
        "top_p",
        "truncation",
        "user",
    }
)
"""Fields of a reply of Responses that repeat the request and its defaults."""


@dataclass(frozen=True)
class Row:
    """Hold what belongs together in the three APIs, and the rule in words.

    paths: for Chat Completions, Responses and Messages the dotted paths into the JSON, several of
    them with spaces between, "" for no counterpart.
    """

    paths: tuple[str, str, str]
    words: str


@dataclass(frozen=True)
class Example:
    """Hold a request in the form of each API, and the rows about it and about its reply."""

    title: str
    replied: str
    requests: tuple[Json, Json, Json]
    request_rows: tuple[Row, ...]
    reply_rows: tuple[Row, ...]


_QUESTION = "What is the capital of France?"
_WEATHER = "What is the weather in Paris?"
_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}
_TOOL = {"name": "get_weather", "description": "Say how the weather is in a city."}


def _asked(question: str) -> Json:
    return {"role": "user", "content": question}


_REQUESTS = (
    {
        "model": DEFAULT_MODEL,
        "max_completion_tokens": 300,
        "messages": [{"role": "system", "content": "Answer in one word."}, _asked(_QUESTION)],
        "reasoning_effort": "low",
        "stop": "END",
        "user": "user_417",
        "temperature": 0.2,
        "n": 1,
        "store": False,
    },
    {
        "model": DEFAULT_MODEL,
        "max_output_tokens": 300,
        "instructions": "Answer in one word.",
        "input": _QUESTION,
        "reasoning": {"effort": "low"},
        "safety_identifier": "user_417",
        "temperature": 0.2,
        "store": False,
    },
    {
        "model": DEFAULT_MODEL,
        "max_tokens": 300,
        "system": "Answer in one word.",
        "messages": [_asked(_QUESTION)],
        "output_config": {"effort": "low"},
        "stop_sequences": ["END"],
        "metadata": {"user_id": "user_417"},
    },
)
_TOOL_REQUESTS = (
    {
        "model": DEFAULT_MODEL,
        "max_completion_tokens": 300,
        "messages": [_asked(_WEATHER)],
        "tools": [{"type": "function", "function": {**_TOOL, "parameters": _SCHEMA}}],
        "tool_choice": "required",
        "parallel_tool_calls": False,
    },
    {
        "model": DEFAULT_MODEL,
        "max_output_tokens": 300,
        "input": _WEATHER,
        "tools": [{"type": "function", **_TOOL, "parameters": _SCHEMA}],
        "tool_choice": "required",
        "parallel_tool_calls": False,
    },
    {
        "model": DEFAULT_MODEL,
        "max_tokens": 300,
        "messages": [_asked(_WEATHER)],
        "tools": [{**_TOOL, "input_schema": _SCHEMA}],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
    },
)

_MODEL = Row(("model", "model", "model"), "The same name, with one of Claude's models.")
_LIMIT = Row(
    ("max_completion_tokens", "max_output_tokens", "max_tokens"),
    "Renamed, and required: you say how long a reply may be, every time. Thinking counts too.",
)
_REQUEST_ROWS = (
    _MODEL,
    _LIMIT,
    Row(
        ("messages.0", "instructions", "system"),
        "Instructions aren't a message here: they have their own parameter.",
    ),
    Row(
        ("messages.1", "input", "messages.0"),
        "A message with a role. Its content is a string, or a list of typed blocks.",
    ),
    Row(
        ("reasoning_effort", "reasoning.effort", "output_config.effort"),
        "Moved. It sets how much the model writes in all: text, tool calls and thinking.",
    ),
    Row(("stop", "", "stop_sequences"), "Renamed, and always a list. Responses has none."),
    Row(
        ("user", "safety_identifier", "metadata.user_id"),
        "Renamed, and one level down. OpenAI replaces user by safety_identifier in both APIs.",
    ),
    Row(
        ("temperature", "temperature", ""),
        "Removed, as top_p is. Ask for what you want in the prompt.",
    ),
    Row(
        ("n", "", ""),
        "Removed, as in Responses: there is always one reply. Send the request again for another.",
    ),
    Row(
        ("store", "store", ""),
        "Removed: the API keeps nothing for you to go on from, so you send all of it every time.",
    ),
)
_TOOL_REQUEST_ROWS = (
    _MODEL,
    _LIMIT,
    Row(("messages.0", "input", "messages.0"), "The same question, as a message."),
    Row(("tools.0.type", "tools.0.type", ""), "Not needed: your tools are functions."),
    Row(
        ("tools.0.function", "tools.0", "tools.0"),
        "Flat, as in Responses. Chat Completions wraps it once more: name and description move up.",
    ),
    Row(
        ("tools.0.function.parameters", "tools.0.parameters", "tools.0.input_schema"),
        "Renamed. The JSON Schema in it stays.",
    ),
    Row(
        ("tool_choice", "tool_choice", "tool_choice.type"),
        'A word becomes an object: "required" is called any, "auto" and "none" keep their names.',
    ),
    Row(
        (
            "parallel_tool_calls",
            "parallel_tool_calls",
            "tool_choice.disable_parallel_tool_use",
        ),
        "Moved into tool_choice, and turned round: true means one call at a time.",
    ),
)

_CHOICES = Row(
    ("choices choices.0.index choices.0.logprobs", "", ""),
    "Without n there is always one reply, so there is no list of them: the reply is the message.",
)
_ENVELOPE_ROWS = (
    Row(("id", "id", "id"), "The same idea: the name of this reply. Log it."),
    Row(("object", "object", "type"), "Renamed: what kind of object this is."),
    Row(("created", "created_at completed_at", ""), "Not there: note the time yourself."),
    _MODEL,
)
_USAGE_ROWS = (
    Row(
        ("usage.prompt_tokens", "usage.input_tokens", "usage.input_tokens"),
        "The name that Responses has, but counted without cached tokens.",
    ),
    Row(
        ("usage.completion_tokens", "usage.output_tokens", "usage.output_tokens"),
        "The name that Responses has. Thinking is part of it.",
    ),
    Row(
        ("usage.total_tokens", "usage.total_tokens", ""),
        "Not there: input and output have different prices.",
    ),
    Row(
        (
            "",
            "usage.input_tokens_details",
            "usage.cache_creation_input_tokens usage.cache_read_input_tokens usage.cache_creation",
        ),
        "Cached input is counted separately. OpenAI includes it, and says how much it was.",
    ),
    Row(
        ("", "usage.output_tokens_details", ""),
        "How much of the output was thinking. Newer models have output_tokens_details here too.",
    ),
    Row(("", "", "stop_sequence"), "Which of your stop sequences came up."),
    Row(("", "error", "stop_details"), "What went wrong there; why a reply was refused here."),
    Row(
        ("", "service_tier", "usage.service_tier usage.inference_geo"),
        "How and where the request ran.",
    ),
    Row(
        ("", "", "container diagnostics"),
        "For code that runs on the server, and for caching. Empty unless you ask for it.",
    ),
)
_REPLY_ROWS = (
    *_ENVELOPE_ROWS,
    _CHOICES,
    Row(("choices.0.message.role", "output.1.role", "role"), "The same, at the top of the reply."),
    Row(
        ("choices.0.message.content", "output output.1.content", "content"),
        "A list of typed blocks, as output is one of items. Choose by type: the first need not be "
        "text.",
    ),
    Row(
        ("", "output.0", ""),
        "A model that thinks puts a thinking block into content, in front of the text. This one "
        "thinks only if the request has thinking.",
    ),
    Row(
        ("choices.0.finish_reason", "status incomplete_details", "stop_reason"),
        '"stop" is called end_turn, or stop_sequence when one of yours came up.',
    ),
    *_USAGE_ROWS,
)
_CALL = "choices.0.message.tool_calls"
_TOOL_REPLY_ROWS = (
    *_ENVELOPE_ROWS,
    _CHOICES,
    Row(("choices.0.message.role", "", "role"), "The same, at the top of the reply."),
    Row(
        ("choices.0.message.content", "", ""),
        "Without text there is no block, not a null. A text block may come before the calls.",
    ),
    Row(
        (_CALL, "output", "content"),
        "A call is one of the blocks, so that the order of texts and calls is kept.",
    ),
    Row(
        (f"{_CALL}.0.id", "output.0.call_id", "content.0.id"),
        "Your result has to name it, as tool_call_id, as call_id, and here as tool_use_id.",
    ),
    Row(
        (f"{_CALL}.0.type", "output.0.type", "content.0.type"),
        '"function" and "function_call" are called tool_use.',
    ),
    Row((f"{_CALL}.0.function.name", "output.0.name", "content.0.name"), "The same, in the block."),
    Row(
        (f"{_CALL}.0.function.arguments", "output.0.arguments", "content.0.input"),
        "A string of JSON becomes a dict: no json.loads.",
    ),
    Row(
        ("", "", "content.0.caller"),
        "Who asks: the model itself, or code that it runs on the server.",
    ),
    Row(
        ("choices.0.finish_reason", "status incomplete_details", "stop_reason"),
        '"tool_calls" is called tool_use. Responses says only "completed": look at its output.',
    ),
    *_USAGE_ROWS,
)

EXAMPLES = (
    Example("Request", "Reply", _REQUESTS, _REQUEST_ROWS, _REPLY_ROWS),
    Example(
        "Request with a tool",
        "Reply with a call",
        _TOOL_REQUESTS,
        _TOOL_REQUEST_ROWS,
        _TOOL_REPLY_ROWS,
    ),
)
"""A question, and a question with a tool."""
