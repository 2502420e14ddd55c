"""Make one call of each kind before the first fork.

The SDKs build the models of requests and replies on first use, and the simulator reads its answers
then: each kernel would spend a second on that if the process it is forked from had not done it.
What a lesson still builds in its kernel is missing here: `test_rehearsal.py` names it.
"""

from __future__ import annotations

import contextlib
from typing import Any

from pydantic import BaseModel

from grader.catalog import DEFAULT_MODEL
from grader.simulator import (
    Simulator,
    SimulatorTransport,
    Turn,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
)

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


_ANSWER = text("Hello.")
_CALL = tool_use("get_customer", {"customer_id": "cust_123"})
_TURNS = (
    _ANSWER,
    turn(thinking("Let me look."), text("I'll look."), _CALL, _CALL),
    refusal("cyber", "That may do harm."),
)
"""What is replied: each kind of block, and of end, that the lessons meet."""

_MODELS, _BETA_MODELS = "anthropic.types.", "anthropic.types.beta."
_ASKED = [
    {"role": "user", "content": "What does customer cust_123 owe?"},
    {"type": "function_call", "call_id": "call_1", "name": "get_customer", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "call_1", "output": "{}"},
]
"""A conversation as OpenAI's Responses API reads it."""

_kept: list[object] = []
"""Replies, kept: pydantic forgets a generic one's model, slow to make, with the last of a kind."""


def rehearse() -> None:
    """Call the simulator through both SDKs, in each way, and for each kind of reply."""
    _build_models()
    _rehearse_improvised()
    for said in _TURNS:
        _rehearse_messages(said)
        _rehearse_openai(said)


def _build_models() -> None:
    """Build the models of all that the Messages API sends, whichever of them a lesson meets."""
    from anthropic import BaseModel

    for model in BaseModel.__subclasses__():
        if model.__module__.startswith(_MODELS) and not model.__module__.startswith(_BETA_MODELS):
            model.model_rebuild()


def _rehearse_improvised() -> None:
    import anthropic

    with _anthropic(Simulator()) as client:
        client.messages.create(**_REQUEST)
        client.messages.create(**_REQUEST, tools=[_TOOL])
        client.messages.create(**_REQUEST, output_config={"format": _FORMAT})
        client.messages.count_tokens(model=_REQUEST["model"], messages=_REQUEST["messages"])
        with contextlib.suppress(anthropic.BadRequestError):
            client.messages.create(**{**_REQUEST, "messages": []})

        @anthropic.beta_tool
        def get_customer(customer_id: str) -> str:
            """Look a customer up."""
            return customer_id

        asked = {**_REQUEST, "tools": [get_customer], "max_iterations": 2}
        for message in client.beta.messages.tool_runner(**asked, thread=False):
            _keep(message, *message.content)

        class Total(BaseModel):
            total: float

        _keep(client.messages.parse(**_REQUEST, output_format=Total))


def _rehearse_messages(said: Turn) -> None:
    with _anthropic(_saying(said)) as client:
        asked = {**_REQUEST, "tools": [_TOOL]}
        _keep(client.messages.create(**asked))
        for _ in client.messages.create(**asked, stream=True):
            pass
        with client.messages.stream(**asked) as stream:
            _keep(stream.get_final_message())


def _rehearse_openai(said: Turn) -> None:
    import httpx2
    import openai

    client: Any = openai.OpenAI(
        api_key="none",
        base_url="https://api.anthropic.com/v1/",
        http_client=httpx2.Client(transport=SimulatorTransport(_saying(said))),
    )
    with client:
        function = {"name": _TOOL["name"], "parameters": _TOOL["input_schema"]}
        asked = {**_REQUEST, "tools": [{"type": "function", "function": function}]}
        _take(client.chat.completions, asked)
        asked = {"model": _REQUEST["model"], "input": _ASKED}
        _take(client.responses, {**asked, "tools": [{"type": "function", **function}]})


def _take(resource: Any, asked: dict[str, Any]) -> None:
    """Take an answer of OpenAI's kind, whole and as a stream."""
    reply = resource.create(**asked)
    _keep(reply, reply.usage)
    for _ in resource.create(**asked, stream=True):
        pass


def _keep(*replies: Any) -> None:
    for reply in replies:
        # Lessons show replies as JSON, which builds other parts of a model than reading does.
        reply.to_json()
        _kept.append(reply)


def _saying(said: Turn) -> Simulator:
    return Simulator(replies=lambda _request, _card: said)


def _anthropic(simulator: Simulator) -> Any:
    import anthropic
    import httpx2

    client = httpx2.Client(transport=SimulatorTransport(simulator))
    return anthropic.Anthropic(api_key="none", http_client=client)
