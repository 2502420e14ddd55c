"""Written loops: which calls a lesson's prompt brings, and what is said once they have answered.

`calls.toml` says it. In a prompt `{order_id}` stands for one word, which its calls and its answer
take up; `{get_order.status}` is what a call gave under that key, and `{get_order}` all that it
gave. A loop counts only where its tools are offered and take its inputs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from grader.simulator.replies.asked import MadeCall
from grader.simulator.replies.found import read_words
from grader.simulator.wire import Json

_HOLE = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_MARKS = ".,;:!?\"'“”"


@dataclass(frozen=True)
class Round:
    """Hold a call to make; tool_input: None while nothing gives what it needs.

    round: those of one round are made together. note: what is to be said about its input.
    """

    name: str
    tool_input: Json
    round: int
    note: str = ""


@dataclass(frozen=True)
class Loop:
    """Hold the written course of a prompt; says: what is said before the calls of each round."""

    steps: tuple[Round, ...]
    says: Sequence[str]
    done: str
    failed: str
    words: Mapping[str, str]

    def answer(self, calls: Sequence[MadeCall]) -> str | None:
        """Return what is said when the calls have answered; None where they gave something else."""
        failed = [call for call in calls if call.has_failed]
        words = {**self.words, "error": failed[0].text.strip() if failed else ""}
        try:
            return _filled(self.failed if failed else self.done, words, calls)
        except KeyError:
            return None


def find_loops(prompt: str) -> Iterator[Loop]:
    """Yield the written loops that a prompt may begin."""
    said = _words(prompt)
    for template, row in _rows():
        if len(template) == len(said) and (words := _bound(template, said)) is not None:
            rounds = row["rounds"]
            steps = tuple(
                Round(name, {k: _filled(v, words, ()) for k, v in tool_input.items()}, number)
                for number, each in enumerate(rounds)
                for call in each["calls"]
                for name, tool_input in call.items()
            )
            yield Loop(steps, [each["say"] for each in rounds], row["done"], row["failed"], words)


def find_json(prompt: str) -> Json:
    """Return the JSON that was written for a prompt, or None."""
    rows, said = read_words("calls.toml")["formats"], _words(prompt)
    return next((row["json"] for row in rows if said in map(_words, row["prompts"])), None)


@cache
def _rows() -> list[tuple[list[str], dict[str, Any]]]:
    loops = read_words("calls.toml")["loops"]
    return [(_words(prompt), row) for row in loops for prompt in row["prompts"]]


def _words(prompt: str) -> list[str]:
    return [word.strip(_MARKS) for word in prompt.split()]


def _bound(template: Sequence[str], said: Sequence[str]) -> dict[str, str] | None:
    bound: dict[str, str] = {}
    for wanted, word in zip(template, said, strict=True):
        hole = _HOLE.fullmatch(wanted)
        if hole and word:
            bound[hole[1]] = word
        elif wanted.lower() != word.lower():
            return None
    return bound


def _filled(template: str, words: Mapping[str, str], calls: Sequence[MadeCall]) -> str:
    """Return a template with its holes filled. Raises KeyError where nothing fills one."""

    def fill(hole: re.Match[str]) -> str:
        name, key = hole[1], hole[2]
        if key is None and name in words:
            return words[name]
        good = [call for call in calls if call.name == name and not call.has_failed]
        values: list[Json] = [call.text.strip() for call in good]
        if key is not None:
            values = [each.value.get(key) for each in good if isinstance(each.value, dict)]
        if not values or None in values:
            raise KeyError(name)
        return "\n".join(map(str, values))

    return _HOLE.sub(fill, template)
