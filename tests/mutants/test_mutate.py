"""Mutants: each a change in one place, and none that changes nothing."""

import ast

import pytest

from tests.exercises.proofs import PROOFS
from tests.mutants.__main__ import survives
from tests.mutants.mutate import Mutant, mutants


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a == b", {"x = a != b", "pass"}),
        ("x = a and b", {"x = a or b", "pass"}),
        ("x = not a", {"x = not not a", "pass"}),
        ("x = a + 1", {"x = a - 1", "x = a + 2", "pass"}),
        ("f('a')", {"f('ax')", "pass"}),
        ("f(a=True)", {"f(a=False)", "f()", "pass"}),
        ("x = {'a': b}", {"x = {'ax': b}", "x = {}", "pass"}),
        ("x = [a, b]", {"x = [a]", "x = [b]", "pass"}),
        ("x = [a for a in b if a]", {"x = [a for a in b]", "pass"}),
        ("if a:\n    b()", {"if True:\n    b()", "if False:\n    b()", "if a:\n    pass"}),
        ("while a:\n    b()", {"while False:\n    b()", "while a:\n    pass"}),
    ],
)
def test_one_place_is_changed_at_a_time(source: str, expected: set[str]) -> None:
    """An operator, a constant, a key, a part, a condition or a line."""
    assert {mutant.source for mutant in mutants(source)} == expected


def test_a_returned_value_can_be_dropped() -> None:
    """What is left returns None."""
    assert "def f():\n    return None" in {m.source for m in mutants("def f():\n    return a")}


def test_docstrings_and_annotations_are_left_alone() -> None:
    """They do nothing when the code runs."""
    source = 'def f(a: int | None) -> str | None:\n    """Do it."""\n    return a'
    assert [mutant.source for mutant in mutants(source)] == ["def f(a):\n    return None"]


def test_a_change_is_told_by_its_line() -> None:
    """As it was and as it is."""
    changes = {mutant.change for mutant in mutants("def f():\n    x = 1\n    return x")}
    assert "x = 1  →  x = 2" in changes


@pytest.mark.proofs
def test_every_mutant_differs_and_can_be_compiled() -> None:
    """For all solutions of the course."""
    for proof in PROOFS:
        sources = [mutant.source for mutant in mutants(proof.solution())]
        assert len(set(sources)) == len(sources) > 2
        for source in sources:
            ast.parse(source)


def test_a_wrong_mutant_dies_and_a_right_one_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Full marks from every seed are needed to survive; one without an end is ended."""
    proof = next(proof for proof in PROOFS if proof.exercise == "text_of")
    assert survives(proof, Mutant("none", proof.solution()))
    assert not survives(proof, Mutant("empty", "def text_of(message): return ''"))
    monkeypatch.setattr("tests.mutants.__main__._SECONDS", 1)
    assert not survives(proof, Mutant("endless", "def text_of(message):\n  while True: pass"))
