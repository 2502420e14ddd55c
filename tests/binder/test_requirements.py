"""The requirements files, pyproject.toml and the imports of the package say the same."""

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.binder.requirements_files import (
    FROZEN,
    ROOT,
    disagreements,
    read_pins,
    read_ranges,
    undeclared,
)

# What a notebook's kernel loads. Binder installs nothing for the other rooms.
KERNEL_ROOMS = ("catalog", "simulator", "exams", "exercises", "classroom")


def test_every_direct_dependency_is_pinned_within_its_range():
    """requirements.txt pins what pyproject.toml declares, for the same Pythons, and no more."""
    pins = read_pins(ROOT / "requirements.txt")
    assert disagreements(pins, read_ranges("lab", "teach")) == []


def test_requirements_end_with_the_course_itself():
    """`pip install -r requirements.txt` installs the package from this folder, last."""
    assert (ROOT / "requirements.txt").read_text("utf-8").splitlines()[-1] == "-e ."


def test_binder_has_the_pins_of_a_kernel_and_leaves_what_is_there():
    """binder/requirements.txt repeats what a kernel needs: as a range where Binder brings it."""
    brought = {canonicalize_name(each.name) for each in read_pins(FROZEN)}
    pins = {canonicalize_name(pin.name): pin for pin in read_pins(ROOT / "requirements.txt")}
    ranges = read_ranges()
    wanted = [ranges[name] if name in brought else pins[name] for name in ranges]
    assert read_pins(ROOT / "binder" / "requirements.txt") == wanted


def test_what_binder_brings_is_within_our_ranges():
    """Nothing that belongs to its JupyterLab need be exchanged."""
    ranges = read_ranges("lab")
    outside = [
        str(each)
        for each in read_pins(FROZEN)
        for declared in [ranges.get(canonicalize_name(each.name))]
        for version in [next(iter(each.specifier)).version]
        if declared and version not in declared.specifier
    ]
    assert outside == []


@pytest.mark.parametrize(
    ("pin", "fault"),
    [
        ("rich==14.0", "rich 14.0 is outside >=15"),
        ("rich>=15", "rich is not pinned with =="),
        (
            "rich==15.0; python_version < '3.12'",
            "rich is pinned for other Pythons than it is declared for",
        ),
        ("flask==3.0", "flask is pinned and not declared"),
    ],
)
def test_a_pin_that_disagrees_is_named(pin, fault):
    """Each way of falling out of step is found."""
    ranges = {"rich": Requirement("rich>=15")}
    assert fault in disagreements([Requirement(pin)], ranges)


def test_a_dependency_without_a_pin_is_named():
    """A requirement that nobody pinned is found."""
    assert disagreements([], {"rich": Requirement("rich>=15")}) == ["rich has no pin"]


def test_the_kernel_imports_only_what_binder_installs():
    """No module that a notebook loads needs a package of the extras, even inside a function."""
    modules = [path for room in KERNEL_ROOMS for path in (ROOT / "grader" / room).rglob("*.py")]
    assert undeclared(modules, read_ranges()) == []


def test_the_package_imports_only_what_it_declares():
    """Nothing is imported that another package merely happens to bring along."""
    declared = read_ranges("cluster", "lti", "teach")
    assert undeclared((ROOT / "grader").rglob("*.py"), declared) == []


def test_an_undeclared_import_is_named(tmp_path):
    """An import inside a function counts; the standard library and our own package do not."""
    module = tmp_path / "module.py"
    module.write_text(
        "import json\nimport grader.errors\nimport rich.table\n"
        "def load():\n    from yaml import load\n"
    )
    assert undeclared([module], {"rich": Requirement("rich>=15")}) == [("module.py", "yaml")]
