"""Every prediction of the lessons comes true as the course says, in the cell that it is about."""

import re

import pytest

from grader.exercises.predictions import predictions_of
from tests.course.marks import each_lesson

_CALL = re.compile(r'^predict\("([^"]+)"\)$')


@each_lesson
@pytest.mark.parametrize("folder", ["solutions", "course"])
def test_what_comes_is_what_the_course_calls_right(run, lesson, folder):
    """Each proof holds after its cell, in the notebook as it is; no other cell answers it."""
    cells = run(lesson.name, folder=folder)
    came = [
        (cell["id"], cell["came"]) for cell in (told for each in cells for told in each.predicted)
    ]
    assert came == [(each.id, each.right) for each in predictions_of(lesson.name)]


@each_lesson
def test_a_prediction_is_answered_before_the_next_is_made(run, lesson):
    """What came stands below a cell that follows the question, with no other question between."""
    asked = []
    for cell in run(lesson.name):
        if found := _CALL.match(cell.source):
            asked.append(found[1])
        assert [told["id"] for told in cell.predicted] in ([], asked[-1:])
