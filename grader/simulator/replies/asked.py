"""Read a conversation for what is asked now, and what the tools have said to it so far.

Nothing is kept between requests: the calls that were made, and their results, are in the
conversation itself. What a client wraps in `<system-reminder>` is its own, not the user's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.simulator.replies.pictures import describe_picture
from grader.simulator.validation import read_json
from grader.simulator.wire import Json

_HALF = 2_000
"""So many characters of a prompt are read at each of its ends, and of a result ten times that."""

_CLIENTS = re.compile(
    r"<(system-reminder|task-notification|local-command-\w+|new-diagnostics)>.*?(?:</\1>|\Z)|"
    r"\ATool loaded\.\Z",
    re.DOTALL,
)
"""What Claude Code puts between the user's words, or sends in the user's place."""

_FORMS = re.compile(
    r"json|<\w|\b(?:say|reply|respond|answer|return|output|write|print)\b", re.IGNORECASE
)
_LONGEST_SYSTEM = 20_000
_FAILURE = re.compile(r"\s*(?:error|exception|traceback)\b", re.IGNORECASE)


@dataclass(frozen=True)
class MadeCall:
    """Hold a tool call that was made, and what came back in words."""

    name: str
    tool_input: Json
    text: str = ""
    has_failed: bool = False

    @property
    def value(self) -> Json:
        """Return the result's JSON value, or its text where it is no JSON."""
        try:
            return read_json(self.text)
        except ValueError:
            return self.text


@dataclass(frozen=True)
class Wanted:
    """Hold what is asked now: the user's last text, and the calls made for it, in order."""

    prompt: str
    calls: tuple[MadeCall, ...] = ()


def without_reminders(messages: list[Json]) -> list[Json]:
    """Return the messages without what clients put between the user's words."""
    return [
        {**m, "content": _cleaned(m["content"])} if m["role"] == "user" else m for m in messages
    ]


def read_asked(messages: list[Json]) -> Wanted:
    """Return what a conversation without reminders asks for now."""
    for place in reversed(range(len(messages))):
        texts = _texts(messages[place]) if messages[place]["role"] == "user" else []
        if texts:
            start = _turn_of_results(messages, place)
            prompt = texts[-1]
            if len(prompt) > 2 * _HALF:
                prompt = f"{prompt[:_HALF]}\n{prompt[-_HALF:]}"
            return Wanted(prompt, tuple(_calls(messages[start:])))
    return Wanted("", tuple(_calls(messages)))


def read_system(request: Json) -> str:
    """Return the system prompt, or nothing where it is so long that it is a whole program."""
    system = request.get("system") or ""
    if not isinstance(system, str):
        system = "\n".join(block["text"] for block in system)
    return system if len(system) <= _LONGEST_SYSTEM else ""


def may_ask_for_form(request: Json, prompt: str) -> bool:
    """Return whether it is worth while to look for the form of an answer in a request's words."""
    return bool(_FORMS.search(prompt) or _FORMS.search(read_system(request)))


def _cleaned(content: Json) -> Json:
    if isinstance(content, str):
        return _without(content)
    blocks = [
        {**block, "text": _without(block["text"])} if block["type"] == "text" else block
        for block in content
    ]
    return [block for block in blocks if block["type"] != "text" or block["text"].strip()]


def _without(text: str) -> str:
    return _CLIENTS.sub("", text)


def _blocks(content: Json) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _texts(message: Json) -> list[str]:
    texts = [b["text"] for b in _blocks(message["content"]) if b["type"] == "text"]
    return [text for text in texts if text.strip()]


def _turn_of_results(messages: list[Json], start: int) -> int:
    """Return where the turn begins whose calls are answered beside the prompt, else the prompt."""
    run = start
    while run and messages[run - 1]["role"] != "assistant":
        run -= 1
    beside = [block for m in messages[run : start + 1] for block in _blocks(m["content"])]
    if not any(block["type"] == "tool_result" for block in beside):
        return start
    while run and messages[run - 1]["role"] == "assistant":
        run -= 1
    return run


def _calls(messages: list[Json]) -> Iterator[MadeCall]:
    blocks = [block for message in messages for block in _blocks(message["content"])]
    results = {b["tool_use_id"]: b for b in blocks if b["type"] == "tool_result"}
    for block in blocks:
        if block["type"] == "tool_use" and block["id"] in results:
            result = results[block["id"]]
            call = MadeCall(block["name"], block["input"], _read(result.get("content") or ""))
            has_failed = bool(result.get("is_error")) or _says_failure(call)
            yield replace(call, has_failed=has_failed)


def _read(content: Json) -> str:
    """Return the text of a result, and a word on each of its images."""
    texts: list[str] = []
    for block in _blocks(content):
        if block["type"] == "text":
            texts.append(block["text"])
        elif block["type"] == "image":
            texts.append(f"an image, {describe_picture(block['source'])}")
        elif isinstance(block.get("content"), list):
            parts = [part for part in block["content"] if isinstance(part, dict)]
            texts += [part["text"] for part in parts if isinstance(part.get("text"), str)]
    return "\n".join(texts)[: 10 * _HALF]


def _says_failure(call: MadeCall) -> bool:
    """Return whether a result that is not marked as an error is one all the same."""
    value = call.value
    has_error = isinstance(value, dict) and bool(value.get("error"))
    return has_error or _FAILURE.match(call.text) is not None
