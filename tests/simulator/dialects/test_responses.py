"""OpenAI's Responses: real clients of the OpenAI SDK, and what the simulator keeps for them."""

import asyncio
from typing import Any

import httpx2
import openai
import pydantic
import pytest

from grader.simulator import (
    Pace,
    Script,
    Simulator,
    SimulatorTransport,
    connection_cut,
    empty,
    interrupted,
    overloaded,
    rate_limited,
    refusal,
    server_error,
    text,
    thinking,
    tool_use,
    turn,
)

ASK: dict[str, Any] = {"model": "gpt-4o", "input": "Hello"}
PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
FUNCTION: dict[str, Any] = {
    "type": "function",
    "name": "get_weather",
    "description": "Say the weather.",
    "parameters": PARAMETERS,
    "strict": True,
}
WEATHER = tool_use("get_weather", {"city": "Rome"}, id="toolu_01A")


class Heard:
    """Answer from a script, and note the Messages requests that reached the model."""

    def __init__(self, *replies: Any) -> None:
        self.script = Script(*replies)
        self.requests: list[Any] = []

    def __call__(self, request: Any, card: Any) -> Any:
        """Return the next reply."""
        self.requests.append(request)
        return self.script(request, card)


def test_a_response_comes_through_the_sdk(openai_client_of) -> None:
    """The same reply as from the Messages API, in OpenAI's shape, under the name asked for."""
    simulator = Simulator(replies=Script(text("Hi.")), clock=lambda: 1_795_305_600.9)
    response = openai_client_of(simulator).responses.create(**ASK)
    assert (response.output_text, response.status) == ("Hi.", "completed")
    assert response.model == "gpt-4o-2024-08-06"
    assert response.created_at == response.completed_at == 1_795_305_600
    (item,) = response.output
    assert item.to_dict() == {
        "id": item.id,
        "type": "message",
        "status": "completed",
        "content": [{"type": "output_text", "annotations": [], "logprobs": [], "text": "Hi."}],
        "role": "assistant",
    }
    usage = simulator.transcript[0].message["usage"]
    assert response.usage.to_dict() == {
        "input_tokens": usage["input_tokens"],
        "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 0},
        "output_tokens": usage["output_tokens"],
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage["input_tokens"] + usage["output_tokens"],
    }


def test_the_asynchronous_sdk_streams_and_asks() -> None:
    """The same transport serves both."""

    async def run() -> tuple[str, str]:
        transport = SimulatorTransport(Simulator(replies=Script(text("One."), text("Two."))))
        async with (
            httpx2.AsyncClient(transport=transport) as http,
            openai.AsyncOpenAI(api_key="k", base_url="http://here/v1", http_client=http) as client,
        ):
            response = await client.responses.create(**ASK)
            async with client.responses.stream(**ASK) as stream:
                async for _ in stream:
                    pass
                return response.output_text, (await stream.get_final_response()).output_text

    assert asyncio.run(run()) == ("One.", "Two.")


def test_a_stream_has_all_events_in_their_order(openai_client_of) -> None:
    """Reasoning, a message and a call, each from its beginning to its end, all numbered."""
    said = turn(thinking("Hm."), text("Let me see."), WEATHER)
    client = openai_client_of(Simulator(replies=Script(said), seed=1))
    asked = {**ASK, "model": "gpt-5.5", "tools": [FUNCTION], "reasoning": {"summary": "auto"}}
    events = list(client.responses.create(**asked, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    names = [event.type.removeprefix("response.") for event in events]
    assert list(dict.fromkeys(names)) == [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "completed",
    ]
    added = [event.item.type for event in events if event.type.endswith("item.added")]
    assert added == ["reasoning", "message", "function_call"]
    deltas = [event for event in events if event.type == "response.output_text.delta"]
    assert "".join(event.delta for event in deltas) == "Let me see."
    assert {(event.output_index, event.content_index) for event in deltas} == {(1, 0)}
    assert {(len(event.delta) + len(event.obfuscation)) % 16 for event in deltas} == {0}
    arguments = [e.delta for e in events if e.type.endswith("arguments.delta")]
    assert "".join(arguments) == '{"city":"Rome"}'
    last = events[-1].response
    assert (last.status, last.output_text) == ("completed", "Let me see.")
    assert last.output[0].summary[0].text == "Hm."
    assert events[0].response.id == last.id
    assert (events[0].response.output, events[0].response.usage) == ([], None)


def test_the_helper_puts_a_stream_together(openai_client_of) -> None:
    """`responses.stream` gives the same response as a plain call."""
    client = openai_client_of(Simulator(replies=Script(text("One two three."))))
    with client.responses.stream(**ASK) as stream:
        said = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert said == final.output_text == "One two three."


def test_deltas_may_come_without_what_hides_their_length(openai_client_of) -> None:
    """As the option says."""
    client = openai_client_of(Simulator(replies=Script(text("One two."))))
    options = {"include_obfuscation": False}
    events = client.responses.create(**ASK, stream=True, stream_options=options)
    assert not [event for event in events if "obfuscation" in event.to_dict()]


def test_a_conversation_is_kept_by_its_last_response(openai_client_of) -> None:
    """The next request has all that was said, but not the instructions."""
    heard = Heard(text("I am Sam."), text("Sam."), text("Sam!"))
    client = openai_client_of(Simulator(replies=heard))
    first = client.responses.create(**ASK, instructions="Be brief.")
    second = client.responses.create(
        model="gpt-4o", input="Who are you?", previous_response_id=first.id
    )
    assert second.previous_response_id == first.id
    assert second.instructions is None
    third = {"model": "gpt-4o", "input": "Again?", "previous_response_id": second.id}
    client.responses.create(**third)
    assert [
        (turn["role"], turn["content"][0]["text"]) for turn in heard.requests[-1]["messages"]
    ] == [
        ("user", "Hello"),
        ("assistant", "I am Sam."),
        ("user", "Who are you?"),
        ("assistant", "Sam."),
        ("user", "Again?"),
    ]


def test_a_tool_loop_goes_on_from_the_kept_response(openai_client_of) -> None:
    """The output alone is sent; the call stands on the server."""
    heard = Heard(turn(thinking("Hm."), WEATHER), text("20 degrees."))
    client = openai_client_of(Simulator(replies=heard))
    asked = {"model": "gpt-5", "tools": [FUNCTION]}
    first = client.responses.create(**asked, input="Rome?")
    assert first.status == "completed"
    (call,) = [item for item in first.output if item.type == "function_call"]
    assert (call.name, call.arguments) == ("get_weather", '{"city":"Rome"}')
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "20"}
    second = client.responses.create(**asked, input=[output], previous_response_id=first.id)
    assert second.output_text == "20 degrees."
    assert [
        block["type"] for turn in heard.requests[-1]["messages"] for block in turn["content"]
    ] == [
        "text",
        "tool_use",
        "tool_result",
    ]


def test_the_whole_output_may_be_sent_again(openai_client_of) -> None:
    """As those do who keep nothing on the server."""
    said = turn(thinking("Hm."), text("A moment."), WEATHER)
    simulator = Simulator(replies=Script(said, text("20 degrees.")))
    client = openai_client_of(simulator)
    history: list[Any] = [{"role": "user", "content": "Rome?"}]
    asked = {"model": "gpt-5.5", "tools": [FUNCTION], "store": False}
    first = client.responses.create(**asked, input=history, include=["reasoning.encrypted_content"])
    assert first.output[0].encrypted_content
    history += [item.to_dict() for item in first.output]
    output = {"type": "function_call_output", "call_id": first.output[2].call_id, "output": "20"}
    second = client.responses.create(**asked, input=[*history, output])
    assert second.output_text == "20 degrees."


def test_a_conversation_has_an_id(openai_client_of) -> None:
    """What is said under it is there the next time."""
    heard = Heard(text("Stored."), text("7."))
    client = openai_client_of(Simulator(replies=heard))
    for words in ("Remember 7.", "Which number?"):
        response = client.responses.create(model="gpt-4o", input=words, conversation="conv_1")
        assert response.conversation.id == "conv_1"
    said = [turn["content"][0]["text"] for turn in heard.requests[-1]["messages"]]
    assert said == ["Remember 7.", "Stored.", "Which number?"]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_response_is_retrieved_until_it_is_deleted(openai_client_of, streamed: bool) -> None:
    """Then it is a 404, and no conversation goes on from it."""
    client = openai_client_of(Simulator(seed=1))
    if streamed:
        response = list(client.responses.create(**ASK, stream=True))[-1].response
    else:
        response = client.responses.create(**ASK)
    assert client.responses.retrieve(response.id).to_dict() == response.to_dict()
    client.responses.delete(response.id)
    for call in (client.responses.retrieve, client.responses.delete):
        with pytest.raises(openai.NotFoundError) as gone:
            call(response.id)
        assert gone.value.body["message"] == f"Response with id '{response.id}' not found."
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(**ASK, previous_response_id=response.id)
    assert refused.value.code == "previous_response_not_found"


def test_what_is_not_stored_is_not_found(openai_client_of) -> None:
    """With `store` false the server keeps nothing."""
    client = openai_client_of(Simulator(replies=Script(text("Hi."))))
    response = client.responses.create(**ASK, store=False)
    assert response.store is False
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(response.id)


def test_two_simulators_keep_their_own(openai_client_of) -> None:
    """What one keeps, another never heard of."""
    response = openai_client_of(Simulator(replies=Script(text("Hi.")))).responses.create(**ASK)
    with pytest.raises(openai.NotFoundError):
        openai_client_of(Simulator()).responses.retrieve(response.id)


def test_a_background_response_is_ready_when_it_is_asked_for(openai_client_of) -> None:
    """The first reply is queued and empty."""
    client = openai_client_of(Simulator(replies=Script(text("Hi."))))
    queued = client.responses.create(**ASK, background=True)
    assert (queued.status, queued.output, queued.usage) == ("queued", [], None)
    ready = client.responses.retrieve(queued.id)
    assert (ready.status, ready.output_text) == ("completed", "Hi.")


def test_only_a_background_response_can_be_cancelled(openai_client_of) -> None:
    """Others are done when their id is known."""
    client = openai_client_of(Simulator(replies=Script(text("Hi."))))
    response = client.responses.create(**ASK)
    with pytest.raises(openai.BadRequestError, match="Cannot cancel a synchronous response"):
        client.responses.cancel(response.id)


@pytest.mark.parametrize(
    ("said", "status", "reason", "item"),
    [
        (text("Hi.", stop_reason="max_tokens"), "incomplete", "max_output_tokens", "incomplete"),
        (turn(text("Hi."), stop_reason="refusal"), "incomplete", "content_filter", "incomplete"),
        (text("Hi."), "completed", None, "completed"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_reply_that_ends_early_is_incomplete(
    openai_client_of, streamed: bool, said: Any, status: str, reason: str | None, item: str
) -> None:
    """With the reason, in its last event too."""
    client = openai_client_of(Simulator(replies=Script(said)))
    if streamed:
        last = list(client.responses.create(**ASK, stream=True))[-1]
        assert last.type == f"response.{status}"
        response = last.response
    else:
        response = client.responses.create(**ASK)
    details = response.incomplete_details
    assert (response.status, details and details.reason) == (status, reason)
    assert response.output[0].status == item
    assert (response.completed_at is None) == (status == "incomplete")


def test_a_refusal_without_words_is_a_part_of_its_own(openai_client_of) -> None:
    """Streamed like text, and no text."""
    simulator = Simulator(replies=Script(refusal(), refusal()))
    client = openai_client_of(simulator)
    plain = client.responses.create(**ASK)
    assert (plain.status, plain.output_text) == ("completed", "")
    (part,) = plain.output[0].content
    assert part.type == "refusal"
    events = list(client.responses.create(**ASK, stream=True))
    deltas = [event.delta for event in events if event.type == "response.refusal.delta"]
    assert "".join(deltas) == part.refusal


def test_a_reply_of_nothing_has_no_items(openai_client_of) -> None:
    """And its text is empty."""
    response = openai_client_of(Simulator(replies=Script(empty()))).responses.create(**ASK)
    assert (response.output, response.output_text) == ([], "")


def test_a_stream_that_an_error_ends_has_failed(openai_client_of) -> None:
    """After as many pieces as are scripted, in the right place."""
    broken = interrupted(text("One two three."), after=2, fault=overloaded())
    simulator = Simulator(replies=Script(broken))
    events = list(openai_client_of(simulator).responses.create(**ASK, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [event.type for event in events].count("response.output_text.delta") == 2
    last = events[-1]
    assert (last.type, last.response.status) == ("response.failed", "failed")
    assert last.response.error.to_dict() == {"code": "server_error", "message": "Overloaded"}
    assert last.response.id == events[0].response.id
    assert simulator.transcript[0].finished


def test_a_cut_stream_has_no_last_event(openai_client_of) -> None:
    """However many pieces it was to have."""
    broken = interrupted(text("One two."), after=99, fault=connection_cut())
    client = openai_client_of(Simulator(replies=Script(broken)))
    seen: list[str] = []
    stream = client.responses.create(**ASK, stream=True)
    with pytest.raises(openai.APIConnectionError):
        seen.extend(event.type for event in stream)
    assert seen[-1] == "response.output_item.done"


def test_the_transcript_follows_a_stream(openai_client_of) -> None:
    """A client that stops at the last event has had all of it."""
    simulator = Simulator(replies=Script(text("One two.")), pace=Pace())
    for event in openai_client_of(simulator).responses.create(**ASK, stream=True):
        assert simulator.transcript[0].finished == (event.type == "response.completed")


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (rate_limited(retry_after=3), "tokens", "rate_limit_exceeded"),
        (server_error(), "server_error", "server_error"),
        (overloaded(), "server_error", "server_error"),
    ],
)
def test_faults_are_told_in_openais_form(openai_client_of, fault, kind: str, code: str) -> None:
    """With the request's id where its SDK looks for it."""
    client = openai_client_of(Simulator(replies=Script(fault)))
    with pytest.raises(openai.APIStatusError) as failed:
        client.responses.create(**ASK)
    assert failed.value.status_code == fault.status
    assert set(failed.value.body) == {"message", "type", "param", "code"}
    assert (failed.value.type, failed.value.code) == (kind, code)
    assert failed.value.request_id


def test_a_key_is_asked_for_in_openais_form() -> None:
    """A reply without one names no version either."""
    reply = Simulator().handle("POST", "/v1/responses", {}, b"{}")
    assert (reply.status, reply.body["error"]["code"]) == (401, "invalid_api_key")
    assert "x-request-id" in reply.headers
    assert "openai-version" not in reply.headers


def test_structured_output_is_parsed_by_the_sdk(openai_client_of) -> None:
    """From a class of pydantic, improvised by its schema."""

    class Person(pydantic.BaseModel):
        name: str
        age: int = pydantic.Field(ge=0)

    client = openai_client_of(Simulator(seed=1))
    response = client.responses.parse(model="gpt-5.5", input="Ann is 34", text_format=Person)
    assert isinstance(response.output_parsed, Person)
    assert response.text.format.name == "Person"


def test_tokens_are_counted(openai_client_of) -> None:
    """As many as the same request is billed."""
    client = openai_client_of(Simulator(replies=Script(text("Hi."))))
    asked = {**ASK, "instructions": "Be brief.", "tools": [FUNCTION]}
    counted = client.responses.input_tokens.count(**asked)
    assert counted.object == "response.input_tokens"
    assert counted.input_tokens == client.responses.create(**asked).usage.input_tokens


def test_a_long_prompt_is_cached_unasked(openai_client_of) -> None:
    """And read by the next request, which begins alike."""
    client = openai_client_of(Simulator(seed=1))
    asked = {"model": "gpt-5.5", "input": "A long story. " * 1_000}
    first, second = (client.responses.create(**asked).usage for _ in range(2))
    assert first.input_tokens_details.cached_tokens == 0
    assert second.input_tokens_details.cached_tokens > 1_000
    assert first.input_tokens == second.input_tokens


def test_a_lenient_simulator_answers_what_openai_would_refuse() -> None:
    """With the reason, and without keeping what it couldn't read."""
    simulator = Simulator(lenient=True, seed=1)
    body = b'{"model": "gpt-5.5", "input": 5, "tools": 7, "text": [], "reasoning": "much"}'
    reply = simulator.handle("POST", "/v1/responses", {"x-api-key": "k"}, body)
    assert reply.status == 200
    said = reply.body["output"][-1]["content"][0]["text"]
    assert "Invalid type for 'input': expected one of a string or an array" in said
    gone = simulator.handle("GET", f"/v1/responses/{reply.body['id']}", {"x-api-key": "k"}, b"")
    assert gone.status == 404
