"""The fourth trace of the bot: whether its requests stay within the budget, in whole turns."""

from __future__ import annotations

from typing import Any

from grader.exams import Exam
from grader.exercises.conversations.turns import spoken
from grader.exercises.production.bots import (
    LONG,
    OLDER,
    Shop,
    begins_with_question,
    open_shop,
    sent_turns,
    total_input,
)
from grader.simulator import text, tool_use

Json = Any


def judge_budget(exam: Exam) -> None:
    """Judge three long questions; the second calls a tool whose result is long, too."""
    *questions, result = (" ".join(exam.words(6) for _ in range(40)) for _ in range(4))
    name, first = exam.fresh("get"), exam.words(3)
    replies = [text(first), tool_use(name, {}), text(exam.words(4)), text(exam.words(3))]
    half = result[: len(result) // 2]
    shop = open_shop(exam, *replies, functions={name: lambda **_: half}, model=OLDER, lines=LONG)
    asked = [{"role": "user", "content": question} for question in questions]
    # Room for the first two, to the last token, and for neither the result nor the third.
    shop.budget = shop.tokens(asked[0], {"role": "assistant", "content": first}, asked[1])
    judges = ("budget", "whole-turns")
    bot = shop.hire(*judges)
    for question in questions:
        bot.call("ask", question, judges=judges)
    exchanges = shop.exchanges
    if len(exchanges) != len(replies):
        for criterion in judges:
            exam.expect(criterion, False, "requests-otherwise", len(exchanges))
        return
    sent = [spoken(sent_turns(exchange)) for exchange in exchanges]
    kept = sent[1][:1] == [("user", questions[0])]
    # Whoever forgets everything is within every budget.
    for criterion in judges:
        exam.expect(criterion, kept, "dropped-early", len(sent[1]))
    has_dropped = any(("user", questions[0]) not in sent[place] for place in (2, 3))
    for place, question in ((2, questions[1]), (3, questions[2])):
        _is_within(exam, shop, place, has_dropped=has_dropped)
        turns = sent_turns(exchanges[place])
        has_question = ("user", question) in sent[place]
        exam.expect("whole-turns", has_question, "question-dropped", len(turns))
        roles = [role for role, _ in sent[place]]
        exam.expect("whole-turns", begins_with_question(turns), "cut-within-turn", roles)


def _is_within(exam: Exam, shop: Shop, place: int, *, has_dropped: bool) -> None:
    """Judge the length of one request; has_dropped: whether any turn was ever left out."""
    tokens, counts = total_input(shop.exchanges[place]), shop.scene.counts
    are_whole = all({"system", "tools"} <= count.keys() for count in counts)
    wrong = exam.which(
        {
            "budget-ignored": not counts and not has_dropped,
            "budget-guessed": not counts,
            "counted-in-part": not are_whole,
            "budget-once": not shop.was_counted(place),
        },
        otherwise="over-budget",
    )
    observed = f"{tokens} tokens, with a budget of {shop.budget}"
    exam.expect("budget", tokens <= shop.budget, wrong, observed)
