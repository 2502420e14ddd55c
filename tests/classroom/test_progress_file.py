"""The progress file: what is one, and what is left as it is."""

import json
from pathlib import Path

import pytest

from grader.classroom.progress_file import (
    PredictionRecord,
    Progress,
    ProgressRecord,
    load_progress,
    save_progress,
)
from grader.errors import ProgressError

KEPT = Progress(
    {
        "text_of": ProgressRecord(3, 2, 4, True, "", 0, "abc"),
        "first_call": ProgressRecord(1, 1, 2, False, "printed", 2, "def"),
    },
    {"keyless": PredictionRecord("b", 3, "a"), "first-block": PredictionRecord("a", 1)},
)


def written(path: Path, data: object) -> Path:
    """Write JSON to a file."""
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """A folder that is not there yet is made, and nothing else is left in it."""
    path = tmp_path / "deep" / "in" / "progress.json"
    save_progress(KEPT, path)
    save_progress(KEPT, path)
    assert load_progress(path) == KEPT
    assert [each.name for each in path.parent.iterdir()] == ["progress.json"]


def test_a_file_of_the_version_before_is_read(tmp_path: Path) -> None:
    """It has no predictions and no reviews; the next save brings it up to date."""
    row = {"attempts": 2, "failures": 1, "points": 4, "is_correct": True}
    path = written(tmp_path / "progress.json", {"format": 1, "exercises": {"text_of": row}})
    progress = load_progress(path)
    assert progress == Progress({"text_of": ProgressRecord(2, 1, 4, True)})
    save_progress(progress, path)
    assert (json.loads(path.read_text())["format"], load_progress(path)) == (2, progress)


def test_no_file_is_no_progress(tmp_path: Path) -> None:
    """A learner who has just begun has none."""
    assert load_progress(tmp_path / "progress.json") == Progress()
    assert load_progress(written(tmp_path / "file", "x") / "progress.json") == Progress()
    assert load_progress(None) == Progress()


def test_nothing_is_saved_where_progress_is_switched_off() -> None:
    """There is no path to save it at."""
    save_progress(KEPT, None)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "not JSON",
        "[" * 100_000,
        [],
        {},
        {"format": 3, "exercises": {}},
        {"format": 2, "exercises": {}, "predictions": []},
        {"format": 2, "exercises": {}, "predictions": {"x": {"choice": 1}}},
        {"format": 2, "exercises": {}, "predictions": {"x": {"sure": 4}}},
        {"format": 1},
        {"format": 1, "exercises": []},
        {"format": 1, "exercises": {"text_of": 3}},
        {"format": 1, "exercises": {"text_of": {"attempts": "three"}}},
        {"format": 1, "exercises": {"text_of": {"points": 1.5}}},
        {"format": 1, "exercises": {"text_of": {"is_correct": 1}}},
        {"format": 1, "exercises": {"text_of": {"diagnosis": None}}},
        {"format": 1, "exercises": {"text_of": {"stars": 5}}},
        "\x00",
    ],
    ids=range(18),
)
def test_a_file_that_is_not_ours_is_named_and_left(tmp_path: Path, data: object) -> None:
    """The error says which file, and what to do."""
    path = written(tmp_path / "progress.json", data)
    before = path.read_bytes()
    with pytest.raises(ProgressError) as caught:
        load_progress(path)
    assert str(caught.value).startswith(f"{path} has no progress of this course (")
    assert str(caught.value).endswith("Move it away, or set GRADER_PROGRESS to another file.")
    assert path.read_bytes() == before


def test_a_folder_in_the_files_place_is_no_progress(tmp_path: Path) -> None:
    """Reading and writing both say so, and no half-written file stays behind."""
    path = tmp_path / "progress.json"
    path.mkdir()
    with pytest.raises(ProgressError, match="has no progress"):
        load_progress(path)
    with pytest.raises(ProgressError, match=r"cannot be written \(Is a directory\)"):
        save_progress(KEPT, path)
    assert list(tmp_path.iterdir()) == [path]
