"""No verdict depends on which counter of tokens is installed.

test_proofs.py sees to it that no answer at all makes an exam ask the installed one.
"""

import ast
import os
from collections.abc import Iterator
from itertools import product

import pytest

from grader.exams import COUNTER, Verdict
from grader.exercises import find_exercise
from grader.simulator.tokens import text as counting
from grader.simulator.tokens.estimate import estimate_tokens
from grader.simulator.tokens.text import Counter, load_ctok
from tests.exercises.proof import ROOT, Proof
from tests.exercises.proofs import PROOFS

LESSONS = ("06_tokens_and_cost", "07_prompt_caching", "08_production", "09_port")
"""The lessons whose checks count."""
FEW = 2
ANSWERS = [
    pytest.param(proof, source, id=f"{proof.exercise}-{number}")
    for proof in PROOFS
    if find_exercise(proof.exercise).lesson in LESSONS
    for number, source in enumerate(
        [proof.solution(), *(wrong.source for wrong in proof.wrong), *proof.right.values()]
    )
    if number < FEW or "EVERY" in os.environ
]
COUNTS = {"count_prompt", "input_tokens", "output_tokens", "text_tokens", "thinking_tokens"}
"""What counts with the installed counter unless it is given another."""


def install(monkeypatch: pytest.MonkeyPatch, count: Counter) -> None:
    """Let this Python count with something, as if it alone were installed."""
    found = counting.InstalledCounter(count, "", is_used=count is not estimate_tokens)
    monkeypatch.setattr(counting, "installed_counter", lambda: found)


def tripled(text: str, tokenizer: str) -> int:
    """Count as no tokenizer does."""
    return 3 * estimate_tokens(text, tokenizer) + 1


def told(verdict: Verdict) -> tuple[object, ...]:
    """Return what a verdict says, but for the addresses in a traceback."""
    return verdict.outcome, verdict.judged, verdict.finding, verdict.requests


@pytest.fixture(scope="module")
def ctok() -> Counter:
    """Return what counts with ctok; `.ci/setup test` installs it for every Python."""
    return load_ctok() or pytest.skip("ctok is not installed: run .ci/setup test")


@pytest.mark.parametrize(("proof", "source"), ANSWERS)
def test_a_verdict_is_the_same_with_ctok_and_without(
    proof: Proof, source: str, ctok: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is on Python 3.11, which has no ctok, and on 3.13, which has."""
    verdicts: list[tuple[object, ...]] = []
    for count in (ctok, estimate_tokens, tripled):
        install(monkeypatch, count)
        verdicts.append(told(proof.judge_names(proof.names(source))))
    with_ctok, without, with_another = verdicts
    assert with_ctok == without == with_another


@pytest.mark.parametrize("text", ["internationalization", "What is the capital of France?"])
def test_the_counters_differ(text: str, ctok: Counter) -> None:
    """So a verdict could depend on them."""
    assert len({ctok(text, "v4.8"), estimate_tokens(text, "v4.8"), tripled(text, "v4.8")}) > 1


def test_exams_count_by_the_estimate() -> None:
    """It is the only counter that every Python has."""
    assert COUNTER is estimate_tokens


def faults(source: str) -> Iterator[str]:
    """Name each call that would count with what happens to be installed."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = {each.arg: ast.unparse(each.value) for each in node.keywords}
        name = node.func.id
        if name == "Simulator" and given.get("tokens") != "COUNTER":
            yield name
        if name in COUNTS and given.get("counter") != "COUNTER":
            yield name


@pytest.mark.parametrize("room", ["exams", "exercises"])
def test_no_exam_counts_with_what_is_installed(room: str) -> None:
    """Every simulated API of an exam, and every count that a check makes, is given its counter."""
    modules = sorted((ROOT / "grader" / room).rglob("*.py"))
    found = [
        (path.name, name) for path in modules for name in faults(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "argument"),
    [*product(["Simulator"], ["", "tokens=text_tokens"]), *product(sorted(COUNTS), ["", "x"])],
)
def test_a_count_with_what_is_installed_is_found(name: str, argument: str) -> None:
    """The law above can fail."""
    assert list(faults(f"def check(exam):\n    return {name}({argument})\n")) == [name]
