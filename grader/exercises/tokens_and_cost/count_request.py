"""The input tokens of a request, counted before it is sent."""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Criterion, Exam, Scene, SdkObject, Shapes, Slip, exercise
from grader.exercises.failures import FAILURES, judge_failure
from grader.exercises.loops import last_user_text
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.prompts import (
    PARTS,
    SET,
    SETTINGS,
    counted_model,
    lost_parts,
    newer_models,
    other_parameters,
    plain_request,
    settings,
    tokens_of,
    touched,
    varied_request,
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
    shapes=Shapes(
        pairs=[("system", "tools")],
        system=["text", "none", "blocks"],
        tools=["one", "none", "two"],
        messages=["several", "one of blocks", "a tool's result"],
        beside=["some", "all", "none"],
        model=["older", "newer"],
        setting=[*SET],
        error=["an empty list", *FAILURES],
    ),
)
def count_request(exam: Exam) -> None:
    """Count a question on two generations of models, a request with all parts, and settings."""
    if not _counts(exam, plain_request(exam, DEFAULT_MODEL), "plain"):
        return
    with exam.part():
        _counts(exam, plain_request(exam, exam.pick(*newer_models())), "model")
    for case in exam.cases("system", "tools", "messages", "beside", "model"):
        model = DEFAULT_MODEL if case.model == "older" else exam.pick(*newer_models())
        with exam.part():
            _counts(exam, varied_request(exam, model, case), "parts")
    for case in exam.cases("setting"):
        with exam.part():
            request = {**whole_request(exam, DEFAULT_MODEL), **other_parameters(exam, "some")}
            _counts(exam, {**request, **settings(exam, case.setting, request)}, "settings")
    for case in exam.cases("error"):
        with exam.part():
            _meets_trouble(exam, case.error)


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


def _meets_trouble(exam: Exam, error: str) -> None:
    """Judge that an error of the API reaches the caller: for no messages, or one of `FAILURES`."""
    request = plain_request(exam, DEFAULT_MODEL)
    scene = exam.scene(text("Fine."))
    if error in FAILURES:
        scene.fail_counts(FAILURES[error]())
    else:
        request["messages"] = []
    called = exam.call(scene.client, request, judges=("plain",), may_raise=("Exception",))
    is_left_out = not scene.exchanges and (called.raised or "").startswith("TypeError")
    if error not in FAILURES and is_left_out:
        exam.expect("plain", False, "falsy-part-left-out", called.raised)
    else:
        judge_failure(exam, "plain", called, scene)


def _slip(exam: Exam, scene: Scene, request: dict[str, Json], value: Json) -> Slip:
    """Return the slip that a wrong number shows."""
    parts, unset = (lost_parts(scene, request, names) for names in (PARTS, SETTINGS))
    counted = counted_model(scene)
    return exam.slip(
        {
            "sent-for-real": (bool(scene.requests), len(scene.requests)),
            "object-returned": bool(scene.counts) and _holds_count(value),
            "characters-divided": not scene.counts and _is_quarter(value, request),
            "guessed": not scene.counts,
            "other-model": (counted != request["model"], counted),
            "parts-lost": (parts != "", parts),
            "settings-lost": (unset != "", unset),
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
