"""`diagnostics`: the reason why a prefix was not read, in the words of the API."""

from typing import Any

import pytest

from tests.simulator.caching.conftest import MARK, RULES, Workspace, block, said

TOOL = {"name": "find", "input_schema": {"type": "object"}}
BASE: dict[str, Any] = {
    "system": [block(RULES, **MARK)],
    "tools": [TOOL],
    "messages": said("Hello"),
}


def diagnosed(workspace: Workspace, *, previous: str | None = None, **change: Any) -> Any:
    """Return the diagnosis of a changed request that follows BASE."""
    workspace.ask(**BASE, diagnostics={"previous_message_id": None})
    first = workspace.seen[-1]
    assert first.diagnostics is None
    request = {**BASE, **change}
    workspace.ask(**request, diagnostics={"previous_message_id": previous or first.id})
    return workspace.seen[-1].diagnostics


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"model": "claude-opus-4-8"}, "model_changed"),
        ({"tools": [{**TOOL, "name": "search"}]}, "tools_changed"),
        ({"system": [block(f"{RULES}!", **MARK)]}, "system_changed"),
        ({"messages": said("Good day")}, "messages_changed"),
    ],
)
def test_the_first_difference_is_named(workspace: Workspace, change: Any, reason: str) -> None:
    """With the tokens that an equal prefix would have read."""
    found = diagnosed(workspace, **change).cache_miss_reason
    missed = workspace.seen[0].usage.cache_creation_input_tokens
    still_read = workspace.seen[-1].usage.cache_read_input_tokens
    assert (found.type, found.cache_missed_input_tokens) == (reason, missed - still_read)


def test_a_conversation_that_only_grew_has_nothing_to_diagnose(workspace: Workspace) -> None:
    """The key is there, and null."""
    assert diagnosed(workspace, messages=said("Hello", "Hi", "More")) is None
    assert "diagnostics" in workspace.seen[-1].to_dict()


def test_other_parameters_leave_no_diagnosis(workspace: Workspace) -> None:
    """The SDK documents it for thinking and tool_choice."""
    found = diagnosed(workspace, tool_choice={"type": "any"}).cache_miss_reason
    assert found.to_dict() == {"type": "unavailable"}


def test_an_unknown_message_is_said_to_be_unknown(workspace: Workspace) -> None:
    """Such as one of another workspace, or one that did not opt in."""
    found = diagnosed(workspace, previous="msg_01").cache_miss_reason
    assert found.to_dict() == {"type": "previous_message_not_found"}
    workspace.ask(**BASE)
    silent = workspace.seen[-1].id
    found = diagnosed(workspace, previous=silent).cache_miss_reason
    assert found.to_dict() == {"type": "previous_message_not_found"}
