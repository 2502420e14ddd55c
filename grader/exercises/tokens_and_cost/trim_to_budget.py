"""The newest turns of a conversation that fit a budget, found in a few counts."""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import find_model
from grader.exams import (
    Case,
    Criterion,
    Exam,
    Shapes,
    Slip,
    exercise,
)
from grader.exercises.failures import FAILURES, judge_failure
from grader.exercises.loops import (
    blocks_beside,
    called_exchange,
    has_thoughts,
    instructed_exchange,
    joined,
    plain_exchange,
    question,
    thinking_block,
    without_thoughts,
)
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.budget_slips import (
    is_like,
    messages_of,
    refusal_of_cut,
    size_of,
    slip_of_cut,
    thoughts_in,
)
from grader.exercises.tokens_and_cost.cuts import Task, new_task, redacted, short_turns
from grader.exercises.tokens_and_cost.prompts import (
    counted_model,
    newer_models,
    older_models,
    other_parameters,
    settings,
    tokens_of,
    touched,
    whole_request,
)
from grader.simulator import text

Json = Any

MOST_COUNTS = 10

_PICTURE = {"type": "image", "source": {"type": "url", "url": "https://example.com/cat.png"}}
_REPLIES = 140
"""More than any of the conversations has messages."""


@exercise(
    minutes=15,
    criteria=[
        Criterion("budget", "what is left fits the budget, as the API counts it"),
        Criterion("most", "no exchange is cut off that would fit"),
        Criterion("whole", "exchanges with tool calls are kept whole, or not at all"),
        Criterion("thinking", "newer models take what is left of a cut conversation"),
        Criterion("rest", "all else stays as it was, and so does the caller's request"),
        Criterion("few", f"at most {MOST_COUNTS} counts for a long conversation", points=2),
        Criterion(
            "none", "a `ValueError` when not even the newest exchange fits, and the API's errors"
        ),
    ],
    shapes=Shapes(
        pairs=[("thinking", "generation"), ("says_more", "left")],
        cut=["5 of 32", "4 of 9", "1 of 9", "9 of 9", "8 of 9", "1 of 2", "1 of 1"],
        is_exact=[False, True],
        generation=["older", "newer"],
        beside=["some", "all", "none"],
        left=["a question and two turns", "an open call", "an open call and a turn", "all"],
        says_more=[False, True],
        thinking=["thinking", "redacted_thinking", "alone"],
        long=["26 of 64", "63 of 64", "1 of 48"],
        setting=["tool_choice: any", "thinking: enabled", "output_config: a schema"],
        instructed=["in what stays", "where it is cut"],
        none=["of many", "of one"],
        error=[*FAILURES],
        failing=[False, True],
    ),
)
def trim_to_budget(exam: Exam) -> None:
    """Cut conversations, plain and with tools, long ones too, and one of which nothing fits."""
    first, *others = exam.cases("cut", "is_exact", "generation", "beside")
    if not _cutsshort_turns(exam, first):
        return
    for case in others:
        with exam.part():
            _cutsshort_turns(exam, case)
    for case in exam.cases("left", "says_more", "thinking", "generation"):
        with exam.part():
            _cuts_called(exam, case)
    for case in exam.cases("long", "generation"):
        with exam.part():
            kept, count = map(int, case.long.split(" of "))
            _cuts(
                exam,
                new_task(short_turns(exam, count), kept, request=_request(exam, case)),
                ("few",),
            )
    for case in exam.cases("none", "generation"):
        with exam.part():
            turns = short_turns(exam, 1 if case.none == "of one" else 9)
            _refuses(exam, new_task(turns, 1, request=_request(exam, case), is_exact=True))
    for case in exam.cases("setting"):
        with exam.part():
            _cuts_set(exam, case)
    for case in exam.cases("instructed"):
        with exam.part():
            _cuts_instructed(exam, case)
    for case in exam.cases("error", "failing"):
        # A request that is too long is a 400 too, but only this one is the caller's to see.
        both = (False, True) if case.error == "invalid_request_error" else (case.failing,)
        for is_second in both:
            with exam.part():
                _meets_trouble(exam, case.error, after=int(is_second))


def _request(exam: Exam, case: Case) -> dict[str, Json]:
    """Return a request for a model of the case's generation.

    A count for a model that is typed in is wrong for one of the two. Which models they are is not
    drawn, as it would be chance whether the one that is typed in is among them.
    """
    models = older_models() if case.generation == "older" else newer_models()
    return whole_request(exam, models[0])


def _cutsshort_turns(exam: Exam, case: Case) -> bool:
    """Judge a plain conversation, and return whether a part of it came back."""
    kept, count = map(int, case.cut.split(" of "))
    request = {
        key: value
        for key, value in _request(exam, case).items()
        if key not in other_parameters(exam, "all")
    }
    request |= other_parameters(exam, case.beside)
    task = new_task(short_turns(exam, count), kept, request=request, is_exact=case.is_exact)
    return _cuts(exam, task, ("budget", "most"))


def _cuts_called(exam: Exam, case: Case) -> None:
    """Judge a conversation with calls of tools, of which some turns fit."""
    request = _request(exam, case)
    tool, says_more = request["tools"][0]["name"], case.says_more
    first, second, third = (called_exchange(exam, tool, says_more=says_more) for _ in range(3))
    plain = plain_exchange(exam, in_blocks=True)
    # A reply may search and think in the middle, and say the same twice.
    again = [*blocks_beside(exam, "a server's call"), thinking_block(exam)]
    plain[1]["content"] += [*again, plain[1]["content"][-1]]
    # A question may have a picture and a document in it, and no text.
    source = {"type": "text", "media_type": "text/plain", "data": exam.words(5)}
    beside = [_PICTURE, {"type": "document", "source": source}]
    plain[0]["content"] = beside[:1] if says_more else [*beside, *plain[0]["content"]]
    turns = [first, second, plain, third]
    last, kept = question(exam), 3
    if case.left != "a question and two turns":
        last = called_exchange(exam, tool, rounds=1, is_open=True)
        kept = {"an open call": 1, "all": len(turns) + 1}.get(case.left, 2)
    if case.thinking == "alone":
        # Thinking used up all of max_tokens.
        turns[2][1]["content"] = turns[2][1]["content"][:1]
    turns = [redacted(turn) if case.thinking == "redacted_thinking" else turn for turn in turns]
    task = new_task([*turns, last], kept, request=request, is_exact=says_more)
    _cuts(exam, task, ("whole",))


def _cuts_set(exam: Exam, case: Case) -> None:
    """Judge a request with a setting, of which all would fit without its thinking."""
    request = whole_request(exam, older_models()[0])
    request |= settings(exam, case.setting, request)
    turns = [plain_exchange(exam, in_blocks=True) for _ in range(2)]
    _cuts(exam, new_task([*turns, question(exam)], 2, request=request), ("budget",))


def _cuts_instructed(exam: Exam, case: Case) -> None:
    """Judge a conversation with turns of the role system, of which two exchanges fit."""
    model = next(each for each in newer_models() if find_model(each).rules.mid_conversation_system)
    turns = short_turns(exam, 5)
    # Of the three that don't fit together, all but the question would.
    turns[2 if case.instructed == "where it is cut" else 3] = instructed_exchange(exam)
    _cuts(exam, new_task(turns, 2, request=whole_request(exam, model)), ("whole",))


def _meets_trouble(exam: Exam, error: str, *, after: int) -> None:
    """Judge that an error of a count reaches the caller; after: counts that are answered first."""
    task = new_task(short_turns(exam, 3), 1, request=whole_request(exam, older_models()[0]))
    scene = exam.scene(text("Fine."))
    scene.fail_counts(FAILURES[error](), after=after)
    called = exam.call(
        scene.client, task.request, task.budget, judges=("none",), may_raise=("Exception",)
    )
    judge_failure(exam, "none", called, scene, expected=after + 1, failure=error)


def _cuts(exam: Exam, task: Task, criteria: tuple[str, ...]) -> bool:
    """Judge one call, and return whether a part of the history came back."""
    scene = exam.scene(*[text("Fine.")] * _REPLIES)
    called = exam.call(
        scene.client,
        copy.deepcopy(task.request),
        task.budget,
        judges=criteria,
        # The API refuses to count a cut in the wrong place; other cuts may still be right.
        # And who counts for another model finds, by chance, that nothing fits.
        may_raise=("BadRequestError", "ValueError"),
    )
    if called.raised is not None:
        seen = refusal_of_cut(exam, task, scene, called.raised)
        for criterion in criteria:
            exam.expect(criterion, False, seen)
        return False
    left = messages_of(called.value)
    # Where the cut is right is judged apart from what became of thinking.
    bare = without_thoughts(left)
    is_end = 0 < len(bare) <= len(task.bare) and is_like(bare, task.bare[-len(bare) :])
    is_right = is_end and len(bare) == len(without_thoughts(task.expected))
    # All of it without its thinking is as many exchanges as can be, if that fits.
    is_all = is_end and len(bare) == len(task.bare) and not has_thoughts(left)
    is_all = is_all and task.kept < len(task.turns)
    is_right = is_right or (is_all and tokens_of({**task.request, "messages": left}) <= task.budget)
    is_cut = is_right or (is_end and len(bare) < len(task.bare))
    is_asked = bool(scene.counts) and not scene.requests
    # A count for another model may come out right by chance.
    is_counted = is_asked and counted_model(scene) == task.request["model"]
    # To look for a slip takes long, and most calls have none.
    slip = Slip("other-messages")
    if not (is_right and is_counted):
        slip = slip_of_cut(exam, task, scene, called)
    for criterion in criteria:
        is_met, seen = is_right, slip
        if criterion == "budget":
            is_met = is_cut and tokens_of({**task.request, "messages": left}) <= task.budget
        if criterion == "few" and is_right and is_counted:
            is_met = len(scene.counts) <= MOST_COUNTS
            seen = Slip("too-many-counts", len(scene.counts))
        exam.expect(criterion, is_met and is_counted, seen)
    if "whole" in criteria and is_right and has_thoughts(joined(task.turns[-task.kept :])):
        is_uncut = task.kept == len(task.turns)
        objection = "" if is_uncut else exam.send({**task.request, "messages": left}) or ""
        wrong = exam.which(
            {"thoughts-gone": is_uncut, "bound": bool(objection)}, otherwise="thinking-kept"
        )
        is_met = is_counted and (is_all or is_like(left, task.expected))
        exam.expect("thinking", is_met, wrong, objection or thoughts_in(left))
    after = called.arguments[1]
    if is_cut and is_asked:
        slip = Slip("more-changed", touched(_rest(task.request), _rest(called.value)))
    is_kept = is_like(_rest(called.value), _rest(task.request))
    exam.expect("rest", is_cut and is_asked and is_kept, slip)
    is_left = is_same(after, task.request)
    is_inside = isinstance(after, dict) and len(messages_of(after)) == len(task.messages)
    wrong = exam.which({"message-mutated": is_inside and not is_left}, otherwise="mutated")
    exam.expect("rest", is_left, wrong, touched(task.request, after))
    return is_cut


def _refuses(exam: Exam, task: Task) -> None:
    """Judge a call whose budget is too small for the newest turn."""
    scene = exam.scene(*[text("Fine.")] * 4)
    called = exam.call(
        scene.client,
        copy.deepcopy(task.request),
        task.budget - exam.number(1, 9),
        judges=("none",),
        may_raise=("ValueError",),
        crash="not-raised",
    )
    is_right = called.raised is not None and counted_model(scene) == task.request["model"]
    left = messages_of(called.value)
    observed = size_of(left) if left else called.raised or called.value
    exam.expect("none", is_right, "not-raised", observed)


def _rest(request: Json) -> Json:
    if not isinstance(request, dict):
        return request
    return {key: value for key, value in request.items() if key != "messages"}
