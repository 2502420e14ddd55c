"""Make what an instructor downloads from each system, out of the course's own notebooks."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from grader.exercises import COURSE
from grader.grading.intake import IntakePlan, Left, Walk, look_into, place, plan
from grader.grading.roster import Roster, roster_from_table
from tests.grading.class_folder import ROOT, START, course_notebook

LESSONS = tuple(each.name for each in COURSE)


@dataclass(frozen=True)
class Person:
    """Hold one made-up student as the systems know them."""

    first: str
    last: str
    number: int

    @property
    def login(self) -> str:
        """Return the school's login."""
        return f"u{self.number:04}"

    @property
    def name(self) -> str:
        """Return the name as Moodle writes it."""
        return f"{self.first} {self.last}"

    @property
    def canvas_word(self) -> str:
        """Return the sortable name as Canvas's zip writes it."""
        return re.sub(r"\W", "", f"{self.last}, {self.first}".lower())

    @property
    def email(self) -> str:
        """Return an address that begins with the login."""
        return f"{self.login}@uni.example"


_LETTERS = st.sampled_from("aeinorstuzAEMSZäöüßéñçøłŞōčďλЖшあ李-' ")
_WORDS = (
    st.text(_LETTERS, min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda word: any(map(str.isalnum, word)))
)


def people(most: int = 5) -> st.SearchStrategy[list[Person]]:
    """Draw a class; names may be the same, numbers are not."""
    drawn = st.tuples(_WORDS, _WORDS)
    return st.lists(drawn, min_size=1, max_size=most).map(
        lambda names: [Person(*each, number) for number, each in enumerate(names, 17)]
    )


@cache
def worked(lesson: str = START, said: str = "worked") -> bytes:
    """Return a lesson's notebook in which somebody wrote something."""
    notebook = course_notebook(lesson)
    cell = next(each for each in notebook["cells"] if each["cell_type"] == "code")
    source = cell["source"]
    cell["source"] = f"{source if isinstance(source, str) else ''.join(source)}\n# {said}"
    return json.dumps(notebook, ensure_ascii=False).encode()


def blank(lesson: str = START) -> bytes:
    """Return a lesson's notebook as learners get it."""
    return (ROOT / "course" / lesson / f"{lesson}.ipynb").read_bytes()


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip archive of files by name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


def unpacked(files: Iterable[tuple[str, bytes]], folder: Path) -> Path:
    """Write files by name below a folder, and return it."""
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def canvas_files(
    persons: Sequence[Person], name: str = f"{START}.ipynb", *, late: bool = False, file: int = 900
) -> list[tuple[str, bytes]]:
    """Return the files of Canvas's zip for one notebook of each student."""
    mark = "_LATE" if late else ""
    return [
        (f"{each.canvas_word}{mark}_{each.number}_{file + each.number}_{name}", content_of(each))
        for each in persons
    ]


def moodle_files(
    persons: Sequence[Person], name: str = f"{START}.ipynb"
) -> list[tuple[str, bytes]]:
    """Return the files of Moodle's zip, a folder for each student."""
    return [
        (f"{each.name}_{each.number + 5000}_assignsubmission_file/{name}", content_of(each))
        for each in persons
    ]


def content_of(person: Person, lesson: str = START) -> bytes:
    """Return what a student handed in; nobody else's is the same."""
    return worked(lesson, f"by {person.number}")


def canvas_table(persons: Sequence[Person], *columns: str) -> list[list[str]]:
    """Return Canvas's gradebook export."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *columns]
    rows = [
        [f"{each.last}, {each.first}", f"{each.number}", f"s{each.number}", each.login, "Mon"]
        for each in persons
    ]
    return [
        head,
        ["    Points Possible", "", "", "", "", *["7"] * len(columns)],
        *([*row, *[""] * len(columns)] for row in rows),
        ["Student, Test", "99999", "", "f" * 40, "Mon", *[""] * len(columns)],
    ]


def worksheet_table(persons: Sequence[Person]) -> list[list[str]]:
    """Return Moodle's grading worksheet."""
    head = [
        "Identifier",
        "Full name",
        "Email address",
        "Status",
        "Grade",
        "Maximum Grade",
        "Grade can be changed",
        "Last modified (submission)",
        "Last modified (grade)",
        "Feedback comments",
    ]
    when = "Wednesday, 10 June 2026, 2:14 PM"
    return [
        head,
        *(
            [
                f"Participant {each.number + 5000}",
                each.name,
                each.email,
                "Submitted for grading",
                "",
                "100.00",
                "Yes",
                when,
                "-",
                "",
            ]
            for each in persons
        ),
    ]


def csv_text(table: Sequence[Sequence[str]], separator: str = ",") -> str:
    """Return a table as CSV."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(table)
    return written.getvalue()


def roster_of(table: Sequence[Sequence[str]]) -> Roster:
    """Return the roster that a table makes."""
    return roster_from_table(table, "roster.csv")


def collected(
    downloads: Path | list[Path],
    out: Path,
    roster: Roster | None = None,
    *,
    lesson: str = "",
    are_newer: bool = False,
) -> tuple[IntakePlan, list[Left]]:
    """Collect, and return what was planned and what was left."""
    given = downloads if isinstance(downloads, list) else [downloads]
    with Walk(given) as walk:
        looked = look_into(walk, COURSE, ROOT, roster=roster, lesson=lesson)
        planned = plan(looked, out, are_newer=are_newer)
        return planned, [*planned.left, *place(planned)]


def notebooks_in(out: Path) -> dict[str, bytes]:
    """Return the notebooks in a folder of submissions by their path."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.ipynb")}
