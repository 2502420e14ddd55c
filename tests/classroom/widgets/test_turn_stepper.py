"""The state of the turn stepper: what is new in a call, and where its tokens come from."""

from typing import Any

import pytest

from grader.classroom import connect
from grader.classroom.widgets.turn_stepper import BEFORE, NEW, REPLY, read_calls
from grader.errors import WidgetError

HELLO = {"role": "user", "content": "Hello"}
AGAIN = {"role": "user", "content": "Say it again."}


def reply(words: str = "Hi.", **usage: Any) -> dict[str, Any]:
    """Return a message as the API sends it."""
    content = [{"type": "text", "text": words}] if words else []
    counted = {"input_tokens": 10, "output_tokens": 4, **usage}
    return {
        "role": "assistant",
        "content": content,
        "stop_reason": "end_turn",
        "usage": counted,
    }


def _turn(message: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "content": message["content"]}


def test_a_conversation_sends_all_of_it_again() -> None:
    """What is sent again is the input and the output of the call before."""
    client = connect(live=False)
    turns, messages = [], []
    for prompt in ("Hello", "What is the capital of France?", "What is an API?"):
        messages.append({"role": "user", "content": prompt})
        message = client.messages.create(
            model="claude-sonnet-4-6", max_tokens=300, messages=messages
        )
        turns.append((list(messages), message))
        messages.append({"role": "assistant", "content": message.content})
    calls = read_calls(turns)
    usages = [message.usage for _, message in turns]
    assert [call.marks for call in calls] == [
        (NEW,),
        (BEFORE, REPLY, NEW),
        (BEFORE, BEFORE, BEFORE, REPLY, NEW),
    ]
    assert [call.input for call in calls] == [usage.input_tokens for usage in usages]
    assert [call.output for call in calls] == [usage.output_tokens for usage in usages]
    assert [call.again for call in calls] == [
        0,
        *(usage.input_tokens + usage.output_tokens for usage in usages[:2]),
    ]
    assert [call.note for call in calls] == ["", "", ""]
    assert all(call.again + call.new == call.input for call in calls)


def test_a_cached_input_is_counted_whole() -> None:
    """The three counts of input add up to what the model read."""
    usage = {"cache_creation_input_tokens": 100, "cache_read_input_tokens": 1000}
    (call,) = read_calls([([HELLO], reply(**usage))])
    assert (call.input, call.new) == (1110, 1110)
    (call,) = read_calls([([HELLO], reply(cache_read_input_tokens=None))])
    assert call.input == 10


@pytest.mark.parametrize(
    "between",
    [[], [{"role": "assistant", "content": "Hi"}]],
    ids=["forgotten", "changed"],
)
def test_a_reply_that_is_not_sent_back_is_noted(between: list[Any]) -> None:
    """A forgotten assistant turn, or one that was rewritten, is not the reply."""
    first, second = reply(), reply(input_tokens=25)
    calls = read_calls([([HELLO], first), ([HELLO, *between, AGAIN], second)])
    assert calls[1].marks == (BEFORE, *(NEW for _ in between), NEW)
    assert (calls[1].again, calls[1].new) == (10, 15)
    assert calls[1].note == "The reply of call 1 didn't go back as it came."


def test_a_history_that_was_trimmed_is_not_split() -> None:
    """What part of the input was sent before is nowhere in usage, so it is not made up."""
    first, second = reply(), reply("Hi, again.", input_tokens=25)
    longer = [HELLO, _turn(first), AGAIN]
    thanks = {"role": "user", "content": "Thanks."}
    trimmed = [AGAIN, _turn(second), thanks]
    calls = read_calls([([HELLO], first), (longer, second), (trimmed, reply())])
    assert calls[2].again is None
    assert calls[2].marks == (BEFORE, BEFORE, NEW)
    assert calls[2].note == "2 messages of call 2 are no longer sent."


def test_a_history_that_was_forgotten_is_not_split() -> None:
    """A question without its conversation is new, and the system prompt beside it is not."""
    calls = read_calls([([HELLO], reply()), ([AGAIN], reply())])
    assert (calls[1].marks, calls[1].again) == ((NEW,), None)
    assert calls[1].note == "1 message of call 1 is no longer sent."


def test_a_history_with_something_before_it_is_not_split() -> None:
    """All messages are there, and yet the prefix is another one."""
    calls = read_calls([([HELLO], reply()), ([AGAIN, HELLO], reply())])
    assert calls[1].note == "The messages of call 1 are here, but not at the start."


def test_thinking_that_is_not_sent_again_takes_nothing_away() -> None:
    """Thinking is billed as output; where it is dropped, less is sent than was billed."""
    first = reply(output_tokens=500)
    calls = read_calls([([HELLO], first), ([HELLO, _turn(first), AGAIN], reply(input_tokens=30))])
    assert (calls[1].again, calls[1].new) == (30, 0)


def _shared() -> list[Any]:
    messages = [HELLO]
    turns = [(messages, reply())]
    messages.append(AGAIN)
    return [*turns, (messages, reply())]


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ([], "takes a list of (messages, message) pairs"),
        (None, "This is None"),
        ([[HELLO]], "turns[0] isn't a (messages, message) pair"),
        ([([HELLO], HELLO)], "turns[0][1] has no usage"),
        ([([HELLO], None)], "turns[0][1] has no usage"),
        ([(reply(), [HELLO])], "turns[0][0] is a dict"),
        ([([HELLO], {**reply(), "role": None})], "turns[0][1] is a dict"),
        (_shared(), "turns[0] and turns[1] hold the same list"),
        ([([HELLO, _turn(reply())], reply())], "turns[0][0] ends with the reply"),
    ],
    ids=[
        "nothing",
        "None",
        "no pair",
        "no reply",
        "None for a reply",
        "the wrong way round",
        "no role",
        "one list for all",
        "kept too late",
    ],
)
def test_what_are_no_calls_gets_a_clear_word(turns: Any, said: str) -> None:
    """The error says what is there, and how to collect it."""
    with pytest.raises(WidgetError) as caught:
        read_calls(turns)
    assert said in str(caught.value)


def test_an_empty_reply_is_a_reply() -> None:
    """The API does send one, and the next call may go on without it."""
    calls = read_calls([([HELLO], reply("")), ([HELLO, AGAIN], reply())])
    assert calls[0].reply.blocks == ()
    assert calls[1].note == "The reply of call 1 didn't go back as it came."
