"""Validation of a request: of several faults, the one that the API tells."""

from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.simulator.faults import Refused
from grader.simulator.validation.request import check_request

SONNET: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 2_000,
    "messages": [{"role": "user", "content": "ping"}],
}


def fault_of(body: Any) -> str:
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
    assert fault_of(body) == IN_ORDER[first][1]


@pytest.mark.parametrize(("changes", "message"), [IN_ORDER[11], IN_ORDER[-1]])
def test_the_shape_of_the_conversation_is_checked_after_every_key(changes, message) -> None:
    """An empty turn is told only where nothing else is wrong, an idle container after it."""
    assert fault_of({**SONNET, **EMPTY_TURN, **changes}) == message
    assert fault_of({**SONNET, **EMPTY_TURN, "container": "container_01"}) == NO_CONTENT


def test_an_unknown_model_is_told_before_any_other_fault() -> None:
    """The model decides what else is allowed."""
    body = {**SONNET, "model": "claude-9", "messages": "x", "tools": "x"}
    assert fault_of(body) == "model: claude-9"
