"""One breakpoint behind all that stays the same."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from grader.exams import Criterion, Exam, Slip, exercise
from grader.exercises.prompt_caching.breakpoints import changed, is_late, marks, told
from grader.exercises.prompt_caching.playing import Play, find_refusal, play
from grader.exercises.prompt_caching.prompts import (
    MARK,
    caching_models,
    handbook,
    long_tools,
    text_block,
    tool,
)
from grader.exercises.readings import is_same

Json = Any


_ODD = (
    ("string", "words"),
    ("blocks", "words"),
    ("tools", "words"),
    ("tools", "empty text"),
    ("tools", "no blocks"),
    ("string", "no tools"),
)
"""Prefixes that few expect: their words speak of breakpoints, or a part is there and empty."""
_WORDS = 'Never set "cache_control" yourself.'


@exercise(
    minutes=6,
    criteria=[
        Criterion("string", "a system prompt that is a string is cached, with the tools before it"),
        Criterion("blocks", "of a system prompt in blocks, all of it is cached"),
        Criterion("tools", "without a system prompt, the tools are cached"),
        Criterion("marked", "a request that has a breakpoint comes back as it is"),
        Criterion("nothing", "and so does one with nothing to cache"),
        Criterion("kept", "nothing else changes, in the new request or in the caller's"),
    ],
)
def add_cache(exam: Exam) -> None:
    """Ask twice with each kind of prefix, and see whether the second request reads it."""
    for criterion in ("string", "blocks", "tools"):
        _caches(exam, criterion)
    for criterion, form in _ODD:
        with exam.part():
            _caches(exam, criterion, form)
    for request in _marked_requests(exam):
        _leaves(exam, request, "marked")
    nothings: tuple[dict[str, Json], ...] = (
        {},
        {"tools": []},
        {"system": ""},
        {"system": [], "tools": []},
    )
    for nothing in nothings:
        _leaves(exam, _request(exam, **nothing), "nothing")


def _request(exam: Exam, **more: Json) -> dict[str, Json]:
    return {
        "model": exam.pick(*caching_models()),
        "max_tokens": exam.number(50, 900),
        **more,
        "messages": [{"role": "user", "content": f"What about {exam.words(3)}?"}],
    }


@dataclass(frozen=True)
class _Prefix:
    """Hold what two requests share, as the learner gets it and as it should be sent."""

    given: dict[str, Json]
    right: dict[str, Json]


def _prefix(exam: Exam, criterion: str, form: str) -> _Prefix:
    said = f"\n{_WORDS}" if form == "words" else ""
    if criterion == "tools":
        tools = long_tools(exam)
        tools[0]["description"] += said
        empty: dict[str, Json] = {"empty text": {"system": ""}, "no blocks": {"system": []}}
        given = {"tools": tools, **empty.get(form, {})}
        return _Prefix(given, {"tools": [*tools[:-1], {**tools[-1], "cache_control": MARK}]})
    tools = [] if form == "no tools" else [tool(exam), tool(exam)]
    if criterion == "string":
        words = handbook(exam) + said
        return _Prefix(
            {"tools": tools, "system": words},
            {"tools": tools, "system": [text_block(words, is_marked=True)]},
        )
    texts = [handbook(exam) + said, handbook(exam, articles=20), f"Be {exam.words(1)}."]
    blocks = [text_block(words) for words in texts]
    return _Prefix(
        {"system": blocks}, {"system": [*blocks[:-1], text_block(texts[-1], is_marked=True)]}
    )


def _caches(exam: Exam, criterion: str, form: str = "") -> None:
    """Judge two requests with the same prefix.

    form: what is odd about the prefix, as in _ODD.
    """
    prefix = _prefix(exam, criterion, form)
    first = _request(exam, **prefix.given)
    asked = [first, {**first, "messages": _request(exam)["messages"]}]
    mine = []
    for request in asked:
        called = exam.call(copy.deepcopy(request), judges=(criterion, "kept"))
        if not isinstance(called.value, dict):
            wrong = exam.which(
                {"printed": called.value is None and called.printed != ""}, otherwise="not-a-dict"
            )
            exam.judge(Slip(wrong, called.value), criterion, "kept")
            return
        mine.append(called.value)
        exam.expect(
            "kept", is_same(called.arguments[0], request), "mutated", _marked(called.arguments[0])
        )
    plays = play(mine)
    right = play([{**request, **prefix.right} for request in asked])
    touched = changed(asked[0], mine[0]) or changed(asked[1], mine[1])
    _judge(exam, criterion, mine, plays, right, touched, has_words=form == "words")
    exam.expect("kept", not touched, "prompt-changed", touched)


def _judge(
    exam: Exam,
    criterion: str,
    mine: list[Json],
    plays: list[Play],
    right: list[Play],
    touched: str,
    *,
    has_words: bool,
) -> None:
    places, fault = marks(mine[0]), plays[0].fault or plays[1].fault or ""
    one, two = plays
    slip = exam.slip(
        {
            find_refusal(exam, fault): (fault != "", fault),
            "prompt-changed": (touched != "", touched),
            "word-for-mark": (not places and has_words, _WORDS),
            "not-marked": (not places, two.summary),
            "automatic": (places == ["cache_control"], two.summary),
            "question-marked": (all(is_late(place) for place in places), told(places)),
            "other-lifetime": (one.tokens.write_1h > 0, "1h"),
            "question-written": (two.written > 0, told(places)),
        },
        otherwise="half-marked",
        observed=f"{told(places)}: {two.read} of {right[1].read}",
    )
    exam.expect(criterion, plays == right, slip)


def _marked_requests(exam: Exam) -> list[dict[str, Json]]:
    """Return requests that have breakpoints: as many as allowed, in a message, and automatic."""
    words = handbook(exam)
    tools = [{**tool(exam), "cache_control": dict(MARK)} for _ in range(3)]
    question = [text_block(exam.words(4), is_marked=True)]
    full = _request(exam, tools=tools, system=words)
    full["messages"] = [{"role": "user", "content": question}]
    inside = _request(exam, tools=[tool(exam)], system=[text_block(words)])
    inside["messages"] = [
        {"role": "user", "content": exam.words(2)},
        {"role": "assistant", "content": [text_block(exam.words(3), is_marked=True)]},
        {"role": "user", "content": exam.words(2)},
    ]
    first = _request(exam, tools=[{**tool(exam), "cache_control": dict(MARK)}, tool(exam)])
    first["system"] = words
    begun = _request(exam, system=[text_block(words, is_marked=True), text_block(exam.words(4))])
    id = exam.fresh("toolu")
    result = {"type": "tool_result", "tool_use_id": id, "content": question}
    deep = _request(exam, tools=[tool(exam)], system=words)
    deep["messages"] = [
        {"role": "user", "content": exam.words(2)},
        {
            "role": "assistant",
            "content": [
                {"type": "tool_use", "id": id, "name": deep["tools"][0]["name"], "input": {}}
            ],
        },
        {"role": "user", "content": [result]},
    ]
    return [
        full,
        inside,
        first,
        deep,
        begun,
        _request(exam, cache_control=dict(MARK), system=words),
    ]


def _leaves(exam: Exam, request: dict[str, Json], criterion: str) -> None:
    called = exam.call(copy.deepcopy(request), judges=(criterion,))
    value = called.value
    fault = (play([value])[0].fault or "") if isinstance(value, dict) else ""
    is_request = isinstance(value, dict)
    before, after = marks(request), marks(value)
    others = changed(request, value) if is_request else value
    slip = exam.slip(
        {
            "not-a-dict": not is_request,
            find_refusal(exam, fault): (fault != "", fault),
            "marked-again": (before != [] and len(after) > len(before), told(after)),
            "mark-lost": (before != after and len(after) <= len(before), told(before)),
            "nothing-to-cache": (before == [] and after != [], told(after)),
        },
        otherwise="prompt-changed",
        observed=others,
    )
    exam.expect(criterion, is_request and after == before and not others, slip)
    exam.expect(
        "kept", is_same(called.arguments[0], request), "mutated", _marked(called.arguments[0])
    )


def _marked(request: Json) -> str:
    """Return what a panel shows of a caller's request that the code changed."""
    places = told(marks(request))
    return f"a breakpoint at {places}" if places else "no breakpoint, but another prompt"
