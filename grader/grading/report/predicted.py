"""What a class predicted, question by question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.exams import Predicted
from grader.exercises.predictions import predictions

_SURE = 3


@dataclass(frozen=True)
class PredictedCounts:
    """Hold what a class predicted at one question.

    right: the letter that comes true. choices: the words of each, by letter.
    counts: how many chose each, by letter and by how sure they were (1 to 3, 0 if not said).
    """

    lesson: str
    id: str
    question: str
    right: str
    choices: Mapping[str, str]
    counts: Mapping[str, Mapping[int, int]]

    @property
    def number(self) -> int:
        """Return how many predicted something."""
        return sum(sum(each.values()) for each in self.counts.values())

    @property
    def share_right(self) -> float:
        """Return the part of them who were right."""
        return sum(self.counts[self.right].values()) / self.number

    @property
    def sure_and_wrong(self) -> int:
        """Return how many were sure of something else than what came."""
        return sum(
            by_sure.get(_SURE, 0) for letter, by_sure in self.counts.items() if letter != self.right
        )


def asked(predicted: Mapping[tuple[str, Predicted], int]) -> Iterator[PredictedCounts]:
    """Yield the questions of the course that somebody handed in a prediction of, in its order."""
    counts: dict[tuple[str, str], dict[str, dict[int, int]]] = defaultdict(dict)
    for (lesson, each), number in predicted.items():
        by_sure = counts[lesson, each.id].setdefault(each.choice, {})
        by_sure[each.sure] = by_sure.get(each.sure, 0) + number
    for known in predictions().values():
        found = counts.get((known.lesson, known.id), {})
        # What isn't a choice of the course's, somebody wrote into their file.
        by_choice = {letter: found.get(letter, {}) for letter in known.choices}
        if any(by_choice.values()):
            yield PredictedCounts(
                known.lesson, known.id, known.question, known.right, known.choices, by_choice
            )
