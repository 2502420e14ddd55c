"""One call of a learner's code: what is told of it, and what it cannot do to the teller."""

import gc
from typing import Any

import pytest

from grader.exams import Called, ClientHandle, Exam, Opaque
from grader.simulator import Fault, text
from tests.exams.small_exercise import judged


def called(source: str, *given: Any, **options: Any) -> Called:
    """Return what an exam hears of one call of `answer`."""
    heard: list[Called] = []

    def check(exam: Exam) -> None:
        heard.append(exam.call(*given, may_raise=("Exception",), **options))

    judged(check, source)
    return heard[0]


def test_a_closed_stdout_is_no_trouble() -> None:
    """Whatever a learner's code does with it, the report is written."""
    source = (
        "import sys\ndef answer():\n  print('a')\n  sys.stdout.close()\n  print('b')\n  return 1"
    )
    assert called(source) == Called(1, None, (), (), "a\nb\n")


def test_what_was_raised_has_no_memory_address() -> None:
    """Graded twice, a submission gets the same words twice."""
    heard = called("def answer():\n  raise ValueError(f'no {object()}')")
    assert heard.raised == "ValueError: no <object object>"


def test_a_flood_of_prints_is_cut() -> None:
    """What is kept has an end, and the code runs on."""
    source = "def answer():\n  for _ in range(300): print('x' * 999)\n  return 'done'"
    heard = called(source)
    assert (heard.value, len(heard.printed)) == ("done", 20_000)


def test_a_stdout_that_lies_changes_nothing_else() -> None:
    """Its text is evidence of the learner's own making anyway."""
    source = "import sys\ndef answer():\n  sys.stdout.getvalue = lambda: 5\n  print('a')"
    assert called(source).printed == "a\n"


def test_an_exception_tells_its_classes() -> None:
    """A check that asks for a ValueError takes what is derived from it."""
    heard = called("class Odd(ValueError): pass\ndef answer(): raise Odd('no', 1)")
    assert heard.raised == "Odd: ('no', 1)"
    assert heard.raised_kinds == ("Odd", "ValueError", "Exception", "BaseException", "object")


def test_an_exception_without_words_is_its_name() -> None:
    """No colon is left hanging."""
    assert called("def answer(): assert False").raised == "AssertionError"


@pytest.mark.parametrize(
    ("body", "type_of_it"),
    [
        ("yield 1", "generator"),
        ("return (i for i in ())", "generator"),
        ("return answer", "function"),
    ],
)
def test_what_is_no_value_is_told_by_its_type(body: str, type_of_it: str) -> None:
    """A generator did nothing yet, and a check can say so."""
    value = called(f"def answer(): {body}").value
    assert isinstance(value, Opaque)
    assert value.type == type_of_it


def test_a_coroutine_leaves_no_warning_behind() -> None:
    """It is closed, so nothing is said on stderr when it is collected."""

    def check(exam: Exam) -> None:
        exam.call()

    verdict = judged(check, "async def answer(): return 1")
    # A warning would be an error here.
    gc.collect()
    assert verdict.diagnosis == "unexpected-async"


def test_code_that_once_returned_is_started() -> None:
    """Raising NotImplementedError on purpose is an error like any other."""

    def check(exam: Exam) -> None:
        exam.expect("one", exam.call(1).value == 1, "wrong")
        exam.call(2)

    verdict = judged(check, "def answer(x):\n  if x == 1: return 1\n  raise NotImplementedError")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Crashed", 1, "crash")


@pytest.mark.parametrize(
    ("source", "diagnosis"),
    [
        ("def answer(): raise NotImplementedError('later')", "not-started"),
        ("class answer:\n  def __init__(self): raise NotImplementedError", "not-started"),
        ("def answer():\n  def inner(): raise NotImplementedError\n  inner()", "unfinished-part"),
        ("def answer(): return (lambda: helper())()\ndef helper(): raise NotImplementedError",
         "unfinished-part"),
        ("class Mine(NotImplementedError): pass\ndef answer(): raise Mine", "crash"),
    ],
)  # fmt: skip
def test_a_stub_is_told_from_code_that_calls_one(source: str, diagnosis: str) -> None:
    """Only the exercise's own untouched body is not started."""

    def check(exam: Exam) -> None:
        exam.call()

    assert judged(check, source).diagnosis == diagnosis


def test_keywords_reach_the_code() -> None:
    """A check may call by name, as a program would."""
    assert called("def answer(a, *, b): return [a, b]", 1, b={"c": (2,)}).value == [1, {"c": (2,)}]


def test_a_change_to_a_message_is_seen() -> None:
    """An object of the SDK is described after the call as it was before it."""
    heard: list[Any] = []

    def check(exam: Exam) -> None:
        message = exam.message(content=[{"type": "text", "text": "Hi."}])
        heard.append((message, exam.call(message).arguments[0]))
        heard.append((message, exam.call(message).arguments[0]))

    judged(check, "def answer(message):\n  message.content.clear()")
    assert [after.data["content"] for _, after in heard] == [[], []]
    assert heard[0][0].data["content"] == [{"type": "text", "text": "Hi."}]


def test_a_client_stays_on_its_side() -> None:
    """After a call a check hears of it that it was one, and how often it tries again by now."""

    def check(exam: Exam) -> None:
        given = exam.call(exam.scene(retries=2).client).arguments
        exam.expect("one", given == (ClientHandle(1, retries=2),), "wrong")

    assert judged(check, "def answer(client): pass").points == 1
    assert judged(check, "def answer(client): client.max_retries = 0").points == 0


@pytest.mark.parametrize("done", ["del client.max_retries", "client.max_retries = [client]"])
def test_a_client_that_was_spoiled_is_no_more_than_opaque(done: str) -> None:
    """And stops no check."""

    def check(exam: Exam) -> None:
        (given,) = exam.call(exam.scene(retries=2).client).arguments
        exam.expect("one", isinstance(given, Opaque), "wrong")

    assert judged(check, f"def answer(client): {done}").points == 1


def test_an_error_of_the_api_reaches_the_code_as_the_sdks_own() -> None:
    """Its class, its status and its headers are those of a live call, and nothing is retried."""

    def check(exam: Exam) -> None:
        scene = exam.scene(Fault(529, "Overloaded"), text("Hi."))
        value = exam.call(scene.client).value
        exam.expect("one", value == ["OverloadedError", 529, "Overloaded"], "wrong", value)
        exam.expect("two", len(scene.exchanges) == 1, "wrong", len(scene.exchanges))

    source = """
import anthropic

def answer(client):
    try:
        client.messages.create(model="claude-sonnet-4-6", max_tokens=9,
                               messages=[{"role": "user", "content": "x"}])
    except anthropic.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.body["error"]["message"]]
"""
    verdict = judged(check, source)
    assert (verdict.outcome, verdict.finding) == ("Correct", None)


def test_an_asynchronous_stream_is_pulled_event_by_event() -> None:
    """Leaving it early is seen, as with the synchronous client."""
    seen: list[Any] = []

    def check(exam: Exam) -> None:
        scene = exam.scene(text("one two three four"), kind="anthropic_async")
        exam.call(scene.client)
        seen.extend((each.events_sent, each.closed_early) for each in scene.exchanges)

    source = """
import asyncio

def answer(client):
    async def ask():
        async with client.messages.stream(
            model="claude-sonnet-4-6", max_tokens=9, messages=[{"role": "user", "content": "x"}]
        ) as stream:
            async for words in stream.text_stream:
                break
        await client.close()
    asyncio.run(ask())
"""
    assert judged(check, source).outcome == "Not yet"
    assert seen == [(4, True)]


@pytest.mark.parametrize(
    ("end", "is_closed"),
    [("", False), ("    stream.close()", True)],
    ids=["dropped", "closed"],
)
def test_a_dropped_stream_is_not_taken_for_a_closed_one(end: str, is_closed: bool) -> None:
    """When Python collects it is chance; only what the code closes itself is closed."""
    seen: list[Any] = []

    def check(exam: Exam) -> None:
        scene = exam.scene(text("one two three four"))
        exam.call(scene.client)
        seen.extend((each.events_sent, each.closed_early) for each in scene.exchanges)

    source = f"""
def answer(client):
    stream = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=9, messages=[{{"role": "user", "content": "x"}}],
        stream=True,
    )
    for event in stream:
        if event.type == "content_block_delta":
            break
{end}
"""
    judged(check, source)
    assert seen == [(4, is_closed)]


@pytest.mark.parametrize(
    ("error", "heard"),
    [
        (ValueError("no such city"), ["ValueError", "no such city"]),
        (TimeoutError("late"), ["TimeoutError", "late"]),
        (KeyError("city"), ["KeyError", "'city'"]),
        (ZeroDivisionError("0"), ["RuntimeError", "0"]),
    ],
    ids=repr,
)
def test_what_a_function_of_the_exam_raises_arrives(error: Exception, heard: list[str]) -> None:
    """Common classes keep their name; any other is a RuntimeError with its words."""

    def fail(*_given: Any) -> None:
        raise error

    def check(exam: Exam) -> None:
        value = exam.call(exam.function("fail", fail)).value
        exam.expect("one", value == heard, "wrong", value)

    source = """
def answer(fail):
    try:
        fail([1])
    except Exception as error:
        return [type(error).__name__, str(error)]
"""
    assert judged(check, source).points == 1


def test_a_function_of_the_exam_has_its_name() -> None:
    """A learner's registry may be built from it."""

    def check(exam: Exam) -> None:
        value = exam.call(exam.function("look_up", print)).value
        exam.expect("one", value == "look_up", "wrong", value)

    assert judged(check, "def answer(tool): return tool.__name__").points == 1
