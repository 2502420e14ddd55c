"""Grade a class: gather what was handed in, run it with nbgrader, write down the results.

    gathered = Class.gather(Path("submitted"), COURSE)
    report = grade_class(gathered, find_root(), Path("grades"))

It does not yet isolate submissions from this machine: they run with the rights of whoever grades.
"""

from grader.grading.demo import EXPECTED, make_demo_class
from grader.grading.gathering import Class, Submission, Trouble
from grader.grading.grade import GradedSubmission, GradeReport, grade_class
from grader.grading.nbgrader_course import CellPoints
from grader.grading.options import configure, configure_steps

__all__ = [
    "EXPECTED",
    "CellPoints",
    "Class",
    "GradeReport",
    "GradedSubmission",
    "Submission",
    "Trouble",
    "configure",
    "configure_steps",
    "grade_class",
    "make_demo_class",
]
