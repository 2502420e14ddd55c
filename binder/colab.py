"""The lessons for Colab and Kaggle, which bring a Python of their own: each begins by installing.

    python -m binder.colab out/colab

writes a notebook for each lesson, which is the course's own behind one cell more. A workflow puts
them into the branch `colab`, because both open notebooks from GitHub alone. The cell installs what
is missing and leaves what is there; pyproject.toml's ranges take the old IPython and ipywidgets
that Colab is bound to (google-colab 1.0.0 asks for ipython==7.34.0).
"""

import sys
import tomllib
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).parents[1]
INSTALL = """\
# For Colab and Kaggle: installs the course beside what is there, in half a minute.
# Kaggle needs Internet for it: Settings, at the right.
# What you do is lost with the machine, so download the notebook before you leave.
%pip install --quiet "grader @ git+{repository}"
"""


def install_cell() -> NotebookNode:
    """Return the cell that the notebooks begin with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    source = INSTALL.format(repository=project["urls"]["repository"]).rstrip()
    return nbformat.v4.new_code_cell(source, id="install")


def write_notebooks(course: Path, target: Path) -> list[Path]:
    """Write each lesson of a course folder with that cell in front; return the files written."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for path in sorted(course.glob("*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.insert(0, install_cell())
        nbformat.write(notebook, target / path.name)
        written.append(target / path.name)
    return written


if __name__ == "__main__":
    write_notebooks(ROOT / "course", Path(sys.argv[1]))
