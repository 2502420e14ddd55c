"""The views of the widgets, read by their traits: what a press of a button changes."""

import subprocess
import sys
from typing import Any

import pytest

from grader.classroom import (
    backoff_timeline,
    block_explorer,
    broken_turns,
    rosetta,
    sequence_stepper,
    turn_stepper,
)
from grader.classroom.widgets.broken_turns import make_puzzles
from tests.classroom.widgets.samples import CALLS, TOOL_CALLS
from tests.classroom.widgets.traits import alerts, button, chosen, controls, drawn, said, words


def _press(view: Any, name: str) -> None:
    button(view, name).click()


def test_calls_are_stepped_through() -> None:
    """A step shows its own messages, and the tokens of the calls up to it."""
    view = turn_stepper(CALLS).make_view()
    assert "Call 1 of 2: 1 message, 1 new" in words(view)
    assert "Call 1: 8 in, all new, 12 out" in words(view)
    assert "20 sent again" not in words(view)
    _press(view, "Next call")
    assert said(view) == "Call 2 of 2: 3 messages, 1 new"
    assert "Call 2: 20 sent again + 10 new = 30 in, 5 out" in words(view)
    assert "2 assistant reply, sent again text Hi." in words(view)
    _press(view, "Next call")
    assert said(view) == "Call 2 of 2: 3 messages, 1 new"
    _press(view, "Previous call")
    _press(view, "Previous call")
    assert said(view) == "Call 1 of 2: 1 message, 1 new"


def test_turns_are_stepped_through() -> None:
    """A step shows the turns so far, and what is open."""
    view = sequence_stepper(TOOL_CALLS).make_view()
    assert "Turn 1 of 3: user, text" in words(view)
    assert "No call is waiting for a result." in words(view)
    _press(view, "Next turn")
    assert said(view) == "Turn 2 of 3: assistant, text, makes calls A and B"
    assert "Waiting for a result: A (toolu_…0001) and B (toolu_…0002)." in words(view)
    _press(view, "Next turn")
    assert said(view) == "Turn 3 of 3: user, answers call A"
    assert "✗ Call B (toolu_…0002) has no result." in words(view)
    assert "✗ 1 problem so far. The API would refuse this." in words(view)


def test_a_history_may_end_with_an_open_call() -> None:
    """That is no fault yet: the next message has to answer it."""
    whole = sequence_stepper(TOOL_CALLS[:2])
    assert str(whole).endswith("Waiting for a result: A (toolu_…0001) and B (toolu_…0002).")
    assert "✗" not in str(whole) + whole.html


def test_the_broken_turn_is_found() -> None:
    """A wrong pick gets the API's words, the right one the repair and the reason too."""
    puzzle = make_puzzles()[0]
    view = broken_turns().make_view()
    assert "✗" not in words(view)
    _press(view, "Turn 2")
    assert alerts(view) == ["✗ Turn 2 is fine. Read what the API says, and try another."]
    assert "400 invalid_request_error: messages: Unexpected role" in words(view)
    assert "Repaired" not in words(view)
    _press(view, "Turn 3")
    assert alerts(view) == ["✓ Turn 3 is broken."]
    for part in ("400 invalid_request_error", "Turn 3 is an OpenAI message", "Repaired"):
        assert part in words(view)
    assert "tool_use_id&quot;: &quot;toolu_01Mq7bT2xKa4" in words(view)
    assert len(puzzle.history) == 3


def test_every_history_can_be_reached_and_solved() -> None:
    """There is a button for each turn of each history, and one of them is right."""
    view = broken_turns().make_view()
    for number, puzzle in enumerate(make_puzzles(), start=1):
        assert f"History {number} of 5" in words(view)
        names = [f"Turn {turn}" for turn in range(1, len(puzzle.history) + 1)]
        assert [each.words for each in controls(view)[2:]] == names
        for name in names:
            _press(view, name)
            verdict = (
                f"✓ {name} is broken." if name == f"Turn {puzzle.broken}" else f"✗ {name} is fine."
            )
            assert verdict in words(view)
            assert chosen(view) == [name]
        _press(view, "Next history")


def test_a_step_is_found_again_as_it_was_left() -> None:
    """A verdict is not lost by looking at another history."""
    view = broken_turns().make_view()
    _press(view, "Turn 3")
    _press(view, "Next history")
    assert "✓ Turn 3 is broken." not in words(view)
    _press(view, "Previous history")
    assert "✓ Turn 3 is broken." in words(view)


def _pressed_nodes(view: Any) -> list[str]:
    return [each.words for each in controls(view) if each.is_chosen and each.act == "rule"]


def _press_node(view: Any, name: str) -> None:
    next(each for each in controls(view) if each.words == name).click()


def test_a_node_shows_its_counterpart_and_the_rule() -> None:
    """All its forms are marked, whichever was pressed; another choice takes the marks away."""
    view = rosetta().make_view()
    assert chosen(view) == ["Request"]
    _press_node(view, "B · max_completion_tokens")
    assert alerts(view) == ["B: max_completion_tokens · max_output_tokens → max_tokens"]
    assert "Renamed, and required" in words(view)
    marked = ["B · max_completion_tokens", "B · max_output_tokens", "B · max_tokens"]
    assert _pressed_nodes(view) == marked
    _press_node(view, "C · system")
    assert alerts(view) == ["C: messages[0] · instructions → system"]
    assert _pressed_nodes(view) == ["C · [0]", "C · instructions", "C · system"]


def test_what_has_no_counterpart_says_so() -> None:
    """Every API has such parts, and a comparison is found again as it was left."""
    view = rosetta().make_view()
    _press(view, "Reply")
    assert said(view) == "Reply: choose a lettered part of any column"
    _press_node(view, "N · output_tokens_details")
    assert alerts(view) == ["N: usage.output_tokens_details (Responses) → none here"]
    _press_node(view, "R · diagnostics")
    assert alerts(view) == ["R: container and diagnostics, only in Messages"]
    _press(view, "Request")
    assert "diagnostics" not in words(view)
    _press(view, "Reply")
    assert alerts(view) == ["R: container and diagnostics, only in Messages"]


def test_replies_are_chosen() -> None:
    """Each shows its blocks and what became of it; one button is marked as chosen."""
    view = block_explorer().make_view()
    assert "text: 4 of 4 ways survive" in words(view)
    _press(view, "refusal")
    assert said(view) == "refusal: 1 of 4 ways survive"
    assert "(no block) stop_reason: refusal" in words(view)
    assert "✗ an error IndexError: list index out of range" in words(view)
    assert chosen(view) == ["refusal"]


def test_ways_of_trying_again_are_chosen() -> None:
    """Each shows its first clients and who arrived in each second."""
    view = backoff_timeline().make_view()
    assert "client 1 asks at 0.0, 1.0, 3.0, 7.0 s: answered" in words(view)
    assert "7 s: 40 answered, 160 refused" in words(view)
    _press(view, "stacked retries")
    assert said(view) == "Stacked retries: 1,880 requests, 200 of 200 clients answered"


def test_ways_of_trying_again_are_played_step_by_step() -> None:
    """Until the end nothing is told of what comes later; then all of it stands there."""
    view = backoff_timeline().make_view()
    whole = drawn(view)
    _press(view, "Step 1 s")
    assert said(view) == "Without jitter: 0 s"
    assert len(drawn(view)) < len(whole)
    for _ in range(40):
        if said(view).endswith(" s"):
            _press(view, "Step 1 s")
    assert drawn(view) == whole


@pytest.mark.parametrize(
    "widget",
    [
        turn_stepper(CALLS),
        sequence_stepper(TOOL_CALLS),
        broken_turns(),
        rosetta(),
        block_explorer(),
        backoff_timeline(),
    ],
    ids=[
        *("turn_stepper", "sequence_stepper", "broken_turns"),
        *("rosetta", "block_explorer", "backoff_timeline"),
    ],
)
def test_every_control_says_what_it_does(widget: Any) -> None:
    """By its words or by a name for those who don't see it; what is chosen is said too."""
    view = widget.make_view()
    found = controls(view)
    assert found
    assert all(each.name for each in found)
    assert "data-lm-suppress-shortcuts" in view._esm


def test_ipywidgets_is_imported_when_a_widget_is_shown() -> None:
    """Making one, for its text or its HTML, costs next to nothing."""
    code = (
        "import sys; from grader.classroom import broken_turns; w = broken_turns(); str(w); w.html;"
        "print('ipywidgets' in sys.modules); w.make_view(); print('ipywidgets' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\nTrue\n"


def test_half_a_surrogate_pair_does_not_stop_a_view() -> None:
    """What a model wrote is shown, be it no text."""
    messages = [{"role": "user", "content": "\ud800"}]
    assert "\\ud800" in words(sequence_stepper(messages).make_view())
    assert "\\ud800" in sequence_stepper(messages)._repr_mimebundle_()["text/html"]
