"""nbgrader's options for grading this course, and the two configs of a folder of results.

`nbgrader_config.py` is the instructor's: it is written once and loads `grader_config.py`, which
every run brings up to date. What an instructor adds to the first stays, and overrides ours.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from grader.errors import GradingError

SOURCE, COLLECTED, AUTOGRADED, FEEDBACK = "source", "collected", "autograded", "feedback"
"""Copies of the course's notebooks; of what was handed in; the graded ones; pages for learners."""

FOLDERS = (SOURCE, "release", COLLECTED, AUTOGRADED, FEEDBACK, "attempts", "predictions")
"""The folders that nbgrader and we write."""

_SANITIZING = ("grader.grading.autograde.RebuildSubmission",)
_AUTOGRADING = (
    "grader.grading.autograde.ExamineSubmission",
    # nbgrader's own: points and lateness into the gradebook.
    "nbgrader.preprocessors.SaveAutoGrades",
    "grader.grading.autograde.SaveComments",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)

OWN, MADE = "nbgrader_config.py", "grader_config.py"
"""The instructor's config, and ours."""

AGREED = "grader.grading.gradebook.late.AgreedPenalty"
"""The plugin that takes off what `--late-penalty` said."""

_TITLE = '"""Written by `grader grade`: what nbgrader needs to open the grades in this folder.'
_LOAD = f'load_subconfig("{MADE}", str(Path(__file__).resolve().parent))'
_OWN_TEXT = f'''{_TITLE}

Add your own options below. This file is never written again; what changes is in {MADE}.
"""

from pathlib import Path

c = get_config()  # noqa: F821  # nbgrader puts it there
{_LOAD}  # noqa: F821
'''
_MADE_TEXT = '''"""Written by each `grader grade`. Your options belong in nbgrader_config.py."""

from pathlib import Path

from grader.grading import configure

c = get_config()  # noqa: F821  # nbgrader puts it there
configure(
    c, root=Path(__file__).resolve().parent, db_url={db_url!r}, late_penalty={late_penalty!r}
)
'''
# What earlier versions wrote instead of the line that loads ours.
_BEFORE = re.compile(
    r"^(?:from grader\.grading import configure\n\n?|configure\(c, root=.*\)\n?)", re.MULTILINE
)


def configure(config: Any, *, root: Path, db_url: str | None, late_penalty: str = "") -> None:
    """Set nbgrader's options for a folder of results.

    config: a traitlets Config. db_url: the gradebook; the folder's own SQLite file when None.
    late_penalty: what being late costs, such as 10%/day.
    """
    if late_penalty:
        config.AssignLatePenalties.plugin_class = AGREED
        config.AgreedPenalty.rule = late_penalty
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = SOURCE
    config.CourseDirectory.submitted_directory = COLLECTED
    if db_url is not None:
        config.CourseDirectory.db_url = db_url
    # The lesson sources hold the solutions and must not lie beside a submission.
    config.CourseDirectory.ignore = [".*", "*.pyc", "__pycache__", "*.nb.py"]
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    configure_steps(config)


def configure_steps(config: Any) -> None:
    """Make nbgrader's autograde take the same steps as `grader grade`, in the same order."""
    config.Autograde.sanitize_preprocessors = list(_SANITIZING)
    config.Autograde.autograde_preprocessors = list(_AUTOGRADING)


def refuse_other_course(folder: Path) -> None:
    """Raise GradingError if a folder is somebody else's nbgrader course."""
    config = folder / OWN
    if not config.exists():
        return
    text = config.read_text(encoding="utf-8")
    if not text.startswith(_TITLE) and MADE not in text:
        raise GradingError(
            f"{folder} is an nbgrader course already: `grader grade` did not write its {OWN}. "
            "Choose another folder: --out grades."
        )


def own_config(text: str | None) -> str:
    """Return the instructor's config, unchanged if it loads ours; text: None if there is none."""
    if text is None:
        return _OWN_TEXT
    if MADE in text:
        return text
    kept = _BEFORE.sub("", text).rstrip("\n")
    if "from pathlib import Path" not in kept:
        kept += "\n\nfrom pathlib import Path"
    # Load ours first: the lines below override it.
    head, found, rest = kept.partition("c = get_config()")
    line, _, rest = rest.partition("\n")
    return f"{head}{found}{line}\n{_LOAD}  # noqa: F821\n{rest.rstrip()}\n" if found else text


def made_config(db_url: str | None, late_penalty: str) -> str:
    """Return our config; db_url: the gradebook, None for the folder's own file."""
    return _MADE_TEXT.format(db_url=db_url, late_penalty=late_penalty)


def load_config(folder: Path) -> Any:
    """Return nbgrader's options for a folder, as traitlets' Config; empty if it has none.

    Raises GradingError when the instructor's file cannot be run.
    """
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    path = folder / OWN
    if not path.exists():
        return Config()
    try:
        return PyFileConfigLoader(OWN, str(folder)).load_config()
    except Exception as error:
        raise GradingError(
            f"{path} cannot be run ({type(error).__name__}: {error}). Fix the lines you added, "
            "then run the same command again."
        ) from error


def has_own_penalty(config: Any) -> bool:
    """Return whether an instructor's options say what lateness costs."""
    plugin = config.AssignLatePenalties.get("plugin_class", AGREED)
    return plugin != AGREED or "penalty_method" in config.LateSubmissionPlugin
