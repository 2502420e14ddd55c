"""Mistakes that several exercises of this lesson recognise: OpenAI's habits on Claude's blocks."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.tool_use.lesson import ASK, RESULT


def openai_reply() -> Diagnosis:
    """Return the mistake of looking for calls where OpenAI has them."""
    return Diagnosis(
        "openai-reply",
        title="A reply has no `tool_calls` and no `choices`.",
        saw="Python says: `{observed}`",
        why="Here a call is a block of its own in `content`, beside text and thinking.",
        next="Go through `message.content`, and look at the `type` of each block.",
        where=ASK,
        hints=(
            "Where does this API put everything that a reply holds?",
            "Look at the JSON under “Claude asks”: in which list is the call?",
            "`message.content` is that list; the calls have a type of their own.",
        ),
        crash=r"^AttributeError: '\w*Message' object has no attribute '(choices|tool_calls)'",
    )


def function_in_block() -> Diagnosis:
    """Return the mistake of looking into a call as OpenAI wraps it."""
    return Diagnosis(
        "function-in-block",
        title="A call has no `function` inside, and no `arguments`.",
        saw="Python says: `{observed}`",
        why="A `tool_use` block says it flatly: `id`, `name` and `input`.",
        next="Read `block.name` and `block.input`.",
        where=ASK,
        crash=r"^AttributeError: 'ToolUseBlock' object has no attribute "
        r"'(function|arguments)'",
    )


def call_id() -> Diagnosis:
    """Return the mistake of looking for a call's id under a result's name for it."""
    return Diagnosis(
        "call-id",
        title="A call's own id is called `id`.",
        saw="Python says: `{observed}`",
        why="The call has an id; the result repeats it under `tool_use_id`.",
        next="Read `block.id`.",
        where=RESULT,
        crash=r"^AttributeError: 'ToolUseBlock' object has no attribute "
        r"'(call_id|tool_call_id|tool_use_id)'",
    )


def input_parsed() -> Diagnosis:
    """Return the mistake of parsing an input that is a dict already."""
    return Diagnosis(
        "input-parsed",
        title="The input is a dict already: there is nothing to parse.",
        saw="Python says: `{observed}`",
        why="OpenAI sends arguments as a JSON string; `block.input` has been read for you.",
        next="Leave `json.loads` out, and use `block.input` as it is.",
        where=ASK,
        hints=(
            "What type does `block.input` have?",
            "The cell under “Claude asks” that prints the type of both shows it.",
            "`block.input` in the place of `json.loads(…)`",
        ),
        crash=r"^TypeError: the JSON object must be str, bytes or bytearray, not dict",
    )


def block_as_dict() -> Diagnosis:
    """Return the mistake of treating a block of a reply as a dict."""
    return Diagnosis(
        "block-as-dict",
        title="A block of a reply is an object, not a dict.",
        saw="Python says: `{observed}`",
        why="The SDK turns the JSON of a reply into objects with attributes.",
        next='Use a dot: `block.id`, not `block["id"]`.',
        where=ASK,
        crash=r"^\w+: '(Message|\w+Block)' object "
        r"(is not subscriptable|has no attribute '(get|items|keys)')",
    )


def every_block() -> Diagnosis:
    """Return the mistake of reading every block as a call."""
    return Diagnosis(
        "every-block",
        title="Your code reads every block as a call.",
        saw="Python says: `{observed}`",
        why="A reply that asks for tools may hold text and thinking as well.",
        next='Choose the blocks whose `type` is `"tool_use"` first.',
        where=ASK,
        hints=(
            "Which kinds of block can stand before a call?",
            "Look at the block types that “Claude asks” prints for the second model.",
            '`if block.type == "tool_use": …`',
        ),
        crash=r"^AttributeError: '(Text|Thinking)Block' object has no attribute "
        r"'(id|name|input)'",
    )
