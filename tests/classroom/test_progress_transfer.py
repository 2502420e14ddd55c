"""Progress carried in a file: what is saved is loaded, and nothing is lost on the way."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from grader.classroom import progress
from grader.classroom.progress_file import (
    VARIABLE,
    PredictionRecord,
    Progress,
    ProgressRecord,
    load_progress,
    progress_text,
    save_progress,
)
from grader.classroom.progress_transfer import FILE_NAME, merge, pack, unpack
from grader.errors import ProgressError
from tests.classroom.widgets.traits import button, drawn

POINTS = {"text_of": 4, "first_call": 4}
MINE = Progress(
    {
        "text_of": ProgressRecord(3, 3, 1, False, "position"),
        "first_call": ProgressRecord(1, 0, 4, True),
    }
)
THEIRS = Progress({"text_of": ProgressRecord(2, 1, 4, True), "later_one": ProgressRecord(1, 1, 2)})


def test_what_is_packed_is_unpacked() -> None:
    """A saved file holds all of it, and a copy of the progress file itself may be loaded too."""
    assert unpack(pack(MINE), "mine.json", POINTS) == MINE
    assert unpack(progress_text(MINE).encode("utf-8-sig"), "mine.json", POINTS) == MINE


def test_the_better_of_two_records_is_kept() -> None:
    """Points never fall, a correct answer stays one, and what one side has alone stays."""
    merged = merge(MINE, THEIRS)
    assert merged == Progress(
        {
            "text_of": ProgressRecord(3, 3, 4, True),
            "first_call": ProgressRecord(1, 0, 4, True),
            "later_one": ProgressRecord(1, 1, 2),
        }
    )
    assert merge(MINE, Progress()) == MINE
    assert merge(merged, THEIRS) == merged


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no progress of this course, or is damaged (Expecting value"),
        (pack(MINE)[:-30], "or is damaged ("),
        (b"\xff\xfe\x00", "or is damaged ('utf-8' codec"),
        (b"[" * 100_000, "or is damaged ("),
        (b"{}", "or is damaged ('format')"),
        (b'{"cells": [], "nbformat": 4}', "or is damaged ('format')"),
        (b'{"format": 3, "exercises": {}}', "or is damaged (format 3)"),
        (pack(Progress({"text_of": ProgressRecord(1, 0, 5)})), "('text_of' has 5 of 4 points)"),
        (pack(Progress({"text_of": ProgressRecord(1, 0, -1)})), "('text_of' has -1 of 4 points)"),
        (pack(Progress({"text_of": ProgressRecord(-1)})), "('text_of' has a count below 0)"),
        (
            pack(Progress({"sudoku": ProgressRecord(1)})),
            "is about exercises that this course doesn't have",
        ),
        (b" " * 1_000_001, "is too large: 1,000,001 bytes"),
    ],
    ids=[
        *("empty", "cut off", "no text", "nested", "other JSON", "a notebook", "a later format"),
        *("too many points", "negative points", "negative attempts", "another course", "too large"),
    ],
)
def test_a_file_that_is_damaged_or_foreign_is_refused(content: bytes, said: str) -> None:
    """The word says which file, what is wrong with it, and that nothing was changed."""
    with pytest.raises(ProgressError) as caught:
        unpack(content, "their <1>.json", POINTS)
    assert str(caught.value).startswith("their <1>.json ")
    assert said in str(caught.value)
    assert "Nothing was changed." in str(caught.value)


class _Controls:
    """Use the controls below the table as a learner does; refreshed: how often it was redrawn."""

    def __init__(self) -> None:
        self.refreshed = 0
        self.view = progress().make_view(self._refresh)

    def _refresh(self) -> None:
        self.refreshed += 1

    @property
    def word(self) -> str:
        return drawn(self.view)

    def save(self) -> None:
        button(self.view, "Save to a file").click()

    def load(self, content: bytes | None, name: str = "their <1>.json", size: int = 0) -> str:
        """Choose a file; None stands for the content of one that the browser didn't send."""
        act = button(self.view, "Load from a file").act
        told = {"act": act, "value": name, "size": size or len(content or b"")}
        # As the browser sends it.
        self.view._handle_custom_msg(told, [] if content is None else [memoryview(content)])
        return self.word


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where progress is kept."""
    kept = tmp_path / "progress.json"
    monkeypatch.setenv(VARIABLE, str(kept))
    save_progress(MINE, kept)
    return kept


def test_save_makes_a_link_that_holds_the_file(path: Path) -> None:
    """It is made of what is known when it is pressed, not when the table was shown."""
    controls = _Controls()
    now = merge(MINE, THEIRS)
    save_progress(now, path)
    controls.save()
    html = controls.word
    assert "Ready to save: 8 points, 2 correct." in html
    assert f'download="{FILE_NAME}"' in html
    (encoded,) = re.findall(r'href="data:application/json;base64,([^"]+)"', html)
    assert unpack(base64.b64decode(encoded), FILE_NAME, POINTS) == now


def test_load_adds_to_what_is_there(path: Path) -> None:
    """The table is drawn again, and the same file may be loaded again."""
    controls = _Controls()
    html = controls.load(pack(THEIRS))
    assert "their &lt;1&gt;.json was read. Before: 5 points, 1 correct. Now: 8 points, 2" in html
    assert load_progress(path) == merge(MINE, THEIRS)
    assert controls.refreshed == 1
    assert "nothing changed" in controls.load(pack(THEIRS))
    assert controls.refreshed == 1


def test_a_refused_file_changes_nothing(path: Path) -> None:
    """The word stands in the widget, and the file that is kept is the same."""
    before = path.read_bytes()
    controls = _Controls()
    html = controls.load(b"<script>", name="<b>.json")
    assert '<div role="alert">' in html
    assert "✗ &lt;b&gt;.json has no progress of this course, or is damaged" in html
    assert path.read_bytes() == before
    assert controls.refreshed == 0
    html = controls.load(None, "film.mp4", size=5_000_000_000)
    assert "✗ film.mp4 is too large: 5,000,000,000 bytes" in html
    assert path.read_bytes() == before


def test_a_damaged_file_of_ones_own_is_left_as_it_is(path: Path) -> None:
    """Neither control writes over it."""
    controls = _Controls()
    path.write_text("broken", encoding="utf-8")
    assert "✗" in controls.load(pack(THEIRS))
    controls.save()
    assert "✗" in controls.word
    assert "has no progress of this course" in controls.word
    assert path.read_text(encoding="utf-8") == "broken"


def test_the_table_and_the_controls_are_outputs_of_their_own(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a load the first one is replaced in place."""
    shown: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(
        "IPython.display.publish_display_data", lambda data, **how: shown.append((data, how))
    )
    progress()._ipython_display_()
    (table, first), (still, _), (controls, _) = shown
    assert set(table) == set(still) == {"text/plain", "text/html"}
    assert "application/vnd.jupyter.widget-view+json" in controls
    assert "copy the file named above" in still["text/html"]
    assert "gr-still" in still["text/html"]
    assert "5 of" in table["text/plain"]
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == 2
    assert first["transient"]["display_id"]


def test_there_are_no_controls_where_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who grades a class saves nobody's progress."""
    shown: list[dict[str, Any]] = []
    monkeypatch.setenv(VARIABLE, "off")
    monkeypatch.setattr(
        "IPython.display.publish_display_data", lambda data, **_how: shown.append(data)
    )
    progress()._ipython_display_()
    assert len(shown) == 1
    assert "Progress is switched off here." in shown[0]["text/html"]


def test_predictions_travel_and_one_that_was_seen_counts() -> None:
    """Whoever saw the answer can't have predicted it afterwards, on whichever machine."""
    mine = Progress(
        predictions={"seen": PredictionRecord("a", 3, "b"), "open": PredictionRecord("a", 1)}
    )
    theirs = Progress(
        predictions={
            "seen": PredictionRecord("b", 3, "b"),
            "open": PredictionRecord("c", 2, "c"),
            "new": PredictionRecord("b", 2),
        }
    )
    after = merge(mine, unpack(pack(theirs), "file", {}))
    assert after.predictions == {
        "seen": PredictionRecord("a", 3, "b"),
        "open": PredictionRecord("c", 2, "c"),
        "new": PredictionRecord("b", 2),
    }
    assert merge(after, theirs) == after
