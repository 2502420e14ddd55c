from pathlib import Path

import pytest

import grader
from grader.authoring import find_root
from grader.authoring.project import read_files
from grader.errors import AuthoringError
from tests.authoring.tiny_course import MANIFEST_PATH, SOURCE_PATH, TinyCourse


def test_the_root_is_the_nearest_folder_upwards(sources: TinyCourse):
    """Commands work in every folder of the course."""
    assert find_root(sources.root / "solutions" / "00_shout") == sources.root.resolve()


def test_elsewhere_the_root_is_the_folder_of_the_installed_package(
    sources: TinyCourse, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    """An editable install lies in the course's repository."""
    monkeypatch.setattr(grader, "__file__", str(sources.root / "grader" / "__init__.py"))

    assert find_root(tmp_path_factory.mktemp("elsewhere")) == sources.root.resolve()


def test_without_a_course_anywhere_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A wheel has no lesson sources."""
    monkeypatch.setattr(grader, "__file__", str(tmp_path / "grader" / "__init__.py"))

    with pytest.raises(AuthoringError) as caught:
        find_root(tmp_path)

    assert str(caught.value) == (
        f"No course at {tmp_path.resolve()} or above it; expected a folder with solutions/ and "
        "nbgrader_config.py. Run the command inside a clone of the course's repository."
    )


def test_hidden_files_and_caches_are_no_part_of_the_course(course: TinyCourse):
    """What Jupyter and Python leave behind concerns no law; the manifest does."""
    before = read_files(course.root)
    course.write("course/.ipynb_checkpoints/00_shout-checkpoint.ipynb", "{}")
    course.write("solutions/00_shout/__pycache__/data.pyc", "")
    course.write("course/.progress.json", "{}")

    assert read_files(course.root) == before
    assert {SOURCE_PATH, MANIFEST_PATH, "README.md"} < before.keys()
