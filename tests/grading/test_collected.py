"""From a download to the gradebook: what was collected is graded, every try and every name."""

from pathlib import Path

import pytest

from grader.exercises import COURSE
from grader.grading import Agreed, Class, GradeReport, grade_class
from grader.grading.gradebook import open_gradebook
from grader.grading.roster import Roster
from tests.grading.class_folder import RIGHT, ROOT, START, answered
from tests.grading.intake.downloads import collected, roster_of, unpacked

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grading")]

SEED = "a class that was collected"
ROSTER = roster_of(
    [
        ["login", "name", "email", "section"],
        ["ada", "Ada Lovelace", "ada@uni.example", "A"],
        ["ben", "Ben <i>Müller</i>", "ben@uni.example", "B"],
        ["cho", "Cho Lee", "", "B"],
    ]
)


def graded(folder: Path, roster: Roster | None = None, attempts: str | None = None) -> GradeReport:
    """Grade what was collected."""
    return grade_class(
        Class.gather(folder / "submitted", COURSE),
        ROOT,
        folder / "out",
        jobs=1,
        seed=SEED,
        agreed=Agreed(attempts=attempts),
        roster=roster,
    )


def test_every_try_of_a_download_can_count(tmp_path: Path) -> None:
    """The exchange has all tries with their times; the best of them may be an earlier one."""
    right, blank = answered({"first_call": RIGHT}), answered({"first_call": "# later"})
    tries = {"ada": (right, blank), "ben": (blank, right)}
    files = [
        (f"{who}+{START}+2026-11-2{number} 10:00:00 UTC+x{number}/{START}.ipynb", text.encode())
        for who, texts in tries.items()
        for number, text in enumerate(texts)
    ]
    download = unpacked(files, tmp_path / "inbound")
    assert collected(download, tmp_path / "submitted", ROSTER)[1] == []
    first = graded(tmp_path, ROSTER)
    assert {each.place[0]: (each.number, each.points) for each in first.standings} == {
        "ada": (2, 0.0),
        "ben": (2, 4.0),
    }
    times = [one.handed_in.isoformat() for one in first.standings[0].tries]
    assert times == ["2026-11-20T10:00:00+00:00", "2026-11-21T10:00:00+00:00"]
    assert first.absent == {START: ("Cho Lee (cho)",)}

    best = graded(tmp_path, attempts="best")
    assert best.examined == 0
    assert {each.place[0]: (each.number, each.points) for each in best.standings} == {
        "ada": (1, 4.0),
        "ben": (2, 4.0),
    }
    page = best.folder.feedback("ben", START).read_text(encoding="utf-8")
    assert "Ben &lt;i&gt;Müller&lt;/i&gt; (ben)" in page
    with open_gradebook(best.folder.path) as book:
        students = {each.id: each for each in book._gradebook.students}
    assert set(students) == {"ada", "ben", "cho"}
    assert (students["ada"].first_name, students["ada"].last_name) == ("Ada", "Lovelace")
    assert students["ada"].email == "ada@uni.example"
