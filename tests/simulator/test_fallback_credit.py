"""Credit for a retry on another model: refusals carry a token, which the same request redeems."""

import json
from typing import Any

import pytest

from grader.catalog import find_beta
from grader.simulator import Script, Simulator, refusal, text
from grader.simulator.fallback_credit import LASTS
from tests.conformance.shapes import message_of

BETA, FIRST_BETA = find_beta("fallback_credit"), find_beta("first_fallback_credit")
MODEL, OTHER = "claude-opus-5-5", "claude-opus-4-8"


class Desk:
    """Have a request declined, then send it again."""

    def __init__(self, *, betas: str = BETA, model: str = MODEL) -> None:
        self.now, self.betas = 1_796_000_000.0, betas
        script = Script(refusal("cyber", "No."), text("Done."), text("Done."))
        self.simulator = Simulator(replies=script, seed=1, clock=lambda: self.now)
        self.details = self.ask(model=model)["stop_details"]

    def ask(self, *, workspace: str = "", **more: Any) -> Any:
        """Return the message, or the error, that answers a request."""
        body = {
            "model": OTHER,
            "max_tokens": 900,
            "messages": [{"role": "user", "content": "Hi"}],
            **more,
        }
        headers = {"x-api-key": "k", "anthropic-version": "2026-10-21"}
        headers |= {"anthropic-beta": self.betas, "anthropic-workspace-id": workspace}
        reply = self.simulator.handle("POST", "/v1/messages", headers, json.dumps(body).encode())
        if reply.events is not None:
            return message_of([event.data for event in reply.events])
        return reply.body

    @property
    def token(self) -> Any:
        """Return the token of the refusal."""
        return self.details["fallback_credit_token"]


@pytest.mark.parametrize("betas", [BETA, FIRST_BETA, ""])
def test_a_refusal_has_a_token_under_the_beta(betas: str) -> None:
    """And says that it goes with the unchanged request alone."""
    details = Desk(betas=betas).details
    kept = {"type": "refusal", "category": "cyber", "explanation": "No."}
    assert {key: details[key] for key in kept} == kept
    assert details.get("fallback_has_prefill_claim") is (False if betas else None)
    assert ("fallback_credit_token" in details) == bool(betas)


def test_a_model_without_fallbacks_gives_no_token() -> None:
    """It is null."""
    assert Desk(model="claude-haiku-5-5").token is None


@pytest.mark.parametrize("stream", [False, True])
def test_the_same_request_redeems_it(*, stream: bool) -> None:
    """Whatever else than its words is changed; as a text or an object, as often as it is sent."""
    desk = Desk()
    for given in (desk.token, {"token": desk.token, "mode": "best_effort"}):
        message = desk.ask(fallback_credit_token=given, max_tokens=50, stream=stream)
        assert message["usage"]["fallback_credit"] == {"status": {"type": "redeemed"}}


@pytest.mark.parametrize(
    ("reason", "changes", "later"),
    [
        ("expired", {}, LASTS),
        ("body_mismatch", {"system": "Be brief."}, 0),
        ("invalid_target_model", {"model": "claude-haiku-4-5"}, 0),
        ("wrong_workspace", {"workspace": "wrkspc_01"}, 0),
    ],
)
def test_a_token_that_fails_is_refused_or_only_told(
    reason: str, changes: dict[str, Any], later: int
) -> None:
    """By how it was sent."""
    desk = Desk()
    desk.now += later
    strict = desk.ask(fallback_credit_token=desk.token, **changes)
    assert strict["error"]["message"].endswith(reason)
    tried = {"token": desk.token, "mode": "best_effort"}
    message = desk.ask(fallback_credit_token=tried, **changes)
    status = {"type": "not_applied", "reason": reason}
    assert message["usage"]["fallback_credit"] == {"status": status}


@pytest.mark.parametrize("mode", ["strict", "best_effort"])
def test_no_token_at_all_and_one_beside_fallbacks_are_refused(mode: str) -> None:
    """In either mode."""
    desk = Desk()
    desk.betas = f"{BETA},{find_beta('fallbacks')}"
    odd = desk.ask(fallback_credit_token={"token": "abc", "mode": mode})
    assert odd["error"]["message"] == "fallback_credit_token: the token is malformed"
    both = desk.ask(
        fallback_credit_token={"token": desk.token, "mode": mode}, fallbacks="default", model=MODEL
    )
    assert both["error"]["message"] == (
        "fallback_credit_token: cannot be combined with `fallbacks`"
    )
