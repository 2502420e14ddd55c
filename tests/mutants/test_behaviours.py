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
    "edges trimmed": (
        "a.text",
        "(lambda t: t.strip() if isinstance(t, str) and t else t)(a.text)",
    ),
    "the first line": ("a['data']", None),
    "small letters": ("''.join(a)", None),
    "plain letters": ("a.text", None),
    "a part for the type": ("a.type == 'tool_use'", "hasattr(a, 'input')"),
    "a limit of its own": ("range(max_turns)", "range(min(max_turns, 10))"),
    "other errors left": (
        "try:\n    f()\nexcept Exception:\n    g()",
        "try:\n    f()\nexcept ValueError:\n    g()",
    ),
    "another error": ("raise ValueError(a)", "raise Exception(a)"),
    "never absent": ("a.get(b, c)", "a[b]"),
    "one side only": ("a or b", "b"),
    "joined otherwise": ("''.join(a)", "'\\n'.join(a)"),
    "another kind": ("isinstance(a, str)", "not isinstance(a, list)"),
    "floats and rounding": ("Decimal(a)", "float(a)"),
}


@pytest.mark.parametrize("idea", IDEAS)
def test_each_idea_changes_what_it_says(idea: str) -> None:
    """An idea that no code shows would prove nothing."""
    source, expected = EXAMPLES[idea]
    made = [each.source for each in behaviours(source) if each.change.startswith(f"{idea}: ")]
    assert made
    assert expected is None or expected in made


@pytest.mark.parametrize(
    ("source", "idea"),
    [
        ("for _ in range(a):\n    b()", "the other way round"),
        ("for n in range(a):\n    b(n)", "each sort once"),
        ("for n in range(a):\n    b(n)", "each name once"),
        ("[a.text for a in b if a.type == 'text']", "each name once"),
        ("a == 'message_start'", "a part for the whole"),
        ("a == 'message_start'", "the wrong ones left out: a == 'message_start'  →  a != 'text'"),
        ("def f():\n    return ''.join(a)", "another shape: return ''.join(a)  →  return str("),
    ],
)
def test_what_changes_nothing_is_no_change(source: str, idea: str) -> None:
    """Nobody has to explain why code that does the same keeps its marks."""
    assert [each.change for each in behaviours(source) if each.change.startswith(idea)] == []


@pytest.mark.parametrize(
    ("word", "taken"),
    [
        ("tool_use", {"'tool_use' in str(a)", "str(a).endswith('tool_use')"}),
        ("end_turn", set()),
        (
            "some_day",
            {
                "'some_day' in str(a)",
                "str(a).startswith('some_day')",
                "str(a).endswith('some_day')",
            },
        ),
    ],
)
def test_a_part_is_another_word_s_too(word: str, taken: set[str]) -> None:
    """Only then does it mean more than the whole; of a word that is not the API's, nobody knows."""
    made = behaviours(f"a == '{word}'")
    assert {m.source for m in made if m.change.startswith("a part for the whole")} == taken


@pytest.mark.proofs
@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.exercise)
def test_every_solution_can_be_meant_otherwise(proof: Proof) -> None:
    """What comes out is Python, and differs from the solution and from each other."""
    made = [each.source for each in behaviours(proof.solution())]
    assert len(made) == len(set(made)) >= 2
    for source in made:
        ast.parse(source)
