"""Server-side fallbacks: who answers what a model declines, and what reply and usage say of it."""

import json
from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.simulator import Script, Simulator, Turn, overloaded, refusal, text, thinking, turn
from tests.conformance.shapes import message_of

NEWEST, OLDER = "server-side-fallback-2026-07-01", "server-side-fallback-2026-06-01"
FIRST, SECOND = "claude-opus-5", "claude-opus-4-8"
DECLINED = refusal("cyber", "No.")
PARTLY = refusal("bio", None, text("So far"))
LIST = [{"model": SECOND}]
BLOCK = {
    "type": "fallback",
    "from": {"model": FIRST},
    "to": {"model": SECOND},
    "trigger": {"type": "refusal", "category": "cyber"},
}


class Asked:
    """Answer by a script, and keep which model was asked for what."""

    def __init__(self, *replies: Any) -> None:
        self.script = Script(*replies)
        self.requests: list[Any] = []

    def __call__(self, request: Any, card: Any) -> Any:
        """Return the next reply of the script."""
        self.requests.append(request)
        return self.script(request, card)


def ask(
    *replies: Any, betas: str = NEWEST, model: str = FIRST, fallbacks: Any = "default", **more: Any
) -> tuple[Any, list[Any]]:
    """Return the reply's message or error, and the requests that models answered."""
    body = {
        "model": model,
        "max_tokens": 900,
        "messages": [{"role": "user", "content": "Hi"}],
        "fallbacks": fallbacks,
        **more,
    }
    asked = Asked(*replies)
    headers = {"x-api-key": "k", "anthropic-version": "2026-10-21", "anthropic-beta": betas}
    reply = Simulator(replies=asked, seed=1, clock=lambda: 0.0).handle(
        "POST", "/v1/messages", headers, json.dumps(body).encode()
    )
    if reply.events is not None:
        return message_of([event.data for event in reply.events]), asked.requests
    return reply.body, asked.requests


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("fallbacks", ["default", LIST])
def test_another_model_answers_what_is_declined(fallbacks: Any, stream: bool) -> None:
    """The reply names it, marks the hand-over, and tells of both attempts."""
    message, requests = ask(DECLINED, text("Hello."), fallbacks=fallbacks, stream=stream)
    assert [request["model"] for request in requests] == [FIRST, SECOND]
    assert "fallbacks" not in requests[1]
    assert (message["model"], message["stop_reason"]) == (SECOND, "end_turn")
    assert message["content"] == [BLOCK, {"type": "text", "text": "Hello."}]
    told = [(each["type"], each["model"]) for each in message["usage"]["iterations"]]
    assert told == [("message", FIRST), ("fallback_message", SECOND)]
    last = message["usage"]["iterations"][-1]
    assert last["output_tokens"] == message["usage"]["output_tokens"]


@pytest.mark.parametrize("replies", [[text("Hi.")], [turn(thinking(), text("Hi."))]])
def test_who_answers_needs_no_fallback(replies: list[Turn]) -> None:
    """Nothing of it is in the reply."""
    message, requests = ask(*replies)
    assert (message["model"], len(requests)) == (FIRST, 1)
    assert "iterations" not in message["usage"]
    assert all(block["type"] != "fallback" for block in message["content"])


@pytest.mark.parametrize("stream", [False, True])
def test_what_was_said_before_a_refusal_stays_in_a_stream(stream: bool) -> None:
    """Without one it is left out; its tokens are told either way."""
    message, _ = ask(PARTLY, text("Hello."), stream=stream)
    kinds = [block["type"] for block in message["content"]]
    assert kinds == (["text", "fallback", "text"] if stream else ["fallback", "text"])
    assert message["usage"]["iterations"][0]["output_tokens"] > 0


def test_where_all_decline_the_last_refusal_is_the_reply() -> None:
    """With the model of the last attempt."""
    message, _ = ask(DECLINED, refusal("bio"))
    assert (message["model"], message["stop_reason"]) == (SECOND, "refusal")
    assert message["stop_details"]["category"] == "bio"
    assert message["stop_details"]["recommended_model"] is None
    assert message["usage"]["iterations"][-1]["type"] == "fallback_message"


def test_a_fallback_that_cannot_be_reached_is_recommended() -> None:
    """The refusal stands."""
    message, _ = ask(DECLINED, overloaded())
    assert (message["model"], message["stop_reason"], message["content"]) == (FIRST, "refusal", [])
    assert message["stop_details"]["recommended_model"] == SECOND


def test_an_attempt_has_its_own_settings() -> None:
    """Overrides count; the rest is the request's."""
    own = [{"model": SECOND, "max_tokens": 50, "output_config": {"effort": "low"}}]
    _, requests = ask(DECLINED, text("Hi."), fallbacks=own, output_config={"effort": "max"})
    assert requests[1]["max_tokens"] == 50
    assert requests[1]["output_config"] == {"effort": "low"}
    _, requests = ask(DECLINED, text("Hi."), output_config={"effort": "max"}, stop_sequences=["x"])
    assert requests[1]["output_config"] == {"effort": "max"}
    assert requests[1]["stop_sequences"] == ["x"]


@pytest.mark.parametrize("card", load_catalog().models, ids=lambda card: card.id)
def test_a_list_is_for_models_that_take_one(card: Any) -> None:
    """By the catalog, in quoted words; "default" leaves a refusal as it is where there is none."""
    message, requests = ask(DECLINED, text("Hi."), model=card.id)
    assert len(requests) == (2 if card.rules.fallbacks else 1)
    named, _ = ask(DECLINED, text("Hi."), model=card.id, fallbacks=LIST)
    if card.rules.fallbacks:
        assert named["model"] == SECOND
    else:
        assert message["stop_reason"] == "refusal"
        assert (
            named["error"]["message"] == f"'{card.id}' does not support the `fallbacks` parameter"
        )


@pytest.mark.parametrize(
    ("fallbacks", "betas", "words"),
    [
        ("default", "", "fallbacks: Extra inputs are not permitted"),
        (LIST, "server-side-fallback-2026-05-01", "fallbacks: Extra inputs are not permitted"),
        ("default", OLDER, "fallbacks: Input should be a valid array"),
        (7, NEWEST, "fallbacks: Input should be a valid array"),
        ([{}], NEWEST, "fallbacks.0.model: Field required"),
        ([{"model": FIRST}], NEWEST, "fallbacks.0.model: models must be distinct"),
        (LIST * 2, NEWEST, "fallbacks.1.model: models must be distinct"),
        ([{"model": "claude-haiku-4-5"}], NEWEST, "fallbacks.0.model: 'claude-haiku-4-5' is not"),
        (LIST * 4, NEWEST, "fallbacks: List should have at most 3 items"),
        ([{**LIST[0], "tools": []}], NEWEST, "fallbacks.0.tools: Extra inputs are not permitted"),
        ([{**LIST[0], "max_tokens": 10**7}], NEWEST, "max_tokens: 10000000 > "),
    ],
    ids=range(11),
)
def test_wrong_fallbacks_are_refused_at_once(fallbacks: Any, betas: str, words: str) -> None:
    """Before any model is asked; each attempt is checked as a request of its own."""
    body, requests = ask(text("Hi."), fallbacks=fallbacks, betas=betas)
    assert body["error"]["message"].startswith(words)
    assert requests == []


def test_the_older_beta_takes_a_list() -> None:
    """And answers as the newer one does."""
    message, _ = ask(DECLINED, text("Hi."), fallbacks=LIST, betas=OLDER)
    assert message["model"] == SECOND


def test_the_conversation_goes_on_with_the_block_in_its_place() -> None:
    """It costs nothing, and does not part a thought from its conversation."""
    hello = {"role": "user", "content": "Hi"}
    headers = {"x-api-key": "k", "anthropic-version": "2026-10-21", "anthropic-beta": NEWEST}
    simulator = Simulator(replies=Asked(*[turn(thinking("Hm."), text("Hello."))] * 3), seed=1)

    def send(*content: Any) -> Any:
        said = [{"role": "assistant", "content": list(content)}, hello] if content else []
        asked = {"model": "claude-opus-5-5", "max_tokens": 900, "messages": [hello, *said]}
        return simulator.handle("POST", "/v1/messages", headers, json.dumps(asked).encode()).body

    said = send()["content"]
    without, with_block = send(*said), send(BLOCK, *said)
    assert with_block["type"] == "message", with_block
    assert with_block["usage"]["input_tokens"] == without["usage"]["input_tokens"]
