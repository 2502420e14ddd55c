"""The OpenAI-compatible endpoint: real clients of the OpenAI SDK."""

import asyncio
from typing import Any

import httpx2
import openai
import pytest

from grader.simulator import (
    STOP_REASONS,
    Fault,
    Pace,
    Script,
    Simulator,
    SimulatorTransport,
    Turn,
    empty,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
)
from grader.simulator.dialects.chat import FINISH_REASONS

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "messages": [{"role": "user", "content": "Hello"}],
}
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}}
FUNCTION = {"name": "get_weather", "description": "Say the weather.", "parameters": PARAMETERS}
WEATHER = tool_use("get_weather", {"city": "Rome"}, id="toolu_01A")


def test_a_completion_comes_through_the_sdk(openai_client_of) -> None:
    """The same reply as from the Messages API, in OpenAI's shape."""
    simulator = Simulator(replies=Script(text("Hi.")), clock=lambda: 1_795_305_600.9)
    completion = openai_client_of(simulator).chat.completions.create(**ASK)
    assert completion.to_dict() == {
        "id": simulator.transcript[0].message["id"],
        "object": "chat.completion",
        "created": 1_795_305_600,
        "model": "claude-sonnet-4-6",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hi."},
                "finish_reason": "stop",
                "logprobs": None,
            }
        ],
        "usage": {"prompt_tokens": 8, "completion_tokens": 5, "total_tokens": 13},
    }


def test_a_completion_comes_through_the_asynchronous_sdk() -> None:
    """The same transport serves both."""

    async def run() -> Any:
        simulator = Simulator(replies=Script(text("one two")))
        async with httpx2.AsyncClient(transport=SimulatorTransport(simulator)) as http:
            client = openai.AsyncOpenAI(
                api_key="simulated",
                base_url="https://api.anthropic.com/v1/",
                http_client=http,
                max_retries=0,
            )
            stream = await client.chat.completions.create(**ASK, stream=True)
            return [chunk.choices[0].delta.content async for chunk in stream]

    assert asyncio.run(run()) == ["", "one ", "two", None]


@pytest.mark.parametrize("stop_reason", STOP_REASONS)
def test_every_stop_reason_has_a_finish_reason(openai_client_of, stop_reason: str) -> None:
    """Plain and streamed alike."""
    expected = {
        "end_turn": "stop",
        "stop_sequence": "stop",
        "pause_turn": "stop",
        "compaction": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "content_filter",
    }
    assert expected == FINISH_REASONS
    stop = "END" if stop_reason == "stop_sequence" else None
    reply = Turn(({"type": "text", "text": "a"},), stop_reason, stop)
    client = openai_client_of(Simulator(replies=Script(reply, reply)))
    plain = client.chat.completions.create(**ASK).choices[0].finish_reason
    chunks = list(client.chat.completions.create(**ASK, stream=True))
    assert plain == chunks[-1].choices[0].finish_reason == expected[stop_reason]


@pytest.mark.parametrize(
    ("reply", "content"),
    [
        (turn(thinking("Hm."), text("Hi.")), "Hi."),
        (turn(text("Hi "), text("you.")), "Hi you."),
        (empty(), None),
        (refusal("cyber"), None),
    ],
    ids=["thinking", "two texts", "empty", "refusal"],
)
def test_only_text_is_content(openai_client_of, reply: Turn, content: str | None) -> None:
    """Thinking has no place in OpenAI's shape."""
    completion = openai_client_of(Simulator(replies=Script(reply))).chat.completions.create(**ASK)
    assert completion.choices[0].message.content == content


def test_a_call_comes_as_a_function_with_written_arguments(openai_client_of) -> None:
    """A JSON string, where the Messages API has an object; streamed, it has an index."""
    reply = turn(text("Let me look."), WEATHER)
    client = openai_client_of(Simulator(replies=Script(reply, reply)))
    tools = [{"type": "function", "function": FUNCTION}]
    expected = {
        "id": "toolu_01A",
        "type": "function",
        "function": {"name": "get_weather", "arguments": '{"city": "Rome"}'},
    }
    plain = client.chat.completions.create(**ASK, tools=tools).choices[0]
    assert [call.to_dict() for call in plain.message.tool_calls] == [expected]
    streamed = [
        call.to_dict()
        for chunk in client.chat.completions.create(**ASK, tools=tools, stream=True)
        for call in chunk.choices[0].delta.tool_calls or []
    ]
    assert streamed == [{"index": 0, **expected}]


def test_a_stream_of_chunks_has_its_usage_last_and_on_demand(openai_client_of) -> None:
    """In a chunk without choices; the stream ends with [DONE]."""
    simulator = Simulator(replies=Script(text("one two"), text("one two")))
    client = openai_client_of(simulator)
    without = list(client.chat.completions.create(**ASK, stream=True))
    options = {"include_usage": True}
    chunks = list(client.chat.completions.create(**ASK, stream=True, stream_options=options))
    assert [chunk.usage for chunk in without] == [None] * 4
    assert chunks[-1].choices == []
    assert chunks[-1].usage.to_dict() == {
        "prompt_tokens": 8,
        "completion_tokens": 5,
        "total_tokens": 13,
    }
    last = simulator.transcript[-1]
    assert (last.events_sent, last.finished, last.closed_early) == (6, True, False)


def test_a_stream_of_chunks_closed_early_is_seen_in_the_transcript(openai_client_of) -> None:
    """As with the Messages API."""
    simulator = Simulator(replies=Script(text("one two three")))
    with openai_client_of(simulator).chat.completions.create(**ASK, stream=True) as stream:
        next(iter(stream))
    last = simulator.transcript[-1]
    assert (last.events_sent, last.finished, last.closed_early) == (1, False, True)


def test_chunks_carry_the_pace(post) -> None:
    """The first its own, and every piece of the text another."""
    simulator = Simulator(replies=Script(text("one two")), pace=Pace(2.0, 0.25))
    reply = post({**ASK, "stream": True}, to=simulator, path="/v1/chat/completions")
    assert [event.delay for event in reply.events] == [2.0, 0.25, 0.25, 0.0, 0.0]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (404, openai.NotFoundError),
        (409, openai.ConflictError),
        (429, openai.RateLimitError),
        (529, openai.InternalServerError),
    ],
)
def test_each_fault_raises_the_sdks_own_error(openai_client_of, status: int, error) -> None:
    """In OpenAI's envelope."""
    client = openai_client_of(Simulator(replies=Script(Fault(status, "Words."))))
    with pytest.raises(error) as caught:
        client.chat.completions.create(**ASK)
    kind = Fault(status, "Words.").type
    assert caught.value.body == {"type": kind, "message": "Words.", "param": None, "code": None}


def test_a_bad_request_is_told_as_the_messages_api_tells_it(openai_client_of) -> None:
    """What was converted is checked by the same rules."""
    with pytest.raises(openai.NotFoundError, match="model: gpt-4o"):
        openai_client_of(Simulator()).chat.completions.create(**{**ASK, "model": "gpt-4o"})


def test_rate_limits_have_openais_names(post) -> None:
    """The documented ones, of requests and of tokens."""
    headers = post(ASK, path="/v1/chat/completions").headers
    assert sorted(name for name in headers if "ratelimit" in name) == [
        f"x-ratelimit-{what}-{kind}"
        for what in ("limit", "remaining", "reset")
        for kind in ("requests", "tokens")
    ]


def test_no_version_header_is_needed(post) -> None:
    """OpenAI's SDK sends none."""
    assert post(ASK, path="/v1/chat/completions", version="").status == 200
