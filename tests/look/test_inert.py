"""Text that is shown is never obeyed."""

import pytest

from grader.look.inert import holds_hidden, inert, looks_of, one_line, visible


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


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("a\u200bb", "a\u2039U+200B\u203ab"),
        ("\u202egpj", "\u2039U+202E\u203agpj"),
        ("a\x1b[2J\n", "a\u2039U+001B\u203a[2J\u2039U+000A\u203a"),
        ("a\u00a0b", "a\u2039U+00A0\u203ab"),
        ("half \ud800", "half \u2039U+D800\u203a"),
        ("\U000e0101", "\u2039U+E0101\u203a"),
        ("\ue000", "\u2039U+E000\u203a"),
        ("al\u200cice", "al\u2039U+200C\u203aice"),
        ("\u200dx", "\u2039U+200D\u203ax"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_code(name: str, shown: str) -> None:
    """In the names of folders and files, where two that look alike would be one."""
    assert visible(name) == shown
    assert visible(name).isprintable()
    assert holds_hidden(name) is (name != shown)


@pytest.mark.parametrize(
    "name",
    ["\u0646\u06cc\u0645\u200c\u0641", "\u0915\u094d\u200d\u0937", "\u5c71\u3000\u7530", "Z\xf6e"],
)
def test_what_a_script_is_written_with_is_not_hidden(name: str) -> None:
    """Joiners between Persian and Indic letters, and the wide blank of Japanese names."""
    assert not holds_hidden(name)
    assert visible(name) == name


def test_names_that_look_the_same_have_the_same_looks() -> None:
    """Whatever Unicode form they are stored in, with joiners or without."""
    assert looks_of("Zoe\u0308") == looks_of("Zo\xeb")
    assert looks_of("\u0646\u200c\u0641") == looks_of("\u0646\u0641")
    assert looks_of("Ada") != looks_of("ada")
