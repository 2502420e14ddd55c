"""The generated files are what a build would write now, and nothing else lies beside them."""

from collections.abc import Iterator
from shlex import quote

from grader.authoring.build import manifest_of
from grader.authoring.claims import CLAIMS
from grader.authoring.manifest import COURSE, MANIFEST
from grader.authoring.problems import Problem
from grader.authoring.project import Project
from grader.sources import SOURCES, source_path

_BUILD = "Run `grader build`."
_KEPT = frozenset({f"{COURSE}/README.md", f"{SOURCES}/README.md", CLAIMS, MANIFEST})


def sources_build(project: Project) -> Iterator[Problem]:
    """Find what keeps a lesson from being built."""
    yield from project.plan.problems


def files_are_fresh(project: Project) -> Iterator[Problem]:
    """Find generated files that are missing, stale, or left over from an earlier build."""
    outputs = project.plan.outputs
    for path in sorted(outputs):
        if path not in project.files:
            yield Problem("fresh", path, "The file was not built.", _BUILD)
        elif project.files[path] != outputs[path]:
            yield Problem("fresh", path, "The file is not what its source gives now.", _BUILD)
    if project.plan.problems:
        # A lesson that cannot be built would make everything it owns look left over.
        return
    for path in sorted(project.recorded.keys() - outputs.keys()):
        if path in project.files:
            yield Problem("fresh", path, "The source of this generated file is gone.", _BUILD)
    if project.files.get(MANIFEST) != manifest_of(project.plan):
        yield Problem("fresh", MANIFEST, "The record of the last build is not of this one.", _BUILD)


def files_are_expected(project: Project) -> Iterator[Problem]:
    """Find files in course/ and solutions/ that neither an author nor a build keeps there."""
    names = {lesson.name for lesson in project.course}
    generated = {path for plan in project.plan.lessons for path in plan.generated}
    generated |= project.plan.outputs.keys()
    for path in sorted(project.files.keys() - generated - _KEPT - project.recorded.keys()):
        folder, _, rest = path.partition("/")
        lesson = rest.partition("/")[0]
        if folder == SOURCES and "/" in rest:
            # The build as a whole reports a folder that is not a lesson's.
            unexpected = lesson in names and (
                path.endswith((".ipynb", ".nb.py")) and path != source_path(lesson)
            )
        else:
            unexpected = folder in {SOURCES, COURSE}
        if unexpected:
            yield Problem(
                "expected",
                path,
                "Nothing generates this file, and no author keeps one here.",
                f"Remove it: `rm {quote(path)}`.",
            )
