"""The loop with every ending: answers, tools, pauses, limits and refusals."""

from __future__ import annotations

from typing import Any

from grader.catalog import THINKING_MODEL
from grader.exams import Case, Criterion, Exam, Shapes, exercise
from grader.exercises.agents.judging import hold_talk, judge_result, judge_run
from grader.exercises.failures import FAILURES, faults_of, judge_failure
from grader.exercises.loops import (
    GOING_BACK,
    INPUTS,
    PLACES,
    Plan,
    Step,
    alike,
    asking,
    blocks_beside,
    definitions,
    make_registry,
    new_request,
    placed,
    plan_call,
    returned_value,
    searched,
)
from grader.exercises.replies import BLANKS, with_blank, worded
from grader.simulator import Turn, empty, refusal, text, thinking, turn

Json = Any

_TO_SPARE = 3
"""Extra replies after an end, so that we can tell going on from failing."""
_THOUGHT = "only a thought"
_MANY = 12
"""More turns than a limit of the code's own would be; what ends there is long, and said once."""


@exercise(
    minutes=13,
    criteria=[
        Criterion("asks", "every request is the caller's, with the conversation so far"),
        Criterion("returns", "status `done`, and the text of the last reply"),
        Criterion("history", "Claude's turns go back unchanged, thinking and calls", points=2),
        Criterion("results", "every call is run and answered, in order, in one user message"),
        Criterion("errors", "a call that fails is answered too, with `is_error`"),
        Criterion("paused", "a paused turn goes back as it is, and the run goes on"),
        Criterion("cut", "a reply that was cut off is `max_tokens`, and no call in it is run"),
        Criterion("refused", "a refusal is `refusal`, without another request"),
        Criterion("limit", "after `max_turns` requests it is `turn_limit`"),
        Criterion(
            "unknown",
            "any other stop reason raises a `RuntimeError` that names it; the API's errors pass",
        ),
        Criterion("messages", "`messages` can be sent again; the caller's own are as they were"),
    ],
    shapes=Shapes(
        calls=["one", "several", "two of one tool", "two alike"],
        beside=GOING_BACK,
        where=PLACES,
        input=INPUTS,
        value=["a dict", "words", None, 0, "no words", "a text that is JSON"],
        last=[
            *("a text", "two texts", "two texts alike", "a thought and a text", "nothing"),
            _THOUGHT,
        ],
        reason=[
            "max_tokens in a call",
            "max_tokens",
            "model_context_window_exceeded",
            "refusal",
            "refusal after a text",
            "stop_sequence",
        ],
        before=["nothing", "a tool"],
        blank=list(BLANKS),
        unknown=[
            "a new one",
            "compaction",
            "ends with end_turn",
            "begins with tool_use",
            "ends with tool_use",
            "in a call",
        ],
        error=list(FAILURES),
        earlier=["questions and answers", "an instruction too"],
        most=[2, 1, _MANY],
        going_on=["a call", "a pause", "two calls, one of which fails", "a call without a word"],
    ),
)
def run_agent(exam: Exam) -> None:
    """Run conversations with calls, thinking, failures and pauses, and with every ending."""
    first, *others = exam.cases("calls", "beside", "where", "input", "value", "last")
    if not _calls(exam, first):
        return
    for case in others:
        with exam.part():
            _calls(exam, case)
    for scene in (_thinking_between, _thinking_enabled, _failing, _paused):
        with exam.part():
            scene(exam)
    for case in exam.cases("reason", "before", "blank"):
        with exam.part():
            _ends(exam, case)
    for case in exam.cases("unknown", "before"):
        with exam.part():
            _ends_unknown(exam, case)
    for case in exam.cases("error", "before"):
        with exam.part():
            _breaks(exam, case)
    for case in exam.cases("most", "going_on"):
        if case.most < _MANY:
            with exam.part():
                _ends_in_time(exam, case)
        with exam.part():
            _goes_on(exam, case)


# -- scenes ----------------------------------------------------------------------------------


def _calls(exam: Exam, case: Case) -> bool:
    """Judge a run with one round of calls, and return whether its history is right."""
    value = returned_value(exam, case.value)
    one = plan_call(exam, value, given=case.input)
    # Without an input there is nothing to tell two calls of a tool apart by.
    told = value if case.input == "nothing" else exam.words(2)
    other = plan_call(exam, told, name=one.name, given=case.input)
    made: dict[str, list[Plan]] = {
        "one": [one],
        "several": [one, plan_call(exam, exam.words(2)), other],
        "two of one tool": [one, other],
        "two alike": [one, alike(exam, one)],
    }
    plans = made[case.calls]
    # The script signs the thoughts, as the API does.
    beside = [
        {**block, "signature": ""} if "signature" in block else block
        for block in blocks_beside(exam, case.beside)
    ]
    blocks = placed([plan.block for plan in plans], beside, case.where)
    said = [f" {worded(exam, 'other scripts')} ", f"{exam.words(3)}\n"]
    twice = {"two texts": said, "two texts alike": said[:1] * 2, "nothing": [], _THOUGHT: []}
    texts = twice.get(case.last, said[1:])
    parts = [*([thinking()] if "thought" in case.last else []), *map(text, texts)]
    steps = (
        Step(Turn(tuple(blocks), stop_reason="tool_use"), tuple(plans)),
        Step(turn(*parts) if parts else empty()),
    )
    crash = "empty-crash" if case.last == "nothing" else None
    rounds = ("history", "results")
    talk = hold_talk(exam, steps, ("returns",), before=rounds, crash=crash)
    return talk.count > 0 and judge_run(exam, talk, *texts)


def _thinking_between(exam: Exam) -> None:
    """Call one tool twice after a thought, another after a second one, and end in two texts."""
    name = exam.fresh("get")
    plans = [plan_call(exam, {"code": exam.fresh("code"), "next": None}, name=name)]
    plans += [plan_call(exam, exam.words(3), name=name), plan_call(exam, [exam.number(2, 99)])]
    texts = [f"{exam.words(3)} ", exam.words(3)]
    steps = (
        asking(thinking(), plans[0], plans[1]),
        asking(thinking(), plans[2]),
        asking(thinking(), *(text(words) for words in texts)),
    )
    talk = hold_talk(exam, steps, ("returns", "history", "results"), model=THINKING_MODEL)
    judge_run(exam, talk, *texts)


def _thinking_enabled(exam: Exam) -> None:
    """Think in words, with a budget: the API itself objects if the thoughts are gone."""
    plan, answer = plan_call(exam, exam.words(2)), exam.words(4)
    steps = (
        asking(thinking(exam.words(5)), text(exam.words(3)), plan),
        asking(thinking(exam.words(4)), text(answer)),
    )
    budget = {"type": "enabled", "budget_tokens": 1024}
    talk = hold_talk(exam, steps, ("history",), thinking=budget, max_tokens=2000)
    judge_run(exam, talk, answer)


def _failing(exam: Exam) -> None:
    """Make calls that raise, work, name no known tool, and raise without a word."""
    plans = (
        plan_call(exam, exam.pick(ValueError, TimeoutError)(exam.fresh("reason"))),
        plan_call(exam, exam.words(2)),
        plan_call(exam, None, is_known=False),
        plan_call(exam, TimeoutError()),
    )
    answer = exam.words(3)
    steps = (asking(*plans), asking(text(answer)))
    talk = hold_talk(exam, steps, ("errors",), crash="failure-kills")
    judge_run(exam, talk, answer)


def _paused(exam: Exam) -> None:
    """Pause a turn over the API's own searches: twice before a tool, and once before the end."""
    plan, answer = plan_call(exam, exam.words(2)), exam.words(4)
    (first, found_first), (second, found_second) = _search(exam), _search(exam)
    steps = (
        asking(thinking(), first, stop_reason="pause_turn"),
        asking(found_first, text(exam.words(3)), second, stop_reason="pause_turn"),
        asking(found_second, plan),
        asking(thinking(), text(answer)),
    )
    end = asking(found_first, text(answer))
    scripts = (steps, (steps[0], end))
    for script, case in zip(scripts, exam.cases("earlier"), strict=True):
        talk = hold_talk(
            exam,
            script,
            ("paused",),
            model=THINKING_MODEL,
            crash="pause-raised",
            is_instructed=case.earlier == "an instruction too",
        )
        judge_run(exam, talk, answer, criterion="paused")


def _ends(exam: Exam, case: Case) -> None:
    """Judge a run that ends for another reason than that all is said."""
    words, reason = exam.words(3), case.reason.partition(" ")[0]
    # A turn that is kept can't have a piece of blanks, which the API doesn't take back.
    pieces = with_blank([words, exam.words(2)], case.blank)
    texts = () if case.reason == "refusal" else pieces
    before = [_calling(exam)] if case.before == "a tool" else []
    if reason == "stop_sequence":
        stop = exam.fresh("END")
        step = Step(text(words, stop_reason=reason, stop_sequence=stop))
        steps = (*before, step, *_spare(exam))
        talk = hold_talk(exam, steps, ("returns",), crash="ending-missed", stop_sequences=[stop])
        judge_run(exam, talk, words)
        return
    if reason == "refusal":
        reply = Step(refusal(None, exam.words(4), *map(text, texts)))
        criterion, status, mistake = "refused", "refusal", "refusal-as-done"
    else:
        plans = [plan_call(exam, "Done.")] if case.reason == "max_tokens in a call" else []
        reply = asking(*map(text, texts), *plans, stop_reason=reason)
        criterion, status, mistake = "cut", "max_tokens", "cut-as-done"
    steps = (*before, reply, *_spare(exam))
    crash = "refusal-raised" if criterion == "refused" else "cut-raised"
    talk = hold_talk(exam, steps, (criterion,), crash=crash)
    cut = [run for run in talk.ran if any(plan.is_run_by(run) for plan in reply.plans)]
    more = talk.count - len(before) - 1
    if criterion == "refused":
        exam.expect("refused", more == 0, "refusal-retried", more)
    else:
        exam.expect("cut", not cut, "cut-call-run", cut[0].written if cut else "")
        exam.expect("cut", more == 0, "cut-goes-on", reason)
    judge_result(exam, talk, criterion, status, texts, mistake)


def _breaks(exam: Exam, case: Case) -> None:
    """Judge that an error of the API reaches the caller, at first or after a tool."""
    before = [_calling(exam)] if case.before == "a tool" else []
    plans = [plan for step in before for plan in step.plans] or [plan_call(exam, "Done.")]
    scene = exam.scene(*(step.turn for step in before), *faults_of(case.error))
    called = exam.call(
        scene.client,
        new_request(exam, tools=definitions(exam, [plan.name for plan in plans])),
        make_registry(exam, plans, []),
        judges=("unknown",),
        may_raise=("Exception",),
        reads=("status", "text", "messages"),
        max_turns=4,
    )
    expected = len(before) + 1
    judge_failure(exam, "unknown", called, scene, expected=expected, failure=case.error)


def _ends_unknown(exam: Exam, case: Case) -> None:
    """Judge a run that ends for a reason that the lesson doesn't have."""
    words, new = exam.words(3), exam.fresh("stopped")
    reasons = {
        "compaction": "compaction",
        "ends with end_turn": f"{new}_end_turn",
        "begins with tool_use": f"tool_use_{new}",
        "ends with tool_use": f"{new}_tool_use",
    }
    reason = reasons.get(case.unknown, new)
    plans = [plan_call(exam, "Done.")] if case.unknown == "in a call" else []
    asked = asking(text(words), *plans).turn.content
    reply = Step(Turn(asked, stop_reason=reason, is_new=True), tuple(plans))
    before = [_calling(exam)] if case.before == "a tool" else []
    steps = (*before, reply, *_spare(exam))
    talk = hold_talk(exam, steps, ("unknown",), may_raise=("Exception",))
    called, more = talk.called, talk.count - len(before) - 1
    is_runtime_error = "RuntimeError" in called.raised_kinds
    slip = exam.slip(
        {
            "unknown-goes-on": (more > 0, f"{reason} → {more} more"),
            "unknown-as-known": called.raised is None,
            "stop-other-error": not is_runtime_error,
        },
        otherwise="stop-unnamed",
        observed=f"stop_reason {reason} → {talk.outcome}",
    )
    is_named = is_runtime_error and reason in (called.raised or "") and more == 0
    exam.expect("unknown", is_named, slip)


def _ends_in_time(exam: Exam, case: Case) -> None:
    """Answer in the last allowed turn."""
    answer = exam.words(3)
    steps = (*(_going_on(exam, case) for _ in range(case.most - 1)), Step(text(answer)))
    talk = hold_talk(exam, steps, ("limit",), crash="limit-early", max_turns=case.most)
    if not talk.count:
        exam.expect("limit", False, "limit-early", f"max_turns={case.most}: {talk.outcome}")
    elif talk.refusal is None:
        judge_result(exam, talk, "limit", "done", (answer,), "limit-early")


def _goes_on(exam: Exam, case: Case) -> None:
    """Call, or pause, without end."""
    count = case.most + _TO_SPARE
    steps = tuple(_going_on(exam, case) for _ in range(count))
    if case.most == _MANY:
        # More pauses in a row than a limit of the code's own would be.
        steps = (*steps[:3], *(_pausing(exam) for _ in steps[3:]))
    crash = "own-limit" if case.most == _MANY else "limit-raised"
    talk = hold_talk(exam, steps, ("limit",), crash=crash, max_turns=case.most)
    observed = f"{talk.count} requests with max_turns={case.most}"
    wrong = exam.which({"limit-ignored": talk.count > case.most}, otherwise="limit-early")
    exam.expect("limit", talk.count == case.most, wrong, observed)
    if talk.count:
        last = steps[min(talk.count, len(steps)) - 1].turn.content
        words = [block["text"] for block in last if block["type"] == "text"]
        judge_result(exam, talk, "limit", "turn_limit", words, "limit-as-done")


def _going_on(exam: Exam, case: Case) -> Step:
    """Return a reply after which the run goes on."""
    match case.going_on:
        case "a call":
            return _calling(exam)
        case "a call without a word":
            return asking(plan_call(exam, exam.words(2)))
        case "a pause":
            return _pausing(exam)
        case _:
            fails = plan_call(exam, ValueError(exam.fresh("reason")))
            return asking(text(exam.words(2)), plan_call(exam, exam.words(2)), fails)


def _calling(exam: Exam) -> Step:
    return asking(text(exam.words(2)), plan_call(exam, exam.words(2)))


def _pausing(exam: Exam) -> Step:
    search, found = _search(exam)
    return asking(text(exam.words(2)), search, found, stop_reason="pause_turn")


def _spare(exam: Exam) -> list[Step]:
    """Return replies that no code should ask for."""
    return [asking(text(exam.words(2))) for _ in range(_TO_SPARE)]


def _search(exam: Exam) -> tuple[Turn, Turn]:
    """Return a call that the API makes itself, and its result."""
    call, found = searched(exam)
    return Turn((call,)), Turn((found,))
