"""Whole requests: what is taken, what is refused, and which fault comes first."""

from collections.abc import Callable
from typing import Any

import anthropic
import pytest
from anthropic import beta_tool

from grader.catalog import load_catalog
from grader.simulator import Script, Simulator, text, tool_use
from grader.simulator.faults import Refused
from grader.simulator.validation import NEWEST_VERSION, check_request

CLOSED = {"type": "object", "properties": {}, "additionalProperties": False}
FORMAT = {"output_config": {"format": {"type": "json_schema", "schema": CLOSED}}}
TOOL = {"name": "get_time", "input_schema": {"type": "object"}}
MARK = {"type": "ephemeral"}

BAD_KEYS: list[tuple[dict[str, Any], str]] = [
    ({"model": ...}, "model: Field required"),
    ({"model": None}, "model: Input should be a valid string"),
    ({"model": 7}, "model: Input should be a valid string"),
    ({"model": ""}, "model: String should have at least 1 character"),
    ({"messages": ...}, "messages: Field required"),
    ({"max_tokens": ...}, "max_tokens: Field required"),
    ({"user": "Ann"}, "user: Extra inputs are not permitted"),
    ({"max_completion_tokens": 5}, "max_completion_tokens: Extra inputs are not permitted"),
    # The SDK sends its `betas` as a header, and nothing at all of `extra_body`.
    ({"betas": ["x"]}, "betas: Extra inputs are not permitted"),
    ({"extra_body": {}}, "extra_body: Extra inputs are not permitted"),
    ({"context_management": {}}, "context_management: Extra inputs are not permitted"),
    ({"mcp_servers": []}, "mcp_servers: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("changes", "message"), BAD_KEYS, ids=range(len(BAD_KEYS)))
def test_a_missing_or_unknown_key_is_named(refusal, changes, message: str) -> None:
    """In the API's words, whatever else the request holds."""
    assert refusal(changes) == message


def test_a_request_is_an_object(refusal) -> None:
    """Not a list of one."""
    with pytest.raises(Refused, match="body: Input should be an object"):
        check_request([], load_catalog(), version=NEWEST_VERSION, counting=False)


def test_an_unknown_model_is_a_404() -> None:
    """The type is not_found_error and the message the name."""
    body = {"model": "claude-9", "max_tokens": 1, "messages": []}
    with pytest.raises(Refused) as caught:
        check_request(body, load_catalog(), version=NEWEST_VERSION, counting=False)
    fault = caught.value.fault
    assert (fault.status, fault.type, fault.message) == (404, "not_found_error", "model: claude-9")


@pytest.mark.parametrize(
    ("key", "beta", "value"),
    [
        ("context_management", "context-management-2025-06-27", {}),
        ("mcp_servers", "mcp-client-2025-11-20", []),
    ],
)
def test_a_beta_makes_its_key_known(refusal, key: str, beta: str, value: Any) -> None:
    """On both endpoints; another beta does not."""
    message = f"{key}: Extra inputs are not permitted"
    for counting in (False, True):
        changes = {key: value, **({"max_tokens": ...} if counting else {})}
        assert refusal(changes, counting=counting, betas=[beta]) == ""
        assert refusal(changes, counting=counting, betas=["files-api-2025-04-14"]) == message


ACCEPTED: list[dict[str, Any]] = [
    {},
    {"max_tokens": 0},
    {"max_tokens": 128_000},
    {"system": "Be brief."},
    {"system": ""},
    {"system": [{"type": "text", "text": "Be brief.", "cache_control": MARK}]},
    {"thinking": {"type": "enabled", "budget_tokens": 1_999}},
    {"thinking": {"type": "adaptive", "display": "omitted"}},
    {"thinking": {"type": "adaptive", "display": None}},
    {"thinking": {"type": "disabled"}},
    {"output_config": {"effort": "max"}},
    {"output_config": {"effort": None, "format": None}},
    FORMAT,
    {"temperature": 0},
    {"temperature": 1, "thinking": {"type": "enabled", "budget_tokens": 1_024}},
    {"top_p": 0.9, "top_k": 40},
    {"metadata": {"user_id": None}},
    {"metadata": {"user_id": "u" * 256}},
    {"stop_sequences": []},
    {"stop_sequences": ["END", "\n\n---"]},
    {"cache_control": None},
    {"cache_control": {**MARK, "ttl": "1h"}},
    {"container": None},
    {
        "container": "container_01",
        "tools": [{"type": "code_execution_20250825", "name": "code_execution"}],
    },
    {"inference_geo": "us", "service_tier": "standard_only", "stream": False},
    {"inference_geo": None, "speed": None, "diagnostics": None},
    {"diagnostics": {"previous_message_id": None}, "speed": "standard"},
    {"diagnostics": {"previous_message_id": "msg_01"}},
]


@pytest.mark.parametrize("changes", ACCEPTED, ids=range(len(ACCEPTED)))
def test_a_right_request_is_accepted(refusal, changes: dict[str, Any]) -> None:
    """No rule is stricter than the API's."""
    assert refusal(changes) == ""


@pytest.mark.parametrize("key", ["temperature", "top_k", "top_p"])
def test_sampling_is_gone_from_the_newest_version(refusal, key: str) -> None:
    """A 400 even at the default value; pinned to the older version it is accepted as before."""
    assert refusal({key: 1}) == ""
    assert refusal({key: 1}, version=NEWEST_VERSION) == f"{key}: Extra inputs are not permitted"


@pytest.mark.parametrize(
    "key",
    [
        "max_tokens",
        "stream",
        "stop_sequences",
        "metadata",
        "service_tier",
        "temperature",
        "diagnostics",
        "container",
        "inference_geo",
    ],
)
def test_counting_takes_only_what_is_counted(refusal, key: str) -> None:
    """The keys that tell how to reply are unknown to count_tokens."""
    message = f"{key}: Extra inputs are not permitted"
    assert refusal({"max_tokens": ..., key: 1}, counting=True) == message


def test_counting_takes_tools_thinking_and_the_system_prompt(refusal) -> None:
    """Everything that has tokens is counted."""
    changes = {
        "max_tokens": ...,
        "system": "Be brief.",
        "tools": [TOOL],
        "tool_choice": {"type": "any"},
        "thinking": {"type": "disabled"},
        "output_config": {"effort": "low"},
        "cache_control": MARK,
        "speed": "standard",
    }
    assert refusal(changes, counting=True) == ""


SONNET: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 2_000,
    "messages": [{"role": "user", "content": "ping"}],
}


def first_fault_of(body: Any) -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_request(body, load_catalog(), version="2023-06-01", counting=False)
    except Refused as refused:
        return refused.fault.message
    return ""


# One fault for each key that the API checks, in its order; each alone gives the message beside it.
IN_ORDER: list[tuple[dict[str, Any], str]] = [
    ({"model": 7}, "model: Input should be a valid string"),
    ({"tool_choice": 7}, "tool_choice: Input should be an object"),
    ({"tools": "x"}, "tools: Input should be a valid array"),
    ({"messages": "x"}, "messages: Input should be a valid array"),
    ({"system": 7}, "system: Input should be a valid array"),
    ({"thinking": "x"}, "thinking: Input should be an object"),
    ({"output_config": "x"}, "output_config: Input does not match the expected shape."),
    ({"cache_control": "x"}, "cache_control: Input should be an object"),
    ({"max_tokens": "x"}, "max_tokens: Input should be a valid integer"),
    ({"metadata": "x"}, "metadata: Input does not match the expected shape."),
    ({"stop_sequences": "x"}, "stop_sequences: Input should be a valid array"),
    ({"temperature": "x"}, "temperature: Input should be a valid number"),
    ({"service_tier": 7}, "service_tier: Input should be 'auto' or 'standard_only'"),
    ({"top_k": "x"}, "top_k: Input should be a valid integer"),
    ({"top_p": "x"}, "top_p: Input should be a valid number"),
    ({"stream": "x"}, "stream: Input should be a valid boolean"),
    ({"container": 7}, "container.ContainerParams: Input does not match the expected shape."),
    ({"inference_geo": 7}, "inference_geo: Input should be a valid string"),
    # Where these two stand is a guess.
    ({"speed": 7}, "speed: Input should be 'standard' or 'fast'"),
    ({"diagnostics": 7}, "diagnostics: Input should be an object"),
    ({"unknown": 1}, "unknown: Extra inputs are not permitted"),
]
EMPTY_TURN = {"messages": [{"role": "user", "content": []}]}
NO_CONTENT = (
    "messages.0: all messages must have non-empty content "
    "except for the optional final assistant message"
)


@pytest.mark.parametrize("first", range(len(IN_ORDER)))
def test_of_several_faults_the_first_in_the_apis_order_is_told(first: int) -> None:
    """Whatever the order of the keys in the body: here every later fault stands before it."""
    faults: dict[str, Any] = {}
    for changes, _ in reversed(IN_ORDER[first:]):
        faults |= changes
    body = faults | {key: value for key, value in SONNET.items() if key not in faults}
    assert first_fault_of(body) == IN_ORDER[first][1]


@pytest.mark.parametrize(("changes", "message"), [IN_ORDER[11], IN_ORDER[-1]])
def test_the_shape_of_the_conversation_is_checked_after_every_key(changes, message) -> None:
    """An empty turn is told only where nothing else is wrong, an idle container after it."""
    assert first_fault_of({**SONNET, **EMPTY_TURN, **changes}) == message
    assert first_fault_of({**SONNET, **EMPTY_TURN, "container": "container_01"}) == NO_CONTENT


def test_an_unknown_model_is_told_before_any_other_fault() -> None:
    """The model decides what else is allowed."""
    body = {**SONNET, "model": "claude-9", "messages": "x", "tools": "x"}
    assert first_fault_of(body) == "model: claude-9"


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
