import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

from tests.authoring.tiny_course import COURSE_PATH, SOLVED_PATH, TinyCourse

pytestmark = pytest.mark.proofs

PROJECT_ROOT = Path(__file__).parents[2]


def cells_of(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook's file."""
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


@pytest.fixture
def released(sources: TinyCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that plain nbgrader releases from the built solutions."""
    # nbgrader calls `alembic` by its name, which is on PATH only in an activated environment.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    sources.write("solutions/00_shout/words.txt", "loud\n")
    sources.build()
    root = tmp_path / "nbgrader"
    shutil.copytree(sources.root / "solutions", root / "solutions")
    # Only the settings under test: others may name services that are absent here.
    read = PyFileConfigLoader("nbgrader_config.py", path=str(PROJECT_ROOT)).load_config()
    config = Config({key: read[key] for key in ("CourseDirectory", "ClearSolutions")})
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db"
    outcome = NbGraderAPI(config=config).generate_assignment("00_shout")
    assert outcome["success"], outcome["log"]
    return root / "course"


def test_plain_nbgrader_releases_the_same_cells(released: Path, sources: TinyCourse):
    """Whoever prefers nbgrader's own command hands out the same assignment."""
    assert cells_of(released / "00_shout/00_shout.ipynb") == cells_of(sources.root / COURSE_PATH)


def test_plain_nbgrader_does_not_release_the_lesson_source(released: Path):
    """nbgrader copies what lies beside a notebook; the source holds the solutions."""
    names = {path.relative_to(released).as_posix() for path in released.rglob("*")}

    assert names == {"00_shout", "00_shout/00_shout.ipynb", "00_shout/words.txt"}


def test_the_cells_differ_from_the_solutions(sources: TinyCourse):
    """The comparison above would see a solution that was left in."""
    sources.build()

    assert cells_of(sources.root / SOLVED_PATH) != cells_of(sources.root / COURSE_PATH)
