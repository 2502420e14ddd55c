"""The words of an exercise, as a writer writes them."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import ExamError
from grader.exams import Diagnosis, Words, common
from grader.exams.words import read_words, words_beside
from tests.exams.small_exercise import HINTS, made

WHOLE = """\
# answer

1. The idea.
2. The place.
3. Nearly
  the code.

## wrong
It is wrong.

- Saw: It was `{observed}`.
- Why: The caller
  minds.
- Next: Mend it.
- Where: Here
- Crash: `^ValueError: `

1. One.
2. Two.
3. Three.

## again
It is wrong again.

- Saw: It was `{observed}`.
- Why: The caller minds.
- Next: Mend it.
- Hints: as for wrong

## printed
- Where: There
"""
PRINTED = Diagnosis("printed", "It was printed.", "Saw.", "Why.", "Next.", crash="^Error")
THERE = replace(PRINTED, where="“There”")


def written(folder: Path, text: str) -> Path:
    """Write the words of `answer`, and return the file."""
    file = folder / "answer.md"
    file.write_text(text, encoding="utf-8")
    return file


def test_all_parts_are_read(tmp_path: Path) -> None:
    """Own words, hints taken over, lines that go on, and shared words with another place."""
    ladder = ("One.", "Two.", "Three.")
    saw, why, mend = "It was `{observed}`.", "The caller minds.", "Mend it."
    assert read_words(written(tmp_path, WHOLE), {"printed": PRINTED}) == Words(
        ("The idea.", "The place.", "Nearly the code."),
        (
            Diagnosis("wrong", "It is wrong.", saw, why, mend, "“Here”", ladder, "^ValueError: "),
            Diagnosis("again", "It is wrong again.", saw, why, mend, "", ladder),
            Diagnosis(
                "printed", "It was printed.", "Saw.", "Why.", "Next.", "“There”", (), "^Error"
            ),
        ),
    )


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            "wrong.\n\n- Saw",
            "wrong.\n\n- See",
            "line 11: there is no 'See'; there is Saw, Why, Next",
        ),
        ("- Next: Mend it.\n- Where", "- Where", "line 8: 'wrong' has no line \"- Next: …\""),
        ("## again", "## wrong", "line 22: 'wrong' is here twice"),
        ("## printed", "## printed-out", "line 30: 'printed-out' has no title, and the shared"),
        ("\n3. Three.", "", "line 8: 'wrong' has 2 hints: give it three"),
        ("2. Two.", "3. Two.", "line 19: '3. Two.' is neither a field, nor a heading, nor hint 2"),
        ("as for wrong", "as for other", 'should read "- Hints: as for …"'),
        ("as for wrong", "like wrong", 'should read "- Hints: as for …"'),
        ("  minds.", "minds.", "line 13: 'minds.' is neither a field"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    """A writer finds the slip without reading Python."""
    assert WHOLE.count(right) == 1
    file = written(tmp_path, WHOLE.replace(right, wrong))
    with pytest.raises(ExamError) as caught:
        read_words(file, {"printed": PRINTED})
    assert str(caught.value).startswith(f"{file}, line ")
    assert told in str(caught.value)


def test_a_check_without_words_is_told() -> None:
    """The file that is looked for is named."""
    with pytest.raises(ExamError, match=r"words\.md is missing: it holds the hints and mistakes"):
        words_beside("grader.exams.words")


def test_what_all_exercises_share_is_there() -> None:
    """Such as code that stopped."""
    assert common("crash").title == "Your code stopped with an error."


@pytest.mark.parametrize(
    ("id", "hints"),
    [
        ("loop-runs", common("loop-runs").hints),
        ("crash", HINTS),
        ("wrong", HINTS),
        ("", HINTS),
    ],
)
def test_hints_are_those_of_the_mistake_else_of_the_exercise(
    id: str, hints: tuple[str, ...]
) -> None:
    """`hint` and the panel agree, also about a mistake that every exercise shares."""
    assert made(lambda _: None).hints_for(id) == hints
