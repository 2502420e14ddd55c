"""A class with attackers among it: each gets what it earned, by the command's own way."""

import json
import os
from itertools import cycle, islice
from pathlib import Path

import pytest

from grader.exercises import COURSE
from grader.grading import Class, grade_class
from grader.grading.sandbox import Level, Limits, probe
from tests.attacks import (
    a01_lying_values,
    a02_patches,
    a04_cell_games,
    a06_writing,
    a07_shadowing,
    a09_dying,
    a13_the_exam,
    a16_unlucky,
    a18_the_machine,
)
from tests.attacks.attack import ALL, RIGHT_CALL, Attack
from tests.grading.class_folder import ROOT, START, hand_in
from tests.grading.kernels.levels import SEALED, skip_unless_it_holds

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("attacks")]

SIZE = 500 if "SOAK" in os.environ else 12
# Without what takes its whole deadline: the others are tried one by one beside this.
MODULES = (
    a01_lying_values,
    a02_patches,
    a04_cell_games,
    a06_writing,
    a07_shadowing,
    a09_dying,
    a13_the_exam,
    a16_unlucky,
)


def test_a_class_with_attackers_is_graded_to_the_point(tmp_path: Path) -> None:
    """Every second one is honest and right, and gets full marks; nobody stops the class."""
    if probe() is Level.PROCESS:
        pytest.skip("Nothing here seals submissions off.")
    attacks = [attack for module in MODULES for attack in module.ATTACKS.values()]
    step = max(1, len(attacks) // SIZE)
    honest = Attack(RIGHT_CALL, points=(ALL, 3))
    members = islice(cycle(attacks[::step]), SIZE)
    expected = {}
    for number, attack in enumerate(members):
        student = f"student{number:03}"
        chosen = attack if number % 2 else honest
        hand_in(tmp_path / "submitted", student, json.dumps(chosen.notebook()))
        expected[student] = sum(chosen.points)
    gathered = Class.gather(tmp_path / "submitted", COURSE, lesson=START)
    limits = Limits(cell_seconds=5, notebook_seconds=30)
    report = grade_class(gathered, ROOT, tmp_path / "out", limits=limits)
    assert {each.student: each.points for each in report.results} == expected
    assert report.is_complete


@pytest.mark.proofs
@pytest.mark.parametrize("level", SEALED, ids=lambda level: level.value)
def test_a_neighbour_who_takes_the_machine_changes_nobodys_points(
    tmp_path: Path, level: Level
) -> None:
    """Honest ones are graded beside each who does, in another kernel at the same time."""
    skip_unless_it_holds(level)
    expected = {}
    honest = json.dumps(Attack(RIGHT_CALL).notebook())
    for number, (name, attack) in enumerate(a18_the_machine.ATTACKS.items()):
        student = f"hog{number:02}"
        hand_in(tmp_path / "submitted", student, json.dumps(attack.notebook()))
        hand_in(tmp_path / "submitted", f"{student} honest", honest)
        expected |= {student: (sum(attack.points), name), f"{student} honest": (ALL + 3, name)}
    gathered = Class.gather(tmp_path / "submitted", COURSE, lesson=START)
    limits = Limits(cell_seconds=5, notebook_seconds=30)
    report = grade_class(gathered, ROOT, tmp_path / "out", limits=limits, level=level, jobs=2)
    found = {
        each.student: (each.points, expected[each.student][1], each.remarks, each.trouble)
        for each in report.results
    }
    wrong = {who: got for who, got in found.items() if got[0] != expected[who][0]}
    assert wrong == {}
