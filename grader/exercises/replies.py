"""Replies that no learner has seen: their words, and the blocks beside text.

Checks name a case's parts by the words of these tables, which are the values of a dimension.
"""

from __future__ import annotations

from typing import Any

from grader.exams import Exam
from grader.exercises.loops import searched

Json = Any

BESIDE = ("nothing", "thinking", "redacted", "a call", "a search", "an editor")
"""What may stand beside the text of a reply; the API runs searches and an editor by itself."""
WORDINGS = ("plain", "spaces at the edges", "other scripts", "marks")
"""How a text may be written: what a careless reader drops, or takes for something else."""

BLANKS: dict[str, list[str]] = {"none": [], "line ends": ["\n\n"], "a space": [" "]}
"""Which piece of nothing but blanks stands among a reply's texts: it is text like any other."""


def worded(exam: Exam, wording: str = "plain", *, count: int = 5) -> str:
    """Return a new text, written in one of WORDINGS, in lines, or with a full stop.

    count: of its plain words.
    """
    words = exam.words(count)
    match wording:
        case "spaces at the edges":
            return f"\n {words}\n\n"
        case "lines":
            return f"{words}\n\n- {exam.words(2)}\n- {exam.words(2)}"
        case "other scripts":
            return f"Ünï {words} «東京» 👩‍🔬"
        case "a full stop at the end":
            return f"{words}."
        case "marks":
            return f'{{0}} %s <b>{words}</b> "it\'s" \\n # `null`'
        case _:
            return words


def words_beside(content: list[Json]) -> list[str]:
    """Return what may be read in a reply's blocks that aren't text, such as thoughts and titles."""
    found: list[str] = []
    for block in content:
        match block:
            case {"type": "thinking", "thinking": str(thought)}:
                found.append(thought)
            case {"type": "server_tool_use", "input": given}:
                found += [each for each in given.values() if isinstance(each, str)]
            case {"type": "web_search_tool_result", "content": [*pages]}:
                found += [page[key] for page in pages for key in ("title", "url")]
            case {"type": "tool_use", "name": name}:
                found.append(name)
    return [words for words in found if words]


def with_blank(texts: list[str], blank: str) -> list[str]:
    """Return texts with a piece of blanks between the first two, if there are; blank: of BLANKS."""
    return [*texts[:1], *(BLANKS[blank] if len(texts) > 1 else []), *texts[1:]]


def is_blank_dropped(value: object, texts: list[str]) -> bool:
    """Return whether a value is all these texts but for those of nothing but blanks."""
    return value == "".join(filter(str.strip, texts)) != "".join(texts)


def text_json(words: str) -> dict[str, Json]:
    """Return a text block as it comes over the wire."""
    return {"type": "text", "text": words}


def texts_in(content: list[Json]) -> list[str]:
    """Return the text of each text block of a reply."""
    return [block["text"] for block in content if block["type"] == "text"]


def beside(exam: Exam, what: str) -> list[Json]:
    """Return the blocks of one of BESIDE, as they come over the wire."""
    match what:
        case "nothing":
            return []
        case "thinking":
            thought = {"thinking": exam.words(3), "signature": exam.fresh("sig")}
            return [{"type": "thinking", **thought}]
        case "redacted":
            return [{"type": "redacted_thinking", "data": exam.fresh("data")}]
        case "a call":
            call = {"id": exam.fresh("toolu"), "name": exam.fresh("get"), "input": {"text": "?"}}
            return [{"type": "tool_use", **call}]
        case "a search":
            return searched(exam)
        case _:
            path = f"{exam.fresh('notes')}.txt"
            done = {"type": "text_editor_code_execution_create_result", "is_file_update": False}
            kind = "text_editor_code_execution_tool_result"
            given = {"command": "create", "path": path, "file_text": exam.words(2)}
            return _served(
                exam, "text_editor_code_execution", given, {"type": kind, "content": done}
            )


def _served(exam: Exam, name: str, given: Json, found: Json) -> list[Json]:
    """Return a call that the API made by itself, and what it found."""
    id = exam.fresh("srvtoolu")
    call = {"type": "server_tool_use", "id": id, "name": name, "input": given}
    return [call, {"tool_use_id": id, **found}]


def is_joined_otherwise(value: object, texts: list[str]) -> bool:
    """Return whether a value has all these texts and nothing else that can be read."""
    rest = value if isinstance(value, str) and len(texts) > 1 else ""
    for each in sorted((text.strip() for text in texts), key=len, reverse=True):
        if each not in rest:
            return False
        rest = rest.replace(each, "", 1)
    return not any(sign.isalnum() for sign in rest)
