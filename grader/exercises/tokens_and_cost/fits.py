"""Whether a request and its reply fit a model."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from grader.catalog import ModelCard, find_model
from grader.exams import Criterion, Exam, Scene, Slip, exercise
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.prompts import (
    PARTS,
    counted_model,
    either_model,
    lost_parts,
    newer_models,
    older_models,
    tokens_of,
    touched,
    whole_request,
)
from grader.simulator import text

Json = Any

_Facts = tuple[int, int, int, int]
_Told = tuple[_Facts, Json]
"""The input, `max_tokens`, window and `max_output` of one call, and its answer."""

_SPACE = 100_000
"""More tokens than any request of this check has."""


@exercise(
    minutes=4,
    criteria=[
        Criterion("input", "an input that is longer than the window does not fit"),
        Criterion("reply", "the longest reply has room beside the input"),
        Criterion("limit", "`max_tokens` is within what the model can write"),
        Criterion("model", "the input is counted for the card's model"),
    ],
)
def fits(exam: Exam) -> None:
    """Ask about requests that fit and that do not: by the window, the reply, the output."""
    model = either_model(exam)
    told: list[_Told] = []
    for criterion in ("input", "reply", "limit"):
        request = whole_request(exam, model)
        if criterion == "input":
            request["max_tokens"] = exam.number(20, 60)
        tokens, limit = tokens_of(request), request["max_tokens"]
        both = tokens + limit
        pairs: dict[str, list[tuple[int, int]]] = {
            "input": [(tokens - exam.number(1, 40), _SPACE), (both + _SPACE, _SPACE)],
            "reply": [(both - exam.number(1, limit), _SPACE), (both - 1, _SPACE), (both, _SPACE)],
            "limit": [(both + _SPACE, limit - 1), (both + _SPACE, limit)],
        }
        cases = _in_any_order(exam, pairs[criterion])
        if criterion == "reply":
            # Room for this reply but not for the model's longest, then one token to spare. We ask
            # these before the edge cases, so as not to take a wrong sum for a wrong comparison.
            cases = [(both + exam.number(2_000, 9_000), _SPACE), (both + 1, _SPACE), *cases]
        for window, output in cases:
            if not _answers(exam, request, _card(model, window, output), criterion, told):
                break
    for asked, held in (
        (exam.pick(*older_models()), exam.pick(*newer_models())),
        (newer_models()[0], older_models()[0]),
    ):
        request = whole_request(exam, asked)
        counts = tokens_of(request), tokens_of(request, model=held)
        # Between the two counts, so the wrong count gives the wrong answer.
        window = (min(counts) + max(counts)) // 2 + request["max_tokens"]
        _answers(exam, request, _card(held, window, _SPACE), "model", told)


def _in_any_order(exam: Exam, cases: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return cases if exam.pick(True, False) else cases[::-1]


def _card(model: str, window: int, output: int) -> ModelCard:
    """Return the card of a model with limits that no catalog has."""
    card = find_model(model)
    return replace(card, context_window=window, max_output=output, tool_overhead=None)


def _answers(
    exam: Exam, request: dict[str, Json], card: ModelCard, criterion: str, told: list[_Told]
) -> bool:
    """Judge one call, and return whether its answer is right; told: each call so far."""
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
    edge = f"{limit} = {output}"
    if tokens + limit == window:
        edge = f"{tokens} + {limit} = {window}"
    return exam.slip(
        {
            "sent-for-real": (bool(scene.requests), len(scene.requests)),
            "not-a-bool": (not isinstance(value, bool), value),
            "output-limit-ignored": (value is True and limit > output, f"{limit} > {output}"),
            "guessed": (not scene.counts, value),
            "other-model": (counted != card.id, counted),
            "parts-lost": (parts != "", parts),
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
        observed=facts,
    )


def _reserves_output(told: _Told) -> bool:
    """Return whether an answer fits code that adds `max_output` instead of `max_tokens`."""
    (tokens, _, window, output), value = told
    return is_same(value, tokens + output <= window)
