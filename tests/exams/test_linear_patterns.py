"""No pattern that meets a learner's text is slow on a long one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader
from grader.exercises import COURSE
from tests.exams.linear_patterns import objection_to

ROOT = Path(grader.__file__).parent
ROOMS = (
    "exams",
    "exercises",
    "grading",
    "simulator/caching",
    "simulator/tokens",
    "simulator/validation",
    "simulator/headers.py",
)
"""Whatever stands on the trusted side of an exam, but for the improviser: scenes have scripts."""
OTHER_TEXTS = {
    "grading/report/plots.py": "reads the drawings that matplotlib makes of our numbers",
    "grading/lesson_names.py": "reads the names of files and folders, which are short",
    "grading/gradebook/opening.py": "reads the address that an instructor types",
}
FUNCTIONS = {"compile", "search", "match", "fullmatch", "split", "sub", "subn", "findall"} | {
    "finditer"
}
ANCHORED = {"match", "fullmatch"}
CRASHES = {
    f"{exercise.name}: {mistake.id}": mistake.crash
    for lesson in COURSE
    for exercise in lesson.exercises
    for mistake in exercise.mistakes
    if mistake.crash is not None
}


CRASHES |= {
    f"{path.stem}:{key.lineno}": key.value
    for path in sorted((ROOT / "exercises").rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Dict)
    for key in node.keys
    if isinstance(key, ast.Constant) and isinstance(key.value, str) and "Error" in key.value
}
"""The patterns by which calls name their exceptions, too; see `grader.exams.crashes`."""

TRIED_ONE_BY_ONE = ("self.crash", "pattern")


def modules() -> Iterator[Path]:
    """Give every module whose patterns meet a learner's text."""
    for room in ROOMS:
        path = ROOT / room
        for each in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if each.relative_to(ROOT).as_posix() not in OTHER_TEXTS:
                yield each


def is_anchored(node: ast.Call, tree: ast.Module) -> bool:
    """Return whether a pattern only ever begins where the text begins."""
    function = node.func.attr  # type: ignore[attr-defined]
    if function != "compile":
        return function in ANCHORED
    homes = [each for each in ast.walk(tree) if isinstance(each, ast.Assign) if each.value is node]
    uses = {
        each.attr
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and homes
        and each.value.id == ast.unparse(homes[0].targets[0])
    }
    return bool(uses) and uses <= ANCHORED


def written() -> Iterator[tuple[str, str | bytes]]:
    """Give each pattern that a module writes, by where it stands."""
    for module in modules():
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in FUNCTIONS
            ):
                place = f"{module.relative_to(ROOT).as_posix()}:{node.lineno}"
                pattern = pattern_of(node.args[0], module)
                if is_anchored(node, tree):
                    pattern = rf"\A(?:{pattern})" if isinstance(pattern, str) else pattern
                yield place, pattern


def pattern_of(node: ast.expr, module: Path) -> str | bytes:
    """Return a pattern as it is compiled; one that is put together is asked of its module."""
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, str | bytes)
        return node.value
    name = ".".join(("grader", *module.relative_to(ROOT).with_suffix("").parts))
    found = __import__(name, fromlist=["_"])
    if ast.unparse(node) in TRIED_ONE_BY_ONE:
        return "the crashes are tried one by one"
    value = eval(compile(ast.Expression(node), name, "eval"), vars(found))
    assert isinstance(value, str | bytes)
    return value


@pytest.mark.parametrize("pattern", [pytest.param(each, id=place) for place, each in written()])
def test_a_pattern_of_the_trusted_side_is_linear(pattern: str | bytes) -> None:
    """What code prints, raises, returns and sends may be long, and have any shape."""
    assert objection_to(pattern) == ""


@pytest.mark.parametrize("crash", CRASHES.values(), ids=CRASHES)
def test_the_pattern_of_a_crash_is_linear(crash: str) -> None:
    """An exception's message is what a learner's code makes it."""
    assert objection_to(crash) == ""


def test_patterns_are_found() -> None:
    """A law over nothing would hold."""
    found = dict(written())
    assert len(found) >= 15
    assert len(CRASHES) >= 80
    assert {place.partition("/")[0] for place in found} == {
        "exams",
        "exercises",
        "grading",
        "simulator",
    }


@pytest.mark.parametrize(
    "slow",
    [
        r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py",
        r"Error: .*object",
        r"^.*a.*b",
        r"(a+)+$",
        r"(\w\s?)*x",
        r"x*y",
        r"\s+$",
        r"^\d+(a|b|\d)\d+$",
        r"TypeError: \w+ .*x",
    ],
)
def test_a_slow_pattern_is_told(slow: str) -> None:
    """The law breaks where it should."""
    assert objection_to(slow) != ""


@pytest.mark.parametrize(
    "linear",
    [
        r"ipykernel_\d+[/\\]\d+\.py",
        r"[^\s\"']+",
        r"^\w+: .*object",
        r" at 0x[0-9a-f]+",
        r"`([^`]+)`",
        r"^BadRequestError: .*content\.\d+\.(thinking\.)?cache_control",
        r"'\w+Block' object",
        r"[a-z]{1,40}",
    ],
)
def test_a_linear_pattern_is_let_through(linear: str) -> None:
    """Nor does it forbid what is harmless."""
    assert objection_to(linear) == ""


def test_words_and_files_are_taken_out_as_before() -> None:
    """The path goes with the file, and the last file of a word takes all before it along."""
    from grader.grading.examination import _stable

    before = re.compile(r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py")
    words = ("/tmp/ipykernel_7/8.py", 'File "/tmp/x y/ipykernel_7/8.py", line 1', "ipykernel_/1.py")
    doubled = "a/ipykernel_1/2.py:b/ipykernel_3/4.pyc ipykernel_5\\6.py'ipykernel_7/8.py'"
    for text in (*words, doubled, "\n".join((*words, doubled)), "ipykernel_" * 9, ""):
        assert _stable(text) == before.sub("<cell>", text)
