"""The broken histories: each is refused, its repair is not, and the broken turn is where it is."""

import pytest

from grader.classroom.widgets.broken_turns import Puzzle, make_puzzles, refusal_of
from grader.classroom.widgets.history import read_history
from grader.classroom.widgets.sequence_stepper import read_sequence
from tests.classroom.widgets.samples import PUZZLE_NAMES

PUZZLES = make_puzzles()


ERRORS = (
    'messages: Unexpected role "tool".',
    "messages.1: `tool_use` ids were found without `tool_result` blocks",
    "messages.3: `tool_use` ids were found without `tool_result` blocks",
    "messages.2.content.1: unexpected `tool_use_id` found in `tool_result` blocks",
    "messages.4.content.0: unexpected `tool_use_id` found in `tool_result` blocks",
)


@pytest.mark.parametrize(
    ("puzzle", "error"), list(zip(PUZZLES, ERRORS, strict=True)), ids=PUZZLE_NAMES
)
def test_the_simulated_api_refuses_it(puzzle: Puzzle, error: str) -> None:
    """The error is the simulator's own, not typed in."""
    assert refusal_of(puzzle.history).startswith(f"400 invalid_request_error: {error}")


@pytest.mark.parametrize("puzzle", PUZZLES, ids=PUZZLE_NAMES)
def test_the_repaired_history_is_answered(puzzle: Puzzle) -> None:
    """What a learner is shown as the repair does work."""
    assert refusal_of(puzzle.repaired) == ""
    assert not any(turn.faults for turn in read_sequence(read_history(puzzle.repaired)))


@pytest.mark.parametrize("puzzle", PUZZLES, ids=PUZZLE_NAMES)
def test_the_broken_turn_is_the_one_that_changes(puzzle: Puzzle) -> None:
    """Up to it both histories are alike, and the first fault stands there."""
    before = puzzle.broken - 1
    assert puzzle.history[:before] == puzzle.repaired[:before]
    assert puzzle.history[before] != puzzle.repaired[before]
    assert puzzle.mended[0] == puzzle.broken
    rest = puzzle.history[puzzle.broken :]
    assert puzzle.repaired == (
        *puzzle.history[:before],
        *(puzzle.repaired[number - 1] for number in puzzle.mended),
        *rest,
    )
    faulty = [turn.number for turn in read_sequence(read_history(puzzle.history)) if turn.faults]
    assert faulty == [puzzle.broken]


def test_the_broken_turn_is_not_always_the_same() -> None:
    """Neither its number nor its place at the end gives it away."""
    assert len({puzzle.broken for puzzle in PUZZLES}) > 2
    assert any(puzzle.broken < len(puzzle.history) for puzzle in PUZZLES)
