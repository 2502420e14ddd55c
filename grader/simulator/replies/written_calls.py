"""Written loops: which calls a lesson's prompt brings, and what is said once they have answered.

`calls.toml` says it. In a prompt `{order_id}` stands for one word, which its calls and its answer
take up; `{get_order.status}` is what a call gave under that key, and `{get_order}` all that it
gave. A loop counts only where its tools are offered and take its inputs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from grader.simulator.replies.asked import Call
from grader.simulator.wire import Json

_HOLE = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_MARKS = ".,;:!?\"'“”"


@dataclass(frozen=True)
class Step:
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

    steps: tuple[Step, ...]
    says: tuple[str, ...]
    done: str
    failed: str
    words: Mapping[str, str]

    def answer(self, calls: Sequence[Call]) -> str | None:
        """Return what is said when the calls have answered; None where they gave something else."""
        failed = [call for call in calls if call.has_failed]
        words = {**self.words, "error": failed[0].text.strip() if failed else ""}
        try:
            said = _filled(self.failed if failed else self.done, words, calls)
        except KeyError:
            return None
        return said or None


def find_loops(prompt: str) -> Iterator[Loop]:
    """Yield the written loops that a prompt may begin."""
    said = _words(prompt)
    for template, row in _rows():
        if len(template) == len(said) and (words := _bound(template, said)) is not None:
            rounds = row["rounds"]
            steps = tuple(
                Step(name, _filled_values(tool_input, words), number)
                for number, each in enumerate(rounds)
                for call in each["calls"]
                for name, tool_input in call.items()
            )
            says = tuple(each["say"] for each in rounds)
            yield Loop(steps, says, row["done"], row["failed"], words)


def find_json(prompt: str) -> Json:
    """Return the JSON that was written for a prompt, or None."""
    said = _words(prompt)
    found = (row["json"] for row in _file()["formats"] if said in map(_words, row["prompts"]))
    return next(found, None)


@cache
def _file() -> dict[str, Any]:
    file = resources.files("grader.simulator.replies").joinpath("calls.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _rows() -> list[tuple[list[str], dict[str, Any]]]:
    return [(_words(prompt), row) for row in _file()["loops"] for prompt in row["prompts"]]


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


def _filled_values(tool_input: Mapping[str, str], words: Mapping[str, str]) -> Json:
    return {name: _filled(value, words, ()) for name, value in tool_input.items()}


def _filled(template: str, words: Mapping[str, str], calls: Sequence[Call]) -> str:
    """Return a template with its holes filled. Raises KeyError where nothing fills one."""

    def fill(hole: re.Match[str]) -> str:
        name, key = hole[1], hole[2]
        if key is None and name in words:
            return words[name]
        values = list(_values(name, key, calls))
        if not values:
            raise KeyError(name)
        return "\n".join(values)

    return _HOLE.sub(fill, template)


def _values(name: str, key: str | None, calls: Sequence[Call]) -> Iterator[str]:
    for call in calls:
        if call.name == name and not call.has_failed:
            if key is None:
                yield call.text.strip()
            elif isinstance(call.value, dict) and key in call.value:
                yield str(call.value[key])
