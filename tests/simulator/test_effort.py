"""Thinking and effort: when a model thinks, how much, and what a request may say of it."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from grader.catalog import find_beta, find_model
from grader.simulator import Reply, Simulator
from tests.simulator.validation.turns import assistant, call, result, user, words

Post = Callable[..., Reply]

MESSAGE_EFFORT = find_beta("message_effort")
OLD = "2023-06-01"
LOOP = [user("a"), assistant(words("b"), call("t1")), user(result("t1"))]


def body(model: str = "claude-sonnet-5-5", **request: Any) -> dict[str, Any]:
    """Return a request for a greeting."""
    return {"model": model, "max_tokens": 2_000, "messages": [user("Hello")], **request}


def effort(level: str | None) -> dict[str, Any]:
    """Return a message that sets the effort from there on."""
    return {"role": "system", "content": [], "output_config": {"effort": level}}


def spent(reply: Reply) -> tuple[int, int]:
    """Return the tokens of thinking, and all of the output."""
    usage = reply.body["usage"]
    return usage["output_tokens_details"]["thinking_tokens"], usage["output_tokens"]


def fault(reply: Reply) -> str:
    """Return the message of a refusal, an empty string for an answer."""
    return "" if reply.status == 200 else str(reply.body["error"]["message"])


def kinds(reply: Reply) -> list[str]:
    """Return the types of a reply's blocks."""
    return [block["type"] for block in reply.body["content"]]


def test_more_effort_costs_more(post: Post) -> None:
    """In thinking and in output; the default is that of the model."""
    for model, default in (("claude-sonnet-5-5", "high"), ("claude-opus-5-5", "medium")):
        costs = {
            level: spent(post(body(model, output_config={"effort": level})))
            for level in ("low", "medium", "high", "xhigh", "max")
        }
        assert [*costs.values()] == sorted(set(costs.values()))
        assert spent(post(body(model))) == costs[default]


@pytest.mark.parametrize("model", ["claude-sonnet-5-5", "claude-opus-5-5", "claude-sonnet-4-6"])
def test_a_written_answer_says_more_with_more_effort(model: str, post: Post) -> None:
    """Each step adds a sentence that was written for it; at the default it is as written."""
    question = "What makes an API call safe to retry?"
    rules = find_model(model).rules
    levels = rules.effort_levels[rules.effort_levels.index(str(rules.default_effort)) :]
    asked = [
        body(model, messages=[user(question)], output_config={"effort": level}) for level in levels
    ]
    texts = [post(each).body["content"][-1]["text"] for each in asked]
    assert texts[0] == post(body(model, messages=[user(question)])).body["content"][-1]["text"]
    for shorter, longer in pairwise(texts):
        assert longer.startswith(f"{shorter} ")
        assert "With more effort" not in longer


def test_thinking_may_leave_no_room_for_a_text(post: Post) -> None:
    """It comes out of the same limit, and more effort takes more of it."""
    low, most = (
        post(body(max_tokens=100, output_config={"effort": level})) for level in ("low", "max")
    )
    assert kinds(low) == ["thinking", "text"]
    assert kinds(most) == ["thinking"]
    assert most.body["stop_reason"] == "max_tokens"
    assert spent(most) == (100, 100)


def test_what_a_thought_cost_is_billed_when_it_comes_back(post: Post) -> None:
    """Though its words are left out: the signature has them."""
    counted = []
    for level in ("low", "max"):
        content = post(body(output_config={"effort": level})).body["content"]
        said = [user("Hello"), {"role": "assistant", "content": content}, user("Go on")]
        counted.append(post(body(messages=said)).body["usage"]["input_tokens"])
    assert counted[0] + 200 < counted[1]


def test_a_message_sets_the_effort_from_the_next_user_turn(post: Post) -> None:
    """And not for the one that is being answered."""
    beta = {"anthropic-beta": MESSAGE_EFFORT}
    high = spent(post(body()))
    after = post(body(messages=[user("Hello"), effort("max")]), **beta)
    before = post(body(messages=[effort("max"), user("Hello")]), **beta)
    assert spent(after)[0] == high[0]
    assert spent(before)[0] > high[0]


def test_a_message_of_effort_alone_costs_nothing(post: Post) -> None:
    """It may stand anywhere, between a call and its result too."""
    beta = {"anthropic-beta": MESSAGE_EFFORT}
    plain = post(body(messages=LOOP))
    for place in range(4):
        said = [*LOOP[:place], effort("low"), *LOOP[place:]]
        reply = post(body(messages=said), **beta)
        assert fault(reply) == ""
        assert reply.body["usage"]["input_tokens"] == plain.body["usage"]["input_tokens"]


@pytest.mark.parametrize(
    ("request_", "beta", "message"),
    [
        (
            body(messages=[user("Hello"), effort("low")]),
            "",
            "messages.1.output_config: Extra inputs are not permitted",
        ),
        (
            body("claude-sonnet-5", messages=[user("Hello"), effort("low")]),
            MESSAGE_EFFORT,
            (
                "output_config.effort requires a model that supports per-turn effort; this model "
                "does not"
            ),
        ),
        (
            body(
                "claude-opus-5",
                messages=[user("Hello"), effort("low")],
                thinking={"type": "disabled"},
            ),
            MESSAGE_EFFORT,
            (
                "messages.1: output_config.effort 'low' differs from the 'high' in effect before "
                "it; effort cannot change when thinking is disabled on this model. Use effort "
                "'high', or enable thinking."
            ),
        ),
        (
            body(messages=[{**user("Hello"), "output_config": {"effort": "low"}}]),
            MESSAGE_EFFORT,
            "messages.0.output_config: Extra inputs are not permitted",
        ),
        (
            body(messages=[effort("low")]),
            MESSAGE_EFFORT,
            "messages: at least one message is required",
        ),
    ],
    ids=["no header", "another model", "thinking off", "a user's", "nothing else"],
)
def test_effort_where_it_cannot_be(post: Post, request_: Any, beta: str, message: str) -> None:
    """In the documentation's words, the last but a guess."""
    assert fault(post(request_, **{"anthropic-beta": beta})) == message


def test_a_disabled_thought_needs_no_more_than_high_effort(post: Post) -> None:
    """Of Haiku 5.5 as of Opus 5."""
    given = {"thinking": {"type": "disabled"}, "output_config": {"effort": "max"}}
    assert "is not supported when thinking is disabled" in fault(
        post(body("claude-haiku-5-5", **given))
    )


def test_updates_are_shown_under_their_beta(post: Post) -> None:
    """And are no display without it."""
    asked = body(thinking={"type": "adaptive", "display": "updates"})
    assert "display" in fault(post(asked))
    assert fault(post(asked, **{"anthropic-beta": "thinking-display-updates-2026-08-18"})) == ""


def test_between_tools_is_thought_between_tools(post: Post) -> None:
    """Not before the first answer."""
    asked = {"thinking": {"type": "between_tools"}}
    assert kinds(post(body(**asked))) == ["text"]
    assert kinds(post(body(messages=LOOP, **asked)))[0] == "thinking"


def test_a_tool_loop_without_its_thinking_goes_on_without(post: Post) -> None:
    """It is no error, but the budget is not used."""
    asked = {"thinking": {"type": "enabled", "budget_tokens": 1_024}}
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "EpAD"}
    kept = [LOOP[0], assistant(thought, call("t1")), LOOP[2]]
    model = "claude-haiku-4-5"
    assert kinds(post(body(model, messages=LOOP, **asked), version=OLD)) == ["text"]
    assert kinds(post(body(model, messages=kept, **asked), version=OLD))[0] == "thinking"
    again = [*LOOP, assistant("c"), user("d")]
    assert kinds(post(body(model, messages=again, **asked), version=OLD))[0] == "thinking"


def test_interleaved_thinking_may_have_more_than_the_limit(post: Post) -> None:
    """Its budget is for all calls of a turn."""
    asked = body("claude-haiku-4-5", thinking={"type": "enabled", "budget_tokens": 4_000})
    assert "`max_tokens` must be greater" in fault(post(asked))
    beta = {"anthropic-beta": "interleaved-thinking-2025-05-14"}
    assert fault(post(asked, to=Simulator(seed=1), **beta)) == ""


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", "claude-opus-5-5"])
@pytest.mark.parametrize("prompt", ["Hello", "Tell me of the moons of Mars."])
def test_more_effort_says_more(post: Post, model: str, prompt: str) -> None:
    """From the model's default on each level is longer; below it none is, and none is empty."""
    rules = find_model(model).rules
    lengths = {}
    for level in rules.effort_levels:
        asked = {"messages": [user(prompt)], "output_config": {"effort": level}}
        reply = post(body(model, **asked)).body
        lengths[level] = len(reply["content"][-1]["text"])
    usual = len(post(body(model, messages=[user(prompt)])).body["content"][-1]["text"])
    assert lengths[rules.default_effort] == usual
    assert [*lengths.values()] == sorted(lengths.values())
    above = [lengths[level] for level in rules.effort_levels[2:]]
    assert len(set(above)) == len(above)
    assert lengths["low"] > 0


def test_a_labelled_answer_is_shorter_at_low_effort(post: Post) -> None:
    """And costs less output, though the model does not think."""
    usual, low = (
        post(body("claude-sonnet-4-6", messages=[user("Tell me of Mars.")], **more)).body
        for more in ({}, {"output_config": {"effort": "low"}})
    )
    assert low["usage"]["output_tokens"] < usual["usage"]["output_tokens"]


def test_updates_are_words_to_read(post: Post) -> None:
    """As thinking with words in it."""
    asked = body("claude-opus-5-5", thinking={"type": "adaptive", "display": "updates"})
    reply = post(asked, **{"anthropic-beta": "thinking-display-updates-2026-08-18"})
    assert reply.body["content"][0]["thinking"] != ""


@pytest.mark.parametrize("display", ["omitted", "summarized"])
def test_thoughts_are_counted_as_they_come_under_their_beta(post: Post, display: str) -> None:
    """In steps where they are not shown, with null at the end; without the beta nothing is told."""
    asked = body(
        "claude-sonnet-5-5",
        stream=True,
        thinking={"type": "adaptive", "display": display},
        output_config={"effort": "max"},
    )
    told = []
    for betas in ("", "thinking-token-count-2026-05-13"):
        reply = post(asked, **{"anthropic-beta": betas})
        events = [event.data for event in reply.events or ()]
        deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
        told.append([d.get("estimated_tokens", ...) for d in deltas if "thinking" in d])
    without, counted = told
    assert set(without) <= {...}
    assert counted[-1] is None
    assert sum(each or 0 for each in counted) == (250 if display == "omitted" else 0)
