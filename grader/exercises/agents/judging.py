"""Talk with a learner's agent, and judge what it sent, ran and returned."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from grader.exams import Called, Exam, Record, Scene, Slip
from grader.exercises.loops import (
    Ran,
    Step,
    Talk,
    begins_with,
    definitions,
    dicts_in,
    entries_of,
    find_lost_pause,
    find_lost_turn,
    find_mismatch,
    find_misreport,
    find_no_results,
    find_split,
    find_stray,
    find_swallowed,
    instructed_exchange,
    instructions_gone,
    joined,
    judge_runs,
    judge_unasked,
    make_registry,
    new_request,
    plain_exchange,
    plan_call,
    results_in,
    said_in,
    types_of,
)
from grader.exercises.readings import differing, first_change, is_same
from grader.exercises.replies import is_blank_dropped, is_joined_otherwise

Json = Any

ENOUGH = 6
"""A limit on turns that only scenes about the limit reach."""

_EXCHANGES = 13
"""So many exchanges have gone before that no code can leave some of them out unseen."""
_FIELDS = ("status", "text", "messages")
_SEARCH = {"type": "web_search_20250305", "name": "web_search"}


def hold_talk(
    exam: Exam,
    steps: Sequence[Step],
    criteria: tuple[str, ...],
    *,
    before: tuple[str, ...] = (),
    crash: str | None = None,
    may_raise: tuple[str, ...] = ("BadRequestError",),
    max_turns: int = ENOUGH,
    is_instructed: bool = False,
    **more: Json,
) -> Talk:
    """Call the learner's agent with a new request, and judge the contents of its requests.

    criteria, before: those that code does not meet if it stops; and if it stops before the last
        reply. is_instructed: whether a turn has the role system, where the model takes it.
        more: parameters of the request besides those that every request has.
    """
    plans = [plan for step in steps for plan in step.plans]
    spare = plan_call(exam, "Done.")
    tools = [*definitions(exam, [plan.name for plan in plans]), _SEARCH]
    # Each of these says what goes without saying, and is the caller's all the same.
    said: Json = {"tool_choice": {"type": "auto"}, "metadata": {"user_id": exam.fresh("user")}}
    request = new_request(exam, tools=tools, **said, **more)
    earlier = [plain_exchange(exam) for _ in range(_EXCHANGES)]
    if is_instructed:
        earlier[-1:] = [instructed_exchange(exam)]
    request["messages"] = [*joined(earlier), *request["messages"]]
    ran: list[Ran] = []
    scene = exam.scene(*(step.turn for step in steps))

    def sent(called: Called | None) -> None:
        _judge_requests(exam, scene, request)
        if called is None and len(scene.asked) < len(steps):
            exam.judge(Slip("stopped-early"), *before)

    called = exam.call(
        scene.client,
        copy.deepcopy(request),
        make_registry(exam, [*plans, spare], ran),
        judges=criteria,
        may_raise=may_raise,
        crash=crash,
        sent=sent,
        # A NamedTuple, or a class of pydantic's, is as good as the stub's dataclass.
        reads=_FIELDS,
        max_turns=max_turns,
    )
    if scene.requests:
        after = called.arguments[1]
        exam.expect("messages", is_same(after, request), "mutated", first_change(request, after))
    return Talk(request, steps, scene, called, ran)


def _judge_requests(exam: Exam, scene: Scene, request: dict[str, Json]) -> None:
    requests = scene.requests
    if not exam.expect("asks", bool(requests), "no-request"):
        return
    messages = requests[0].get("messages")
    is_begun = begins_with(entries_of(messages), entries_of(request["messages"]))
    is_lost = instructions_gone(said_in(messages), said_in(request["messages"]))
    slip = exam.slip(
        {"instruction-lost": (is_lost, "the request")},
        otherwise="other-question",
        observed=messages,
    )
    exam.expect("asks", is_begun, slip)
    for body in requests:
        is_begun = begins_with(entries_of(body.get("messages")), entries_of(request["messages"]))
        held = len(dicts_in(body.get("messages")))
        exam.expect("asks", is_begun, "earlier-lost", held, request=body)
        keys = differing(body, request, but=("messages", "stream"))
        exam.expect("asks", not keys, "request-lost", ", ".join(keys))


def judge_run(exam: Exam, talk: Talk, *texts: str, criterion: str = "returns") -> bool:
    """Judge a run that ends well, and return whether Claude's turns and the results are right.

    texts: the texts of the last reply. criterion: the result's.
    """
    if not _judge_rounds(exam, talk):
        return False
    if talk.count < talk.expected_count:
        fields = _fields(talk)
        is_paused = talk.last_reason == "pause_turn"
        wrong = exam.which(
            {
                "limit-early": fields is not None and fields["status"] == "turn_limit",
                "pause-as-answer": is_paused,
            },
            otherwise="stopped-early",
        )
        observed = f"status {fields['status']}, text {fields['text']!r}" if fields else talk.outcome
        return exam.expect("paused" if is_paused else "returns", False, wrong, observed)
    judge_result(exam, talk, criterion, "done", texts, "other-status")
    return True


def _fields(talk: Talk) -> dict[str, Json] | None:
    """Return the fields of the result, or None if the value isn't such a result."""
    value = talk.called.value
    is_result = isinstance(value, Record) and value.fields.keys() >= set(_FIELDS)
    return value.fields if is_result else None


def _judge_rounds(exam: Exam, talk: Talk) -> bool:
    """Judge each request by the reply before it, up to the first wrong one."""
    says_right = True
    for number in range(talk.count - 1):
        if talk.is_refused(number):
            break
        before, after = talk.messages(number), talk.messages(number + 1)
        body, reply = talk.scene.requests[number + 1], talk.reply(number)
        reason = talk.steps[number].turn.stop_reason
        if reason == "pause_turn":
            if not exam.judge(find_lost_pause(before, after, reply), "paused", request=body):
                return False
        elif reason == "tool_use":
            slip = find_stray(after) or find_lost_turn(before, after, reply)
            if not exam.judge(slip, "history", request=body):
                return False
            if not exam.judge(_find_unanswered(exam, talk, number), "results", request=body):
                return False
            says_right = _judge_contents(exam, talk, number) and says_right
        else:
            return exam.expect("returns", False, "asks-again", number + 1)
    refusal = talk.refusal
    if refusal is not None and says_right:
        exam.expect("history", False, "refused", refusal)
    return refusal is None


def _find_unanswered(exam: Exam, talk: Talk, number: int) -> Slip | None:
    """Return why some call of a reply has no answer in the next request, or None."""
    plans, answers = talk.steps[number].plans, talk.answers(number + 1)
    results = results_in([block for said in answers for block in said.blocks])
    return (
        find_no_results(answers)
        or find_swallowed(exam, results, plans)
        or find_mismatch(results, plans)
        or find_split(answers)
    )


def _judge_contents(exam: Exam, talk: Talk, number: int) -> bool:
    """Judge which tools ran, and what their answers say.

    Results may be written by the learner's `execute_all`, so a mistake of the loop comes first.
    """
    plans = talk.steps[number].plans
    is_right = judge_runs(exam, "results", plans, talk.ran)
    known = [plan for step in talk.steps for plan in step.plans]
    is_right = judge_unasked(exam, "results", known, talk.ran) and is_right
    for result, plan in zip(talk.answers(number + 1)[0].blocks, plans, strict=False):
        criterion = "errors" if plan.goes_wrong else "results"
        is_right = exam.judge(find_misreport(result, plan), criterion, is_last=True) and is_right
    return is_right


def judge_result(
    exam: Exam,
    talk: Talk,
    criterion: str,
    status: str,
    texts: Sequence[str],
    mistake: str,
) -> None:
    """Judge the result of a run; mistake: the one that any other status shows."""
    fields = _fields(talk)
    if fields is None:
        called = talk.called
        wrong = exam.which(
            {
                "refused": called.raised is not None,
                "printed": called.value is None and called.printed != "",
            },
            otherwise="not-a-result",
        )
        exam.expect(criterion, False, wrong, called.raised or called.value)
        return
    observed = f"stop_reason {talk.last_reason} → status {fields['status']}"
    exam.expect(criterion, is_same(fields["status"], status), mistake, observed)
    said = fields["text"]
    slip = exam.slip(
        {
            "only-one-text": len(texts) > 1 and said in texts,
            "blank-dropped": (is_blank_dropped(said, list(texts)), list(texts)),
            "joined-otherwise": len(texts) > 1 and is_joined_otherwise(said, list(texts)),
            "text-emptied": (said in ("", None) and bool(texts), talk.last_reason),
        },
        otherwise="other-answer",
        observed=said,
    )
    exam.expect(criterion, is_same(said, "".join(texts)), slip)
    _judge_messages(exam, talk, fields["messages"], status)


def _judge_messages(exam: Exam, talk: Talk, value: Json, status: str) -> None:
    """Judge whether a conversation is whole, and whether the API would continue it."""
    messages = dicts_in(value)
    last = talk.count - 1
    sent, kept = entries_of(talk.messages(last)), entries_of(messages)
    exam.expect("messages", begins_with(kept, sent), "messages-partial", value)
    reply = entries_of([{"role": "assistant", "content": talk.reply(last)}])
    if status in ("done", "turn_limit"):
        is_kept = begins_with(kept, [*sent, *reply])
        last_said = messages[-1] if messages else value
        mine = types_of([block for _, block in kept[len(sent) :]])
        whole = types_of([block for _, block in reply])
        is_there = isinstance(last_said, dict) and last_said.get("role") == "assistant"
        slip = exam.slip(
            {
                "last-turn-lost": status != "done",
                "answer-changed": (is_there, f"{mine} (not {whole})"),
                "thought-not-kept": ("text" not in whole, whole),
            },
            otherwise="answer-not-kept",
            observed=last_said,
        )
        exam.expect("messages", is_kept, slip)
    if status in ("max_tokens", "refusal"):
        observed = f"{talk.last_reason} → {types_of([block for _, block in kept[len(sent) :]])}"
        exam.expect("messages", len(kept) == len(sent), "end-kept", observed)
    # A run at its limit goes on by itself; any other needs another question.
    more = [] if status == "turn_limit" else [{"role": "user", "content": exam.words(3)}]
    refusal = exam.send({**talk.request, "messages": [*messages, *more]})
    is_unanswered = status == "turn_limit" and "without `tool_result` blocks" in (refusal or "")
    wrong = exam.which({"limit-unanswered": is_unanswered}, otherwise="messages-poisoned")
    exam.expect("messages", refusal is None, wrong, refusal or "")
    if status == "turn_limit":
        _judge_last_calls(exam, talk)


def _judge_last_calls(exam: Exam, talk: Talk) -> None:
    """Judge whether the calls of the last reply were run, though the run is at its limit."""
    names = {run.name for run in talk.ran}
    plans = talk.steps[min(talk.count, len(talk.steps)) - 1].plans
    missing = [plan.written for plan in plans if plan.is_known and plan.name not in names]
    exam.expect("limit", not missing, "last-calls-not-run", ", ".join(missing))
