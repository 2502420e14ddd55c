"""Which level holds is found by entering it."""

import os

import pytest

from grader.grading.sandbox import Level, explain, objection_to, probe, probing
from grader.grading.sandbox.readable import readable_paths
from tests.grading.class_folder import ROOT


def test_the_strongest_level_that_holds_is_used() -> None:
    """The last one always does."""
    holding = [level for level in Level if not objection_to(level)]
    assert probe() is holding[0]
    assert holding[-1] is Level.PROCESS
    assert [line.split(":")[0] for line in explain()] == [level.value for level in Level]


def test_a_level_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """To see what a machine without it would do."""
    monkeypatch.setattr(probing, "_SKIPPED", {"namespaces"})
    objection_to.cache_clear()
    try:
        assert probe() is not Level.NAMESPACES
        assert "left out" in objection_to(Level.NAMESPACES)
    finally:
        objection_to.cache_clear()


def test_what_an_attempt_raises_is_the_objection() -> None:
    """In the words of the operating system; one that dies says at least that."""

    def refused(_place: str) -> None:
        raise PermissionError(1, "not here")

    def deadly(_place: str) -> None:
        os._exit(0)

    assert "not here" in probing._tried(refused)
    assert probing._tried(deadly) == "it ends the process that tries it"
    assert probing._tried(lambda place: None) == ""


def test_of_the_course_only_the_grader_can_be_read() -> None:
    """No solutions, no notebooks, and no path twice."""
    paths = readable_paths()
    assert str(ROOT / "grader") in paths
    for name in ("solutions", "course", "tests", "nbgrader_config.py"):
        place = str(ROOT / name)
        assert not any(place == path or place.startswith(f"{path}/") for path in paths)
    assert not any(a != b and a.startswith(f"{b}/") for a in paths for b in paths)
