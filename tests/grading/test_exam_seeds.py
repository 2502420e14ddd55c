"""What an exam's data is drawn from, and what a learner's code could find out of it."""

import inspect
import json
import random
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from grader.exams import Exam, LocalCandidate, examine
from grader.exams.fresh_data import FreshData
from grader.exams.lines import LinesLost
from grader.exercises import find_lesson
from grader.grading import exam_seeds, examination, worker
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.exam_seeds import chance_of, seed_of
from grader.grading.kernels import CellRun
from grader.grading.kernels.fair_clock import Deadline, FairClock
from grader.grading.rebuild import rebuild
from grader.grading.sandbox import Limits
from tests.exams.small_exercise import made
from tests.grading.class_folder import ROOT, START, course_notebook

CLASS, DIGEST = "a class", "ab" * 32


def test_other_people_files_exercises_and_classes_have_other_data() -> None:
    """No answer that was copied from one exam is an answer in another."""
    seeds = [
        seed_of(seed, exercise, student=student, digest=digest)
        for seed in (CLASS, "another class", "")
        for exercise in ("first_call", "describe_reply")
        for student in ("alice", "bob", "")
        for digest in (DIGEST, "cd" * 32, "")
    ]
    assert len(set(seeds)) == len(seeds)
    assert len({FreshData(seed).fresh("id") for seed in seeds}) == len(seeds)


def test_parts_of_a_seed_are_told_apart() -> None:
    """Where one ends and the next begins is no matter of a colon in a name."""
    parts = [("a", "b:c"), ("a:b", "c"), ('a", "b', "c"), ("a", 'b", "c')]
    seeds = [seed_of(CLASS, "e", student=student, digest=digest) for student, digest in parts]
    assert len(set(seeds)) == len(parts)


def test_a_submission_that_is_graded_again_has_the_same_data() -> None:
    """In any process, at any time."""
    first = seed_of(CLASS, "first_call", student="alice", digest=DIGEST)
    exam_seeds._key_of.cache_clear()
    assert seed_of(CLASS, "first_call", student="alice", digest=DIGEST) == first


def test_seeds_are_too_long_to_be_searched() -> None:
    """Half of the bits differ, wherever one letter does."""
    seeds = [seed_of(CLASS, "e", student=str(number)) for number in range(40)]
    assert max(seed.bit_length() for seed in seeds) == 256
    for one, other in combinations(seeds, 2):
        assert 70 < (one ^ other).bit_count() < 186


def test_what_scenes_draw_tells_nothing_of_the_data() -> None:
    """Ids of replies are shown; the exam's own draws are the same without them."""

    def drawn(scenes: int) -> list[str]:
        found: list[str] = []

        def check(exam: Exam) -> None:
            for _ in range(scenes):
                exam.scene()
            found.append(exam.fresh("id"))
            found.extend(str(exam.seed_for(f"scene {place}")) for place in range(2))

        examine(made(check), LocalCandidate({}), seed=2**200)
        return found

    assert drawn(0) == drawn(5)
    assert len(set(drawn(0))) == 3


def test_a_learners_own_chance_comes_from_nothing_of_the_class() -> None:
    """Their code can read it, and may find out all that it was made of."""
    assert set(inspect.signature(chance_of).parameters) == {"exercise", "digest"}
    assert chance_of("a", digest=DIGEST) == chance_of("a", digest=DIGEST)
    assert chance_of("a", digest=DIGEST) != chance_of("b", digest=DIGEST)
    assert chance_of("a", digest=DIGEST) != chance_of("a", digest="")


def told(monkeypatch: pytest.MonkeyPatch, *, seed: str, student: str) -> list[str]:
    """Return what the kernel of a notebook is told for its exams, and what it draws from."""
    said: list[str] = []

    class Deaf:
        """Answer nothing."""

        is_alive = True
        is_orphan = False
        exam = None
        excess = ""

        def __init__(self, chance: str) -> None:
            self._chance = chance
            self.clock = FairClock(lambda: None)

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_error: object) -> None:
            return None

        def run(self, *_source: object, **_options: object) -> Any:
            return CellRun((), "ok")

        def sit(self, *told: str) -> None:
            said.append(" ".join((*told, self._chance)))

        def deadline(self, seconds: float) -> Deadline:
            return Deadline(self.clock, seconds=seconds, patience=1)

    class Nobody:
        """Hear nothing."""

        ends_at = None

        def __init__(self, _connection: object) -> None:
            pass

        def receive(self) -> Any:
            raise LinesLost("died")

    warm: Any = type("Warm", (), {"kernel": lambda _self, chance: Deaf(chance)})()
    monkeypatch.setattr(examination, "Lines", Nobody)
    course = course_notebook()
    done = examination.examine_notebook(
        rebuild(course, read_course_notebook(ROOT, START)),
        find_lesson(START),
        warm,
        seed=seed,
        limits=Limits(),
        student=student,
        digest=DIGEST,
    )
    assert [each.verdict.points for each in done.exercises] == [0, 0]
    return said


def test_nothing_in_a_kernel_is_made_of_the_classs_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two classes tell their kernels the same, but for a token that is new each time."""
    first, again = (told(monkeypatch, seed="2026", student="alice") for _ in range(2))
    other = told(monkeypatch, seed="another", student="alice")
    assert len(first) == len(again) == len(other) == 2
    for one, two, three in zip(first, again, other, strict=True):
        assert len({one, two, three}) == 3
        assert len({_without_token(each) for each in (one, two, three)}) == 1


def _without_token(source: str) -> str:
    tokens = re.findall(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", source)
    assert len(tokens) == 1
    return source.replace(tokens[0], "")


def test_student_and_file_reach_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker passes on what its job says."""
    given: dict[str, Any] = {}

    def examined(*_notebook: object, **options: Any) -> Any:
        given.update(options)
        return examination.Examination((), {}, {}, ())

    monkeypatch.setattr(worker, "examine_notebook", examined)
    job = {"student": "alice", "lesson": START, "digest": DIGEST, "seed": CLASS}
    job["notebook"] = json.dumps(course_notebook())
    warm: Any = type("Warm", (), {"prepare": lambda _self, _lesson, _cells: None})()
    worker.work(job, course=Path(ROOT), warm=warm, limits=Limits())
    assert (given["student"], given["digest"], given["seed"]) == ("alice", DIGEST, CLASS)


def test_drawing_with_a_long_seed_uses_all_of_it() -> None:
    """Python's generator would take as little as it is given."""
    low = 2**255 + 1
    assert random.Random(low).random() != random.Random(1).random()
    assert FreshData(low).fresh("a") != FreshData(1).fresh("a")
