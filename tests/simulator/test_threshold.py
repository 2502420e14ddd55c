"""Summaries at a threshold: when they are made, what they cost, and how they go on."""

from typing import Any

import pytest

from grader.catalog import find_model
from grader.simulator import RateLimit, Script, Simulator, compaction, text, turn
from tests.simulator.long_talks import (
    ASKED,
    AT_THRESHOLD,
    CHAT,
    COMPACT,
    LONG,
    ON_DEMAND,
    Request,
    asked,
    fault,
    posted,
    said,
    summarized,
)


def at_threshold(messages: list[Any], **edit: Any) -> Request:
    """Return a request that is summarized at 50,000 tokens."""
    edits = {"edits": [{**COMPACT, **edit}]}
    return {**asked(messages, context_management=edits), "model": "claude-sonnet-4-6"}


def test_below_the_threshold_nothing_is_summarized() -> None:
    """The reply says that no edits were applied, and its usage has one iteration."""
    body = posted(at_threshold(CHAT), AT_THRESHOLD).body
    assert [block["type"] for block in body["content"]] == ["text"]
    assert body["context_management"] == {"applied_edits": []}
    assert [call["type"] for call in body["usage"]["iterations"]] == ["message"]


def test_at_the_threshold_the_summary_comes_before_the_reply() -> None:
    """The reply is answered from it, so the top of the usage is small; the whole is billed."""
    body = posted(at_threshold([said("user", LONG)]), AT_THRESHOLD).body
    assert [block["type"] for block in body["content"]] == ["compaction", "text"]
    assert list(body["content"][0]) == ["type", "content"]
    summary, rest = body["usage"]["iterations"]
    assert summary["input_tokens"] > 50_000 > 1_000 > rest["input_tokens"]
    assert body["usage"]["input_tokens"] == rest["input_tokens"]
    card = find_model("claude-sonnet-4-6")
    assert card.cost_of(body["usage"]) == card.cost_of(summary) + card.cost_of(rest)


def test_it_is_sent_back_whole_and_what_stands_before_it_is_not_read() -> None:
    """The same is billed as for the summary alone."""
    first = said("user", LONG)
    reply = posted(at_threshold([first]), AT_THRESHOLD).body
    answered = {"role": "assistant", "content": reply["content"]}
    whole = posted(at_threshold([first, answered, said("user", "Why?")]), AT_THRESHOLD).body
    alone = posted(at_threshold([answered, said("user", "Why?")]), AT_THRESHOLD).body
    assert whole["usage"] == alone["usage"]
    assert whole["usage"]["input_tokens"] < 1_000
    assert [block["type"] for block in whole["content"]] == ["text"]


def test_a_pause_ends_with_the_summary() -> None:
    """Sent back, it is gone on from."""
    first = said("user", LONG)
    paused = posted(at_threshold([first], pause_after_compaction=True), AT_THRESHOLD).body
    assert [block["type"] for block in paused["content"]] == ["compaction"]
    assert paused["stop_reason"] == "compaction"
    assert paused["usage"].keys() == {"input_tokens", "output_tokens", "iterations"}
    answered = {"role": "assistant", "content": paused["content"]}
    further = at_threshold([first, answered], pause_after_compaction=True)
    assert posted(further, AT_THRESHOLD).body["stop_reason"] == "end_turn"


def test_a_summary_that_failed_is_null_and_has_no_effect() -> None:
    """It may be sent back, and all before it is read."""
    simulator = Simulator(replies=Script(turn(compaction(None), text("Fine."))), seed=1)
    first = said("user", LONG)
    reply = posted(at_threshold([first]), AT_THRESHOLD, to=simulator).body
    assert reply["content"][0] == {"type": "compaction", "content": None}
    assert reply["usage"]["input_tokens"] > 50_000
    answered = {"role": "assistant", "content": reply["content"]}
    again = posted(at_threshold([first, answered, said("user", "Why?")]), AT_THRESHOLD).body
    assert again["content"][0]["content"]


def test_a_stream_brings_it_in_one_delta() -> None:
    """After a start that has null; the first usage is that of its call."""
    request = {**at_threshold([said("user", LONG)]), "stream": True}
    events = [event.data for event in posted(request, AT_THRESHOLD).events or ()]
    assert events[1]["content_block"] == {"type": "compaction", "content": None}
    deltas = [e["delta"] for e in events if e["type"] == "content_block_delta" and not e["index"]]
    assert [delta["type"] for delta in deltas] == ["compaction_delta"]
    assert deltas[0]["content"]
    closing = events[-2]
    summary = closing["usage"]["iterations"][0]
    assert events[0]["message"]["usage"]["input_tokens"] == summary["input_tokens"]
    assert closing["context_management"] == {"applied_edits": []}
    assert "context_management" not in events[0]["message"]


@pytest.mark.parametrize(
    ("betas", "edits", "words"),
    [
        (
            [AT_THRESHOLD],
            [],
            (
                "messages.1.content.0: `compaction` blocks require a `compact_20260112` strategy "
                "in `context_management.edits`."
            ),
        ),
        (
            [ON_DEMAND],
            None,
            "messages.0.content.0: a `compaction` block with `content` requires its `signature`",
        ),
    ],
)
def test_an_unsigned_summary_needs_the_edit_that_made_it(
    betas: list[str], edits: list[Any] | None, words: str
) -> None:
    """In the server's words."""
    messages = [said("assistant", {"type": "compaction", "content": "Bees."}), CHAT[0]]
    managed = {} if edits is None else {"context_management": {"edits": edits}}
    assert fault(posted(asked(messages, **managed), *betas))[0] == words


def test_a_signed_summary_and_the_edit_exclude_each_other() -> None:
    """There is one way to summarize a conversation at a time."""
    request = at_threshold([summarized(), said("user", "Go on.")])
    message, code = fault(posted(request, ON_DEMAND, AT_THRESHOLD))
    assert "signed `compaction` block" in message
    assert code is None


def test_the_cache_is_written_and_read_by_both_calls() -> None:
    """The summary's call reads what an earlier request wrote, and writes for the next."""
    simulator = Simulator(seed=1, clock=lambda: 0.0)
    request = {**at_threshold([said("user", LONG)]), "cache_control": {"type": "ephemeral"}}
    first, second = (posted(request, AT_THRESHOLD, to=simulator).body["usage"] for _ in range(2))
    written = first["iterations"][0]["cache_creation_input_tokens"]
    assert written == second["iterations"][0]["cache_read_input_tokens"] > 50_000
    assert second["cache_read_input_tokens"] == 0


def test_a_limit_of_a_minute_counts_the_call_that_summarizes() -> None:
    """Though the top of its usage is 0."""
    simulator = Simulator(seed=1, clock=lambda: 0.0, limit=RateLimit(input_tokens_per_minute=130))
    assert posted(asked(compaction=ASKED), ON_DEMAND, to=simulator).status == 200
    assert posted(asked(compaction=ASKED), ON_DEMAND, to=simulator).status == 429
