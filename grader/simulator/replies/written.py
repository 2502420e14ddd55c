"""Written answers: what a conversation's last question has been answered with beforehand.

A row of `answers.toml` may hold `after`: prompts, of which one must have been asked earlier in the
conversation, or instructions of which one stands in a system message of it. So the same question is
answered in one way where the model was sent what it is about, and in another where it was not. Of
two rows that fit, the first is taken. `more` holds sentences that the answer gains with more
effort.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from grader.simulator.replies.found import read_words
from grader.simulator.wire import Json

_WORD = re.compile(r"\w+")
_GO_ON = re.compile(r"\b(go on|keep going|carry on|continue|proceed|resume|finish)\b")
_LONGEST_PLEA = 300


@dataclass(frozen=True)
class _Row:
    """Hold an answer; after: questions and instructions, one of which must be there, if any are.

    more: what it goes on to say, a sentence for each step of effort above the model's default.
    """

    after: frozenset[str]
    reply: str
    more: tuple[str, ...] = ()


def written_answer(messages: Sequence[Json]) -> str | None:
    """Return the written answer to what a conversation's last turn asks, or None.

    Several user messages in a row are one turn to the API, so each of them is answered.
    """
    asked = [_normal(words_of(message)) for message in messages if message["role"] == "user"]
    if not asked:
        return None
    run = list(takewhile(lambda message: message["role"] == "user", reversed(messages)))
    first = len(asked) - max(1, len(run))
    told = [_normal(words_of(message)) for message in messages if message["role"] == "system"]
    answers = [
        _answer_to(asked[place], [*told, *asked[:place]]) or ""
        for place in range(first, len(asked))
    ]
    return "\n\n".join(answers) if all(answers) else None


def written_more(messages: Sequence[Json]) -> tuple[str, ...]:
    """Return what the written answer to a conversation's last message goes on to say, if told."""
    asked = [_normal(words_of(message)) for message in messages if message["role"] == "user"]
    row = _row_of(asked[-1], asked[:-1]) if asked else None
    return row.more if row else ()


def _answer_to(prompt: str, earlier: Sequence[str]) -> str | None:
    row = _row_of(prompt, earlier)
    return row.reply if row else None


def _row_of(prompt: str, earlier: Sequence[str]) -> _Row | None:
    rows = [row for row in _rows().get(prompt, []) if not row.after or row.after & {*earlier}]
    # What was asked before makes an answer the better one.
    return max(rows, key=lambda row: bool(row.after), default=None)


def words_of(message: Json) -> str:
    """Return the text of a message, its blocks joined by line breaks."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return "\n".join(block["text"] for block in content if block["type"] == "text")


def begun_answer(messages: Sequence[Json]) -> tuple[str, Sequence[Json]] | None:
    """Return what has been said of an answer that the user asks to go on with, and what was asked.

    The answer may have come in several pieces. None where nobody asks to go on.
    """
    pieces: list[str] = []
    left = messages
    while len(left) > 2 and left[-2]["role"] == "assistant" and _asks_to_go_on(left[-1]):
        pieces.insert(0, words_of(left[-2]))
        left = left[:-2]
    said = "".join(pieces)
    return (said, left) if said else None


def _asks_to_go_on(message: Json) -> bool:
    words = words_of(message) if message["role"] == "user" else ""
    return len(words) <= _LONGEST_PLEA and bool(_GO_ON.search(_normal(words)))


@cache
def _rows() -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for answer in read_words("answers.toml")["answers"]:
        after = frozenset(map(_normal, answer.get("after", [])))
        row = _Row(after, answer["reply"], tuple(answer.get("more", ())))
        for prompt in answer["prompts"]:
            found.setdefault(_normal(prompt), []).append(row)
    return found


def _normal(prompt: str) -> str:
    return " ".join(_WORD.findall(prompt.lower()))
