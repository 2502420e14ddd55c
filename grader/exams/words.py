"""The words of an exercise: Markdown beside its check, which a writer can edit without Python.

    # run_tools

    1. The exercise's first hint: the idea.
    2. The second: where to look.
    3. The third: nearly the code.

    ## not-run
    A tool that Claude asked for was not called.

    - Saw: The call of `{observed}` reached no function of the registry.
    - Why: Claude cannot run anything: it asks, and your code runs it.
    - Next: For each `tool_use` block, call `registry[block.name]`.
    - Where: One round trip by hand
    - Crash: `^KeyError: `

    1. This mistake's own hints, if it has any.

`Diagnosis` says what each part is for. A section without a title takes the parts it lacks from the
section of the same name in the shared words. `- Hints: as for not-run` takes another mistake's
hints. A line that begins with two spaces continues the line before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from grader.errors import ExamError

Hints = tuple[str, str, str]

_FIELDS = ("saw", "why", "next", "where", "crash", "hints")
_FIELD = re.compile(r"- (\w+): (.+)")
_HINT = re.compile(r"([1-3])\. (.+)")
_AS_FOR = "as for "
_LAST = ("{observed}.", "{observed}`.")
"""How a sentence ends that closes with what was observed."""


LOST = {"deadline": "out-of-time", "died": "died", "garbled": "unreadable"}
"""The shared mistake for a lost candidate, by the cause of the loss."""


@dataclass(frozen=True)
class Diagnosis:
    """Name one mistake and say what to do about it.

    title: the mistake in one short sentence.
    saw: what was observed; `{observed}` stands for the value that the check saw.
    why: why the API, or the caller, minds.
    next: the smallest next step.
    where: the heading in the lesson that explains it; "" when none does.
    hints: three, from the idea to nearly the code; the exercise's own when empty.
    crash: a pattern for "TypeError: message"; any crash that matches gets this diagnosis, in
        any call. `Exam.call` names a diagnosis for any crash of one call.
    """

    id: str
    title: str
    saw: str
    why: str
    next: str
    where: str = ""
    hints: Hints | tuple[()] = ()
    crash: str | None = None

    def seen(self, observed: str) -> str:
        """Return what was observed as a sentence; one full stop is enough at its end."""
        said = self.saw.replace("{observed}", observed)
        is_ended = observed.endswith((".", "!", "?", "…"))
        return said[:-1] if is_ended and self.saw.endswith(_LAST) else said

    def explains(self, crash: str) -> bool:
        """Return whether a crash, written as "TypeError: message", is this mistake."""
        return self.crash is not None and re.search(self.crash, crash) is not None


@dataclass(frozen=True)
class Words:
    """Hold what an exercise says: its own three hints, and its mistakes.

    mistakes: in the order a learner meets them; the first whose `crash` matches an exception
    explains it.
    """

    hints: Hints | tuple[()]
    mistakes: tuple[Diagnosis, ...]


@dataclass(frozen=True)
class _Section:
    """Hold one section as written: its id, its line in the file, and what it says."""

    id: str
    line: int
    title: str
    fields: Mapping[str, str]
    hints: tuple[str, ...]


@cache
def words_beside(module: str) -> Words:
    """Return the words of the Markdown file beside a module, which shares the module's name.

    The shared words are in `shared.md`, in the folder above. Raises ExamError.
    """
    package, _, name = module.rpartition(".")
    file = files(package) / f"{name}.md"
    if not file.is_file():
        raise ExamError(f"{file} is missing: it holds the hints and mistakes of {name}.")
    return read_words(file, _shared(package.rpartition(".")[0]))


@cache
def _shared(package: str) -> Mapping[str, Diagnosis]:
    file = files(package) / "shared.md"
    return {each.id: each for each in read_words(file, {}).mistakes} if file.is_file() else {}


def common(id: str) -> Diagnosis:
    """Return a mistake that every exercise shares, such as "crash"; raises KeyError."""
    return common_mistakes()[id]


@cache
def common_mistakes() -> Mapping[str, Diagnosis]:
    """Return the mistakes that every exercise shares, by id."""
    file = files(__package__) / "common.md"
    return {each.id: each for each in read_words(file, {}).mistakes}


def read_words(file: Traversable, shared: Mapping[str, Diagnosis]) -> Words:
    """Return the words of a file.

    shared: the mistakes, by id, that sections without a title refer to.
    Raises ExamError with the file and the line that it cannot read.
    """
    own, *sections = _sections(file)
    mistakes: dict[str, Diagnosis] = {}
    for section in sections:
        if section.id in mistakes:
            raise words_fault(file, section.line, f"{section.id!r} is here twice: write it once")
        mistakes[section.id] = _diagnosis(file, section, mistakes, shared)
    return Words(_ladder(file, own), tuple(mistakes.values()))


def _diagnosis(
    file: Traversable,
    section: _Section,
    before: Mapping[str, Diagnosis],
    shared: Mapping[str, Diagnosis],
) -> Diagnosis:
    given = dict(section.fields)
    hints = _ladder(file, section)
    same = given.pop("hints", "")
    if same:
        other = before.get(same.removeprefix(_AS_FOR))
        if other is None or not same.startswith(_AS_FOR):
            told = f'"- Hints: {same}" should read "- Hints: as for …", with a mistake from above'
            raise words_fault(file, section.line, told)
        hints = other.hints
    if "where" in given:
        given["where"] = f"“{given['where']}”"
    if "crash" in given:
        given["crash"] = given["crash"].strip("`")
    if section.title:
        missing = [name for name in ("saw", "why", "next") if name not in given]
        if missing:
            told = f'{section.id!r} has no line "- {missing[0].title()}: …"'
            raise words_fault(file, section.line, told)
        return Diagnosis(section.id, title=section.title, hints=hints, **given)
    if section.id not in shared:
        told = f"{section.id!r} has no title, and the shared words have no such section"
        raise words_fault(file, section.line, f"{told}: write its title below it")
    taken = shared[section.id]
    return replace(taken, hints=hints or taken.hints, **given)


def _ladder(file: Traversable, section: _Section) -> Hints | tuple[()]:
    if len(section.hints) not in (0, 3):
        told = f"{section.id!r} has {len(section.hints)} hints: give it three, or none"
        raise words_fault(file, section.line, told)
    return section.hints  # type: ignore[return-value]


def _sections(file: Traversable) -> Iterator[_Section]:
    """Yield the part before the first mistake's heading, then each mistake."""
    id, began, title = "", 1, ""
    fields: dict[str, str] = {}
    hints: list[str] = []
    for number, line in numbered_lines(file.read_text(encoding="utf-8")):
        if line.startswith("## "):
            yield _Section(id, began, title, fields, tuple(hints))
            id, began, title, fields, hints = line[3:].strip(), number, "", {}, []
        elif line.startswith("# "):
            id = id or line[2:].strip()
        elif field := _FIELD.fullmatch(line):
            name = field[1].lower()
            if name not in _FIELDS:
                known = ", ".join(each.title() for each in _FIELDS)
                raise words_fault(file, number, f"there is no {field[1]!r}; there is {known}")
            fields[name] = field[2]
        elif (hint := _HINT.fullmatch(line)) and int(hint[1]) == len(hints) + 1:
            hints.append(hint[2])
        elif not title and not fields and not hints:
            title = line
        else:
            told = f"{line!r} is neither a field, nor a heading, nor hint {len(hints) + 1}"
            raise words_fault(file, number, f"{told}; start a continuation line with two spaces")
    yield _Section(id, began, title, fields, tuple(hints))


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line that isn't blank, with its number and its continuation lines joined to it."""
    waiting: tuple[int, str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if line.startswith("  ") and waiting:
            waiting = waiting[0], f"{waiting[1]} {line.strip()}"
            continue
        if waiting:
            yield waiting
        waiting = number, line.rstrip()
    if waiting:
        yield waiting


def words_fault(file: Traversable | str, line: int, told: str) -> ExamError:
    """Return the error for a line of a file of words; told: what is wrong, in a clause."""
    return ExamError(f"{file}, line {line}: {told}.")
