"""Make results of submissions for a test, by judging the answers of the proofs."""

from dataclasses import replace
from functools import cache

from grader.exams import Diagnosis, Finding, Verdict
from grader.exercises import find_lesson
from grader.grading.result import ExerciseResult, Result
from tests.exercises.proofs import PROOFS
from tests.grading.class_folder import ROOT, START

HOSTILE = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=document.title='owned'>",
    "</pre></details><svg/onload=document.title='owned'>",
    "<link rel=stylesheet href=https://evil.invalid/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.invalid'>",
    '`<b>`` & "quotes" \' $x^2$',
    "\x1b]0;owned\x07\x1b[2J\x9b31m",
    "\u202egnp.exe \ud800 \x00 \x85",
)
"""What a submission may say to people who read about it."""


@cache
def verdict(exercise: str, answer: str = "right") -> Verdict:
    """Return the verdict on an answer of a proof: right, blank, or the name of a mistake."""
    proof = next(each for each in PROOFS if each.exercise == exercise)
    if answer == "right":
        return proof.judge(proof.solution())
    if answer == "blank":
        return proof.judge(proof.stub())
    return proof.judge(next(each.source for each in proof.wrong if each.diagnosis == answer))


def result(student: str, lesson: str = START, **answers: str) -> Result:
    """Return a result in which every exercise is right but for those named."""
    return Result(
        student,
        lesson,
        "ab" * 32,
        tuple(
            ExerciseResult(verdict(each.name, answers.get(each.name, "right")))
            for each in find_lesson(lesson).exercises
        ),
    )


def hostile_result(student: str, said: str) -> Result:
    """Return a result that repeats what a learner's code said, wherever a verdict can hold it."""
    real = verdict("first_call", "no-max-tokens")
    diagnosis = Diagnosis("other", said, said, said, said, where=said)
    judged = replace(
        real,
        finding=Finding(diagnosis, said, (said, said, said)),
        requests=({"model": said, said: [said]},),
        traceback=said,
        printed=said,
    )
    other = ExerciseResult(verdict("describe_reply", "blank"))
    return Result(student, START, "", (ExerciseResult(judged, flag=said), other), (said,))


def solution_notebook(lesson: str = START) -> bytes:
    """Return the solution notebook of a lesson."""
    return (ROOT / "solutions" / lesson / f"{lesson}.ipynb").read_bytes()
