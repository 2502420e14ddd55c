"""The instant check and sealed grading give the same verdict on every proof of every exercise."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest

from grader.exams import Lesson, Verdict
from grader.exercises import COURSE
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.exam_seeds import seed_of
from grader.grading.examination import examine_notebook
from grader.grading.kernels import WarmParent
from grader.grading.rebuild import rebuild
from grader.grading.sandbox import Limits, probe
from tests.exercises.proof import ROOT, Proof
from tests.exercises.proofs import PROOFS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grading")]

SEED = "both ways"
MOST = None if "EVERY" in os.environ else 1
"""How many notebooks a lesson: `make proofs` tries all, `make test` that of the solutions."""


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmParent]:
    """Return a warm parent at the strongest level that holds here."""
    with WarmParent(probe(), Limits()) as parent:
        yield parent


def answers(proof: Proof) -> list[str]:
    """Return the sources of one exercise: right and wrong ones by turns."""
    right = [proof.solution(), *proof.right.values()]
    wrong = [each.source for each in proof.wrong]
    pairs = zip_longest(right, wrong)
    return [source for pair in pairs for source in pair if source is not None][:MOST]


def told(verdict: Verdict) -> tuple[Any, ...]:
    """Return what a verdict says, but for a traceback's frames."""
    return verdict.outcome, verdict.judged, verdict.finding, verdict.requests


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.name)
def test_a_verdict_is_the_same_in_a_sealed_kernel(lesson: Lesson, warm: WarmParent) -> None:
    """Each notebook holds one answer to every exercise, in the course's own cells."""
    proofs = {proof.exercise: proof for proof in PROOFS}
    own = [proofs[exercise.name] for exercise in lesson.exercises]
    # Judged alone, an answer has the solutions that it calls; so it has here.
    needed = {name for proof in own for name in proof.needs}
    course = read_course_notebook(ROOT, lesson.name)
    for chosen in zip_longest(*(answers(proof) for proof in own)):
        sources = {
            proof.exercise: proof.solution()
            if source is None or proof.exercise in needed
            else source
            for proof, source in zip(own, chosen, strict=True)
        }
        submission = json.loads(json.dumps(course))
        for cell in submission["cells"]:
            cell["source"] = sources.get(cell["id"], cell["source"])
        rebuilt = rebuild(submission, course)
        done = examine_notebook(rebuilt, lesson, warm, seed=SEED, limits=Limits())
        for proof, result in zip(own, done.exercises, strict=True):
            here = proof.judge(sources[proof.exercise], seed=seed_of(SEED, proof.exercise))
            assert told(result.verdict) == told(here), (proof.exercise, sources[proof.exercise])
