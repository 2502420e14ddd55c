"""Grade one submission inside another system's autograder, and say the result in its words.

    standing = grade_one(Path("/autograder/submission"), find_root(), "03_tool_use")
    gradescope_results(standing)

`one_submission` grades, `gradescope` and `classroom50` write the result as each system reads it,
and `gradescope_zip` makes the archive that Gradescope takes.
"""

from typing import TYPE_CHECKING

from grader.lazy import loader

if TYPE_CHECKING:
    from grader.grading.autograders.classroom50 import Identity, classroom50_result, identity_in
    from grader.grading.autograders.gradescope import gradescope_results
    from grader.grading.autograders.gradescope_zip import gradescope_zip
    from grader.grading.autograders.one_submission import grade_one

__all__ = [
    "Identity",
    "classroom50_result",
    "grade_one",
    "gradescope_results",
    "gradescope_zip",
    "identity_in",
]

__getattr__ = loader(__name__)
