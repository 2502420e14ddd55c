"""What each system gives is found: students, lessons, tries and times."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.grading.hand_in_times import read_timestamp
from tests.grading.class_folder import START, STRUCTURE
from tests.grading.intake.downloads import (
    Person,
    blank,
    canvas_files,
    canvas_table,
    collected,
    content_of,
    moodle_files,
    notebooks_in,
    people,
    roster_of,
    unpacked,
    worked,
    worksheet_table,
    zipped,
)

ADA, ZOE = Person("Ada", "Lovelace", 1), Person("Zoë", "Müller", 2)
BOTH = [ADA, ZOE]
RIGHT = {f"{each.login}/{START}/{START}.ipynb": content_of(each) for each in BOTH}


@given(people())
@settings(max_examples=20, deadline=None)
def test_everybody_of_a_canvas_zip_is_found_by_number(persons: list[Person]) -> None:
    """Names may be in any script, and the same; what Canvas exports has the numbers."""
    with TemporaryDirectory() as made:
        download = Path(made, "course-hw_submissions.zip")
        download.write_bytes(zipped(canvas_files(persons, "Untitled-1.ipynb")))
        out = Path(made, "submitted")
        _, left = collected(download, out, roster_of(canvas_table(persons)))
        assert left == []
        assert notebooks_in(out) == {
            f"{each.login}/{START}/{START}.ipynb": content_of(each) for each in persons
        }


@given(people())
@settings(max_examples=20, deadline=None)
def test_everybody_of_a_moodle_zip_is_found_by_number(persons: list[Person]) -> None:
    """Moodle's worksheet has the number of the folder, and when that was handed in."""
    with TemporaryDirectory() as made:
        download = unpacked(moodle_files(persons), Path(made, "cs1-hw-12"))
        out = Path(made, "submitted")
        planned, left = collected(download, out, roster_of(worksheet_table(persons)))
        assert left == []
        assert notebooks_in(out) == {
            f"{each.email}/{START}/{START}.ipynb": content_of(each) for each in persons
        }
        assert all(each.handed_in.at is not None for each in planned.moves)


def test_names_alone_find_a_student_in_every_form_that_canvas_writes(tmp_path: Path) -> None:
    """Letters beyond ASCII are kept, dropped, or lose their dots."""
    roster = roster_of([["login", "name"], ["zm", "Zoë Müller"], ["al", "Ada Lovelace"]])
    for number, word in enumerate(("müllerzoë", "mllerzo", "mullerzoe")):
        out = tmp_path / f"out{number}"
        download = unpacked([(f"{word}_5_6_{START}.ipynb", worked())], tmp_path / word)
        assert collected(download, out, roster)[1] == []
        assert list(notebooks_in(out)) == [f"zm/{START}/{START}.ipynb"]


FORMS = (
    "{name}/work.ipynb",
    "{login}/{lesson}/{lesson}.ipynb",
    "{email} {lesson}.ipynb",
    "{lesson}/{login}.ipynb",
    "{name} - Start here.ipynb",
    "hand in/{last}, {first}/final.ipynb",
    "all/hw-1-{login}/course/{lesson}/{lesson}.ipynb",
    "{name}_{moodle}_assignsubmission_file/x (1).ipynb",
    "{word}_{number}_{file}_{lesson}-1.ipynb",
)


@given(people(6), st.data())
@settings(max_examples=30, deadline=None)
def test_nobody_ever_gets_anothers_notebook(persons: list[Person], data: st.DataObject) -> None:
    """However downloads are mixed and names are alike: a file is its student's, or left."""
    files = []
    for each in persons:
        form = data.draw(st.sampled_from(FORMS))
        name = form.format(
            name=each.name,
            first=each.first,
            last=each.last,
            login=each.login,
            email=each.email,
            lesson=START,
            moodle=each.number + 5000,
            number=each.number,
            file=each.number + 900,
            word=each.canvas_word or "x",
        )
        files.append((name, content_of(each)))
    files = list(dict(files).items())
    with TemporaryDirectory() as made:
        download = Path(made, "all.zip")
        download.write_bytes(zipped(files))
        out = Path(made, "out")
        _, left = collected(download, out, roster_of(canvas_table(persons)))
        owners = {content_of(each): each.login for each in persons}
        got = notebooks_in(out)
        assert all(path.startswith(f"{owners[content]}/") for path, content in got.items())
        assert len(got) + len([each for each in left if each.is_trouble]) >= len(files)


@pytest.mark.parametrize("form", ["zip", "folder", "zip in a folder"])
def test_an_lms_download_may_be_unpacked_or_not(tmp_path: Path, form: str) -> None:
    """Browsers unpack what they download, and people pack it again."""
    files = canvas_files(BOTH, late=True)
    if form == "folder":
        download = unpacked(files, tmp_path / "submissions (1)")
    else:
        download = tmp_path / "in" / "submissions (1).zip"
        download.parent.mkdir()
        download.write_bytes(zipped(files))
    given_ = download.parent if form == "zip in a folder" else download
    assert collected(given_, tmp_path / "out", roster_of(canvas_table(BOTH)))[1] == []
    assert notebooks_in(tmp_path / "out") == RIGHT


def test_a_students_own_zip_is_looked_into(tmp_path: Path) -> None:
    """It may hold folders, what a Mac leaves behind, and another archive."""
    inner = zipped(
        [
            ("work/My notebook.ipynb", content_of(ADA)),
            ("__MACOSX/work/._My notebook.ipynb", b"\x00\x05"),
            ("work/.ipynb_checkpoints/My notebook-checkpoint.ipynb", worked(said="older")),
        ]
    )
    download = tmp_path / "submissions.zip"
    outer = zipped([("all.zip", inner)])
    download.write_bytes(zipped([(f"lovelaceada_{ADA.number}_7_hand in.zip", outer)]))
    planned, left = collected(download, tmp_path / "out", roster_of(canvas_table(BOTH)))
    assert planned.is_complete
    assert len(left) == 2
    assert list(notebooks_in(tmp_path / "out").values()) == [content_of(ADA)]


def test_the_exchange_of_nbgrader_has_names_lessons_and_times(tmp_path: Path) -> None:
    """All tries are taken; the newest is the one that is graded."""
    times = ("2026-11-28 09:00:00.000000 UTC", "2026-11-29 22:30:00.500000 UTC")
    files = [
        (f"ada+{START}+{when}+abc{number}/{START}.ipynb", worked(said=str(number)))
        for number, when in enumerate(times)
    ]
    download = unpacked(files, tmp_path / "inbound")
    collected(download, tmp_path / "out")
    folder = tmp_path / "out" / "ada" / START
    assert (folder / f"{START}.ipynb").read_bytes() == worked(said="1")
    when, _ = read_timestamp(folder)
    assert when is not None
    assert when.isoformat() == "2026-11-29T22:30:00.500000+00:00"
    [earlier] = (folder / "earlier").glob(f"*/{START}.ipynb")
    assert earlier.read_bytes() == worked(said="0")


def test_clones_of_the_course_give_what_was_worked_on(tmp_path: Path) -> None:
    """What every clone has comes from the course: blank lessons, solutions, the cheat sheet."""
    for login, lessons in (("ada-l", (START, STRUCTURE)), ("ben", (STRUCTURE,))):
        clone = tmp_path / "api-course-submissions" / f"api-course-{login}"
        unpacked(
            [
                *((f"course/{each}/{each}.ipynb", blank(each)) for each in (START, STRUCTURE)),
                *((f"course/{each}/{each}.ipynb", worked(each)) for each in lessons),
                (".git/HEAD", b"ref: refs/heads/main\n"),
                ("README.md", b"# Course"),
            ],
            clone,
        )
    planned, _ = collected(tmp_path / "api-course-submissions", tmp_path / "out")
    assert planned.is_complete
    assert set(notebooks_in(tmp_path / "out")) == {
        f"ada-l/{START}/{START}.ipynb",
        f"ada-l/{STRUCTURE}/{STRUCTURE}.ipynb",
        f"ben/{STRUCTURE}/{STRUCTURE}.ipynb",
    }


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace - Start here.ipynb",
        "Ada Lovelace/homework.ipynb",
        "ada lovelace.ipynb",
        f"{START}/Ada Lovelace.ipynb",
        f"{START} Ada Lovelace.ipynb",
        f"ada_{START}.ipynb",
        "sub/u0001/x/final FINAL.ipynb",
        "U0001@UNI.EXAMPLE.ipynb",
        f"u0001/{START}/{START}.ipynb",
        "hw-u0001-main/course/work.ipynb",
        "Lovelace, Ada.ipynb.txt",
    ],
)
def test_odd_names_find_their_student_in_the_roster(tmp_path: Path, name: str) -> None:
    """A login, an address or a name, in a folder's name or a file's."""
    table = [
        ["login", "name", "email"],
        *([each.login, each.name, each.email] for each in BOTH),
        ["ada", "Ada King", "ak@uni.example"],
    ]
    unpacked([(name, content_of(ADA))], tmp_path / "in")
    assert collected(tmp_path / "in", tmp_path / "out", roster_of(table))[1] == []
    [found] = notebooks_in(tmp_path / "out")
    assert found == f"{'ada' if name.startswith('ada_') else 'u0001'}/{START}/{START}.ipynb"


@pytest.mark.parametrize(
    ("files", "students"),
    [
        (["class/ada/x.ipynb", "class/ben/x.ipynb"], {"ada", "ben"}),
        (["other/class/ada/x.ipynb", "other/class/ben/y.ipynb"], {"ada", "ben"}),
        (["submitted/ada/x.ipynb"], {"ada"}),
        (["Hw/Ada L - Start here.ipynb", "Hw/Ben - Start here (1).ipynb"], {"Ada L", "Ben"}),
        (["Hw/ada.ipynb", "Hw/ben.ipynb", f"Hw/{START}_cho.ipynb"], {"ada", "ben", "cho"}),
        (["ada/my work.ipynb"], {"ada"}),
        (["class/ada/x.ipynb", "roster.csv"], {"ada"}),
        ([f"ada/{START}/{START}.ipynb", f"ada/{STRUCTURE}/{STRUCTURE}.ipynb"], {"ada"}),
        (["ada.ipynb", "ben.ipynb"], {"ada", "ben"}),
        ([f"ada_{START}.ipynb", f"{START} ben (1).ipynb"], {"ada", "ben"}),
        ([f"{START}/ada.ipynb", f"{START}/ben-Copy1.ipynb"], {"ada", "ben"}),
        (["Ada L - The tool loop.ipynb", "Copy of Ben - The tool loop.ipynb"], {"Ada L", "Ben"}),
        (
            ["ada/work", "ben/work.json", "cho/work.ipynb (1)", "dee/w.txt"],
            {*["ada", "ben", "cho", "dee"]},
        ),
        (["Untitled.ipynb", f"{START} (1).ipynb", f"Kopie von {START}.ipynb"], set()),
    ],
)
def test_folders_and_files_without_a_roster(
    tmp_path: Path, files: list[str], students: set[str]
) -> None:
    """A folder around all is nobody's; what nobody named is left."""
    lessons = {name: STRUCTURE if STRUCTURE in name else START for name in files}
    made = [(name, worked(lessons[name], name)) for name in files if not name.endswith(".csv")]
    made += [(name, b"login") for name in files if name.endswith(".csv")]
    (tmp_path / "class.zip").write_bytes(zipped(made))
    collected(tmp_path / "class.zip", tmp_path / "out")
    assert {each.partition("/")[0] for each in notebooks_in(tmp_path / "out")} == students


def test_each_download_may_be_one_students(tmp_path: Path) -> None:
    """Zips that came by mail, alone or in a folder."""
    for name in ("ada", f"ben_{START}"):
        path = tmp_path / "mail" / f"{name}.zip"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zipped([(f"{START}.ipynb", worked(said=name))]))
    downloads = sorted((tmp_path / "mail").iterdir())
    for given_, out in ((downloads, "out"), ([tmp_path / "mail"], "other")):
        collected(given_, tmp_path / out)
        students = {each.partition("/")[0] for each in notebooks_in(tmp_path / out)}
        assert students == {"ada", "ben"}


@pytest.mark.parametrize("path", [f"course/{START}/{START}.ipynb", f"{START}.ipynb"])
def test_clones_that_lost_their_git_are_clones(tmp_path: Path, path: str) -> None:
    """Somebody packed them, or removed .git; the assignment's name is in front of all."""
    files = [(f"lesson-0-{each}/{path}", worked(said=each)) for each in ("hubot", "octo-cat")]
    files += [(f"lesson-0-{each}/README.md", b"# Course") for each in ("hubot", "octo-cat")]
    collected(unpacked(files, tmp_path / "classroom"), tmp_path / "out")
    assert {each.partition("/")[0] for each in notebooks_in(tmp_path / "out")} == {
        "hubot",
        "octo-cat",
    }


def test_without_a_roster_names_are_kept(tmp_path: Path) -> None:
    """Canvas's number keeps two students of one name apart."""
    twins = [Person("Jane", "Doe", 7), Person("Jane", "Doe", 8)]
    unpacked(canvas_files(twins), tmp_path / "canvas")
    assert collected(tmp_path / "canvas", tmp_path / "out")[1] == []
    assert {each.partition("/")[0] for each in notebooks_in(tmp_path / "out")} == {
        "doejane_7",
        "doejane_8",
    }


def test_moodles_flat_and_blind_forms(tmp_path: Path) -> None:
    """A worksheet of a blind marking has numbers alone."""
    files = [(f"Participant_5001_assignsubmission_file_{START}.ipynb", content_of(ADA))]
    unpacked(files, tmp_path / "in")
    blind = roster_of([["Identifier", "Status", "Grade"], ["Participant 5001", "Submitted", ""]])
    assert collected(tmp_path / "in", tmp_path / "named", blind)[1] == []
    assert list(notebooks_in(tmp_path / "named")) == [f"Participant 5001/{START}/{START}.ipynb"]
    assert collected(tmp_path / "in", tmp_path / "out")[1] == []
    assert list(notebooks_in(tmp_path / "out")) == [f"Participant_5001/{START}/{START}.ipynb"]


def test_namesakes_in_moodle_need_the_worksheet(tmp_path: Path) -> None:
    """Its numbers differ from one assignment to the next, so a name is all that stays."""
    twins = [Person("Jane", "Doe", 7), Person("Jane", "Doe", 8)]
    unpacked(moodle_files([*twins, ADA]), tmp_path / "moodle")
    _, left = collected(tmp_path / "moodle", tmp_path / "out")
    assert list(notebooks_in(tmp_path / "out")) == [f"Ada Lovelace/{START}/{START}.ipynb"]
    assert len(left) == 2
    assert all("worksheet" in each.reason and each.is_trouble for each in left)


def test_a_name_that_two_students_have_is_nobodys(tmp_path: Path) -> None:
    """Both are named, so that a person can say which one it is."""
    roster = roster_of([["login", "name"], ["jd1", "Jane Doe"], ["jd2", "Jane  Doe"]])
    files = [("Jane Doe/x.ipynb", worked(said="a")), ("jd2/x.ipynb", worked(said="b"))]
    _, [left] = collected(unpacked(files, tmp_path / "in"), tmp_path / "out", roster)
    assert list(notebooks_in(tmp_path / "out")) == [f"jd2/{START}/{START}.ipynb"]
    assert left.is_trouble
    assert "jd1, jd2" in left.reason


def test_a_real_clone_is_read_without_running_git(tmp_path: Path) -> None:
    """What stands in a clone's own config could be a command."""
    clone = tmp_path / "all" / "hw-ada"
    unpacked([(f"{START}.ipynb", worked())], clone)
    subprocess.run(["git", "init", "-q", str(clone)], check=True)
    (clone / ".git" / "config").write_text("[core]\n\tfsmonitor = touch /tmp/never\n")
    collected(tmp_path / "all", tmp_path / "out", roster_of([["login"], ["ada"]]))
    assert list(notebooks_in(tmp_path / "out")) == [f"ada/{START}/{START}.ipynb"]
