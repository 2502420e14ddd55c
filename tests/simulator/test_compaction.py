"""Summaries on demand: what they say and cost, and what becomes of them sent back."""

from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import find_model, load_catalog
from grader.simulator import (
    LABEL,
    Script,
    Simulator,
    Turn,
    compaction,
    compaction_unavailable,
    empty,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
)
from tests.simulator.long_talks import (
    ASKED,
    AT_THRESHOLD,
    CALL,
    CHAT,
    COMPACT,
    LONG,
    ON_DEMAND,
    RESULT,
    TOOL,
    Request,
    asked,
    fault,
    posted,
    said,
    summarized,
)


def test_a_summary_tells_what_was_asked_and_answered() -> None:
    """It is labelled, as all that no lesson's author wrote."""
    (block,) = summarized()["content"]
    assert list(block) == ["type", "content", "signature"]
    assert block["content"].startswith(f"{LABEL} Summary")
    for words in ("I keep bees.", "How many hives?", "capital of France"):
        assert words in block["content"]


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=40))
def test_any_conversation_can_be_summarized(texts: list[str]) -> None:
    """However long, in few words; and the summary can be sent back, and summarized again."""
    kept = [words for words in texts if words.strip()]
    messages = [said("user" if n % 2 == 0 else "assistant", w) for n, w in enumerate(kept)]
    block = summarized([*CHAT, said("assistant", "Paris."), *messages])
    assert len(block["content"][0]["content"]) < 9_000
    again = summarized([block, said("user", "And now?")])
    later = posted(asked([again, said("user", "Go on.")]), ON_DEMAND)
    assert later.status == 200


def test_a_summary_on_demand_costs_an_iteration_and_nothing_else() -> None:
    """The price of the call is that of its iteration."""
    body = posted(asked(compaction=ASKED), ON_DEMAND).body
    usage = body["usage"]
    assert [value for value in usage.values() if isinstance(value, int)] == [0] * 4
    (call,) = usage["iterations"]
    assert call["type"] == "compaction"
    plain = posted(asked()).body["usage"]["input_tokens"]
    assert call["input_tokens"] > plain
    card = find_model("claude-opus-5-5")
    own = {key: call[key] for key in ("input_tokens", "output_tokens")}
    assert card.cost_of(usage) == card.cost_of(own) > 0


def test_instructions_replace_the_prompt_that_asks() -> None:
    """Blank ones count as none."""

    def cost(**more: Any) -> int:
        usage = posted(asked(compaction={**ASKED, **more}), ON_DEMAND).body["usage"]
        return int(usage["iterations"][0]["input_tokens"])

    usual = cost()
    assert usual == cost(instructions=None) == cost(instructions="  ")
    assert cost(instructions="Be short.") < usual < cost(instructions="Be short. " * 200)


def test_a_stream_brings_a_summary_at_once() -> None:
    """No delta: the block is whole when it starts."""
    reply = posted(asked(compaction=ASKED, stream=True), ON_DEMAND)
    events = [(event.name, event.data) for event in reply.events or ()]
    assert [name for name, _ in events] == [
        "message_start",
        "content_block_start",
        "ping",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    block = events[1][1]["content_block"]
    assert block["content"]
    assert block["signature"]
    assert "iterations" not in events[0][1]["message"]["usage"]
    assert events[4][1]["usage"]["iterations"][0]["type"] == "compaction"
    assert events[4][1]["delta"]["stop_reason"] == "compaction"


@pytest.mark.parametrize(
    ("reply", "stop_reason"),
    [
        (tool_use("look_up", {}), "tool_use"),
        (refusal("cyber"), "refusal"),
        (empty(), "end_turn"),
        (text("The sum", stop_reason="max_tokens"), "max_tokens"),
        (compaction(None), "end_turn"),
    ],
)
def test_without_a_summary_a_reply_is_empty(reply: Turn, stop_reason: str) -> None:
    """And says why; the call is billed."""
    body = posted(asked(compaction=ASKED), ON_DEMAND, to=Simulator(replies=Script(reply))).body
    assert (body["content"], body["stop_reason"]) == ([], stop_reason)
    assert body["usage"]["output_tokens"] == 0
    assert body["usage"]["iterations"][0]["output_tokens"] > 0
    assert (body["stop_details"] is None) == (stop_reason != "refusal")


def test_a_summary_that_does_not_fit_its_limit_is_none() -> None:
    """All of the limit is spent."""
    body = posted({**asked(compaction=ASKED), "max_tokens": 30}, ON_DEMAND).body
    assert (body["content"], body["stop_reason"]) == ([], "max_tokens")
    assert body["usage"]["iterations"][0]["output_tokens"] == 30


def test_a_script_gives_summaries_word_for_word() -> None:
    """As a turn of its own, or as the text of a call that was asked for one."""
    for scripted in (compaction("Bees."), text("Bees."), turn(thinking("Hm."), text("Bees."))):
        reply = posted(asked(compaction=ASKED), ON_DEMAND, to=Simulator(replies=Script(scripted)))
        (block,) = reply.body["content"]
        assert (block["type"], block["content"]) == ("compaction", "Bees.")
        assert block["signature"]
    down = Simulator(replies=Script(compaction_unavailable()))
    reply = posted(asked(compaction=ASKED), ON_DEMAND, to=down)
    assert reply.status == 529
    assert reply.body["error"]["details"] == {"error_code": "compaction_unavailable"}


@pytest.mark.parametrize("card", load_catalog().models, ids=lambda card: card.id)
def test_models_summarize_by_their_rule(card: Any) -> None:
    """On demand and at a threshold alike."""
    simulator = Simulator(seed=1, clock=lambda: 0.0)
    request = {**asked(compaction=ASKED), "model": card.id}
    edits = {"edits": [COMPACT]}
    request_of_edit = {**asked(context_management=edits), "model": card.id}
    statuses = {
        posted(request, ON_DEMAND, to=simulator).status,
        posted(request_of_edit, AT_THRESHOLD, to=simulator).status,
    }
    assert statuses == {200 if card.rules.compaction else 400}


CLASHES: list[tuple[str, Request]] = [
    ("`context_management`", {"context_management": {"edits": []}}),
    ("`stop_sequences`", {"stop_sequences": ["END"]}),
    (
        "`output_config.format`",
        {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
    ),
    ("`tool_choice`", {"tools": [TOOL], "tool_choice": {"type": "any"}}),
    ("`tool_choice`", {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "look_up"}}),
]


@pytest.mark.parametrize(("what", "more"), CLASHES)
def test_what_only_shapes_a_reply_may_not_stand_beside_it(what: str, more: Request) -> None:
    """With a message, and no code."""
    message, code = fault(posted(asked(compaction=ASKED, **more), ON_DEMAND))
    assert what in message
    assert code is None


def test_a_summary_needs_its_header() -> None:
    """The first request says so; a later one doesn't know the block."""
    message, _ = fault(posted(asked(compaction=ASKED)))
    assert f"requires anthropic-beta: {ON_DEMAND}" in message
    later = asked([summarized(), said("user", "Go on.")])
    message, _ = fault(posted(later))
    assert message.startswith("messages.0.content.0: Input tag 'compaction' found using 'type'")


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([], "compaction_nothing_to_summarize"),
        ([said("user", "Look it up."), said("assistant", CALL)], "compaction_incomplete_turn"),
    ],
)
def test_what_cannot_be_summarized_has_its_code(messages: list[Any], code: str) -> None:
    """Nothing, and a turn that is not over."""
    assert fault(posted(asked(messages, compaction=ASKED, tools=[TOOL]), ON_DEMAND))[1] == code
    if messages:
        whole = [*messages, said("user", RESULT)]
        assert posted(asked(whole, compaction=ASKED, tools=[TOOL]), ON_DEMAND).status == 200


def test_a_summary_alone_is_not_summarized_again() -> None:
    """Until something was said after it."""
    reply = posted(
        asked([said("user", "Hi"), said("assistant", "Hello")], compaction=ASKED), ON_DEMAND
    )
    summary = {"role": "assistant", "content": reply.body["content"]}
    code = fault(posted(asked([summary], compaction=ASKED), ON_DEMAND))[1]
    assert code == "compaction_nothing_to_summarize"
    more = [summary, said("user", "Go on.")]
    assert posted(asked(more, compaction=ASKED), ON_DEMAND).status == 200


def test_a_conversation_of_too_many_tools_cannot_be_summarized() -> None:
    """The bound is ours."""
    calls = [{**CALL, "id": f"t{n}", "name": f"tool{n}"} for n in range(1_001)]
    results = [{**RESULT, "tool_use_id": f"t{n}"} for n in range(1_001)]
    messages = [said("user", "Go."), said("assistant", *calls), said("user", *results)]
    code = fault(posted(asked(messages, compaction=ASKED), ON_DEMAND))[1]
    assert code == "compaction_too_many_tool_references"


def changed(message: Any, **keys: Any) -> Any:
    """Return a copy of a summary's message with some keys of its block changed."""
    (block,) = message["content"]
    return {**message, "content": [{**block, **keys}]}


def bad_swaps(whole: Any) -> Iterator[tuple[str, list[Any]]]:
    """Yield codes, each with a conversation into which a summary was put wrongly."""
    signature = whole["content"][0]["signature"]
    other = "A" if signature[200] != "A" else "B"
    question = said("user", "Go on.")
    yield "compaction_block_misplaced", [*CHAT, whole, question]
    yield "compaction_block_misplaced", [said("user", "Hi", *whole["content"]), question]
    yield "compaction_block_ambiguous", [whole, question, whole, question]
    yield "compaction_content_mismatch", [changed(whole, content="Wasps."), question]
    spoilt = f"{signature[:200]}{other}{signature[201:]}"
    yield "compaction_signature_invalid", [changed(whole, signature=spoilt), question]
    yield "compaction_signature_invalid", [changed(whole, signature=signature[:-20]), question]
    yield "compaction_signature_invalid", [changed(whole, signature="odd!"), question]
    removal = {"type": "tool_removal", "tool": {"type": "tool_reference", "name": "look_up"}}
    yield "compaction_tool_changes_mismatch", [changed(whole, tool_changes=[removal]), question]


def test_a_summary_that_is_not_as_it_came_is_refused() -> None:
    """Each wrong way has the code of the API."""
    for code, messages in bad_swaps(summarized()):
        assert fault(posted(asked(messages), ON_DEMAND))[1] == code, code


@settings(max_examples=60, derandomize=True, deadline=None)
@given(place=st.integers(0, 10_000), letter=st.sampled_from("AZaz09+/"), is_cut=st.booleans())
def test_a_signature_that_was_changed_anywhere_is_refused(
    place: int, letter: str, is_cut: bool
) -> None:
    """Or cut short; with its own letter in its place it is as it was."""
    whole = summarized()
    signature = whole["content"][0]["signature"]
    place %= len(signature.rstrip("="))
    spoilt = signature[:place] + ("" if is_cut else f"{letter}{signature[place + 1 :]}")
    reply = posted(asked([changed(whole, signature=spoilt), said("user", "Go on.")]), ON_DEMAND)
    if spoilt == signature:
        assert reply.status == 200
    elif not spoilt:
        assert "requires its `signature`" in fault(reply)[0]
    else:
        assert fault(reply)[1] == "compaction_signature_invalid"


def test_what_was_changed_is_told_in_the_recorded_words() -> None:
    """The place, and what does not fit."""
    messages = [changed(summarized(), content="Wasps."), said("user", "Go on.")]
    assert fault(posted(asked(messages), ON_DEMAND))[0] == (
        "messages.0.content.0: `compaction` block `content` does not match its `signature`"
    )


def test_a_careless_dump_of_a_summary_is_refused() -> None:
    """It has keys that the API never sent."""
    messages = [changed(summarized(), citations=None), said("user", "Go on.")]
    assert fault(posted(asked(messages), ON_DEMAND))[0] == (
        "messages.0.content.0.compaction.citations: Extra inputs are not permitted"
    )


def test_a_summary_may_open_the_first_message_of_either_role() -> None:
    """As a message of its own, or before what is said."""
    block = summarized()["content"][0]
    for messages in (
        [said("user", block, "Go on.")],
        [said("assistant", block, "Paris."), said("user", "Go on.")],
        [said("assistant", block), said("assistant", "Paris."), said("user", "Go on.")],
    ):
        assert posted(asked(messages), ON_DEMAND).status == 200


def test_a_summary_is_cheaper_than_what_it_stands_for() -> None:
    """It is billed by its words, wherever a breakpoint stands on it."""
    long = [said("user", LONG), said("assistant", "Fine.")]
    block = summarized(long)
    whole = posted(asked([*long, said("user", "Go on.")])).body["usage"]["input_tokens"]
    usage = posted(asked([block, said("user", "Go on.")]), ON_DEMAND).body["usage"]
    assert usage["input_tokens"] < whole / 50
    assert [call["type"] for call in usage["iterations"]] == ["message"]
    counted = posted(
        {"model": "claude-opus-5-5", "messages": [block, said("user", "Go on.")]},
        ON_DEMAND,
        path="/v1/messages/count_tokens",
    )
    assert counted.body == {"input_tokens": usage["input_tokens"]}
    marked = changed(block, cache_control={"type": "ephemeral"})
    assert posted(asked([marked, said("user", "Go on.")]), ON_DEMAND).status == 200


def test_counting_ignores_that_a_summary_is_asked_for() -> None:
    """The prompt that asks for it is not counted."""
    request = {"model": "claude-opus-5-5", "messages": CHAT}
    path = "/v1/messages/count_tokens"
    plain = posted(request, path=path).body
    assert posted({**request, "compaction": ASKED}, ON_DEMAND, path=path).body == plain


def test_the_sdk_reads_a_streamed_summary(client_of: Callable[..., anthropic.Anthropic]) -> None:
    """And makes of its message what can be sent back."""
    client = client_of(Simulator(seed=1))
    with client.beta.messages.stream(
        model="claude-opus-5-5",
        max_tokens=2_000,
        betas=[ON_DEMAND],
        messages=[{"role": "user", "content": "I keep bees."}],
        compaction={"type": "summarize"},
    ) as stream:
        message = stream.get_final_message()
    assert message.stop_reason == "compaction"
    further = client.beta.messages.create(
        model="claude-opus-5-5",
        max_tokens=2_000,
        betas=[ON_DEMAND],
        messages=[message.to_param(), {"role": "user", "content": "Seven hives."}],
    )
    assert further.stop_reason == "end_turn"
