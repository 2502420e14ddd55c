"""Tool calls: what Claude asks for in a check, what the tools do, and what ran."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from grader.exams import CallableHandle, Exam
from grader.exercises.loops.conversation import objection
from grader.exercises.readings import is_same
from grader.plural import counted
from grader.simulator import Turn, tool_use

Json = Any


@dataclass(frozen=True)
class Ran:
    """Record one run of a tool: its name and its input."""

    name: str
    positional: tuple[Json, ...]
    named: dict[str, Json]

    @property
    def written(self) -> str:
        """Return the call as a learner would write it."""
        given = [repr(value) for value in self.positional]
        given += [f"{key}={value!r}" for key, value in self.named.items()]
        return f"{self.name}({', '.join(given)})"


@dataclass(frozen=True)
class Plan:
    """Say what Claude asks a tool for in a check, and what the tool does.

    value: what the tool returns, or the exception that it raises.
    is_known: whether the registry has the tool. strange: the argument in the input that the tool
        doesn't take, which is why it raises.
    """

    name: str
    id: str
    input: dict[str, Json]
    value: Json
    is_known: bool = True
    strange: str = ""

    @property
    def fails(self) -> bool:
        """Return whether the call cannot bring a result."""
        return isinstance(self.value, Exception) or not self.is_known

    @property
    def reason(self) -> str:
        """Return the words of the tool's failure; "" if there are none."""
        if self.strange:
            # Whoever asks the signature first tells of the argument in other words.
            return self.strange
        return str(self.value.args[0]) if self.is_known and self.value.args else ""

    @property
    def is_unwritable(self) -> bool:
        """Return whether JSON can't express what the tool returns."""
        return self.amount is not None

    @property
    def amount(self) -> Decimal | None:
        """Return the amount that the tool returns, in a dict or alone; None if there is none."""
        found = self.value.get("amount") if isinstance(self.value, dict) else self.value
        return found if isinstance(found, Decimal) else None

    @property
    def written(self) -> str:
        """Return the call as a learner would write it."""
        return Ran(self.name, (), self.input).written

    @property
    def goes_wrong(self) -> bool:
        """Return whether something between call and result has to fail."""
        return self.fails or self.is_unwritable

    @property
    def turn(self) -> Turn:
        """Return the call as a scripted turn."""
        return tool_use(self.name, self.input, id=self.id)

    @property
    def block(self) -> dict[str, Json]:
        """Return the call as the block of a message."""
        return {"type": "tool_use", "id": self.id, "name": self.name, "input": self.input}

    def is_run_by(self, ran: Ran) -> bool:
        """Return whether this call asks for this run of a tool."""
        return ran.name == self.name and not ran.positional and is_same(ran.named, self.input)


class APIConnectionError(Exception):
    """Stand for the SDK's exception of this name, which the learner's tool then raises."""


FAILURES_OF_TOOLS: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (ValueError, KeyError, TypeError, RuntimeError, TimeoutError, APIConnectionError)
}
"""What a tool may raise, by name, as a dimension; a tool may ask an API too, and lose it."""

_KEYS = ("city", "order", "customer_id")
INPUTS = ("an entry", "several", "nothing", "nested", "false and null")
"""What Claude gives to a tool, as a dimension; the simplest first."""


def plan_call(
    exam: Exam,
    value: Json,
    *,
    name: str | None = None,
    given: str = "an entry",
    is_known: bool = True,
) -> Plan:
    """Return a call with a new id and input.

    name: new unless given; all calls of one tool have the same keys. given: one of `INPUTS`.
    """
    name = name or exam.fresh("get")
    entry = {_KEYS[sum(map(ord, name)) % len(_KEYS)]: exam.fresh("in")}
    inputs: dict[str, dict[str, Json]] = {
        "an entry": entry,
        "several": {
            **entry,
            "days": exam.number(2, 99),
            "unit": exam.fresh("unit"),
            "code": f"00{exam.number(10, 99)}",
            **_odd_texts(exam),
        },
        "nothing": {},
        "nested": {**entry, "where": {"name": exam.fresh("in"), "all": [1, {}]}},
        "false and null": {**entry, "soon": False, "since": None, "most": 0, "note": ""},
    }
    return Plan(name, exam.fresh("toolu"), inputs[given], value, is_known=is_known)


def _odd_texts(exam: Exam) -> dict[str, Json]:
    """Return parts of an input that careless code trims, folds, cuts, or takes for JSON."""
    note = f" {exam.fresh('In')}\n\n  «東京» " + f"{exam.fresh('word')} " * 90
    return {"note": note, "list": f'["{exam.fresh("in")}"]'}


def plan_strange_call(exam: Exam) -> Plan:
    """Return a call with an argument that its tool doesn't take, and that Python objects to."""
    plan, strange = plan_call(exam, None), exam.fresh("more")
    error = TypeError(f"{plan.name}() got an unexpected keyword argument '{strange}'")
    given = {**plan.input, strange: exam.fresh("in")}
    return replace(plan, input=given, value=error, strange=strange)


def alike(exam: Exam, plan: Plan) -> Plan:
    """Return another call of the same tool with the same input."""
    return replace(plan, id=exam.fresh("toolu"))


def make_registry(
    exam: Exam, plans: Sequence[Plan], ran: list[Ran], *, fails_always: bool = False
) -> dict[str, CallableHandle]:
    """Return the functions that do what the plans say, by name; each run is added to `ran`.

    fails_always: whether a failing tool fails for every input, not only for the planned one.
    """
    taken: dict[str, dict[str, None]] = {plan.name: {} for plan in plans}
    for plan in plans:
        taken[plan.name].update(dict.fromkeys(key for key in plan.input if key != plan.strange))
    return {
        plan.name: exam.function(
            plan.name,
            _function(plan, plans, ran, fails_always=fails_always),
            parameters=tuple(taken[plan.name]),
        )
        for plan in plans
        if plan.is_known
    }


def _function(
    plan: Plan, plans: Sequence[Plan], ran: list[Ran], *, fails_always: bool
) -> Callable[..., Json]:
    def function(*positional: Json, **named: Json) -> Json:
        run = Ran(plan.name, positional, named)
        ran.append(run)
        # Without the argument that it doesn't take, the tool has nothing to object to.
        is_fitting = plan.strange not in named and bool(named) and not positional
        is_failing = plan.fails and not (plan.strange and is_fitting)
        otherwise = plan.value if fails_always and is_failing else None
        value = next((each.value for each in plans if each.is_run_by(run)), otherwise)
        if isinstance(value, Exception):
            raise value
        return value

    return function


def definitions(exam: Exam, names: Sequence[str]) -> list[Json]:
    """Return tools with these names, each once, as a request defines them."""
    schema = {"type": "object", "properties": {}}
    return [
        {"name": name, "description": exam.words(4), "input_schema": schema}
        for name in dict.fromkeys(names)
    ]


def answer_objection(exam: Exam, plans: Sequence[Plan], results: Json) -> str | None:
    """Return the API's objection to these results of some calls, or None."""
    messages = [
        {"role": "user", "content": "Look it up."},
        {"role": "assistant", "content": [plan.block for plan in plans]},
        {"role": "user", "content": results},
    ]
    return objection(exam, messages, tools=definitions(exam, [plan.name for plan in plans]))


def judge_runs(exam: Exam, criterion: str, plans: Sequence[Plan], ran: Sequence[Ran]) -> bool:
    """Judge whether each known tool ran once for each of its calls, with that call's input."""
    for plan in plans:
        if not plan.is_known:
            continue
        of_tool = [run for run in ran if run.name == plan.name]
        if plan.strange and not of_tool:
            # Who asks the signature first needn't run the tool to know.
            continue
        right = [run for run in of_tool if plan.is_run_by(run)]
        strange = [run for run in of_tool if not any(each.is_run_by(run) for each in plans)]
        others = [each for each in plans if each is not plan]
        ran_too = next((each for each in others if any(map(each.is_run_by, ran))), plan)
        slip = exam.slip(
            {
                "failure-spreads": (
                    not strange and any(each.goes_wrong for each in others),
                    plan.written,
                ),
                "some-not-run": (
                    not strange and ran_too is not plan,
                    f"{ran_too.written} was run, {plan.written} wasn't",
                ),
                "not-run": (not strange, plan.written),
                "input-not-spread": any(run.positional == (plan.input,) for run in of_tool),
            },
            otherwise="other-input",
            observed=strange[-1].written if strange else plan.written,
        )
        if not exam.expect(criterion, bool(right), slip):
            return False
        asked = sum(each.is_known and each.is_run_by(right[0]) for each in plans)
        wrong = exam.which({"alike-run-once": len(right) < asked}, otherwise="ran-twice")
        often = f"{counted(len(right), 'time')} for {counted(asked, 'call')}"
        observed = often if wrong == "ran-twice" else plan.written
        if not exam.expect(criterion, len(right) == asked, wrong, observed):
            return False
    return True


def judge_unasked(exam: Exam, criterion: str, plans: Sequence[Plan], ran: Sequence[Ran]) -> bool:
    """Judge whether no tool ran but those that these calls name."""
    unasked = [run for run in ran if run.name not in {plan.name for plan in plans}]
    observed = unasked[0].written if unasked else ""
    return exam.expect(criterion, not unasked, "unasked-run", observed)
