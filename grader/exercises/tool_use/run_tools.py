"""The loop: run what Claude asks for and send back the results, until there is an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, exercise
from grader.exercises import failures as failing
from grader.exercises.failures import FAILURES, faults_of
from grader.exercises.loops import (
    FAILURES_OF_TOOLS,
    GOING_BACK,
    INPUTS,
    PLACES,
    RETURNED,
    Plan,
    Step,
    alike,
    asking,
    blocks_beside,
    placed,
    plan_call,
    plan_strange_call,
    returned_value,
    searched,
)
from grader.exercises.replies import worded
from grader.exercises.tool_use.loop_judging import (
    DEFAULT_LIMIT,
    hold,
    judge_failure,
    judge_run,
)
from grader.plural import counted
from grader.simulator import Turn, empty, refusal, text, thinking, turn

Json = Any

_MANY = 13
"""More turns than a limit of the code's own would let through: a history of 25 messages."""
_TO_SPARE = 4
"""How many turns a scene has beyond the limit, so that we can tell going on from failing."""
_ROUNDS = ("inputs", "assistant", "results", "answer")
"""The criteria of a loop that ends well."""


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
        Criterion(
            "ends", "any other stop reason raises a `RuntimeError` that names it; API errors pass"
        ),
    ],
    shapes=Shapes(
        calls=["one", "several", "two of one tool", "two alike"],
        beside=GOING_BACK,
        where=PLACES,
        input=INPUTS,
        value=RETURNED,
        rounds=[1, 2, 3],
        last=[
            "a text",
            "nothing",
            "two texts",
            "a thought and a text",
            "only a thought",
            "a text twice",
            "line ends between",
            "a space between",
            "a search and a text",
        ],
        wrong=["an unknown tool", *FAILURES_OF_TOOLS, "no words", "an argument too many"],
        between=["another", "none", "two", "another that goes wrong"],
        reason=[
            "max_tokens in a call",
            "max_tokens",
            "refusal",
            "refusal after a text",
            "model_context_window_exceeded",
            "pause_turn",
            "compaction",
            "stop_sequence",
        ],
        before=["nothing", "a tool"],
        error=list(FAILURES),
        limit=[3, 1, _MANY],
    ),
)
def run_tools(exam: Exam) -> None:
    """Run loops of every shape, with failing tools, without an end, and cut short."""
    # What the tools return goes through all kinds of it in turn, beside the other shapes.
    told = (returned_value(exam, case.value) for case in exam.cases("value"))
    first, *others = exam.cases("calls", "beside", "where", "input", "rounds", "last")
    if not _ends_well(exam, first, told):
        return
    # Two calls alike come last: whoever runs the first call only would read about those.
    others.sort(key=lambda case: (case.calls == "two alike", case.last != "nothing"))
    for case in others:
        with exam.part():
            _ends_well(exam, case, told)
    for case in exam.cases("limit"):
        with exam.part():
            _ends_in_time(exam, case.limit)
    for limit in (3, 1, None):
        _goes_on(exam, limit)
    for case in exam.cases("reason", "before"):
        _stops(exam, case)
    for case in exam.cases("error", "before"):
        with exam.part():
            _breaks(exam, case)
    for case in exam.cases("wrong", "between"):
        with exam.part():
            _fails(exam, case)


# -- loops that end well ---------------------------------------------------------------------


def _ends_well(exam: Exam, case: Case, told: Iterator[Json]) -> bool:
    """Judge a loop of some rounds and then an answer, and return whether its history is right.

    told: what the tools return, one after the other.
    """
    steps = [_first_step(exam, case, told), *(_step(exam, told) for _ in range(case.rounds - 1))]
    said = [f" {worded(exam, 'other scripts')} ", f"{exam.words(3)}\n"]
    made = {"two texts": said, "a text twice": said[1:] * 2, "nothing": [], "only a thought": []}
    made |= {
        "line ends between": [said[0], "\n\n", said[1]],
        "a space between": [said[0], " ", said[1]],
    }
    texts = made.get(case.last, said[1:])
    before = [thinking()] if "thought" in case.last else []
    if "search" in case.last:
        before = [Turn(tuple(searched(exam)))]
    parts = [*before, *map(text, texts)]
    steps.append(Step(turn(*parts) if parts else empty()))
    is_empty = case.last == "nothing"
    talk = hold(
        exam,
        steps,
        judges=("answer",),
        before=_ROUNDS,
        crash="empty-crash" if is_empty else None,
    )
    return judge_run(exam, talk, texts)


def _first_step(exam: Exam, case: Case, told: Iterator[Json]) -> Step:
    one = plan_call(exam, _next(exam, told), given=case.input)
    # A tool that takes nothing returns the same each time.
    same = one.value if case.input == "nothing" else _next(exam, told)
    other = plan_call(exam, same, name=one.name, given=case.input)
    made: dict[str, list[Plan]] = {
        "one": [one],
        "several": [one, plan_call(exam, _next(exam, told)), other],
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
    return Step(Turn(tuple(blocks), stop_reason="tool_use"), tuple(plans))


def _step(exam: Exam, told: Iterator[Json]) -> Step:
    return asking(text(exam.words(2)), plan_call(exam, _next(exam, told)))


def _next(exam: Exam, told: Iterator[Json]) -> Json:
    """Return the next value, and a usual one when all have come up."""
    return next(told, {"code": exam.fresh("code")})


# -- loops at their limit --------------------------------------------------------------------


def _calling(exam: Exam, count: int) -> list[Step]:
    """Return this many replies that call one tool."""
    name = exam.fresh("get")
    return [asking(plan_call(exam, "Wait.", name=name)) for _ in range(count)]


def _ends_in_time(exam: Exam, limit: int) -> None:
    answer = exam.words(3)
    steps = [*_calling(exam, limit - 1), asking(text(answer))]
    long = " ".join(exam.words(20) for _ in range(40)) if limit == _MANY else ""
    talk = hold(exam, steps, judges=("limit",), limit=limit, more=long)
    in_time = talk.called.raised is None and talk.count == limit
    went = f"{counted(talk.count, 'request')} with max_turns={limit}: {talk.outcome}"
    if exam.expect("limit", in_time, "limit-early", went) and limit == _MANY:
        # The history is long now: whatever the code leaves out of it shows.
        judge_run(exam, talk, [answer])


def _goes_on(exam: Exam, limit: int | None) -> None:
    most = limit or DEFAULT_LIMIT
    talk = hold(exam, _calling(exam, most + _TO_SPARE), judges=("limit",), limit=limit)
    given = f"max_turns={limit}" if limit else f"the default max_turns={DEFAULT_LIMIT}"
    exam.expect(
        "limit", 0 < talk.count <= most, "limit-ignored", f"{talk.count} requests with {given}"
    )
    called = talk.called
    wrong = exam.which({"limit-silent": called.raised is None}, otherwise="limit-other-error")
    exam.expect("limit", "RuntimeError" in called.raised_kinds, wrong, talk.outcome)


# -- loops that end otherwise ----------------------------------------------------------------


def _stops(exam: Exam, case: Case) -> None:
    """Judge what the code does with a reply that is neither an answer nor a call."""
    step = _last_step(exam, case.reason)
    before = [_step(exam, iter(()))] if case.before == "a tool" else []
    # One reply more, so that we can tell going on from failing.
    talk = hold(exam, [*before, step, asking(text("Fine."))], judges=("ends",))
    reason, raised = step.turn.stop_reason, talk.called.raised
    cut = [run for run in talk.ran if any(plan.is_run_by(run) for plan in step.plans)]
    exam.expect("ends", not cut, "cut-call-run", cut[0].written if cut else "")
    wrong = exam.which({"pause-resumed": reason == "pause_turn"}, otherwise="stop-ignored")
    exam.expect("ends", talk.count < len(before) + 2, wrong, reason)
    wrong = exam.which({"stop-silent": raised is None}, otherwise="stop-other-error")
    observed = reason if wrong == "stop-silent" else f"{reason} → {raised}"
    exam.expect("ends", "RuntimeError" in talk.called.raised_kinds, wrong, observed)
    exam.expect("ends", reason in (raised or ""), "stop-unnamed", f"{reason} → {raised}")


def _last_step(exam: Exam, end: str) -> Step:
    """Return a reply that ends in one of the ways of the dimension `reason`."""
    words, reason = exam.words(3), end.partition(" ")[0]
    if end == "max_tokens in a call":
        return asking(text(words), plan_call(exam, "Done."), stop_reason=reason)
    if reason == "refusal":
        return Step(refusal(None, None, text(words)) if end != reason else refusal("cyber"))
    blocks: list[Json] = [{"type": "text", "text": words}]
    if reason == "pause_turn":
        blocks += [*searched(exam), searched(exam)[0]]
    stop = "END" if reason == "stop_sequence" else None
    return Step(Turn(tuple(blocks), stop_reason=reason, stop_sequence=stop))


def _breaks(exam: Exam, case: Case) -> None:
    """Judge what the code does when the API answers with errors, at first or after a tool."""
    before = [_step(exam, iter(()))] if case.before == "a tool" else []
    talk = hold(exam, before, judges=("ends",), faults=faults_of(case.error))
    failing.judge_failure(
        exam, "ends", talk.called, talk.scene, expected=len(before) + 1, failure=case.error
    )


def _fails(exam: Exam, case: Case) -> None:
    """Judge the answers to a call that fails, and to those beside it."""
    crash = "unknown-kills" if case.wrong == "an unknown tool" else "failure-kills"
    bad = _bad_plan(exam, case.wrong)
    one, two = (plan_call(exam, {"code": exam.fresh("code")}) for _ in "12")
    made: dict[str, Sequence[Plan]] = {
        "another": [bad, one],
        "none": [bad],
        "two": [one, bad, two],
        "another that goes wrong": [bad, _bad_plan(exam, case.wrong)],
    }
    plans = made[case.between]
    steps = (asking(*plans), asking(text("Sorry.")))
    talk = hold(exam, steps, judges=("errors",), crash=crash)
    judge_failure(exam, talk, plans, crash)


def _bad_plan(exam: Exam, wrong: str) -> Plan:
    if wrong == "an unknown tool":
        return plan_call(exam, None, is_known=False)
    if wrong == "an argument too many":
        return plan_strange_call(exam)
    if wrong == "no words":
        return plan_call(exam, TimeoutError())
    return plan_call(exam, FAILURES_OF_TOOLS[wrong](exam.fresh("reason")))
