"""Validation of thinking that comes back: unchanged, and where a tool loop needs it."""

from typing import Any

import pytest

from grader.simulator.faults import Refused
from grader.simulator.identifiers import Identifiers
from grader.simulator.signatures import sign
from grader.simulator.validation.thoughts import check_thoughts
from grader.simulator.validation.turns import merge
from tests.simulator.validation.turns import (
    Message,
    assistant,
    call,
    result,
    thought,
    user,
    words,
)

RECORDED = "EocECqcBCBAYAipAi195gQ5q5VL/xWzK+8w="
ENABLED = {"type": "enabled", "budget_tokens": 1_024}
ADAPTIVE = {"type": "adaptive"}
INVALID = "Invalid `signature` in `thinking` block"
MODIFIED = (
    "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. "
    "These blocks must remain as they were in the original response."
)


def fault_of(*messages: Message, thinking: Any = None) -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_thoughts(merge(list(messages)), thinking)
    except Refused as refused:
        return refused.fault.message
    return ""


def signed(said: str) -> str:
    """Return the signature of a simulator for these words."""
    return sign(said, Identifiers(7))


@pytest.mark.parametrize("signature", ["", "sig-1", "claude#EpAD", "Ep AD", "=="])
def test_what_cannot_be_a_signature_is_refused(signature: str) -> None:
    """It is base64 at the least."""
    turns = user("a"), assistant(words("b"), thought("Hm.", signature)), user("c")
    assert fault_of(*turns) == f"messages.1.content.1: {INVALID}"


@pytest.mark.parametrize("said", ["Hm.", "Other words.", ""])
def test_a_foreign_signature_is_taken_on_trust(said: str) -> None:
    """Recorded traffic has signatures that only Anthropic can check."""
    assert fault_of(user("a"), assistant(thought(said, RECORDED), words("b")), user("c")) == ""


@pytest.mark.parametrize("said", ["Hm.", "", "Où? \ud83d"], ids=["plain", "omitted", "half a pair"])
def test_thinking_comes_back_as_it_was_sent(said: str) -> None:
    """Also to another simulator, and also when its words were left out."""
    assert fault_of(user("a"), assistant(thought(said, signed(said)), words("b")), user("c")) == ""


@pytest.mark.parametrize("edited", ["Hm", "Hm..", "", "hm."])
def test_changed_thinking_is_refused(edited: str) -> None:
    """In the latest assistant turn with the documented words, further back as a bad signature."""
    changed = thought(edited, signed("Hm."))
    latest = user("a"), assistant(changed, words("b")), user("c")
    assert fault_of(*latest) == f"messages.1.content.0: {MODIFIED}"
    assert fault_of(*latest, assistant("d"), user("e")) == f"messages.1.content.0: {INVALID}"


def test_a_changed_signature_is_anothers() -> None:
    """Of a signature that no simulator made, nothing can be said."""
    signature = signed("Hm.")
    for other in ("A" + signature[1:], signature[:-4], signature + "AAAA"):
        assert fault_of(user("a"), assistant(thought("Hm.", other), words("b")), user("c")) == ""


LOOP = (user("a"), assistant(words("b"), call("t1")), user(result("t1")))
EXPECTED = (
    "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When "
    "`thinking` is enabled, a final `assistant` message must start with a thinking block "
    "(preceeding the lastmost set of `tool_use` and `tool_result` blocks). We recommend you "
    "include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. "
    "Please consult our documentation at "
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
)


def test_a_tool_loop_with_a_budget_begins_with_its_thinking() -> None:
    """Adaptive thinking, and none, have no such rule."""
    assert fault_of(*LOOP, thinking=ENABLED) == EXPECTED
    assert fault_of(*LOOP, thinking=ADAPTIVE) == ""
    assert fault_of(*LOOP) == ""


@pytest.mark.parametrize(
    "turns",
    [
        (user("a"), assistant(thought("Hm."), call("t1")), user(result("t1"))),
        (
            user("a"),
            assistant({"type": "redacted_thinking", "data": "d"}, call("t1")),
            user(result("t1")),
        ),
        (
            user("a"),
            assistant(thought("Hm."), call("t1")),
            user(result("t1")),
            assistant(call("t2")),
            user(result("t2")),
        ),
        (*LOOP, assistant("c"), user("d")),
        (user("a"), assistant("b"), user("c")),
    ],
    ids=["thinking", "redacted", "second round", "finished", "no tools"],
)
def test_a_tool_loop_that_kept_its_thinking_is_accepted(turns: tuple[Message, ...]) -> None:
    """One thought at its start is enough, and a finished loop needs none."""
    assert fault_of(*turns, thinking=ENABLED) == ""
