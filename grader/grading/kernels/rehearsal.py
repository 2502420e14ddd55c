"""Make one call of each kind before the first fork.

The SDKs build the models of requests and replies on first use, and the simulator reads its answers
then: each kernel would spend a second on that if the process it is forked from had not done it.
"""

from __future__ import annotations

import contextlib
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.simulator import Simulator, SimulatorTransport

_REQUEST: dict[str, Any] = {
    "model": DEFAULT_MODEL,
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "What does customer cust_123 owe?"}],
}
_TOOL = {
    "name": "get_customer",
    "description": "Look a customer up.",
    "input_schema": {
        "type": "object",
        "properties": {"customer_id": {"type": "string"}},
        "required": ["customer_id"],
    },
}
_FORMAT = {
    "type": "json_schema",
    "schema": {
        "type": "object",
        "properties": {"total": {"type": "number"}},
        "required": ["total"],
        "additionalProperties": False,
    },
}


_kept: list[object] = []
"""Replies, kept: pydantic forgets a generic one's model, slow to make, with the last of a kind."""


def rehearse() -> None:
    """Call the simulator through both SDKs."""
    transport = SimulatorTransport(Simulator())
    _rehearse_anthropic(transport)
    _rehearse_openai(transport)


def _rehearse_anthropic(transport: SimulatorTransport) -> None:
    import anthropic
    import httpx2

    client: Any = anthropic.Anthropic(
        api_key="none", http_client=httpx2.Client(transport=transport)
    )
    with client:
        client.messages.create(**_REQUEST)
        client.messages.create(**_REQUEST, tools=[_TOOL])
        client.messages.create(**_REQUEST, output_config={"format": _FORMAT})
        client.messages.count_tokens(model=_REQUEST["model"], messages=_REQUEST["messages"])
        for _ in client.messages.create(**_REQUEST, stream=True):
            pass
        with client.messages.stream(**_REQUEST, tools=[_TOOL]) as stream:
            _kept.append(stream.get_final_message())
        with contextlib.suppress(anthropic.BadRequestError):
            client.messages.create(**{**_REQUEST, "messages": []})

        @anthropic.beta_tool
        def get_customer(customer_id: str) -> str:
            """Look a customer up."""
            return customer_id

        asked = {**_REQUEST, "tools": [get_customer], "max_iterations": 2}
        _kept.extend(client.beta.messages.tool_runner(**asked, thread=False))


def _rehearse_openai(transport: SimulatorTransport) -> None:
    import httpx2
    import openai

    client: Any = openai.OpenAI(
        api_key="none",
        base_url="https://api.anthropic.com/v1/",
        http_client=httpx2.Client(transport=transport),
    )
    with client:
        client.chat.completions.create(**_REQUEST)
        for _ in client.chat.completions.create(**_REQUEST, stream=True):
            pass
