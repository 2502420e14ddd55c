"""The same request and reply for three APIs: which parts of them belong together, and why.

The requests and the rules stand in counterpart_rules.py; the simulator gives the replies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from grader.classroom.widgets.counterpart_rules import EXAMPLES, REPEATED, Row
from grader.simulator import NEWEST_VERSION, Simulator

Json = Any
Path = tuple[str | int, ...]

APIS = ("Chat Completions", "Responses", "Messages")
"""OpenAI's two APIs and Anthropic's, in the order of every tree and every rule."""

_ADDRESSES = ("/v1/chat/completions", "/v1/responses", "/v1/messages")
_NOW = 1_795_000_000
"""The time of the replies, in seconds since 1970: the same each time."""


@dataclass(frozen=True)
class Rule:
    """Hold which parts belong together; letter: names it in every tree.

    paths: for each of APIS the paths into its JSON; none if it has no counterpart.
    """

    letter: str
    paths: tuple[tuple[Path, ...], ...]
    words: str


@dataclass(frozen=True)
class Node:
    """Hold one line of a tree; value: its JSON, "" if it has parts.

    rule: the place of the rule that names it, None if a rule names what it is part of.
    """

    path: Path
    value: str
    rule: int | None

    @property
    def key(self) -> str:
        """Return the last step of the path, as a line shows it."""
        last = self.path[-1]
        return f"[{last}]" if isinstance(last, int) else last


@dataclass(frozen=True)
class Comparison:
    """Hold one thing in the form of each of APIS, as the nodes of a tree, and the rules between.

    note: a sentence about what the trees leave out, "" if they are whole.
    """

    title: str
    trees: tuple[tuple[Node, ...], ...]
    rules: tuple[Rule, ...]
    note: str = ""


def make_comparisons() -> tuple[Comparison, ...]:
    """Return a question and a tool call: the requests, and their replies."""
    simulator = Simulator(seed=1, clock=lambda: _NOW)
    found = []
    for example in EXAMPLES:
        replies = [
            _sent(simulator, address, body)
            for address, body in zip(_ADDRESSES, example.requests, strict=True)
        ]
        shown = [
            {key: part for key, part in body.items() if key not in REPEATED} for body in replies
        ]
        left_out = len(replies[1]) - len(shown[1])
        note = (
            f"Responses also repeats your request and its defaults, in {left_out} more fields, "
            "which are left out here. The other two don't: keep the request if you need it later."
        )
        found += [
            _compared(example.title, example.requests, example.request_rows),
            _compared(example.replied, shown, example.reply_rows, note),
        ]
    return tuple(found)


def written(path: Path) -> str:
    """Return a path as Python writes it, such as choices[0].message."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def _sent(simulator: Simulator, address: str, body: Json) -> Json:
    headers = {"authorization": "Bearer simulated", "anthropic-version": NEWEST_VERSION}
    return simulator.handle("POST", address, headers, json.dumps(body).encode()).body


def _compared(
    title: str, bodies: Sequence[Json], rows: Sequence[Row], note: str = ""
) -> Comparison:
    rules = tuple(
        Rule(letter, tuple(map(_paths, row.paths)), row.words)
        for letter, row in zip(ascii_uppercase, rows, strict=False)
    )
    trees = tuple(
        _nodes(body, [rule.paths[number] for rule in rules]) for number, body in enumerate(bodies)
    )
    return Comparison(title, trees, rules, note)


def _paths(words: str) -> tuple[Path, ...]:
    return tuple(
        tuple(int(step) if step.isdigit() else step for step in path.split("."))
        for path in words.split()
    )


def _nodes(value: Json, named: list[tuple[Path, ...]]) -> tuple[Node, ...]:
    rules = {path: number for number, paths in enumerate(named) for path in paths}
    return tuple(Node(path, text, rules.get(path)) for path, text in _walk(value, ()))


def _walk(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path and the JSON of each part, "" if it has parts."""
    parts = value if isinstance(value, dict) else dict(enumerate(value))
    for key, part in parts.items():
        here = (*path, key)
        if part and isinstance(part, dict | list):
            yield here, ""
            yield from _walk(part, here)
        else:
            yield here, json.dumps(part, ensure_ascii=False)
