"""Written loops: which calls a lesson's prompt brings, and what is said once they have answered.

`calls.toml` says it. In a prompt `{order_id}` stands for one word, which its calls and its answer
take up; `{get_order.status}` is what a call gave under that key, and `{get_order}` all that it
gave. A loop counts only where its tools are offered and take its inputs.

A row may hold `unless`: words that keep the model from a call it would make too soon, wherever a
tool's description or the system prompt has one of them; it then says `instead`. And it may hold
`failures`: answers to results that failed and have certain words. `broken` answers an error that
names its tool; any other one is told as it came, since a model knows no more of it either.
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
_WORD = re.compile(r"[\w']+")
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
    """Hold the written course of a prompt.

    says: what is said before the calls of each round. failures: what is said of failed results
    that have certain words, by those words; broken: of those that name their tool; failed: of all
    others. unless: words that keep the model from
    its calls; instead: what it says then.
    """

    steps: tuple[Round, ...]
    says: Sequence[str]
    done: str
    failed: str
    words: Mapping[str, str]
    failures: Mapping[str, str]
    broken: str
    unless: frozenset[str]
    instead: str

    def held_back(self, told: str) -> str | None:
        """Return what is said in place of the calls where the model was told not to make them."""
        is_told = not self.unless.isdisjoint(_WORD.findall(told.lower()))
        return _filled(self.instead, self.words, ()) if is_told else None

    def answer(self, calls: Sequence[MadeCall]) -> str | None:
        """Return what is said when the calls have answered; None where they gave something else."""
        failed = [call for call in calls if call.has_failed]
        tool, error = (failed[0].name, failed[0].text.strip()) if failed else ("", "")
        told = (said for words, said in self.failures.items() if words in error.lower())
        other = self.broken if tool in error else self.failed
        try:
            template = next(told, other) if failed else self.done
            return _filled(template, {**self.words, "tool": tool, "error": error}, calls)
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
            yield Loop(
                steps,
                says=[_filled(each["say"], words, ()) for each in rounds],
                done=row["done"],
                failed=row["failed"],
                words=words,
                failures=row.get("failures", {}),
                broken=read_words("calls.toml")["broken"],
                unless=frozenset(row.get("unless", ())),
                instead=row.get("instead", ""),
            )


def find_forced(prompt: str) -> Mapping[str, Json]:
    """Return the inputs, by tool, of the calls written for a prompt that has to bring one."""
    rows, said = read_words("calls.toml")["forced"], _words(prompt)
    return next((row["calls"] for row in rows if said in map(_words, row["prompts"])), {})


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
