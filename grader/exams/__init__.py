"""The engine that judges code by the requests it sends and the values it returns.

    verdict = examine(exercise, LocalCandidate({"first_call": first_call}))

An answer's way: `examine` makes an `Exam` and runs the exercise's check over it. The check calls
the learner's code through a `Candidate`, in plain JSON, so that the code may be in this process
(`runner`) or behind a socket (`remote`). Its client is a `relay` to the `scene` that `invigilator`
holds. What the check expects becomes a `Verdict` with the words of `words`, and `panel` shows it.
"""

from grader.exams.called import Called, Kept
from grader.exams.candidate import Ask, Candidate, CandidateLost, is_question, is_report
from grader.exams.counting import COUNTER, exam_simulator, exam_tokens
from grader.exams.crashes import OWN_RAISE, Crash
from grader.exams.description import (
    CallableHandle,
    ClientHandle,
    Opaque,
    Record,
    SdkError,
    SdkObject,
    describe,
)
from grader.exams.exam import Exam, examine
from grader.exams.exercise import Criterion, Exercise, Lesson, Objective, exercise
from grader.exams.lines import Lines
from grader.exams.panel import marked, panel, preformatted
from grader.exams.pictures import Colour, gif, jpeg, png, webp
from grader.exams.predicted import ANSWER_TYPE, Predicted, predicted_from
from grader.exams.reading import read
from grader.exams.remote import RemoteCandidate, sit
from grader.exams.runner import LocalCandidate, Runner
from grader.exams.scene import Scene
from grader.exams.sdk_error import page_error, python_error, sdk_error
from grader.exams.sending import objection_of, post
from grader.exams.shapes import Case, Shapes
from grader.exams.shown import api_error, shown
from grader.exams.sleepless import sleepless
from grader.exams.traffic import Traffic
from grader.exams.verdict import Finding, Judged, Slip, Verdict
from grader.exams.verdict_json import verdict_from_json, verdict_to_json
from grader.exams.words import LOST, Diagnosis, Words, common

__all__ = [
    "ANSWER_TYPE",
    "COUNTER",
    "LOST",
    "OWN_RAISE",
    "Ask",
    "CallableHandle",
    "Called",
    "Candidate",
    "CandidateLost",
    "Case",
    "ClientHandle",
    "Colour",
    "Crash",
    "Criterion",
    "Diagnosis",
    "Exam",
    "Exercise",
    "Finding",
    "Judged",
    "Kept",
    "Lesson",
    "Lines",
    "LocalCandidate",
    "Objective",
    "Opaque",
    "Predicted",
    "Record",
    "RemoteCandidate",
    "Runner",
    "Scene",
    "SdkError",
    "SdkObject",
    "Shapes",
    "Slip",
    "Traffic",
    "Verdict",
    "Words",
    "api_error",
    "common",
    "describe",
    "exam_simulator",
    "exam_tokens",
    "examine",
    "exercise",
    "gif",
    "is_question",
    "is_report",
    "jpeg",
    "marked",
    "objection_of",
    "page_error",
    "panel",
    "png",
    "post",
    "predicted_from",
    "preformatted",
    "python_error",
    "read",
    "sdk_error",
    "shown",
    "sit",
    "sleepless",
    "verdict_from_json",
    "verdict_to_json",
    "webp",
]
