"""`predict`: say what a cell will do before it runs, and see what came after it.

    predict("three-at-once")                    two clicks: what, and how sure
    predict("three-at-once", "b", sure=3)       the same in code

It's kept with the progress and never costs points. What came is decided by the cell itself: when a
cell with the prediction's own text in it has run, the prediction's proof is evaluated on what the
cell left behind, and the answer is shown below it. A prediction can be changed until then.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from grader.classroom import notebook_code
from grader.classroom.progress_file import (
    SURE,
    PredictionRecord,
    load_progress,
    save_progress,
)
from grader.classroom.progress_place import open_place
from grader.classroom.showing import Shown, publish
from grader.errors import PredictionError, ProgressError
from grader.exams import ANSWER_TYPE

if TYPE_CHECKING:
    from grader.exercises.predictions import Prediction

_STARTED, _ENDED = "pre_run_cell", "post_run_cell"
_MOST_PRINTED = 100_000
"""How many characters of a cell's output a proof sees."""


def predict(id: str, choice: str = "", *, sure: int = 0) -> PredictionShown:
    """Ask what the next cell will do, or answer that in code.

    id: the prediction's, as the lesson names it. choice: the letter of one of its choices.
    sure: 1 for a guess, 2 for fairly sure, 3 for sure, 0 to leave that open.
    Raises UnknownPrediction for another id, PredictionError for another choice or certainty.
    """
    # Imported here: a kernel that grades has none of the course's words.
    from grader.exercises.predictions import find_prediction

    asked = AskedPrediction(find_prediction(id))
    if choice or sure:
        asked.say(_letter(asked.prediction, choice) if choice else "", _certainty(sure))
    _watch(asked)
    return PredictionShown(asked)


def _letter(prediction: Prediction, choice: str) -> str:
    letter = str(choice).strip().lower()
    if letter not in prediction.choices:
        known = "; ".join(f'"{each}": {words}' for each, words in prediction.choices.items())
        raise PredictionError(f"{prediction.id} has no choice {choice!r}. It has {known}")
    return letter


def _certainty(sure: int) -> int:
    if sure not in SURE:
        raise PredictionError(
            f"sure is {sure!r}. Expected 1 (a guess), 2 (fairly sure) or 3 (sure)."
        )
    return int(sure)


@dataclass
class AskedPrediction:
    """Hold a prediction that was asked in this kernel.

    record: what was said so far. trouble: why it isn't kept, "" if it is.
    is_too_late: whether the cell ran before anything was said. has_run: whether it ran since the
    question was asked.
    on_change: called when what was said, or what is known, has changed.
    """

    prediction: Prediction
    record: PredictionRecord = field(default_factory=PredictionRecord)
    trouble: str = ""
    is_too_late: bool = False
    has_run: bool = False
    on_change: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        """Read what was said in an earlier kernel."""
        try:
            self.record = load_progress(open_place().path).prediction(self.prediction.id)
        except ProgressError as error:
            self.trouble = f"Predictions are not kept: {error}"

    @property
    def is_open(self) -> bool:
        """Return whether what happens is still to be seen."""
        return not (self.has_run or self.record.came)

    def say(self, choice: str = "", sure: int = 0) -> PredictionRecord | None:
        """Keep a choice, a certainty or both; return the record by then, None if it's too late."""
        if self.is_too_late:
            return None
        if not self.record.came:
            said = replace(
                self.record, choice=choice or self.record.choice, sure=sure or self.record.sure
            )
            self._keep(said)
        return self.record

    def see(self, came: str) -> None:
        """Take in what came, by its letter, "" for something else than in the course."""
        self.has_run = True
        if not self.record.choice:
            self.is_too_late = True
        if self.record.choice and came and not self.record.came:
            self._keep(replace(self.record, came=came))
        else:
            self.on_change()

    def _keep(self, record: PredictionRecord) -> None:
        self.record = record
        try:
            path = open_place().path
            save_progress(load_progress(path).with_prediction(self.prediction.id, record), path)
        except ProgressError as error:
            self.trouble = f"Predictions are not kept: {error}"
        self.on_change()


@dataclass(frozen=True)
class PredictionShown:
    """Show a prediction: buttons if there is a kernel, and the same in words."""

    asked: AskedPrediction

    def _repr_mimebundle_(self, **_options: object) -> dict[str, Any]:
        return {**self._words()._repr_mimebundle_(), ANSWER_TYPE: kept_as(self.asked)}

    def __repr__(self) -> str:
        return self._words().text

    def _words(self) -> Shown:
        from grader.classroom.prediction_face import question

        shown = question(self.asked.prediction, self.asked.record)
        if not self.asked.trouble:
            return shown
        from html import escape

        return Shown(
            f"{shown.text}\n{self.asked.trouble}",
            f"{shown.html}<p>{escape(self.asked.trouble)}</p>",
        )

    def _ipython_display_(self) -> None:
        from grader.classroom.prediction_face import make_view
        from grader.classroom.widgets.playable import LiveOutput

        asked = self.asked

        def hear(name: str, value: str) -> bool:
            said = {"choice": value} if name == "choice" else {"sure": int(value)}
            return asked.say(**said) is not None

        view, redraw = make_view(asked, hear)
        output = LiveOutput(view, self._words())

        def refresh() -> None:
            redraw()
            output.write(self._words())

        asked.on_change = refresh


def kept_as(asked: AskedPrediction) -> dict[str, Any]:
    """Return what a saved notebook keeps of a prediction, as JSON."""
    record = asked.record
    return {
        "id": asked.prediction.id,
        "choice": record.choice,
        "sure": record.sure,
        "came": record.came,
    }


def _watch(asked: AskedPrediction) -> None:
    """Show what came, each time that the prediction's cell has run."""
    shell = notebook_code.running_shell()
    if shell is None:
        return
    for before in _watches(shell):
        if before.asked.prediction.id == asked.prediction.id:
            before.stop()
    _Watch(shell, asked).start()


def _watches(shell: Any) -> list[_Watch]:
    owners = [getattr(each, "__self__", None) for each in shell.events.callbacks[_ENDED]]
    return [each for each in owners if isinstance(each, _Watch)]


class _Watch:
    """Look at the cells that run, and answer a prediction after its own."""

    def __init__(self, shell: Any, asked: AskedPrediction) -> None:
        self.asked = asked
        self._shell = shell
        self._heard: _Heard | None = None

    def start(self) -> None:
        """Begin with the next cell."""
        self._shell.events.register(_STARTED, self._begin)
        self._shell.events.register(_ENDED, self._end)

    def stop(self) -> None:
        """Look at no more cells."""
        self._shell.events.unregister(_STARTED, self._begin)
        self._shell.events.unregister(_ENDED, self._end)

    def _begin(self, info: Any) -> None:
        heard, self._heard = self._heard, None
        if heard is not None:
            # JupyterLite's kernel doesn't tell the end of a cell that awaits. So the answer comes
            # now, if the cell got as far as that.
            heard.take_off()
            if self.asked.prediction.holds(self._shell.user_ns, heard.text, None):
                self._answer(self._shell.user_ns, heard.text, None)
        if self.asked.prediction.cell in info.raw_cell:
            sys.stdout = self._heard = _Heard(sys.stdout)

    def _end(self, result: Any) -> None:
        heard, self._heard = self._heard, None
        if heard is None:
            return
        heard.take_off()
        if result.success:
            self._answer(self._shell.user_ns, heard.text, result.result)

    def _answer(self, names: Mapping[str, Any], printed: str, result: object) -> None:
        from grader.classroom.prediction_face import answer

        asked = self.asked
        came = asked.prediction.right if asked.prediction.holds(names, printed, result) else ""
        asked.see(came)
        shown = answer(asked.prediction, asked.record, came)
        told = {**kept_as(asked), "came": came}
        publish({**shown._repr_mimebundle_(), ANSWER_TYPE: told})


class _Heard:
    """Stand in for sys.stdout: pass on what is printed, and keep the beginning of it."""

    def __init__(self, below: Any) -> None:
        self.below = below
        self._pieces: list[str] = []
        self._left = _MOST_PRINTED

    @property
    def text(self) -> str:
        """Return what was printed."""
        return "".join(self._pieces)

    def write(self, text: str) -> Any:
        """Print a text."""
        if self._left > 0:
            self._pieces.append(text[: self._left])
            self._left -= len(text)
        return self.below.write(text)

    def take_off(self) -> None:
        """Give sys.stdout back, or leave the pile of those who listen to the same cell."""
        above = sys.stdout
        if above is self:
            sys.stdout = self.below
            return
        while isinstance(above, _Heard):
            if above.below is self:
                above.below = self.below
                return
            above = above.below

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)
