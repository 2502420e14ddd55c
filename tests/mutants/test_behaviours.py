"""Changed ideas: each where code allows it, and none that changes nothing."""

import ast

import pytest

from tests.exercises.proof import Proof
from tests.exercises.proofs import PROOFS
from tests.mutants.behaviours import IDEAS, behaviours

EXAMPLES = {
    "the first only": ("for a in b:\n    c()", "for a in list(b)[:1]:\n    c()"),
    "the last only": ("[a for a in b]", "[a for a in list(b)[-1:]]"),
    "all but the last": ("[a for a in b]", "[a for a in list(b)[:-1]]"),
    "two at most": ("[a for a in b]", "[a for a in list(b)[:2]]"),
    "the other way round": ("[a for a in b]", "[a for a in list(b)[::-1]]"),
    "each sort once": (
        "[a for a in b]",
        "[a for a in list({repr(each): each for each in b}.values())]",
    ),
    "each name once": ("[a for a in b]", None),
    "only those in front": (
        "[a for a in b if c]",
        "[a for a in __import__('itertools').takewhile(lambda a: c, b)]",
    ),
    "position for type": ("[a for a in b if c]", "[a for a in list(b)[:1]]"),
    "name for id": ("a.id", "a.name"),
    "a part for the whole": ("a == 'text'", "'text' in str(a)"),
    "the wrong ones left out": ("a == 'text'", "a != 'thinking'"),
    "falsy for None": ("a is None", "not a"),
    "falsy replaced": ("def f():\n    return a", "def f():\n    return a or None"),
    "no copy": ("copy.deepcopy(a)", "a"),
    "changed in place": ("[*a, b]", "(a.extend([b]), a)[1]"),
    "errors swallowed": (
        "def f():\n    client.ask()",
        "def f():\n    try:\n        client.ask()\n    except Exception:\n        return None",
    ),
    "another shape": ("def f():\n    return a", "def f():\n    return [a]"),
}


@pytest.mark.parametrize("idea", IDEAS)
def test_each_idea_changes_what_it_says(idea: str) -> None:
    """An idea that no code shows would prove nothing."""
    source, expected = EXAMPLES[idea]
    made = [each.source for each in behaviours(source) if each.change.startswith(f"{idea}: ")]
    assert made
    assert expected is None or expected in made


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.exercise)
def test_every_solution_can_be_meant_otherwise(proof: Proof) -> None:
    """What comes out is Python, and differs from the solution and from each other."""
    made = [each.source for each in behaviours(proof.solution())]
    assert len(made) == len(set(made)) >= 2
    for source in made:
        ast.parse(source)
