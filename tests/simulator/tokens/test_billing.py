"""count_tokens tells what the same message is billed, whatever is in it."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import load_catalog
from grader.simulator import Script, Simulator, text

HEADERS = {"x-api-key": "simulated", "anthropic-version": "2026-10-21"}
FIELDS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
# A transparent picture of one pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)
# Long enough, ten times over, to be cached by every model.
LONG = "Name the invoice before you promise a refund. " * 60

MARKS = st.sampled_from([{}, {"cache_control": {"type": "ephemeral"}}])
WORDS = st.text(min_size=1, max_size=40).filter(lambda words: words.strip() and words.isprintable())
TEXTS = st.one_of(WORDS, st.integers(1, 10).map(lambda times: LONG * times))


@st.composite
def text_blocks(draw: Any) -> dict[str, Any]:
    """Draw a text block, marked for caching or not."""
    return {"type": "text", "text": draw(TEXTS), **draw(MARKS)}


@st.composite
def images(draw: Any) -> dict[str, Any]:
    """Draw a picture, given by its bytes or by its address."""
    sources = (
        {"type": "base64", "media_type": "image/png", "data": PIXEL},
        {"type": "url", "url": "https://example.com/a.png"},
    )
    return {"type": "image", "source": draw(st.sampled_from(sources)), **draw(MARKS)}


@st.composite
def tool_rounds(draw: Any, number: int) -> list[dict[str, Any]]:
    """Draw an assistant's calls and the results that a user's message brings."""
    ids = [f"toolu_{number}_{index}" for index in range(draw(st.integers(1, 3)))]
    given_ = st.dictionaries(
        WORDS, st.one_of(WORDS, st.integers(), st.lists(st.booleans())), max_size=2
    )
    calls = [{"type": "tool_use", "id": id, "name": "find", "input": draw(given_)} for id in ids]
    said = draw(st.lists(text_blocks(), max_size=1))
    results = [
        {
            "type": "tool_result",
            "tool_use_id": id,
            "content": draw(st.one_of(WORDS, st.lists(st.one_of(text_blocks(), images())))),
        }
        for id in ids
    ]
    return [{"role": "assistant", "content": said + calls}, {"role": "user", "content": results}]


@st.composite
def requests(draw: Any) -> dict[str, Any]:
    """Draw a valid request; at most four of its blocks keep their marks."""
    card = draw(st.sampled_from(load_catalog().models))
    content = st.one_of(TEXTS, st.lists(st.one_of(text_blocks(), images()), min_size=1, max_size=3))
    messages = []
    for number in range(draw(st.integers(1, 3))):
        messages.append({"role": "user", "content": draw(content)})
        messages += draw(tool_rounds(number)) if draw(st.booleans()) else []
        if draw(st.booleans()):
            messages.append({"role": "assistant", "content": draw(WORDS)})
    messages.append({"role": "user", "content": draw(content)})
    request = {"model": card.id, "messages": messages, "tools": draw(tools())}
    if draw(st.booleans()):
        request["system"] = draw(st.one_of(TEXTS, st.lists(text_blocks(), max_size=3)))
    if draw(st.booleans()):
        choices = [{"type": "auto", "disable_parallel_tool_use": True}, {"type": "none"}]
        choices += [{"type": "any"}] if card.rules.forced_tool_choice else []
        request["tool_choice"] = draw(st.sampled_from(choices))
    if draw(st.booleans()):
        schema = {"type": "object", "properties": {}, "additionalProperties": False}
        request["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    return unmark_past_four(request)


@st.composite
def tools(draw: Any) -> list[dict[str, Any]]:
    """Draw one tool or two; the calls in a conversation are of the first."""
    first = {"name": "find", "input_schema": {"type": "object"}, **draw(MARKS)}
    second = {"name": "say", "description": draw(WORDS), "input_schema": {"type": "object"}}
    return [first, second][: draw(st.integers(1, 2))]


def unmark_past_four(request: dict[str, Any]) -> dict[str, Any]:
    """Return a request without the breakpoints that would be too many."""
    left = 4

    def walk(value: Any) -> Any:
        nonlocal left
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        kept = {key: walk(inner) for key, inner in value.items() if key != "cache_control"}
        if "cache_control" in value and left:
            left -= 1
            kept["cache_control"] = value["cache_control"]
        return kept

    return {key: walk(value) for key, value in request.items()}


@settings(max_examples=200)
@given(request=requests())
def test_a_message_is_billed_as_it_was_counted(request: dict[str, Any]) -> None:
    """Read from the cache, written to it and fresh add up, the first time and again."""
    simulator = Simulator(replies=Script(*[text("Hi.")] * 2), seed=1, clock=lambda: 0.0)

    def send(path: str, body: dict[str, Any]) -> Any:
        raw = json.dumps(body).encode()
        reply = simulator.handle("POST", path, HEADERS, raw)
        assert reply.status == 200, reply.body
        return json.loads(reply.content())

    counted = send("/v1/messages/count_tokens", request)
    for _ in range(2):
        usage = send("/v1/messages", {**request, "max_tokens": 100})["usage"]
        assert counted == {"input_tokens": sum(usage[field] for field in FIELDS)}
        assert min(usage[field] for field in FIELDS) >= 0
