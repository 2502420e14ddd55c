"""An exam: what it judges, how it ends, and what it never lets through."""

from functools import partial
from typing import Any

import pytest

from grader.errors import ExamError
from grader.exams import Exam, LocalCandidate, examine, shown
from grader.exams.shown import api_error
from grader.simulator import text
from tests.exams.small_exercise import judged, made


def wants_two(exam: Exam) -> None:
    """Expect the value 2, twice."""
    value = exam.call().value
    exam.expect("one", value == 2, "wrong", value)
    exam.expect("two", exam.call(7).value == 9, "other", "nine")


def test_a_right_answer_earns_every_point() -> None:
    """There is no finding, and the outcome is in words."""
    verdict = judged(wants_two, "def answer(x=0): return x + 2")
    assert (verdict.outcome, verdict.points, verdict.maximum) == ("Correct", 3, 3)
    assert (verdict.finding, verdict.diagnosis) == (None, None)


def test_the_first_finding_is_the_one_that_is_told() -> None:
    """A second mistake waits until the first is mended."""
    verdict = judged(wants_two, "def answer(x=0): return 5")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Not yet", 0, "wrong")
    assert verdict.finding is not None
    assert (verdict.finding.saw, verdict.finding.hints[0]) == ("It was `5`.", "the idea")


def test_a_finding_that_can_wait_is_told_if_there_is_no_other() -> None:
    """It costs its points at once, and leaves the word to a mistake that is found later."""

    def check(exam: Exam) -> None:
        value = exam.call().value
        exam.expect("one", value == 2, "wrong", value, is_last=True)
        exam.expect("two", exam.call(7).value == 9, "other", "nine")

    both = judged(check, "def answer(x=0): return 5")
    alone = judged(check, "def answer(x=0): return x + 2 if x else 5")
    stopped = judged(check, "def answer(x=0): return 1 / (7 - x)")
    assert [(each.points, each.diagnosis) for each in (both, alone, stopped)] == [
        (0, "other"),
        (2, "wrong"),
        (0, "division"),
    ]


def test_half_right_gets_its_points() -> None:
    """Partial credit is by criterion; a third of the points isn't almost all."""
    verdict = judged(wants_two, "def answer(x=0): return 2")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Not yet", 1, "other")


@pytest.mark.parametrize(
    ("source", "outcome", "diagnosis"),
    [
        ("", "Not started", "missing"),
        ("answer = 3", "Not started", "not-callable"),
        ("def answer(x=0): raise NotImplementedError", "Not started", "not-started"),
        ("def answer(x=0): return helper()\ndef helper(): raise NotImplementedError",
         "Crashed", "unfinished-part"),
        ("def answer(x=0): return 1 / 0", "Crashed", "division"),
        ("def answer(x=0): return [][0]", "Crashed", "crash"),
        ("def answer(x=0): raise SystemExit", "Crashed", "crash"),
        ("def answer(x=0): return answer(x)", "Crashed", "crash"),
        ("def answer(): return 2", "Crashed", "crash"),
        ("async def answer(x=0): return 2", "Crashed", "unexpected-async"),
        (("class Odd(Exception):\n  def __str__(self): raise OSError\n"
         "def answer(x=0): raise Odd"), "Crashed", "crash"),
    ],
)  # fmt: skip
def test_code_that_does_not_return_is_named(source: str, outcome: str, diagnosis: str) -> None:
    """Each way to stop has its own word, and none gets through."""
    verdict = judged(wants_two, source)
    assert (verdict.outcome, verdict.diagnosis) == (outcome, diagnosis)


def test_a_learner_can_interrupt_their_own_loop() -> None:
    """Ctrl+C ends the check, and is not taken for a mistake."""
    with pytest.raises(KeyboardInterrupt):
        judged(wants_two, "def answer(x=0): raise KeyboardInterrupt")


def test_a_traceback_begins_in_the_learners_code() -> None:
    """Our own frames would only hide theirs."""
    trace = judged(wants_two, "def answer(x=0): return 1 / 0").traceback
    assert trace.splitlines()[1].strip().endswith("in answer")
    assert "runner.py" not in trace


def test_what_was_printed_is_kept_apart_from_the_notebook(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Prints and warnings of the learner's code are evidence, not output."""
    source = """
import sys

def answer(x=0):
    print("x" * 9)
    print("e", file=sys.stderr)
    return x + 2
"""
    verdict = judged(wants_two, source)
    assert verdict.printed == "xxxxxxxxx\n" * 2
    assert capsys.readouterr() == ("", "")


def test_an_argument_that_was_changed_is_seen() -> None:
    """A check can tell that a caller's own list is no longer what it was."""
    seen: list[Any] = []

    def check(exam: Exam) -> None:
        seen.append(exam.call([1, 2]).arguments)

    judged(check, "def answer(given): given.append(3)")
    assert seen == [([1, 2, 3],)]


def test_a_check_never_holds_an_object_of_the_learners() -> None:
    """An object that could lie arrives as its type's name."""
    seen: list[Any] = []

    def check(exam: Exam) -> None:
        seen.append(exam.call().value)

    judged(check, "class Trick:\n  __eq__ = lambda self, other: True\ndef answer(): return Trick()")
    assert [type(value).__name__ for value in seen] == ["Opaque"]


def test_requests_are_what_reached_the_api() -> None:
    """A scene answers from its script, in order, and keeps what arrived."""

    def check(exam: Exam) -> None:
        scene = exam.scene(text("Hi."), text("Bye."))
        exam.expect("one", exam.call(scene.client).value == "Hi.Bye.", "wrong")
        exam.expect("two", len(scene.requests) == 2, "wrong")

    verdict = judged(
        check,
        """
def answer(client):
    request = dict(model="claude-sonnet-4-6", max_tokens=9)
    said = [client.messages.create(messages=[{"role": "user", "content": "x"}], **request)
            for _ in range(2)]
    return "".join(message.content[0].text for message in said)
""",
    )
    assert verdict.outcome == "Correct"
    assert [body["messages"] for body in verdict.requests] == [
        [{"role": "user", "content": "x"}]
    ] * 2


def test_a_stream_is_pulled_one_event_at_a_time() -> None:
    """Closing it early is seen by the scene, with the number of events that were sent."""
    seen: list[Any] = []

    def check(exam: Exam) -> None:
        scene = exam.scene(text("one two three four"))
        exam.call(scene.client)
        seen.extend((each.events_sent, each.closed_early) for each in scene.exchanges)

    judged(
        check,
        """
def answer(client):
    with client.messages.stream(
        model="claude-sonnet-4-6", max_tokens=9, messages=[{"role": "user", "content": "x"}]
    ) as stream:
        return next(iter(stream.text_stream))
""",
    )
    assert seen == [(4, True)]


def test_an_asynchronous_client_reaches_the_scene() -> None:
    """The same protocol carries both kinds of client."""

    def check(exam: Exam) -> None:
        scene = exam.scene(text("Hi."), kind="anthropic_async")
        exam.expect("one", exam.call(scene.client).value == "Hi.", "wrong")

    source = """
import asyncio

def answer(client):
    async def ask():
        async with client:
            return await client.messages.create(
                model="claude-sonnet-4-6", max_tokens=9, messages=[{"role": "user", "content": "x"}]
            )
    return asyncio.run(ask()).content[0].text
"""
    assert judged(check, source).points == 1


def test_a_function_of_the_exam_can_be_called_and_may_raise() -> None:
    """A scripted tool answers plain data, and its exception keeps its class and message."""
    asked: list[Any] = []

    def look_up(key: str, *, strict: bool = False) -> Any:
        asked.append((key, strict))
        if strict:
            raise KeyError(key)
        return {"plan": ("free", 1)}

    def check(exam: Exam) -> None:
        value = exam.call(exam.function("look_up", look_up)).value
        exam.expect("one", value == [{"plan": ("free", 1)}, "KeyError", "'k'"], "wrong", value)

    source = """
def answer(look_up):
    found = look_up("k")
    try:
        look_up("k", strict=True)
    except KeyError as error:
        return [found, type(error).__name__, str(error)]
"""
    assert judged(check, source).points == 1
    assert asked == [("k", False), ("k", True)]


def test_a_function_of_the_exam_may_raise_without_words_and_the_sdks_exception() -> None:
    """Without a message it has no arguments; a lost connection is the SDK's own."""

    class APIConnectionError(Exception):
        pass

    def check(exam: Exam) -> None:
        raised = (TimeoutError(), APIConnectionError("lost"))
        names = [exam.function("look_up", partial(_raising, each)) for each in raised]
        told = [exam.call(each).value for each in names]
        exam.expect("one", told == [["", 0, False], ["lost", 1, True]], "wrong", told)

    source = """
import anthropic

def answer(look_up):
    try:
        look_up()
    except Exception as error:
        return [str(error), len(error.args), isinstance(error, anthropic.APIError)]
"""
    assert judged(check, source).points == 1


def _raising(error: Exception) -> None:
    raise error


def test_a_loop_without_end_is_ended() -> None:
    """Code that asks again whatever happens is stopped, with a word that says why."""

    def check(exam: Exam) -> None:
        exam.call(exam.scene().client)

    source = """
def answer(client):
    while True:
        try:
            client.messages.create(model="claude-sonnet-4-6", max_tokens=9,
                                   messages=[{"role": "user", "content": "x"}])
        except Exception:
            pass
"""
    verdict = judged(check, source)
    assert (verdict.outcome, verdict.diagnosis) == ("Crashed", "endless")


@pytest.mark.parametrize(
    "report", [None, [], {"outcome": "perfect"}, {"outcome": "returned"}, {"outcome": 7}]
)
def test_a_report_that_is_none_ends_the_exam_cleanly(report: Any) -> None:
    """Where a candidate stands anything may be sent; it earns nothing."""

    class Forger(LocalCandidate):
        def run(self, command: Any, ask: Any) -> Any:
            return report

    verdict = examine(made(wants_two), Forger({}), seed=1)
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Crashed", 0, "garbled")


def test_the_same_seed_gives_the_same_exam() -> None:
    """Fresh data is fresh by the seed, and by nothing else."""
    drawn: list[Any] = []

    def check(exam: Exam) -> None:
        drawn.append((exam.fresh("cust"), exam.words(3), exam.number(1, 99), exam.pick("a", "b")))

    for seed in (1, 1, 2):
        examine(made(check), LocalCandidate({}), seed=seed)
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0][0].startswith("cust_")


def test_a_check_that_names_an_unknown_criterion_is_an_error() -> None:
    """A slip in a check shows at once, and lists what there is."""
    with pytest.raises(ExamError, match=r"no criterion named 'three'\. It has: one, two"):
        judged(lambda exam: exam.expect("three", True, "wrong") and None)  # type: ignore[func-returns-value]


def test_a_request_that_was_built_is_judged_by_the_api() -> None:
    """None where it is accepted, else the API's own objection."""
    said: list[Any] = []

    def check(exam: Exam) -> None:
        good = {"model": "claude-sonnet-4-6", "max_tokens": 5}
        good["messages"] = [{"role": "user", "content": "x"}]
        said.extend([exam.send(good), exam.send({**good, "seed": 7})])

    judged(check)
    assert said == [None, "400 invalid_request_error: seed: Extra inputs are not permitted"]


@pytest.mark.parametrize(
    ("value", "text_of_it"),
    [("a\nb", "a\\nb"), (None, "None"), ([1, "a"], "[1, 'a']"), ("x" * 500, "x" * 159 + "…")],
)
def test_what_was_observed_is_one_short_line(value: object, text_of_it: str) -> None:
    """A panel is read, not scrolled."""
    assert shown(value) == text_of_it


@pytest.mark.parametrize(
    ("raised", "text_of_it"),
    [
        (
            (
                "BadRequestError: Error code: 400 - {'type': 'error', 'error': {'type': "
                "'invalid_request_error', 'message': \"it's no list\"}, 'request_id': 'req_1'}"
            ),
            "BadRequestError: 400 invalid_request_error: it's no list",
        ),
        ("BadRequestError: Error code: 400 - {'error': 1}",) * 2,
        ("BadRequestError: Error code: 400 - {cut",) * 2,
        ("BadRequestError: Error code: 400 - {'a': {}}",) * 2,
        ("BadRequestError: Error code: 400 - {a + b}",) * 2,
        (f"BadRequestError: Error code: 400 - {{{'-' * 7000}1}}",) * 2,
        (f"BadRequestError: Error code: 400 - {{{'[' * 7000}}}",) * 2,
        ("KeyError: 'messages'",) * 2,
    ],
)
def test_an_error_of_the_api_is_told_in_its_own_words(raised: str, text_of_it: str) -> None:
    """The SDK's wrapping would fill the line; what cannot be read stays as it is."""
    assert api_error(raised) == text_of_it
