"""The loop: run what Claude asks for and send back the results, until there is an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.exams import Called, Criterion, Exam, SdkObject, Slip, exercise
from grader.exercises.loops import (
    Ran,
    Step,
    Talk,
    asking,
    content_text,
    definitions,
    find_lost_turn,
    find_mismatch,
    find_no_results,
    find_split,
    find_stray,
    judge_runs,
    make_registry,
    plan_call,
    results_in,
    said_in,
)
from grader.exercises.readings import is_same
from grader.simulator import empty, refusal, text, thinking

Json = Any

DEFAULT_LIMIT = 8
"""The limit that the stub's signature promises."""

_TO_SPARE = 4
"""How many turns a scene has beyond the limit, so that we can tell going on from failing."""
_ROUNDS = ("inputs", "assistant", "results", "answer")
"""The criteria of a loop that ends well."""
_CALLS_GONE = ("earlier-lost", "assistant-dropped", "results-from-assistant", "only-text-kept")
"""The mistakes that leave no calls for results to answer."""


@exercise(
    minutes=15,
    criteria=[
        Criterion("asks", "the user's message goes out, and the tools with every request"),
        Criterion("inputs", "each call runs its tool once, with the input that Claude sent"),
        Criterion("assistant", "Claude's whole turn goes back, unchanged", points=2),
        Criterion("results", "every call is answered, all in one user message", points=2),
        Criterion("answer", "the text of the last reply comes back, whole"),
        Criterion("errors", "an unknown tool and one that raises are answered as errors"),
        Criterion("limit", "after `max_turns` requests it raises a `RuntimeError`"),
        Criterion("ends", "any other stop reason raises a `RuntimeError` that names it"),
    ],
)
def run_tools(exam: Exam) -> None:
    """Run loops of one round and of three, with failing tools, without an end, and cut short."""
    if not _one_call(exam):
        return
    _several_calls(exam)
    _ending_in_time(exam)
    _without_end(exam, exam.number(3, 5))
    _without_end(exam, None)
    _stopped_otherwise(exam)
    # Last, because code that stops here ends the exam.
    _nothing_to_add(exam)
    _failing(exam, "unknown-kills", raises=False)
    _failing(exam, "failure-kills", raises=True)


def _one_call(exam: Exam) -> bool:
    """Judge the smallest loop, and return whether its history is right."""
    plan, answer = plan_call(exam, {"code": exam.fresh("code")}), exam.words(5)
    talk = _talk(exam, (asking(plan), asking(text(answer))), judges=_ROUNDS)
    return _judge_run(exam, talk, answer)


def _several_calls(exam: Exam) -> None:
    """Try two calls of one tool behind thinking and text, then one of another, then two texts."""
    name = exam.fresh("get")
    one, two = (
        plan_call(exam, {"code": exam.fresh("code"), "known": True}, name=name) for _ in "12"
    )
    other = plan_call(exam, {"code": exam.fresh("code")})
    answers = [f"{exam.words(3)} ", exam.words(3)]
    steps = (
        asking(thinking(), text("One moment."), one, two),
        asking(thinking(), other),
        asking(thinking(), *map(text, answers)),
    )
    _judge_run(exam, _talk(exam, steps, judges=_ROUNDS), *answers)


def _ending_in_time(exam: Exam) -> None:
    limit = exam.number(2, 3)
    steps = (*_calling(exam, limit - 1), asking(text(exam.words(3))))
    talk = _talk(exam, steps, judges=("limit",), limit=limit)
    in_time = talk.called.raised is None and talk.count == limit
    exam.expect("limit", in_time, "limit-early", talk.outcome)


def _without_end(exam: Exam, limit: int | None) -> None:
    most = limit or DEFAULT_LIMIT
    talk = _talk(exam, _calling(exam, most + _TO_SPARE), judges=("limit",), limit=limit)
    given = f"max_turns={limit}" if limit else f"the default max_turns={DEFAULT_LIMIT}"
    exam.expect(
        "limit", 0 < talk.count <= most, "limit-ignored", f"{talk.count} requests with {given}"
    )
    called = talk.called
    wrong = exam.which({"limit-silent": called.raised is None}, otherwise="limit-other-error")
    exam.expect("limit", "RuntimeError" in called.raised_kinds, wrong, talk.outcome)


def _stopped_otherwise(exam: Exam) -> None:
    """Try a call that the limit cut off, a refusal, and a window that is full."""
    cut = asking(text(exam.words(3)), plan_call(exam, "Done."), stop_reason="max_tokens")
    full = text(exam.words(3), stop_reason="model_context_window_exceeded")
    for step in (cut, Step(refusal(exam.pick("cyber", "bio"))), Step(full)):
        reason = step.turn.stop_reason
        # A second reply, so that we can tell going on from failing.
        talk = _talk(exam, (step, asking(text("Fine."))), judges=("ends",))
        ran, raised = talk.ran, talk.called.raised
        exam.expect("ends", not ran, "cut-call-run", ran[0].written if ran else "")
        exam.expect("ends", talk.count < 2, "stop-ignored", reason)
        wrong = exam.which({"stop-silent": raised is None}, otherwise="stop-other-error")
        observed = reason if wrong == "stop-silent" else raised
        exam.expect("ends", "RuntimeError" in talk.called.raised_kinds, wrong, observed)
        exam.expect("ends", reason in (raised or ""), "stop-unnamed", raised)


def _nothing_to_add(exam: Exam) -> None:
    steps = (asking(plan_call(exam, "Done.")), Step(empty()))
    talk = _talk(exam, steps, judges=("answer",), crash="empty-crash")
    exam.expect("answer", is_same(talk.called.value, ""), "empty-crash", talk.outcome)


def _failing(exam: Exam, mistake: str, *, raises: bool) -> None:
    """Try a call that cannot work, unknown or raising, beside one that can."""
    bad = plan_call(exam, ValueError(exam.words(3)), is_known=raises)
    good = plan_call(exam, {"code": exam.fresh("code")})
    steps = (asking(bad, good), asking(text(exam.words(3))))
    talk = _talk(exam, steps, judges=("errors",), crash=mistake)
    if talk.count < 2:
        exam.expect("errors", False, mistake, talk.outcome)
        return
    slip = _find_slip(talk, 0, is_fed=any(good.is_run_by(run) for run in talk.ran))
    # Another check judges how many messages they come in.
    if slip is not None and slip.mistake != "results-split":
        exam.judge(slip, "errors")
        return
    answers = [block for said in talk.answers(1) for block in said.blocks]
    results = {result["tool_use_id"]: result for result in results_in(answers)}
    mark = results[bad.id].get("is_error")
    exam.expect("errors", mark is True, "error-unmarked", mark)
    says = content_text(results[bad.id].get("content"))
    exam.expect("errors", says.strip() != "", "error-silent", says)
    worked = results[good.id]
    exam.expect("errors", not worked.get("is_error"), "success-as-error", worked)


# -- scenes --------------------------------------------------------------------------------


def _calling(exam: Exam, count: int) -> tuple[Step, ...]:
    """Return this many replies that call one tool."""
    name = exam.fresh("get")
    return tuple(asking(plan_call(exam, "Wait.", name=name)) for _ in range(count))


def _talk(
    exam: Exam,
    steps: Sequence[Step],
    *,
    judges: tuple[str, ...],
    crash: str | None = None,
    limit: int | None = None,
) -> Talk:
    """Call the learner's loop with a new message, and judge the contents of its requests."""
    message = f"Please see to {exam.words(2)}."
    ran: list[Ran] = []
    scene = exam.scene(*(step.turn for step in steps))
    # One tool that nobody calls: the API refuses a request that chooses among no tools.
    plans = [*(plan for step in steps for plan in step.plans), plan_call(exam, "Done.")]
    tools = definitions(exam, [plan.name for plan in plans])
    may_raise = ("Exception",) if set(judges) & {"limit", "ends"} else ("BadRequestError",)
    options: dict[str, Any] = {} if limit is None else {"max_turns": limit}

    def sent(called: Called | None) -> None:
        _judge_requests(exam, scene.requests, message, tools, called and called.value)

    called = exam.call(
        scene.client,
        message,
        tools,
        make_registry(exam, plans, ran, fails_always=True),
        judges=judges,
        may_raise=may_raise,
        crash=crash,
        sent=sent,
        **options,
    )
    return Talk({"tools": tools}, steps, scene, called, ran)


# -- judging -------------------------------------------------------------------------------


def _judge_requests(
    exam: Exam, requests: list[Json], message: str, tools: list[Json], value: object
) -> None:
    if not exam.expect("asks", bool(requests), "no-request", value):
        return
    first = said_in(requests[0].get("messages"))
    said = first[0].words if first else requests[0].get("messages")
    exam.expect("asks", said == message, "other-message", said)
    bare = next((request for request in requests if request.get("tools") != tools), None)
    observed = "" if bare is None else bare.get("tools")
    exam.expect("asks", bare is None, "no-tools", observed, request=bare)


def _judge_run(exam: Exam, talk: Talk, *answers: str) -> bool:
    """Judge a loop that ends well, and return whether its history is right."""
    if not talk.count:
        return False
    if talk.count == 1:
        wrong = exam.which({"refused": talk.refusal is not None}, otherwise="stopped-early")
        return exam.expect("answer", False, wrong, talk.refusal or talk.outcome)
    plans = [plan for step in talk.answered for plan in step.plans]
    # We don't judge here what a tool says to an input other than Claude's.
    is_fed = judge_runs(exam, "inputs", plans, talk.ran)
    if not _judge_rounds(exam, talk, is_fed=is_fed):
        return False
    _judge_answer(exam, talk, list(answers))
    return True


def _judge_rounds(exam: Exam, talk: Talk, *, is_fed: bool) -> bool:
    """Judge the answer to each reply that asks for tools, up to the first mistake."""
    for number in range(talk.count - 1):
        if talk.is_refused(number):
            break
        if not talk.steps[number].plans:
            return exam.expect("answer", False, "asks-again", number + 1)
        before, after = talk.messages(number), talk.messages(number + 1)
        body = talk.scene.requests[number + 1]
        exam.judge(find_stray(after), "results", request=body)
        lost = find_lost_turn(before, after, talk.reply(number))
        exam.judge(lost, "assistant", request=body)
        # If the calls themselves are gone, no result can answer them.
        are_gone = lost is not None and lost.mistake in _CALLS_GONE
        slip = lost if are_gone else _find_slip(talk, number, is_fed=is_fed)
        exam.judge(slip, "results", request=body)
        if lost or slip:
            return False
    return exam.expect("results", talk.refusal is None, "refused", talk.refusal or "")


def _find_slip(talk: Talk, number: int, *, is_fed: bool = True) -> Slip | None:
    """Return what is wrong with the results of one round; is_fed: whether they can be right."""
    plans, answers = talk.steps[number].plans, talk.answers(number + 1)
    results = results_in([block for said in answers for block in said.blocks])
    slip = find_no_results(answers) or find_mismatch(results, plans, in_order=False)
    if slip is not None:
        return slip
    by_id = {result["tool_use_id"]: result.get("content", "") for result in results}
    odd = [content for content in by_id.values() if not isinstance(content, str | list)]
    if odd:
        return Slip("not-text", odd[0])
    lost = (
        Slip("value-lost", content_text(by_id[plan.id]))
        for plan in plans
        if is_fed and not plan.fails and plan.value["code"] not in content_text(by_id[plan.id])
    )
    return find_split(answers) or next(lost, None)


def _judge_answer(exam: Exam, talk: Talk, answers: list[str]) -> None:
    called = talk.called
    value, whole = called.value, "".join(answers)
    held = value if isinstance(value, list) else [value]
    wrong = exam.which(
        {
            "printed": value is None and whole in called.printed,
            "returned-blocks": any(isinstance(item, SdkObject | dict) for item in held),
            "only-one-text": len(answers) > 1 and value in answers,
        },
        otherwise="other-answer",
    )
    exam.expect("answer", is_same(value, whole), wrong, value)
