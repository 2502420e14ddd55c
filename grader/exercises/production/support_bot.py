"""The port of a support bot, judged by six traces."""

from __future__ import annotations

import json
from typing import Any

from grader.catalog import THINKING_MODEL
from grader.exams import Criterion, Exam, exam_tokens, exercise
from grader.exercises.conversations.turns import spoken, types_of
from grader.exercises.production.bot_budget import judge_budget
from grader.exercises.production.bot_ledger import judge_ledger
from grader.exercises.production.bot_trouble import judge_endings, judge_endless, judge_trouble
from grader.exercises.production.bots import (
    LONG,
    Shop,
    content_of,
    kept_turns,
    open_shop,
    results_of,
    sent_turns,
    system_text,
    told,
)
from grader.exercises.readings import content_text, is_same
from grader.simulator import Exchange, text, thinking, tool_use, turn

Json = Any


@exercise(
    minutes=15,
    criteria=[
        Criterion("asks", "a question: the request has its parts, and the answer comes back"),
        Criterion("live", "a question: the text reaches `on_text` while it is written"),
        Criterion("turns-kept", "tools: Claude's turns go back unchanged"),
        Criterion("results", "tools: each call is answered, a failure with `is_error`"),
        Criterion("remembers", "a conversation: every question knows those before it"),
        Criterion("cached", "a conversation: the next customer finds the system prompt cached"),
        Criterion("budget", "the budget: no request is longer than that"),
        Criterion("whole-turns", "the budget: whole turns go, and only when they have to"),
        Criterion("entries", "the ledger: an entry for each reply"),
        Criterion("amounts", "the ledger: each entry is what the reply cost"),
        Criterion("undone", "trouble: it is raised, and the conversation is as before"),
        Criterion("bounded", "trouble: a question takes 8 requests at most"),
    ],
)
def SupportBot(exam: Exam) -> None:  # noqa: N802 - a check is named after what a learner writes
    """Judge a question, tools, a conversation, the budget, the ledger, and trouble."""
    for trace in (
        _question,
        _tools,
        _conversation,
        judge_budget,
        judge_ledger,
        judge_trouble,
        judge_endings,
        judge_endless,
    ):
        # Each hires its own bots, and one that stops costs its own points only.
        with exam.part():
            trace(exam)


# -- a question ------------------------------------------------------------------------------


def _question(exam: Exam) -> None:
    """Judge one question."""
    first, second = (" ".join(exam.words(5) for _ in range(4)) for _ in range(2))
    # A line's end belongs to the text as well.
    second += "\n"
    words, thought = first + second, exam.words(6)
    reply = turn(thinking(thought), text(first), text(second))
    shop = open_shop(exam, reply, text("Again."), model=THINKING_MODEL)
    question = f"Tell me about {exam.words(2)}."
    bot = shop.hire("asks", "live")
    called = bot.call("ask", question, judges=("asks", "live"))
    exchanges = shop.exchanges
    if not exam.expect("asks", bool(exchanges), "no-request", called.value):
        return
    exam.expect("asks", len(exchanges) == 1, "asks-again", len(exchanges))
    _has_parts(exam, shop, exchanges[0], question)
    value = called.value
    wrong = exam.which(
        {
            "printed": value is None and words in called.printed,
            "trimmed": isinstance(value, str) and value.strip() == words.strip(),
        },
        otherwise="other-text",
    )
    exam.expect("asks", is_same(value, words), wrong, value)
    _is_live(exam, shop, words, thought)


def _has_parts(exam: Exam, shop: Shop, exchange: Exchange, question: str) -> None:
    body = exchange.request.body
    exam.expect("asks", body.get("model") == shop.card.id, "other-model", body.get("model"))
    system = system_text(exchange)
    exam.expect("asks", system == shop.system, "system-lost", f"{len(system)} characters")
    tools = body.get("tools")
    names = [tool.get("name") for tool in tools or [] if isinstance(tool, dict)]
    expected = [tool["name"] for tool in shop.tools]
    exam.expect("asks", names == expected, "tools-lost", tools)
    turns = spoken(sent_turns(exchange))
    exam.expect("asks", turns == [("user", question)], "question-not-sent", turns)


def _is_live(exam: Exam, shop: Shop, words: str, thought: str) -> None:
    """Judge that all text was handed on, once, and while the reply was written."""
    streamed = shop.exchanges[0].streamed
    exam.expect("live", streamed, "not-streamed", len(shop.heard))
    pieces = [heard.piece for heard in shop.heard if isinstance(heard.piece, str)]
    joined = "".join(pieces)
    wrong = exam.which(
        {
            "nothing-handed-on": not shop.heard,
            "thinking-handed-on": thought in joined,
            "handed-on-twice": joined == words * 2 or pieces[::2] == pieces[1::2],
        },
        otherwise="other-pieces",
    )
    observed: Json = ", ".join(map(repr, pieces[:4])) if wrong == "handed-on-twice" else joined
    exam.expect("live", joined == words, wrong, observed)
    is_live = bool(shop.heard) and all(heard.is_open for heard in shop.heard)
    exam.expect("live", is_live, "collected", len(shop.heard))


# -- tools -----------------------------------------------------------------------------------


def _tools(exam: Exam) -> None:
    """Judge a turn with four calls: one works, two raise, one is of no tool.

    And judge the next question, before which all of that goes out again.
    """
    order, value = exam.fresh("order"), {"status": exam.words(2), "days": exam.number(2, 9)}
    ran: list[Json] = []

    def works(*positional: Json, **named: Json) -> Json:
        ran.append(named or positional)
        return value

    def fails(**_named: Json) -> Json:
        raise ValueError(exam.fresh("reason"))

    def breaks(**_named: Json) -> Json:
        raise exam.pick(RuntimeError, TimeoutError)(exam.fresh("broken"))

    good, bad, broken, unknown = (exam.fresh("get") for _ in range(4))
    asked = [tool_use(name, {"order": order}) for name in (good, bad, broken, unknown)]
    answer = exam.words(5)
    shop = open_shop(
        exam,
        turn(thinking(), text(exam.words(3)), *asked),
        turn(thinking(), text(answer)),
        text("Again."),
        functions={good: works, bad: fails, broken: breaks},
        model=THINKING_MODEL,
    )
    judges = ("turns-kept", "results")
    bot = shop.hire(*judges)
    question = f"{exam.words(4)}?"
    called = bot.call("ask", question, judges=judges, crash="failure-kills")
    exchanges = shop.exchanges
    if len(exchanges) < 2 or not exchanges[0].message:
        for criterion in judges:
            exam.expect(criterion, False, "tools-not-run", called.raised or called.value)
        return
    known = len(sent_turns(exchanges[0])) - 1
    if known:
        for criterion in judges:
            exam.expect(criterion, False, "shared-history", known)
        return
    turns = sent_turns(exchanges[1])
    content = content_of(exchanges[0])
    mine = [blocks for role, blocks in turns if role == "assistant"]
    wrong = exam.which(
        {
            "turn-lost": not mine,
            "thinking-lost": bool(mine) and mine[0] == content[1:],
        },
        otherwise="turn-otherwise",
    )
    types = [block.get("type") for block in mine[0] if isinstance(block, dict)] if mine else []
    exam.expect("turns-kept", mine == [content], wrong, types)
    has_question = ("user", question) in spoken(turns)
    exam.expect("turns-kept", has_question, "question-dropped", len(turns))
    _are_answered(exam, shop, value, has_run=bool(ran))
    exam.expect("results", ran == [{"order": order}], "tool-otherwise", ran)
    exam.expect("results", is_same(called.value, answer), "other-text", called.value)
    bot.call("ask", f"{exam.words(3)}?", judges=("turns-kept",))
    if len(shop.exchanges) == 3:
        _are_kept(exam, shop, question)


def _are_kept(exam: Exam, shop: Shop, question: str) -> None:
    """Judge that the next question has all of the one before it: calls, results and answer."""
    turns = sent_turns(shop.exchanges[2])
    if ("user", question) not in spoken(turns):
        # Whether it is remembered at all is judged with the conversation.
        return
    replies = [content_of(exchange) for exchange in shop.exchanges[:2]]
    mine = [blocks for role, blocks in turns if role == "assistant"]
    has_results = any(results_of(each) for each in turns)
    said = [content_text(blocks) for blocks in mine]
    wrong = exam.which(
        {
            "tools-forgotten": not has_results or len(mine) < 2,
            "answer-in-part": said == [content_text(blocks) for blocks in replies]
            and mine[-1] != replies[-1],
        },
        otherwise="turn-otherwise",
    )
    roles = [role for role, _ in turns]
    changed = [blocks for blocks in mine if blocks not in replies]
    observed = roles if wrong == "tools-forgotten" or not changed else types_of(changed[-1])
    exam.expect("turns-kept", has_results and mine == replies, wrong, observed)


def _are_answered(exam: Exam, shop: Shop, value: Json, *, has_run: bool) -> None:
    """Judge the answers to the four calls; has_run: whether the tool that works was called."""
    turns = sent_turns(shop.exchanges[1])
    carriers = [results_of(each) for each in turns if results_of(each)]
    exam.expect("results", len(carriers) <= 1, "results-split", len(carriers))
    results = [result for carrier in carriers for result in carrier]
    calls = [block for block in content_of(shop.exchanges[0]) if block["type"] == "tool_use"]
    by_id = {result.get("tool_use_id"): result for result in results}
    for call, fails in zip(calls, (False, True, True, True), strict=True):
        result = by_id.get(call["id"], {})
        says, is_error = told(result), result.get("is_error") is True
        if fails:
            exam.expect("results", is_error and says.strip() != "", "error-unmarked", says)
        else:
            is_unknown = call["name"] in says or "NameError" in says or "not defined" in says
            wrong = exam.which(
                {
                    "other-registry": not has_run and is_unknown,
                    "tool-not-called": not has_run,
                },
                otherwise="result-as-error",
            )
            exam.expect("results", not is_error, wrong, says)
            is_python = str(value) in says
            wrong = exam.which({"result-no-json": is_python}, otherwise="result-otherwise")
            exam.expect("results", is_same(_parsed(says), value), wrong, says)


def _parsed(words: str) -> Json:
    try:
        return json.loads(words)
    except (RecursionError, ValueError):
        return words


# -- a conversation --------------------------------------------------------------------------


def _conversation(exam: Exam) -> None:
    """Judge two questions of one customer, one of the next, and more of the first."""
    answers = [exam.words(4) for _ in range(6)]
    questions = [f"{exam.words(3)}?" for _ in range(3)]
    shop = open_shop(exam, *(text(words) for words in answers), lines=LONG)
    judges = ("remembers", "cached")
    bot = shop.hire(*judges)
    for question in questions[:2]:
        bot.call("ask", question, judges=judges)
    shop.hire(*judges).call("ask", questions[2], judges=judges)
    exchanges = shop.exchanges
    if len(exchanges) != len(questions) or not all(each.message for each in exchanges):
        for criterion in judges:
            exam.expect(criterion, False, "requests-otherwise", len(exchanges))
        return
    first: list[Json] = [("user", questions[0]), ("assistant", answers[0])]
    sent = [spoken(sent_turns(exchange)) for exchange in exchanges]
    right = [*first, ("user", questions[1])]
    exam.expect("remembers", sent[1] == right, "forgets", [role for role, _ in sent[1]])
    mine = kept_turns(bot, "remembers")
    is_kept = mine == [*right, ("assistant", answers[1])]
    exam.expect("remembers", is_kept, "messages-otherwise", [role for role, _ in mine])
    is_alone = sent[2] == [("user", questions[2])]
    exam.expect("remembers", is_alone, "shared-history", len(sent[2]) - 1)
    _is_cached(exam, shop)
    for _ in range(3):
        bot.call("ask", f"{exam.words(3)}?", judges=("remembers",))
    if len(shop.exchanges) != len(answers):
        exam.expect("remembers", False, "requests-otherwise", len(shop.exchanges))
        return
    last = spoken(sent_turns(shop.exchanges[-1]))
    is_whole = last[: len(mine)] == mine and len(last) == len(mine) + 5
    if is_alone and is_kept:
        exam.expect("remembers", is_whole, "forgets-later", [role for role, _ in last])


def _is_cached(exam: Exam, shop: Shop) -> None:
    """Judge that the instructions were written once, and then read."""
    usages = [each.message["usage"] for each in shop.exchanges if each.message]
    written, *read = (
        usages[0]["cache_creation_input_tokens"],
        *(usage["cache_read_input_tokens"] for usage in usages[1:]),
    )
    needed = _tokens_of_system(shop)
    tools = shop.exchanges[0].request.body.get("tools") or []
    is_at_tool = any(isinstance(tool, dict) and tool.get("cache_control") for tool in tools)
    wrong = exam.which(
        {"marked-elsewhere": written < needed and is_at_tool, "uncached": written < needed},
        otherwise="cached-for-one",
    )
    is_found = wrong == "cached-for-one"
    observed = ", ".join(map(str, read)) if is_found else usages[0]["input_tokens"]
    exam.expect("cached", min(written, *read) >= needed, wrong, observed)


def _tokens_of_system(shop: Shop) -> int:
    request: dict[str, Json] = {
        "model": shop.card.id,
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "Hello"}],
    }
    whole = exam_tokens({**request, "system": shop.system}, shop.card)
    return whole - exam_tokens(request, shop.card)
