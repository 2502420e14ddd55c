"""Scripted replies: turns built of parts, and what a script refuses to be."""

from typing import Any

import pytest

from grader.errors import ScriptError
from grader.simulator import (
    Fault,
    Interrupted,
    Script,
    Turn,
    empty,
    interrupted,
    overloaded,
    rate_limited,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
    with_faults,
)

HELLO = {"type": "text", "text": "Hello"}
THOUGHT = {"type": "thinking", "thinking": "Hm.", "signature": "s"}
CALL = {"type": "tool_use", "name": "get_time", "input": {"zone": "CET"}}


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (text("Hello"), Turn((HELLO,))),
        (text("Hello", stop_reason="max_tokens"), Turn((HELLO,), "max_tokens")),
        (
            text("Hello", stop_reason="stop_sequence", stop_sequence="END"),
            Turn((HELLO,), "stop_sequence", "END"),
        ),
        (thinking("Hm.", signature="s"), Turn((THOUGHT,))),
        (tool_use("get_time", {"zone": "CET"}), Turn((CALL,), "tool_use")),
        (tool_use("get_time", {"zone": "CET"}, id="a"), Turn(({**CALL, "id": "a"},), "tool_use")),
        (empty(), Turn(())),
        (empty(stop_reason="max_tokens"), Turn((), "max_tokens")),
        (
            refusal("bio", "Harm.", text("Hello")),
            Turn(
                (HELLO,),
                "refusal",
                None,
                {"type": "refusal", "category": "bio", "explanation": "Harm."},
            ),
        ),
        (turn(thinking("Hm.", signature="s"), text("Hello")), Turn((THOUGHT, HELLO))),
        (
            turn(text("Hello"), tool_use("get_time", {"zone": "CET"})),
            Turn((HELLO, CALL), "tool_use"),
        ),
        (turn(text("Hello"), stop_reason="pause_turn"), Turn((HELLO,), "pause_turn")),
        (
            turn(thinking("Hm.", signature="s"), refusal()),
            Turn(
                (THOUGHT,),
                "refusal",
                None,
                {"type": "refusal", "category": None, "explanation": None},
            ),
        ),
    ],
    ids=range(13),
)
def test_a_turn_is_built_of_its_parts(built: Turn, expected: Turn) -> None:
    """Blocks in order, and the last part's stop reason unless another is given."""
    assert built == expected


def test_a_turn_does_not_share_its_input() -> None:
    """What a check changes afterwards is not what was scripted."""
    given = {"zone": "CET"}
    built = tool_use("get_time", given)
    given["zone"] = "EST"
    assert built.content == (CALL,)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: text("a", stop_reason="stop"), "stop_reason 'stop' does not exist. Use one of:"),
        (lambda: text("a", stop_sequence="END"), "stop_sequence 'END' does not go with"),
        (lambda: text("a", stop_reason="stop_sequence"), "stop_sequence None does not go with"),
        (lambda: refusal("rude"), "Refusal category 'rude' does not exist."),
        (turn, "turn() was called with nothing. Use empty()"),
        (lambda: Turn(("Hello",)), "The content block 'Hello' has no type."),
        (lambda: Turn(({"text": "Hello"},)), "has no type."),
        (lambda: Turn(({"type": "text"},)), "lacks text: a text block needs type, text."),
        (
            lambda: Turn(({"type": "tool_use", "id": "a"},)),
            "lacks name, input: a tool_use",
        ),
        (
            lambda: Turn(({"type": "thinking", "thinking": ""},)),
            "lacks signature: a thinking",
        ),
    ],
)
def test_what_the_api_could_never_send_is_refused(build: Any, message: str) -> None:
    """When the script is written, not when it is used."""
    with pytest.raises(ScriptError) as caught:
        build()
    assert message in str(caught.value)


def test_a_block_of_another_kind_is_sent_as_it_is() -> None:
    """Server tools are out of the course's scope, and still can be scripted."""
    block = {"type": "server_tool_use", "id": "srvtoolu_01", "name": "web_search", "input": {}}
    assert Turn((block,)).content == (block,)


def test_a_script_gives_its_replies_in_order_and_then_an_error() -> None:
    """It counts what was asked of it."""
    first, second = text("One."), Fault(529, "Overloaded")
    script = Script(first, second)
    replies = [script({}, None) for _ in range(3)]
    assert replies[:2] == [first, second]
    assert replies[2].status == 400
    assert script.used == 3


def test_an_interrupted_turn_is_a_turn_and_what_breaks_it_off() -> None:
    """Nothing of the turn is changed."""
    built = interrupted(text("Hello"), after=3, fault=overloaded())
    assert built == Interrupted(text("Hello"), 3, Fault(529, "Overloaded"))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: interrupted(overloaded(), after=1, fault=overloaded()),
            "Only a turn can be interrupted, and this is Fault(",
        ),
        (
            lambda: interrupted(text("a"), after=-1, fault=overloaded()),
            "after=-1 deltas is before the stream begins. Give 0 or more.",
        ),
        (
            lambda: with_faults(Script(), {0: overloaded()}),
            "There is no request number 0: positions are counted from 1",
        ),
        (lambda: with_faults(Script(), {"1": overloaded()}), "There is no request number '1'"),
        (lambda: with_faults(Script(), {True: overloaded()}), "There is no request number True"),
    ],
    ids=["a fault", "before", "zero", "a text", "a bool"],
)
def test_a_fault_out_of_place_is_refused(build: Any, message: str) -> None:
    """When the script is written."""
    with pytest.raises(ScriptError) as caught:
        build()
    assert message in str(caught.value)


def test_faults_are_counted_over_any_source_of_replies() -> None:
    """From 1, and a position that fails takes nothing from the source."""
    faults = {1: overloaded(), 3: rate_limited(retry_after=2)}
    replies = with_faults(Script(text("a"), text("b")), faults)
    faults[2] = overloaded()
    given = [replies({}, None) for _ in range(4)]
    assert given == [overloaded(), text("a"), rate_limited(retry_after=2), text("b")]
