"""Summarize a conversation from what was said in it: who asked what, and what came back."""

from __future__ import annotations

from collections.abc import Iterator

from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks, is_summary
from grader.simulator.wire import Json

_LONGEST = 240
_MOST = 24
_HEAD = 4


def summarize(messages: list[Json]) -> str:
    """Return a summary of a conversation: a line for each thing said, and what is still open.

    Of a long conversation the beginning and the end are told.
    """
    lines = [line for message in messages for line in _lines(message)]
    if len(lines) > _MOST:
        left_out = len(lines) - _MOST
        end = lines[len(lines) - _MOST + _HEAD :]
        lines = [*lines[:_HEAD], f"({left_out} more lines are left out here.)", *end]
    return "\n".join(["Summary of the conversation so far:", *(f"- {line}" for line in lines)])


def _lines(message: Json) -> Iterator[str]:
    role = message["role"]
    for block in as_blocks(message["content"]):
        line = _line(role, block)
        if line:
            yield line


_SAID = {"user": "The user said", "assistant": "The answer was", "system": "An instruction was"}


def _line(role: str, block: Json) -> str:
    match part_of(block):
        case "summary" if is_summary(block):
            return f"Before that: {_cut(block['content'], 4 * _LONGEST)}"
        case "said" if block["type"] == "text" and block["text"].strip():
            return f"{_SAID[role]}: “{_cut(block['text'])}”"
        case "said" if block["type"] in ("image", "document"):
            return f"The user sent one {block['type']}, which is not kept."
        case "call":
            given = ", ".join(f"{name}={value}" for name, value in block["input"].items())
            return f"{block['name']} was called with {_cut(given) or 'nothing'}."
        case "result":
            texts = [b["text"] for b in as_blocks(block.get("content") or "") if b.get("text")]
            failed = "failed with" if block.get("is_error") else "gave"
            return f"The call {failed}: “{_cut(' '.join(texts))}”"
        case _:
            return ""


def _cut(words: str, longest: int = _LONGEST) -> str:
    """Return a text on one line; of a long one its beginning and its end."""
    line = " ".join(words.split())
    if len(line) <= longest:
        return line
    end = longest // 3
    return f"{line[: longest - end - 3]} … {line[-end:]}"
