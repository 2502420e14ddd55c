"""The fourth trace of the bot: whether its requests stay within the budget, in whole turns."""

from __future__ import annotations

from typing import Any

from grader.exams import Called, Exam, Kept, Slip
from grader.exercises.loops import plan_call, roles_of, spoken
from grader.exercises.port.bots import (
    LONG,
    Shop,
    begins_with_question,
    open_shop,
    sent_turns,
    total_input,
)
from grader.simulator import text

Json = Any

_JUDGES = ("budget", "whole-turns")
_ORPHAN = "tool_use_id"
"""A word in the API's refusal of results that are separated from their calls."""


def judge_budget(exam: Exam) -> None:
    """Judge three long questions; the second calls a tool, whose result makes it too long.

    If those are right, judge five more questions, which don't all fit.
    """
    questions = [_long(exam) for _ in range(3)]
    # Ids have more tokens than words of the same length, so no rule of thumb fits both.
    result = " ".join(exam.fresh("order") for _ in range(12))
    plan, first = plan_call(exam, result), exam.words(3)
    replies = [text(first), plan.turn, text(exam.words(4)), text(exam.words(3))]
    shop = open_shop(exam, *replies, plans=[plan], lines=LONG)
    asked = [{"role": "user", "content": question} for question in questions]
    # Exactly enough room for the first two, and none for the result or the third.
    shop.budget = shop.tokens(asked[0], {"role": "assistant", "content": first}, asked[1])
    bot = shop.hire(*_JUDGES)
    for question in questions:
        called = bot.call("ask", question, judges=_JUDGES, may_raise=("Exception",))
        if called.raised is not None:
            _has_stopped(exam, shop, bot, called, question)
            return
    exchanges = shop.exchanges
    if len(exchanges) != len(replies):
        exam.judge(Slip("requests-otherwise", len(exchanges)), *_JUDGES)
        return
    sent = [spoken(sent_turns(exchange)) for exchange in exchanges]
    # A bot that forgets everything stays within any budget.
    is_right = sent[1][:1] == [("user", questions[0])]
    if not is_right:
        if shop.scene.counts:
            exam.judge(Slip("dropped-early", len(sent[1])), *_JUDGES)
        else:
            exam.judge(Slip("budget-guessed", "A turn was left out that had room"), *_JUDGES)
    has_dropped = any(("user", questions[0]) not in sent[place] for place in (2, 3))
    for place, question in ((2, questions[1]), (3, questions[2])):
        is_within = _is_within(exam, shop, place, has_dropped=has_dropped)
        turns = sent_turns(exchanges[place])
        has_question = ("user", question) in sent[place]
        exam.expect("whole-turns", has_question, "question-dropped", len(turns))
        roles = roles_of(turns)
        is_whole = begins_with_question(turns)
        exam.expect("whole-turns", is_whole, "cut-within-turn", roles)
        is_right = is_right and is_within and has_question and is_whole
    if is_right:
        _judge_many(exam)


def _judge_many(exam: Exam) -> None:
    """Judge five questions: the fourth pushes out one turn, the last pushes out more."""
    questions = [_long(exam, lines) for lines in (10, 10, 10, 16, 18)]
    answers = [exam.words(3) for _ in questions]
    shop = open_shop(exam, *map(text, answers))
    turns: list[list[Json]] = [
        [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        for question, answer in zip(questions, answers, strict=True)
    ]
    # Exactly enough room for the fourth after two others.
    shop.budget = shop.tokens(*turns[1], *turns[2], turns[3][0])
    bot = shop.hire(*_JUDGES)
    for question in questions:
        bot.call("ask", question, judges=_JUDGES)
    if len(shop.exchanges) != len(questions):
        exam.judge(Slip("requests-otherwise", len(shop.exchanges)), *_JUDGES)
        return
    for place, exchange in enumerate(shop.exchanges):
        tokens = total_input(exchange)
        observed = f"{tokens} tokens, with a budget of {shop.budget}"
        exam.expect("budget", tokens <= shop.budget, "over-budget", observed)
        sent = spoken(sent_turns(exchange))
        has = [("user", question) in sent for question in questions[:place]]
        is_oldest = has == sorted(has)
        numbers = [*(number for number, is_sent in enumerate(has, 1) if is_sent), place + 1]
        told = f"{', '.join(map(str, numbers))} of {place + 1}"
        exam.expect("whole-turns", is_oldest, "not-the-oldest", told)
        # Leaving a turn out was needless if it fits beside those that were sent.
        needless = [
            left_out
            for left_out in range(place)
            if not has[left_out]
            and shop.tokens(*_chosen(turns, has, left_out), turns[place][0]) <= shop.budget
        ]
        gone = f"{has.count(False)} of {place}"
        exam.expect("whole-turns", not needless, "dropped-too-many", gone)


def _chosen(turns: list[list[Json]], has: list[bool], one_more: int) -> list[Json]:
    """Return the messages of the turns that the bot sent, and of one more."""
    return [
        message
        for place, is_sent in enumerate(has)
        if is_sent or place == one_more
        for message in turns[place]
    ]


def _long(exam: Exam, lines: int = 40) -> str:
    return " ".join(exam.words(6) for _ in range(lines))


def _has_stopped(exam: Exam, shop: Shop, bot: Kept, called: Called, question: str) -> None:
    """Judge a bot that raised, although each question fits by itself."""
    raised = called.raised or ""
    if not shop.scene.counts and _ORPHAN not in raised:
        exam.judge(Slip("budget-guessed", f"A question that fits ended with {raised}"), *_JUDGES)
        return
    # We ask once more, so that the error gets reported like any other crash.
    bot.call("ask", question, judges=_JUDGES)
    exam.judge(Slip("requests-otherwise", len(shop.exchanges)), *_JUDGES)


def _is_within(exam: Exam, shop: Shop, place: int, *, has_dropped: bool) -> bool:
    """Judge whether a request is within the budget, and return it.

    has_dropped: whether the bot ever left out a turn.
    """
    tokens, counts = total_input(shop.exchanges[place]), shop.scene.counts
    is_over = tokens > shop.budget
    are_whole = all({"system", "tools"} <= count.keys() for count in counts)
    has_guessed = is_over and not counts and (has_dropped or _ever_drops(exam))
    wrong = exam.which(
        {
            "budget-guessed": has_guessed,
            "budget-ignored": not counts,
            "counted-in-part": not are_whole,
            "budget-once": not shop.was_counted(place),
        },
        otherwise="over-budget",
    )
    observed = f"{tokens} tokens, with a budget of {shop.budget}"
    if has_guessed:
        observed = f"A request had {observed}"
    return exam.expect("budget", not is_over, wrong, observed)


def _ever_drops(exam: Exam) -> bool:
    """Return whether a bot that counts nothing leaves turns out when there are far too many."""
    many = 6
    shop = open_shop(exam, *(text(exam.words(3)) for _ in range(many)))
    shop.budget = shop.tokens({"role": "user", "content": _long(exam)})
    bot = shop.hire("budget")
    for number in range(many):
        called = bot.call("ask", _long(exam), judges=("budget",), may_raise=("Exception",))
        sent = sent_turns(shop.exchanges[-1]) if shop.exchanges else []
        if called.raised is not None or len(sent) < 2 * number + 1:
            return True
    return False
