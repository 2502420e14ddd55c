"""The dependencies that pyproject.toml and the two requirements files state, as plain data."""

import ast
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FROZEN = Path(__file__).with_name("frozen.txt")
"""What Binder brings."""
COLAB = Path(__file__).with_name("colab.txt")
"""What Colab brings."""
# A notebook's own namespace is __main__.
OURS = {"grader", "__main__"}


def read_pins(path: Path) -> list[Requirement]:
    """Return the requirements of a requirements file, its options and comments left out."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def read_ranges(*extras: str) -> dict[str, Requirement]:
    """Return by name what pyproject.toml requires, with the named extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][name] for name in extras)]
    ranges = [Requirement(line) for lines in lists for line in lines]
    return {canonicalize_name(requirement.name): requirement for requirement in ranges}


def disagreements(pins: list[Requirement], ranges: dict[str, Requirement]) -> list[str]:
    """Return what keeps the pins from being one tested choice within the ranges."""
    found = []
    pinned = {canonicalize_name(pin.name): pin for pin in pins}
    for name in sorted(ranges.keys() - pinned.keys()):
        found.append(f"{name} has no pin")
    for name in sorted(pinned.keys() - ranges.keys()):
        found.append(f"{name} is pinned and not declared")
    for name in sorted(pinned.keys() & ranges.keys()):
        pin, declared = pinned[name], ranges[name]
        versions = [part.version for part in pin.specifier if part.operator == "=="]
        if len(versions) != 1 or len(pin.specifier) != 1:
            found.append(f"{name} is not pinned with ==")
        elif versions[0] not in declared.specifier:
            found.append(f"{name} {versions[0]} is outside {declared.specifier}")
        if str(pin.marker) != str(declared.marker):
            found.append(f"{name} is pinned for other Pythons than it is declared for")
    return found


def foreign_imports(source: str) -> set[str]:
    """Return the top-level packages that a module imports, beside ours and the standard library."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - OURS


def undeclared(modules: Iterable[Path], ranges: dict[str, Requirement]) -> list[tuple[str, str]]:
    """Return each module with a package that it imports although no requirement names it."""
    distributions = packages_distributions()
    return [
        (module.name, package)
        for module in sorted(modules)
        for package in sorted(foreign_imports(module.read_text("utf-8")))
        if not {canonicalize_name(name) for name in distributions.get(package, [])} & ranges.keys()
    ]
