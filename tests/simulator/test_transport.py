"""The in-process edge: real clients of the Anthropic SDK, synchronous and asynchronous."""

import asyncio
import gc
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from grader.simulator import (
    STOP_REASONS,
    Fault,
    Pace,
    Script,
    ServerSentEvent,
    Simulator,
    SimulatorTransport,
    Turn,
    connection_cut,
    empty,
    interrupted,
    overloaded,
    rate_limited,
    refusal,
    text,
    thinking,
    timed_out,
    tool_use,
    turn,
    with_faults,
)

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}
WEATHER = tool_use("get_weather", {"city": "Rome", "days": [1, 2]}, id="toolu_01A")


def asked(simulator: Simulator, use: Callable[[anthropic.AsyncAnthropic], Awaitable[Any]]) -> Any:
    """Run one asynchronous use of a real client that reaches a simulator."""

    async def run() -> Any:
        async with httpx2.AsyncClient(transport=SimulatorTransport(simulator)) as http:
            client = anthropic.AsyncAnthropic(
                api_key="simulated",
                base_url="https://api.anthropic.com",
                http_client=http,
                max_retries=0,
            )
            return await use(client)

    return asyncio.run(run())


async def collect(items: AsyncIterator[Any], into: list[Any]) -> None:
    """Append what comes, also when it breaks off."""
    async for item in items:
        into.append(item)


def test_a_message_comes_through_the_sdk(client_of) -> None:
    """Text, usage and the request id are where the SDK promises them."""
    simulator = Simulator(replies=Script(text("Hi.")))
    message = client_of(simulator).messages.create(**ASK)
    assert [block.to_dict() for block in message.content] == [{"type": "text", "text": "Hi."}]
    assert (message.usage.input_tokens, message.usage.output_tokens) == (8, 5)
    assert message._request_id is not None
    assert message._request_id.startswith("req_01")


def test_a_message_comes_through_the_asynchronous_sdk() -> None:
    """The same transport serves both."""
    simulator = Simulator(replies=Script(text("Hi.")))
    message = asked(simulator, lambda client: client.messages.create(**ASK))
    assert message.content[0].text == "Hi."


@pytest.mark.parametrize("stop_reason", STOP_REASONS)
@pytest.mark.parametrize("streamed", [False, True])
def test_every_stop_reason_comes_through(client_of, stop_reason: str, streamed: bool) -> None:
    """Plain and streamed alike."""
    stop = "END" if stop_reason == "stop_sequence" else None
    replies = Script(Turn(({"type": "text", "text": "a"},), stop_reason, stop))
    client = client_of(Simulator(replies=replies))
    if streamed:
        with client.messages.stream(**ASK) as stream:
            message = stream.get_final_message()
    else:
        message = client.messages.create(**ASK)
    assert (message.stop_reason, message.stop_sequence) == (stop_reason, stop)


REPLIES = {
    "text": text("Grüße, 世界 🌍 — done.\n"),
    "thinking": turn(thinking("Let me see.", signature="sig"), text("Yes.")),
    "omitted thinking": turn(thinking(), text("Yes.")),
    "tools": turn(text("Let me look."), WEATHER, tool_use("get_time", {}, id="toolu_01B")),
    "refusal": refusal("cyber", "It would help an attack."),
    "refusal after text": refusal(None, None, text("First, ")),
    "empty": empty(),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_a_stream_adds_up_to_the_plain_message(client_of, reply: Turn) -> None:
    """The SDK's accumulator builds the very message that was recorded as sent."""
    simulator = Simulator(replies=Script(reply, reply), seed=3)
    client = client_of(simulator)
    plain = client.messages.create(**ASK)
    with client.messages.stream(**ASK) as stream:
        streamed = stream.get_final_message()
    sent = [exchange.message for exchange in simulator.transcript]
    fresh = {"id": None, "content": None}
    assert {**sent[0], **fresh} == {**sent[1], **fresh}
    for message, whole in ((plain, sent[0]), (streamed, sent[1])):
        received = message.to_dict(mode="json")
        usage = received.pop("usage")
        received.pop("parsed_output", None)
        assert [
            {key: value for key, value in block.items() if key != "parsed_output"}
            for block in received.pop("content")
        ] == whole["content"]
        assert received == {key: whole[key] for key in received}
        assert usage["output_tokens"] == whole["usage"]["output_tokens"]


def test_a_refusal_has_its_details(client_of) -> None:
    """The category and the explanation, and no content."""
    client = client_of(Simulator(replies=Script(refusal("bio", "It would do harm."))))
    message = client.messages.create(**ASK)
    assert message.content == []
    assert message.stop_details.to_dict() == {
        "type": "refusal",
        "category": "bio",
        "explanation": "It would do harm.",
    }


def test_the_sdk_sees_raw_events_and_derived_ones(client_of) -> None:
    """In the grammar of the API, with each tool's JSON in pieces."""
    client = client_of(Simulator(replies=Script(WEATHER)))
    with client.messages.create(**ASK, stream=True) as stream:
        kinds = [event.type for event in stream]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert set(kinds[2:-3]) == {"content_block_delta"}
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]


def test_count_tokens_and_models_come_through_the_sdk(client_of) -> None:
    """The other endpoints, with a model asked for by its alias."""
    client = client_of(Simulator())
    counted = client.messages.count_tokens(model=ASK["model"], messages=ASK["messages"])
    assert counted.input_tokens == 8
    listed = [model.id for model in client.models.list()]
    assert "claude-sonnet-4-6" in listed
    model = client.models.retrieve("claude-haiku-4-5")
    assert (model.id, model.lifecycle) == ("claude-haiku-4-5-20251001", "active")
    with pytest.raises(anthropic.NotFoundError) as caught:
        client.models.retrieve("claude-9")
    assert caught.value.api_message == "model: claude-9"


def test_rate_limits_are_read_from_the_raw_response(client_of) -> None:
    """As lesson 08 reads them."""
    raw = client_of(Simulator()).messages.with_raw_response.create(**ASK)
    assert int(raw.headers["anthropic-ratelimit-requests-remaining"]) == 3_999
    assert raw.headers["request-id"] == raw.parse()._request_id


SDK_ERRORS: list[tuple[int, type[anthropic.APIStatusError], str]] = [
    (400, anthropic.BadRequestError, "invalid_request_error"),
    (401, anthropic.AuthenticationError, "authentication_error"),
    (402, anthropic.PaymentRequiredError, "billing_error"),
    (403, anthropic.PermissionDeniedError, "permission_error"),
    (404, anthropic.NotFoundError, "not_found_error"),
    (409, anthropic.ConflictError, "conflict_error"),
    (413, anthropic.RequestTooLargeError, "request_too_large"),
    (429, anthropic.RateLimitError, "rate_limit_error"),
    (500, anthropic.InternalServerError, "api_error"),
    (504, anthropic.GatewayTimeoutError, "timeout_error"),
    (529, anthropic.OverloadedError, "overloaded_error"),
]


@pytest.mark.parametrize(("status", "error", "kind"), SDK_ERRORS)
def test_each_fault_raises_the_sdks_own_error(
    client_of, status: int, error: type[anthropic.APIStatusError], kind: str
) -> None:
    """With type, words and request id in the attributes that the SDK fills."""
    client = client_of(Simulator(replies=Script(Fault(status, "Words.", {"retry-after": "7"}))))
    with pytest.raises(error) as caught:
        client.messages.create(**ASK)
    found = caught.value
    assert type(found) is error
    assert (found.status_code, found.type, found.api_message) == (status, kind, "Words.")
    assert found.response.headers["retry-after"] == "7"
    assert found.request_id is not None
    assert found.request_id.startswith("req_01")


def test_a_fault_raises_the_same_error_asynchronously() -> None:
    """Also where a stream was asked for."""

    async def use(client: anthropic.AsyncAnthropic) -> None:
        async with client.messages.stream(**ASK):
            pytest.fail("the stream must not open")

    with pytest.raises(anthropic.OverloadedError):
        asked(Simulator(replies=Script(Fault(529, "Overloaded"))), use)


def test_the_sdk_tries_a_retryable_fault_again(client_of) -> None:
    """Three attempts in all, and one where the header says no; retry-after-ms keeps it quick."""
    quick = {"retry-after-ms": "1"}
    replies = Script(Fault(529, "Overloaded", quick), Fault(429, "Slow down", quick), text("Hi."))
    simulator = Simulator(replies=replies)
    client = client_of(simulator).with_options(max_retries=2)
    assert client.messages.create(**ASK).content[0].text == "Hi."
    assert [exchange.status for exchange in simulator.transcript] == [529, 429, 200]
    with pytest.raises(anthropic.BadRequestError, match="nothing more was expected"):
        client.messages.create(**ASK)


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "right", "Authorization": anthropic.Omit()}])
def test_the_right_key_is_accepted_either_way(client_of, headers: dict[str, Any]) -> None:
    """The SDK's own Bearer, and x-api-key as raw requests send it."""
    client = client_of(Simulator(api_key="right"), api_key="right", default_headers=headers)
    assert client.messages.create(**ASK).stop_reason == "end_turn"


def test_a_wrong_key_is_the_sdks_authentication_error(client_of) -> None:
    """The SDK sends it as a bearer token."""
    with pytest.raises(anthropic.AuthenticationError, match="Invalid bearer token"):
        client_of(Simulator(api_key="right"), api_key="wrong").messages.create(**ASK)


def test_temperature_depends_on_the_version_of_the_api(client_of) -> None:
    """The SDK speaks the newest version; a client pinned to the older one keeps its sampling."""
    client = client_of(Simulator())
    with pytest.raises(anthropic.BadRequestError, match="temperature"):
        client.messages.create(**ASK, extra_body={"temperature": 1})
    pinned = client.with_options(default_headers={"anthropic-version": "2023-06-01"})
    assert pinned.messages.create(**ASK, extra_body={"temperature": 1}).stop_reason == "end_turn"


def test_a_picture_comes_through_the_sdk(client_of, picture: Callable[..., str]) -> None:
    """The improviser measures it, and its tokens are counted by its size."""
    source = {"type": "base64", "media_type": "image/png", "data": picture(size=(280, 140))}
    content = [{"type": "image", "source": source}, {"type": "text", "text": "What is this?"}]
    client = client_of(Simulator())
    ask = {**ASK, "messages": [{"role": "user", "content": content}]}
    message = client.messages.create(**ask)
    assert "280 by 140 pixels" in message.content[0].text
    link = {**ask["messages"][0], "content": content[1:]}
    without = client.messages.count_tokens(model=ASK["model"], messages=[link]).input_tokens
    # One more joins it to the text.
    assert message.usage.input_tokens - without == 10 * 5 + 3 + 1


def test_a_bad_picture_is_the_sdks_bad_request(client_of) -> None:
    """With the place of the picture in the message."""
    source = {"type": "base64", "media_type": "image/png", "data": "AAAA"}
    messages = [{"role": "user", "content": [{"type": "image", "source": source}]}]
    with pytest.raises(anthropic.BadRequestError) as caught:
        client_of(Simulator()).messages.create(**{**ASK, "messages": messages})
    assert caught.value.api_message == (
        "messages.0.content.0.image.source.base64.data: The file format is invalid or unsupported"
    )


def test_events_are_made_one_pull_at_a_time(client_of) -> None:
    """So that printing live and collecting first are told apart without a clock."""
    simulator = Simulator(replies=Script(text("one two three")), seed=1)
    with client_of(simulator).messages.create(**ASK, stream=True) as stream:
        exchange = simulator.transcript[0]
        sent = [exchange.events_sent]
        for _ in stream:
            sent.append(exchange.events_sent)
    # The SDK skips the ping, which is the third event.
    assert sent == [0, 1, 2, *range(4, sent[-1] + 1)]
    assert sent[-1] >= 8


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the name of every event when it is made."""
    names: list[str] = []

    def make(name: str, *given: Any, **more: Any) -> ServerSentEvent:
        names.append(name)
        return ServerSentEvent(name, *given, **more)

    monkeypatch.setattr("grader.simulator.dialects.messages.ServerSentEvent", make)
    return names


LONG = text("one two three four five six " * 50)


def test_an_event_is_made_when_it_is_pulled(client_of, made: list[str]) -> None:
    """Not before; and none is made after the client has closed the stream."""
    simulator = Simulator(replies=Script(LONG))
    with client_of(simulator).messages.create(**ASK, stream=True) as stream:
        assert made == []
        for _ in range(6):
            next(stream)
            assert len(made) == simulator.transcript[0].events_sent
    # The SDK skips the ping.
    assert len(made) == 7
    assert "message_stop" not in made


def test_an_event_is_made_when_it_is_pulled_asynchronously(made: list[str]) -> None:
    """By the helper of the SDK too, whose text events are derived from raw ones."""
    simulator = Simulator(replies=Script(LONG))

    async def use(client: anthropic.AsyncAnthropic) -> None:
        async with client.messages.stream(**ASK) as stream:
            assert made == []
            async for _ in stream.text_stream:
                assert len(made) == simulator.transcript[0].events_sent
                if len(made) > 6:
                    break

    asked(simulator, use)
    assert len(made) == 7
    assert simulator.transcript[0].closed_early


def progress(simulator: Simulator) -> tuple[int, bool, bool]:
    """Return events sent, finished, and closed early of the last exchange."""
    last = simulator.transcript[-1]
    return last.events_sent, last.finished, last.closed_early


def test_a_stream_read_to_its_end_is_finished(client_of) -> None:
    """Not closed early, even if the client stops at message_stop."""
    simulator = Simulator(replies=Script(text("Hi."), text("Hi.")))
    client = client_of(simulator)
    with client.messages.stream(**ASK) as stream:
        stream.until_done()
    assert progress(simulator)[1:] == (True, False)
    with client.messages.create(**ASK, stream=True) as raw:
        for event in raw:
            if event.type == "message_stop":
                break
    assert progress(simulator)[1:] == (True, False)


@pytest.mark.parametrize("pulls", [0, 1, 3])
def test_a_stream_closed_early_is_seen_in_the_transcript(client_of, pulls: int) -> None:
    """However far it was read, also not at all."""
    simulator = Simulator(replies=Script(text("one two three")))
    with client_of(simulator).messages.create(**ASK, stream=True) as stream:
        for _ in range(pulls):
            next(stream)
        assert progress(simulator)[1:] == (False, False)
    assert progress(simulator)[1:] == (False, True)


def test_an_asynchronous_stream_closed_early_is_seen_too() -> None:
    """The SDK closes the response at the end of the block."""
    simulator = Simulator(replies=Script(text("one two three")))

    async def use(client: anthropic.AsyncAnthropic) -> None:
        async with client.messages.stream(**ASK) as stream:
            async for piece in stream.text_stream:
                assert piece == "one"
                break

    asked(simulator, use)
    assert progress(simulator) == (4, False, True)


def test_a_dropped_stream_is_closed_when_it_is_collected(client_of) -> None:
    """Who never closes it leaves it open until then."""
    simulator = Simulator(replies=Script(text("one two three")))
    stream = client_of(simulator).messages.create(**ASK, stream=True)
    next(stream)
    assert progress(simulator) == (1, False, False)
    del stream
    gc.collect()
    assert progress(simulator) == (1, False, True)


REPORT = text("one two three four five six seven eight nine ten eleven twelve")


def test_an_error_in_mid_stream_is_raised_by_the_sdk(client_of) -> None:
    """The status was 200 already: no OverloadedError, and no retry; the pieces are there."""
    faulty = interrupted(REPORT, after=2, fault=overloaded())
    simulator = Simulator(replies=Script(faulty, text("Again.")), seed=1)
    client = client_of(simulator).with_options(max_retries=2)
    got = []
    with (
        client.messages.stream(**ASK) as stream,
        pytest.raises(anthropic.APIStatusError) as caught,
    ):
        got.extend(stream.text_stream)
    error = caught.value
    assert type(error) is anthropic.APIStatusError
    assert (error.status_code, error.type, error.api_message) == (
        200,
        "overloaded_error",
        "Overloaded",
    )
    assert error.request_id == error.body["request_id"]
    assert len(got) == 2
    assert REPORT.content[0]["text"].startswith("".join(got))
    last = simulator.transcript[-1]
    assert len(simulator.transcript) == 1
    assert (last.status, last.finished, last.closed_early, last.cut) == (200, True, False, None)


def test_an_error_in_mid_stream_is_raised_by_the_asynchronous_sdk() -> None:
    """With whatever fault was scripted, and its code if it has one."""
    fault = Fault(429, "Spent.", error_code="enforced_spend_limit_reached")
    simulator = Simulator(replies=Script(interrupted(REPORT, after=0, fault=fault)))

    async def use(client: anthropic.AsyncAnthropic) -> list[str]:
        events: list[Any] = []
        async with await client.messages.create(**ASK, stream=True) as stream:
            with pytest.raises(anthropic.APIStatusError) as caught:
                await collect(stream, events)
            assert caught.value.type == "rate_limit_error"
            assert caught.value.error_code == "enforced_spend_limit_reached"
        return [event.type for event in events]

    assert asked(simulator, use) == ["message_start", "content_block_start"]


def test_the_error_event_has_the_bytes_of_a_recorded_one(post) -> None:
    """Details first, and null; padded like every other line; nothing after it."""
    simulator = Simulator(replies=Script(interrupted(REPORT, after=1, fault=overloaded())), seed=2)
    reply = post({**ASK, "stream": True}, to=simulator)
    written = b"".join(event.encode() for event in reply.events).decode()
    *_, event, nothing = written.split("\n\n")
    request_id = reply.headers["request-id"]
    assert re.fullmatch(
        r'event: error\ndata: \{"type":"error","error":\{"details":null,"type":"overloaded_error",'
        rf'"message":"Overloaded"\}},"request_id":"{request_id}" {{0,15}}\}}',
        event,
    )
    assert nothing == ""


@pytest.mark.parametrize(
    ("reply", "after", "deltas"),
    [(REPORT, 1, 1), (REPORT, 999, None), (WEATHER, 2, 2), (empty(), 3, 0)],
    ids=["in mid-text", "before the end", "in a tool's input", "without content"],
)
def test_a_stream_breaks_off_where_the_script_says(
    client_of, reply: Turn, after: int, deltas: int | None
) -> None:
    """After so many deltas; at the latest before the message says why it stopped."""
    client = client_of(
        Simulator(replies=Script(interrupted(reply, after=after, fault=overloaded())))
    )
    kinds = []
    with (
        client.messages.create(**ASK, stream=True) as stream,
        pytest.raises(anthropic.APIStatusError, match="Overloaded"),
    ):
        kinds.extend(event.type for event in stream)
    assert not {"message_delta", "message_stop"} & set(kinds)
    if deltas is not None:
        assert kinds.count("content_block_delta") == deltas


def test_a_plain_request_gets_the_fault_of_an_interrupted_turn(client_of) -> None:
    """As an HTTP error: there is no stream to break off."""
    slow = interrupted(REPORT, after=2, fault=rate_limited(retry_after=4))
    client = client_of(Simulator(replies=Script(slow)))
    with pytest.raises(anthropic.RateLimitError, match="model: claude-sonnet-4-6") as caught:
        client.messages.create(**ASK)
    assert caught.value.response.headers["retry-after"] == "4"


LOST = [
    (connection_cut(), httpx2.RemoteProtocolError, anthropic.APIConnectionError),
    (timed_out(), httpx2.ReadTimeout, anthropic.APITimeoutError),
]


@pytest.mark.parametrize(("fault", "lost", "wrapped"), LOST, ids=["cut", "timed out"])
def test_a_connection_lost_in_mid_stream_is_httpx2s_own_error(
    client_of, fault: Fault, lost: type, wrapped: type
) -> None:
    """anthropic 2.12 does not wrap it once the stream has begun, but does before."""
    replies = (interrupted(REPORT, after=2, fault=fault), interrupted(REPORT, after=2, fault=fault))
    simulator = Simulator(replies=Script(*replies), seed=1)
    client = client_of(simulator)
    got = []
    with client.messages.stream(**ASK) as stream, pytest.raises(lost):
        got.extend(stream.text_stream)
    last = simulator.transcript[-1]
    assert len(got) == 2
    assert (last.status, last.finished, last.closed_early, last.cut) == (
        200,
        True,
        False,
        fault.cut,
    )
    with pytest.raises(wrapped):
        client.messages.create(**ASK)
    assert simulator.transcript[-1].status == 0


@pytest.mark.parametrize(("fault", "lost", "_wrapped"), LOST, ids=["cut", "timed out"])
def test_a_connection_lost_in_mid_stream_is_seen_asynchronously(
    fault: Fault, lost: type, _wrapped: type
) -> None:
    """By the helper as by the raw stream."""
    simulator = Simulator(replies=Script(interrupted(REPORT, after=2, fault=fault)), seed=1)

    async def use(client: anthropic.AsyncAnthropic) -> list[str]:
        got: list[str] = []
        async with client.messages.stream(**ASK) as stream:
            with pytest.raises(lost):
                await collect(stream.text_stream, got)
        return got

    assert len(asked(simulator, use)) == 2
    assert simulator.transcript[-1].finished


def test_a_client_may_close_a_stream_before_it_is_lost(client_of) -> None:
    """Then it is the client who ended it."""
    simulator = Simulator(replies=Script(interrupted(REPORT, after=3, fault=connection_cut())))
    with client_of(simulator).messages.create(**ASK, stream=True) as stream:
        next(stream)
    assert progress(simulator) == (1, False, True)


def test_faults_hit_the_positions_they_are_given(client_of) -> None:
    """Whatever else is asked; a refused request has no position."""
    faults = {1: overloaded(), 3: interrupted(REPORT, after=1, fault=overloaded())}
    simulator = Simulator(replies=with_faults(Script(text("a"), text("b")), faults))
    client = client_of(simulator)
    with pytest.raises(anthropic.OverloadedError):
        client.messages.create(**ASK)
    with pytest.raises(anthropic.NotFoundError):
        client.messages.create(**{**ASK, "model": "nobody"})
    assert client.messages.create(**ASK).content[0].text == "a"
    with client.messages.stream(**ASK) as stream, pytest.raises(anthropic.APIStatusError):
        stream.until_done()
    with client.messages.stream(**ASK) as stream:
        assert stream.get_final_text() == "b"


def test_the_openai_sdk_sees_an_error_in_mid_stream(openai_client_of) -> None:
    """As a chunk with an error; that OpenAI's shape is used here is a guess."""
    simulator = Simulator(replies=Script(interrupted(REPORT, after=2, fault=overloaded())))
    ask = {"model": ASK["model"], "messages": ASK["messages"]}
    got = []
    stream = openai_client_of(simulator).chat.completions.create(**ask, stream=True)
    with pytest.raises(openai.APIError) as caught:
        got.extend(chunk.choices[0].delta.content for chunk in stream)
    assert (got, caught.value.message) == (["", "one ", "two "], "Overloaded")
    assert simulator.transcript[0].finished


def test_the_openai_sdk_sees_a_lost_connection(openai_client_of) -> None:
    """Before a reply, and in mid-stream, which it wraps too."""
    ask = {"model": ASK["model"], "messages": ASK["messages"]}
    cut = connection_cut()
    replies = Script(cut, interrupted(REPORT, after=2, fault=cut))
    client = openai_client_of(Simulator(replies=replies))
    with pytest.raises(openai.APIConnectionError):
        client.chat.completions.create(**ask)
    with pytest.raises(openai.APIConnectionError):
        list(client.chat.completions.create(**ask, stream=True))


SLOW = Pace(first_token=2.0, between_deltas=0.25)


def test_the_pace_is_carried_by_events_and_waited_by_nobody_in_the_core(post) -> None:
    """Making the events takes no time; each says how long to wait before it."""
    reply = post({**ASK, "stream": True}, to=Simulator(replies=Script(text("one two")), pace=SLOW))
    waits = [(event.name, event.delay) for event in reply.events]
    assert waits == [
        ("message_start", 2.0),
        ("content_block_start", 0.0),
        ("ping", 0.0),
        ("content_block_delta", 0.25),
        ("content_block_delta", 0.25),
        ("content_block_stop", 0.0),
        ("message_delta", 0.0),
        ("message_stop", 0.0),
    ]


def test_the_pace_is_waited_at_the_edge(client_of, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before each event that carries a delay, in both kinds of client."""
    waited: list[float] = []
    monkeypatch.setattr("grader.simulator.transport.time.sleep", waited.append)
    simulator = Simulator(replies=Script(text("one two"), text("one two")), pace=SLOW)
    with client_of(simulator).messages.stream(**ASK) as stream:
        stream.until_done()
    assert waited == [2.0, 0.25, 0.25]
    waited.clear()

    async def sleep(seconds: float) -> None:
        # A wait of nothing lets other requests arrive; it is no delay.
        if seconds:
            waited.append(seconds)

    async def use(client: anthropic.AsyncAnthropic) -> None:
        async with client.messages.stream(**ASK) as stream:
            await stream.until_done()

    monkeypatch.setattr("grader.simulator.transport.asyncio.sleep", sleep)
    asked(simulator, use)
    assert waited == [2.0, 0.25, 0.25]


def test_a_plain_client_reaches_the_simulator_too() -> None:
    """The transport is of httpx2, and knows nothing of the SDK."""
    headers = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
    with httpx2.Client(transport=SimulatorTransport(Simulator(seed=1))) as http:
        reply = http.post("https://api.anthropic.com/v1/messages", headers=headers, json=ASK)
        streamed = http.post(
            "https://api.anthropic.com/v1/messages", headers=headers, json={**ASK, "stream": True}
        )
    assert (reply.status_code, reply.json()["role"]) == (200, "assistant")
    assert streamed.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert streamed.text.startswith("event: message_start\ndata: {")
