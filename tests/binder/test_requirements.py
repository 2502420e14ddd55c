"""The requirements files, pyproject.toml and the imports of the package say the same."""

import pytest
from packaging.requirements import Requirement

from tests.binder.requirements_files import (
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


def test_binder_has_the_pins_of_a_kernel():
    """binder/requirements.txt repeats those pins of requirements.txt that a kernel needs."""
    pins = read_pins(ROOT / "binder" / "requirements.txt")
    everything = {str(pin) for pin in read_pins(ROOT / "requirements.txt")}
    assert [str(pin) for pin in pins if str(pin) not in everything] == []
    assert disagreements(pins, read_ranges()) == []


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
    assert undeclared((ROOT / "grader").rglob("*.py"), read_ranges("teach")) == []


def test_an_undeclared_import_is_named(tmp_path):
    """An import inside a function counts; the standard library and our own package do not."""
    module = tmp_path / "module.py"
    module.write_text(
        "import json\nimport grader.errors\nimport rich.table\n"
        "def load():\n    from yaml import load\n"
    )
    assert undeclared([module], {"rich": Requirement("rich>=15")}) == [("module.py", "yaml")]
