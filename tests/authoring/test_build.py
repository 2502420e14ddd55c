import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.authoring import BuildReport
from grader.errors import AuthoringError
from tests.authoring.tiny_course import (
    COURSE_PATH,
    MANIFEST_PATH,
    README,
    SHOUT,
    SOLVED_PATH,
    SOURCE,
    SOURCE_PATH,
    TinyCourse,
    make_exercise,
)

HUM = replace(SHOUT, name="01_hum", title="Hum", exercises=(make_exercise("hum"),))
HUM_COURSE_PATH = "course/01_hum/01_hum.ipynb"
HUM_SOLVED_PATH = "solutions/01_hum/01_hum.ipynb"
HUM_SOURCE = SOURCE.replace("shout", "hum").replace("Shout", "Hum")


@pytest.fixture
def two(sources: TinyCourse) -> TinyCourse:
    """Give a course of two lessons, never built."""
    sources.write("solutions/01_hum/01_hum.nb.py", HUM_SOURCE)
    return TinyCourse(sources.root, (SHOUT, HUM))


def test_a_build_makes_both_notebooks_and_a_record(sources: TinyCourse):
    """What was written is reported, and nothing else changed."""
    before = sources.files()

    report = sources.build()

    assert report == BuildReport(written=(COURSE_PATH, SOLVED_PATH))
    after = sources.files()
    assert after.keys() - before.keys() == {COURSE_PATH, SOLVED_PATH, MANIFEST_PATH}
    assert before.items() <= after.items()


def test_building_again_writes_nothing(course: TinyCourse):
    """A second build finds everything as it should be."""
    before = course.files()

    assert course.build() == BuildReport(unchanged=(COURSE_PATH, SOLVED_PATH))
    assert course.files() == before


@pytest.mark.proofs
def test_two_machines_build_the_same_bytes(sources: TinyCourse, tmp_path: Path):
    """Neither the folder, nor the order of hashes, nor the locale matters."""
    sources.build()
    script = (
        "import sys; from pathlib import Path; from tests.authoring.tiny_course import *\n"
        "course = TinyCourse(Path(sys.argv[1])); course.write(SOURCE_PATH, SOURCE)\n"
        "course.build()"
    )
    other = tmp_path / "elsewhere"
    subprocess.run(
        [sys.executable, "-c", script, str(other)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
        cwd=Path(__file__).parents[2],
    )

    built = TinyCourse(other).files()
    assert {path: sources.files()[path] for path in built} == built


def test_only_what_changed_is_written(two: TinyCourse):
    """A change in one lesson leaves the other's files alone."""
    two.build()
    two.edit("Try it", "Use it")

    assert two.build() == BuildReport(
        written=(COURSE_PATH, SOLVED_PATH), unchanged=(HUM_COURSE_PATH, HUM_SOLVED_PATH)
    )


def test_one_lesson_can_be_built_alone(two: TinyCourse):
    """The other may be broken meanwhile, and its record stays."""
    two.build()
    manifest = json.loads(two.read(MANIFEST_PATH))
    two.edit("Try it", "Use it")
    two.edit("### BEGIN SOLUTION", "### BEGIN", path="solutions/01_hum/01_hum.nb.py")

    assert two.build(lessons=["00_shout"]).written == (COURSE_PATH, SOLVED_PATH)
    after = json.loads(two.read(MANIFEST_PATH))
    assert {path for path in manifest if manifest[path] != after[path]} == {
        COURSE_PATH,
        SOLVED_PATH,
    }


def test_an_unknown_lesson_is_refused(two: TinyCourse):
    """The error lists the lessons there are."""
    with pytest.raises(AuthoringError) as caught:
        two.build(lessons=["02_sing"])

    assert str(caught.value) == (
        "No lesson of the course is called '02_sing'; expected one of 00_shout, 01_hum. "
        "`grader build` without a name builds them all."
    )


def test_files_beside_a_source_are_copied(sources: TinyCourse):
    """Images and data go where the notebook that shows them goes."""
    (sources.root / "solutions/00_shout/images").mkdir()
    (sources.root / "solutions/00_shout/images/ear.png").write_bytes(b"\x89PNG\r\n")

    report = sources.build()

    assert report.written == (COURSE_PATH, "course/00_shout/images/ear.png", SOLVED_PATH)
    assert (sources.root / "course/00_shout/images/ear.png").read_bytes() == b"\x89PNG\r\n"


def test_a_source_is_never_copied(course: TinyCourse):
    """The lesson source holds the solutions."""
    assert [path for path in course.files() if path.endswith(".nb.py")] == [SOURCE_PATH]


def test_generated_files_go_when_their_source_is_gone(sources: TinyCourse):
    """Copies and the folders that held nothing else are removed."""
    sources.write("solutions/00_shout/data/words.txt", "loud\n")
    sources.build()
    (sources.root / "solutions/00_shout/data/words.txt").unlink()

    report = sources.build()

    assert report.removed == ("course/00_shout/data/words.txt",)
    assert not (sources.root / "course/00_shout/data").exists()
    assert "course/00_shout/data/words.txt" not in json.loads(sources.read(MANIFEST_PATH))


def test_a_lesson_taken_out_of_the_course_leaves_nothing_behind(two: TinyCourse):
    """Both notebooks of a lesson without source and registration are removed."""
    two.build()
    (two.root / "solutions/01_hum/01_hum.nb.py").unlink()

    report = TinyCourse(two.root).build()

    assert report == BuildReport(
        removed=(HUM_COURSE_PATH, HUM_SOLVED_PATH), unchanged=(COURSE_PATH, SOLVED_PATH)
    )
    assert not (two.root / "course/01_hum").exists()
    assert not (two.root / "solutions/01_hum").exists()


def test_a_file_written_by_hand_is_never_removed(course: TinyCourse):
    """A build removes only what a build has made."""
    course.write("course/notes.md", "Mine.\n")
    course.write("course/00_shout/notes.md", "Mine.\n")

    course.build(force=True)

    assert course.read("course/notes.md") == "Mine.\n"
    assert course.read("course/00_shout/notes.md") == "Mine.\n"


def test_a_notebook_edited_by_hand_is_not_overwritten(course: TinyCourse):
    """The error names the file and both ways out, and nothing is written."""
    course.edit("Try it on a greeting.", "Try it on a friend.", path=COURSE_PATH)
    course.edit("Try it", "Use it")
    before = course.files()

    with pytest.raises(AuthoringError) as caught:
        course.build()

    assert str(caught.value) == (
        f"{COURSE_PATH} was edited by hand: it is neither what the last build wrote nor what this "
        f"one would write. Move the change to {SOURCE_PATH} and undo it here with "
        f"`git checkout -- {COURSE_PATH}`, or overwrite it: `grader build --force`."
    )
    assert course.files() == before


def test_a_copy_edited_by_hand_points_to_its_original(sources: TinyCourse):
    """A copied file is changed where it was copied from."""
    sources.write("solutions/00_shout/words.txt", "loud\n")
    sources.build()
    sources.write("course/00_shout/words.txt", "louder\n")

    with pytest.raises(AuthoringError, match=r"Move the change to solutions/00_shout/words\.txt"):
        sources.build()


def test_a_leftover_edited_by_hand_is_not_removed(sources: TinyCourse):
    """Somebody's work in a generated file is kept even when its source is gone."""
    sources.write("solutions/00_shout/words.txt", "loud\n")
    sources.build()
    sources.write("course/00_shout/words.txt", "louder\n")
    (sources.root / "solutions/00_shout/words.txt").unlink()

    with pytest.raises(AuthoringError, match=r"^course/00_shout/words\.txt was edited by hand"):
        sources.build()

    assert sources.build(force=True).removed == ("course/00_shout/words.txt",)


def test_a_file_that_no_build_has_made_is_not_overwritten(sources: TinyCourse):
    """Without a record, whatever stands in the way is somebody's."""
    sources.write(COURSE_PATH, "{}\n")

    with pytest.raises(AuthoringError, match=rf"^{COURSE_PATH} was edited by hand"):
        sources.build()


def test_force_overwrites_what_was_edited(course: TinyCourse):
    """An author may say that the edit is worth nothing."""
    before = course.files()
    course.edit("Try it on a greeting.", "Try it on a friend.", path=COURSE_PATH)

    assert course.build(force=True).written == (COURSE_PATH,)
    assert course.files() == before


def test_a_change_made_in_both_places_needs_no_force(course: TinyCourse):
    """A notebook that already is what its source gives was not lost to anybody."""
    course.edit("Try it", "Use it")
    course.build()
    built = course.files()
    course.write(MANIFEST_PATH, "{}\n")

    assert course.build() == BuildReport(unchanged=(COURSE_PATH, SOLVED_PATH))
    assert course.files() == built


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<<<<<<< HEAD\n", "Expecting value: line 1 column 1 (char 0)"),
        ("[]\n", "it holds list"),
        ('{"course/x": 3}\n', "entry 'course/x': 3"),
        ('{"README.md": "00"}\n', "entry 'README.md': '00'"),
        ('{"course/../README.md": "00"}\n', "entry 'course/../README.md': '00'"),
    ],
)
def test_a_broken_record_is_refused(course: TinyCourse, text: str, why: str):
    """A record that names foreign files would let a build remove them."""
    built = course.files()
    course.write(MANIFEST_PATH, text)

    with pytest.raises(AuthoringError) as caught:
        course.build()

    assert str(caught.value) == (
        f"course/.built.json is not the record of a build ({why}); expected paths under course/ "
        "and solutions/ with their SHA-256. Restore it from git, or write everything again: "
        "`grader build --force`."
    )
    course.build(force=True)
    assert course.files() == built


def test_the_readme_is_left_alone(course: TinyCourse):
    """Nothing outside course/ and solutions/ is touched."""
    assert course.read("README.md") == README
    assert course.read("course/README.md") == "# The learning path\n"
