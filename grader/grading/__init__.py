"""Grade a class: gather what was handed in, examine it in sealed kernels, write it all down.

    gathered = Class.gather(Path("submitted"), COURSE)
    report = grade_class(gathered, find_root(), Path("grades"))

A submission's way: `gathering` and `notebook_file` read it, `rebuild` takes from it what its
learner was to write, `examination` runs that in a kernel of `kernels` inside a `sandbox` and
examines it from outside, `journal` keeps the result, `writer` puts it into the `gradebook` and onto
a feedback page. `crew` and `worker` do many at once; `grade` puts it all together.
"""

from grader.grading.demo import EXPECTED, make_demo_class
from grader.grading.gathering import Class, Submission, Trouble
from grader.grading.grade import GradeReport, grade_class
from grader.grading.options import configure, configure_steps
from grader.grading.result import ExerciseResult, Result, Run

__all__ = [
    "EXPECTED",
    "Class",
    "ExerciseResult",
    "GradeReport",
    "Result",
    "Run",
    "Submission",
    "Trouble",
    "configure",
    "configure_steps",
    "grade_class",
    "make_demo_class",
]
