"""What stands beside the calls in a reply: text, thoughts, and calls that the API runs by itself.

A declared dimension of the inputs names one of `BESIDE` and one of `PLACES`; the simplest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from grader.exams import Exam

Json = Any
Block = TypeVar("Block")

GOING_BACK = ("nothing", "text", "thinking", "redacted", "a server's call")
"""The kinds of blocks that may come with calls, and that any request may send back."""
BESIDE = (*GOING_BACK, "an upload")
"""All of those kinds; a file that was uploaded goes back only while it is there."""
PLACES = ("in front", "between", "behind")
"""Where they may stand."""


def blocks_beside(exam: Exam, kind: str) -> list[dict[str, Json]]:
    """Return the blocks of one kind of `BESIDE`, as the API sends them."""
    match kind:
        case "nothing":
            return []
        case "text":
            return [{"type": "text", "text": exam.words(4)}]
        case "thinking":
            return [{"type": "thinking", "thinking": "", "signature": exam.fresh("sig")}]
        case "redacted":
            return [{"type": "redacted_thinking", "data": exam.fresh("data")}]
        case "an upload":
            return [{"type": "container_upload", "file_id": exam.fresh("file")}]
        case _:
            return [*searched(exam), cited(exam)]


def cited(exam: Exam, words: str | None = None) -> dict[str, Json]:
    """Return a text block that says which page of a search it quotes; words: its text."""
    where = {
        "type": "web_search_result_location",
        "url": f"https://example.com/{exam.fresh('page')}",
        "title": exam.words(2),
        "cited_text": exam.words(3),
        "encrypted_index": exam.fresh("index"),
    }
    return {"type": "text", "text": words or exam.words(4), "citations": [where]}


def searched(exam: Exam) -> list[dict[str, Json]]:
    """Return a search that the API ran by itself: its call, and what it found."""
    id = exam.fresh("srvtoolu")
    call = {"type": "server_tool_use", "id": id, "name": "web_search"}
    page = {
        "type": "web_search_result",
        "url": f"https://example.com/{exam.fresh('page')}",
        "title": exam.words(2),
        "encrypted_content": exam.fresh("page"),
        "page_age": None,
    }
    return [
        {**call, "input": {"query": exam.words(3)}},
        {"type": "web_search_tool_result", "tool_use_id": id, "content": [page]},
    ]


def placed(calls: Sequence[Block], beside: Sequence[Block], where: str) -> list[Block]:
    """Return the calls with other blocks beside them; where: one of `PLACES`."""
    if where == "in front":
        return [*beside, *calls]
    if where == "behind":
        return [*calls, *beside]
    return [*calls[:1], *beside, *calls[1:]]
