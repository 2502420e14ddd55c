"""Validation of a request: which keys an endpoint knows, on which version of the API."""

from typing import Any

import pytest

from grader.catalog import load_catalog
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
    ("key", "beta"),
    [
        ("context_management", "context-management-2025-06-27"),
        ("mcp_servers", "mcp-client-2025-11-20"),
    ],
)
def test_a_beta_makes_its_key_known(refusal, key: str, beta: str) -> None:
    """On both endpoints; another beta does not."""
    message = f"{key}: Extra inputs are not permitted"
    for counting in (False, True):
        changes = {key: {}, **({"max_tokens": ...} if counting else {})}
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
    {"diagnostics": {"previous_message_id": "msg_01"}, "speed": "fast"},
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
