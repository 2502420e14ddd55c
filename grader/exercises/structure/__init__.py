"""Lesson 01: the same request in two shapes, and how to read any reply."""

from grader.exams import Lesson, Objective
from grader.exercises.structure.convert_image_part import convert_image_part
from grader.exercises.structure.convert_request import convert_request
from grader.exercises.structure.finish_reason import finish_reason
from grader.exercises.structure.split_system import split_system
from grader.exercises.structure.text_of import text_of

LESSON = Lesson(
    name="01_structure",
    title="Two shapes of one request",
    minutes=70,
    objectives=(
        Objective("put the system prompt where it belongs", ("split_system", "convert_request")),
        Objective("write and read content as typed blocks", ("convert_image_part", "text_of")),
        Objective("tell required, renamed and removed parameters apart", ("convert_request",)),
        Objective("act on every stop reason", ("finish_reason",)),
    ),
    exercises=(split_system, convert_request, convert_image_part, text_of, finish_reason),
)

__all__ = ["LESSON"]
