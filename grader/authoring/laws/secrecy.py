"""No line of a solution or of a hidden test is handed out."""

import json
import re
from collections.abc import Iterator

from grader.authoring.manifest import COURSE, MANIFEST
from grader.authoring.markers import split_regions
from grader.authoring.problems import Problem
from grader.authoring.project import Project

# `return None`, `else:` or `total += 1` give nothing away: a line needs three words to tell.
_TELLING_WORDS = 3


def solutions_stay_secret(project: Project) -> Iterator[Problem]:
    """Find lines of a hidden region in any text file of course/.

    A line that also stands outside every hidden region of some lesson was shown on purpose.
    """
    hidden: dict[str, str] = {}
    shown: set[str] = set()
    for plan in project.plan.lessons:
        for cell in plan.source.cells:
            regions = split_regions(cell.source)
            shown.update(map(_normal, regions.outside))
            for line in filter(_is_telling, regions.inside):
                hidden.setdefault(_normal(line), plan.source.path)
    for path, data in sorted(project.files.items()):
        if path.startswith(f"{COURSE}/") and path != MANIFEST:
            for line in dict.fromkeys(map(_normal, _lines(path, data))):
                if line in hidden and line not in shown:
                    yield Problem(
                        "secret",
                        path,
                        f"The file shows `{line}`, a hidden line of {hidden[line]}.",
                        "Run `grader build`, or take the line out of the file it was copied from.",
                    )


def _lines(path: str, data: bytes) -> list[str]:
    text = data.decode("utf-8", errors="replace")
    if not path.endswith(".ipynb"):
        return text.splitlines()
    try:
        cells = json.loads(text)["cells"]
        return [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    except (ValueError, KeyError, TypeError):
        # It is no longer a notebook, but still a file that is handed out.
        return text.splitlines()


def _normal(line: str) -> str:
    return " ".join(line.split())


def _is_telling(line: str) -> bool:
    return len(re.findall(r"\w+", line)) >= _TELLING_WORDS
