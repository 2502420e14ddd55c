"""The budget once more, on a model that binds its thinking to the conversation before it.

A current model refuses thinking behind a front that was cut, from an account as new as a
learner's. So what is left of a history loses its thinking, or the request asks the API to drop it.
"""

from __future__ import annotations

from typing import Any

from grader.catalog import THINKING_MODEL
from grader.exams import Exam, Kept
from grader.exercises.loops import (
    Said,
    alike,
    is_thought,
    plan_call,
    results_in,
    said_by,
    said_in,
    spoken,
)
from grader.exercises.port.bots import Shop, open_shop, sent_turns, total_input
from grader.simulator import Exchange, Scripted, Turn, interrupted, overloaded, text, thinking, turn

Json = Any

_CRITERION = "thoughts"
_BOUND = "bound to a different conversation"
"""The part of the API's refusal that it doesn't change."""
_PREFIX = "differs from the one this block was created with"
"""What it adds if not the messages differ, but the system prompt or the tools."""
_REDACTED = Turn(({"type": "redacted_thinking", "data": ""},))
_LONG, _SHORT = 80, 1
"""How many lines of six words a question has."""


def judge_thoughts(exam: Exam) -> None:
    """Judge five questions, each reply with a thought; two of the questions push out the oldest.

    The first cut comes with a new question, which fails once: until it is answered, nothing has
    happened. The second cut comes in the middle of a question, when a tool's result is too long.
    """
    # The second result is as long as a question.
    first, long = plan_call(exam, exam.words(2)), plan_call(exam, _text(exam, _LONG))
    plans = [first, alike(exam, first), long]
    questions = [_text(exam, lines) for lines in (_LONG, _LONG, _LONG, _SHORT)]
    # The last question was asked before, and Claude said a thing twice: neither is one too many.
    questions += questions[-1:]
    said = text(exam.words(3))
    replies: list[Scripted] = [
        _said(exam),
        turn(thinking(exam.words(4)), _REDACTED, said, said, *(plan.turn for plan in plans[:2])),
        _said(exam),
        interrupted(_said(exam, lines=3), after=3, fault=overloaded()),
        _said(exam),
        _said(exam),
        turn(thinking(exam.words(4)), long.turn),
        _said(exam),
    ]
    shop = open_shop(exam, *replies, plans=plans, model=THINKING_MODEL)
    asked = [{"role": "user", "content": question} for question in questions]
    # Room for what has to stay with all around it, and for no third long text.
    room = min(shop.tokens(each) for each in asked[:2]) * 5 // 8
    shop.budget = shop.tokens(*asked[1:]) + room
    bot = shop.hire(_CRITERION)
    if not all(_is_taken(exam, bot, question) for question in questions[:2]):
        return
    if _fails_once(exam, bot, questions[2]):
        if not all(_is_taken(exam, bot, question) for question in questions[2:]):
            return
        if len(shop.exchanges) != len(replies):
            exam.expect(_CRITERION, False, "requests-otherwise", len(shop.exchanges))
            return
        _is_cut(exam, shop, questions)


def _is_taken(exam: Exam, bot: Kept, question: str) -> bool:
    """Judge that the API takes every request of a question."""
    may_raise = ("BadRequestError",)
    called = bot.call("ask", question, judges=(_CRITERION,), may_raise=may_raise)
    if called.raised is None:
        return True
    wrong = exam.which({"prefix-changed": _PREFIX in called.raised}, otherwise="thoughts-after-cut")
    is_bound = exam.expect(_CRITERION, _BOUND not in called.raised, wrong, called.raised)
    if is_bound:
        # We ask once more, so that another error gets reported like any crash.
        bot.call("ask", question, judges=(_CRITERION,))
        exam.expect(_CRITERION, False, "requests-otherwise", 1)
    return False


def _fails_once(exam: Exam, bot: Kept, question: str) -> bool:
    """Judge that a question whose stream breaks off changes nothing, not even thinking."""
    before = said_in(bot.read("messages", judges=(_CRITERION,)))
    bot.call("ask", question, judges=(_CRITERION,), may_raise=("APIStatusError", "RuntimeError"))
    after = said_in(bot.read("messages", judges=(_CRITERION,)))
    has_thoughts = _thoughts(before) == _thoughts(after)
    wrong = exam.which({"cut-kept": has_thoughts}, otherwise="thoughts-lost-early")
    return exam.expect(_CRITERION, before == after, wrong, "overloaded_error in mid-stream")


def _is_cut(exam: Exam, shop: Shop, questions: list[str]) -> None:
    """Judge that both cuts came where they had to, and took no more than that."""
    for place, gone, kept, last in ((4, 0, 1, 2), (7, 1, 2, 4)):
        exchange = shop.exchanges[place]
        turns = sent_turns(exchange)
        sent = spoken(turns)
        observed = f"{total_input(exchange)} tokens, with a budget of {shop.budget}"
        is_cut = ("user", questions[gone]) not in sent
        # A text beside results is no question.
        asked = [words for role, words in spoken(_questions(turns)) if words]
        before = questions[: last + 1]
        is_over = total_input(exchange) > shop.budget
        wrong = exam.which(
            {"budget-ignored": is_over, "not-the-oldest": asked != before[-len(asked) :]},
            otherwise="shortened",
        )
        if wrong == "not-the-oldest":
            numbers = [str(number) for number, each in enumerate(before, 1) if each in asked]
            observed = f"{', '.join(numbers)} of {len(before)}"
        exam.expect(_CRITERION, is_cut, wrong, observed)
        has_kept = ("user", questions[kept]) in sent
        exam.expect(_CRITERION, has_kept, "dropped-too-many", f"{kept + 1} of {kept + 1}")
        is_whole = asked == questions[kept : last + 1]
        exam.expect(_CRITERION, is_whole, "question-dropped", len(sent))
    # What Claude said and called stays as it was, but for its thinking.
    replies = [each.message["content"] for each in shop.exchanges[1:3] if each.message]
    said = [_without_thoughts(blocks) for blocks in _contents_of(shop.exchanges[4])][:2]
    is_whole = said == [_without_thoughts(said_by("assistant", each).blocks) for each in replies]
    exam.expect(_CRITERION, is_whole, "blocks-changed", str(said)[:200])


def _questions(turns: list[Said]) -> list[Said]:
    return [said for said in turns if said.role == "user" and not results_in(said.blocks)]


def _contents_of(exchange: Exchange) -> list[list[Json]]:
    """Return the blocks of each of Claude's turns in a request."""
    return [said.blocks for said in sent_turns(exchange) if said.role == "assistant"]


def _without_thoughts(blocks: list[Json]) -> list[Json]:
    return [block for block in blocks if not is_thought(block)]


def _thoughts(turns: list[Said]) -> list[Json]:
    return [block for said in turns for block in said.blocks if is_thought(block)]


def _said(exam: Exam, *, lines: int = 1) -> Any:
    words = text(exam.words(2)), text(_text(exam, lines))
    return turn(thinking(exam.words(5)), _REDACTED, *words)


def _text(exam: Exam, lines: int) -> str:
    return " ".join(exam.words(6) for _ in range(lines))
