"""Written answers: what a conversation's last question has been answered with beforehand.

A row of `answers.toml` may hold `after`: prompts, of which one must have been asked earlier in the
conversation. So the same question is answered in one way where the model was sent what it is
about, and in another where it was not. Whoever asks to go on gets the rest of an answer that was
cut off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from grader.simulator.replies.found import read_words
from grader.simulator.wire import Json

_GO_ON = re.compile(r"(please )?(go on|continue|carry on)\b")


@dataclass(frozen=True)
class _Row:
    """Hold an answer; after: questions of which one must have been asked before, if any."""

    after: frozenset[str]
    reply: str


def written_answer(messages: Sequence[Json]) -> str | None:
    """Return the written answer to what a conversation's last turn asks, or None.

    Several user messages in a row are one turn to the API, so each of them is answered.
    """
    asked = [_normal(words_of(message)) for message in messages if message["role"] == "user"]
    if not asked:
        return None
    if _GO_ON.match(asked[-1]):
        return _rest(messages)
    run = list(takewhile(lambda message: message["role"] == "user", reversed(messages)))
    first = len(asked) - max(1, len(run))
    answers = [_answer_to(asked[place], asked[:place]) or "" for place in range(first, len(asked))]
    return "\n\n".join(answers) if all(answers) else None


def _answer_to(prompt: str, earlier: Sequence[str]) -> str | None:
    rows = [row for row in _rows().get(prompt, []) if not row.after or row.after & {*earlier}]
    # What was asked before makes an answer the better one.
    return max(rows, key=lambda row: bool(row.after)).reply if rows else None


def words_of(message: Json) -> str:
    """Return the text of a message, its blocks joined by line breaks."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return "\n".join(block["text"] for block in content if block["type"] == "text")


def _rest(messages: Sequence[Json]) -> str | None:
    """Return what is missing of the answer before, which may have come in several pieces."""
    pieces: list[str] = []
    left = list(messages)
    while len(left) > 2 and left[-2]["role"] == "assistant" and _asks_to_go_on(left[-1]):
        pieces.insert(0, words_of(left[-2]))
        left = left[:-2]
    said = "".join(pieces)
    whole = (written_answer(left) or "") if said else ""
    return (whole.removeprefix(said) or None) if whole.startswith(said) else None


def _asks_to_go_on(message: Json) -> bool:
    return message["role"] == "user" and bool(_GO_ON.match(_normal(words_of(message))))


@cache
def _rows() -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for answer in read_words("answers.toml")["answers"]:
        row = _Row(frozenset(map(_normal, answer.get("after", []))), answer["reply"])
        for prompt in answer["prompts"]:
            found.setdefault(_normal(prompt), []).append(row)
    return found


def _normal(prompt: str) -> str:
    return " ".join(re.findall(r"\w+", prompt.lower()))
