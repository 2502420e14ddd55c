"""The state of the sequence stepper: which call is answered where, and what the API would mind."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom.widgets.broken_turns import refusal_of
from grader.classroom.widgets.history import read_history
from grader.classroom.widgets.sequence_stepper import SequenceTurn, read_sequence, short

ASK = {"role": "user", "content": "What is the weather in Paris and in Rome?"}


def text(words: str = "Well.") -> dict[str, Any]:
    """Return a text block."""
    return {"type": "text", "text": words}


def call(id: str) -> dict[str, Any]:
    """Return a tool_use block."""
    return {"type": "tool_use", "id": id, "name": "get_customer", "input": {}}


def result(id: str) -> dict[str, Any]:
    """Return a tool_result block."""
    return {"type": "tool_result", "tool_use_id": id, "content": "mild"}


def claude(*blocks: dict[str, Any]) -> dict[str, Any]:
    """Return an assistant message."""
    return {"role": "assistant", "content": list(blocks)}


def user(*blocks: dict[str, Any]) -> dict[str, Any]:
    """Return a user message."""
    return {"role": "user", "content": list(blocks)}


def sequence(*messages: dict[str, Any]) -> tuple[SequenceTurn, ...]:
    """Return the turns of a conversation."""
    return read_sequence(read_history(list(messages)))


def test_calls_are_lettered_and_followed() -> None:
    """A call and its result share a letter, and what is open is told after each turn."""
    turns = sequence(
        ASK,
        claude(text(), call("toolu_0123456789"), call("b")),
        user(result("b"), result("toolu_0123456789")),
        claude(text()),
    )
    assert [turn.letters for turn in turns] == [("",), ("", "A", "B"), ("B", "A"), ("",)]
    assert [turn.waiting for turn in turns] == [(), ("A (toolu_…6789)", "B (b)"), (), ()]
    assert [turn.faults for turn in turns] == [(), (), (), ()]
    assert [turn.is_from_claude for turn in turns] == [False, True, False, True]
    assert [turn.number for turn in turns] == [1, 2, 3, 4]


def test_results_in_two_messages_are_one_turn() -> None:
    """The API merges messages of one role, so the second may answer what the first left open."""
    turns = sequence(ASK, claude(call("a"), call("b")), user(result("a")), user(result("b")))
    assert [turn.waiting for turn in turns] == [(), ("A (a)", "B (b)"), ("B (b)",), ()]
    assert [turn.faults for turn in turns] == [(), (), (), ()]


@pytest.mark.parametrize(
    ("messages", "number", "faults"),
    [
        (
            [claude(call("a"), call("b")), user(result("b"))],
            3,
            ["Call A (a) has no result."],
        ),
        (
            [claude(call("a")), user(text(), result("a"))],
            3,
            ["The result for A (a) comes after a text, but results come first."],
        ),
        (
            [claude(call("a")), user(text()), user(result("a"))],
            4,
            ["The result for A (a) comes after a text, but results come first."],
        ),
        (
            [claude(call("a")), user(result("a"), result("a"))],
            3,
            ["Call A (a) has two results."],
        ),
        (
            [claude(call("a")), user(result("a")), claude(text()), user(result("a"))],
            5,
            ["The result for A (a) answers a call that isn't in the turn before."],
        ),
        (
            [user(result("z"))],
            2,
            ["The result for A (z) has no call with that id."],
        ),
        (
            [claude(call("a")), {"role": "tool", "tool_call_id": "a", "content": "mild"}],
            3,
            [
                'There is no role "tool". Your code speaks as user.',
                "A message has only a role and content, but this one has tool_call_id.",
                "Call A (a) has no result.",
            ],
        ),
        (
            [user(call("a"))],
            2,
            ["Call A (a) is in a user turn, but only Claude calls tools."],
        ),
        (
            [claude(call("a")), user(result("a")), claude(call("a")), user(result("a"))],
            4,
            ["The id of call A (a) is used twice."],
        ),
        (
            [claude(text(), result("a"))],
            2,
            ["The result for A (a) is in an assistant turn, but results go to Claude."],
        ),
        (
            [claude({"type": "tool_use", "name": "f", "input": {}})],
            2,
            ["The call of f() has no id."],
        ),
        (
            [user({"type": "tool_result", "tool_call_id": "a"})],
            2,
            ["A result has no tool_use_id, so it answers no call."],
        ),
    ],
    ids=[
        "unanswered",
        "after a text",
        "after a text in the message before",
        "answered twice",
        "answered again later",
        "never asked",
        "role tool",
        "a call by the user",
        "an id used again",
        "a result by Claude",
        "a call without id",
        "a result without id",
    ],
)
def test_a_fault_is_named_at_its_turn(messages: list[Any], number: int, faults: list[str]) -> None:
    """The first turn with a fault is the one to mend."""
    turns = sequence(ASK, *messages)
    first = next(turn for turn in turns if turn.faults)
    assert (first.number, list(first.faults)) == (number, faults)


_IDS = st.sampled_from(["a", "b", "c"])
_BLOCKS = st.lists(
    st.one_of(st.just(text()), _IDS.map(call), _IDS.map(result)), min_size=1, max_size=4
)
_MESSAGES = st.one_of(
    _BLOCKS.map(lambda blocks: claude(*blocks)), _BLOCKS.map(lambda blocks: user(*blocks))
)


@settings(max_examples=400)
@given(st.lists(_MESSAGES, max_size=6))
def test_a_fault_is_found_where_the_api_finds_one(messages: list[Any]) -> None:
    """Whatever the history, it has a fault or an open call exactly when it is refused."""
    history = [ASK, *messages]
    if history[-1]["role"] == "assistant" and not _calls(history[-1]):
        # It would be refused as a prefill.
        history.append(ASK)
    turns = sequence(*history)
    has_faults = any(turn.faults for turn in turns) or bool(turns[-1].waiting)
    assert has_faults == bool(refusal_of(tuple(history)))


def _calls(message: dict[str, Any]) -> list[Any]:
    return [block for block in message["content"] if block["type"] == "tool_use"]


@st.composite
def _sound(draw: st.DrawFn) -> list[Any]:
    """Draw a history that the API takes: each round of calls is answered in the next turn."""
    history: list[Any] = [ASK]
    count = 0
    for size in draw(st.lists(st.integers(0, 3), max_size=4)):
        ids = [f"c{count + number}" for number in range(size)]
        count += size
        after = [text()] if not size or draw(st.booleans()) else []
        history.append(claude(*draw(st.permutations([text(), *map(call, ids)]))))
        history.append(user(*map(result, draw(st.permutations(ids))), *after))
    return history


@settings(max_examples=100)
@given(_sound())
def test_a_sound_history_has_no_fault(history: list[Any]) -> None:
    """However many calls, in whatever order they are answered."""
    turns = sequence(*history)
    assert [turn.faults for turn in turns] == [()] * len(turns)
    assert turns[-1].waiting == ()
    assert refusal_of(tuple(history)) == ""


@pytest.mark.parametrize(
    ("id", "shown"),
    [
        ("toolu_01Mq7bT2xKa4", "toolu_…xKa4"),
        ("toolu_123456", "toolu_123456"),
        ("call1234567890", "call1234567890"),
        ("a_b_c_1234567890", "a_…7890"),
    ],
    ids=["long", "short", "no mark", "several marks"],
)
def test_an_id_is_shortened_to_both_ends(id: str, shown: str) -> None:
    """Its kind and its last characters tell it from others."""
    assert short(id) == shown


def test_letters_go_on_after_z() -> None:
    """A long conversation has more calls than the alphabet has letters."""
    turns = sequence(ASK, claude(*(call(f"c{number}") for number in range(28))))
    assert turns[1].letters[0] == "A"
    assert turns[1].letters[25:] == ("Z", "A2", "B2")
