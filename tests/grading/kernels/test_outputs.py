"""Outputs as a hostile kernel might send them."""

import socket
from typing import Any

import pytest

from grader.grading.kernels.messages import BrokenLine, Messages, read_line
from grader.grading.kernels.outputs import GatheredOutputs
from grader.grading.sandbox import Limits

_ODD: tuple[Any, ...] = (
    None,
    [],
    {"output_type": "verdict", "points": 9},
    {"output_type": "stream", "name": "secret", "text": "x"},
    {"output_type": "display_data", "data": ["x"]},
    {"output_type": "display_data", "data": dict.fromkeys(map(str, range(99)), "x")},
    {"output_type": "update_display_data", "data": {}, "transient": {"display_id": []}},
)


def gathered(*messages: Any, **limits: int) -> tuple[Any, ...]:
    """Return what is kept of messages."""
    outputs = GatheredOutputs(Limits(**limits))
    for message in messages:
        outputs.add(message)
    return outputs.outputs


def test_what_nbformat_does_not_know_is_left_out() -> None:
    """Of what it knows, only its own fields are kept."""
    known = {"output_type": "stream", "name": "stdout", "text": "x"}
    assert gathered(*_ODD, {**known, "points": 9}) == (known,)


def test_text_that_no_file_can_hold_is_replaced() -> None:
    """A lone surrogate would break the notebook when it is written."""
    [printed, shown] = gathered(
        {"output_type": "stream", "name": "stdout", "text": "\ud800"},
        {
            "output_type": "execute_result",
            "data": {"text/plain": "\ud800"},
            "execution_count": True,
        },
    )
    assert printed["text"] == "?"
    assert (shown["data"], shown["execution_count"]) == ({"text/plain": "?"}, None)


def test_updates_without_end_come_to_one() -> None:
    """Each counts, though only the last is seen."""
    shown = {"output_type": "display_data", "data": {"a": "x"}, "transient": {"display_id": "1"}}
    update = {**shown, "output_type": "update_display_data", "data": {"a": "y" * 100}}
    [picture, cut] = gathered(shown, *[update] * 99, output_bytes=1000)
    assert picture["data"] == {"a": "y" * 100}
    assert cut["text"].startswith("…")


@pytest.mark.parametrize("line", [b"NaN", b"{", b"[" * 100_000, b"9" * 5000, b"\xff"])
def test_what_is_no_plain_json_is_no_message(line: bytes) -> None:
    """Neither nesting nor length gets through as another error."""
    with pytest.raises(BrokenLine):
        read_line(line)


def test_a_line_has_a_longest_length() -> None:
    """Else one that never ends would fill the memory of who grades."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"x" * 200)
        with pytest.raises(BrokenLine, match="more than 100 bytes"):
            Messages(ours, longest=100).receive()
