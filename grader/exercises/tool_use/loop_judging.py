"""Call a learner's loop, and judge what it sent, ran and returned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.exams import Called, Exam, Scene, SdkObject, Slip
from grader.exercises.loops import (
    Plan,
    Ran,
    Step,
    Talk,
    content_text,
    definitions,
    find_lost_turn,
    find_mismatch,
    find_misreport,
    find_no_results,
    find_split,
    find_stray,
    find_swallowed,
    judge_runs,
    judge_unasked,
    make_registry,
    plan_call,
    results_in,
    said_in,
)
from grader.exercises.readings import first_change, is_same
from grader.exercises.replies import is_blank_dropped
from grader.plural import counted
from grader.simulator import Fault

Json = Any

DEFAULT_LIMIT = 8
"""The limit that the stub's signature promises."""
_SEARCH = {"type": "web_search_20250305", "name": "web_search"}
_CALLS_GONE = ("earlier-lost", "assistant-dropped", "results-from-assistant", "only-text-kept")
"""The mistakes that leave no calls for results to answer."""


def hold(
    exam: Exam,
    steps: Sequence[Step],
    *,
    judges: tuple[str, ...],
    before: tuple[str, ...] = (),
    crash: str | None = None,
    limit: int | None = None,
    faults: Sequence[Fault] = (),
    more: str = "",
) -> Talk:
    """Call the learner's loop with a new message, and judge the contents of its requests.

    judges, before: the criteria that code does not meet if it stops; and if it stops before the
        last reply. limit: its `max_turns`, if given. faults: the API's answers after the steps.
        more: what the message says besides.
    """
    # With spaces at its edges, which are the user's own.
    message = f" Please see to {exam.words(2)} für 日本.\n{more}\n"
    ran: list[Ran] = []
    scene = exam.scene(*(step.turn for step in steps), *faults)
    # One tool that nobody calls: the API refuses a request that chooses among no tools.
    plans = [*(plan for step in steps for plan in step.plans), plan_call(exam, "Done.")]
    tools = [*definitions(exam, [plan.name for plan in plans]), _SEARCH]
    registry = make_registry(exam, plans, ran, fails_always=True)
    may_raise = ("Exception",) if set(judges) & {"limit", "ends"} else ("BadRequestError",)
    options: dict[str, Any] = {} if limit is None else {"max_turns": limit}

    def sent(called: Called | None) -> None:
        _judge_requests(exam, scene, message, tools, called and called.value, limit)
        if called is None and len(scene.asked) < len(steps):
            exam.judge(Slip("stopped-early"), *before)

    called = exam.call(
        scene.client,
        message,
        tools,
        registry,
        judges=judges,
        may_raise=may_raise,
        crash=crash,
        sent=sent,
        **options,
    )
    after, functions = called.arguments[2:]
    names = list(functions) if isinstance(functions, dict) else functions
    if scene.requests:
        exam.expect("asks", is_same(after, tools), "mutated", after)
        exam.expect("asks", names == list(registry), "mutated", names)
    return Talk({"tools": tools}, steps, scene, called, ran)


def _judge_requests(
    exam: Exam,
    scene: Scene,
    message: str,
    tools: list[Json],
    value: object,
    limit: int | None,
) -> None:
    requests = scene.requests
    if not exam.expect("asks", bool(requests), "no-request", value):
        return
    first = said_in(requests[0].get("messages"))
    said = first[0].words if first else requests[0].get("messages")
    exam.expect("asks", said == message, "other-message", first_change(message, said))
    bare = next((request for request in requests if request.get("tools") != tools), None)
    if bare is not None:
        mine = bare.get("tools")
        wrong = exam.which({"no-tools": not mine}, otherwise="tools-changed")
        observed = mine if wrong == "no-tools" else first_change(tools, mine)
        exam.expect("asks", False, wrong, observed, request=bare)
    # The last request that the limit allows may ask for an answer: nobody could answer a call.
    before_last = scene.asked[1 : (limit or DEFAULT_LIMIT) - 1]
    forced = [
        exchange.request.body
        for exchange in before_last
        if exchange.message and _is_forced(exchange.request.body, exchange.message["content"])
    ]
    observed = forced[0]["tool_choice"] if forced else ""
    exam.expect("asks", not forced, "tool-forced", observed, request=forced[0] if forced else None)


def _is_forced(request: Json, content: Sequence[Json]) -> bool:
    """Return whether a request's choice of tools rules out the reply that it got from a script."""
    choice = request.get("tool_choice")
    kind = choice.get("type") if isinstance(choice, dict) else "auto"
    is_calling = any(block["type"] == "tool_use" for block in content)
    return kind == "none" if is_calling else kind in ("any", "tool")


# -- loops that end well ---------------------------------------------------------------------


def judge_run(exam: Exam, talk: Talk, texts: Sequence[str]) -> bool:
    """Judge a loop that ends well, and return whether its history is right.

    texts: those of the last reply.
    """
    if not talk.count:
        return False
    if talk.count < len(talk.steps) and talk.refusal is None and talk.count == 1:
        return exam.expect("answer", False, "stopped-early", talk.outcome)
    plans = [plan for step in talk.answered for plan in step.plans]
    if talk.count == 1:
        return exam.expect("answer", False, "refused", talk.refusal or "")
    # Code that catches every exception of a call catches those of its own mistakes, too.
    answers = [said for number in range(1, talk.count) for said in talk.answers(number)]
    blocks = [block for said in answers for block in said.blocks]
    swallowed = find_swallowed(exam, results_in(blocks), plans)
    if not exam.judge(swallowed, "inputs"):
        return False
    # We don't judge here what a tool says to an input other than Claude's.
    is_fed = judge_runs(exam, "inputs", plans, talk.ran)
    judge_unasked(exam, "inputs", plans, talk.ran)
    if not _judge_rounds(exam, talk, is_fed=is_fed):
        return False
    if talk.count < len(talk.steps):
        return exam.expect("answer", False, "stopped-early", talk.outcome)
    _judge_answer(exam, talk, texts)
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
        slip = lost if are_gone else _find_slip(talk, number)
        exam.judge(slip, "results", request=body)
        if lost or slip:
            return False
        # A value that got lost on its way leaves the history as it should be.
        exam.judge(_find_misreport(talk, number) if is_fed else None, "results", request=body)
    return exam.expect("results", talk.refusal is None, "refused", talk.refusal or "")


def _find_slip(talk: Talk, number: int) -> Slip | None:
    """Return what is wrong with the results of one round, whatever they say, or None."""
    plans, answers = talk.steps[number].plans, talk.answers(number + 1)
    results = results_in([block for said in answers for block in said.blocks])
    slip = find_no_results(answers) or find_mismatch(results, plans, in_order=False)
    if slip is not None:
        return slip
    by_id = {result["tool_use_id"]: result.get("content", "") for result in results}
    odd = [content for content in by_id.values() if not isinstance(content, str | list)]
    if odd:
        return Slip("not-text", odd[0])
    return find_split(answers)


def _find_misreport(talk: Talk, number: int) -> Slip | None:
    """Return how the results of one round don't say what the tools returned, or None."""
    blocks = [block for said in talk.answers(number + 1) for block in said.blocks]
    by_id = {result["tool_use_id"]: result for result in results_in(blocks)}
    slips = (find_misreport(by_id[plan.id], plan) for plan in talk.steps[number].plans)
    return next(filter(None, slips), None)


def _judge_answer(exam: Exam, talk: Talk, answers: Sequence[str]) -> None:
    called = talk.called
    value, whole = called.value, "".join(answers)
    held = value if isinstance(value, list) else [value]
    wrong = exam.which(
        {
            "empty-otherwise": not talk.reply(talk.count - 1) and not _tells_more(talk),
            "printed": value is None and whole != "" and whole in called.printed,
            "returned-blocks": any(isinstance(item, SdkObject | dict) for item in held),
            "blank-dropped": is_blank_dropped(value, list(answers)),
            "only-one-text": len(answers) > 1 and value in answers,
        },
        otherwise="other-answer",
    )
    types = ", ".join(block["type"] for block in talk.reply(talk.count - 1))
    observed = f"{types}; your function returned {value!r}" if wrong == "blank-dropped" else value
    exam.expect("answer", is_same(value, whole), wrong, observed)


def _tells_more(talk: Talk) -> bool:
    """Return whether the text of an earlier reply came back."""
    value, earlier = talk.called.value, map(content_text, map(talk.reply, range(talk.count - 1)))
    return isinstance(value, str) and any(words and words in value for words in earlier)


# -- calls that fail -------------------------------------------------------------------------


def judge_failure(exam: Exam, talk: Talk, plans: Sequence[Plan], kills: str) -> None:
    """Judge the answers to some calls, some of which fail.

    kills: the mistake of code that went no further.
    """
    if talk.count < 2:
        exam.expect("errors", False, kills, talk.outcome)
        return
    for plan in plans:
        asked = sum(each.is_known and each.name == plan.name for each in plans)
        ran = sum(run.name == plan.name for run in talk.ran)
        often = f"{counted(ran, 'time')} for {counted(asked, 'call')}"
        exam.expect("inputs", ran <= asked, "ran-twice", often)
        others = [run for run in talk.ran if run.name == plan.name and not plan.is_run_by(run)]
        if plan.strange and others:
            exam.expect("inputs", False, "other-input", others[0].written)
    slip = _find_slip(talk, 0)
    # Another scene judges how many messages they come in.
    if slip is not None and slip.mistake != "results-split":
        exam.judge(slip, "errors")
        return
    answers = [block for said in talk.answers(1) for block in said.blocks]
    results = {result["tool_use_id"]: result for result in results_in(answers)}
    for plan in plans:
        result = results[plan.id]
        mark, says = result.get("is_error"), content_text(result.get("content"))
        if not plan.fails:
            exam.expect("errors", not mark, "success-as-error", result)
            is_fed = any(plan.is_run_by(run) for run in talk.ran)
            lost = is_fed and plan.value["code"] not in says
            exam.expect("errors", not lost, "value-lost", f"{plan.value!r} → {says!r}")
            continue
        exam.expect("errors", mark is True, "error-unmarked", result)
        is_said = bool(says.strip()) and plan.reason in says
        is_wordless = plan.is_known and not plan.reason
        wrong = exam.which({"error-empty": is_wordless}, otherwise="error-silent")
        exam.expect("errors", is_said, wrong, result if wrong == "error-empty" else says)
