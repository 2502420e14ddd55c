"""What today's clients send beside the fields of the documentation, and what their betas let in."""

import json
from datetime import date
from typing import Any

import pytest

from grader.catalog import find_beta, load_catalog
from grader.simulator import Simulator

BODY = {
    "model": "claude-opus-5-5",
    "max_tokens": 3_000,
    "messages": [{"role": "user", "content": "Hi"}],
}
GUARD = {"type": "dangerous_tool_use", "classifier_context": {"v": 1, "permission_mode": "auto"}}
CLAUDE_CODE = (
    "claude-code-20250219,interleaved-thinking-2025-05-14,thinking-token-count-2026-05-13,"
    "context-management-2025-06-27,prompt-caching-scope-2026-01-05,"
    "mid-conversation-system-2026-04-07,per-turn-control-2026-07-01,"
    "mid-conversation-tool-changes-2026-07-01,effort-2025-11-24,dangerous-tool-use-2026-09-03,"
    "afk-mode-2026-01-31,thinking-display-updates-2026-08-18"
)
"""What Claude Code 2.1.295 sends in auto mode."""


def told(body: Any, *betas: str, version: str = "2026-10-21") -> str:
    """Return the message of the refusal of a request, "" for an answer."""
    headers = {"x-api-key": "k", "anthropic-version": version, "anthropic-beta": ",".join(betas)}
    sent = json.dumps({**BODY, **body}).encode()
    reply = Simulator(seed=1, clock=lambda: 1_796_000_000.0).handle(
        "POST", "/v1/messages", headers, sent
    )
    if reply.events is not None:
        assert [event.name for event in reply.events][-1] == "message_stop"
        return ""
    return "" if reply.status == 200 else reply.body["error"]["message"]


@pytest.mark.parametrize("card", load_catalog().models, ids=lambda card: card.id)
@pytest.mark.parametrize("display", ["omitted", "updates"])
def test_a_turn_of_claude_code_is_answered(card: Any, display: str) -> None:
    """Its betas, its safeguards, its edits, and an effort for one turn where a model takes it."""
    effort = {"role": "system", "content": [], "output_config": {"effort": "low"}}
    reminder = {"role": "system", "content": [{"type": "text", "text": "Be brief."}]}
    added = [reminder] if card.rules.mid_conversation_system else []
    added += [effort] if card.rules.message_effort else []
    thinks = "adaptive" not in card.rules.thinking_rejects
    body = {
        "model": card.id,
        "system": [{"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1.295.abc;"}],
        "stream": True,
        "messages": [*BODY["messages"], *added],
        "metadata": {"user_id": '{"session_id": "a"}'},
        "safeguards": [GUARD],
    }
    if thinks:
        body["thinking"] = {"type": "adaptive", "display": display}
        edits = [{"type": "clear_thinking_20251015", "keep": "all"}]
        body["context_management"] = {"edits": edits}
    is_gone = card.is_retired(date(2026, 11, 30))
    refused = told(body, CLAUDE_CODE, version="2023-06-01")
    assert refused == (f"model: {card.id}" if is_gone else "")


@pytest.mark.parametrize(
    ("field", "beta", "right", "wrong"),
    [
        ("safeguards", "safeguards", [GUARD], [{"type": "other"}]),
        ("safeguards", "safeguards", None, "x"),
        (
            "billing_policy",
            "profile_billing",
            {"type": "billing_policy", "bill_to": "self"},
            {"type": "billing_policy", "bill_to": "them"},
        ),
        ("fallback_credit_token", "fallback_credit", None, 7),
        ("fallback_credit_token", "first_fallback_credit", None, {"token": "a"}),
    ],
)
def test_a_field_of_a_beta_is_known_with_its_header_alone(
    field: str, beta: str, right: Any, wrong: Any
) -> None:
    """And is checked then."""
    assert told({field: right}) == f"{field}: Extra inputs are not permitted"
    assert told({field: right}, find_beta(beta)) == ""
    assert told({field: wrong}, find_beta(beta)).startswith(field)


@pytest.mark.parametrize("beta", ["message_effort", "per_turn_control"])
@pytest.mark.parametrize("content", [[], "Be quick."])
def test_either_beta_lets_a_system_message_set_the_effort(beta: str, content: Any) -> None:
    """That of the documentation, and that of Claude Code."""
    change = {"role": "system", "content": content, "output_config": {"effort": "low"}}
    body = {"messages": [*BODY["messages"], change]}
    assert told(body) == "messages.1.output_config: Extra inputs are not permitted"
    assert told(body, find_beta(beta)) == ""


@pytest.mark.parametrize("key", ["thread", "store", "previous_thread_event_id"])
def test_threads_are_refused_as_sdks_recover_from(key: str) -> None:
    """Each of their fields, by name, and as an unknown key without the beta."""
    value = {"type": "create"} if key == "thread" else "a"
    assert told({key: value}) == f"{key}: Extra inputs are not permitted"
    refused = told({key: value}, "message-threads-2026-08-12")
    assert refused == f"{key}: this request cannot be threaded"


SERVED = load_catalog().served_at(1_796_000_000.0).models
CODE = {"type": "code_execution_20260521", "name": "code_execution"}


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"id": None}, ""),
        ({"id": "container_01"}, ""),
        ({"skills": [{"type": "custom", "skill_id": "skill_1"}]}, ""),
        ({"x": 1}, "container.ContainerParams.x: Extra inputs are not permitted"),
        ({"id": 7}, "container.ContainerParams.id: Input should be a valid string"),
        (
            {"skills": [{"type": "odd", "skill_id": "a"}]},
            "container.ContainerParams.skills.0.type: Input should be 'anthropic' or 'custom'",
        ),
        (
            {"skills": [{"type": "custom"}]},
            "container.ContainerParams.skills.0.skill_id: Field required",
        ),
    ],
)
def test_a_described_container_is_checked_inside(container: Any, words: str) -> None:
    """Its id, and the skills to load, which need code to run."""
    assert told({"container": container, "tools": [CODE]}) == words
    if container.get("skills") and not words:
        assert told({"container": container}) == (
            "container: skills can only be used when a code execution tool is enabled"
        )


CALLED = {
    "name": "f",
    "input_schema": {"type": "object"},
    "allowed_callers": ["code_execution_20260120"],
}
WEB = {"type": "web_search_20260209", "name": "web_search"}


@pytest.mark.parametrize("card", SERVED, ids=lambda card: card.id)
@pytest.mark.parametrize("tools", [[CODE, CALLED], [WEB]], ids=["own tool", "web"])
def test_code_calls_tools_on_the_models_that_can(card: Any, tools: list[Any]) -> None:
    """The others say which tools ask for it; called directly they are taken."""
    refused = told({"model": card.id, "tools": tools})
    if card.rules.programmatic_tools:
        assert refused == ""
        return
    name = tools[-1]["name"]
    assert refused.startswith(f"'{card.id}' does not support programmatic tool calling.")
    assert f": {name}." in refused
    direct = [{**tools[-1], "allowed_callers": ["direct"]}]
    assert told({"model": card.id, "tools": [*tools[:-1], *direct]}) == ""


@pytest.mark.parametrize("card", SERVED, ids=lambda card: card.id)
def test_a_model_takes_the_tools_and_advisors_of_its_row(card: Any) -> None:
    """One that takes its own advice alone gives none to others either."""
    computer = {
        "type": "computer_20251124",
        "name": "computer",
        "display_width_px": 9,
        "display_height_px": 9,
    }
    is_refused = computer["type"] in card.rules.refused_tools
    words = f"'{card.id}' does not support tool types: computer_20251124."
    assert told({"model": card.id, "tools": [computer]}) == (words if is_refused else "")
    for advisor in load_catalog().models:
        tool = {"type": "advisor_20260301", "name": "advisor", "model": advisor.id}
        fits = advisor.id == card.id or not (card.rules.own_advisor or advisor.rules.own_advisor)
        assert (told({"model": card.id, "tools": [tool]}) == "") == fits


@pytest.mark.parametrize("key", ["name", "strict"])
def test_a_format_has_no_keys_of_openais(key: str) -> None:
    """Which has a name and `strict` beside the schema."""
    shape = {"type": "object", "properties": {}, "additionalProperties": False}
    body = {"output_config": {"format": {"type": "json_schema", "schema": shape, key: "x"}}}
    assert told(body) == f"output_config.format.json_schema.{key}: Extra inputs are not permitted"
