"""Grade a class: gather what was handed in, examine it in sealed kernels, write it all down.

    gathered = Class.gather(Path("submitted"), COURSE)
    report = grade_class(gathered, find_root(), Path("grades"))

`intake` makes the folder of submissions out of downloads, and `roster` says who is in the class;
README.md beside this file is the instructor's guide, and `autograders` is the same for one
submission inside another system.

A submission's way: `gathering` and `notebook_file` find it, `looking_up` asks by its `keys` whether
the journal has its result, `rebuild` takes from it what its learner was to write, `examination`
runs that in a kernel of `kernels` inside a `sandbox` and examines it from outside, `journal` and
`results_folder` keep the result, `standing` decides what counts (by `hand_in_times` too), `writer`
puts that into the `gradebook` and onto a feedback page. `crew` and `worker` do many at once, and
`cluster` does on other machines; `grade` puts it all together, and `merging` what several runs made
of parts of a class.

Names are loaded on first use: the kernels' warm parent lives in this folder too, and every kernel
inherits what it imports.
"""

from typing import TYPE_CHECKING

from grader.lazy import loader

if TYPE_CHECKING:
    from grader.grading.agreed import Agreed
    from grader.grading.demo import EXPECTED, make_demo_class
    from grader.grading.gathering import Class, Submission, Trouble
    from grader.grading.grade import GradeReport, grade_class
    from grader.grading.options import configure, configure_steps
    from grader.grading.result import ExerciseResult, Result, Run

__all__ = [
    "EXPECTED",
    "Agreed",
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

__getattr__ = loader(__name__)
