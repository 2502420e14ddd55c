"""Conversations kept by the server are refused so that the SDK goes on without them."""

from collections.abc import Callable
from typing import Any

import anthropic
from anthropic import beta_tool

from grader.simulator import Script, Simulator, text, tool_use

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Look up the customer."}],
}


@beta_tool
def get_customer(customer_id: str) -> str:
    """Look up a customer.

    Args:
        customer_id: the customer's id
    """
    return f"{customer_id} has the free plan"


def test_the_sdks_own_runner_goes_on_without_a_thread(
    client_of: Callable[..., anthropic.Anthropic],
) -> None:
    """It asks for one first, reads the error's code, and sends the whole conversation instead."""
    call = tool_use("get_customer", {"customer_id": "cust_1"})
    simulator = Simulator(replies=Script(call, text("Done.")), seed=1)
    last = client_of(simulator).beta.messages.tool_runner(tools=[get_customer], **ASK).until_done()
    assert last.content[0].text == "Done."
    assert [exchange.status for exchange in simulator.transcript] == [400, 200, 200]
    assert [len(e.request.body["messages"]) for e in simulator.transcript] == [1, 1, 3]


def test_a_thread_without_the_beta_is_an_unknown_key(post: Callable[..., Any]) -> None:
    """As every key of a beta is."""
    body = {**ASK, "thread": {"type": "create"}}
    plain = post(body).body["error"]
    beta = post(body, **{"anthropic-beta": "message-threads-2026-08-12"}).body["error"]
    assert plain["message"] == "thread: Extra inputs are not permitted"
    assert beta["details"] == {"error_code": "thread_unsupported_request"}
