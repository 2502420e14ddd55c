"""Look again at what was graded: one verdict in words, one submission once more, answers alike.

`explaining` tells a verdict with its evidence, for an office hour. `regrading` examines submissions
again and says what is otherwise, and why. `alike` finds pairs of answers that have more in common
than chance gives them: something for a person to look at, never a score.
"""

from typing import TYPE_CHECKING

from grader.lazy import loader

if TYPE_CHECKING:
    from grader.grading.second_look.alike import Pair, WrittenAnswer, alike_pairs
    from grader.grading.second_look.alike_page import write_alike_page
    from grader.grading.second_look.explaining import explanation
    from grader.grading.second_look.finding import FoundResult, find_result
    from grader.grading.second_look.regrading import Again, Regraded, regrade

__all__ = [
    "Again",
    "FoundResult",
    "Pair",
    "Regraded",
    "WrittenAnswer",
    "alike_pairs",
    "explanation",
    "find_result",
    "regrade",
    "write_alike_page",
]

__getattr__ = loader(__name__)
