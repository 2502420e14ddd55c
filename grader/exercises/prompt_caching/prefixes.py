"""Requests with every kind of prefix, and requests with a breakpoint in every place."""

from __future__ import annotations

from typing import Any

from grader.exams import Case, Exam
from grader.exercises.prompt_caching.prompts import (
    MARK,
    caching_models,
    handbook,
    long_tools,
    text_block,
    tool,
)
from grader.exercises.replies import worded
from grader.exercises.tokens_and_cost.prompts import other_parameters

Json = Any

SYSTEMS = (
    "a string",
    "blocks",
    "one block",
    "two alike",
    "absent",
    "an empty string",
    "an empty list",
)
TOOLS = ("several", "one", "a server's", "absent", "an empty list")
WORDINGS = ("plain", "cache_control", "spaces at the edges", "other scripts", "marks", "brief")
"""What the prefix and the question speak of, and in which signs; "brief" is a word or two."""
MESSAGES = ("a question", "blocks", "turns", "none")
MARKED = (
    "the last tool",
    "a tool before it",
    "the last of the system",
    "the first of the system",
    "the question",
    "a reply",
    "a picture",
    "a tool's result",
    "inside a result",
    "the request",
    "all four",
    "an hour",
)
"""Where a request has a breakpoint already."""

_MANY = 5
"""More than a request may have breakpoints."""


def prefix_request(exam: Exam, case: Case, *, is_long: bool = False) -> dict[str, Json]:
    """Return a request without a breakpoint, with a prefix as a case says.

    is_long: whether each part of the prefix is long enough for the cache. With messages "none" it
    has a prompt and no more, as in the docstring's example.
    """
    said = f"\n{_said(exam, case.wording)}"
    prefix: dict[str, Json] = {}
    if case.tools != "absent":
        prefix["tools"] = _tools(exam, case.tools, said, is_long=is_long)
    if case.system != "absent":
        prefix["system"] = _system(exam, case.system, said, is_long=is_long)
    messages = _messages(exam, case.messages, said)
    if not messages:
        return {**prefix, "messages": messages}
    return {
        **_settings(exam),
        **prefix,
        "messages": messages,
        **other_parameters(exam, case.beside),
    }


def _settings(exam: Exam) -> dict[str, Json]:
    return {"model": exam.pick(*caching_models()), "max_tokens": exam.number(50, 900)}


def _said(exam: Exam, wording: str) -> str:
    if wording == "cache_control":
        return f'Never set "cache_control" {exam.words(2)}.'
    return "" if wording == "brief" else worded(exam, wording)


def _tools(exam: Exam, kind: str, said: str, *, is_long: bool) -> list[Json]:
    if kind == "an empty list":
        return []
    tools = long_tools(exam) if is_long else [tool(exam) for _ in range(_MANY)]
    tools = tools[:1] if kind == "one" else tools
    if said == "\n":
        tools = [{"name": each["name"], "input_schema": {"type": "object"}} for each in tools]
    else:
        tools[0]["description"] += said.replace('"cache_control"', "'cache_control':")
    if kind == "a server's":
        return [*tools[:2], {"type": "web_search_20250305", "name": "web_search"}]
    return tools


def _system(exam: Exam, kind: str, said: str, *, is_long: bool) -> Json:
    words = handbook(exam, articles=90 if is_long else 3) + said
    if said == "\n":
        words = f"Be {exam.words(1)}."
    others = [text_block(f"Be {exam.words(2)}.") for _ in range(_MANY - 1)]
    systems: dict[str, Json] = {
        "a string": words,
        "blocks": [text_block(words), *others],
        "one block": [text_block(words)],
        "two alike": [text_block(words), *others[:1], *others[:1]],
        "an empty string": "",
        "an empty list": [],
    }
    return systems[kind]


def _messages(exam: Exam, kind: str, said: str) -> list[Json]:
    # Whoever looks for the key in Python's own writing finds it in single quotes.
    quoted = said.replace('"cache_control"', "'cache_control':")
    asked = f"What about {exam.words(3)}?{quoted}"
    other = "cache_control" if '"cache_control"' in said else exam.words(2)
    plain, blocks = _user(asked), _user([text_block(asked), text_block(other)])
    turns = [plain, _assistant([text_block(exam.words(3))]), _user(exam.words(2))]
    return {"a question": [plain], "blocks": [blocks], "turns": turns, "none": []}[kind]


def _user(content: Json) -> Json:
    return {"role": "user", "content": content}


def _assistant(content: Json) -> Json:
    return {"role": "assistant", "content": content}


def other_question(request: Json) -> list[Json]:
    """Return the messages of another request with the same prefix."""
    return [_user(f"Something else than {len(request['messages'])} messages?")]


def right_place(request: Json) -> str:
    """Return where a request's breakpoint belongs, such as "system.2"; "" if it needs none."""
    system, tools = request.get("system"), request.get("tools")
    if system:
        return f"system.{len(system) - 1 if isinstance(system, list) else 0}"
    return f"tools.{len(tools) - 1}" if tools else ""


def marked_request(exam: Exam, place: str, around: str) -> dict[str, Json]:
    """Return a request with a breakpoint; place: one of `MARKED`.

    around: what its system prompt is where the breakpoint isn't in it: "a string", "blocks" or
    "absent".
    """
    words, mark = exam.words(6), {"cache_control": dict(MARK)}
    tools, id = [tool(exam) for _ in range(3)], exam.fresh("toolu")
    blocks = [text_block(words), text_block(exam.words(4))]
    asked, said = text_block(exam.words(4)), text_block(exam.words(3))
    call = {"type": "tool_use", "id": id, "name": tools[0]["name"], "input": {}}
    found = text_block(exam.words(3))
    result: Json = {"type": "tool_result", "tool_use_id": id, "content": [found]}
    url = {"type": "url", "url": f"https://example.com/{exam.fresh('cat')}.png"}
    picture: Json = {"type": "image", "source": url}
    request: dict[str, Json] = {**_settings(exam), "tools": tools}
    system: Json = {"a string": words, "blocks": blocks, "absent": None}[around]
    targets: dict[str, list[Json]] = {
        "the last tool": [tools[-1]],
        "a tool before it": [tools[0]],
        "the last of the system": [blocks[-1]],
        "the first of the system": [blocks[0]],
        "the question": [asked],
        "a reply": [said],
        "a picture": [picture],
        "a tool's result": [result],
        "inside a result": [found],
        "the request": [request],
        "all four": [*tools, asked],
        "an hour": [asked],
    }
    for target in targets[place]:
        target.update(mark)
    if place == "an hour":
        asked["cache_control"] = {**MARK, "ttl": "1h"}
    if place.endswith("system"):
        system = blocks
    if system is not None:
        request["system"] = system
    request["messages"] = [
        _user([picture, asked]),
        _assistant([said, call]),
        _user([result]),
        _assistant(exam.words(2)),
        _user(exam.words(2)),
    ]
    return request
