"""Faces of folders whose names are loaded when they are first asked for."""

import subprocess
import sys
from importlib import import_module

import pytest

from grader.lazy import homes

FACES = ("grader.classroom", "grader.grading")
each_face = pytest.mark.parametrize("face", FACES)


@each_face
def test_a_face_lists_what_it_imports(face: str) -> None:
    """No name is promised that nothing gives, and none is given that is not promised."""
    module = import_module(face)
    assert homes(face).keys() == set(module.__all__)
    assert {name: getattr(module, name) for name in module.__all__} == {
        name: getattr(import_module(home), name) for name, home in homes(face).items()
    }


@each_face
def test_another_name_is_told_as_python_tells_it(face: str) -> None:
    """By the module's name and its own."""
    with pytest.raises(AttributeError, match=f"module '{face}' has no attribute 'nothing'"):
        _ = import_module(face).nothing


@each_face
def test_the_import_alone_loads_none_of_it(face: str) -> None:
    """And the first name that is asked for loads what it needs."""
    code = (
        f"import sys, {face} as face\nfrom grader.lazy import homes\n"
        f"print([each for each in homes({face!r}).values() if each in sys.modules])\n"
        "name = face.__all__[0]\nprint(getattr(face, name) is vars(face)[name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\nTrue\n"
