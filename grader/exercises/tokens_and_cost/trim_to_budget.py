"""The newest turns of a conversation that fit a budget, found in a few counts."""

from __future__ import annotations

import copy
import json
from typing import Any

from grader.catalog import find_model
from grader.exams import (
    Called,
    Case,
    Criterion,
    Exam,
    Scene,
    Shapes,
    Slip,
    api_error,
    exercise,
)
from grader.exercises.failures import FAILURES, judge_failure
from grader.exercises.loops import (
    called_exchange,
    has_thoughts,
    instructed_exchange,
    joined,
    plain_exchange,
    question,
    without_nulls,
    without_thoughts,
)
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.cuts import Task, new_task, redacted, short_turns
from grader.exercises.tokens_and_cost.prompts import (
    SETTINGS,
    counted_model,
    lost_parts,
    newer_models,
    older_models,
    other_parameters,
    settings,
    tokens_of,
    touched,
    whole_request,
    without_objects,
)
from grader.simulator import text

Json = Any

MOST_COUNTS = 10

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
        failing=["the first count", "the second"],
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
        with exam.part():
            _meets_trouble(exam, case)


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
    # A reply may say the same twice.
    plain[1]["content"] += plain[1]["content"][-1:]
    turns = [first, second, plain, third]
    last, kept = question(exam), 3
    if case.left != "a question and two turns":
        last = called_exchange(exam, tool, rounds=1, is_open=True)
        kept = {"an open call": 1, "all": len(turns) + 1}.get(case.left, 2)
    if case.thinking == "alone":
        # Thinking used up all of max_tokens.
        turns[2][1]["content"] = turns[2][1]["content"][:1]
    turns = [redacted(turn) if case.thinking == "redacted_thinking" else turn for turn in turns]
    _cuts(exam, new_task([*turns, last], kept, request=request), ("whole",))


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


def _meets_trouble(exam: Exam, case: Case) -> None:
    """Judge that an error of a count reaches the caller."""
    task = new_task(short_turns(exam, 3), 1, request=whole_request(exam, older_models()[0]))
    after = 1 if case.failing == "the second" else 0
    scene = exam.scene(text("Fine."))
    scene.fail_counts(FAILURES[case.error](), after=after)
    called = exam.call(
        scene.client, task.request, task.budget, judges=("none",), may_raise=("Exception",)
    )
    judge_failure(exam, "none", called, scene, expected=after + 1, failure=case.error)


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
        seen = _refused(exam, task, scene, called.raised)
        for criterion in criteria:
            exam.expect(criterion, False, seen)
        return False
    left = _messages(called.value)
    # Where the cut is right is judged apart from what became of thinking.
    bare = without_thoughts(left)
    is_end = 0 < len(bare) <= len(task.bare) and _is_like(bare, task.bare[-len(bare) :])
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
        slip = _slip(exam, task, scene, called)
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
        wrong = "thoughts-gone" if is_uncut else "bound"
        objection = "" if is_uncut else exam.send({**task.request, "messages": left}) or ""
        is_met = is_counted and (is_all or _is_like(left, task.expected))
        exam.expect("thinking", is_met, wrong, objection or "its thinking is still there")
    after = called.arguments[1]
    if is_cut and is_asked:
        slip = Slip("more-changed", touched(_rest(task.request), _rest(called.value)))
    is_kept = _is_like(_rest(called.value), _rest(task.request))
    exam.expect("rest", is_cut and is_asked and is_kept, slip)
    exam.expect("rest", is_same(after, task.request), "mutated", touched(task.request, after))
    return is_cut


def _refused(exam: Exam, task: Task, scene: Scene, raised: str) -> Slip:
    """Return the slip that the API's refusal shows, or a ValueError of the code."""
    elsewhere, counted = _counted_elsewhere(task, scene), counted_model(scene)
    is_own = not raised.startswith("BadRequestError")
    return exam.slip(
        {
            "oldest-kept": (elsewhere == "oldest", raised),
            "counted-alone": (elsewhere == "alone", _least_counted(scene)),
            "torn": "unexpected `tool_use_id`" in raised,
            "instruction-begins": "top-level 'system' parameter" in raised,
            "bound": "bound to a different conversation" in raised,
            "nothing-left": "at least one message is required" in raised,
            "other-model": (counted not in ("", task.request["model"]), counted),
            # A text for this crash that the exercise has, as for any other call.
            exam.explanation(raised) or "odd-value": is_own or exam.explanation(raised) is not None,
        },
        otherwise="refused",
        observed=api_error(raised),
    )


def _counted_elsewhere(task: Task, scene: Scene) -> str:
    """Return "" if each count was of an end of the history, else where the last other one was."""
    whole = [_key(message) for message in task.bare]
    for count in scene.counts[::-1]:
        messages = count.get("messages")
        listed = without_thoughts(messages) if isinstance(messages, list) else []
        keys = [_key(message) for message in listed]
        if keys and keys != whole[-len(keys) :]:
            if keys == whole[: len(keys)]:
                return "oldest"
            starts = range(len(whole) - len(keys))
            return "alone" if any(whole[n : n + len(keys)] == keys for n in starts) else "other"
    return ""


def _cut_counts(task: Task, scene: Scene) -> list[Json]:
    """Return the messages of all counts that had fewer than the whole conversation."""
    counted = [_messages(count) for count in scene.counts]
    return joined([each for each in counted if len(each) < len(task.bare)])


def _least_counted(scene: Scene) -> int:
    """Return how many messages the shortest count had."""
    return min([len(_messages(count)) for count in scene.counts], default=0)


def _key(message: Json) -> str:
    """Return a text that is the same for messages that say the same, in any order of keys."""
    plain = without_objects(without_nulls(message))
    return json.dumps(plain, sort_keys=True, default=repr, skipkeys=True)


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
    left = _messages(called.value)
    observed = _size(left) if left else called.raised or called.value
    exam.expect("none", is_right, "not-raised", observed)


def _size(left: list[Json]) -> str:
    return f"a request of {len(left)} message{'' if len(left) == 1 else 's'}"


def _messages(request: Json) -> list[Json]:
    messages = request.get("messages") if isinstance(request, dict) else None
    return messages if isinstance(messages, list) else []


def _rest(request: Json) -> Json:
    if not isinstance(request, dict):
        return request
    return {key: value for key, value in request.items() if key != "messages"}


def _lacks_instructions(left: list[Json], task: Task) -> bool:
    """Return whether all that an end of the history lacks is its turns with the role system."""
    ends = (without_thoughts(joined(task.turns[-n:])) for n in range(1, len(task.turns) + 1))
    spoken = [[each for each in end if each["role"] != "system"] for end in ends]
    is_one = any(each.get("role") == "system" for each in left if isinstance(each, dict))
    has_any = any(each["role"] == "system" for each in task.bare)
    return has_any and not is_one and any(_is_like(left, each) for each in spoken)


def _is_like(left: Json, right: Json) -> bool:
    """Return whether two values say the same, with blocks as dicts or as SDK objects."""
    return is_same(without_nulls(left), without_nulls(right))


def _slip(exam: Exam, task: Task, scene: Scene, called: Called) -> Slip:
    """Return the slip that a wrong request shows."""
    value, left = called.value, without_thoughts(_messages(called.value))
    known = {_key(message) for message in task.bare}
    is_part = bool(left) and all(_key(message) in known for message in left)
    tokens = tokens_of({**task.request, "messages": left}) if is_part else 0
    is_over = tokens > task.budget
    parts = lost_parts(scene, task.request, ("system", "tools"))
    returned = value if isinstance(value, dict) else {}
    gone = [key for key in ("system", "tools") if key in task.request and key not in returned]
    unset = lost_parts(scene, task.request, SETTINGS)
    whole = _messages(value)
    is_uncut = len(whole) == len(task.messages) and _is_like(whole, task.messages)
    whole_tokens = tokens_of(task.request) if is_uncut else 0
    objection = (exam.send({**task.request, "messages": left}) or "") if is_part else ""
    is_oldest = len(left) < len(task.bare) and _is_like(left, task.bare[: len(left)])
    starts = [turn[0] for turn in task.turns]
    is_end = is_part and _is_like(left, task.bare[-len(left) :])
    is_whole = is_end and any(_is_like(left[0], start) for start in starts)
    kept = sum(len(joined(task.turns[-n:])) <= len(left) for n in range(1, len(task.turns) + 1))
    count = len(value) if isinstance(value, list) else 0
    counted, over = counted_model(scene), f"{tokens} > {task.budget}"
    return exam.slip(
        {
            "sent-for-real": (bool(scene.requests), len(scene.requests)),
            "only-messages-returned": (isinstance(value, list), count),
            "not-a-request": (not left, value),
            "guessed": (not scene.counts, _size(left)),
            "other-model": (counted != task.request["model"], counted),
            "oldest-kept": is_part and is_oldest,
            "counted-alone": (
                _counted_elsewhere(task, scene) == "alone",
                _least_counted(scene),
            ),
            "more-changed": (is_over and gone != [], ", ".join(gone)),
            "prompt-forgotten": (is_over and parts != "", over),
            "settings-lost": ((is_over or whole_tokens > task.budget) and unset != "", unset),
            "counted-without-thinking": (
                not is_over and whole_tokens > task.budget,
                f"{whole_tokens} > {task.budget}",
            ),
            "instruction-lost": (_lacks_instructions(left, task), "the messages you returned"),
            "torn": ("unexpected `tool_use_id`" in objection, objection),
            "starts-with-assistant": (is_end and left[0].get("role") == "assistant", "assistant"),
            "over-budget": (is_over, over),
            "counted-with-thinking": (
                is_whole and has_thoughts(_cut_counts(task, scene)),
                f"{kept} < {task.kept}",
            ),
            "question-in-blocks": (
                is_whole and isinstance(task.turns[-task.kept][0]["content"], list),
                f"{kept} < {task.kept}",
            ),
            "too-few-turns": (is_whole, f"{kept} < {task.kept}"),
        },
        otherwise="other-messages",
        observed=len(left),
    )
