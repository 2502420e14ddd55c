"""The two nbgrader configs of a folder of results: the instructor's, and the one written for it.

`nbgrader_config.py` is written once and loads `grader_config.py`, which every run brings up to
date. What an instructor adds to the first stays, counts, and stands above ours.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from grader.errors import GradingError

OWN, MADE = "nbgrader_config.py", "grader_config.py"
"""The instructor's config, and ours."""

AGREED = "grader.grading.gradebook.late_plugin.AgreedPenalty"
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
_MADE_TEXT = '''"""Written by each `grader grade`. Your options belong into nbgrader_config.py."""

from pathlib import Path

from grader.grading import configure

c = get_config()  # noqa: F821  # nbgrader puts it there
configure(
    c, root=Path(__file__).resolve().parent, db_url={db_url!r}, late_penalty={late_penalty!r}
)
'''
# What versions before wrote in the place of the line that loads ours.
_BEFORE = re.compile(
    r"^(?:from grader\.grading import configure\n\n?|configure\(c, root=.*\)\n?)", re.MULTILINE
)


def refuse_other_course(folder: Path) -> None:
    """Raise GradingError where a folder is an nbgrader course of somebody else's."""
    config = folder / OWN
    if not config.exists():
        return
    text = config.read_text(encoding="utf-8")
    if not text.startswith(_TITLE) and MADE not in text:
        raise GradingError(
            f"{folder} is an nbgrader course already: its {OWN} is not of `grader grade`. "
            "Choose another folder: --out grades."
        )


def own_config(text: str | None) -> str:
    """Return the instructor's config: as it is, if it loads ours; text: None for none."""
    if text is None:
        return _OWN_TEXT
    if MADE in text:
        return text
    kept = _BEFORE.sub("", text).rstrip("\n")
    if "from pathlib import Path" not in kept:
        kept += "\n\nfrom pathlib import Path"
    # Ours first: what stands below is above it.
    head, found, rest = kept.partition("c = get_config()")
    line, _, rest = rest.partition("\n")
    return f"{head}{found}{line}\n{_LOAD}  # noqa: F821\n{rest.rstrip()}\n" if found else text


def made_config(db_url: str | None, late_penalty: str) -> str:
    """Return our config; db_url: the gradebook, None for the folder's own file."""
    return _MADE_TEXT.format(db_url=db_url, late_penalty=late_penalty)


def load_config(folder: Path) -> Any:
    """Return nbgrader's options for a folder, as traitlets' Config; empty where it has none.

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
            f"{path} cannot be run ({type(error).__name__}: {error}). Mend the lines you added, "
            "then run the same command again."
        ) from error


def has_own_penalty(config: Any) -> bool:
    """Return whether an instructor's options say what lateness costs."""
    plugin = config.AssignLatePenalties.get("plugin_class", AGREED)
    return plugin != AGREED or "penalty_method" in config.LateSubmissionPlugin
