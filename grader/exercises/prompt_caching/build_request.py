"""A request whose prefix stays the same at any time and for any order of the tools."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Case, Criterion, Exam, Shapes, Slip, exercise
from grader.exercises.loops import content_text, last_user_text
from grader.exercises.prompt_caching.breakpoints import bare, is_late, marks, told
from grader.exercises.prompt_caching.playing import Play, find_refusal, play
from grader.exercises.prompt_caching.prompts import handbook, text_block, tool
from grader.exercises.readings import is_same
from grader.exercises.replies import worded

Json = Any

_PREFIX = ("system", "tools", "marker", "hits")
_TURNS = 3
"""How many requests are built of one prefix."""


@exercise(
    minutes=8,
    criteria=[
        Criterion("whole", "the question, the time, the handbook and every tool are there"),
        Criterion("system", "what stands before the breakpoint does not change with the time"),
        Criterion("tools", "the tools are in the same order in every request"),
        Criterion("marker", "the breakpoint is behind the handbook, and before what changes"),
        Criterion("hits", "the second request and the third read the whole prefix"),
        Criterion("kept", "the caller's tools are left as they were"),
    ],
    shapes=Shapes(
        pairs=[("tools", "order")],
        tools=["several", "one", "one description", "a server's"],
        order=["turned", "backwards", "the same"],
        question=["plain", "marks", "other scripts", "twice the same"],
        handbook=["plain", "marks", "other scripts"],
        long=["the handbook", "the tools"],
    ),
)
def build_request(exam: Exam) -> None:
    """Build three requests around midnight, with tools in other orders, and send them."""
    first, *others = exam.cases()
    if _builds(exam, first):
        for case in others:
            with exam.part():
                _builds(exam, case)


@dataclass(frozen=True)
class _Given:
    question: str
    now: str
    handbook: str
    tools: list[Json]


def _builds(exam: Exam, case: Case) -> bool:
    """Judge the requests of one prefix, and return whether they are requests at all."""
    given, mine = _given(exam, case), []
    judges = "whole", *_PREFIX, "kept"
    for each in given:
        tools = copy.deepcopy(each.tools)
        called = exam.call(each.question, each.now, each.handbook, tools, judges=judges)
        if not isinstance(called.value, dict):
            is_printed = called.value is None and called.printed != ""
            wrong = exam.which({"printed": is_printed}, otherwise="not-a-dict")
            exam.judge(Slip(wrong, called.value), *judges)
            return False
        mine.append(called)
    requests = [called.value for called in mine]
    plays = play(requests)
    fault = next((each.fault for each in plays if each.fault), "")
    if fault:
        exam.judge(Slip(find_refusal(exam, fault), fault), "whole", *_PREFIX)
        return False
    for each, request in zip(given, requests, strict=True):
        _is_whole(exam, each, request)
    _hits(exam, given, requests, plays)
    for each, called in zip(given, mine, strict=True):
        after = called.arguments[3]
        marked = told(marks({"tools": after}))
        observed = f"marked at {marked}" if marked else _names(after)
        exam.expect("kept", is_same(after, each.tools), "mutated", observed)
    return True


# -- what is given ---------------------------------------------------------------------------


def _given(exam: Exam, case: Case) -> list[_Given]:
    words = _handbook(exam, case)
    tools = _tools(exam, case)
    orders = {
        "turned": [tools[turn:] + tools[:turn] for turn in range(_TURNS)],
        "backwards": [tools, tools[::-1], tools[1:] + tools[:1]],
        "the same": [tools] * _TURNS,
    }
    wording = "plain" if case.question == "twice the same" else case.question
    questions = [f"What about {worded(exam, wording, count=3)}?" for _ in range(_TURNS)]
    if case.question == "twice the same":
        questions = questions[:1] * _TURNS
    times = _around_midnight(exam)
    return [
        _Given(question, now, words, order)
        for question, now, order in zip(questions, times, orders[case.order], strict=True)
    ]


def _handbook(exam: Exam, case: Case) -> str:
    words = handbook(exam, articles=90 if case.long == "the handbook" else 5)
    return f"{words}\n{worded(exam, case.handbook)}"


def _tools(exam: Exam, case: Case) -> list[Json]:
    """Return tools by the case; their names alone are always different."""
    tools = [tool(exam) for _ in range(1 if case.tools == "one" else 5)]
    if case.long == "the tools":
        tools[0]["description"] = handbook(exam)
    if case.tools == "one description":
        same = {key: tools[0][key] for key in ("description", "input_schema")}
        tools = [{**each, **same} for each in tools]
    if case.tools == "a server's":
        tools = [{"type": "web_search_20250305", "name": "web_search"}, *tools]
    return tools


def _around_midnight(exam: Exam) -> list[str]:
    """Return three times within a few minutes, the last of them in another year.

    So whoever keeps a part of the time in the prefix has another prefix, whichever part it is.
    """
    year, minute = exam.number(2027, 2060), exam.number(54, 57)
    days = f"{year}-12-31", f"{year + 1}-01-01"
    return [f"{days[0]} 23:{minute}", f"{days[0]} 23:{minute + 1}", f"{days[1]} 00:0{minute - 54}"]


# -- what came back --------------------------------------------------------------------------


def _is_whole(exam: Exam, given: _Given, request: Json) -> None:
    system = content_text(request.get("system"))
    user = last_user_text(request)
    exam.expect(
        "whole", request.get("model") == DEFAULT_MODEL, "model-otherwise", request.get("model")
    )
    exam.expect("whole", given.question in user, "question-lost", user)
    exam.expect("whole", given.handbook in system, "handbook-lost", len(system))
    mine = bare(request.get("tools") or [])
    is_there = len(mine) == len(given.tools) and all(each in mine for each in bare(given.tools))
    exam.expect("whole", is_there, "tools-lost", _names(mine))
    # The API joins two user messages in a row into one turn.
    said = system + _said(request)
    is_told = all(part in said for part in given.now.split())
    exam.expect("whole", is_told, "time-lost", given.now)


def _said(request: Json) -> str:
    """Return the text of all messages."""
    messages = request.get("messages")
    listed = messages if isinstance(messages, list | tuple) else []
    return "\n".join(
        content_text(message.get("content")) for message in listed if isinstance(message, dict)
    )


def _hits(exam: Exam, given: list[_Given], requests: list[Json], plays: list[Play]) -> None:
    """Judge the prefixes of three requests, by their text and by what the cache served."""
    places = marks(requests[0])
    prefixes = [_prefix_text(request) for request in requests]
    times = [part for each in given for part in (each.now[:4], each.now[11:])]
    is_timed = any(part in text for text in prefixes for part in times)
    wrong = exam.which({"time-in-prefix": is_timed}, otherwise="system-changes")
    is_steady = all(text == prefixes[0] for text in prefixes)
    exam.expect("system", is_steady, wrong, _first_difference(prefixes))
    orders = [_names(request.get("tools")) for request in requests]
    is_ordered = all(order == orders[0] for order in orders)
    exam.expect("tools", is_ordered, "tools-unordered", "; ".join(orders[:2]))
    at = told(places)
    are_tools = places != [] and all(place.startswith("tools") for place in places)
    slip = exam.slip(
        {
            "not-marked": not places,
            "marker-late": (places != [] and all(is_late(place) for place in places), at),
            "tools-only": (are_tools, at),
            "question-written": (any(is_late(place) for place in places), at),
            "handbook-lost": given[0].handbook not in content_text(requests[0].get("system")),
        },
        otherwise="never-hits",
        observed="; ".join(each.summary for each in plays),
    )
    is_behind = any(place.startswith("system") for place in places)
    is_before = not any(is_late(place) for place in places)
    exam.expect("marker", is_behind and is_before, slip)
    right = play([_right(each, request) for each, request in zip(given, requests, strict=True)])
    is_read = all(
        mine.read >= best.read > 0 and mine.written == 0
        for mine, best in zip(plays[1:], right[1:], strict=True)
    )
    exam.expect("hits", is_read, slip)


def _right(given: _Given, request: Json) -> Json:
    """Return a request with the whole prefix marked, for the model that the learner chose."""
    return {
        "model": request["model"],
        "max_tokens": 10,
        "tools": sorted(given.tools, key=json.dumps),
        "system": [text_block(given.handbook, is_marked=True)],
        "messages": [{"role": "user", "content": given.question}],
    }


def _prefix_text(request: Json) -> str:
    """Return the system prompt's text up to its last breakpoint, or all of it without one."""
    system = request.get("system")
    places = [place for place in marks(request) if place.startswith("system")]
    if not isinstance(system, list | tuple) or not places:
        return content_text(system)
    return content_text(list(system)[: int(places[-1].split(".")[1]) + 1])


def _first_difference(texts: list[str]) -> str:
    """Return two of these texts at the place where they first differ."""
    other = next((text for text in texts if text != texts[0]), texts[0])
    place = next(
        (
            place
            for place, pair in enumerate(zip(texts[0], other, strict=False))
            if len({*pair}) > 1
        ),
        min(len(texts[0]), len(other)),
    )
    start = max(texts[0].rfind("\n", 0, place) + 1, place - 30)
    return " / ".join(text[start : place + 12].partition("\n")[0] for text in (texts[0], other))


def _names(tools: Json) -> str:
    listed = tools if isinstance(tools, list | tuple) else []
    return ", ".join(str(each.get("name")) for each in listed if isinstance(each, dict)) or "none"
