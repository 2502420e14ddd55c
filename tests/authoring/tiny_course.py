"""A course of one small lesson, sound under every law, to break on purpose."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.authoring import BuildReport, Problem, build, check
from grader.exams import Criterion, Exercise, Lesson, Objective, Verdict, Words
from grader.exams.verdict import Judged, outcome_of

LESSON = "00_shout"
SOURCE_PATH = "solutions/00_shout/00_shout.nb.py"
SOLVED_PATH = "solutions/00_shout/00_shout.ipynb"
COURSE_PATH = "course/00_shout/00_shout.ipynb"
MANIFEST_PATH = "course/.built.json"

SOURCE = '''\
# %% [markdown]
# # Shout
#
# This lesson takes 10 minutes.
# You will be able to:
#
# - make a text loud
# %%
import json

GREETING = "hello"
# %% [markdown]
# Turn a text into capitals.
# %% nbgrader={"grade_id": "shout", "solution": true}
def shout(text: str) -> str:
    """Return the text in capitals.

    4 minutes, 3 points.
    """
    ### BEGIN SOLUTION
    loud_letters = [letter.upper() for letter in text]
    return "".join(loud_letters)
    ### END SOLUTION
# %% nbgrader={"grade_id": "check_shout", "grade": true}
check("shout")
# %% [markdown]
# Try it on a greeting.
# %%
json.dumps(GREETING)
'''

# Parts of the source that tests replace.
REGION = (
    "    ### BEGIN SOLUTION\n    loud_letters = [letter.upper() for letter in text]\n"
    '    return "".join(loud_letters)\n    ### END SOLUTION'
)
DOCSTRING = '    """Return the text in capitals.\n\n    4 minutes, 3 points.\n    """\n'
CHECK = '# %% nbgrader={"grade_id": "check_shout", "grade": true}\ncheck("shout")\n'
DEMO = "json.dumps(GREETING)"
PROSE = "# Try it on a greeting."

README = """\
# A course

| Lesson | Minutes | Exercises | Points |
|---|---|---|---|
| [Shout](course/00_shout/00_shout.ipynb) | 10 | 1 | 3 |
"""


def at(line: int) -> str:
    """Return the path of the source with a line."""
    return f"{SOURCE_PATH}:{line}"


def make_exercise(name: str = "shout", *, points: int = 3, minutes: int = 4) -> Exercise:
    """Make an exercise; its check is never run, for `judge` takes its place."""
    return Exercise(
        name=name,
        minutes=minutes,
        criteria=(Criterion("loud", "The text is loud.", points),),
        check=lambda exam: None,
        tell=lambda: Words(("Listen.", "Look.", "Upper."), ()),
    )


SHOUT = Lesson(
    name=LESSON,
    title="Shout",
    minutes=10,
    objectives=(Objective("Make a text loud.", ("shout",)),),
    exercises=(make_exercise(),),
)


def judge(name: str, function: Callable[..., Any]) -> Verdict:
    """Judge an exercise of these tests: every one turns "a" into "A"."""
    try:
        answer = function("a")
    except NotImplementedError:
        answer, is_started = None, False
    else:
        is_started = True
    judged = (Judged(Criterion("loud", "The text is loud.", 3), answer == "A"),)
    return Verdict(name, outcome_of(judged, is_started=is_started, has_crashed=False), judged)


@dataclass(frozen=True)
class TinyCourse:
    """A course in a folder of its own."""

    root: Path
    lessons: tuple[Lesson, ...] = (SHOUT,)

    def write(self, path: str, text: str) -> None:
        """Write a file of the course."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8", newline="\n")

    def read(self, path: str) -> str:
        """Read a file of the course."""
        return (self.root / path).read_text(encoding="utf-8")

    def edit(self, old: str, new: str, *, path: str = SOURCE_PATH) -> None:
        """Replace a text that stands exactly once in a file."""
        text = self.read(path)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))

    def files(self) -> dict[str, bytes]:
        """Return every file's bytes."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

    def having(self, **changes: Any) -> "TinyCourse":
        """Return the same folder with another idea of what its lesson is."""
        return replace(self, lessons=(replace(self.lessons[0], **changes),))

    def build(self, **options: Any) -> BuildReport:
        """Build the course."""
        return build(self.root, self.lessons, **options)

    def check(self) -> list[Problem]:
        """Prove the laws of the course."""
        return check(self.root, self.lessons, examine=judge)
