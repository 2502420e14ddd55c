"""Whether a request and its reply fit a model."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from grader.catalog import ModelCard, find_model
from grader.exams import Case, Criterion, Exam, Scene, Shapes, Slip, exercise
from grader.exercises.failures import FAILURES, judge_failure
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.prompts import (
    PARTS,
    counted_model,
    lost_parts,
    newer_models,
    older_models,
    tokens_of,
    touched,
    varied_request,
    whole_request,
)
from grader.simulator import text

Json = Any

_Facts = tuple[int, int, int, int]
_Told = tuple[_Facts, Json]
"""The input, `max_tokens`, window and `max_output` of one call, and its answer."""

_SPACE = 100_000
"""More tokens than any request and its reply have here."""
_AMPLE = 1_000_000
"""More than the sum of any two numbers of tokens here."""


_INPUT = ("ample", "too small", "much too small")
"""The windows beside which the limit of the reply is nothing."""


@exercise(
    minutes=4,
    criteria=[
        Criterion("input", "an input that is longer than the window does not fit"),
        Criterion("reply", "the longest reply has room beside the input"),
        Criterion("limit", "`max_tokens` is within what the model can write"),
        Criterion("model", "the input is counted for the card's model"),
    ],
    shapes=Shapes(
        pairs=[("window", "generation")],
        generation=["older", "newer"],
        window=[
            "ample",
            "too small",
            "much too small",
            "for the input",
            "one short",
            "much to spare",
            "one to spare",
        ],
        edge=["window", "output"],
        output=["ample", "one short", "much too small"],
        reply=["usual", "one token", "huge"],
        held=["newer than the request's", "older than the request's"],
        system=["text", "none", "blocks"],
        tools=["one", "none", "two"],
        messages=["several", "one of blocks", "a tool's result"],
        beside=["some", "all", "none"],
        error=["an empty list", *FAILURES],
    ),
)
def fits(exam: Exam) -> None:
    """Ask about requests that fit and that do not: by the window, the reply, the output."""
    told: list[_Told] = []
    # First those that the input alone decides: who counts wrong there isn't asked any further.
    cases = sorted(exam.cases("window", "generation"), key=lambda case: case.window not in _INPUT)
    for case in cases:
        request = whole_request(exam, _model(exam, case.generation))
        criterion = "input" if case.window in _INPUT else "reply"
        if criterion == "input":
            # So that a count without some part is too low by more than the reply.
            request["max_tokens"] = 1
        with exam.part():
            window = _window(case.window, request)
            is_right = _answers(exam, request, (window, _SPACE), criterion, told)
            if not is_right and criterion == "input":
                return
    for case in exam.cases("output", "reply"):
        request = {**whole_request(exam, _model(exam, "older")), **_replying(case.reply)}
        limit = request["max_tokens"]
        output = {"ample": _SPACE, "one short": limit - 1, "much too small": limit // 2}
        with exam.part():
            _answers(exam, request, (_AMPLE, output[case.output]), "limit", told)
    for case in exam.cases("edge"):
        request = whole_request(exam, _model(exam, "older"))
        limit, both = request["max_tokens"], tokens_of(request) + request["max_tokens"]
        with exam.part():
            if case.edge == "window":
                _answers(exam, request, (both, _SPACE), "reply", told)
            else:
                _answers(exam, request, (_AMPLE, limit), "limit", told)
    for case in exam.cases("held"):
        with exam.part():
            _is_counted_for_card(exam, case, told)
    for case in exam.cases("system", "tools", "messages", "beside"):
        request = varied_request(exam, _model(exam, "older"), case)
        with exam.part():
            both = tokens_of(request) + request["max_tokens"]
            _answers(exam, request, (both - 1, _SPACE), "reply", told)
    for case in exam.cases("error"):
        with exam.part():
            _meets_trouble(exam, case.error)


def _meets_trouble(exam: Exam, error: str) -> None:
    """Judge that an error of the API reaches the caller: for no messages, or one of `FAILURES`."""
    request = whole_request(exam, _model(exam, "older"))
    card = _card(request["model"], _AMPLE, _SPACE)
    scene = exam.scene(text("Fine."))
    if error in FAILURES:
        scene.fail_counts(FAILURES[error]())
    else:
        request["messages"] = []
    called = exam.call(scene.client, request, card, judges=("input",), may_raise=("Exception",))
    judge_failure(exam, "input", called, scene)


def _model(exam: Exam, generation: str) -> str:
    return str(exam.pick(*(older_models() if generation == "older" else newer_models())))


def _window(window: str, request: dict[str, Json]) -> int:
    """Return a window's length in tokens, as a case names it."""
    tokens, limit = tokens_of(request), int(request["max_tokens"])
    return {
        "ample": _AMPLE,
        "too small": tokens - 1,
        "much too small": tokens // 2,
        "for the input": tokens + limit // 2,
        "one short": tokens + limit - 1,
        # Room for this reply, and not for the model's longest.
        "much to spare": tokens + limit + _SPACE // 2,
        "one to spare": tokens + limit + 1,
    }[window]


def _replying(reply: str) -> dict[str, Json]:
    """Return the limit of a reply where it isn't the usual one."""
    return {"usual": {}, "one token": {"max_tokens": 2}, "huge": {"max_tokens": 90_000}}[reply]


def _is_counted_for_card(exam: Exam, case: Case, told: list[_Told]) -> None:
    """Judge a request that names a model of another generation than the card's."""
    asked, held = exam.pick(*older_models()), exam.pick(*newer_models())
    if case.held == "older than the request's":
        asked, held = held, asked
    request = whole_request(exam, asked)
    counts = tokens_of(request), tokens_of(request, model=held)
    # Between the two counts, so the wrong count gives the wrong answer.
    window = (min(counts) + max(counts)) // 2 + request["max_tokens"]
    _answers(exam, request, (window, _SPACE), "model", told, held=held)


def _card(model: str, window: int, output: int) -> ModelCard:
    """Return the card of a model with limits that no catalog has."""
    card = find_model(model)
    return replace(card, context_window=window, max_output=output, tool_overhead=None)


def _answers(
    exam: Exam,
    request: dict[str, Json],
    limits: tuple[int, int],
    criterion: str,
    told: list[_Told],
    *,
    held: str | None = None,
) -> bool:
    """Judge one call, and return whether its answer is right.

    limits: the card's window and output. told: each call so far. held: the card's model; the
    request's unless given.
    """
    card = _card(held or request["model"], *limits)
    scene = exam.scene(*[text("Fine.")] * 4)
    called = exam.call(scene.client, copy.deepcopy(request), card, judges=(criterion,))
    value, limit = called.value, request["max_tokens"]
    tokens = tokens_of(request, model=card.id)
    expected = tokens + limit <= card.context_window and limit <= card.max_output
    # If the output alone says no, there is nothing to count.
    is_asked = bool(scene.counts) or limit > card.max_output
    is_right = is_same(value, expected) and is_asked and not scene.requests
    facts = tokens, limit, card.context_window, card.max_output
    told.append((facts, value))
    is_printed = value is None and str(expected) in called.printed
    slip = Slip("printed") if is_printed else _slip(exam, scene, request, card, told)
    exam.expect(criterion, is_right, slip)
    after = called.arguments[1]
    is_kept = is_same(after, request)
    return exam.expect(criterion, is_kept, "mutated", touched(request, after)) and is_right


def _slip(
    exam: Exam,
    scene: Scene,
    request: dict[str, Json],
    card: ModelCard,
    told: Sequence[_Told],
) -> Slip:
    """Return the slip that the last answer shows; it is a wrong one."""
    facts, value = told[-1]
    tokens, limit, window, output = facts
    parts, counted = lost_parts(scene, request, PARTS), counted_model(scene)
    # Who compares the output first needs no count to say no.
    is_early = value is False and not scene.counts and limit == output
    edge = f"{limit} = {output}"
    if tokens + limit == window:
        edge = f"{tokens} + {limit} = {window}"
    return exam.slip(
        {
            "sent-for-real": (bool(scene.requests), len(scene.requests)),
            "not-a-bool": (not isinstance(value, bool), value),
            "output-limit-ignored": (value is True and limit > output, f"{limit} > {output}"),
            "guessed": (not scene.counts and not is_early, value),
            "other-model": (not is_early and counted != card.id, counted),
            "parts-lost": (not is_early and parts != "", parts),
            "no-room-for-reply": (
                value is True and tokens <= window < tokens + limit,
                f"{tokens} + {limit} > {window}",
            ),
            "model-limit-reserved": (
                value is False and all(map(_reserves_output, told)),
                f"{tokens} + {limit} <= {window}",
            ),
            "edge-refused": (
                value is False and (tokens + limit == window or limit == output),
                edge,
            ),
        },
        otherwise="wrong-answer",
        observed=f"{value}: {_compared(tokens + limit, window)}, {_compared(limit, output)}",
    )


def _compared(number: int, limit: int) -> str:
    return f"{number} {'<=' if number <= limit else '>'} {limit}"


def _reserves_output(told: _Told) -> bool:
    """Return whether an answer fits code that adds `max_output` instead of `max_tokens`."""
    (tokens, _, window, output), value = told
    return is_same(value, tokens + output <= window)
