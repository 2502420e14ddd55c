"""The port of a support bot, judged by traces on a legacy model and on a current one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from grader.catalog import THINKING_MODEL
from grader.exams import Criterion, Exam, Shapes, Slip, exam_tokens, exercise
from grader.exercises.loops import (
    GOING_BACK,
    INPUTS,
    PLACES,
    Plan,
    answers_in,
    asking,
    content_text,
    contents_of,
    find_lost_turn,
    find_lost_value,
    find_split,
    find_stray,
    judge_runs,
    plan_call,
    results_in,
    roles_of,
    said_by,
    said_in,
    spoken,
    types_of,
)
from grader.exercises.port.bot_budget import judge_budget
from grader.exercises.port.bot_calls import ANSWERS, CALLS, VALUES, judge_calls
from grader.exercises.port.bot_ledger import judge_ledger
from grader.exercises.port.bot_thoughts import judge_thoughts
from grader.exercises.port.bot_trouble import (
    ENDINGS,
    judge_endings,
    judge_endless,
    judge_failures,
    judge_trouble,
    judge_wordless,
)
from grader.exercises.port.bots import LONG, Shop, kept_turns, open_shop, sent_turns
from grader.exercises.readings import is_same
from grader.exercises.replies import WORDINGS
from grader.simulator import Exchange, text, thinking, turn

Json = Any


@exercise(
    minutes=40,
    criteria=[
        Criterion("asks", "a question: the request has its parts, and the answer comes back"),
        Criterion("live", "a question: the text reaches `on_text` while it is written"),
        Criterion("turns-kept", "tools: Claude's turns go back unchanged"),
        Criterion("results", "tools: each call is answered, a failure with `is_error`"),
        Criterion("remembers", "a conversation: every question knows those before it"),
        Criterion("cached", "a conversation: the next customer finds the system prompt cached"),
        Criterion("budget", "the budget: no request is longer than that"),
        Criterion("whole-turns", "the budget: whole exchanges go, and only when they have to"),
        Criterion("thoughts", "the budget: a model that binds its thinking accepts what is left"),
        Criterion("entries", "the ledger: an entry for each reply"),
        Criterion("amounts", "the ledger: each entry is what the reply cost"),
        Criterion("undone", "trouble: it is raised, and the conversation is as before"),
        Criterion("bounded", "trouble: a question takes 8 requests at most"),
    ],
    shapes=Shapes(
        calls=CALLS,
        beside=GOING_BACK,
        where=PLACES,
        input=INPUTS,
        value=VALUES,
        answer=ANSWERS,
        question=WORDINGS,
        ending=ENDINGS,
    ),
)
def SupportBot(exam: Exam) -> None:  # noqa: N802 - a check is named after what a learner writes
    """Judge a question, tools, a conversation, the budget, the ledger, and trouble."""
    for trace in (
        _question,
        _tools,
        _one_tool_again,
        judge_calls,
        _conversation,
        judge_budget,
        judge_ledger,
        judge_trouble,
        judge_wordless,
        judge_endings,
        judge_failures,
        judge_endless,
        judge_thoughts,
    ):
        # Each hires its own bots, so one that stops costs only its own points.
        with exam.part():
            trace(exam)


# -- a question ------------------------------------------------------------------------------


def _question(exam: Exam) -> None:
    """Judge one question."""
    first, second = (" ".join(exam.words(5) for _ in range(4)) for _ in range(2))
    # A line break belongs to the text too.
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
    exam.expect("asks", body.get("model") == shop.card.id, "model-not-the-cards", body.get("model"))
    system = content_text(body.get("system"))
    observed = f"{len(system)} characters, not {len(shop.system)}"
    exam.expect("asks", system == shop.system, "system-lost", observed)
    tools = body.get("tools")
    names = [tool.get("name") for tool in tools or [] if isinstance(tool, dict)]
    expected = [tool["name"] for tool in shop.tools]
    exam.expect("asks", names == expected, "tools-lost", tools)
    turns = spoken(sent_turns(exchange))
    exam.expect("asks", turns == [("user", question)], "question-otherwise", turns)


def _is_live(exam: Exam, shop: Shop, words: str, thought: str) -> None:
    """Judge that the bot passed all text on, once, and while the reply was being written."""
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
    """Judge a turn with four calls: one works, two raise, one names no tool.

    Also judge the next question, which sends all of that again.
    """
    good, *bad = plans = (
        plan_call(exam, {"status": exam.words(2), "days": exam.number(2, 9)}),
        plan_call(exam, ValueError(exam.fresh("reason"))),
        plan_call(exam, exam.pick(RuntimeError, TimeoutError)(exam.fresh("broken"))),
        plan_call(exam, None, is_known=False),
    )
    first = asking(thinking(), text(exam.words(3)), *plans).turn
    answer, again = exam.words(5), text("Again.")
    shop = open_shop(
        exam, first, turn(thinking(), text(answer)), again, plans=plans, model=THINKING_MODEL
    )
    judges = ("turns-kept", "results")
    bot = shop.hire(*judges)
    question = f"{exam.words(4)}?"
    called = bot.call("ask", question, judges=judges, crash="failure-kills")
    exchanges = shop.exchanges
    if len(exchanges) < 2 or not exchanges[0].message:
        exam.judge(Slip("stopped-early", called.raised or called.value), *judges)
        return
    known = len(sent_turns(exchanges[0])) - 1
    if known:
        exam.judge(Slip("shared-history", known), *judges)
        return
    before, after = (each.request.body.get("messages") for each in exchanges[:2])
    lost = find_stray(after) or find_lost_turn(before, after, exchanges[0].message["content"])
    if ("user", question) not in spoken(said_in(after)):
        lost = Slip("question-dropped", len(said_in(after)))
    exam.judge(lost, "turns-kept", otherwise="blocks-changed")
    _are_answered(exam, shop, good, bad)
    exam.expect("results", is_same(called.value, answer), "other-text", called.value)
    bot.call("ask", f"{exam.words(3)}?", judges=("turns-kept",))
    if len(shop.exchanges) == 3:
        _are_kept(exam, shop, question)


def _one_tool_again(exam: Exam) -> None:
    """Judge two calls of one tool in one turn, and one more in the next question."""
    name, input_key = exam.fresh("get"), exam.pick("city", "order")
    plans = [
        replace(plan_call(exam, {"code": exam.fresh("code")}, name=name), input=each)
        for each in ({input_key: exam.fresh("in")} for _ in range(3))
    ]
    turns = (plans[:2], plans[2:])
    replies = [asking(*calls).turn if calls else text(exam.words(3)) for calls in _spaced(turns)]
    shop = open_shop(exam, *replies, plans=plans)
    bot = shop.hire("results")
    for place, calls in ((1, turns[0]), (3, turns[1])):
        may_raise = ("BadRequestError",)
        called = bot.call("ask", f"{exam.words(3)}?", judges=("results",), may_raise=may_raise)
        if len(shop.exchanges) <= place:
            # What goes wrong with a single call, or with a second question, other traces judge.
            if place == 1 and called.raised:
                exam.expect("results", False, "one-tool-once", called.raised)
            return
        answers = answers_in(shop.exchanges[place].request.body.get("messages"))
        results = results_in([block for said in answers for block in said.blocks])
        by_id = {str(result.get("tool_use_id")): result.get("content") for result in results}
        for plan in calls:
            says = content_text(by_id.get(plan.id))
            observed = f"{name}({plan.input}) → {says or 'no result'}"
            is_right = plan.value["code"] in says
            if not exam.expect("results", is_right, "one-tool-once", observed):
                return


def _spaced(turns: Sequence[Sequence[Plan]]) -> Iterator[Sequence[Plan]]:
    """Yield the calls of each turn, and after them none: the reply that ends the question."""
    for calls in turns:
        yield calls
        yield ()


def _are_kept(exam: Exam, shop: Shop, question: str) -> None:
    """Judge that the next question carries the whole turn before it: calls, results, answer."""
    turns = sent_turns(shop.exchanges[2])
    if ("user", question) not in spoken(turns):
        # The conversation trace judges whether the bot remembers at all.
        return
    replies = [said_by("assistant", content) for content in contents_of(shop.scene)[:2]]
    mine = [said for said in turns if said.role == "assistant"]
    has_results = any(results_in(said.blocks) for said in turns)
    wrong = exam.which(
        {
            "tools-forgotten": not has_results or len(mine) < 2,
            "answer-in-part": spoken(mine) == spoken(replies) and mine[-1] != replies[-1],
        },
        otherwise="blocks-changed",
    )
    changed = [said.blocks for said in mine if said not in replies]
    is_forgotten = wrong == "tools-forgotten" or not changed
    observed = roles_of(turns) if is_forgotten else types_of(changed[-1])
    exam.expect("turns-kept", has_results and mine == replies, wrong, observed)


def _are_answered(exam: Exam, shop: Shop, good: Plan, bad: Sequence[Plan]) -> None:
    """Judge the answers to the call that works, and to those that don't."""
    answers = answers_in(shop.exchanges[1].request.body.get("messages"))
    exam.judge(find_split(answers), "results")
    results = results_in([block for said in answers for block in said.blocks])
    by_id = {str(result.get("tool_use_id")): result for result in results}
    result = by_id.get(good.id, {})
    content = result.get("content")
    says, has_run = content_text(content), any(run.name == good.name for run in shop.ran)
    if has_run:
        judge_runs(exam, "results", [good], shop.ran)
    is_unknown = good.name in says or "NameError" in says or "not defined" in says
    wrong = exam.which(
        {"other-registry": not has_run and is_unknown, "tool-not-called": not has_run},
        otherwise="success-as-error",
    )
    exam.expect("results", not result.get("is_error"), wrong, says)
    exam.judge(find_lost_value(content, good.value), "results", otherwise="value-lost")
    for plan in bad:
        result = by_id.get(plan.id, {})
        says = content_text(result.get("content"))
        is_told = result.get("is_error") is True and says.strip() != ""
        exam.expect("results", is_told, "error-unmarked", result)
        reason = str(plan.value) if isinstance(plan.value, Exception) else ""
        exam.expect("results", reason in says, "reason-lost", f"{plan.value!r} → {says!r}")


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
        exam.judge(Slip("requests-otherwise", len(exchanges)), *judges)
        return
    first: list[Json] = [("user", questions[0]), ("assistant", answers[0])]
    sent = [spoken(sent_turns(exchange)) for exchange in exchanges]
    right = [*first, ("user", questions[1])]
    exam.expect("remembers", sent[1] == right, "forgets", [role for role, _ in sent[1]])
    is_alone = sent[2] == [("user", questions[2])]
    exam.expect("remembers", is_alone, "shared-history", len(sent[2]) - 1)
    mine = kept_turns(bot, "remembers")
    is_kept = mine == [*right, ("assistant", answers[1])]
    exam.expect("remembers", is_kept, "messages-otherwise", [role for role, _ in mine])
    _is_cached(exam, shop)
    for _ in range(3):
        bot.call("ask", f"{exam.words(3)}?", judges=("remembers",))
    if len(shop.exchanges) != len(answers):
        exam.expect("remembers", False, "requests-otherwise", len(shop.exchanges))
        return
    last = spoken(sent_turns(shop.exchanges[-1]))
    is_whole = last[: len(mine)] == mine and len(last) == len(mine) + 5
    if is_alone and is_kept:
        exam.expect("remembers", is_whole, "forgets-later", len(last))


def _is_cached(exam: Exam, shop: Shop) -> None:
    """Judge that the cache got the instructions once, and served them from then on."""
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
