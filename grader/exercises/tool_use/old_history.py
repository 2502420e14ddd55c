"""Stored conversations with tools, as OpenAI's two APIs take them, of every shape.

They are drawn as messages of Chat Completions; `as_items` says the same in items of Responses.
"""

from __future__ import annotations

import json
from typing import Any

from grader.exams import Case, Exam, Shapes

Json = Any

_MANY = 13
"""How many exchanges no code should cut: with them a history has more than 26 messages."""

SHAPES = Shapes(
    pairs=[
        ("form", "calls"),
        ("form", "text"),
        ("form", "answered"),
        ("form", "then"),
        ("form", "items"),
        ("form", "reasoning"),
        ("items", "reasoning"),
        ("calls", "text"),
        ("calls", "answered"),
        ("calls", "then"),
        ("text", "more"),
        ("form", "more"),
    ],
    form=["Chat Completions", "Responses"],
    calls=["one", "none", "two", "two of one tool", "two alike", "four"],
    text=["None", "not there", "words", "no words"],
    arguments=["an entry", "nothing", "true, false and null", "other letters", "over many lines"],
    result=["JSON", "words", "no words", "other letters", "words about errors"],
    answered=["in order", "in another order", "not yet"],
    then=["nothing", "a question", "an answer", "an answer and a question", "more calls"],
    before=["a question", "two questions", "a question twice", "an exchange", "many exchanges"],
    more=["nothing else", "a refusal of None", "a name"],
    items=["bare", "as they came", "in three parts, two alike"],
    reasoning=["nothing", "encrypted", "a summary"],
    asked=["a line", "lines"],
)


def old_history(exam: Exam, case: Case) -> list[Json]:
    """Return a conversation: questions, a turn with calls, their results, and what came then."""
    messages = _drawn(exam, case)
    if case.items != "in three parts, two alike":
        return messages
    # A text that comes three times over can be cut so that two parts are alike.
    spoken = [message["role"] != "tool" and message.get("content") for message in messages]
    return [
        {**message, "content": f"{said * 3}!"} if said else message
        for message, said in zip(messages, spoken, strict=True)
    ]


def _drawn(exam: Exam, case: Case) -> list[Json]:
    before: dict[str, list[Json]] = {
        "a question": [_asked(exam, case)],
        "two questions": [_asked(exam, case), _asked(exam, case)],
        "a question twice": [_asked(exam, case)] * 2,
        "an exchange": [_asked(exam, case), _answer(exam), _asked(exam, case)],
        "many exchanges": [
            each
            for _ in range(_MANY if case.before == "many exchanges" else 0)
            for each in (_asked(exam, case), _answer(exam))
        ]
        + [_asked(exam, case)],
    }
    turn = _turn(exam, case, _calls(exam, case))
    messages = [*before[case.before], turn]
    if case.calls != "none":
        if case.answered == "not yet":
            return messages
        messages += _results(exam, case, turn)
    then: dict[str, list[Json]] = {
        "nothing": [],
        "a question": [_asked(exam, case)],
        "an answer": [_answer(exam)],
        "an answer and a question": [_answer(exam), _asked(exam, case)],
    }
    if case.then in then:
        return messages + then[case.then]
    again = _turn(exam, case, [_call(exam, case, exam.fresh("get"))])
    return [*messages, again, *_results(exam, case, again)]


def _asked(exam: Exam, case: Case) -> Json:
    words = f"{exam.words(3)} {exam.fresh('order')}?"
    return {
        "role": "user",
        "content": words if case.asked == "a line" else f"  {words}\n\nÀ 10 € («東京»).\n",
    }


def _answer(exam: Exam) -> Json:
    return {"role": "assistant", "content": f"{exam.words(3)} {exam.fresh('order')}."}


def _turn(exam: Exam, case: Case, calls: list[Json]) -> Json:
    """Return a turn of the assistant; one without calls is an answer."""
    if not calls:
        return _answer(exam)
    others: dict[str, dict[str, Json]] = {
        "nothing else": {},
        "a refusal of None": {"refusal": None, "annotations": []},
        "a name": {"name": exam.fresh("bot")},
    }
    more = others[case.more]
    said: dict[str, Json] = {
        "None": {"content": None},
        "not there": {},
        "words": {"content": f"{exam.words(2)} {exam.fresh('look')}."},
        "no words": {"content": ""},
    }
    return {"role": "assistant", **said[case.text], **more, "tool_calls": calls}


def _calls(exam: Exam, case: Case) -> list[Json]:
    name = exam.fresh("get")
    one, other = _call(exam, case, name), _call(exam, case, exam.fresh("get"))
    made: dict[str, list[Json]] = {
        "one": [one],
        "none": [],
        "two": [one, other],
        "two of one tool": [one, _call(exam, case, name)],
        "four": [one, other, *(_call(exam, case, exam.fresh("get")) for _ in "34")],
        "two alike": [one, {**one, "id": exam.fresh("call")}],
    }
    return made[case.calls]


def _call(exam: Exam, case: Case, name: str) -> Json:
    key = exam.fresh("in")
    written: dict[str, str] = {
        "an entry": json.dumps({"key": key, "count": exam.number(2, 99)}),
        "nothing": "{}",
        "true, false and null": json.dumps({"key": key, "on": True, "off": False, "at": None}),
        "other letters": json.dumps({"key": f"{key} für 日本", "so": "€"}, ensure_ascii=False),
        "over many lines": json.dumps({"key": {"all": [key, {"id": 0.5}]}}, indent=2),
    }
    function = {"name": name, "arguments": written[case.arguments]}
    return {"id": exam.fresh("call"), "type": "function", "function": function}


def _results(exam: Exam, case: Case, turn: Json) -> list[Json]:
    """Return a message with a result for each call of a turn."""
    results = []
    for call in turn.get("tool_calls", ()):
        word = exam.fresh("found")
        said = {
            "JSON": json.dumps({"A": word, "is_error": False}),
            "words": f"OK: {exam.words(2)} {word}",
            "no words": "",
            "words about errors": f"{word}: 0 errors, nothing failed",
            "other letters": f"{word} Für 日本: “{exam.words(1)}”\n",
        }
        answer = {"role": "tool", "tool_call_id": call["id"], "content": said[case.result]}
        results.append(answer)
    return results if case.answered == "in order" else results[::-1]


def as_items(exam: Exam, case: Case, messages: list[Json]) -> list[Json]:
    """Return a conversation as items of the Responses API."""
    items: list[Json] = []
    for message in messages:
        if message["role"] == "tool":
            output = {"call_id": message["tool_call_id"], "output": message["content"]}
            items.append({"type": "function_call_output", **output})
            continue
        if message["role"] == "assistant" and case.reasoning != "nothing":
            items.append(_reasoning(exam, case))
        if message.get("content"):
            items.append(_message(exam, case, message["role"], message["content"]))
        for call in message.get("tool_calls", ()):
            item = {"type": "function_call", "call_id": call["id"], **call["function"]}
            items.append({**item, **_marks(exam, case, "fc")})
    return items


def _message(exam: Exam, case: Case, role: str, words: str) -> Json:
    """Return a message; only one that is not bare says that it is one."""
    if case.items == "bare":
        return {"role": role, "content": words}
    kind = "output_text" if role == "assistant" else "input_text"
    third = len(words) // 3
    alike = [words[:third]] * 2 if "three" in case.items else []
    texts = [*alike, words[len(alike) * third :]]
    more: dict[str, Json] = {"annotations": []} if role == "assistant" else {}
    parts = [{"type": kind, "text": text, **more} for text in texts]
    marks = _marks(exam, case, "msg") if role == "assistant" else {}
    return {"type": "message", "role": role, "content": parts, **marks}


def _reasoning(exam: Exam, case: Case) -> Json:
    item: dict[str, Json] = {"type": "reasoning", "id": exam.fresh("rs")}
    if case.reasoning == "a summary":
        return {**item, "summary": [{"type": "summary_text", "text": exam.words(4)}]}
    return {**item, "summary": [], "encrypted_content": exam.fresh("gAAAA")}


def _marks(exam: Exam, case: Case, prefix: str) -> Json:
    """Return what an item of a response has beside what it says."""
    return {} if case.items == "bare" else {"id": exam.fresh(prefix), "status": "completed"}
