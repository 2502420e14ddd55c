"""The newest exchanges of a history, cut where nothing gets torn apart and newer models take it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Case, Criterion, Exam, SdkObject, Shapes, Slip, exercise
from grader.exercises.loops import (
    Messages,
    Said,
    called_exchange,
    find_objection,
    has_thoughts,
    instructed_exchange,
    instructions_gone,
    joined,
    models_that_check,
    plain_exchange,
    question,
    roles_of,
    said_in,
    sdk_block,
    signed,
    text_block,
    without_nulls,
    without_thoughts,
)
from grader.exercises.readings import is_same
from grader.exercises.replies import beside

Json = Any

_TOOL = {"name": "look_up", "input_schema": {"type": "object"}}
_MANY = 12
"""How many exchanges a long history has besides: more than a limit of the code's own would be."""
_PLAIN = (
    *("plain", "blocks", "an open question", "its word", "a picture", "only a picture"),
    *("a search", "a quotation"),
)
"""Exchanges without a tool of the caller's."""
_SPOKEN = {"text", "tool_use", "tool_result"}
"""The types of the blocks that every kind of trimming knows."""
_AGAIN = "the same again"
_INSTRUCTED = "an instruction"


@exercise(
    minutes=12,
    criteria=[
        Criterion("newest", "the newest exchanges are kept, and no more than were asked for"),
        Criterion("whole", "an exchange with tool calls is kept whole, or not at all", points=2),
        Criterion("thinking", "newer models take what is left of a cut history", points=2),
        Criterion("short", "a history that is short enough stays as it is"),
        Criterion("none", "of 0 exchanges nothing is left"),
        Criterion("value", "the caller's list is left as it was"),
    ],
    shapes=Shapes(
        pairs=[
            ("newest", "count"),
            ("older", "count"),
            ("length", "count"),
            ("thinking", "form"),
            ("form", "maker"),
        ],
        newest=[
            *_PLAIN,
            _AGAIN,
            "a tool",
            "two rounds",
            "a tool and words",
            "an open call",
            _INSTRUCTED,
        ],
        older=["plain", "a tool", "an open question", "blocks", "none"],
        count=["one", "two", "none", "more"],
        length=["three", "two", "long", "one"],
        thinking=["hidden", "shown", "redacted", "both", "alone", "between"],
        form=["objects", "dicts"],
        reply=["blocks", "two alike", "a search", "a tool", "two rounds", "an open call"],
        before=["plain", "blocks", "a tool"],
        maker=["newer", "older"],
    ),
)
def trim_history(exam: Exam) -> None:
    """Trim histories, plain and with tool calls, to fewer exchanges, to all and to none.

    The cases come in the order in which a learner meets the rules: where to cut, then what becomes
    of thinking. What is left is sent to models of both generations.
    """
    plain = [plain_exchange(exam, in_blocks=number % 2 == 1) for number in range(6)]
    if not _trims(exam, [without_thoughts(each) for each in plain], 3, "newest", is_first=True):
        return
    cuts = exam.cases("newest", "older", "count", "length")
    plain_ones = (*_PLAIN, _AGAIN)
    for case in sorted(
        cuts, key=lambda case: (case.count == "none", case.newest not in plain_ones)
    ):
        with exam.part():
            _trims_case(exam, case)
    with exam.part():
        _trims(exam, [], 1, "short", crash="short-crash")
        _trims(exam, [], 0, "none")
    thoughtful = exam.cases("thinking", "form", "reply", "before", "maker")
    bare_forms: set[str] = set()
    by_form = sorted(thoughtful, key=lambda case: case.form != "dicts")
    for number, case in enumerate(by_form):
        with exam.part():
            _trims_thinking(exam, case, number, bare_forms)


def _trims_case(exam: Exam, case: Case) -> None:
    kinds = [case.older, case.newest] if case.older != "none" else [case.newest]
    kinds = ["plain"] * {"three": 1, "long": _MANY}.get(case.length, 0) + kinds
    if case.length == "one":
        kinds = kinds[-1:]
    if case.newest == _AGAIN:
        # Somebody asks what was asked before, and hears the same: that is an exchange too.
        kinds = ["plain", "plain", _AGAIN]
    exchanges = [without_thoughts(_exchange(exam, kind)) for kind in kinds]
    if case.newest == _AGAIN:
        exchanges[-2] = exchanges[-1]
    counts = {"one": 1, "two": 2, "none": 0, "more": len(kinds) + 2}
    count = counts[case.count]
    if count == 0:
        criterion = "none"
    elif count >= len(kinds):
        criterion = "short"
    else:
        criterion = "newest" if set(kinds) <= {*_PLAIN, _AGAIN, _INSTRUCTED} else "whole"
    crash = "short-crash" if criterion == "short" else None
    _trims(exam, exchanges, count, criterion, crash=crash)


def _trims_thinking(exam: Exam, case: Case, number: int, bare_forms: set[str]) -> None:
    """Judge a history with thinking that loses its first exchange; the first two, whole as well.

    bare_forms: the forms of blocks from which the thinking was taken so far.
    """
    kinds = (case.before, case.reply, "blocks")
    exchanges = [_thoughtful(exam, _exchange(exam, kind), case) for kind in kinds]
    # The history was made by one model; the next request may go to another.
    makers = models_that_check()
    maker = makers[number % len(makers)] if case.maker == "newer" else DEFAULT_MODEL
    seed = exam.seed_for(f"thinking {number}")
    history = signed(joined(exchanges), model=maker, seed=seed, tools=[_TOOL])
    parts = list(_parted(history, exchanges))
    is_plain = case.reply in (*_PLAIN, "two alike")
    criterion = "newest" if is_plain else "whole"
    _trims(exam, parts, 2, criterion, maker=maker, form=case.form, bare_forms=bare_forms)
    if number < 2:
        _trims(exam, parts, len(kinds) + number, "short", crash="short-crash", maker=maker)


def _parted(history: Messages, exchanges: Sequence[Messages]) -> Iterator[Messages]:
    start = 0
    for each in exchanges:
        yield history[start : start + len(each)]
        start += len(each)


def _thoughtful(exam: Exam, exchange: Messages, case: Case) -> Messages:
    """Return an exchange whose replies in blocks think as the case says, in the form it says."""
    bare = without_thoughts(exchange)
    return [
        {**message, "content": _with_thoughts(exam, message["content"], case)}
        if message["role"] == "assistant" and isinstance(message["content"], list)
        else message
        for message in bare
    ]


def _with_thoughts(exam: Exam, content: list[Json], case: Case) -> list[Json]:
    said = exam.words(3) if case.thinking == "shown" else ""
    thought = sdk_block({"type": "thinking", "thinking": said, "signature": ""})
    redacted = sdk_block({"type": "redacted_thinking", "data": ""})
    before = {"redacted": [redacted], "both": [thought, redacted]}
    blocks = [*before.get(case.thinking, [thought]), *content]
    if case.thinking == "between":
        # It thinks before each of its steps, of which there are two or more.
        more = [text_block(exam.words(3))] if len(content) == 1 else []
        steps = [[each] if _is_result(each) else [thought, each] for each in content]
        blocks = [*(block for step in steps for block in step)]
        if more:
            blocks = [thought, *more, *blocks]
    if case.thinking == "alone" and not any(_type(block) == "tool_use" for block in content):
        # Thinking used up all of max_tokens.
        blocks = [thought]
    if case.form == "dicts":
        blocks = [block.data if isinstance(block, SdkObject) else block for block in blocks]
    return blocks


def _is_result(block: Json) -> bool:
    """Return whether a block is what the API found: nothing stands between it and its call."""
    return str(_type(block)).endswith("_tool_result")


def _type(block: Json) -> Json:
    return (block.data if isinstance(block, SdkObject) else block)["type"]


def _exchange(exam: Exam, kind: str) -> Messages:
    picture = {"type": "image", "source": {"type": "url", "url": "https://example.com/cat.png"}}
    asked = f"What is a `tool_result`, {exam.words(2)}?"
    match kind:
        case "plain" | "the same again":
            return plain_exchange(exam)
        case "blocks":
            return plain_exchange(exam, in_blocks=True)
        case "an open question":
            return question(exam)
        case "its word":
            return [
                {"role": "user", "content": asked},
                {"role": "assistant", "content": [text_block(asked)]},
            ]
        case "two alike":
            return [*question(exam), {"role": "assistant", "content": [text_block(asked)] * 2}]
        case "a picture" | "only a picture":
            words = [] if kind == "only a picture" else [{"type": "text", "text": asked}]
            content = [picture, *words]
            return [{"role": "user", "content": content}, *plain_exchange(exam, in_blocks=True)[1:]]
        case "an instruction":
            return instructed_exchange(exam)
        case "a quotation":
            return _quoting(exam, asked)
        case "a search":
            called, found = beside(exam, "a search")
            blocks = [SdkObject("ServerToolUseBlock", called), found, text_block(exam.words(3))]
            return [*question(exam), {"role": "assistant", "content": blocks}]
        case "a tool":
            return called_exchange(exam, "look_up", rounds=1)
        case "two rounds":
            return called_exchange(exam, "look_up")
        case "a tool and words":
            return called_exchange(exam, "look_up", rounds=1, says_more=True)
        case _:
            return called_exchange(exam, "look_up", rounds=1, is_open=True)


def _quoting(exam: Exam, asked: str) -> Messages:
    """Return an exchange whose blocks have more than their text: a cache point, and a citation."""
    words = exam.words(4)
    where = {"document_index": 0, "document_title": None, "start_char_index": 0, "file_id": None}
    cited = {"type": "char_location", "cited_text": words, **where, "end_char_index": len(words)}
    kept = {"type": "text", "text": asked, "cache_control": {"type": "ephemeral"}}
    block = SdkObject("TextBlock", {"type": "text", "text": words, "citations": [cited]})
    more = {"type": "text", "text": exam.words(3)}
    return [
        {"role": "user", "content": [kept, more]},
        {"role": "assistant", "content": [block, text_block(exam.words(3))]},
    ]


def _trims(
    exam: Exam,
    exchanges: list[Messages],
    count: int,
    criterion: str,
    *,
    crash: str | None = None,
    is_first: bool = False,
    maker: str = DEFAULT_MODEL,
    form: str = "",
    bare_forms: set[str] | None = None,
) -> bool:
    """Judge one call, and return whether some part of the history came back.

    maker: the model whose thinking is in the history. form: of its blocks. bare_forms: see
        `_trims_thinking`.
    """
    given = joined(exchanges)
    kept = joined(exchanges[-count:] if count else [])
    called = exam.call(copy.deepcopy(given), count, judges=(criterion,), crash=crash)
    value, after = called.value, called.arguments[0]
    is_less = isinstance(after, list) and len(after) < len(given)
    left = f"{len(after)} instead of {len(given)}" if is_less else after
    if not isinstance(value, list):
        wrong = exam.which({"mutated": is_less}, otherwise="not-a-list")
        exam.expect(criterion, False, wrong, left if is_less else value)
        return False
    # Where the cut is right is judged apart from what became of thinking.
    is_right = _is_like(without_thoughts(value), without_thoughts(kept))
    is_part = is_right or 0 < len(value) < len(given)
    slip = _lost_field(value, kept) if is_right else _slip(exam, value, exchanges, count)
    # Leaving a list alone earns nothing if the code took nothing from it.
    exam.judge(slip, criterion)
    if is_first and not is_part and is_same(after, given):
        return False
    if is_right and has_thoughts(kept):
        is_cut = len(kept) < len(given)
        slip = _thinking_slip(exam, value, kept, maker, is_cut=is_cut)
        if is_cut and bare_forms is not None:
            if slip is None:
                bare_forms.add(form)
            elif slip.mistake == "bound" and bare_forms - {form}:
                slip = Slip("objects-unseen", f"{_thoughts(value)} of {_thoughts(kept)}")
        exam.judge(slip, "thinking" if is_cut else criterion)
    exam.expect("value", is_same(after, given), "mutated", left if is_less else "other content")
    return is_part


def _is_like(value: list[Json], expected: list[Json]) -> bool:
    """Return whether two lists of messages say the same; `_lost_field` judges the rest."""
    return _bare(value) == _bare(expected)


def _bare(messages: list[Json]) -> list[tuple[Json, list[Json]]]:
    """Return who said what, without where a text comes from."""
    return [
        (
            each.role,
            [{key: block[key] for key in block if key != "citations"} for block in each.blocks],
        )
        for each in said_in(messages)
    ]


def _lost_field(value: list[Json], kept: Messages) -> Slip | None:
    """Return the slip of a block that lacks something beside its text, in a list that is right."""
    mine, own = (_blocks(without_nulls(without_thoughts(each))) for each in (value, kept))
    for block, whole in zip(mine, own, strict=False):
        lost = [key for key in whole if key not in block]
        if lost:
            return Slip("fields-lost", f"{whole.get('type')}, in {', '.join(lost)}")
    return None


def _blocks(messages: list[Json]) -> list[Json]:
    """Return all blocks of some messages; a text without a block is one."""
    contents = [message["content"] for message in messages]
    return [
        {"type": "text", "text": each} if isinstance(each, str) else each
        for content in contents
        for each in ([content] if isinstance(content, str) else content)
    ]


def _thinking_slip(
    exam: Exam, value: list[Json], kept: Messages, maker: str, *, is_cut: bool
) -> Slip | None:
    """Return what is wrong with the thinking in a list that is right otherwise."""
    if not is_cut:
        if _is_like(value, kept):
            return None
        return Slip("thoughts-gone", f"{_thoughts(value)} of {_thoughts(kept)}")
    # Its maker reads its thinking; the newest that checks may not.
    for model in dict.fromkeys([maker, models_that_check()[-1], DEFAULT_MODEL]):
        refused = find_objection(exam, value, model, tools=[_TOOL])
        if refused:
            wrong = exam.which({"emptied": "non-empty content" in refused}, otherwise="bound")
            return Slip(wrong, refused)
    return Slip("bound", f"{_thoughts(value)} thoughts are left") if has_thoughts(value) else None


def _thoughts(messages: Messages) -> int:
    return sum(has_thoughts([message]) for message in messages)


def _slip(exam: Exam, value: list[Json], exchanges: list[Messages], count: int) -> Slip:
    """Return the slip that a wrong list shows, whatever became of thinking."""
    exchanges = [without_thoughts(each) for each in exchanges]
    value, given = without_thoughts(value), joined(exchanges)
    first, places = (value[0] if value else None), _places(value, given)
    # Only newer models take a turn with the role system.
    reader = models_that_check()[-1] if "system" in roles_of(said_in(value)) else DEFAULT_MODEL
    refused = find_objection(exam, value, reader, tools=[_TOOL])
    is_answer = isinstance(first, dict) and first.get("role") == "assistant"
    all_of = len(exchanges)
    kept = next(
        (n for n in range(all_of + 1) if _is_like(value, joined(exchanges[all_of - n :]))), None
    )
    told = f"{kept} of {all_of} exchanges for max_exchanges={count}"
    whole = joined(exchanges[-count:] if count else [])
    is_end_lost = bool(value) and "changed" not in places and not _is_like(value[-1:], given[-1:])
    asked = f"{places} (of {len(given)}, for max_exchanges={count})"
    return exam.slip(
        {
            "none-is-all": (count == 0 and kept == all_of > 0, len(value)),
            "oldest-kept": (
                0 < len(value) < len(given)
                and count < all_of
                and _is_like(value, given[: len(value)]),
                asked,
            ),
            # With two exchanges, the newest one is two messages too.
            "messages-counted": (count > 2 and _is_like(value, given[-count:]), count),
            "count-off": (kept is not None, told),
            "instruction-lost": (
                instructions_gone(said_in(value), said_in(whole)),
                "what's left of them",
            ),
            "other-blocks-lost": (_lost_blocks(value, whole) != "", _lost_blocks(value, whole)),
            "starts-with-assistant": (is_answer, "assistant"),
            "starts-with-instruction": roles_of(said_in(value[:1])) == ["system"],
            "torn": ("unexpected `tool_use_id`" in refused, f"{refused} (of messages {places})"),
            "end-lost": (is_end_lost, asked),
            "turn-made-up": ("changed" in places, _first_changed(value, places)),
        },
        otherwise="other-turns",
        observed=asked,
    )


def _places(value: list[Json], given: list[Json]) -> list[int | str]:
    """Return where in the history each message comes from."""
    return [
        next(
            (place for place, message in enumerate(given) if _is_like([message], [each])), "changed"
        )
        for each in value
    ]


def _first_changed(value: list[Json], places: list[int | str]) -> Json:
    """Return the first message that isn't in the history, or None."""
    pairs = zip(value, places, strict=True)
    return next((message for message, place in pairs if place == "changed"), None)


def _types(said: Said) -> list[str]:
    return [str(block.get("type")) for block in said.blocks]


def _lost_blocks(value: list[Json], whole: Messages) -> str:
    """Return the types of the blocks that are missing in otherwise right messages; "" for none.

    A message that held nothing but such blocks may be missing, too.
    """
    mine, own = said_in(value), said_in(whole)
    if roles_of(mine) != roles_of(own):
        own = [each for each in own if each in mine or _SPOKEN & set(_types(each))]
    pairs = list(zip(mine, own, strict=False))
    if roles_of(mine) != roles_of(own) or any(
        block not in kept.blocks for said, kept in pairs for block in said.blocks
    ):
        return ""
    left = [block for said in mine for block in said.blocks]
    all_of = [block for said in said_in(whole) for block in said.blocks]
    lost = [block for block in all_of if block not in left]
    return ", ".join(dict.fromkeys(str(block.get("type")) for block in lost))
