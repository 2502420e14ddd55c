"""The loop: run what Claude asks for, send back what came out, until there is an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.exams import Criterion, Exam, SdkObject, exercise, shown
from grader.exercises.histories import Fault
from grader.exercises.readings import content_text, is_same
from grader.exercises.tool_use.histories import (
    CALLS_GONE,
    find_lost_result,
    find_lost_turn,
    result_text,
)
from grader.exercises.tool_use.talk import Ran, Talk
from grader.simulator import Turn, empty, refusal, text, thinking, tool_use, turn

Json = Any
Outcome = Callable[[Mapping[str, Json]], Json]
"""What a tool of the exam does with its input."""

DEFAULT_LIMIT = 8
"""The limit that the stub's signature promises."""

_TO_SPARE = 4
"""How many turns a scene goes on beyond its limit, so that going on is told apart from failing."""


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
    # Last, for code that stops here ends the exam.
    _nothing_to_add(exam)
    _failing(exam, "unknown-tool-crash", raises=False)
    _failing(exam, "tool-crash", raises=True)


def _one_call(exam: Exam) -> bool:
    """Judge the smallest loop, and return whether its history is right."""
    name, code, answer = exam.fresh("get"), exam.fresh("code"), exam.words(5)
    script = (_call(exam, name), text(answer))
    criteria = ("inputs", "assistant", "results", "answer")
    talk = _talk(exam, script, {name: lambda _: {"code": code}}, judges=criteria)
    if not talk.requests or not _is_under_way(exam, talk):
        return False
    is_fed = _judge_inputs(exam, talk)
    if not _judge_rounds(exam, talk, lambda _: code if is_fed else ""):
        return False
    _judge_answer(exam, talk, [answer])
    return True


def _several_calls(exam: Exam) -> None:
    """Try two calls of one tool behind thinking and text, then one of another, then two texts."""
    one, other = exam.fresh("get"), exam.fresh("set")
    codes: dict[str, str] = {}

    def look_up(tool_input: Mapping[str, Json]) -> Json:
        key = shown(tool_input.get("key"))
        return {"code": codes.setdefault(key, exam.fresh("code")), "known": True}

    first = turn(thinking(), text("One moment."), _call(exam, one), _call(exam, one))
    answers = [f"{exam.words(3)} ", exam.words(3)]
    last = turn(thinking(), *(text(answer) for answer in answers))
    script = (first, turn(thinking(), _call(exam, other)), last)
    criteria = ("inputs", "assistant", "results", "answer")
    talk = _talk(exam, script, {one: look_up, other: look_up}, judges=criteria)
    if not talk.requests or not _is_under_way(exam, talk):
        return
    # What a tool says to another input than Claude's is no matter of the results.
    is_fed = _judge_inputs(exam, talk)
    if _judge_rounds(exam, talk, lambda call: codes[call["input"]["key"]] if is_fed else ""):
        _judge_answer(exam, talk, answers)


def _ending_in_time(exam: Exam) -> None:
    name, limit = exam.fresh("get"), exam.number(2, 3)
    script = (*(_call(exam, name) for _ in range(limit - 1)), text(exam.words(3)))
    talk = _talk(exam, script, {name: lambda _: "Wait."}, judges=("limit",), limit=limit)
    in_time = talk.called.raised is None and len(talk.requests) == limit
    exam.expect("limit", in_time, "limit-early", talk.outcome)


def _without_end(exam: Exam, limit: int | None) -> None:
    name, most = exam.fresh("get"), limit or DEFAULT_LIMIT
    script = tuple(_call(exam, name) for _ in range(most + _TO_SPARE))
    talk = _talk(exam, script, {name: lambda _: "Wait."}, judges=("limit",), limit=limit)
    given = f"max_turns={limit}" if limit else f"the default max_turns={DEFAULT_LIMIT}"
    count = len(talk.requests)
    exam.expect("limit", 0 < count <= most, "no-limit", f"{count} requests with {given}")
    called = talk.called
    wrong = exam.which({"limit-silent": called.raised is None}, otherwise="limit-other-error")
    exam.expect("limit", "RuntimeError" in called.raised_kinds, wrong, talk.outcome)


def _stopped_otherwise(exam: Exam) -> None:
    """Try a call that the limit cut off, a refusal, and a window that is full."""
    name = exam.fresh("set")
    cut = turn(text(exam.words(3)), _call(exam, name), stop_reason="max_tokens")
    full = text(exam.words(3), stop_reason="model_context_window_exceeded")
    for reply in (cut, refusal(exam.pick("cyber", "bio")), full):
        reason = reply.stop_reason
        # A second reply, so that going on is told apart from failing.
        talk = _talk(exam, (reply, text("Fine.")), {name: lambda _: "Done."}, judges=("ends",))
        ran, raised = talk.ran, talk.called.raised
        exam.expect("ends", not ran, "cut-call-run", ran[0].written if ran else "")
        exam.expect("ends", len(talk.requests) < 2, "stop-ignored", reason)
        wrong = exam.which({"stop-silent": raised is None}, otherwise="stop-other-error")
        observed = reason if wrong == "stop-silent" else raised
        exam.expect("ends", "RuntimeError" in talk.called.raised_kinds, wrong, observed)
        exam.expect("ends", reason in (raised or ""), "stop-unnamed", raised)


def _nothing_to_add(exam: Exam) -> None:
    name = exam.fresh("set")
    script = (_call(exam, name), empty())
    tools = {name: lambda _: "Done."}
    talk = _talk(exam, script, tools, judges=("answer",), crash="empty-crash")
    exam.expect("answer", is_same(talk.called.value, ""), "empty-crash", talk.outcome)


def _failing(exam: Exam, mistake: str, *, raises: bool) -> None:
    """Try a call that cannot work, unknown or raising, beside one that can."""
    bad, good, code = exam.fresh("get"), exam.fresh("get"), exam.fresh("code")
    reason = exam.words(3)

    def fail(_input: Mapping[str, Json]) -> Json:
        raise ValueError(reason)

    calls = (_call(exam, bad), _call(exam, good))
    tools: dict[str, Outcome] = {good: lambda _: {"code": code}}
    if raises:
        tools[bad] = fail
    script = (turn(*calls), text(exam.words(3)))
    talk = _talk(exam, script, tools, judges=("errors",), crash=mistake)
    if len(talk.requests) < 2:
        exam.expect("errors", False, mistake, talk.outcome)
        return
    failed, worked = (call.content[0]["id"] for call in calls)
    fault = _find_fault(talk, 0, lambda call: code if call["id"] == worked else "")
    # In how many messages they come is judged elsewhere.
    if fault is not None and fault.diagnosis != "results-split":
        exam.expect("errors", False, fault.diagnosis, fault.observed)
        return
    results = {result["tool_use_id"]: result for result in talk.results(1)}
    mark = results[failed].get("is_error")
    exam.expect("errors", mark is True, "error-unmarked", mark)
    says = result_text(results[failed])
    exam.expect("errors", says.strip() != "", "error-silent", says)
    exam.expect("errors", not results[worked].get("is_error"), "success-as-error", results[worked])


# -- scenes --------------------------------------------------------------------------------


def _call(exam: Exam, name: str) -> Turn:
    """Return a turn that asks for a tool, with an input and an id that nobody has seen."""
    return tool_use(name, {"key": exam.fresh("in")}, id=exam.fresh("toolu"))


def _talk(
    exam: Exam,
    script: tuple[Turn, ...],
    outcomes: Mapping[str, Outcome],
    *,
    judges: tuple[str, ...],
    crash: str | None = None,
    limit: int | None = None,
) -> Talk:
    """Call the learner's loop with a new message, and judge what its requests asked."""
    message = f"Please see to {exam.words(2)}."
    ran: list[Ran] = []
    scene = exam.scene(*script)
    names = {block["name"] for each in script for block in each.content if "name" in block}
    # Never none: a request that says how to choose among no tools would be refused.
    tools = [_definition(exam, name) for name in sorted(names | set(outcomes))]
    registry = {
        name: exam.function(name, _watched(name, outcome, ran))
        for name, outcome in outcomes.items()
    }
    may_raise = ("Exception",) if set(judges) & {"limit", "ends"} else ("BadRequestError",)
    options: dict[str, Any] = {} if limit is None else {"max_turns": limit}
    value: object = None
    try:
        called = exam.call(
            scene.client,
            message,
            tools,
            registry,
            judges=judges,
            may_raise=may_raise,
            crash=crash,
            **options,
        )
        value = called.value
    finally:
        # What was sent is judged also when the code stopped after it.
        _judge_requests(exam, scene.requests, message, tools, value)
    return Talk(scene, called, ran)


def _definition(exam: Exam, name: str) -> Json:
    key = {"type": "string", "description": exam.words(2)}
    schema = {"type": "object", "properties": {"key": key}, "required": ["key"]}
    return {"name": name, "description": exam.words(4), "input_schema": schema}


def _watched(name: str, outcome: Outcome, ran: list[Ran]) -> Callable[..., Json]:
    def function(*positional: Json, **named: Json) -> Json:
        ran.append(Ran(name, positional, named))
        return outcome(named)

    return function


# -- judging -------------------------------------------------------------------------------


def _judge_requests(
    exam: Exam, requests: list[Json], message: str, tools: list[Json], value: object
) -> None:
    if not exam.expect("asks", bool(requests), "no-request", value):
        return
    first = requests[0].get("messages")
    said = content_text(first[0].get("content")) if isinstance(first, list) and first else first
    exam.expect("asks", said == message, "other-message", said)
    without = [request.get("tools") for request in requests if request.get("tools") != tools]
    bare = next((request for request in requests if request.get("tools") != tools), None)
    exam.expect("asks", bare is None, "no-tools", without[0] if without else "", request=bare)


def _is_under_way(exam: Exam, talk: Talk) -> bool:
    """Judge whether the first reply, which asks for a tool, was followed by a request."""
    if len(talk.requests) > 1:
        return True
    wrong = exam.which({"refused": talk.refusal is not None}, otherwise="stopped-early")
    return exam.expect("answer", False, wrong, talk.refusal or talk.outcome)


def _judge_inputs(exam: Exam, talk: Talk) -> bool:
    """Judge how the tools were called, and return whether all of them got what Claude sent."""
    is_right = True
    for number in range(len(talk.requests)):
        for call in talk.calls(number):
            ran = [each for each in talk.ran if each.name == call["name"]]
            right = [each for each in ran if (each.positional, each.named) == ((), call["input"])]
            is_whole = any(each.positional == (call["input"],) for each in ran)
            wrong = exam.which(
                {"not-run": not ran, "input-not-spread": is_whole}, otherwise="other-input"
            )
            observed = ran[-1].written if ran else call["name"]
            is_right = exam.expect("inputs", bool(right), wrong, observed) and is_right
            exam.expect("inputs", len(right) < 2, "ran-twice", len(right))
    return is_right


def _judge_rounds(exam: Exam, talk: Talk, code_of: Callable[[Json], str]) -> bool:
    """Judge how each reply that asks for tools was answered, up to the first mistake."""
    for number in range(len(talk.requests) - 1):
        if talk.is_refused(number):
            break
        if not talk.calls(number):
            return exam.expect("answer", False, "asks-again", number + 1)
        before, after = talk.messages(number), talk.messages(number + 1)
        body = talk.requests[number + 1]
        strays = [message for message in after if message.get("role") == "tool"]
        exam.expect("results", not strays, "role-tool", strays[0] if strays else "", request=body)
        lost = find_lost_turn(before, after, talk.reply(number))
        wrong = lost or Fault("assistant-dropped")
        exam.expect("assistant", lost is None, wrong.diagnosis, wrong.observed, request=body)
        # Where the calls themselves are gone, no result can be told to answer them.
        are_gone = lost is not None and lost.diagnosis in CALLS_GONE
        fault = lost if are_gone else _find_fault(talk, number, code_of)
        wrong = fault or Fault("no-result-block")
        exam.expect("results", fault is None, wrong.diagnosis, wrong.observed, request=body)
        if lost or fault:
            return False
    return exam.expect("results", talk.refusal is None, "refused", talk.refusal or "")


def _find_fault(talk: Talk, number: int, code_of: Callable[[Json], str]) -> Fault | None:
    """Return what is wrong with the results of one round; code_of: what a result must tell."""
    calls = {call["id"]: call for call in talk.calls(number)}
    fault = find_lost_result(talk.messages(number + 1), list(calls))
    if fault is not None:
        return fault
    for result in talk.results(number + 1):
        says = result_text(result)
        if code_of(calls[result["tool_use_id"]]) not in says:
            return Fault("other-result", says)
    return None


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
