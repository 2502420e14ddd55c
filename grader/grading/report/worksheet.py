"""Moodle's grading worksheet, filled in: the file that its assignment takes back.

Its import needs Identifier, Grade and Last modified (grade). It skips a row whose grade is empty,
unchanged, below zero or above the maximum (mod/assign/feedback/offline/importgradeslib.php).
"""

from __future__ import annotations

import csv
import io

from grader.grading.report.spreadsheets import Points, safe_cell
from grader.grading.roster import Roster
from grader.grading.roster.columns import GRADE, MAXIMUM, place_of

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def worksheet_csv(
    points: Points, lesson: str, maximum: float, roster: Roster
) -> tuple[str, tuple[str, ...]]:
    """Return Moodle's worksheet with the points of one lesson, and notes on it.

    roster: Moodle's worksheet of that assignment. Who has no result gets no row. If the assignment
    has another maximum than the lesson, the points are scaled to it.
    """
    head = roster.table[0]
    grade, most = place_of(head, GRADE), place_of(head, MAXIMUM)
    by_line = {each.participant: each.student for each in roster.people}
    rows, scaled = [head], set()
    for row in roster.table[1:]:
        cells = [*row, *[""] * (len(head) - len(row))]
        number = "".join(filter(str.isdigit, cells[0].rpartition(" ")[2]))
        student = by_line.get(number, "")
        found = points.get((student, lesson))
        if found is None:
            continue
        theirs = _number(cells[most]) if most >= 0 else None
        if theirs is not None and theirs != maximum:
            scaled.add(theirs)
            found = found * theirs / maximum
        cells[grade] = f"{found:.2f}"
        rows.append(tuple(cells))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    for row in rows:
        # A lone hyphen is Moodle's word for never, and no formula.
        writer.writerow([each if each == "-" else safe_cell(each) for each in row])
    notes = tuple(
        f"The worksheet's points are scaled: its assignment has {each:g} points, and {lesson} has "
        f"{maximum:g}."
        for each in sorted(scaled)
    )
    return _BOM + written.getvalue(), notes


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
