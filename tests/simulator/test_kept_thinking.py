"""Thinking in the turns that are kept behind a summary: where it stays valid, and where not."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from grader.simulator import Simulator, text, thinking, turn
from grader.simulator.binding import BINDING_BETA
from tests.simulator.long_talks import (
    ASKED,
    ON_DEMAND,
    TOOL,
    Request,
    asked,
    posted,
    said,
)


def talked(count: int, *, model: str = "claude-opus-5-5", system: str = "Be brief.") -> Request:
    """Return a conversation of so many answered questions, each answer with its thinking."""
    request = {**asked([]), "model": model, "system": system}
    simulator = Simulator(
        replies=lambda *_: turn(thinking("Hm."), text("Fine.")), seed=count, clock=lambda: 0.0
    )
    for number in range(count):
        request["messages"].append(said("user", f"Question {number}?"))
        reply = posted(request, to=simulator)
        request["messages"].append({"role": "assistant", "content": reply.body["content"]})
    return request


def swapped(request: Request, covered: int, **more: Any) -> Request:
    """Return a conversation whose first messages were summarized, and a question at its end."""
    messages = request["messages"]
    summary = posted(
        {**request, "messages": messages[:covered], "compaction": ASKED, **more}, ON_DEMAND
    )
    block = {"role": "assistant", "content": summary.body["content"]}
    return {**request, "messages": [block, *messages[covered:], said("user", "And now?")]}


def dropped(request: Request) -> list[str]:
    """Return the paths of the thinking that no longer counts."""
    binding = {"prefix_mismatch_behavior": "drop_block"}
    request = {**request, "thinking": {"type": "adaptive", "block_binding": binding}}
    reply = posted(request, ON_DEMAND, BINDING_BETA)
    assert reply.status == 200, reply.body
    return [each["path"] for each in reply.body["input_transformations"]]


@pytest.mark.parametrize("covered", range(1, 7))
def test_thinking_in_the_turns_that_are_kept_stays_valid(covered: int) -> None:
    """Wherever the summary ends; where a user's message is kept behind a user's, it doesn't."""
    request = swapped(talked(3), covered)
    assert dropped(request) == []


def test_kept_thinking_survives_one_summary_after_another() -> None:
    """As long as each is asked of a model that binds its thinking."""
    request = talked(4)
    first = swapped(request, 2)
    second = {**first, "messages": first["messages"][:-1]}
    assert dropped(swapped(second, 3)) == []
    other = posted(
        {
            **second,
            "model": "claude-opus-5",
            "messages": second["messages"][:3],
            "compaction": ASKED,
        },
        ON_DEMAND,
    ).body["content"]
    kept = [{"role": "assistant", "content": other}, *second["messages"][3:]]
    assert dropped({**second, "messages": [*kept, said("user", "And now?")]}) != []


def skip(messages: list[Any]) -> None:
    """Leave out the first message that was kept."""
    del messages[1:3]


def insert(messages: list[Any]) -> None:
    """Put a message in between."""
    messages.insert(1, said("user", "By the way."))


def instruct(messages: list[Any]) -> None:
    """Put an instruction in between."""
    messages[1]["content"][-1] = {"type": "text", "text": "Changed."}


@pytest.mark.parametrize("edit", [skip, insert, instruct])
def test_kept_turns_that_do_not_follow_what_was_summarized_lose_their_thinking(
    edit: Callable[[list[Any]], None],
) -> None:
    """As after any other edit."""
    request = json.loads(json.dumps(swapped(talked(4), 2)))
    edit(request["messages"])
    assert dropped(request) != []


def test_a_message_that_would_be_merged_into_the_summarized_ones_breaks_the_rest() -> None:
    """A user's, where the last that was summarized is a user's."""
    request = talked(2)
    messages = request["messages"]
    messages.insert(0, said("user", "First of all:"))
    simulator = Simulator(replies=lambda *_: turn(thinking("Hm."), text("Fine.")), seed=5)
    for place in (2, 4):
        reply = posted({**request, "messages": messages[:place]}, to=simulator)
        messages[place]["content"] = reply.body["content"]
    assert dropped(swapped(request, 2)) == []
    assert dropped(swapped(request, 1)) != []


@pytest.mark.parametrize("change", [{"system": "Be long."}, {"tools": [TOOL]}])
def test_another_system_prompt_or_other_tools_break_the_kept_thinking(change: Request) -> None:
    """On the request for the summary, or after it."""
    request = talked(3)
    assert dropped(swapped(request, 1)) == []
    assert dropped(swapped(request, 1, **change)) != []
    assert dropped({**swapped(request, 1), **change}) != []


def test_thinking_after_a_summary_is_bound_to_it() -> None:
    """It goes on while the summary is there, and not without it."""
    request = swapped(talked(2), 4)
    simulator = Simulator(replies=lambda *_: turn(thinking("Hm."), text("Fine.")), seed=8)
    reply = posted(request, ON_DEMAND, to=simulator)
    answered = [{"role": "assistant", "content": reply.body["content"]}, said("user", "Why?")]
    assert dropped({**request, "messages": [*request["messages"], *answered]}) == []
    without = [*request["messages"][1:], *answered]
    assert dropped({**request, "messages": without}) != []


def test_an_older_account_keeps_its_turns_too() -> None:
    """The summary is taken whoever asks."""
    old = Simulator(seed=3, account_created=date(2026, 1, 1), clock=lambda: 0.0)
    assert posted(swapped(talked(2), 2), ON_DEMAND, to=old).status == 200
