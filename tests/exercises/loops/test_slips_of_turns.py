"""What a loop sends back of Claude's turn: the first thing wrong with it is named."""

from typing import Any

import pytest

from grader.exams import SdkObject
from grader.exercises.loops import find_lost_pause, find_lost_turn, find_stray, said_in

QUESTION = {"role": "user", "content": "Look it up."}
THOUGHT = {"type": "thinking", "thinking": "Hm.", "signature": "sig"}
WORDS = {"type": "text", "text": "One moment."}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "look_up", "input": {"key": "a"}}
REPLY = [THOUGHT, WORDS, {**CALL, "caller": {"type": "direct"}}]
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Done."}
ANSWER = {"role": "user", "content": [RESULT]}


def _said(*blocks: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks)}


@pytest.mark.parametrize(
    ("messages", "mistake"),
    [
        ([_said(THOUGHT, WORDS, CALL), ANSWER], "earlier-lost"),
        ([QUESTION, ANSWER], "assistant-dropped"),
        ([QUESTION, ANSWER, _said()], "only-text-kept"),
        ([QUESTION, _said(THOUGHT, WORDS), ANSWER], "only-text-kept"),
        ([QUESTION, _said(THOUGHT, WORDS, CALL, RESULT)], "results-from-assistant"),
        ([QUESTION, _said(WORDS, CALL), ANSWER], "thinking-dropped"),
        ([QUESTION, _said({**THOUGHT, "signature": ""}, WORDS, CALL), ANSWER], "thinking-changed"),
        ([QUESTION, _said(THOUGHT, WORDS, {**CALL, "input": "{}"}), ANSWER], "input-as-text"),
        ([QUESTION, _said(THOUGHT, CALL), ANSWER], "blocks-dropped"),
        ([QUESTION, _said(THOUGHT, WORDS, {"kind": "tool_use"}), ANSWER], "only-text-kept"),
        ([QUESTION, _said(THOUGHT, CALL, WORDS), ANSWER], "blocks-changed"),
        ([QUESTION, *[_said(THOUGHT, WORDS, CALL)] * 2, ANSWER], "blocks-changed"),
        ([QUESTION, _said(THOUGHT, WORDS, {**CALL, "name": "b"}), ANSWER], "blocks-changed"),
    ],
)
def test_the_first_thing_wrong_with_a_turn_is_named(messages: list[Any], mistake: str) -> None:
    """Each slip has its own name, whichever lesson's loop makes it."""
    slip = find_lost_turn([QUESTION], messages, REPLY)
    assert slip is not None
    assert slip.mistake == mistake


@pytest.mark.parametrize(
    "messages",
    [
        [QUESTION, _said(*REPLY), ANSWER],
        [QUESTION, _said(*(SdkObject("Block", block) for block in REPLY)), ANSWER],
        [QUESTION, _said(THOUGHT), _said({**WORDS, "citations": None}, CALL), ANSWER],
        [{**QUESTION, "content": [{"type": "text", "text": "Look it up."}]}, _said(*REPLY), ANSWER],
    ],
    ids=["dicts", "blocks of the SDK", "in two messages", "a text as a block"],
)
def test_a_turn_is_whole_however_it_is_written(messages: list[Any]) -> None:
    """What the API reads alike is alike."""
    assert find_lost_turn([QUESTION], messages, REPLY) is None


def test_a_role_of_openai_is_found() -> None:
    """It is told apart from a turn that is lost."""
    slip = find_stray([QUESTION, {"role": "tool", "content": "Done."}])
    assert slip is not None
    assert slip.mistake == "role-tool"
    assert find_stray([QUESTION, _said(*REPLY), ANSWER]) is None


@pytest.mark.parametrize(
    ("messages", "mistake"),
    [
        ([QUESTION, _said(*REPLY)], None),
        ([_said(*REPLY)], "earlier-lost"),
        ([QUESTION], "pause-dropped"),
        ([QUESTION, _said(THOUGHT)], "pause-changed"),
        ([QUESTION, _said(*REPLY), {"role": "user", "content": "Go on."}], "pause-pushed"),
    ],
)
def test_a_paused_turn_goes_back_alone(messages: list[Any], mistake: str | None) -> None:
    """Nothing is said behind it."""
    slip = find_lost_pause([QUESTION], messages, REPLY)
    assert (slip and slip.mistake) == mistake


def test_what_is_no_message_has_no_role() -> None:
    """A list of anything can be read."""
    assert [said.role for said in said_in([QUESTION, "Hello", None])] == ["user", None, None]
    assert said_in("Hello") == []
