"""Read a conversation for what is asked now, and how far it has got.

Nothing is remembered between requests: the calls made since the prompt, and their results, are in
the conversation itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from grader.simulator.replies.language import MAX_TEXT, numbers, words_of_name
from grader.simulator.replies.pictures import describe_picture
from grader.simulator.replies.values import Fact
from grader.simulator.validation import read_json
from grader.simulator.wire import Json

_MAX_FACTS = 300
_FAILURE = re.compile(r"\s*(?:error|exception|traceback)\b", re.IGNORECASE)
_FOLLOWS = re.compile(r"\s*(?:and|what about|how about|now|then|also|same)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """Hold a tool call that was made, and what came back.

    turn: the number of the assistant's turn that made it; calls of one turn ran side by side.
    text: the result's text, empty where there is none. pictures: what images it has.
    """

    name: str
    tool_input: Json
    turn: int
    text: str = ""
    pictures: tuple[str, ...] = ()
    has_failed: bool = False

    @property
    def value(self) -> Json:
        """Return the result's JSON value, or its text where it is no JSON."""
        try:
            return read_json(self.text)
        except ValueError:
            return self.text

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return what the result says, value by value; nothing where the call failed."""
        if self.has_failed:
            return ()
        return tuple(_facts(self.value, "", words_of_name(self.name)))[:_MAX_FACTS]

    @property
    def number(self) -> int | float | None:
        """Return the number that the call came to, the last one that its result has."""
        found = [] if self.has_failed else numbers(self.text)
        return found[-1].value if found else None


@dataclass(frozen=True)
class Task:
    """Hold what the user asks now and what was done for it.

    prompt: the user's words; an answer to a question of ours comes after what was asked before it.
    topic: the prompt before it where this one goes on from there ("And in Tokyo?"), else empty.
    calls: the calls made for it, in order. earlier: what was said before, the latest first.
    """

    prompt: str
    topic: str
    calls: tuple[Call, ...]
    earlier: tuple[str, ...]


@dataclass(frozen=True)
class _Turn:
    role: str
    blocks: list[Json]

    @property
    def text(self) -> str:
        words = [block["text"] for block in self.blocks if block["type"] == "text"]
        return "\n".join(words)[:MAX_TEXT]

    def has(self, kind: str) -> bool:
        return any(block["type"] == kind for block in self.blocks)


def read_task(request: Json) -> Task:
    """Return what a valid request asks for now."""
    turns = [turn for turn in _turns(request["messages"]) if turn.role != "system"]
    start = _start(turns)
    asked = [turn.text for turn in turns[start:] if turn.role == "user" and turn.text.strip()]
    before = [turn.text for turn in turns[:start] if turn.role == "user" and turn.text.strip()]
    follows = asked and before and len(asked[0].split()) < 9 and _FOLLOWS.match(asked[0])
    system = request.get("system") or ""
    if not isinstance(system, str):
        system = "\n".join(block["text"] for block in system)
    earlier = [*reversed(before[-20:]), system[:MAX_TEXT]]
    return Task(
        prompt="\n".join(asked)[:MAX_TEXT],
        topic=before[-1] if follows else "",
        calls=tuple(_calls(turns[start:])),
        earlier=tuple(filter(None, earlier)),
    )


def _turns(messages: list[Json]) -> list[_Turn]:
    """Return the messages with those of one role in a row put together."""
    return [
        _Turn(role, [block for message in run for block in _blocks(message["content"])])
        for role, run in groupby(messages, key=lambda message: str(message["role"]))
    ]


def _blocks(content: Json) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _start(turns: list[_Turn]) -> int:
    """Return where the task begins: at the last prompt, or at the one that we asked back about."""
    start = 0
    for index, turn in enumerate(turns):
        if turn.role != "user" or turn.has("tool_result"):
            continue
        before = turns[index - 1] if index else None
        is_answer = before is not None and before.text.rstrip().endswith("?")
        if not is_answer:
            start = index
    return start


def _calls(turns: list[_Turn]) -> Iterator[Call]:
    results = {
        block["tool_use_id"]: block
        for turn in turns
        for block in turn.blocks
        if block["type"] == "tool_result"
    }
    for number, turn in enumerate(turns):
        for block in turn.blocks:
            if block["type"] == "tool_use" and block["id"] in results:
                result = results[block["id"]]
                text, pictures = _read(result.get("content") or "")
                failed = bool(result.get("is_error")) or _says_failure(text)
                yield Call(block["name"], block["input"], number, text, pictures, failed)


def _read(content: Json) -> tuple[str, tuple[str, ...]]:
    """Return the text of a result, and a word on each of its images."""
    texts: list[str] = []
    pictures: list[str] = []
    for block in _blocks(content):
        if block["type"] == "text":
            texts.append(block["text"])
        elif block["type"] == "image":
            pictures.append(describe_picture(block["source"]))
        elif isinstance(block.get("content"), list):
            parts = [part for part in block["content"] if isinstance(part, dict)]
            texts += [part["text"] for part in parts if isinstance(part.get("text"), str)]
    return "\n".join(texts)[:MAX_TEXT], tuple(pictures)


def _says_failure(text: str) -> bool:
    """Say whether a result that is not marked as an error is one all the same."""
    if _FAILURE.match(text):
        return True
    try:
        value = read_json(text)
    except ValueError:
        return False
    return isinstance(value, dict) and bool(value.get("error"))


def _facts(value: Json, key: str, about: tuple[str, ...], depth: int = 0) -> Iterator[Fact]:
    if depth > 8:
        return
    if isinstance(value, dict):
        for name, inside in list(value.items())[:_MAX_FACTS]:
            yield from _facts(inside, name, (*about, *words_of_name(name)), depth + 1)
    elif isinstance(value, list):
        for inside in value[:_MAX_FACTS]:
            yield from _facts(inside, key, about, depth + 1)
    elif value is not None and key:
        yield Fact(key, about, value)
