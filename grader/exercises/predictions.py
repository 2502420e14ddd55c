"""The predictions of the lessons: Markdown in each lesson's folder, which a writer can edit.

    # Predictions

    ## three-at-once
    Three calls go out at once, with a prefix that nobody has used yet. What do they do?

    - a: One writes, two read.
    - b: All three write.
    - Right: b
    - Because: An entry can be read once the reply that wrote it has begun.
    - About: calls at once
    - Cell: `await asyncio.gather(*at_once)`
    - Proof: `printed.count("2039 written") == 3`

The heading is the id that the lesson names: `predict("three-at-once")`. The cell that answers it is
the next one that holds the text at Cell. Proof is a Python expression that is true after that cell
if what came is the right choice. It sees the notebook's names, and `printed`, what the cell
printed, and `result`, the value of its last line. A line that begins with two spaces continues the
line before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import CodeType
from typing import Any

from grader.errors import UnknownPrediction
from grader.exams.words import numbered_lines, words_fault

FILE = "predictions.md"
"""The name of the file in a lesson's folder of exercises."""
LETTERS = "abcd"
_FEWEST = 2
_FIELD = re.compile(r"- (\w+): (.+)")
_NAMED = ("Right", "Because", "About", "Cell", "Proof")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Prediction:
    """Hold one question about a cell, with its choices and what decides it.

    choices: the words of each, by letter, in the order shown. right: the letter that comes true in
    the course as it is. because: the reason in a sentence. about: the subject in a few words.
    cell: a text that only the cell in question holds. proof: an expression, true after that cell if
    the right choice came true. lesson: the name of its folder of exercises. line: in its file.
    """

    id: str
    question: str
    choices: Mapping[str, str]
    right: str
    because: str
    about: str
    cell: str
    proof: str
    lesson: str = ""
    line: int = 0

    def holds(self, names: Mapping[str, Any], printed: str, result: object) -> bool:
        """Return whether the right choice came true, after the cell.

        names: the notebook's. printed: what the cell printed. result: the value of its last line.
        """
        seen = {**names, "printed": printed, "result": result}
        try:
            return bool(eval(_compiled(self.proof), seen))
        except Exception:  # noqa: BLE001 - a notebook may hold anything under these names
            return False


def parse_predictions(text: str, file: str, lesson: str = "") -> tuple[Prediction, ...]:
    """Return the predictions in a text, in its order.

    file: its name. lesson: the lesson's name. Raises ExamError with the file and the line that
    cannot be read.
    """
    found: dict[str, Prediction] = {}
    for section in _sections(text, file):
        made = _prediction(section, file, lesson)
        if made.id in found:
            raise words_fault(file, section.line, f"{made.id!r} stands here twice: rename one")
        found[made.id] = made
    return tuple(found.values())


@cache
def predictions() -> Mapping[str, Prediction]:
    """Return every prediction of the course by its id; raises ExamError for words it can't read."""
    from grader.exercises import COURSE

    found: dict[str, Prediction] = {}
    for lesson in COURSE:
        for made in predictions_of(lesson.name):
            if made.id in found:
                told = f"{found[made.id].lesson} has a prediction {made.id!r} too: rename one"
                raise words_fault(str(_file(lesson.name)), made.line, told)
            found[made.id] = made
    return found


@cache
def predictions_of(lesson: str) -> tuple[Prediction, ...]:
    """Return the predictions of a lesson of this name; none if it has no file of them."""
    file = _file(lesson)
    if not file.is_file():
        return ()
    return parse_predictions(file.read_text(encoding="utf-8"), str(file), lesson)


def find_prediction(id: str) -> Prediction:
    """Return the prediction of this id, or raise UnknownPrediction with the nearest ids."""
    known = predictions()
    if id in known:
        return known[id]
    nearest = get_close_matches(str(id), known, n=3, cutoff=0.4)
    advice = f"Did you mean: {', '.join(nearest)}?" if nearest else "The lesson names its own."
    raise UnknownPrediction(f"There is no prediction named {id!r}. {advice}")


def _file(lesson: str) -> Traversable:
    return files("grader.exercises") / folder_of(lesson) / FILE


def folder_of(lesson: str) -> str:
    """Return the folder of a lesson's exercises: "prompt_caching" for "07_prompt_caching"."""
    return lesson.partition("_")[2]


@dataclass
class _Section:
    id: str
    line: int
    question: str
    fields: dict[str, str]


def _sections(text: str, file: str) -> Iterator[_Section]:
    section: _Section | None = None
    for number, line in numbered_lines(text):
        if line.startswith("## "):
            if section is not None:
                yield section
            section = _Section(line[3:].strip(), number, "", {})
        elif line.startswith("# ") and section is None:
            continue
        elif section is None:
            raise words_fault(file, number, f"{line!r} stands above the first heading “## id”")
        elif field := _FIELD.fullmatch(line):
            name = field[1]
            if name not in (*LETTERS, *_NAMED):
                known = ", ".join((*LETTERS, *_NAMED))
                raise words_fault(file, number, f"there is no {name!r}; there is {known}")
            if name in section.fields:
                raise words_fault(file, number, f"{section.id!r} has {name!r} twice: give it once")
            section.fields[name] = field[2]
        elif not section.fields:
            section.question = f"{section.question} {line}".strip()
        else:
            told = f"{line!r} is no field; start a continuation line with two spaces"
            raise words_fault(file, number, told)
    if section is not None:
        yield section


def _prediction(section: _Section, file: str, lesson: str) -> Prediction:
    given, id = section.fields, section.id
    choices = {letter: given[letter] for letter in LETTERS if letter in given}
    faults = (
        (not _ID.fullmatch(id), f"{id!r} is no id: use small letters, digits and hyphens"),
        (not section.question, f"{id!r} has no question: write it below the heading"),
        (
            list(choices) != list(LETTERS[: len(choices)]) or len(choices) < _FEWEST,
            f"{id!r} has the choices {', '.join(choices) or 'none'}: give it two to four",
        ),
        (
            len(set(choices.values())) < len(choices),
            f"{id!r} has two choices with the same words: make them differ",
        ),
        *((name not in given, f'{id!r} has no line "- {name}: …"') for name in _NAMED),
        (
            given.get("Right") not in choices,
            f"{id!r} says that {given.get('Right')!r} is right: name one of {', '.join(choices)}",
        ),
    )
    for is_wrong, told in faults:
        if is_wrong:
            raise words_fault(file, section.line, told)
    proof = given["Proof"].strip("`")
    try:
        _compiled(proof)
    except (SyntaxError, ValueError) as error:
        told = f"the proof of {id!r} is no Python expression ({error}): {proof}"
        raise words_fault(file, section.line, told) from error
    return Prediction(
        id=id,
        question=section.question,
        choices=choices,
        right=given["Right"],
        because=given["Because"],
        about=given["About"],
        cell=given["Cell"].strip("`"),
        proof=proof,
        lesson=lesson,
        line=section.line,
    )


@cache
def _compiled(proof: str) -> CodeType:
    return compile(proof, "<proof>", "eval")
