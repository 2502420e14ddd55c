"""A choice of a model by a measurement: every case, every reply, every cent."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

from grader.exams import Called, Case, Criterion, Exam, Record, Scene, SdkObject, Shapes, exercise
from grader.exercises.failures import FAILURES, judge_failure
from grader.exercises.readings import differing, is_same
from grader.exercises.tokens_and_cost.contests import COSTS, by_cost, by_quality, rivals_failing
from grader.exercises.tokens_and_cost.measured import (
    MOST_OUTPUT,
    Contest,
    Rival,
    prompt_of,
    text_of,
)
from grader.simulator import Scripted

Json = Any


@exercise(
    minutes=10,
    criteria=[
        Criterion("asks", "each case goes to a model once, as a user's message"),
        Criterion("text", "`passes` gets all the text of the reply, and its case"),
        Criterion("every", "the model passes every case"),
        Criterion("cheapest", "what the replies cost decides", points=2),
        Criterion("none", "a `ValueError` when no model passes, and the API's own errors"),
    ],
    shapes=Shapes(
        pairs=[("fails", "order")],
        fails=["the last case", "the first case", "every case"],
        order=["the right one last", "dearest first", "cheapest first"],
        reply=["text", "several texts", "thinking first", "hidden thoughts"],
        ends=["end_turn", "max_tokens", "refusal", "stop_sequence"],
        failure=["other words", "nothing", "a refusal"],
        cases=["three", "one"],
        cost=[*COSTS],
        none=["each fails one", "all fail all", "no cards"],
        error=[*FAILURES],
        failing=["the first request", "the third"],
    ),
)
def cheapest_that_passes(exam: Exam) -> None:
    """Let models compete whose quality and cost are known, each with a trap of its own."""
    first, *others = exam.cases("fails", "order", "reply", "ends", "failure", "cases")
    if not _chooses(exam, by_quality(exam, first)):
        return
    for case in others:
        with exam.part():
            _chooses(exam, by_quality(exam, case))
    for case in exam.cases("cost"):
        with exam.part():
            _chooses(exam, by_cost(exam, case.cost))
    for case in exam.cases("none"):
        with exam.part():
            _finds_none(exam, case.none)
    for case in exam.cases("error", "failing"):
        with exam.part():
            _meets_trouble(exam, case)


def _meets_trouble(exam: Exam, case: Case) -> None:
    """Judge that an error of the API reaches the caller."""
    contest = by_cost(exam, COSTS[0])
    after = 2 if case.failing == "the third" else 0

    def answer(request: Json, card: object) -> Scripted:
        fails = len(scene.asked) > after
        return FAILURES[case.error]() if fails else contest.answer(request, card)

    scene = exam.answering_scene(answer)
    called, _ = _call(exam, contest, scene, ("none",), may_raise=("Exception",))
    judge_failure(exam, "none", called, scene, expected=after + 1, failure=case.error)


def _finds_none(exam: Exam, none: str) -> None:
    """Judge a contest that nobody wins."""
    contest = rivals_failing(exam, none)
    scene = exam.answering_scene(contest.answer)
    called, _ = _call(exam, contest, scene, ("none",), may_raise=("Exception",))
    wrong = exam.which({"none-passing": called.raised is None}, otherwise="no-value-error")
    observed = called.value if called.raised is None else called.raised
    exam.expect("none", "ValueError" in called.raised_kinds, wrong, observed)


_Given = list[tuple[Json, Json]]


def _chooses(exam: Exam, contest: Contest) -> bool:
    """Judge one contest, and return whether its cases arrived and were judged."""
    right = contest.right
    assert right is not None
    judges = ("asks", "text", "every", "cheapest")
    scene = exam.answering_scene(contest.answer)
    called, given = _call(exam, contest, scene, judges, may_raise=("ValueError",))
    value = called.value
    chosen = contest.find(value)
    if not _has_asked(exam, scene, contest, chosen) or not _is_told(exam, given, contest):
        return False
    endings = sorted({reply.stop_reason for reply in right.replies.values()})
    wrong = exam.slip(
        {
            "ending-judged": (called.raised is not None and endings != ["end_turn"], endings),
            "said-none": (called.raised is not None, called.raised),
            "printed": (value is None and right.card.id in called.printed, ""),
            "card-not-id": (isinstance(value, Record), right.card.id),
            "no-id": (chosen is None, value),
            "fails": (chosen is not None and not chosen.passes(contest.cases), value),
            "cheapest-not-asked": all(
                body.get("model") != right.card.id for body in scene.requests
            ),
        },
        otherwise=chosen.trap if chosen and chosen.trap else "dearer-chosen",
        observed="" if chosen is right else _compared(contest, chosen, right),
    )
    # A choice of one that fails says nothing about sums.
    if exam.expect("every", chosen is not None and chosen.passes(contest.cases), wrong):
        exam.expect("cheapest", is_same(value, right.card.id), wrong)
    return True


def _compared(contest: Contest, chosen: Rival | None, right: Rival) -> str:
    costs = [
        f"{each.card.id}, {each.cost(contest.cases):.6f} USD" for each in (chosen, right) if each
    ]
    return "; ".join(costs)


def _has_asked(exam: Exam, scene: Scene, contest: Contest, chosen: Rival | None) -> bool:
    """Judge what was sent: no case twice to a model, and all of them to the one that is chosen."""
    prompts = {case["prompt"] for case in contest.cases}
    sent = Counter((str(body.get("model")), prompt_of(body)) for body in scene.requests)
    models = {model for model, _ in sent}
    strange = next((body for body in scene.requests if prompt_of(body) not in prompts), None)
    twice = next((prompt for (_, prompt), count in sent.items() if count > 1), None)
    missed = [
        prompt for prompt in sorted(prompts) if chosen and (chosen.card.id, prompt) not in sent
    ]
    other = next((body for body in scene.requests if _otherwise(body)), None)
    is_one = len(models) == 1 and (twice is not None or len(missed) == len(prompts))
    cases = {
        "nothing-sent": (not sent, ""),
        "case-changed": (strange is not None, (strange or {}).get("messages", "")),
        "one-model": (is_one, next(iter(models), "")),
        "sent-twice": (twice is not None, twice),
        "case-missed": (bool(missed), f"{len(missed)} of {len(prompts)}"),
        "other-request": (other is not None, _otherwise(other or {})),
    }
    is_right = not any(holds for holds, _ in cases.values())
    wrong = exam.slip(cases, otherwise="nothing-sent")
    return exam.expect("asks", is_right, wrong, request=strange or other) or other is not None


def _otherwise(body: Json) -> str:
    """Return what a request has besides, or other than, what the task names; "" if nothing."""
    wanted = {"model": body.get("model"), "messages": body.get("messages")}
    names = differing(body, {**wanted, "max_tokens": MOST_OUTPUT}, but=("stream",))
    return ", ".join(f"{name}={body.get(name)!r}" for name in names)


def _is_told(exam: Exam, given: _Given, contest: Contest) -> bool:
    """Judge what `passes` was given."""
    texts = {
        (text_of(reply), prompt)
        for rival in contest.rivals
        for prompt, reply in rival.replies.items()
    }
    objects = [said for said, _ in given if not isinstance(said, str)]
    no_cases = [case for _, case in given if not any(is_same(case, c) for c in contest.cases)]
    known = [
        (said, case["prompt"])
        for said, case in given
        if isinstance(said, str) and any(is_same(case, each) for each in contest.cases)
    ]
    other = next((said for said, prompt in known if (said, prompt) not in texts), None)
    trimmed = {said.strip() for said, _ in texts}
    cases: dict[str, bool | tuple[bool, object]] = {
        "not-judged": not given,
        "arguments-swapped": (
            bool(given)
            and all(isinstance(said, dict) and isinstance(case, str) for said, case in given),
            _kind(objects),
        ),
        "not-a-text": (bool(objects), _kind(objects)),
        "case-not-given": (bool(no_cases), next(iter(no_cases), "")),
        "edges-lost": (other is not None and other in trimmed, other),
        "text-in-part": (other is not None, other),
    }
    is_right = bool(given) and not objects and not no_cases and other is None
    return exam.expect("text", is_right, exam.slip(cases, otherwise="not-judged"))


def _kind(objects: list[Json]) -> str:
    first = objects[0] if objects else ""
    return first.type if isinstance(first, SdkObject) else type(first).__name__


def _call(
    exam: Exam,
    contest: Contest,
    scene: Scene,
    judges: tuple[str, ...],
    *,
    may_raise: tuple[str, ...],
) -> tuple[Called, _Given]:
    """Call the code with a contest; return what `passes` was given, too."""
    given: _Given = []
    cards = [rival.card for rival in contest.rivals]
    called = exam.call(
        scene.client,
        copy.deepcopy(list(contest.cases)),
        cards,
        exam.function("passes", _judge(given), parameters=("text", "case")),
        judges=judges,
        may_raise=may_raise,
    )
    return called, given


def _judge(given: _Given) -> Callable[[Json, Json], bool]:
    def passes(text: Json, case: Json) -> bool:
        given.append((text, case))
        has_both = isinstance(text, str) and isinstance(case, dict)
        return has_both and case.get("expected", text) in text

    return passes
