"""`grader doctor` believes no level that its kernels do not prove."""

import pytest

from grader.grading.kernels import proof
from grader.grading.sandbox import Level
from tests.grading.kernels.levels import EVERY, skip_unless_it_holds


@pytest.mark.parametrize(
    "level",
    [
        pytest.param(level, id=level.value, marks=[] if level is EVERY[0] else pytest.mark.proofs)
        for level in EVERY
    ],
)
def test_each_level_that_holds_here_is_proved(level: Level) -> None:
    """Its kernels import what nothing imported before them, and see every package."""
    skip_unless_it_holds(level)
    assert proof.why_not(level) == ""


def test_a_package_that_kernels_do_not_see_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as those of a Python below the temporary folder, if that were hidden."""
    packages = proof._packages()
    monkeypatch.setattr(proof, "_packages", lambda: {*packages, "an_unseen_package"})
    assert proof.why_not(Level.PROCESS) == "Kernels do not see these packages: an_unseen_package."


@pytest.mark.proofs
def test_a_kernel_that_cannot_import_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the error."""
    monkeypatch.setattr(proof, "_CELL", "import no_such_module")
    assert "No module named 'no_such_module'" in proof.why_not(Level.PROCESS)


@pytest.mark.proofs
def test_a_module_that_was_imported_before_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody may preload it one day."""
    monkeypatch.setattr(proof, "_CELL", proof._CELL.replace("'wave'", "'json'"))
    assert "nothing is proved" in proof.why_not(Level.PROCESS)
