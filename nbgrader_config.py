"""What nbgrader needs to know about this course.

`grader build` makes the assignments; `nbgrader generate_assignment` would make the same cells.
"""

from grader.grading import configure_steps

c = get_config()  # noqa: F821  # nbgrader puts it there

# The notebooks with solutions, and those that learners get.
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"

# nbgrader copies what lies beside a notebook. The lesson sources hold the solutions.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.nb.py"]

# The stub that `grader build` leaves where a solution was.
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}

# Plain `nbgrader autograde` reads check cells as `grader grade` does.
configure_steps(c)
