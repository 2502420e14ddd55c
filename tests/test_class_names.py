"""One name, one meaning: no two public classes of the house share a name."""

import ast
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import grader

ROOT = Path(grader.__file__).parent


def doubled(sources: Iterable[str]) -> set[str]:
    """Return the names that more than one public class has."""
    names = Counter(
        node.name
        for source in sources
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    return {name for name, count in names.items() if count > 1}


def test_no_two_classes_have_one_name() -> None:
    """Who has read about one need not ask which is meant."""
    assert doubled(file.read_text(encoding="utf-8") for file in ROOT.rglob("*.py")) == set()


def test_a_name_that_is_taken_twice_is_told() -> None:
    """The law can break; a private name is its module's own."""
    assert doubled(["class Turn: ...\nclass _A: ...", "class Turn: ...\nclass _A: ..."]) == {"Turn"}
