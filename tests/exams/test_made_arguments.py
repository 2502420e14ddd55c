"""What a learner's code is given: functions and SDK objects as real as in a notebook."""

from typing import Any

import pytest

from grader.exams import Called, Exam, SdkObject
from tests.exams.small_exercise import judged

WAYS_TO_CALL = {
    "plainly": "return tool(city='Lyon')",
    "validated": "from pydantic import validate_call\n  return validate_call(tool)(city='Lyon')",
    "by its hints": "import typing\n  typing.get_type_hints(tool)\n  return tool(city='Lyon')",
    "copied": "import copy\n  return copy.deepcopy({'a': tool})['a'](city='Lyon')",
    "wrapped": (
        "import functools\n"
        "  @functools.wraps(tool)\n"
        "  def around(*given, **named): return tool(*given, **named)\n"
        "  return around(city='Lyon')"
    ),
    "bound": (
        "import inspect\n"
        "  bound = inspect.signature(tool).bind(city='Lyon')\n"
        "  return tool(*bound.args, **bound.kwargs)"
    ),
    "only if it is a function": (
        "import inspect\n  return tool(city='Lyon') if inspect.isfunction(tool) else None"
    ),
    "by its code": "return tool(city='Lyon') if tool.__code__.co_varnames else None",
}
"""Ways in which learners call a function that they were given."""


def returned(body: str, *given: Any) -> Called:
    """Return what one call of `answer(tool)` brings, whose tool returns what it was called with."""
    heard: list[Called] = []

    def check(exam: Exam) -> None:
        def take(*positional: Any, **named: Any) -> Any:
            return [list(positional), named]

        tool = exam.function("get_weather", take, parameters=("city",))
        heard.append(exam.call(*(given or (tool,)), may_raise=("Exception",)))

    judged(check, f"def answer(tool):\n  {body}")
    return heard[0]


@pytest.mark.parametrize("way", WAYS_TO_CALL)
def test_a_function_of_the_exam_is_a_function(way: str) -> None:
    """Whatever a learner does with a function works with the exam's."""
    value = returned(WAYS_TO_CALL[way]).value
    # What binds a signature may pass by position what was named.
    assert value in ([[], {"city": "Lyon"}], [["Lyon"], {}])


def test_a_function_shows_its_name_and_parameters() -> None:
    """A schema made from a signature says what the tool takes."""
    body = "import inspect\n  return [tool.__name__, list(inspect.signature(tool).parameters)]"
    assert returned(body).value == ["get_weather", ["city"]]


@pytest.mark.parametrize(
    "kind",
    ["TextBlock", "BetaTextBlock", "ParsedTextBlock", "ParsedTextBlock[Invoice]", "FutureBlock"],
)
def test_every_block_of_the_sdk_comes_back_as_it_went(kind: str) -> None:
    """A history may hold what another namespace of the SDK, or another version, put into it."""
    block = SdkObject(kind, {"type": "text", "text": "Good day.", "citations": None})
    given = [{"role": "assistant", "content": [block]}]
    called = returned("return tool[0]['content'][0]", given)
    assert called.value.data == block.data
    assert returned("return tool[0]['content'][0].text", given).value == "Good day."


@pytest.mark.parametrize("kind", ["os", "annotations", "MessageParam", "", "[", "__doc__"])
def test_a_name_that_is_no_block_does_no_harm(kind: str) -> None:
    """Reports can be forged; what they name is data."""
    assert returned("return tool.a", SdkObject(kind, {"a": 1})).value == 1
