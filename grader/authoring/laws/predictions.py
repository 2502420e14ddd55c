"""Predictions: each is asked once, right before the cell that answers it, in a cell of its own.

That the right choice is what the cell does takes a run: `tests/course/test_predictions.py`.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from grader.authoring.lesson_source import Cell, LessonSource
from grader.authoring.problems import Problem
from grader.authoring.project import WORDS, Project
from grader.errors import ExamError
from grader.exercises.predictions import FILE, Prediction, folder_of, parse_predictions

_LAW = "predictions"
_CALL = re.compile(r"\bpredict\(")
_WHOLE = re.compile(r'predict\("([^"]*)"\)')
_LINE = re.compile(r", line (\d+): (.*)", re.DOTALL)


def predictions_are_answered(project: Project) -> Iterator[Problem]:
    """Find predictions without words, words without a cell, and answers that nothing decides."""
    for plan in project.plan.lessons:
        if not plan.source.cells:
            continue
        path = f"{WORDS}/{folder_of(plan.lesson.name)}/{FILE}"
        text = project.files.get(path, b"").decode(errors="replace")
        try:
            known = parse_predictions(text, path, plan.lesson.name)
        except ExamError as error:
            found = _LINE.search(str(error))
            at, what = (f"{path}:{found[1]}", found[2]) if found else (path, str(error))
            yield Problem(_LAW, at, what, "grader/exercises/predictions.py shows the form.")
            continue
        yield from _asked(plan.source, path, known)
        for each in known:
            yield from _decided(plan.source, path, each)


def _asked(source: LessonSource, path: str, known: Sequence[Prediction]) -> Iterator[Problem]:
    """Find calls that are no cell of their own, or that don't match the words, one to one."""
    ids = [each.id for each in known]
    asked: list[str] = []
    for cell in source.cells:
        if cell.kind != "code" or not _CALL.search(cell.source):
            continue
        whole = _WHOLE.fullmatch(cell.source.strip())
        if whole is None:
            yield Problem(
                _LAW,
                source.at(cell.line),
                "predict stands in a cell with other code, or not with an id alone.",
                'Give it a cell of its own: predict("the-id").',
            )
        elif whole[1] not in ids:
            yield Problem(
                _LAW,
                source.at(cell.line),
                f"{path} has no prediction {whole[1]!r}.",
                "Write it there, or correct the id.",
            )
        elif whole[1] in asked:
            yield Problem(
                _LAW,
                source.at(cell.line),
                f"{whole[1]!r} is asked twice.",
                "Remove the second cell.",
            )
        else:
            asked.append(whole[1])
    for each in known:
        if each.id not in asked:
            yield Problem(
                _LAW,
                f"{path}:{each.line}",
                f"No cell of the lesson asks {each.id!r}.",
                f'Add a cell predict("{each.id}") before its cell, or remove the words.',
            )


def _decided(source: LessonSource, path: str, each: Prediction) -> Iterator[Problem]:
    """Find a prediction whose cell isn't the code that follows, or whose proof can't fail."""
    at = f"{path}:{each.line}"
    holding = [cell for cell in source.cells if cell.kind == "code" and each.cell in cell.source]
    if len(holding) != 1:
        yield Problem(
            _LAW,
            at,
            f"{len(holding)} code cells of the lesson hold {each.cell!r}; {each.id!r} needs one.",
            "Name a text that only its cell holds.",
        )
    elif not _follows(source, each, holding[0]):
        yield Problem(
            _LAW,
            at,
            f"The cell of {each.id!r} isn't among the code cells right after its question.",
            "Put the question before it, with no prose and no other question between.",
        )
    if not any(isinstance(node, ast.Name) for node in ast.walk(ast.parse(each.proof, mode="eval"))):
        yield Problem(
            _LAW,
            at,
            f"The proof of {each.id!r} looks at nothing: {each.proof}.",
            "Use names of the notebook, or printed, or result.",
        )


def _follows(source: LessonSource, each: Prediction, answering: Cell) -> bool:
    """Return whether a cell is one of the code cells right after a question."""
    call = f'predict("{each.id}")'
    asked = [at for at, cell in enumerate(source.cells) if cell.source.strip() == call]
    if not asked:
        # Which is a breach of its own, as being asked twice is.
        return True
    after = takewhile(
        lambda cell: cell.kind == "code" and not _CALL.search(cell.source),
        source.cells[asked[-1] + 1 :],
    )
    return any(cell is answering for cell in after)
