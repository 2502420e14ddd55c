"""A roster: who is in the class, under which names and numbers, as the school's systems know them.

    roster = read_roster(Path("canvas-export.csv"))
    roster.find("jdoe").name

`reading` reads a file of any of them, `columns` knows what their columns are called, `people` finds
a student by what a download calls them, and `kept` remembers a class's roster beside its results.
"""

from typing import TYPE_CHECKING

from grader.lazy import loader

if TYPE_CHECKING:
    from grader.grading.roster.kept import (
        MISSING,
        ZERO,
        ClassList,
        keep_class_list,
        read_class_list,
    )
    from grader.grading.roster.people import Enrolled, Roster, squashed
    from grader.grading.roster.reading import read_roster, roster_from_table

__all__ = [
    "MISSING",
    "ZERO",
    "ClassList",
    "Enrolled",
    "Roster",
    "keep_class_list",
    "read_class_list",
    "read_roster",
    "roster_from_table",
    "squashed",
]

__getattr__ = loader(__name__)
