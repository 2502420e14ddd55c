"""Every exception this package raises on purpose.

    GraderError
    ├── CatalogError          the catalog file cannot be read as one
    │   └── UnknownModel      a model id or alias that the catalog does not hold
    ├── ConnectionChoiceError connect() was asked for something it cannot give
    ├── ScriptError           a scripted reply that the API could never send
    │   └── UnknownBlock      a content block of a kind that the simulator doesn't know
    ├── ExamError             a check was asked for something an exam cannot do
    │   └── UnknownExercise   no exercise or lesson of that name
    ├── PredictionError       a prediction was answered with what isn't one of its choices
    │   └── UnknownPrediction no prediction of that id
    ├── SolutionNotShown      a solution was asked for too early, or is not on this machine
    ├── ProgressError         the progress file cannot be read or written
    ├── CertificateError      a certificate cannot be written, read or verified
    ├── WidgetError           a widget was given what it cannot show
    ├── AuthoringError        a lesson source cannot be built
    ├── PortError             the simulator's server cannot listen where it was told to
    └── GradingError          a class cannot be graded as asked
        ├── MachineTooBusy    a kernel was given too little time to be judged by what it did
        └── WarmParentLost    the process that forks kernels is gone

A message says what happened, with the value; what was expected; and the line or command that
fixes it. Faults of the simulated API are no exceptions: they are replies.
"""


class GraderError(Exception):
    """Stand at the root of every exception of this package."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this: in a notebook the sentence is enough, the frames are ours.
        return [f"{type(self).__name__}: {self}"]


class CatalogError(GraderError):
    """Say that the catalog file does not have the shape of a catalog."""


class UnknownModel(CatalogError):
    """Say that the catalog does not hold a model, and list the nearest names."""


class ConnectionChoiceError(GraderError):
    """Say that connect() cannot make the client it was asked for."""


class ScriptError(GraderError):
    """Say that a scripted reply is one the Messages API could never send."""


class UnknownBlock(ScriptError):
    """Say that the simulator has no row for the kind of a content block, and list those it has."""


class UnknownPicture(GraderError):
    """Say that the course has no picture of a name, and list those it has."""


class ExamError(GraderError):
    """Say that a check asked its exam for something impossible."""


class UnknownExercise(ExamError):
    """Say that no exercise or lesson has this name, and list the nearest names."""


class PredictionError(GraderError):
    """Say that a prediction has no such choice or certainty, and what it has."""


class UnknownPrediction(PredictionError):
    """Say that no prediction has this id, and list the nearest ids."""


class SolutionNotShown(GraderError):
    """Say why a solution is not shown, and what would show it."""


class ProgressError(GraderError):
    """Say that the progress file cannot be read or written."""


class CertificateError(GraderError):
    """Say why a certificate cannot be written, read or verified."""


class WidgetError(GraderError):
    """Say what a widget was given, and what it can show."""


class AuthoringError(GraderError):
    """Say that a lesson source cannot be built, with its file and line."""


class PortError(GraderError):
    """Say that a port cannot be listened on."""


class GradingError(GraderError):
    """Say that a class cannot be graded as asked."""


class MachineTooBusy(GradingError):
    """Say that a kernel was given too little time to be judged by what it did in it."""

    def __init__(self) -> None:
        super().__init__(
            "This machine was too busy to give the notebook its time, so what it would have come "
            "to is not known. Grade again when less is running, or with --jobs 1."
        )


class WarmParentLost(GradingError):
    """Say that the process which forks kernels does not answer any more."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence
            or "The process that forks kernels ended, and its kernels with it. Grade again."
        )
