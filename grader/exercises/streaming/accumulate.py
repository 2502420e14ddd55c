"""The reducer: a stream's events in, the message out."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from grader.exams import OWN_RAISE, Called, Case, Crash, Criterion, Exam, Shapes, Slip, exercise
from grader.exercises.readings import is_same
from grader.exercises.streaming.reduced import (
    changed_events,
    content_of,
    is_content,
    judge_end,
    judge_start,
    judge_text,
    judge_usage,
    lost_keys,
    own_keys,
    values_of,
    without_own_keys,
)
from grader.exercises.streaming.streams import (
    BESIDE,
    CALLS,
    CUTS,
    PING,
    Streamed,
    cut_anew,
    ended_at,
    in_turn,
    nested,
    new_block,
    new_calls,
    new_text,
    streamed,
    with_usage,
)
from grader.simulator import (
    Turn,
    interrupted,
    overloaded,
    rate_limited,
    refusal,
    server_error,
    text,
    thinking,
    turn,
)

Json = Any


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
    shapes=Shapes(
        ending=[
            "end_turn",
            "stop_sequence",
            "refusal",
            "a bare refusal",
            "pause_turn",
            "model_context_window_exceeded",
            "a new reason",
        ],
        words=["plain", "lines", "other letters"],
        pieces=CUTS,
        usage=["whole", "output alone", "more input", "told twice"],
        last=["message_stop", "message_delta", "content_block_stop"],
        blocks=[
            "two texts",
            "two texts in turn",
            "one text within another",
            "an empty text",
            "a call between texts",
            *BESIDE[2:],
            "none",
        ],
        thought=["shown", "not shown", "shown, behind text"],
        calls=CALLS,
        input=["falsy", "nothing", "nothing, then nested"],
        unknown=["pings", "events", "deltas"],
        fault=["overloaded", "server error", "rate limit"],
        broken=["in a text", "at once", "in a call", "before anything"],
    ),
)
def accumulate(exam: Exam) -> None:
    """Reduce streams of one block, of several kinds of blocks, with strange events, and broken."""
    first, *others = exam.cases("ending", "words", "pieces", "usage", "last")
    if not _one_text(exam, first):
        return
    for case in others:
        with exam.part():
            _one_text(exam, case)
    for judge, dimensions in (
        (_has_blocks, ("blocks",)),
        (_thinks, ("thought",)),
        (_calls_tools, ("calls", "pieces")),
        (_calls_with, ("input",)),
        (_meets_unknown_events, ("unknown",)),
        (_meets_an_error, ("fault", "broken")),
    ):
        for case in exam.cases(*dimensions):
            with exam.part():
                judge(exam, case)


def _reduce(
    exam: Exam,
    events: list[Json],
    judges: tuple[str, ...],
    *,
    crash: Crash = None,
    may_raise: tuple[str, ...] = (),
) -> Called:
    given = copy.deepcopy(events)
    return exam.call(given, judges=judges, crash=crash, may_raise=may_raise)


# -- one block -----------------------------------------------------------------------------


def _one_text(exam: Exam, case: Case) -> bool:
    """Judge a stream of one text, and return whether the text is right."""
    stream = cut_anew(with_usage(streamed(exam, _text(exam, case)), case.usage), case.pieces)
    if case.ending == "a new reason":
        reason = exam.fresh("reason")
        stream.message["stop_reason"] = reason
        stream.of_type("message_delta")[0]["delta"]["stop_reason"] = reason
    if case.last != "message_stop":
        stream = ended_at(stream, case.last)
    criteria = ("start", "text", "end", "usage")
    crash = None
    if case.last != "message_stop":
        crash = {OWN_RAISE: Slip("end-expected", case.last)}
    called = _reduce(exam, stream.events, criteria, crash=crash)
    value, words = called.value, stream.message["content"][0]["text"]
    if not isinstance(value, dict):
        is_printed = value is None and words in called.printed
        wrong = exam.which(
            {
                "printed": is_printed,
                "text-only": is_same(value, words),
                "stop-awaited": value is None and case.last != "message_stop",
            },
            otherwise="not-a-dict",
        )
        observed = case.last if wrong == "stop-awaited" else value
        return exam.judge(Slip(wrong, observed), *criteria)
    judge_start(exam, value, stream.message)
    is_right = judge_text(exam, called, stream)
    judge_end(exam, value, stream.message)
    judge_usage(exam, value, stream)
    if is_right:
        after = called.arguments[0]
        exam.expect("kept", is_same(after, stream.events), "mutated", changed_events(stream, after))
    return is_right


def _text(exam: Exam, case: Case) -> Turn:
    words = {
        "plain": new_text(exam),
        "lines": f"  {exam.words(8)}\n\n{exam.words(8)}\n",
        "other letters": f"{exam.words(8)} É 漢字 🙂 {{{exam.words(2)}}}",
    }[case.words]
    match case.ending:
        case "stop_sequence":
            return text(words, stop_reason=case.ending, stop_sequence=exam.fresh("END"))
        case "refusal":
            return refusal(exam.pick("cyber", "bio"), exam.words(4), text(words))
        case "a bare refusal":
            return refusal(None, None, text(words))
        case "a new reason":
            return text(words)
        case reason:
            return text(words, stop_reason=reason)


# -- several blocks ------------------------------------------------------------------------


def _has_blocks(exam: Exam, case: Case) -> None:
    """Judge replies of several blocks, and one without any."""
    two = [text(f"{exam.words(9)} "), text(exam.words(9))]
    parts = {
        "two texts": two,
        "two texts in turn": two,
        "one text within another": two,
        "an empty text": [two[0], Turn(({"type": "text", "text": ""},)), two[1]],
        "a call between texts": [text(exam.words(9)), *new_calls(exam, "one"), text(exam.words(4))],
        "none": [Turn(())],
    }
    around = [new_block(exam, case.blocks)] if case.blocks in BESIDE else []
    reply = turn(*parts.get(case.blocks, [text(exam.words(4)), *around, text(exam.words(4))]))
    stream = cut_anew(streamed(exam, reply), "in halves")
    if case.blocks == "two texts in turn":
        stream = replace(stream, events=in_turn(stream.events))
    if case.blocks == "one text within another":
        stream = replace(stream, events=nested(stream.events))
    # What becomes of a call has criteria of its own.
    has_call = "call" in case.blocks
    called = _reduce(
        exam,
        stream.events,
        ("input",) if has_call else ("blocks",),
        crash="tool-crash" if has_call else "block-crash",
        may_raise=("JSONDecodeError",) if has_call else (),
    )
    if called.raised is not None:
        exam.expect("input", False, "parsed-early", called.raised)
        return
    mine, whole = content_of(called), stream.message["content"]
    texts = [block["text"] for block in whole if block["type"] == "text"]
    mine_said = [words for words in values_of(called, "text") if isinstance(words, str)]
    kinds, sought = [block.get("type") for block in mine], [block["type"] for block in whole]
    slip = exam.slip(
        {
            "first-block-assumed": (
                len(texts) > 1 and values_of(called, "text")[:1] == ["".join(texts)],
                values_of(called, "text"),
            ),
            "blocks-exchanged": (
                mine != whole and mine[::-1] == whole,
                f"{mine_said}, {texts}",
            ),
            "other-block": (
                [*filter(None, mine_said)] != [*filter(None, texts)]
                and sorted("".join(mine_said)) == sorted("".join(texts)),
                f"{mine_said}, {texts}",
            ),
            "blocks-lost": (len(mine) < len(whole), f"{kinds}, {sought}"),
            "block-fields-lost": (lost_keys(called, stream) != "", lost_keys(called, stream)),
            "own-keys": own_keys(called, stream) != "",
        },
        otherwise="other-content",
        observed=own_keys(called, stream) or mine or called.value,
    )
    is_right = is_content(called, stream)
    if case.blocks == "a call between texts":
        plain = [block for block in mine if block.get("type") != "tool_use"]
        is_right = kinds == sought and is_same(plain, [whole[0], whole[2]])
    exam.expect("blocks", is_right, slip)


def _thinks(exam: Exam, case: Case) -> None:
    """Judge thinking whose words are shown, or left out, in front of a text or between two."""
    thought = thinking(
        "" if case.thought == "not shown" else new_text(exam),
        signature=exam.fresh("sig") + exam.fresh("nature"),
    )
    before = [text(exam.words(4))] if case.thought.endswith("behind text") else []
    stream = cut_anew(streamed(exam, turn(*before, thought, text(exam.words(9)))), "in halves")
    called = _reduce(exam, stream.events, ("thinking",), crash="thinking-crash")
    place = len(before)
    mine = ([*content_of(called), {}, {}])[place]
    whole = stream.message["content"][place]
    kinds = [block.get("type") for block in content_of(called)]
    sought = [block["type"] for block in stream.message["content"]]
    slip = exam.slip(
        {
            "thinking-lost": mine.get("thinking") == "" != whole["thinking"],
            "signature-lost": mine.get("signature") == "",
            "blocks-lost": (len(kinds) < len(sought), f"{kinds}, {sought}"),
            "block-fields-lost": (lost_keys(called, stream) != "", lost_keys(called, stream)),
        },
        otherwise="other-content",
        observed=mine or called.value,
    )
    exam.expect("thinking", is_same(mine, whole), slip)
    if isinstance(called.value, dict):
        judge_usage(exam, called.value, stream)


def _calls_tools(exam: Exam, case: Case) -> None:
    """Judge calls whose inputs are cut in some way."""
    stream = cut_anew(streamed(exam, turn(*new_calls(exam, case.calls))), case.pieces)
    _judge_calls(exam, stream, "input")


def _calls_with(exam: Exam, case: Case) -> None:
    """Judge an input of falsy values, and calls without arguments, alone and before another."""
    kinds = case.input.split(", then ")
    parts = [call for kind in kinds for call in new_calls(exam, "one", kind)]
    stream = cut_anew(streamed(exam, turn(*parts)), "in halves")
    _judge_calls(exam, stream, "no-input" if kinds[0] == "nothing" else "input")


def _judge_calls(exam: Exam, stream: Streamed, criterion: str) -> None:
    """Judge the calls of a stream; "no-input" judges those without arguments first."""
    called = _reduce(
        exam, stream.events, (criterion,), crash="tool-crash", may_raise=("JSONDecodeError",)
    )
    inputs, sought = values_of(called, "input"), [b["input"] for b in stream.message["content"]]
    pairs = zip(inputs, sought, strict=False)
    given, whole = next(((a, b) for a, b in pairs if not is_same(a, b)), ({}, {}))
    is_own = is_same(without_own_keys(called, stream), stream.message["content"])
    is_mixed = "Extra data" in (called.raised or "") and len(sought) > 1
    slip = exam.slip(
        {
            "calls-mixed": (is_mixed, called.raised),
            "empty-input": (
                criterion == "no-input" and (called.raised is not None or whole == {} != given),
                called.raised or given,
            ),
            "parsed-early": (called.raised is not None, called.raised),
            "own-keys": (is_own, own_keys(called, stream)),
            "input-lost": (given == {} != whole, f"{given}, {whole}"),
            "input-not-parsed": (isinstance(given, str | list), given),
            "inputs-exchanged": (given != {} and given in sought and len(inputs) > 1, inputs),
            "block-fields-lost": (lost_keys(called, stream) != "", lost_keys(called, stream)),
            "falsy-dropped": (_has_fewer_keys(given, whole), given),
        },
        otherwise="other-content",
        observed=content_of(called) or called.value,
    )
    if criterion == "no-input":
        count = sought.count({})
        is_right = called.raised is None and is_same(inputs[:count], sought[:count])
        exam.expect("no-input", is_right, slip)
        if count == len(sought) or not is_right:
            return
    exam.expect("input", is_content(called, stream), slip)


def _has_fewer_keys(given: Json, whole: Json) -> bool:
    """Return whether an input is the whole one without some of its keys."""
    is_part = isinstance(given, dict) and len(given) < len(whole)
    return is_part and all(is_same(given[key], whole.get(key)) for key in given)


# -- strange events ------------------------------------------------------------------------


def _meets_unknown_events(exam: Exam, case: Case) -> None:
    """Judge a stream with pings, with events of a new type, or with deltas of one."""
    words = exam.words(9)
    stream = cut_anew(streamed(exam, text(words)), "in halves")
    strange = {"type": f"{exam.fresh('new')}_delta", "text": exam.words(2)}
    news = {"type": exam.fresh("news"), "index": 0, "delta": strange}
    fault = {"error": {"type": "new", "message": exam.words(2)}}
    events: list[Json] = (
        []
        if case.unknown != "events"
        else [{"type": name, **fault} for name in _named_like(exam, "error")]
    )
    for event in stream.events:
        events.append(event)
        if case.unknown == "pings":
            events.append(PING)
        elif case.unknown == "events":
            # Types that have a known one in their names, with all that a known one carries.
            events += [news, *({**event, "type": n} for n in _named_like(exam, event["type"]))]
        elif event["type"] == "content_block_delta":
            names = _named_like(exam, event["delta"]["type"])
            events += [
                {**event, "delta": {**strange, "type": n}} for n in (strange["type"], *names)
            ]
    called = _reduce(exam, events, ("unknown",), crash="unknown-crash")
    texts = values_of(called, "text")
    joined = "".join(map(str, texts))
    wrong = exam.which({"unknown-read": strange["text"] in joined}, otherwise="other-content")
    exam.expect("unknown", is_content(called, stream), wrong, texts or called.value)


def _named_like(exam: Exam, name: str) -> tuple[str, str]:
    """Return two new names that have a known one in them."""
    return f"{exam.fresh('new')}_{name}", f"{name}_{exam.fresh('new')}"


def _meets_an_error(exam: Exam, case: Case) -> None:
    """Judge a stream that ends with an error, in the middle of a block or before any."""
    fault = {
        "overloaded": overloaded(),
        "server error": server_error(),
        "rate limit": rate_limited(),
    }[case.fault]
    reply = turn(*new_calls(exam, "one")) if case.broken == "in a call" else text(new_text(exam))
    after = 0 if case.broken == "at once" else 2
    stream = streamed(exam, interrupted(reply, after=after, fault=fault))
    events = stream.events
    if case.broken == "before anything":
        events = stream.of_type("error")
    called = _reduce(exam, events, ("error",), may_raise=("Exception",))
    wrong = exam.which({"error-ignored": called.raised is None}, otherwise="error-not-runtime")
    observed = called.raised or fault.type
    exam.expect("error", "RuntimeError" in called.raised_kinds, wrong, observed)
    exam.expect("error", fault.type in (called.raised or ""), "error-unnamed", called.raised)
