"""What is known of a model stands in the catalog: no other code names one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader
from grader.catalog import load_catalog

ROOT = Path(grader.__path__[0])
NAMES = {name for card in load_catalog().models for name in card.names}
ALLOWED = {
    "catalog/catalog.py": "the two models of the lessons",
    "catalog/rows.py": "examples in messages about the catalog file",
    "grading/demo.py": "what a student wrote",
}
"""Modules that may name a model, each with the reason."""


def find_names(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each string that holds a model's name, or the start of one.

    Docstrings are left out. A start is as long as a line of models, such as "claude-opus".
    """
    tree = ast.parse(source)
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    lines = {"-".join(name.split("-")[:2]) for name in NAMES}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in told and any(line in node.value for line in lines):
            yield node.lineno, node.value


def find_generations(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each comparison of a card's tokenizer, or of its id, with a word."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            asked, words = node.left, node.comparators
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked = node.func.value if node.func.attr == "startswith" else node
            words = node.args
        else:
            continue
        is_asked = ast.unparse(asked).endswith((".tokenizer", "card.id"))
        if is_asked and any(
            isinstance(part, ast.Constant) for word in words for part in ast.walk(word)
        ):
            yield node.lineno, ast.unparse(node)


def test_no_code_names_a_model() -> None:
    """A new model is a new row: nothing else has to change."""
    found = [
        f"grader/{name}:{line}: {text!r}"
        for path in sorted(ROOT.rglob("*.py"))
        if (name := path.relative_to(ROOT).as_posix()) not in ALLOWED
        for line, text in find_names(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "Take DEFAULT_MODEL or active_models(), or give the row a rule."


def test_no_code_knows_a_model_by_its_generation() -> None:
    """Whether a model is an older one says nothing of its rules: the row has each."""
    found = [
        f"grader/{path.relative_to(ROOT).as_posix()}:{line}: {text}"
        for path in sorted(ROOT.rglob("*.py"))
        for line, text in find_generations(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "Give the catalog's rows a rule, and ask for that."


def test_every_allowance_is_used() -> None:
    """One that nothing needs would let a name in unseen."""
    assert {
        name for name in ALLOWED if [*find_names((ROOT / name).read_text(encoding="utf-8"))]
    } == set(ALLOWED)


@pytest.mark.parametrize(
    "source",
    [
        'MODEL = "claude-haiku-4-5"',
        'f"claude-opus-4-6 says {1}"',
        'is_old = name.startswith("claude-haiku")',
    ],
)
def test_a_name_in_code_is_found(source: str) -> None:
    """Whole, within a text, or its start."""
    assert [line for line, _ in find_names(source)] == [1]


@pytest.mark.parametrize(
    "source", ['"""Of claude-haiku-4-5."""', "# claude-haiku-4-5", 'x = "claude"']
)
def test_a_name_that_is_told_is_none(source: str) -> None:
    """Docstrings and comments may say of which model a thing was recorded."""
    assert [*find_names(source)] == []


@pytest.mark.parametrize(
    "source",
    [
        'older = card.tokenizer == "v3"',
        'if self.card.tokenizer not in ("v3", "v4.7"): pass',
        'is_haiku = card.id.startswith(("x", "y"))',
    ],
)
def test_a_question_for_the_generation_is_found(source: str) -> None:
    """By equality, by membership or by the start of an id."""
    assert [line for line, _ in find_generations(source)] == [1]


def test_a_tokenizer_may_be_compared_with_another_one() -> None:
    """That two models count alike is no fact about one of them."""
    assert [*find_generations("same = card.tokenizer == other.tokenizer")] == []
