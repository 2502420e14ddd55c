"""What a build would write: every generated file's bytes, from the files that authors keep.

Pure: files in, files out. `grader build` writes the plan, `grader check` compares with it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from shlex import quote

from grader.authoring import cells
from grader.authoring.cheat_sheet import cheat_sheet
from grader.authoring.lesson_source import LessonSource, read_source
from grader.authoring.manifest import COURSE
from grader.authoring.notebooks import course_notebook, render, solution_notebook
from grader.authoring.problems import Problem
from grader.exams import Lesson
from grader.sources import SOURCES, source_path

CHEAT_SHEET = f"{COURSE}/cheat_sheet.ipynb"
_NEVER_COPIED = (".ipynb", ".nb.py")


@dataclass(frozen=True)
class LessonPlan:
    """Hold what one lesson's sources give: its outputs are empty if they cannot be built."""

    lesson: Lesson
    source: LessonSource
    problems: tuple[Problem, ...]
    outputs: Mapping[str, bytes]

    @property
    def generated(self) -> frozenset[str]:
        """Return the paths that belong to the lesson, whether it can be built or not."""
        return frozenset({*self.outputs, *notebook_paths(self.lesson.name)})


@dataclass(frozen=True)
class BuildPlan:
    """Hold the plans of several lessons, and what concerns none of them.

    shared: what a build of the whole course writes besides, from all lessons together.
    """

    lessons: tuple[LessonPlan, ...]
    strangers: tuple[Problem, ...] = ()
    shared: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return everything that keeps a lesson from being built, in the order of the course."""
        return (*self.strangers, *(each for plan in self.lessons for each in plan.problems))

    @property
    def outputs(self) -> dict[str, bytes]:
        """Return every file to write, by its path from the root."""
        own = {path: data for plan in self.lessons for path, data in plan.outputs.items()}
        return {**own, **self.shared}


def notebook_paths(lesson: str) -> tuple[str, str]:
    """Return the paths of a lesson's two notebooks: with solutions, and for learners."""
    return f"{SOURCES}/{lesson}/{lesson}.ipynb", f"{COURSE}/{lesson}/{lesson}.ipynb"


def plan_lesson(
    files: Mapping[str, bytes], lesson: Lesson, owners: Mapping[str, str]
) -> LessonPlan:
    """Plan one lesson; `owners` names the lesson of every exercise of the course."""
    source = read_source(lesson.name, files.get(source_path(lesson.name)))
    problems = tuple(cells.find_problems(source, lesson, owners))
    if problems:
        return LessonPlan(lesson, source, problems, {})
    solved = solution_notebook(source, {each.name: each.points for each in lesson.exercises})
    solved_path, course_path = notebook_paths(lesson.name)
    outputs = {
        solved_path: render(solved),
        course_path: render(course_notebook(solved)),
        **dict(_assets(files, lesson.name)),
    }
    return LessonPlan(lesson, source, (), outputs)


def plan_course(
    files: Mapping[str, bytes],
    course: Sequence[Lesson],
    *,
    recorded: Collection[str] = (),
    only: Sequence[str] | None = None,
) -> BuildPlan:
    """Plan every lesson of the course, or those named in `only`.

    `recorded` are the paths that the last build wrote; they do not make a lesson by themselves.
    """
    owners = {exercise.name: lesson.name for lesson in course for exercise in lesson.exercises}
    wanted = [lesson for lesson in course if only is None or lesson.name in only]
    strangers = () if only is not None else tuple(_strangers(files, course, recorded))
    lessons = tuple(plan_lesson(files, lesson, owners) for lesson in wanted)
    return BuildPlan(lessons, strangers, _shared(lessons) if only is None else {})


def _shared(lessons: Sequence[LessonPlan]) -> dict[str, bytes]:
    sheet = cheat_sheet([(plan.lesson, plan.source) for plan in lessons])
    return {} if sheet is None else {CHEAT_SHEET: render(sheet)}


def _assets(files: Mapping[str, bytes], lesson: str) -> Iterator[tuple[str, bytes]]:
    folder = f"{SOURCES}/{lesson}/"
    for path, data in files.items():
        if path.startswith(folder) and not path.endswith(_NEVER_COPIED):
            yield f"{COURSE}/{lesson}/{path.removeprefix(folder)}", data


def _strangers(
    files: Mapping[str, bytes], course: Sequence[Lesson], recorded: Collection[str]
) -> Iterator[Problem]:
    parts = [path.split("/") for path in files if path not in recorded]
    folders = {each[1] for each in parts if each[0] == SOURCES and len(each) > 2}
    for folder in sorted(folders - {lesson.name for lesson in course}):
        if source_path(folder) in files:
            what = f"No lesson of the course is called {folder}."
            fix = "Register the lesson in grader/exercises, or rename the folder."
        else:
            what = f"The folder is not a lesson: it has no {folder}.nb.py."
            fix = f"Write {source_path(folder)}, or run `rm -r {quote(f'{SOURCES}/{folder}')}`."
        yield Problem("source", f"{SOURCES}/{folder}", what, fix)
