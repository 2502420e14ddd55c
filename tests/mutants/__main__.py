"""Mutate every solution of the course and print what survived: `make mutants [ONLY=exercise]`.

A mutant is a changed letter (`mutate`) or a changed idea (`behaviours`).

Fails when a mutant survives that `survivors.py` does not explain, or when one explained there is
gone.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from grader.exercises import find_exercise
from tests.exercises.proof import Proof
from tests.exercises.proofs import PROOFS
from tests.mutants.behaviours import behaviours
from tests.mutants.mutate import Mutant, mutants
from tests.mutants.survivors import SURVIVORS

_SEEDS = (1, 2, 3)
_SECONDS = 10
"""How long the exam of one mutant may take; a loop without an end is a lost point."""


@dataclass(frozen=True)
class Result:
    """Hold what became of the mutants of one exercise."""

    exercise: str
    tried: int
    survived: tuple[str, ...]


class _TooLong(KeyboardInterrupt):
    """End a mutant that does not come to an end, as a learner does who interrupts the kernel.

    Anything else would end one call only, and the exam would go on to the next.
    """


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLong


def survives(proof: Proof, mutant: Mutant) -> bool:
    """Say whether a mutant gets full marks from every seed."""
    full = find_exercise(proof.exercise).points
    before = signal.signal(signal.SIGALRM, _stop)
    try:
        for seed in _SEEDS:
            points = -1
            signal.alarm(_SECONDS)
            with suppress(_TooLong):
                points = _points(proof, mutant, seed)
            signal.alarm(0)
            if points < full:
                return False
    finally:
        signal.signal(signal.SIGALRM, before)
    return True


def _points(proof: Proof, mutant: Mutant, seed: int) -> int:
    try:
        names = proof.names(mutant.source)
    except Exception:  # noqa: BLE001 - a mutant may break its own cell in any way
        return -1
    return proof.judge_names(names, seed=seed).points


def examine_all(proof: Proof) -> Result:
    """Return what became of all mutants of one exercise's solution."""
    tried = [*mutants(proof.solution()), *behaviours(proof.solution())]
    survived = tuple(mutant.change for mutant in tried if survives(proof, mutant))
    return Result(proof.exercise, len(tried), survived)


def _report(results: Sequence[Result]) -> bool:
    """Print a table and every survivor, and say whether each one is explained."""
    is_right = True
    for result in results:
        known = SURVIVORS.get(result.exercise, {})
        print(f"{result.exercise:22} {result.tried:4} mutants, {len(result.survived):3} survived")
        used = set()
        for change in result.survived:
            key = _explained(change, known)
            print(f"    {change}")
            print(f"        {'NOT EXPLAINED' if key is None else known[key]}")
            is_right = is_right and key is not None
            used.add(key)
        for change in sorted(set(known) - used):
            print(f"    {change}\n        explained in survivors.py, and gone")
            is_right = False
    tried = sum(result.tried for result in results)
    survived = sum(len(result.survived) for result in results)
    print(f"{tried} mutants of {len(results)} exercises, {survived} survived")
    return is_right


def _explained(change: str, known: Mapping[str, str]) -> str | None:
    """Return the key that explains a survivor: its change, or the name of its idea."""
    idea = change.partition(": ")[0]
    return next((key for key in (change, idea) if key in known), None)


def main(only: Sequence[str]) -> int:
    """Return the exit status; only: names of exercises, all when empty."""
    proofs = [proof for proof in PROOFS if not only or proof.exercise in only]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(examine_all, proofs))
    return 0 if _report(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
