"""The third trace of the bot: calls, values, answers and questions of every kind, one at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.exams import Case, Exam, Slip
from grader.exercises.loops import (
    Plan,
    alike,
    answers_in,
    blocks_beside,
    content_text,
    find_lost_turn,
    judge_runs,
    placed,
    plan_call,
    results_in,
    returned_value,
    said_in,
    spoken,
)
from grader.exercises.port.bots import Shop, open_shop
from grader.exercises.readings import from_json, is_same
from grader.exercises.replies import worded
from grader.simulator import Turn, text, thinking, turn

Json = Any

CALLS = ("one", "two of one tool", "two alike", "several")
VALUES = ("a dict", "words", None, 0, "no words", "a text that is JSON")
"""What a tool returns, each written as JSON; see `returned_value`."""
ANSWERS = ("a text", "two texts", "two texts alike", "thoughts and a text")
_JUDGES = ("turns-kept", "results")


def judge_calls(exam: Exam) -> None:
    """Judge a question for each case: its calls, and the answer behind them."""
    for case in exam.cases("calls", "beside", "where", "input", "value", "answer", "question"):
        # Each has a bot of its own, so one that stops costs no other.
        with exam.part():
            _judge_case(exam, case)


def _judge_case(exam: Exam, case: Case) -> None:
    plans = _plans(exam, case)
    # The script signs the thoughts, as the API does.
    beside = [_unsigned(block) for block in blocks_beside(exam, case.beside)]
    blocks = placed([plan.block for plan in plans], beside, case.where)
    answer = _answer(exam, case.answer)
    asking = Turn(tuple(blocks), stop_reason="tool_use")
    shop = open_shop(exam, asking, turn(*answer), plans=plans)
    bot = shop.hire(*_JUDGES)
    question = f"{worded(exam, case.question)}?"
    called = bot.call("ask", question, judges=("results",), crash="failure-kills")
    if len(shop.exchanges) < 2 or not shop.exchanges[0].message:
        exam.judge(Slip("stopped-early", called.raised or called.value), *_JUDGES)
        return
    before, after = (each.request.body.get("messages") for each in shop.exchanges[:2])
    turns = spoken(said_in(before))
    if not exam.expect("asks", turns == [("user", question)], "question-otherwise", turns):
        return
    lost = find_lost_turn(before, after, shop.exchanges[0].message["content"])
    if ("user", question) not in spoken(said_in(after)):
        lost = Slip("question-dropped", len(said_in(after)))
    if not exam.judge(lost, "turns-kept", otherwise="blocks-changed"):
        return
    _are_answered(exam, shop, plans)
    said = "".join(each.content[0].get("text", "") for each in answer)
    is_right = is_same(called.value, said)
    is_part = isinstance(called.value, str) and called.value in said
    wrong = exam.which(
        {"trimmed": is_part and called.value.strip() == said.strip()}, otherwise="other-text"
    )
    exam.expect("asks", is_right, wrong, called.value)
    heard = "".join(each.piece for each in shop.heard if isinstance(each.piece, str))
    if is_right:
        spoken_first = content_text(shop.exchanges[0].message["content"])
        exam.expect("live", heard == spoken_first + said, "other-pieces", heard)


def _plans(exam: Exam, case: Case) -> list[Plan]:
    value = returned_value(exam, case.value)
    one = plan_call(exam, value, given=case.input)
    # Without an input there is nothing to tell two calls of a tool apart by.
    told = value if case.input == "nothing" else {"code": exam.fresh("code")}
    other = plan_call(exam, told, name=one.name, given=case.input)
    made = {
        "one": [one],
        "two of one tool": [one, other],
        "two alike": [one, alike(exam, one)],
        "several": [one, plan_call(exam, [exam.words(2)]), other],
    }
    return made[case.calls]


def _unsigned(block: Mapping[str, Json]) -> dict[str, Json]:
    return {key: "" if key in ("signature", "data") else item for key, item in block.items()}


def _answer(exam: Exam, kind: str) -> list[Turn]:
    said = text(f" {worded(exam, 'other scripts')}\n{exam.words(3)} ")
    thoughts = [thinking(), Turn(({"type": "redacted_thinking", "data": ""},))]
    parts = {
        "a text": [said],
        "two texts": [said, text(f"{exam.words(3)}\n")],
        "two texts alike": [said, said],
        "thoughts and a text": [*thoughts, said],
    }
    return parts[kind]


def _are_answered(exam: Exam, shop: Shop, plans: list[Plan]) -> None:
    """Judge that each call ran once, and that each result is its call's, as JSON."""
    answers = answers_in(shop.exchanges[1].request.body.get("messages"))
    results = results_in([block for said in answers for block in said.blocks])
    by_id = {str(result.get("tool_use_id")): result for result in results}
    missing = ", ".join(plan.id for plan in plans if plan.id not in by_id)
    if not exam.expect("results", not missing, "unanswered", missing):
        return
    judge_runs(exam, "results", plans, shop.ran)
    for plan in plans:
        result = by_id[plan.id]
        says = content_text(result.get("content"))
        exam.expect("results", not result.get("is_error"), "success-as-error", says)
        # The table says that each value goes back as JSON; a text may also go as it is.
        values = [from_json(says), *([says] if isinstance(plan.value, str) else [])]
        wanted = json.loads(json.dumps(plan.value))
        is_kept = any(is_same(value, wanted) for value in values)
        is_python = says in (str(plan.value), repr(plan.value))
        wrong = exam.which({"python-repr": is_python}, otherwise="value-lost")
        exam.expect("results", is_kept, wrong, f"{plan.value!r} → {result.get('content')!r}")
