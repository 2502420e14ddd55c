"""Lessons for Colab and Kaggle: the course's own, in a Python that keeps what it brings."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from packaging.utils import canonicalize_name

from binder.colab import install_cell, write_notebooks
from tests.binder.links import URLS
from tests.binder.requirements_files import COLAB, ROOT, read_pins, read_ranges

COURSE = ROOT / "course"


def test_each_lesson_is_the_course_s_behind_one_cell(tmp_path):
    """Nothing else differs, so that what comes of it can be handed in."""
    written = write_notebooks(COURSE, tmp_path)
    lessons = sorted(COURSE.glob("*/*.ipynb"))
    assert [path.name for path in written] == [path.name for path in lessons]
    for path, lesson in zip(written, lessons, strict=True):
        first, *others = nbformat.read(path, as_version=4).cells
        assert (first.source, first.id) == (install_cell().source, "install")
        assert others == nbformat.read(lesson, as_version=4).cells


def test_it_is_installed_from_this_repository():
    """Who forks the course changes one place."""
    assert f"git+{URLS['repository']}" in install_cell().source


def test_what_colab_is_bound_to_is_within_our_ranges():
    """Its IPython and ipywidgets are old, and have to stay."""
    ranges = read_ranges()
    outside = [
        str(pin)
        for pin in read_pins(COLAB)
        if (declared := ranges.get(canonicalize_name(pin.name)))
        and next(iter(pin.specifier)).version not in declared.specifier
    ]
    assert outside == []


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """Return a Python that has what Colab brings, and then the course."""
    folder = tmp_path_factory.mktemp("colab")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", COLAB], check=True)
    subprocess.run([*pip, f"grader @ {ROOT.as_uri()}"], check=True)
    kernel = folder / "kernels" / "colab"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        f'{{"argv": ["{python}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"], '
        '"display_name": "Colab", "language": "python"}'
    )
    return folder, python


def _named(pin):
    """Return a pin with its package's name as indexes spell it."""
    name, _, version = pin.partition("==")
    return f"{canonicalize_name(name)}=={version}"


@pytest.mark.binder
@pytest.mark.slow
def test_the_course_exchanges_nothing_there(colab):
    """What was there is there as it was, and has the versions that it asks for."""
    _, python = colab
    listed = [python, "-m", "pip", "list", "--format", "freeze", "--disable-pip-version-check"]
    done = subprocess.run(listed, capture_output=True, text=True, check=True)
    installed = {_named(line) for line in done.stdout.splitlines()}
    assert {_named(str(pin)) for pin in read_pins(COLAB)} - installed == set()
    subprocess.run([python, "-m", "pip", "check"], check=True)


@pytest.mark.binder
@pytest.mark.slow
@pytest.mark.parametrize("lesson", ["00_start_here", "05_streaming", "08_production"])
def test_a_solved_lesson_has_its_points_there(colab, lesson, tmp_path, monkeypatch):
    """Checks, widgets and asynchronous cells work in the old IPython."""
    folder, _ = colab
    monkeypatch.setenv("JUPYTER_PATH", str(folder))
    notebook = nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4)
    client = NotebookClient(
        notebook, timeout=120, kernel_name="colab", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute(env={**os.environ, "GRADER_PROGRESS": "off"})
    checks = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check_")
    ]
    points = [
        (float(output.data["text/plain"]), float(cell.metadata.nbgrader.points))
        for cell in checks
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert len(points) == len(checks)
    assert [earned for earned, _ in points] == [most for _, most in points]
