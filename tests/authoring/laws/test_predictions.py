import pytest

from grader.authoring import Problem
from tests.authoring.tiny_course import DEMO, TinyCourse, at

WORDS_PATH = "grader/exercises/shout/predictions.md"
WORDS = """\
# Predictions

## loud
What comes?

- a: A text
- b: Nothing
- Right: a
- Because: It's dumped.
- About: dumps
- Cell: `json.dumps(GREETING)`
- Proof: `result == GREETING`
"""
ASKED = f'predict("loud")\n# %%\n{DEMO}'
FORM = "grader/exercises/predictions.py shows the form."


@pytest.mark.parametrize(
    ("words", "source", "problems"),
    [
        pytest.param(WORDS, ASKED, [], id="sound"),
        pytest.param("", DEMO, [], id="none"),
        pytest.param(
            WORDS.replace("- Right: a\n", ""),
            ASKED,
            [(f"{WORDS_PATH}:3", "'loud' has no line \"- Right: …\".", FORM)],
            id="words that can't be read",
        ),
        pytest.param(
            "",
            ASKED,
            [
                (
                    at(29),
                    f"{WORDS_PATH} has no prediction 'loud'.",
                    "Write it there, or correct the id.",
                )
            ],
            id="no words",
        ),
        pytest.param(
            WORDS,
            DEMO,
            [
                (
                    f"{WORDS_PATH}:3",
                    "No cell of the lesson asks 'loud'.",
                    'Add a cell predict("loud") before its cell, or remove the words.',
                )
            ],
            id="not asked",
        ),
        pytest.param(
            WORDS,
            f'predict("loud")\n# %%\n{ASKED}',
            [(at(31), "'loud' is asked twice.", "Remove the second cell.")],
            id="asked twice",
        ),
        pytest.param(
            WORDS.replace("result == GREETING", "1 == 1"),
            ASKED,
            [
                (
                    f"{WORDS_PATH}:3",
                    "The proof of 'loud' looks at nothing: 1 == 1.",
                    "Use names of the notebook, or printed, or result.",
                )
            ],
            id="a proof that can't fail",
        ),
        pytest.param(
            WORDS,
            f"{ASKED}\n# %%\n{DEMO}",
            [
                (
                    f"{WORDS_PATH}:3",
                    "2 code cells of the lesson hold 'json.dumps(GREETING)'; 'loud' needs one.",
                    "Name a text that only its cell holds.",
                )
            ],
            id="two such cells",
        ),
        pytest.param(
            WORDS,
            f'predict("loud")\n# %% [markdown]\n# Look:\n# %%\n{DEMO}',
            [
                (
                    f"{WORDS_PATH}:3",
                    "The cell of 'loud' isn't among the code cells right after its question.",
                    "Put the question before it, with no prose and no other question between.",
                )
            ],
            id="prose between",
        ),
    ],
)
def test_a_prediction_is_asked_once_right_before_its_cell(
    course: TinyCourse, words: str, source: str, problems: list[tuple[str, str, str]]
) -> None:
    """Its words, its cell and its question are found by each other."""
    course.write(WORDS_PATH, words)
    course.edit(DEMO, source)
    course.build()
    assert [each for each in course.check() if each.law == "predictions"] == [
        Problem("predictions", *each) for each in problems
    ]
