"""The comment beside an exercise, in plain words."""

from grader.grading.gradebook.comment import comment_on
from grader.grading.result import ExerciseResult
from tests.grading.made_results import verdict


def test_a_mistake_is_told_with_the_next_step() -> None:
    """The same words as in the panel, on one line."""
    assert comment_on(ExerciseResult(verdict("first_call", "no-max-tokens"))) == (
        "Crashed: 0 of 4 points. The request never left: a required argument is missing. Python "
        "says: `TypeError: Missing required arguments; Expected either ('max_tokens', 'messages' "
        "and 'model') or ('max_tokens', 'messages', 'model' and 'stream') arguments to …` `model`, "
        "`max_tokens` and `messages` are all required. OpenAI code has no `max_tokens`; here you "
        "say how long a reply may be. Next: See which of the three your call lacks, and pass it. "
        "Where: “The same question, three times”."
    )


def test_a_right_answer_needs_no_comment() -> None:
    """Formgrader then leaves the field to people."""
    assert comment_on(ExerciseResult(verdict("first_call"))) is None


def test_a_flag_is_told_even_then() -> None:
    """Why the exam was cut short stands in front."""
    told = comment_on(ExerciseResult(verdict("first_call"), flag="Stopped after 60 s."))
    assert told == "Correct: 4 of 4 points. Stopped after 60 s."
