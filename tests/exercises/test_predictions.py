"""The words of predictions, as a writer writes them; what is wrong is named with file and line."""

import pytest

from grader.errors import ExamError, UnknownPrediction
from grader.exercises.predictions import (
    Prediction,
    find_prediction,
    parse_predictions,
    predictions,
)

WHOLE = """\
# Predictions

## twice
What is twice
  three?

- a: Five
- b: Six
- Right: b
- Because: Two times three
  is six.
- About: doubling
- Cell: `2 * 3`
- Proof: `printed == "6"`
"""


def test_all_parts_are_read() -> None:
    """Lines that go on are joined, and the marks of code around code are left out."""
    assert parse_predictions(WHOLE, "words.md", "00_x") == (
        Prediction(
            id="twice",
            question="What is twice three?",
            choices={"a": "Five", "b": "Six"},
            right="b",
            because="Two times three is six.",
            about="doubling",
            cell="2 * 3",
            proof='printed == "6"',
            lesson="00_x",
            line=3,
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("## twice", "## Twice!", 3, "'Twice!' is no id"),
        ("# Predictions", "Words\n# Predictions", 1, "'Words' stands above the first heading"),
        ("What is twice\n  three?\n", "", 3, "'twice' has no question"),
        ("- b: Six\n", "", 3, "'twice' has the choices a: give it two to four"),
        ("- a: Five\n", "", 3, "'twice' has the choices b: give it two to four"),
        ("- b: Six", "- b: Five", 3, "'twice' has two choices with the same words"),
        ("- Right: b", "- Right: c", 3, "'twice' says that 'c' is right: name one of a, b"),
        ("- Right: b\n", "", 3, "'twice' has no line \"- Right: …\""),
        ("- About: doubling\n", "", 3, "'twice' has no line \"- About: …\""),
        ("- Cell: `2 * 3`", "- Place: `2 * 3`", 13, "there is no 'Place'; there is a, b, c, d, R"),
        ("- b: Six", "- b: Six\n- b: Ten", 9, "'twice' has 'b' twice"),
        ("- b: Six", "- b: Six\nor so", 9, "'or so' is no field"),
        ('printed == "6"', 'printed = "6"', 3, "the proof of 'twice' is no Python expression"),
        ("## twice", "## twice\nIs it?\n- a: 1\n", 7, "'What is twice three?' is no field"),
        ("# Predictions\n", f"{WHOLE}\n", 17, "'twice' stands here twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, line: int, told: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(ExamError) as caught:
        parse_predictions(WHOLE.replace(old, new, 1), "words.md")
    assert str(caught.value).startswith(f"words.md, line {line}: {told}")


@pytest.mark.parametrize(
    ("proof", "holds"),
    [
        ('printed == "6"', True),
        ("result == 6 and number * 2 == 6", True),
        ("missing", False),
        ("1 / 0", False),
        ("[each for each in printed if each in number_words] == ['6']", True),
        ("''.join(None)", False),
    ],
)
def test_a_proof_sees_the_notebook_and_never_raises(proof: str, holds: bool) -> None:
    """The notebook's names, what the cell printed, and the value of its last line."""
    (made,) = parse_predictions(WHOLE.replace('printed == "6"', proof), "words.md")
    names = {"number": 3, "number_words": {"6"}}
    assert made.holds(names, "6", 6) is holds
    assert names == {"number": 3, "number_words": {"6"}}


def test_ids_are_found_across_the_lessons() -> None:
    """A misspelt one is told the nearest."""
    id = next(iter(predictions()))
    assert find_prediction(id).id == id
    with pytest.raises(UnknownPrediction, match=f"Did you mean: {id}"):
        find_prediction(f"{id}s")
