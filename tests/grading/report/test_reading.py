"""What `grader grade` wrote is read back, or refused with a sentence."""

from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.grading.report import read_class_results
from grader.grading.result import Run
from tests.grading.class_folder import START
from tests.grading.report.made_class import RESULTS, write_class


def test_results_come_back_in_order_without_their_evidence(tmp_path: Path) -> None:
    """Points and diagnoses stay; requests and tracebacks, most of the file, do not."""
    found = read_class_results(write_class(tmp_path, tuple(reversed(RESULTS))))
    assert [(each.student, each.lesson, each.points) for each in found.results] == [
        (each.student, each.lesson, each.points) for each in RESULTS
    ]
    verdict = found.results[2].exercises[0].verdict
    assert verdict.diagnosis == "returned-block"
    assert verdict.requests == ()
    assert found.runs["ben", START] == Run("namespaces", {"run": 3.0, "judge": 0.5})


def test_a_class_without_runs_is_read(tmp_path: Path) -> None:
    """The times are no part of the results."""
    (write_class(tmp_path) / "runs.json").unlink()
    assert read_class_results(tmp_path).runs == {}


@pytest.mark.parametrize("text", ["[]", " [\n] \n"])
def test_an_empty_class_is_read(tmp_path: Path, text: str) -> None:
    """Nothing was graded, and that is no fault of the file."""
    (tmp_path / "results.json").write_text(text)
    assert read_class_results(tmp_path).results == ()


def test_a_folder_without_results_names_the_command(tmp_path: Path) -> None:
    """The report comes after grading."""
    with pytest.raises(GradingError, match=r"There is no .*results\.json\. Run `grader grade "):
        read_class_results(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "isn't a JSON list: expected '\\['"),
        ("{}", "isn't a JSON list: expected '\\['"),
        ("[", "isn't a JSON list: Expecting value"),
        ("[{]", "isn't a JSON list"),
        ("[" * 100_000, "isn't a JSON list"),
        ("[1]", "has an entry that isn't a result \\(TypeError"),
        ('[{"student": "ada"}]', "has an entry that isn't a result \\(KeyError: 'lesson'"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Torn, of another shape, or of another version."""
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(GradingError, match=f"{said}.*Grade again"):
        read_class_results(tmp_path)


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    """Whatever else is wrong with runs.json, it is named."""
    (write_class(tmp_path) / "runs.json").write_text('[{"student": "ada"}]')
    with pytest.raises(GradingError, match=r"runs\.json has an entry that isn't a result"):
        read_class_results(tmp_path)
