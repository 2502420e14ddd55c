"""The input tokens of a request, counted before it is sent."""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Criterion, Exam, Scene, SdkObject, Slip, exercise
from grader.exercises.loops import last_user_text
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.prompts import (
    PARTS,
    SETTINGS,
    counted_model,
    lost_parts,
    newer_models,
    plain_request,
    tokens_of,
    touched,
    whole_request,
)
from grader.simulator import text

Json = Any


@exercise(
    minutes=4,
    criteria=[
        Criterion("plain", "the tokens of a question, counted by the API"),
        Criterion("model", "counted for the model of the request"),
        Criterion("parts", "system prompt, tools and all turns are counted, the rest is left out"),
        Criterion("settings", "tool choice, thinking and a schema for the output are counted"),
        Criterion("value", "the caller's request is left as it was"),
    ],
)
def count_request(exam: Exam) -> None:
    """Count a question on two generations of models, a request with all parts, and settings."""
    older = DEFAULT_MODEL
    plain = plain_request(exam, older)
    if not _counts(exam, plain, "plain"):
        return
    _counts(exam, {**plain, "model": exam.pick(*newer_models())}, "model")
    for model in (older, exam.pick(*newer_models())):
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
    slip = Slip("printed") if is_printed else _slip(exam, scene, request, value)
    exam.expect(criterion, is_right, slip)
    after = called.arguments[1]
    # Leaving a request alone earns nothing if the code didn't count it.
    if is_right or criterion != "plain":
        exam.expect("value", is_same(after, request), "mutated", touched(request, after))
    return is_right


def _slip(exam: Exam, scene: Scene, request: dict[str, Json], value: Json) -> Slip:
    """Return the slip that a wrong number shows."""
    parts, settings = (lost_parts(scene, request, names) for names in (PARTS, SETTINGS))
    counted = counted_model(scene)
    return exam.slip(
        {
            "sent-for-real": (bool(scene.requests), len(scene.requests)),
            "object-returned": bool(scene.counts) and _holds_count(value),
            "characters-divided": not scene.counts and _is_quarter(value, request),
            "guessed": not scene.counts,
            "other-model": (counted != request["model"], counted),
            "parts-lost": (parts != "", parts),
            "settings-lost": (settings != "", settings),
        },
        otherwise="other-count",
        observed=value,
    )


def _holds_count(value: Json) -> bool:
    held = value.data if isinstance(value, SdkObject) else value
    return isinstance(held, dict) and "input_tokens" in held


def _is_quarter(value: Json, request: dict[str, Json]) -> bool:
    """Return whether a number is a quarter of the characters of the request's texts."""
    if type(value) not in (int, float):
        return False
    texts = (last_user_text(request), str(request["messages"]), str(request))
    return any(abs(value - len(words) / 4) <= 1 for words in texts)
