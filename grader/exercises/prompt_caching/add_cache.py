"""One breakpoint behind all that stays the same."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, Slip, exercise, shown
from grader.exercises.prompt_caching.breakpoints import changed, is_late, marked, marks, told
from grader.exercises.prompt_caching.playing import Play, find_refusal, play
from grader.exercises.prompt_caching.prefixes import (
    MARKED,
    MESSAGES,
    SYSTEMS,
    TOOLS,
    WORDINGS,
    marked_request,
    other_question,
    prefix_request,
    right_place,
)
from grader.exercises.prompt_caching.prompts import MARK
from grader.exercises.readings import is_same

Json = Any

_WORDS = "cache_control"
_MOST_MARKS = 4
"""How many blocks of a request may have a breakpoint."""


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
    shapes=Shapes(
        pairs=[("system", "tools"), ("system", "wording"), ("tools", "wording")],
        system=SYSTEMS,
        tools=TOOLS,
        wording=WORDINGS,
        messages=MESSAGES,
        beside=["none", "some", "all"],
        marked=MARKED,
        around=["a string", "blocks", "absent"],
    ),
)
def add_cache(exam: Exam) -> None:
    """Give requests with every kind of prefix, then some with breakpoints of their own."""
    cases = list(exam.cases("system", "tools", "wording", "messages", "beside"))
    criteria = [case.wording == "plain" and _criterion(case) for case in cases]
    # One of each kind to begin with: a long prefix, so that the cache can show what it makes of it.
    firsts = [criteria.index(each) for each in ("string", "blocks", "tools")]
    is_any_right = False
    for place in firsts:
        with exam.part():
            is_any_right = _caches(exam, cases[place], is_long=True) or is_any_right
    if not is_any_right:
        return
    for case in cases:
        with exam.part():
            if _criterion(case) == "nothing":
                _leaves(exam, prefix_request(exam, case), "nothing")
            else:
                _caches(exam, case)
    for case in exam.cases("marked", "around"):
        with exam.part():
            _leaves(exam, marked_request(exam, case.marked, case.around), "marked")


def _criterion(case: Case) -> str:
    """Return which criterion a request with such a prefix is for."""
    if case.system == "a string":
        return "string"
    if case.system in ("blocks", "one block", "two alike"):
        return "blocks"
    return "nothing" if case.tools in ("absent", "an empty list") else "tools"


def _caches(exam: Exam, case: Case, *, is_long: bool = False) -> bool:
    """Judge a request whose prefix is to be marked, and return whether its end is."""
    criterion = _criterion(case)
    request = prefix_request(exam, case, is_long=is_long)
    called = exam.call(copy.deepcopy(request), judges=(criterion, "kept"))
    value, after = called.value, called.arguments[0]
    if not isinstance(value, dict):
        is_printed = called.value is None and called.printed != ""
        wrong = exam.which({"printed": is_printed}, otherwise="not-a-dict")
        exam.judge(Slip(wrong, value), criterion, "kept")
        return False
    exam.expect("kept", is_same(after, request), "mutated", _difference(request, after))
    places, touched = marks(value), changed(request, value)
    fault = _refusal(exam, value)
    is_right = (
        right_place(request) in places
        and len(places) == 1
        and all(_is_short(control) for control in marked(value).values())
        and not {"system", "tools"} & set(touched.split(", "))
        and not fault
    )
    slip = None
    if not is_right:
        slip = _slip(exam, request, value, touched, fault, wording=case.wording)
    exam.judge(slip, criterion)
    exam.expect("kept", not touched, "prompt-changed", touched)
    return is_right


def _is_short(control: Json) -> bool:
    """Return whether a breakpoint keeps the prefix for five minutes."""
    return isinstance(control, dict) and control.get("ttl", "5m") == "5m"


def _refusal(exam: Exam, request: Json) -> str:
    """Return what the API objects to a request; "" for nothing, and for one without a question."""
    return (exam.send(request) or "") if request.get("messages") else ""


def _slip(
    exam: Exam, request: Json, value: Json, touched: str, fault: str, *, wording: str
) -> Slip:
    places, late = marks(value), [place for place in marks(value) if is_late(place)]
    two, best = _second(value), _second(_right(request))
    seen = f"{told(places)}, not {right_place(request)}"
    if best.read:
        seen = f"{told(places)}: {two.read} of {best.read} tokens"
    return exam.slip(
        {
            "too-many-marks": (len(places) > _MOST_MARKS, f"{len(places)}: {told(places)}"),
            find_refusal(exam, fault): (fault != "", fault),
            "prompt-changed": (touched != "", touched),
            "word-for-mark": (not places and wording == _WORDS, _WORDS),
            "short-unmarked": (not places and wording == "brief", _start(request)),
            "not-marked": (not places, two.summary),
            "automatic": (places == ["cache_control"], two.summary),
            "question-marked": (places == late, told(places)),
            "marked-twice": (
                len(places) > 1 and not late and right_place(request) in places,
                told(places),
            ),
            "other-lifetime": (not all(map(_is_short, marked(value).values())), "1h"),
            "question-written": (late != [], told(places)),
        },
        otherwise="half-marked",
        observed=seen,
    )


def _start(request: Json) -> str:
    """Return the part that was to be marked, as a panel shows it."""
    key = right_place(request).partition(".")[0]
    return f"{key}: {shown(request[key])}"


def _second(request: Json) -> Play:
    """Return what the cache does for another question with the same prefix."""
    if not request.get("messages"):
        return Play()
    return play([request, {**request, "messages": other_question(request)}])[1]


def _right(request: Json) -> Json:
    """Return a request with the breakpoint where it belongs."""
    key = right_place(request).partition(".")[0]
    parts = request[key]
    listed = [{"type": "text", "text": parts}] if isinstance(parts, str) else parts
    return {**request, key: [*listed[:-1], {**listed[-1], "cache_control": MARK}]}


def _leaves(exam: Exam, request: dict[str, Json], criterion: str) -> None:
    """Judge a request that is to come back as it is."""
    called = exam.call(copy.deepcopy(request), judges=(criterion,))
    value = called.value
    is_request = isinstance(value, dict)
    fault = _refusal(exam, value) if is_request else ""
    before, after = marks(request), marks(value)
    others = changed(request, value) if is_request else value
    slip = exam.slip(
        {
            "not-a-dict": not is_request,
            find_refusal(exam, fault): (fault != "", fault),
            "marked-again": (before != [] and len(after) > len(before), told(after)),
            "mark-lost": (before != after and len(after) <= len(before), told(before)),
            "nothing-to-cache": (before == [] and after != [], told(after)),
            "mark-changed": (marked(value) != marked(request), told(before)),
        },
        otherwise="prompt-changed",
        observed=others,
    )
    is_kept = is_request and marked(value) == marked(request) and not others
    exam.expect(criterion, is_kept, slip)
    kept = called.arguments[0]
    exam.expect("kept", is_same(kept, request), "mutated", _difference(request, kept))


def _difference(given: Json, after: Json) -> str:
    """Return what a panel shows of a caller's request that the code changed."""
    places = [place for place in marks(after) if place not in marks(given)]
    return f"a breakpoint at {told(places)}" if places else "the same breakpoints, and other parts"
