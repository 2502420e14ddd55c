"""Mistakes that any exercise may meet: a retired model, an own `raise`, a second event loop."""

import asyncio
import warnings

import pytest

from grader.catalog import find_model
from grader.exams import Exam, Verdict
from grader.simulator import text
from tests.exams.small_exercise import judged

RETIRED = {
    "claude-3-opus-20240229": ("2026-01-05", "opus"),
    "claude-3-opus-latest": ("2026-01-05", "opus"),
    "claude-3-5-sonnet-20241022": ("2025-10-28", "sonnet"),
    "claude-3-5-sonnet-latest": ("2025-10-28", "sonnet"),
    "claude-3-7-sonnet-20250219": ("2026-02-19", "sonnet"),
    "claude-3-5-haiku-20241022": ("2026-02-19", "haiku"),
    "claude-3-haiku-20240307": ("2026-04-20", "haiku"),
    "claude-sonnet-4-20250514": ("2026-06-15", "sonnet"),
    "claude-sonnet-4-0": ("2026-06-15", "sonnet"),
    "claude-opus-4-20250514": ("2026-06-15", "opus"),
    "claude-opus-4-1-20250805": ("2026-08-05", "opus"),
    "claude-opus-4-1": ("2026-08-05", "opus"),
}
NEVER = ["gpt-4o", "claude-3-opus-2024", "claude-sonnet-4-7", "claude-3-opus-20240229x", "opus"]


def asked(exam: Exam) -> None:
    """Call the code once, with a client."""
    exam.call(exam.scene(text("Hi.")).client)


def asks(model: str, *, is_stream: bool = False) -> Verdict:
    """Return the verdict on code that asks for a model."""
    stream = ", stream=True" if is_stream else ""
    return judged(
        asked,
        "def answer(client):\n"
        f"    client.messages.create(model={model!r}, max_tokens=9{stream},\n"
        "        messages=[{'role': 'user', 'content': 'Hi'}])\n",
    )


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("model", RETIRED)
def test_a_retired_model_is_told_from_a_misspelt_one(model: str, is_stream: bool) -> None:
    """With the day, and a model that is served."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        verdict = asks(model, is_stream=is_stream)
    day, line = RETIRED[model]
    assert (verdict.outcome, verdict.diagnosis) == ("Crashed", "retired-model")
    assert verdict.finding is not None
    said, _, newest = verdict.finding.saw.rstrip(".").rpartition(" ")
    assert said == f"{model} was retired on {day}; the newest model of its line is"
    assert find_model(newest).lifecycle == "active"
    assert line in newest


@pytest.mark.parametrize("model", NEVER)
def test_a_name_that_never_was_one_is_not_called_retired(model: str) -> None:
    """However near it is to one that was."""
    assert asks(model).diagnosis == "crash"


LOOPS = {
    "asyncio.run": "return asyncio.run(coroutine)",
    "a Runner": "return asyncio.Runner().run(coroutine)",
    "run_until_complete": "return asyncio.get_event_loop().run_until_complete(coroutine)",
    "a new loop": "with contextlib.closing(asyncio.new_event_loop()) as loop:\n"
    "            return loop.run_until_complete(coroutine)",
}


@pytest.mark.parametrize("inside", [True, False], ids=["in a notebook", "in a program"])
@pytest.mark.parametrize("way", LOOPS)
def test_a_second_event_loop_is_named(way: str, inside: bool) -> None:
    """In a coroutine a loop runs already, wherever the check is called."""
    source = (
        "import asyncio, contextlib\nasync def work():\n    pass\n"
        "async def answer(client):\n    coroutine = work()\n"
        f"    try:\n        {LOOPS[way]}\n    finally:\n        coroutine.close()\n"
    )

    def check(exam: Exam) -> None:
        exam.call(exam.scene(text("Hi."), kind="anthropic_async").client, awaits=True)

    async def cell() -> Verdict:
        return judged(check, source)

    verdict = asyncio.run(cell()) if inside else judged(check, source)
    assert (verdict.outcome, verdict.diagnosis) == ("Crashed", "loop-runs")


def test_another_runtime_error_is_a_crash_like_any_other() -> None:
    """Only what Python says of loops is named so."""
    verdict = judged(asked, "def answer(client):\n    raise RuntimeError('The loop is running')\n")
    assert verdict.diagnosis == "crash"


@pytest.mark.parametrize(
    ("body", "diagnosis"),
    [
        ("raise LookupError('no text')", "own-raise"),
        ("assert 1 == 2, 'no text'", "own-raise"),
        ("raise StopIteration", "own-raise"),
        ("[][0]", "crash"),
        ("{}['text']", "crash"),
        ("import json; json.loads('{')", "crash"),
        ("client.messages.list()", "crash"),
        ("client.messages.create(model='', max_tokens=9, messages=[])", "crash"),
    ],
)
def test_an_own_raise_is_told_from_what_python_or_the_sdk_raised(body: str, diagnosis: str) -> None:
    """Who wrote `raise` knows the words of the exception, and looks for what led there."""
    verdict = judged(asked, f"__name__ = '__main__'\ndef answer(client):\n    {body}")
    assert (verdict.outcome, verdict.diagnosis) == ("Crashed", diagnosis)
