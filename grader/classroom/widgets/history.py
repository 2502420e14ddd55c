"""Read a conversation from dicts or SDK objects, as frozen values and in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from grader.classroom.showing import as_json
from grader.errors import WidgetError
from grader.simulator import BLOCKS


@dataclass(frozen=True)
class Block:
    """Hold a content block; words: what it says; call: the id that it calls with or answers."""

    kind: str
    words: str
    call: str | None = None
    is_error: bool = False


@dataclass(frozen=True)
class Message:
    """Hold a message; extra: its other keys besides role and content, with their values."""

    role: str
    blocks: tuple[Block, ...]
    extra: tuple[tuple[str, str], ...] = ()


def read_history(messages: Any, *, where: str = "messages") -> tuple[Message, ...]:
    """Return the messages of a conversation; where: the list's name in an error.

    Raises WidgetError for anything that isn't a list of messages.
    """
    plain = read_plain(messages, where)
    if isinstance(plain, dict) and isinstance(plain.get("messages"), list):
        raise WidgetError(
            f"{where} is a whole request. Give its list of messages: request['messages']."
        )
    if not isinstance(plain, list):
        raise WidgetError(
            f"{where} is {_described(plain)}. Expected a list of messages, such as "
            '[{"role": "user", "content": "Hello"}].'
        )
    if not plain:
        raise WidgetError(f"{where} is an empty list. Expected at least one message.")
    return tuple(read_message(entry, f"{where}[{index}]") for index, entry in enumerate(plain))


def read_message(message: Any, where: str) -> Message:
    """Return one message from plain data; raises WidgetError if it isn't a message."""
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        raise WidgetError(
            f"{where} is {_described(message)}. Expected a message with role and content, such as "
            '{"role": "user", "content": "Hello"}.'
        )
    content = message.get("content")
    if isinstance(content, str):
        blocks: tuple[Block, ...] = (Block("text", content),)
    elif isinstance(content, list):
        blocks = tuple(
            _read_block(block, f"{where}['content'][{index}]")
            for index, block in enumerate(content)
        )
    else:
        raise WidgetError(
            f"The content of {where} is {_described(content)}. Expected a string or a list of "
            "blocks. A history for OpenAI has to be converted first."
        )
    extra = tuple(
        (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in message.items()
        if key not in ("role", "content")
    )
    return Message(message["role"], blocks, extra)


def read_plain(value: Any, where: str) -> Any:
    """Return JSON data for anything that holds dicts, lists and SDK objects."""
    try:
        return json.loads(as_json(value))
    except (RecursionError, ValueError):
        raise WidgetError(
            f"{where} contains itself, so it cannot be shown. Add messages to a list one by one; "
            "messages + more joins two lists."
        ) from None


def _read_block(block: Any, where: str) -> Block:
    if not isinstance(block, dict) or not isinstance(block.get("type"), str):
        raise WidgetError(
            f"{where} is {_described(block)}. Expected a content block with a type, such as "
            '{"type": "text", "text": "Hello"}.'
        )
    name = block["type"]
    kind = BLOCKS.get(name)
    part = kind.part if kind else None
    words = kind.words if kind else None
    if part == "thought":
        hidden = "(its words are not shown)" if words else "(encrypted)"
        return Block(name, (str(block.get(words, "")) if words else "") or hidden)
    if words:
        return Block(name, str(block.get(words, "")))
    if part == "call":
        return Block(name, _call(block), _id(block, "id"))
    if part == "result":
        told = _result(block.get("content", ""))
        return Block(name, told, _id(block, "tool_use_id"), is_error=block.get("is_error") is True)
    rest = {key: value for key, value in block.items() if key != "type"}
    return Block(name, json.dumps(rest, ensure_ascii=False))


def _id(block: dict[str, Any], key: str) -> str | None:
    value = block.get(key)
    return value if isinstance(value, str) else None


def _call(block: dict[str, Any]) -> str:
    given = block.get("input")
    if not isinstance(given, dict):
        return f"{block.get('name')}({json.dumps(given, ensure_ascii=False)})"
    arguments = (f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in given.items())
    return f"{block.get('name')}({', '.join(arguments)})"


def _result(content: Any) -> str:
    if isinstance(content, str):
        return content or "(empty)"
    if not isinstance(content, list):
        return json.dumps(content, ensure_ascii=False)
    parts = (
        str(part["text"])
        if isinstance(part, dict) and "text" in part
        else json.dumps(part, ensure_ascii=False)
        for part in content
    )
    return " ".join(parts) or "(empty)"


def _described(value: Any) -> str:
    """Return a description of a plain value, short enough for an error."""
    names = {dict: "a dict", list: "a list", str: "a string", type(None): "None"}
    kind = names.get(type(value), f"a {type(value).__name__}")
    written = json.dumps(value, ensure_ascii=False)
    shown = written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
    return kind if value is None else f"{kind}, {shown}"


_LONGEST = 80
"""How many characters of a value an error shows."""


LONGEST = 300
"""How many characters of a block we show."""


def cut(text: str) -> str:
    """Return the beginning of a text, and how much is left out; line breaks stay."""
    kept = text.strip()
    if len(kept) <= LONGEST:
        return kept
    return f"{kept[:LONGEST]} … ({len(kept) - LONGEST:,} more characters)"


def block_words(block: Block) -> str:
    """Return what a block says."""
    return f"error: {cut(block.words)}" if block.is_error else cut(block.words)


def indented(words: str, by: int) -> str:
    """Return words with their later lines indented by this many spaces."""
    return words.replace("\n", "\n" + " " * by)
