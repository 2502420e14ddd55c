"""What a kernel may read, and where it looks for modules."""

import sys
from pathlib import Path

import pytest

import grader
from grader.grading.sandbox.namespaces import place_of_scratch
from grader.grading.sandbox.readable import HIDDEN, import_path, readable_paths

PACKAGE = Path(grader.__file__).parent


def test_what_is_readable_holds_nothing_of_the_course() -> None:
    """`grader` is there but for its checks, and what lies beside it in a checkout is not."""
    paths = readable_paths()
    for name in ("__init__.py", "simulator", "classroom", "exams"):
        assert any((PACKAGE / name).is_relative_to(path) for path in paths)
    beside = (PACKAGE.parent / "solutions", PACKAGE.parent / "course", Path.home(), Path("/etc"))
    assert not [each for each in (*HIDDEN, *beside) for path in paths if each.is_relative_to(path)]


def test_every_place_of_modules_is_readable() -> None:
    """Those of the Python that a virtual environment was made from too."""
    paths = readable_paths()
    places = [Path(each) for each in import_path() if Path(each).exists()]
    assert places
    assert all(any(each.is_relative_to(path) for path in paths) for each in places)


def test_the_checkout_is_no_place_of_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """An editable install puts it there, and it would be seen at the weakest level alone."""
    monkeypatch.setattr(sys, "path", [str(PACKAGE.parent), *sys.path])
    assert str(PACKAGE.parent) not in import_path()


@pytest.mark.parametrize(
    ("readable", "place"),
    [
        (["/usr/lib", "/home/ada/course/.venv/lib"], "/tmp"),
        (["/usr/lib", "/tmp/course/.venv/lib"], "/scratch"),
        (["/usr/lib", "/tmp"], "/scratch"),
        (["/scratch/python/lib", "/tmp/a/b"], "/own"),
    ],
)
def test_the_scratch_directory_hides_nothing_that_is_read(readable: list[str], place: str) -> None:
    """A checkout, or its Python, may lie below the temporary folder."""
    assert str(place_of_scratch(map(Path, readable))) == place
