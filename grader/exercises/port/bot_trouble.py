"""The last traces of the bot: how it handles trouble, and tools that never come to an end."""

from __future__ import annotations

from typing import Any

from grader.exams import Called, Exam, Kept
from grader.exercises.failures import FAILURES
from grader.exercises.loops import plan_call, spoken
from grader.exercises.port.bots import Shop, kept_turns, open_shop, sent_turns
from grader.exercises.readings import is_same
from grader.simulator import (
    Fault,
    Scripted,
    Turn,
    connection_cut,
    empty,
    interrupted,
    overloaded,
    refusal,
    text,
    thinking,
    turn,
)

Json = Any

MOST_REQUESTS = 8
"""How many requests one question may take."""
ENDINGS = (
    "pause_turn",
    "stop_sequence",
    "model_context_window_exceeded",
    "a new one",
    "ends with end_turn",
    "begins with tool_use",
)
"""Endings that many lists of bad ones lack, and some that nobody knows yet."""
_FAILURES_EACH = 4
"""After how many failures another bot meets the next ones."""
_EMPTY = "an empty reply"
_NON_EMPTY = "non-empty content"
"""Words in the API's refusal of a turn that has no blocks."""


def judge_trouble(exam: Exam) -> None:
    """Judge a stream that breaks off, a refusal, a call that was cut off, and an empty reply.

    Each happens on a question that leaves no room for the turn before it. At the end the listener
    takes no more text.
    """
    plan = plan_call(exam, "Done.")
    first, answer = " ".join(exam.words(6) for _ in range(24)), exam.words(4)
    last = f"{exam.words(3)}?"
    cut = turn(text(exam.words(2)), plan.turn)
    replies: tuple[Scripted, ...] = (
        text(answer),
        interrupted(text(" ".join(exam.words(6) for _ in range(3))), after=2, fault=overloaded()),
        refusal(exam.pick("cyber", "bio", None), None, text(exam.words(3))),
        turn(cut, stop_reason="max_tokens"),
        empty(),
        text(exam.words(3)),
        text(" ".join(exam.words(6) for _ in range(3))),
    )
    shop = open_shop(exam, *replies, plans=[plan])
    # Room for the first turn and the short question at the end, but for no longer one.
    asked = [{"role": "user", "content": question} for question in (first, last)]
    shop.budget = shop.tokens(asked[0], {"role": "assistant", "content": answer}, asked[1])
    bot = shop.hire("undone")
    bot.call("ask", first, judges=("undone",))
    before = kept_turns(bot, "undone")
    roles = [role for role, _ in before]
    if not exam.expect("undone", roles == ["user", "assistant"], "messages-otherwise", roles):
        return
    for what, mistake in (
        ("overloaded_error in mid-stream", "error-swallowed"),
        ("refusal", "refusal-as-answer"),
        ("max_tokens", "cut-as-answer"),
    ):
        arrived, question = len(shop.exchanges), exam.words(20)
        called = bot.call("ask", question, judges=("undone",), may_raise=("Exception",))
        exam.expect("undone", not shop.ran, "cut-call-run", shop.ran[0].written if shop.ran else "")
        exam.expect("undone", len(shop.exchanges) <= arrived + 1, "trouble-retried", what)
        exam.expect("undone", called.raised is not None, mistake, called.value)
        if mistake != "error-swallowed":
            _raises(exam, called, "undone")
        else:
            _passes(exam, called, "APIStatusError", "error-otherwise")
        if not _is_as_before(exam, bot, before, question, what):
            return
    question = exam.words(20)
    called = bot.call("ask", question, judges=("undone",), crash={"": "empty-crash"})
    exam.expect("undone", is_same(called.value, ""), "other-text", called.value)
    if not _is_as_before(exam, bot, before, question, _EMPTY):
        return
    bot.call("ask", last, judges=("undone",))
    turns = sent_turns(shop.exchanges[-1]) if shop.exchanges else []
    sent, whole = spoken(turns), [*before, ("user", last)]
    # The budget trace judges whether leaving out a turn was needless.
    is_right = sent != [] and sent == whole[-len(sent) :]
    exam.expect("undone", is_right, "half-turn-kept", "all of it")
    before, question = kept_turns(bot, "undone"), exam.words(20)
    shop.has_closed, heard = True, len(shop.heard)
    called = bot.call("ask", question, judges=("undone",), may_raise=("Exception",))
    # Whether anything is passed on at all is another trace's.
    has_raised = called.raised is not None or len(shop.heard) == heard
    exam.expect("undone", has_raised, "listener-swallowed", called.value)
    _passes(exam, called, "TimeoutError", "listener-otherwise")
    if called.raised is not None:
        _is_as_before(exam, bot, before, question, "an error of on_text")


def judge_wordless(exam: Exam) -> None:
    """Judge a reply with only thinking, and a question that leaves no room for what came before it.

    It's a turn like any other, so it may stay; a bot that keeps none without text is right too.
    Without its thinking nothing is left of it, and the API refuses a turn with nothing in it.
    """
    first, question, last = (" ".join(exam.words(6) for _ in range(n)) for n in (24, 2, 2))
    answer = exam.words(4)
    shop = open_shop(exam, text(answer), turn(thinking(exam.words(3))), text(exam.words(3)))
    asked = [{"role": "user", "content": each} for each in (first, question)]
    # Room for the first two questions, or for the last two.
    shop.budget = shop.tokens(asked[0], {"role": "assistant", "content": answer}, asked[1])
    bot = shop.hire("undone")
    bot.call("ask", first, judges=("undone",))
    before = kept_turns(bot, "undone")
    called = bot.call("ask", question, judges=("undone",))
    exam.expect("undone", is_same(called.value, ""), "other-text", called.value)
    mine = kept_turns(bot, "undone")
    # What stays may have been shortened, and is a question and its reply or neither.
    new = [("user", question), ("assistant", "")]
    is_whole = mine in (before, [*before, *new])
    wrong = exam.which({"cut-kept": mine == new}, otherwise="half-turn-kept")
    if exam.expect("undone", is_whole, wrong, "a reply with only thinking"):
        called = bot.call("ask", last, judges=("undone",), may_raise=("BadRequestError",))
        raised = called.raised or ""
        wrong = exam.which({"wordless-kept": _NON_EMPTY in raised}, otherwise="half-turn-kept")
        exam.expect("undone", not raised, wrong, raised)


def judge_failures(exam: Exam) -> None:
    """Judge requests that the API doesn't answer at all, and a tool that fails without a word."""
    faults = [fault() for fault in FAILURES.values()]
    plan = plan_call(exam, ValueError())
    first = plan.turn, text(exam.words(4))
    shop = open_shop(exam, *first, *faults, *[text(exam.words(4))] * len(first), plans=[plan])
    bot = shop.hire("undone")
    called = bot.call("ask", exam.words(5), judges=("undone",), may_raise=("Exception",))
    if called.raised is not None or len(shop.exchanges) != len(first):
        is_silent = "tool_result: content cannot be" in (called.raised or "")
        cases = {"error-without-words": is_silent, "failure-kills": called.raised is not None}
        wrong = exam.which(cases, otherwise="stopped-early")
        exam.expect("results", False, wrong, called.raised or called.value)
        # The failures of the API have to be met all the same.
        shop = open_shop(exam, text(exam.words(4)), *faults, text(exam.words(4)))
        bot = shop.hire("undone")
        bot.call("ask", exam.words(5), judges=("undone",))
    before = kept_turns(bot, "undone")
    for place, failure in enumerate(FAILURES, 1):
        if place % _FAILURES_EACH == 0:
            # Another customer: a limit of requests in a bot's life is another trace's.
            bot, before = shop.hire("undone"), []
        arrived, question = len(shop.exchanges), exam.words(5)
        called = bot.call("ask", question, judges=("undone",), may_raise=("Exception",))
        exam.expect("undone", called.raised is not None, "error-swallowed", called.value)
        is_one = len(shop.exchanges) <= arrived + 1
        _passes(exam, called, "APIError", "error-otherwise")
        is_right = exam.expect("undone", is_one, "trouble-retried", failure)
        if not is_right or not _is_as_before(exam, bot, before, question, failure):
            return
    for fault in (overloaded(), connection_cut()):
        bot, before = shop.hire("undone"), []
        _meets_failing_count(exam, shop, bot, before, fault)


def _meets_failing_count(
    exam: Exam, shop: Shop, bot: Kept, before: list[tuple[Json, str]], fault: Fault
) -> None:
    """Judge a question whose tokens can't be counted, for a bot that counts them."""
    counts, arrived, question = len(shop.scene.counts), len(shop.exchanges), exam.words(5)
    shop.scene.fail_counts(fault)
    called = bot.call("ask", question, judges=("undone",), may_raise=("Exception",))
    if len(shop.scene.counts) == counts:
        return
    is_raised = called.raised is not None
    is_sent = len(shop.exchanges) > arrived
    observed = "sent the request all the same" if is_sent else f"returned {called.value!r}"
    exam.expect("undone", is_raised and not is_sent, "count-error-swallowed", observed)
    _passes(exam, called, "APIError", "error-otherwise")
    if is_raised:
        _is_as_before(exam, bot, before, question, "a count that failed")


def judge_endings(exam: Exam) -> None:
    """Judge endings that few know, and one that nobody knows."""
    new = {
        "a new one": exam.fresh("odd"),
        "ends with end_turn": f"{exam.fresh('odd')}_end_turn",
        "begins with tool_use": f"tool_use_{exam.fresh('odd')}",
    }
    endings = [new.get(case.ending, case.ending) for case in exam.cases("ending")]
    stops = {"stop_sequence": exam.fresh("END")}
    ended = (
        Turn(
            text(exam.words(3)).content,
            stop_reason=ending,
            stop_sequence=stops.get(ending),
            is_new=True,
        )
        for ending in endings
    )
    shop = open_shop(exam, text(exam.words(4)), *ended)
    bot = shop.hire("undone")
    bot.call("ask", exam.words(5), judges=("undone",))
    before = kept_turns(bot, "undone")
    for ending in endings:
        arrived, question = len(shop.exchanges), exam.words(5)
        called = bot.call("ask", question, judges=("undone",), may_raise=("Exception",))
        returned = f"{ending}: {called.value}"
        exam.expect("undone", len(shop.exchanges) <= arrived + 1, "trouble-retried", ending)
        exam.expect("undone", called.raised is not None, "ending-as-answer", returned)
        _raises(exam, called, "undone")
        if not _is_as_before(exam, bot, before, question, ending):
            return


def _is_as_before(
    exam: Exam, bot: Kept, before: list[tuple[Json, str]], question: str, what: str
) -> bool:
    """Judge that a conversation is as it was before a question; what: the trouble, in words."""
    mine = kept_turns(bot, "undone")
    is_cut = len(mine) < len(before) and ("user", question) not in mine
    is_empty = what == _EMPTY and mine[-1:] == [("assistant", "")]
    wrong = exam.which(
        {
            "empty-kept": is_empty,
            "cut-kept": is_cut,
        },
        otherwise="half-turn-kept",
    )
    return exam.expect("undone", mine == before, wrong, what)


def _raises(exam: Exam, called: Called, criterion: str) -> None:
    is_named = called.raised is None or "RuntimeError" in called.raised_kinds
    exam.expect(criterion, is_named, "other-exception", called.raised)


def _passes(exam: Exam, called: Called, kind: str, mistake: str) -> None:
    """Judge that an exception came through as it was raised; kind: one of its classes."""
    is_same_one = called.raised is None or kind in called.raised_kinds
    exam.expect("undone", is_same_one, mistake, called.raised)


def judge_endless(exam: Exam) -> None:
    """Judge a question whose tools never come to an end, and the one after it."""
    name = exam.fresh("get")
    most = MOST_REQUESTS - 1
    plans = [plan_call(exam, exam.words(2), name=name) for _ in range(MOST_REQUESTS + 2 * most)]
    turns: list[Scripted] = [plan.turn for plan in plans]
    # Two questions that just come to an end, one after the other.
    turns[-most:-most] = [text("Done.")]
    shop = open_shop(exam, *turns, text("Done."), plans=plans)
    bot: Kept = shop.hire("bounded")
    called = bot.call("ask", exam.words(3), judges=("bounded",), may_raise=("Exception",))
    count = len(shop.exchanges)
    wrong = exam.which({"endless-tools": count > MOST_REQUESTS}, otherwise="gave-up-early")
    exam.expect("bounded", count == MOST_REQUESTS, wrong, count)
    exam.expect("bounded", called.raised is not None, "limit-as-answer", called.value)
    _raises(exam, called, "bounded")
    kept = bot.read("messages", judges=("bounded",))
    is_undone = exam.expect("bounded", kept == [], "half-turn-kept", f"{MOST_REQUESTS} requests")
    if not is_undone or count != MOST_REQUESTS or called.raised is None:
        return
    question = exam.words(3)
    called = bot.call("ask", question, judges=("bounded",), may_raise=("RuntimeError",))
    count = len(shop.exchanges) - MOST_REQUESTS
    if not exam.expect("bounded", called.raised is None, "limit-for-life", f"{count} requests"):
        return
    bot.call("ask", exam.words(3), judges=("remembers",), may_raise=("Exception",))
    sent = sent_turns(shop.exchanges[-1])
    is_whole = ("user", question) in spoken(sent)
    exam.expect("remembers", is_whole, "forgets-later", len(sent))
