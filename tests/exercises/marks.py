"""The parameters that tests of the exercises share: each proof, and each of its answers."""

from __future__ import annotations

import os

import pytest

from tests.exercises.proof import Proof
from tests.exercises.proofs import PROOFS


def of_exercise(proof: Proof) -> pytest.MarkDecorator:
    """Return the mark that keeps an exercise's tests in one process: it judges an answer once."""
    return pytest.mark.xdist_group(f"exercise {proof.exercise}")


each_proof = pytest.mark.parametrize(
    "proof",
    [pytest.param(proof, id=proof.exercise, marks=of_exercise(proof)) for proof in PROOFS],
)
EVERY = "EVERY" in os.environ
WRONG = [
    pytest.param(
        proof,
        wrong,
        id=f"{proof.exercise}-{wrong.diagnosis}-{number}",
        marks=of_exercise(proof),
    )
    for proof in PROOFS
    for number, wrong in enumerate(proof.wrong)
    if EVERY or wrong.diagnosis not in {before.diagnosis for before in proof.wrong[:number]}
]
"""`make proofs` judges every wrong answer, `make test` the first one of each mistake."""
each_wrong = pytest.mark.parametrize(("proof", "wrong"), WRONG)
RIGHT = [
    pytest.param(proof, source, id=f"{proof.exercise}-{name}", marks=of_exercise(proof))
    for proof in PROOFS
    for name, source in {"the solution": proof.solution(), **proof.right}.items()
]
each_right = pytest.mark.parametrize(("proof", "source"), RIGHT)
