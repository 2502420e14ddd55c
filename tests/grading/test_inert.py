"""Text that is shown is never obeyed."""

import pytest

from grader.grading.inert import inert, one_line


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain Zoë 漢字 🎓\n\tindented", "plain Zoë 漢字 🎓\n\tindented"),
        ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
        ("100 %\rDone", "100 %␍Done"),
        ("one\r\ntwo", "one\ntwo"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m", "\N{REPLACEMENT CHARACTER}31m"),
        ("a\u202eb\u2066c", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"),
        ("half \ud800 a pair", "half \N{REPLACEMENT CHARACTER} a pair"),
    ],
)
def test_control_characters_are_shown(said: str, shown: str) -> None:
    """Escapes, overwriting, marks of direction and half characters do nothing."""
    assert inert(said) == shown


def test_a_line_is_one_line() -> None:
    """A table of a terminal keeps its rows."""
    assert one_line("one\n two\t\x0bthree ") == "one two ␋three"
