"""Make the course from the sources that authors edit, and prove the laws that guard it.

    root = find_root()
    report = build(root, COURSE)      # writes solutions/**/*.ipynb and course/
    problems = check(root, COURSE)    # [] if every law holds

`COURSE` comes from `grader.exercises`. Nothing here prints.
"""

from grader.authoring.build import BuildReport, build
from grader.authoring.check import check
from grader.authoring.problems import Problem
from grader.sources import find_root

__all__ = ["BuildReport", "Problem", "build", "check", "find_root"]
