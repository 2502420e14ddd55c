"""From what a class handed in somewhere to nbgrader's folder of submissions.

    with Walk([Path("submissions.zip")]) as walk:
        looked = look_into(walk, COURSE, find_root(), roster=None)
        place(plan(looked, Path("submitted")))

A file's way: `walking` finds it in folders and `archives`, `clues` reads from its path who handed
it in and when, `who` finds that student in the roster, `which_lesson` reads from its cells what it
is, `tries` decides which of several files counts, `planning` compares that with what is there
already, and `placing` writes what is new. Nothing is ever overwritten.
"""

from typing import TYPE_CHECKING

from grader.lazy import loader

if TYPE_CHECKING:
    from grader.grading.intake.looking import HandedIn, Left, Looked, look_into
    from grader.grading.intake.placing import place
    from grader.grading.intake.planning import IntakePlan, Move, plan, refuse_own_folder
    from grader.grading.intake.walking import Walk

__all__ = [
    "HandedIn",
    "IntakePlan",
    "Left",
    "Looked",
    "Move",
    "Walk",
    "look_into",
    "place",
    "plan",
    "refuse_own_folder",
]

__getattr__ = loader(__name__)
