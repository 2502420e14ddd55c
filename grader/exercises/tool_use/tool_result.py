"""What a tool returned, as the block that answers its call."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, SdkObject, exercise
from grader.exercises.readings import content_text, is_same
from grader.exercises.tool_use.lesson import NAME, RESULT
from grader.exercises.tool_use.mistakes import block_as_dict, call_id, function_in_block

Json = Any


@exercise(
    lesson=NAME,
    minutes=5,
    criteria=[
        Criterion("type", "the block is a `tool_result` that the API accepts"),
        Criterion("id", "it answers the right call"),
        Criterion("text", "a str is passed on as it is"),
        Criterion("json", "any other value is passed on as JSON"),
        Criterion("error", "failures are marked, and nothing else is"),
    ],
    mistakes=[
        function_in_block(),
        call_id(),
        block_as_dict(),
        Diagnosis(
            "role-tool",
            title="That is OpenAI's message, not a block.",
            saw="Your function returned `{observed}`.",
            why='The API knows the roles "user" and "assistant"; a message from `tool` is a 400.',
            next="Return the block alone: its type is `tool_result`, and it has no role.",
            where=RESULT,
            hints=(
                "Two parties take turns here. Which of them sends a result?",
                "Compare the last message of the two histories under “Send the result back”.",
                '`{"type": "tool_result", "tool_use_id": …, "content": …}`',
            ),
        ),
        Diagnosis(
            "whole-message",
            title="The block came wrapped in a message.",
            saw="Your function returned `{observed}`.",
            why="Several results share one user message, so whoever sends them does the wrapping.",
            next="Return what stands inside `content`: the one `tool_result` block.",
            where=RESULT,
        ),
        Diagnosis(
            "not-a-dict",
            title="The function should return one block, as a dict.",
            saw="It returned `{observed}`.",
            why="The caller puts the block into the list of results that goes back.",
            next='Return `{"type": "tool_result", …}`.',
            where=RESULT,
        ),
        Diagnosis(
            "other-type",
            title="The block does not say that it is a result.",
            saw="Its `type` is `{observed}`.",
            why="The API reads a block by its type; one it does not expect here is a 400.",
            next='Write `"type": "tool_result"`.',
            where=RESULT,
        ),
        Diagnosis(
            "tool-call-id",
            title="Your block answers nobody.",
            saw="It has the keys `{observed}`, and the API looks for `tool_use_id`.",
            why="Every `tool_use` must be answered by the block that carries its id: else a 400.",
            next="Put the id of the call under `tool_use_id`.",
            where=RESULT,
            hints=(
                "A result without its question: how would you match them if there were two?",
                "Compare the ids in the two histories above: which key holds them?",
                '`"tool_use_id": block.id`',
            ),
        ),
        Diagnosis(
            "other-id",
            title="The result answers another call than the one it was made for.",
            saw="Its `tool_use_id` is `{observed}`.",
            why="The API refuses an id that Claude has not asked with: 400.",
            next="Take the id from the block that you were given: `block.id`.",
            where=RESULT,
        ),
        Diagnosis(
            "not-text",
            title="The content is neither text nor a list of blocks.",
            saw="Its `content` is `{observed}`.",
            why="A tool may return anything, but the API takes only these two forms: else a 400.",
            next="Turn every value that is no str into JSON text with `json.dumps`.",
            where=RESULT,
            hints=(
                "In which form can a dict travel inside a text?",
                "Look at the `content` of the result under “Send the result back”.",
                "`value if isinstance(value, str) else json.dumps(…)`",
            ),
        ),
        Diagnosis(
            "python-repr",
            title="The value is written in Python's words, not in JSON.",
            saw="Its `content` is `{observed}`.",
            why="`True`, `None` and single quotes are Python's own; JSON is what everyone reads.",
            next="Use `json.dumps` in the place of `str` or `repr`.",
            where=RESULT,
        ),
        Diagnosis(
            "text-quoted",
            title="A text got a second pair of quotes.",
            saw="For a str the `content` is `{observed}`.",
            why="JSON puts quotes around a text and a backslash before each inner one; "
            "Claude would read them as part of the result.",
            next="Pass a str on as it is, and use `json.dumps` for everything else.",
            where=RESULT,
            hints=(
                "Which values need no translation into text?",
                "The docstring says what happens to a str, and what to anything else.",
                "`isinstance(value, str)` decides between the two.",
            ),
        ),
        Diagnosis(
            "content-lost",
            title="The content is not what the tool returned.",
            saw="Its `content` is `{observed}`.",
            why="Claude knows of your tool only what you send back.",
            next="Put `value` into `content`: as it is, or as JSON.",
            where=RESULT,
        ),
        Diagnosis(
            "error-unmarked",
            title="The failure is not marked as one.",
            saw="With `is_error=True`, the block's `is_error` is `{observed}`.",
            why="Claude would take the words of a failure for a result, and build on them.",
            next="Add `is_error` to the block when the argument is true.",
            where=RESULT,
            hints=(
                "How does Claude tell a failure from a result?",
                "“Send the result back” names the one key that marks a failure.",
                '`result["is_error"] = True`, when the argument says so.',
            ),
        ),
        Diagnosis(
            "always-error",
            title="A result that is fine is marked as a failure.",
            saw="With nothing said about an error, the block's `is_error` is `{observed}`.",
            why="Claude would apologise, or try again, although all went well.",
            next="Mark the block only when the argument `is_error` is true.",
            where=RESULT,
        ),
        Diagnosis(
            "refused",
            title="The API refuses the block.",
            saw="It answers: `{observed}`",
            why="A key that the API does not know is a 400, the tool's `name` among them.",
            next="Keep `type`, `tool_use_id`, `content` and, for failures, `is_error`.",
            where=RESULT,
        ),
    ],
    hints=(
        "A result says three things: what it is, which call it answers, and what came out.",
        "“Send the result back” shows one, beside the message that OpenAI would take.",
        '`{"type": …, "tool_use_id": …, "content": …}`, and a fourth key for failures.',
    ),
)
def tool_result(exam: Exam) -> None:
    """Answer calls with a text, with other values, and with failures of both kinds."""
    said = f'{exam.words(2)} "{exam.words(1)}"'
    record = {exam.fresh("key"): exam.words(2), "active": exam.pick(True, False), "note": None}
    listed = [exam.number(2, 99), {"plan": exam.words(1)}]
    cases: tuple[tuple[Json, bool], ...] = (
        (said, False),
        (record, False),
        (listed, False),
        (f"no such {exam.words(1)}", True),
        ({"reason": exam.words(2), "retry": False}, True),
        (exam.words(3), False),
    )
    for value, is_error in cases:
        if not _answers(exam, value, is_error=is_error):
            return


def _answers(exam: Exam, value: Json, *, is_error: bool) -> bool:
    """Judge the answer to a new call, and return whether it is a result at all."""
    id = exam.fresh("toolu")
    call = {"type": "tool_use", "id": id, "name": exam.fresh("get"), "input": {"a": exam.words(1)}}
    words = "text" if isinstance(value, str) else "json"
    options: dict[str, Any] = {"is_error": True} if is_error else {}
    called = exam.call(
        SdkObject("ToolUseBlock", call), value, judges=(words, "error", "type"), **options
    )
    block = called.value.data if isinstance(called.value, SdkObject) else called.value
    if not _is_result(exam, block):
        return False
    keys = ", ".join(str(key) for key in block)
    has_id = "tool_use_id" in block
    wrong = exam.which({"tool-call-id": not has_id}, otherwise="other-id")
    observed = block["tool_use_id"] if has_id else keys
    exam.expect("id", block.get("tool_use_id") == id, wrong, observed)
    _passes_on(exam, block, value, words)
    mark = block.get("is_error")
    wrong = exam.which({"error-unmarked": is_error}, otherwise="always-error")
    exam.expect("error", mark is True if is_error else not mark, wrong, mark)
    _accepts(exam, call, block)
    return True


def _is_result(exam: Exam, block: Json) -> bool:
    is_dict = isinstance(block, dict)
    role = block.get("role") if is_dict else None
    wrong = exam.which(
        {
            "role-tool": role == "tool",
            "whole-message": role is not None,
            "not-a-dict": not is_dict,
        },
        otherwise="other-type",
    )
    observed = block.get("type") if wrong == "other-type" else block
    is_result = is_dict and role is None and block.get("type") == "tool_result"
    return exam.expect("type", is_result, wrong, observed)


def _passes_on(exam: Exam, block: dict[str, Json], value: Json, criterion: str) -> None:
    content = block.get("content", "")
    mine = content_text(content)
    if isinstance(value, str):
        is_right = mine == value
        wrong = exam.which(
            {
                "not-text": not isinstance(content, str | list | tuple),
                "text-quoted": _from_json(mine) == value,
            },
            otherwise="content-lost",
        )
    else:
        is_right = is_same(_from_json(mine), value)
        wrong = exam.which(
            {
                "not-text": not isinstance(content, str) and mine == "",
                "python-repr": mine in (str(value), repr(value)),
            },
            otherwise="content-lost",
        )
    exam.expect(criterion, is_right, wrong, content)


def _from_json(words: str) -> Json:
    """Return the value of a JSON text; of any other text, nothing that a tool returned."""
    with suppress(ValueError, RecursionError):
        return json.loads(words)
    return ...


def _accepts(exam: Exam, call: Json, block: Json) -> None:
    """Send the block as the answer to its call; what was judged before is made right first."""
    mended = {**block, "tool_use_id": call["id"], "content": "Fine."}
    mended.pop("tool_call_id", None)
    request = {
        "model": "claude-sonnet-4-6",
        "max_tokens": 100,
        "tools": [{"name": call["name"], "input_schema": {"type": "object"}}],
        "messages": [
            {"role": "user", "content": "Look it up."},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [mended]},
        ],
    }
    fault = exam.send(request)
    exam.expect("type", fault is None, "refused", fault or "")
