"""The reducer: a stream's events in, the message out."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Called, Criterion, Exam, Slip, exercise
from grader.exercises.readings import differing, is_same
from grader.exercises.streaming.streams import PING, Streamed, new_input, new_text, streamed
from grader.simulator import (
    interrupted,
    overloaded,
    refusal,
    server_error,
    text,
    thinking,
    tool_use,
    turn,
)

Json = Any

_ENDING = ("stop_reason", "stop_sequence", "stop_details")
_CHANGING = ("content", "usage", *_ENDING)
"""The fields of a message that differ between its start and its end."""


@exercise(
    minutes=12,
    criteria=[
        Criterion("start", "the message is begun as `message_start` has it"),
        Criterion("text", "the text of a block is put together"),
        Criterion("end", "it says why it ended, as `message_delta` does"),
        Criterion("usage", "the counts at the end take the place of those at the start"),
        Criterion("kept", "the events are left as they were"),
        Criterion("blocks", "each delta goes to the block of its index"),
        Criterion("thinking", "thinking and its signature are put together"),
        Criterion("input", "a tool's input is parsed when it is whole"),
        Criterion("no-input", "a tool without arguments has the input `{}`"),
        Criterion("unknown", "pings and unknown types change nothing"),
        Criterion("error", "an error event raises a `RuntimeError` that names its type"),
    ],
)
def accumulate(exam: Exam) -> None:
    """Reduce streams of one block, of several kinds of blocks, with strange events, and broken."""
    if not _one_text(exam):
        return
    _two_texts(exam)
    _thinks(exam)
    _calls_a_tool(exam)
    _calls_two_tools(exam)
    _calls_without_arguments(exam)
    _meets_unknown_events(exam)
    _meets_an_error(exam)


def _reduce(
    exam: Exam,
    events: list[Json],
    judges: tuple[str, ...],
    *,
    crash: str | None = None,
    may_raise: tuple[str, ...] = (),
) -> Called:
    given = copy.deepcopy(events)
    return exam.call(given, judges=judges, crash=crash, may_raise=may_raise)


def _content(called: Called) -> list[Json]:
    """Return the blocks of the message that came back, as far as they are dicts."""
    content = called.value.get("content") if isinstance(called.value, dict) else None
    blocks = content if isinstance(content, list) else []
    return [block for block in blocks if isinstance(block, dict)]


def _is_content(called: Called, stream: Streamed) -> bool:
    content = called.value.get("content") if isinstance(called.value, dict) else None
    return is_same(content, stream.message["content"])


def _values(called: Called, key: str) -> list[Json]:
    return [block.get(key) for block in _content(called)]


# -- one block -----------------------------------------------------------------------------


def _one_text(exam: Exam) -> bool:
    """Judge a stream of one text, and return whether the text is right."""
    end = exam.fresh("END")
    reply = text(new_text(exam), stop_reason="stop_sequence", stop_sequence=end)
    stream = streamed(exam, reply)
    criteria = ("start", "text", "end", "usage")
    called = _reduce(exam, stream.events, criteria)
    value, words = called.value, stream.message["content"][0]["text"]
    if not isinstance(value, dict):
        is_printed = value is None and words in called.printed
        wrong = exam.which(
            {"printed": is_printed, "text-only": is_same(value, words)}, otherwise="not-a-dict"
        )
        return exam.judge(Slip(wrong, value), *criteria)
    _is_begun(exam, value, stream.message)
    is_right = _is_put_together(exam, called, stream)
    _has_ended(exam, value, stream.message)
    _has_usage(exam, value, stream)
    if is_right:
        after = called.arguments[0]
        exam.expect("kept", is_same(after, stream.events), "mutated", _changed(stream, after))
    return is_right


def _is_begun(exam: Exam, value: Json, message: Json) -> None:
    keys = sorted({*map(str, value), *message} - {*_CHANGING})
    others = [key for key in keys if not is_same(value.get(key), message.get(key))]
    others += [key for key in message if key not in value and key not in others]
    exam.expect("start", not others, "other-start", ", ".join(others))


def _is_put_together(exam: Exam, called: Called, stream: Streamed) -> bool:
    content, pieces = called.value.get("content"), stream.pieces("text_delta", "text")
    texts = _values(called, "text")
    wrong = exam.which(
        {
            "content-not-blocks": not isinstance(content, list)
            or len(_content(called)) != len(content),
            "no-blocks": not content,
            "only-one-piece": len(texts) == 1 and texts[0] in pieces,
            "own-keys": is_same(_without_own_keys(called, stream), stream.message["content"]),
        },
        otherwise="other-content",
    )
    observed = _own_keys(called, stream) if wrong == "own-keys" else content
    return exam.expect("text", is_same(content, stream.message["content"]), wrong, observed)


def _without_own_keys(called: Called, stream: Streamed) -> list[Json]:
    """Return the blocks that came back, without keys that the message's blocks lack."""
    pairs = zip(_content(called), stream.message["content"], strict=False)
    return [{key: block[key] for key in block if key in whole} for block, whole in pairs]


def _own_keys(called: Called, stream: Streamed) -> str:
    pairs = zip(_content(called), stream.message["content"], strict=False)
    return ", ".join(str(key) for block, whole in pairs for key in block if key not in whole)


def _has_ended(exam: Exam, value: Json, message: Json) -> None:
    told = {key: value.get(key) for key in _ENDING}
    wrong = exam.which({"stop-from-start": told["stop_reason"] is None}, otherwise="other-end")
    expected = {key: message[key] for key in _ENDING}
    others = {key: told[key] for key in _ENDING if not is_same(told[key], expected[key])}
    observed = others if wrong == "other-end" else told
    exam.expect("end", is_same(told, expected), wrong, observed)


def _has_usage(exam: Exam, value: Json, stream: Streamed) -> None:
    usage = value.get("usage")
    first = stream.of_type("message_start")[0]["message"]["usage"]
    last = stream.of_type("message_delta")[0]["usage"]
    mine = usage if isinstance(usage, dict) else {}
    sums = {key: first[key] + last[key] for key in ("input_tokens", "output_tokens")}
    whole, count = stream.message["usage"], mine.get("output_tokens")
    is_sum = any(is_same(mine.get(key), total) for key, total in sums.items())
    slip = exam.slip(
        {
            "usage-added": (is_sum, count),
            "usage-from-start": (is_same(usage, first), count),
            "usage-replaced": (is_same(usage, last), ", ".join(sorted(first.keys() - mine.keys()))),
        },
        otherwise="other-usage",
        observed={key: mine.get(key) for key in differing(mine, whole)} if mine else usage,
    )
    exam.expect("usage", is_same(usage, whole), slip)


def _changed(stream: Streamed, after: Json) -> Json:
    """Return the types of the events that the code changed."""
    if not isinstance(after, list) or len(after) != len(stream.events):
        return after
    pairs = zip(stream.events, after, strict=True)
    return ", ".join(event["type"] for event, mine in pairs if not is_same(mine, event))


# -- several blocks ------------------------------------------------------------------------


def _two_texts(exam: Exam) -> None:
    first, second = text(f"{exam.words(9)} "), text(exam.words(9))
    stream = streamed(exam, refusal(exam.pick("cyber", "bio"), exam.words(4), first, second))
    called = _reduce(exam, stream.events, ("blocks",))
    texts = _values(called, "text")
    joined = "".join(block["text"] for block in stream.message["content"])
    wrong = exam.which(
        {"first-block-assumed": texts[:1] == [joined], "blocks-lost": len(texts) < 2},
        otherwise="other-content",
    )
    exam.expect("blocks", _is_content(called, stream), wrong, texts)
    if isinstance(called.value, dict):
        _has_ended(exam, called.value, stream.message)


def _thinks(exam: Exam) -> None:
    thought = thinking(new_text(exam), signature=exam.fresh("sig") + exam.fresh("nature"))
    stream = streamed(exam, turn(thought, text(exam.words(9))))
    called = _reduce(exam, stream.events, ("thinking",), crash="thinking-crash")
    mine = (_content(called) or [{}])[0]
    wrong = exam.which(
        {
            "thinking-lost": mine.get("thinking") == "",
            "signature-lost": mine.get("signature") == "",
        },
        otherwise="other-content",
    )
    exam.expect("thinking", _is_content(called, stream), wrong, mine or called.value)
    if isinstance(called.value, dict):
        _has_usage(exam, called.value, stream)


def _calls_a_tool(exam: Exam) -> None:
    call = tool_use(exam.fresh("get"), new_input(exam))
    stream = streamed(exam, turn(text(exam.words(5)), call))
    called = _reduce(
        exam, stream.events, ("input",), crash="tool-crash", may_raise=("JSONDecodeError",)
    )
    given = (_values(called, "input") or [None])[-1]
    has_own = is_same(_without_own_keys(called, stream), stream.message["content"])
    slip = exam.slip(
        {
            "parsed-early": (called.raised is not None, called.raised),
            "input-lost": (given == {}, given),
            "input-not-parsed": (isinstance(given, str | list), given),
            "own-keys": (has_own, _own_keys(called, stream)),
        },
        otherwise="other-content",
        observed=_content(called),
    )
    exam.expect("input", _is_content(called, stream), slip)


def _calls_two_tools(exam: Exam) -> None:
    calls = [tool_use(exam.fresh("get"), new_input(exam)) for _ in range(2)]
    stream = streamed(exam, turn(*calls))
    called = _reduce(
        exam, stream.events, ("input",), crash="tool-crash", may_raise=("JSONDecodeError",)
    )
    inputs = _values(called, "input")
    are_mixed = called.raised is not None or len(inputs) == len(calls)
    wrong = exam.which({"calls-mixed": are_mixed}, otherwise="other-content")
    exam.expect("input", _is_content(called, stream), wrong, called.raised or inputs)


def _calls_without_arguments(exam: Exam) -> None:
    stream = streamed(exam, tool_use(exam.fresh("get"), {}))
    called = _reduce(
        exam, stream.events, ("no-input",), crash="tool-crash", may_raise=("JSONDecodeError",)
    )
    given = _values(called, "input")
    is_other = called.raised is not None or given not in ([], [{}])
    wrong = exam.which({"empty-input": is_other}, otherwise="other-content")
    observed = called.raised or (given[0] if given else called.value)
    exam.expect("no-input", _is_content(called, stream), wrong, observed)


# -- strange events ------------------------------------------------------------------------


def _meets_unknown_events(exam: Exam) -> None:
    """Judge a stream with pings, with events of a new type, and with deltas of one."""
    words = exam.words(9)
    stream = streamed(exam, text(words))
    strange = {"type": f"{exam.fresh('new')}_delta", "text": exam.words(2)}
    news = {"type": exam.fresh("news"), "index": 0, "delta": strange}
    events: list[Json] = []
    for event in stream.events:
        events += [event, PING, news]
        if event["type"] == "content_block_delta":
            events.append({**event, "delta": strange})
    called = _reduce(exam, events, ("unknown",), crash="unknown-crash")
    texts = _values(called, "text")
    wrong = exam.which({"unknown-read": bool(texts)}, otherwise="other-content")
    exam.expect("unknown", _is_content(called, stream), wrong, texts or called.value)


def _meets_an_error(exam: Exam) -> None:
    fault = exam.pick(overloaded(), server_error())
    reply = interrupted(text(new_text(exam)), after=exam.number(1, 3), fault=fault)
    stream = streamed(exam, reply)
    called = _reduce(exam, stream.events, ("error",), may_raise=("Exception",))
    wrong = exam.which({"error-ignored": called.raised is None}, otherwise="error-not-runtime")
    observed = called.raised or fault.type
    exam.expect("error", "RuntimeError" in called.raised_kinds, wrong, observed)
    exam.expect("error", fault.type in (called.raised or ""), "error-unnamed", called.raised)
