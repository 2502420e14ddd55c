"""The input tokens of a request, counted before it is sent."""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Criterion, Diagnosis, Exam, Scene, SdkObject, exercise
from grader.exercises.readings import is_same, last_user_text
from grader.exercises.shared_mistakes import printed
from grader.exercises.tokens_and_cost.lesson import COUNTED, NAME
from grader.exercises.tokens_and_cost.mistakes import (
    ABSENT_PART,
    GUESSED,
    NULL_PART,
    PARTS_LOST,
    SENT_FOR_REAL,
    TOO_MUCH,
    mutated,
    other_model,
)
from grader.exercises.tokens_and_cost.prompts import (
    NEWER,
    PARTS,
    SETTINGS,
    counted_model,
    lost_parts,
    plain_request,
    tokens_of,
    touched,
    whole_request,
)
from grader.simulator import text

Json = Any

_OBJECT_RETURNED = Diagnosis(
    "object-returned",
    title="The whole answer came back, and not the number in it.",
    saw="Your function returned `{observed}`.",
    why="The caller wants to compare and to add numbers.",
    next="Return its `input_tokens`.",
    where=COUNTED,
)


@exercise(
    lesson=NAME,
    minutes=4,
    criteria=[
        Criterion("plain", "the tokens of a question, counted by the API"),
        Criterion("model", "counted for the model of the request"),
        Criterion("parts", "system prompt, tools and all turns are counted, the rest is left out"),
        Criterion("settings", "tool choice, thinking and a schema for the output are counted"),
        Criterion("value", "the caller's request is left as it was"),
    ],
    mistakes=[
        TOO_MUCH,
        NULL_PART,
        ABSENT_PART,
        Diagnosis(
            "foreign-tokenizer",
            title="That tokenizer is one of other models.",
            saw="Python says: `{observed}`",
            why="Each generation of Claude's models splits text in its own way, and a library for "
            "OpenAI's models knows none of them.",
            next="Ask `client.messages.count_tokens(…)`.",
            where=COUNTED,
            hints=(
                "Who knows for sure how many tokens a request has?",
                "“What is counted” asks the API for each part, and for two models.",
                "`client.messages.count_tokens(…).input_tokens`",
            ),
            crash=r"^ModuleNotFoundError: No module named '(tiktoken|tokenizers|transformers)",
        ),
        printed(COUNTED),
        SENT_FOR_REAL,
        _OBJECT_RETURNED,
        Diagnosis(
            "characters-divided",
            title="Characters divided by four are no tokens.",
            saw="Your function returned `{observed}`, and asked nobody.",
            why="It is a rule of thumb for English prose: code, tables and other languages break "
            "it, and the frame that the API adds shows in no text.",
            next="Ask `client.messages.count_tokens(…)`.",
            where=COUNTED,
            hints=(
                "Who knows for sure how many tokens a request has?",
                "“What is counted” compares a quarter of the characters with the count.",
                "`client.messages.count_tokens(…).input_tokens`",
            ),
        ),
        GUESSED,
        other_model(COUNTED),
        PARTS_LOST,
        Diagnosis(
            "settings-lost",
            title="A setting that adds to the prompt is not counted.",
            saw="The API was asked about a request in which this is missing or changed: "
            "`{observed}`.",
            why="A forced tool, thinking and a schema each bring instructions of their own, "
            "which the API writes into the prompt.",
            next="Hand on all parts that the docstring names.",
            where=COUNTED,
        ),
        Diagnosis(
            "other-count",
            title="What came back is not the number that the API gave.",
            saw="Your function returned `{observed}`.",
            why="The count is what the bill will say, within a few tokens.",
            next="Return `input_tokens` of the answer as it is.",
            where=COUNTED,
        ),
        mutated(COUNTED),
    ],
    hints=(
        "Not everything in a request becomes part of the prompt. Sort the parameters first.",
        "“What is counted” adds a part at a time, and shows what is refused.",
        "Build a dict of the parts that are there, then `count_tokens(**parts).input_tokens`.",
    ),
)
def count_request(exam: Exam) -> None:
    """Count a question on two generations of models, a request with all parts, and settings."""
    older = DEFAULT_MODEL
    plain = plain_request(exam, older)
    if not _counts(exam, plain, "plain"):
        return
    _counts(exam, {**plain, "model": exam.pick(*NEWER)}, "model")
    for model in (older, exam.pick(*NEWER)):
        _counts(exam, whole_request(exam, model), "parts")
    key = exam.fresh("key")
    schema = {
        "type": "object",
        "properties": {key: {"type": "string"}},
        "required": [key],
        "additionalProperties": False,
    }
    settings: tuple[dict[str, Json], ...] = (
        {"tool_choice": {"type": "any"}},
        {
            "thinking": {"type": "enabled", "budget_tokens": exam.number(1_024, 2_000)},
            "max_tokens": 4_000,
        },
        {"output_config": {"format": {"type": "json_schema", "schema": schema}}},
    )
    for each in settings:
        _counts(exam, {**whole_request(exam, older), **each}, "settings")


def _counts(exam: Exam, request: dict[str, Json], criterion: str) -> bool:
    """Judge one call, and return whether it is right."""
    scene = exam.scene(*[text("Fine.")] * 4)
    called = exam.call(scene.client, copy.deepcopy(request), judges=(criterion,))
    value, expected = called.value, tokens_of(request)
    is_right = is_same(value, expected) and bool(scene.counts) and not scene.requests
    is_printed = value is None and str(expected) in called.printed
    wrong, observed = ("printed", value) if is_printed else _mistake(exam, scene, request, value)
    exam.expect(criterion, is_right, wrong, observed)
    after = called.arguments[1]
    # Leaving a request alone is no merit where it was not counted.
    if is_right or criterion != "plain":
        exam.expect("value", is_same(after, request), "mutated", touched(request, after))
    return is_right


def _mistake(exam: Exam, scene: Scene, request: dict[str, Json], value: Json) -> tuple[str, Json]:
    """Return the mistake that another number than the right one shows, and what shows it."""
    parts = lost_parts(scene, request, PARTS)
    settings = lost_parts(scene, request, SETTINGS)
    wrong = exam.which(
        {
            "sent-for-real": bool(scene.requests),
            "object-returned": bool(scene.counts) and _holds_count(value),
            "characters-divided": not scene.counts and _is_quarter(value, request),
            "guessed": not scene.counts,
            "other-model": counted_model(scene) != request["model"],
            "parts-lost": parts != "",
            "settings-lost": settings != "",
        },
        otherwise="other-count",
    )
    observed: Json = {
        "sent-for-real": len(scene.requests),
        "other-model": counted_model(scene),
        "parts-lost": parts,
        "settings-lost": settings,
    }.get(wrong, value)
    return wrong, observed


def _holds_count(value: Json) -> bool:
    held = value.data if isinstance(value, SdkObject) else value
    return isinstance(held, dict) and "input_tokens" in held


def _is_quarter(value: Json, request: dict[str, Json]) -> bool:
    """Tell whether a number is a quarter of the characters of the request's texts."""
    if type(value) not in (int, float):
        return False
    texts = (last_user_text(request), str(request["messages"]), str(request))
    return any(abs(value - len(words) / 4) <= 1 for words in texts)
