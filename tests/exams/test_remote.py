"""An exam over JSON text: whatever a candidate needs can cross a socket."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.exams import Exam, LocalCandidate, Verdict, examine
from grader.simulator import Fault, text, thinking, tool_use, turn
from tests.exams.json_candidate import JsonCandidate
from tests.exams.small_exercise import made


def streams(exam: Exam) -> None:
    """Judge what a stream brought."""
    scene = exam.scene(turn(thinking("Hm."), text("one two"), tool_use("look_up", {"a": [1]})))
    value = exam.call(scene.client).value
    exam.expect("one", value == ["thinking", "text", "tool_use"], "wrong", value)
    exam.expect("two", scene.exchanges[0].finished, "other")


def fails(exam: Exam) -> None:
    """Judge what an error brought."""
    value = exam.call(exam.scene(Fault(529, "Overloaded")).client).value
    exam.expect("one", value == 529, "wrong", value)


def invokes(exam: Exam) -> None:
    """Judge what a function of the exam was given, and what came of its answer."""
    given: list[Any] = []

    def tool(*arguments: Any, **keywords: Any) -> Any:
        given.append((arguments, keywords))
        return {"rows": ((1, b"x"), {2.5})}

    value = exam.call([exam.function("tool", tool)], {"deep": (1, {"a": None})}).value
    exam.expect("one", value == {"rows": ((1, b"x"), frozenset({2.5}))}, "wrong", value)
    exam.expect("two", given == [(((1, {"a": None}),), {"plain": True})], "other", given)


CASES: dict[str, tuple[Callable[[Exam], None], str]] = {
    "a stream": (
        streams,
        """
def answer(client):
    with client.messages.stream(
        model="claude-sonnet-4-6", max_tokens=99, messages=[{"role": "user", "content": "x"}]
    ) as stream:
        return [block.type for block in stream.get_final_message().content]
""",
    ),
    "an error": (
        fails,
        """
import anthropic

def answer(client):
    try:
        client.messages.create(model="claude-sonnet-4-6", max_tokens=9,
                               messages=[{"role": "user", "content": "x"}])
    except anthropic.APIStatusError as error:
        return error.status_code
""",
    ),
    "a function": (
        invokes,
        """
def answer(tools, given):
    return tools[0](given["deep"], plain=True)
""",
    ),
    "a crash": (fails, "def answer(client):\n    raise ValueError('\\ud800', client.api_key)"),
    "a stub": (fails, "def answer(client):\n    raise NotImplementedError"),
    "nothing": (fails, ""),
    "no function": (fails, "answer = {1: 2}"),
    "an endless loop": (
        fails,
        """
def answer(client):
    while True:
        try:
            client.models.list()
        except Exception:
            pass
""",
    ),
}


def verdicts(check: Callable[[Exam], None], source: str) -> list[Verdict]:
    """Return the verdicts on a source in this process, and behind a socket."""
    found = []
    for kind in (LocalCandidate, JsonCandidate):
        names: dict[str, Any] = {}
        exec(source, names)
        found.append(examine(made(check), kind(names), seed=3))
    return found


@pytest.mark.parametrize(("check", "source"), CASES.values(), ids=CASES)
def test_a_verdict_is_the_same_over_text(
    check: Callable[[Exam], None], source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests, events, functions, errors and reports are all plain JSON."""
    # An endless loop comes to an end sooner.
    monkeypatch.setattr("grader.exams.invigilator.MAX_QUESTIONS", 200)
    local, remote = verdicts(check, source)
    # A traceback names frames of the candidate's own side.
    assert [local.judged, local.finding, local.requests, local.printed] == [
        remote.judged,
        remote.finding,
        remote.requests,
        remote.printed,
    ]


@pytest.mark.parametrize("name", ["a stream", "an error", "a function"])
def test_what_crosses_is_right_on_both_sides(name: str) -> None:
    """The same verdict is not the same failure."""
    for verdict in verdicts(*CASES[name]):
        assert verdict.finding is None
