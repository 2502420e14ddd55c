"""The state of the block explorer: four ways of reading, run on real Messages."""

from typing import Any

import pytest

from grader.classroom import block_explorer, replay
from grader.classroom.widgets.block_explorer import (
    ALL,
    NOTHING,
    PART,
    RAISED,
    WAYS,
    explore,
    source_of,
)
from grader.errors import WidgetError


def test_only_one_way_survives_every_reply() -> None:
    """By position it goes wrong with an error, or silently; by type it does not."""
    outcomes = {scene.name: [reading.outcome for reading in scene.readings] for scene in explore()}
    assert outcomes == {
        "text": [ALL, ALL, ALL, ALL],
        "thinking": [RAISED, ALL, ALL, ALL],
        "two texts": [PART, PART, PART, ALL],
        "tool_use": [RAISED, RAISED, RAISED, NOTHING],
        "refusal": [RAISED, RAISED, RAISED, NOTHING],
        "empty": [RAISED, RAISED, RAISED, NOTHING],
    }


def test_what_is_shown_is_what_was_run() -> None:
    """The source of a way, run as it is shown, gives the same."""
    message = replay("two texts")
    (scene,) = explore({"mine": message})
    assert source_of(WAYS[0]) == "message.content[0].text"
    for reading in scene.readings:
        assert repr(eval(reading.source, {"message": message})) == reading.result
    assert (scene.name, scene.stop_reason, scene.survivors) == ("mine", "tool_use", 1)


def test_an_error_is_shown_as_python_says_it() -> None:
    """Its type and its words."""
    thinking = explore({"thinking": replay("thinking")})[0]
    assert thinking.readings[0].result == (
        "AttributeError: 'ThinkingBlock' object has no attribute 'text'"
    )
    assert explore({"empty": replay("empty")})[0].readings[2].result == "StopIteration"


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ({}, "block_explorer takes a dict of Messages by name, and this is {}."),
        ([replay("text")], "block_explorer takes a dict of Messages by name, and this is [Mess"),
        ({"a": "Paris."}, "'a' is str 'Paris.'. Expected a Message"),
        ({"a": {"content": []}}, "'a' is dict {'content': []}. Expected a Message"),
    ],
    ids=["nothing", "a list", "a text", "a dict"],
)
def test_what_is_no_message_gets_a_clear_word(messages: Any, said: str) -> None:
    """The error says what is there, and what is expected."""
    with pytest.raises(WidgetError) as caught:
        block_explorer(messages)
    assert str(caught.value).startswith(said)
