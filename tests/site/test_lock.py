"""The wheels of the site are those of the course: same versions, all that a notebook imports."""

from __future__ import annotations

import json
import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from binder.site.folders import SOURCE
from binder.site.wheels import UNREAD
from tests.binder.requirements_files import ROOT, read_pins, undeclared
from tests.binder.test_requirements import KERNEL_ROOMS

SERVING = ("app.py", "server.py")
"""Modules of the simulator that only `grader serve` loads, which no browser runs."""


def locked() -> dict[str, str]:
    """Return the versions of kernel.txt by name."""
    text = (SOURCE / "kernel.txt").read_text("utf-8")
    return dict(re.findall(r"^([\w-]+)==([\w.]+) \\$", text, re.MULTILINE))


def wanted() -> dict[str, Requirement]:
    """Return what kernel.in names."""
    return {canonicalize_name(pin.name): pin for pin in read_pins(SOURCE / "kernel.in")}


def disagreements(versions: dict[str, str]) -> list[str]:
    """Return the packages whose version differs from the one that learners install."""
    pins = read_pins(ROOT / "requirements.txt")
    named = {canonicalize_name(pin.name): str(pin.specifier) for pin in pins}
    found = {name: f"=={version}" for name, version in versions.items()}
    return [name for name, version in found.items() if named.get(name, version) != version]


def test_the_lock_has_the_versions_of_the_course():
    """`python -m binder.site lock` was run after the last change of a pin."""
    assert disagreements(locked()) == []
    assert wanted().keys() - locked().keys() == set()


def test_a_lock_that_is_old_is_found():
    """The law above can break."""
    assert disagreements({**locked(), "anthropic": "1.0"}) == ["anthropic"]


def test_every_wheel_has_a_hash():
    """pip takes no other file than the one that was looked at."""
    text = (SOURCE / "kernel.txt").read_text("utf-8")
    parts = re.split(r"^(?=[\w-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(parts) == len(locked()) > 20
    assert [part for part in parts if "--hash=sha256:" not in part] == []
    assert "://" not in text


def test_a_notebook_imports_nothing_that_the_site_lacks():
    """Every package that a kernel may load is in kernel.in, but for what only a server loads."""
    modules = [
        path
        for room in KERNEL_ROOMS
        for path in (ROOT / "grader" / room).rglob("*.py")
        if path.name not in SERVING
    ]
    # Token counts are estimated where it can't be installed.
    assert undeclared(modules, {**wanted(), "ctok": Requirement("ctok")}) == []


def test_widgets_are_drawn_by_what_the_kernel_speaks_to():
    """What JupyterLab gets of anywidget is the version that a notebook imports."""
    tools = {pin.name: str(pin.specifier) for pin in read_pins(SOURCE / "tools.txt")}
    assert tools["anywidget"] == f"=={locked()['anywidget']}"


def test_pyodide_is_one_version():
    """package.json pins what package-lock.json has."""
    asked = json.loads((SOURCE / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))["packages"]
    assert {"pyodide": lock["node_modules/pyodide"]["version"]} == asked


@pytest.mark.parametrize(
    ("path", "is_read"),
    [
        ("anthropic/types/message.py", True),
        ("jedi/third_party/typeshed/stdlib/3/builtins.pyi", True),
        ("grader/exams/exam.py", True),
        ("anthropic/py.typed", True),
        ("httpx2/testing.py", True),
        ("jedi/third_party/django-stubs/x.pyi", False),
        ("traitlets/tests/test_traitlets.py", False),
        ("grader/grading/grade.py", False),
        ("ipywidgets-8.data/data/share/x.js", False),
    ],
)
def test_what_no_kernel_reads_is_left_out(path, is_read):
    """Tests, other libraries' stubs and the grading of a class; nothing that is imported."""
    assert any(re.match(pattern, path) for pattern in UNREAD) is not is_read
