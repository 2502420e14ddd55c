"""Agents as they are commonly written end, after few calls, whatever they wait for.

Each is a way to loop that is widespread in public examples, written anew: a judge that waits for a
word, workers that are given tasks in tags, a router, an extractor with a tool that prints.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.catalog import THINKING_MODEL, active_models, find_model
from grader.simulator import improvise
from tests.simulator.replies.toolbox import made, tool, user

MOST = 8
"""More calls than any of these loops needs."""

Ask = Callable[..., str]
quietly = settings(max_examples=40, suppress_health_check=list(HealthCheck))


class Asking:
    """Ask the improviser, and count how often it was asked."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.calls = 0

    def __call__(self, prompt: str, system: str = "") -> str:
        """Return the text that answers a prompt."""
        reply = self.reply([user(prompt)], system=system)
        return "".join(block["text"] for block in reply if block["type"] == "text")

    def reply(self, messages: list[Any], **request: Any) -> Any:
        """Return the blocks that answer a conversation."""
        self.calls += 1
        assert self.calls <= MOST, "the loop doesn't end"
        asked = {"max_tokens": 4_000, "messages": messages, **request}
        return improvise(asked, find_model(self.model)).content


def between(tag: str, text: str) -> str:
    """Return what stands between tags, or nothing."""
    found = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return found[1] if found else ""


@quietly
@given(
    st.sampled_from(["claude-sonnet-4-6", THINKING_MODEL]),
    st.sampled_from(["PASS", "APPROVED", "ACCEPT", "LGTM"]),
    st.sampled_from(["NEEDS_IMPROVEMENT, or FAIL", "REVISE", "REJECT or RETRY"]),
)
def test_a_judge_lets_pass(model: str, good: str, bad: str) -> None:
    """It waits for the first of the verdicts that it lists."""
    ask = Asking(model)
    verdict, feedback = "", ""
    while verdict != good:
        answer = ask(
            f"<task>Write a stack with a minimum.</task>\n{feedback}\nOutput your answer in the "
            "following format:\n\n<thoughts>\n[your plan]\n</thoughts>\n\n<response>\n[code]\n"
            "</response>"
        )
        judged = ask(
            "Evaluate this code for correctness.\nOutput your evaluation in the following format."
            f"\n\n<evaluation>{good}, {bad}</evaluation>\n<feedback>\nWhat to improve.\n</feedback>"
            f"\n\n<content>{between('response', answer)}</content>"
        )
        assert between("response", answer)
        verdict, feedback = between("evaluation", judged), between("feedback", judged)


@pytest.mark.parametrize(
    "asks",
    [
        "If the draft is good, reply PASS; otherwise say what to change.",
        "Say what to change. Respond with “PASS” if there is nothing.",
        "Answer PASS or FAIL.",
    ],
)
def test_a_reviewer_who_waits_for_a_word_hears_it(asks: str) -> None:
    """Asked for in plain words, without tags."""
    ask, verdict = Asking("claude-sonnet-4-6"), ""
    while "PASS" not in verdict:
        verdict = ask(f"Review the draft below. {asks}\n\nDraft: {ask('Write a draft.')}")


def test_a_router_takes_one_of_its_routes() -> None:
    """Its answer is used as a key."""
    routes = {"billing": "…", "technical": "…", "account": "…"}
    selection = Asking("claude-sonnet-4-6")(
        f"Select the support team for the input from these options: {[*routes]}\n"
        "Answer in this format:\n\n<reasoning>\nWhy.\n</reasoning>\n\n"
        "<selection>\nbilling, technical or account\n</selection>\n\nInput: I can't log in."
    )
    assert between("selection", selection).strip() in routes


def test_an_orchestrator_gets_its_tags() -> None:
    """And each worker too."""
    ask = Asking(THINKING_MODEL)
    plan = ask(
        "Analyze this task.\nTask: Describe a bottle.\n\nReturn your response in this format:\n\n"
        "<analysis>\nWhat varies.\n</analysis>\n\n<tasks>\nOne task a line.\n</tasks>"
    )
    for task in between("tasks", plan).strip().splitlines():
        work = ask(
            f"Generate content.\nTask: {task}\n\nReturn your response within <response> tags."
        )
        assert between("response", work)


def test_a_loop_that_keeps_the_last_exchange_ends() -> None:
    """A customer service agent whose history is one exchange long."""
    tools = [
        tool("get_customer_info", "Retrieves customer information.", customer_id="string"),
        tool("get_order_details", "Retrieves the details of an order.", order_id="string"),
        tool("cancel_order", "Cancels an order.", order_id="string"),
    ]
    ask, messages, named = Asking("claude-sonnet-4-6"), [user("Please cancel order O1.")], []
    while calls := [b for b in ask.reply(messages, tools=tools) if b["type"] == "tool_use"]:
        named += [call["name"] for call in calls]
        messages = [messages[0], *made(calls[0]["name"], calls[0]["input"], '{"ok": true}')]
    assert named[-1] == "cancel_order"


@pytest.mark.parametrize("model", active_models())
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("print_sentiment_scores", {"positive_score": "number", "negative_score": "number"}),
        ("print_summary", {"author": "string", "topics": {"type": "array"}, "summary": "string"}),
        ("print_entities", {"entities": {"type": "array", "items": {"type": "string"}}}),
    ],
)
def test_a_tool_that_prints_the_answer_is_called(name: str, fields: Any, model: str) -> None:
    """Without being forced, and with all that it takes."""
    definition = tool(name, "Prints what was found in the text.", **fields)
    prompt = f"<text>The food was bland.</text>\n\nOnly use the {name} tool."
    (call,) = (
        block
        for block in Asking(model).reply([user(prompt)], tools=[definition])
        if block["type"] == "tool_use"
    )
    assert (call["name"], call["input"].keys()) == (name, fields.keys())


@pytest.mark.parametrize("name", ["get_article", "wikipedia_search", "search_knowledge_base"])
@pytest.mark.parametrize(
    "question", ["Who won the 2024 Masters Tournament?", "How many moons does Saturn have?"]
)
def test_a_question_of_fact_is_looked_up_where_it_can_be(name: str, question: str) -> None:
    """Once; then the answer tells what was found."""
    definition = tool(name, "Retrieves an up to date Wikipedia article.", search_term="string")
    ask, messages = Asking("claude-sonnet-4-6"), [user(question)]
    (call,) = (b for b in ask.reply(messages, tools=[definition]) if b["type"] == "tool_use")
    messages += made(name, call["input"], "It was Scottie Scheffler.")
    (said,) = ask.reply(messages, tools=[definition])
    assert "Scottie Scheffler" in said["text"]
