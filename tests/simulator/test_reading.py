"""What a model is not to read: cleared tool results and thinking, and messages for one turn."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import find_beta, find_model
from grader.simulator import Simulator, input_tokens, text, thinking, turn
from grader.simulator.binding import BINDING_BETA
from grader.simulator.reading import CLEARED, read_context
from tests.simulator.long_talks import Request, asked, fault, posted, said

EDITING, CLEAR_AT = find_beta("context_editing"), find_beta("clear_at")
CARD = find_model("claude-opus-5-5")
CLEAR = "clear_tool_uses_20250919"
THINK = "clear_thinking_20251015"
NOW = {"trigger": {"type": "tool_uses", "value": 0}}
"""From the first tool use on."""


def uses(count: int, *, size: int = 60, names: tuple[str, ...] = ("look_up",)) -> list[Any]:
    """Return a conversation of so many calls, with long results."""
    messages = [said("user", "Look up all of it.")]
    for number in range(count):
        name = names[number % len(names)]
        call = {"type": "tool_use", "id": f"t{number}", "name": name, "input": {"what": "a cat"}}
        result = {"type": "tool_result", "tool_use_id": f"t{number}", "content": "a cat " * size}
        messages += [said("assistant", call), said("user", result)]
    return messages


def edited(messages: list[Any], *edits: Request, **more: Any) -> Any:
    """Return the message that answers a request with some edits."""
    request = asked(messages, context_management={"edits": list(edits)}, **more)
    reply = posted(request, EDITING, BINDING_BETA)
    assert reply.status == 200, reply.body
    return reply.body


def read(messages: list[Any], **edit: Any) -> list[Any]:
    """Return the messages as the model reads them with one edit of tool uses."""
    request = asked(messages, context_management={"edits": [{"type": CLEAR, **NOW, **edit}]})
    return list(read_context(request, CARD).request["messages"])


def cleared(messages: list[Any]) -> list[str]:
    """Return the calls whose results were cleared."""
    blocks = [block for message in messages for block in message["content"]]
    return [block["tool_use_id"] for block in blocks if block.get("content") == CLEARED]


@settings(max_examples=60, derandomize=True, deadline=None)
@given(count=st.integers(0, 8), keep=st.integers(0, 9), spared=st.integers(0, 2))
def test_all_but_the_last_tool_uses_are_cleared(count: int, keep: int, spared: int) -> None:
    """But those of tools that are excluded; the client's own list is as it was."""
    names = ("look_up", "search", "read")
    messages = uses(count, names=names)
    before = deepcopy(messages)
    now = read(messages, keep={"type": "tool_uses", "value": keep}, exclude_tools=names[:spared])
    open_to_it = [f"t{n}" for n in range(count) if names[n % 3] not in names[:spared]]
    assert cleared(now) == open_to_it[: max(0, len(open_to_it) - keep)]
    assert messages == before


def test_three_are_kept_where_a_request_does_not_say() -> None:
    """And nothing is cleared below 100,000 tokens."""
    assert cleared(read(uses(5))) == ["t0", "t1"]
    body = edited(uses(5), {"type": CLEAR})
    assert body["context_management"] == {"applied_edits": []}
    body = edited(uses(5, size=11_000), {"type": CLEAR})
    (applied,) = body["context_management"]["applied_edits"]
    assert applied["cleared_tool_uses"] == 2


@pytest.mark.parametrize(
    ("inputs", "emptied"), [(False, []), (True, ["t0", "t1"]), (["search"], ["t1"])]
)
def test_inputs_are_cleared_where_that_is_asked_for(inputs: Any, emptied: list[str]) -> None:
    """Of all tools, or of some."""
    now = read(uses(5, names=("look_up", "search")), clear_tool_inputs=inputs)
    calls = [b for m in now for b in m["content"] if b["type"] == "tool_use"]
    assert [call["id"] for call in calls if not call["input"]] == emptied


def test_what_is_cleared_is_told_and_not_billed() -> None:
    """To the token, and count_tokens tells how much it was before."""
    messages = uses(6)
    whole = posted(asked(messages)).body["usage"]["input_tokens"]
    edit = {"type": CLEAR, **NOW}
    body = edited(messages, edit)
    (applied,) = body["context_management"]["applied_edits"]
    assert list(applied) == ["type", "cleared_tool_uses", "cleared_input_tokens"]
    assert applied["cleared_tool_uses"] == 3
    assert body["usage"]["input_tokens"] + applied["cleared_input_tokens"] == whole
    counted = posted(
        {
            "model": "claude-opus-5-5",
            "messages": messages,
            "context_management": {"edits": [edit]},
        },
        EDITING,
        path="/v1/messages/count_tokens",
    )
    assert counted.body == {
        "input_tokens": body["usage"]["input_tokens"],
        "context_management": {"original_input_tokens": whole},
    }


def test_an_edit_that_frees_too_little_is_not_made() -> None:
    """Nothing at all, as recorded of a result of two digits; or less than was asked for."""
    assert edited(uses(5, size=1), {"type": CLEAR, **NOW})["context_management"] == {
        "applied_edits": []
    }
    (applied,) = edited(uses(5), {"type": CLEAR, **NOW})["context_management"]["applied_edits"]
    freed = applied["cleared_input_tokens"]
    for least, is_made in ((freed, True), (freed + 1, False)):
        edit = {
            "type": CLEAR,
            **NOW,
            "clear_at_least": {"type": "input_tokens", "value": least},
        }
        assert bool(edited(uses(5), edit)["context_management"]["applied_edits"]) == is_made


def test_the_cache_is_lost_from_the_first_place_that_was_cleared() -> None:
    """What stands before it is read again."""
    simulator = Simulator(replies=lambda *_: text("Fine."), seed=1, clock=lambda: 0.0)
    messages = [said("user", "word " * 900), said("assistant", "Yes?"), *uses(5)]
    messages[0]["content"][0]["cache_control"] = {"type": "ephemeral"}
    first = asked(messages, cache_control={"type": "ephemeral"})
    written = posted(first, to=simulator).body["usage"]["cache_creation_input_tokens"]
    edits = {"edits": [{"type": CLEAR, **NOW}]}
    usage = posted({**first, "context_management": edits}, EDITING, to=simulator).body["usage"]
    assert 512 <= usage["cache_read_input_tokens"] < written
    again = posted({**first, "context_management": edits}, EDITING, to=simulator).body["usage"]
    assert again["cache_creation_input_tokens"] == 0


def thought(count: int) -> list[Any]:
    """Return a conversation of so many answers, each with its thinking."""
    messages: list[Any] = []
    simulator = Simulator(
        replies=lambda *_: turn(thinking("Let me see. " * 20), text("Fine.")),
        seed=count,
        clock=lambda: 0.0,
    )
    for number in range(count):
        messages.append(said("user", f"Question {number}?"))
        reply = posted(asked(messages), to=simulator)
        messages.append({"role": "assistant", "content": reply.body["content"]})
    return [*messages, said("user", "And now?")]


ON = {"thinking": {"type": "adaptive"}}


@pytest.mark.parametrize("keep", range(1, 6))
def test_thinking_is_kept_for_the_last_turns(keep: int) -> None:
    """It is no edit of the conversation, and later turns go on from the same list."""
    messages = thought(4)
    edit = {"type": THINK, "keep": {"type": "thinking_turns", "value": keep}}
    body = edited(messages, edit, **ON)
    told = body["context_management"]["applied_edits"]
    assert [each["cleared_thinking_turns"] for each in told] == ([4 - keep] if keep < 4 else [])
    assert body["input_transformations"] == []
    answered = {"role": "assistant", "content": body["content"]}
    further = edited([*messages, answered, said("user", "Why?")], edit, **ON)
    assert further["input_transformations"] == []


@pytest.mark.parametrize("keep", ["all", {"type": "all"}, None])
def test_all_thinking_is_kept_where_a_request_says_so_or_nothing(keep: Any) -> None:
    """This model keeps it by itself."""
    edit = {"type": THINK, **({"keep": keep} if keep else {})}
    assert edited(thought(3), edit, **ON)["context_management"] == {"applied_edits": []}


def test_edits_are_made_one_after_the_other() -> None:
    """What they freed adds up."""
    messages = [*thought(3)[:-1], *uses(5)]
    whole = posted(asked(messages, **ON)).body["usage"]["input_tokens"]
    edits = [
        {"type": THINK, "keep": {"type": "thinking_turns", "value": 1}},
        {"type": CLEAR, **NOW},
    ]
    body = edited(messages, *edits, **ON)
    told = body["context_management"]["applied_edits"]
    assert [each["type"] for each in told] == [THINK, CLEAR]
    freed = sum(each["cleared_input_tokens"] for each in told)
    assert body["usage"]["input_tokens"] == whole - freed


def test_a_stream_tells_the_edits_at_its_end() -> None:
    """Beside the last usage, and not before."""
    request = asked(uses(5), context_management={"edits": [{"type": CLEAR, **NOW}]}, stream=True)
    events = [event.data for event in posted(request, EDITING).events or ()]
    assert "context_management" not in events[0]["message"]
    (closing,) = [event for event in events if event["type"] == "message_delta"]
    assert list(closing) == ["type", "delta", "usage", "context_management"]
    assert closing["context_management"]["applied_edits"][0]["cleared_tool_uses"] == 2


def test_under_the_header_a_reply_always_tells_the_edits() -> None:
    """Recorded: none, where none were asked for."""
    assert posted(asked(), EDITING).body["context_management"] == {"applied_edits": []}
    assert "context_management" not in posted(asked()).body


FIRST = (
    "context_management: `clear_thinking_20251015` must be the first strategy in "
    "`context_management.edits` when provided"
)
UNEXPECTED = (
    "context_management.edits.0: Input tag '{}' found using 'type' does not match any of the "
    f"expected tags: '{THINK}', '{CLEAR}'"
)
KEEP = f"context_management.edits.0.{THINK}.keep.thinking_turns.value"
NEEDS = "`clear_thinking_20251015` strategy requires `thinking` to be enabled or adaptive"


@pytest.mark.parametrize(
    ("edits", "more", "words"),
    [
        ([{"type": CLEAR}, {"type": THINK}], ON, FIRST),
        ([{"type": THINK}], {}, NEEDS),
        (
            [{"type": "nonsense"}],
            {},
            UNEXPECTED.format("nonsense"),
        ),
        (
            [{"type": "compact_20260112"}],
            {},
            UNEXPECTED.format("compact_20260112"),
        ),
        (
            [{"type": THINK, "keep": {"type": "thinking_turns", "value": 0}}],
            ON,
            f"{KEEP}: Input should be greater than or equal to 1",
        ),
        (
            [{"type": CLEAR, "kept": 3}],
            {},
            f"context_management.edits.0.{CLEAR}.kept: Extra inputs are not permitted",
        ),
    ],
    ids=["order", "thinking is off", "no such edit", "another beta's", "none kept", "odd key"],
)
def test_wrong_edits_are_refused(edits: list[Any], more: Request, words: str) -> None:
    """The first two in the server's words."""
    request = asked(context_management={"edits": edits}, **more)
    assert fault(posted(request, EDITING))[0] == words


def test_a_threshold_has_a_least_value() -> None:
    """Recorded word for word."""
    edit = {"type": "compact_20260112", "trigger": {"type": "input_tokens", "value": 1_000}}
    request = asked(context_management={"edits": [edit]})
    assert fault(posted(request, find_beta("threshold_compaction")))[0] == (
        "context_management.edits.0.compact_20260112: trigger.value must be at least 50000"
    )


def test_edits_need_a_header() -> None:
    """Without it the parameter is unknown."""
    message, _ = fault(posted(asked(context_management={"edits": []})))
    assert message == "context_management: Extra inputs are not permitted"


# Messages for one turn


def scoped(*, later: bool, **keys: Any) -> list[Any]:
    """Return a conversation with an instruction for one turn, or with what follows it too."""
    instruction = {"role": "system", "content": "Answer in French. " * 9, **keys}
    first = [said("user", "Hello."), instruction]
    return [*first, said("assistant", "Salut."), said("user", "Bye.")] if later else first


def test_an_instruction_for_one_turn_costs_nothing_once_it_is_cleared() -> None:
    """Before that it is read like any other; a result of a tool alone clears it too."""
    once = {"clear_at": "next_user_message"}

    def cost(messages: list[Any]) -> int:
        return input_tokens(read_context(asked(messages), CARD).request, CARD)

    assert cost(scoped(later=False, **once)) == cost(scoped(later=False))
    without = [message for message in scoped(later=True) if message["role"] != "system"]
    assert cost(scoped(later=True, **once)) == cost(without) < cost(scoped(later=True))
    assert cost(scoped(later=True, clear_at="never")) == cost(scoped(later=True))
    body = posted(asked(scoped(later=True, **once)), CLEAR_AT).body
    assert body["usage"]["input_tokens"] == cost(without)


SCOPED = "(clear_at: 'next_user_message')"
ONCE = {"clear_at": "next_user_message"}
NOT_SCOPED = f"not permitted on a turn-scoped system message {SCOPED}"
SYSTEM = {"role": "system", "content": "Be brief."}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            {"role": "user", "content": "Hi", **ONCE},
            "messages.1.clear_at: clear_at is only permitted on role 'system' messages",
        ),
        (
            {**SYSTEM, "clear_at": "now"},
            "messages.1.clear_at: Input should be 'next_user_message' or 'never'",
        ),
        (
            {
                "role": "system",
                "content": [
                    {"type": "tool_removal", "tool": {"type": "tool_reference", "name": "f"}}
                ],
                **ONCE,
            },
            f"messages.1: a turn-scoped system message supports text blocks only {SCOPED}",
        ),
        (
            {**SYSTEM, **ONCE, "output_config": {"effort": "low"}},
            f"messages.1: output_config is {NOT_SCOPED}",
        ),
        (
            {
                **ONCE,
                "role": "system",
                "content": [{"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}],
            },
            f"messages.1.content.0: cache_control is {NOT_SCOPED}",
        ),
    ],
)
def test_an_instruction_for_one_turn_has_little_beside_its_text(
    message: Request, words: str
) -> None:
    """In the server's words."""
    betas = [CLEAR_AT, find_beta("tool_changes"), find_beta("message_effort")]
    assert fault(posted(asked([said("user", "Hi"), message]), *betas))[0] == words


def test_an_end_needs_its_header() -> None:
    """Without it the key is unknown."""
    message, _ = fault(posted(asked([said("user", "Hi"), {**SYSTEM, **ONCE}])))
    assert message == "messages.1.clear_at: Extra inputs are not permitted"


def test_a_cleared_instruction_must_stay_where_it_is() -> None:
    """Left out, or given another end, it is an edit, and the thinking behind it fails."""
    messages = scoped(later=False, **ONCE)
    reply = posted(asked(messages), CLEAR_AT)
    behind = [{"role": "assistant", "content": reply.body["content"]}, said("user", "Why?")]
    assert posted(asked([*messages, *behind]), CLEAR_AT).status == 200
    for edit in ([messages[0]], [messages[0], {**messages[1], "clear_at": "never"}]):
        message, _ = fault(posted(asked([*edit, *behind]), CLEAR_AT))
        assert "bound to a different conversation" in message


def test_automatic_caching_does_not_mark_an_instruction_for_one_turn() -> None:
    """The breakpoint is before it, so what was written is found once it is cleared."""
    simulator = Simulator(replies=lambda *_: text("Fine."), seed=1, clock=lambda: 0.0)
    long = said("user", "word " * 900)
    caching = {"cache_control": {"type": "ephemeral"}}
    first = asked([long, {**SYSTEM, **ONCE}], **caching)
    written = posted(first, CLEAR_AT, to=simulator).body["usage"]["cache_creation_input_tokens"]
    later = [long, {**SYSTEM, **ONCE}, said("assistant", "Fine."), said("user", "Go on.")]
    usage = posted(asked(later, **caching), CLEAR_AT, to=simulator).body["usage"]
    assert usage["cache_read_input_tokens"] == written > 900
