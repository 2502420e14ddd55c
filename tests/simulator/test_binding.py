"""Preserved thinking: what is an edit and what is not, for whom, and what comes of it."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import anthropic
import pytest

from grader.catalog import find_model, load_catalog
from grader.simulator import Reply, Script, Simulator, Turn, text, thinking, tool_use, turn
from grader.simulator import refusal as refused
from grader.simulator.binding import BINDING_BETA, Account, bind_thoughts
from grader.simulator.faults import Refused
from grader.simulator.wire import to_json

Request = dict[str, Any]
Edit = Callable[[Request], None]

H = {"anthropic-beta": BINDING_BETA}
OLDER = date(2026, 8, 30)
CLOCK = partial(float, 1)
"""A time at which every model of the catalog is served."""
PICTURE = {"type": "image", "source": {"type": "url", "url": "https://one.example/a.png"}}
TOOL = {
    "name": "look_up",
    "description": "Look something up.",
    "input_schema": {"type": "object", "properties": {"what": {"type": "string"}}},
}
SECOND = {**TOOL, "name": "put_down"}
LATER = {**TOOL, "name": "seldom", "defer_loading": True}


def conversation(model: str = "claude-opus-5-5", **account: Any) -> Request:
    """Return a request with a tool loop behind it, in which each turn was answered with thinking.

    account: options of the simulator that made the thoughts.
    """
    request: Request = {
        "model": model,
        "max_tokens": 2_000,
        "system": "Be brief.",
        "tools": [TOOL, SECOND],
        "messages": [{"role": "user", "content": [PICTURE, *said("What is this, in 2 words?")]}],
    }
    replies = (
        turn(
            thinking("It is a cat."), text("I look."), tool_use("look_up", {"what": "cat", "n": 1})
        ),
        turn(thinking(""), text("A cat.")),
        turn(thinking("They mean it."), text("Sure.")),
    )
    simulator = Simulator(replies=Script(*replies), seed=4, clock=CLOCK, **account)
    for number in range(3):
        reply = posted(request, to=simulator)
        assert reply.status == 200, reply.body
        request["messages"].append({"role": "assistant", "content": reply.body["content"]})
        result = {"type": "tool_result", "content": "a cat"}
        if number == 0:
            result["tool_use_id"] = reply.body["content"][2]["id"]
        request["messages"].append(
            {"role": "user", "content": [result] if number == 0 else said("Are you sure?")}
        )
    return request


def said(words: str) -> list[Any]:
    """Return the content of one text."""
    return [{"type": "text", "text": words}]


def posted(
    request: Request,
    *,
    to: Simulator | None = None,
    path: str = "/v1/messages",
    headers: Mapping[str, str] = {},
) -> Reply:
    """Send a request to a simulator, which has one answer to all."""
    simulator = to or Simulator(replies=lambda *_: text("Fine."), seed=9, clock=CLOCK)
    sent = {"x-api-key": "simulated", "anthropic-version": "2023-06-01", **headers}
    reply = simulator.handle("POST", path, sent, to_json(request).encode())
    reply.content()
    return reply


def account(created: date | None = None) -> Simulator:
    """Return a simulator for an account of that day."""
    return Simulator(replies=lambda *_: text("Fine."), seed=9, clock=CLOCK, account_created=created)


def fault(reply: Reply) -> str:
    """Return the message of a refusal, an empty string for an answer."""
    return "" if reply.status == 200 else str(reply.body["error"]["message"])


def thoughts(request: Request) -> list[Any]:
    """Return the thoughts of a conversation, in order."""
    contents = [m["content"] for m in request["messages"] if m["role"] == "assistant"]
    return [block for content in contents for block in content if block["type"] == "thinking"]


def without(request: Request, *places: int) -> None:
    """Leave out the thoughts of some assistant turns, counted from 0."""
    for place in places:
        del request["messages"][2 * place + 1]["content"][0]


def set_binding(request: Request, behavior: str | None) -> None:
    """Ask for what becomes of failing blocks."""
    binding = {"prefix_mismatch_behavior": behavior}
    request["thinking"] = {"type": "adaptive", "block_binding": binding}


def append_turns_of_another_model(request: Request) -> None:
    """Go on with a model of another family, and come back."""
    other = Simulator(replies=Script(turn(thinking("Mine."), text("Hm."))), seed=3)
    reply = posted({**request, "model": "claude-fable-5-1"}, to=other)
    request["messages"] += [
        {"role": "assistant", "content": reply.body["content"]},
        {"role": "user", "content": "And now?"},
    ]


def edit_system(request: Request) -> None:
    """Change one character."""
    request["system"] = "Be brief!"


def reorder(message: Request) -> None:
    """Send the keys of every object in another order, and a whole number as JavaScript does not."""
    for block in message["content"]:
        if block["type"] == "tool_use":
            block["input"] = {"n": 1.0, **{k: v for k, v in block["input"].items() if k != "n"}}
    message["content"] = [dict(reversed(block.items())) for block in message["content"]]


NO_EDITS: dict[str, Edit] = {
    "nothing": lambda r: None,
    "a message at the end": lambda r: r["messages"].append(
        {"role": "system", "content": "Answer in French."}
    ),
    "parameters": lambda r: r.update(
        max_tokens=999,
        output_config={"effort": "low"},
        tool_choice={"type": "none"},
        metadata={"user_id": "u"},
        thinking={"type": "adaptive", "display": "summarized"},
        stop_sequences=["x"],
    ),
    "a breakpoint on a message": lambda r: r["messages"][0]["content"][1].update(
        cache_control={"type": "ephemeral"}
    ),
    "a breakpoint on a tool": lambda r: r["tools"].__setitem__(
        1, {**SECOND, "cache_control": {"type": "ephemeral"}}
    ),
    "automatic caching": lambda r: r.update(cache_control={"type": "ephemeral"}),
    "a breakpoint on the system prompt": lambda r: r.update(
        system=[{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
    ),
    "layout": lambda r: reorder(r["messages"][1]),
    "what an SDK adds": lambda r: r["messages"][1]["content"][1].update(citations=None),
    "no caller": lambda r: r["messages"][1]["content"][2].pop("caller"),
    "a text as a string": lambda r: r["messages"][4].update(content="Are you sure?"),
    "a result as blocks": lambda r: r["messages"][2]["content"][0].update(content=said("a cat")),
    "the address of a picture": lambda r: r["messages"][0]["content"].__setitem__(
        0, {**PICTURE, "source": {"type": "url", "url": "https://two.example/b.png"}}
    ),
    "messages of one role split": lambda r: r["messages"].__setitem__(
        slice(0, 1),
        [{"role": "user", "content": [block]} for block in r["messages"][0]["content"]],
    ),
    "a deferred tool": lambda r: r["tools"].append(LATER),
    "no thought at the start": lambda r: without(r, 0),
    "no thoughts at the start": lambda r: without(r, 0, 1),
    "no thought at the end": lambda r: without(r, 2),
    "no thoughts": lambda r: without(r, 0, 1, 2),
    "words in an empty thought": lambda r: thoughts(r)[1].update(thinking="Words of mine."),
    "another model in between": append_turns_of_another_model,
}

TURN = "messages.{}.content.0"
SYSTEM = "The `system` prompt differs from the one this block was created with."
TOOLS = "The `tools` list differs from the one this block was created with."


def differs(place: str) -> str:
    """Return the sentence that names the first change."""
    return f"Content before this block differs from when it was created, first at `{place}`."


EDITS: dict[str, tuple[Edit, int, str]] = {
    "system": (edit_system, 1, SYSTEM),
    "no system": (lambda r: r.pop("system"), 1, SYSTEM),
    "a tool's description": (
        lambda r: r["tools"].__setitem__(0, {**TOOL, "description": "Look it up."}),
        1,
        TOOLS,
    ),
    "a tool less": (lambda r: r["tools"].pop(), 1, TOOLS),
    "a tool more": (lambda r: r["tools"].append({**TOOL, "name": "third"}), 1, TOOLS),
    "tools in another order": (lambda r: r["tools"].reverse(), 1, TOOLS),
    "the first message": (
        lambda r: r["messages"][0]["content"][1].update(text="What is that?"),
        1,
        differs("messages.0.content.1"),
    ),
    "a text more": (
        lambda r: r["messages"][0]["content"].append(*said("<reminder>")),
        1,
        differs("messages.0.content.2"),
    ),
    "a text less": (
        lambda r: r["messages"][0]["content"].pop(0),
        1,
        differs("messages.0.content.0"),
    ),
    "the last block before": (
        lambda r: r["messages"][0]["content"].pop(1),
        1,
        "Content before this block differs from when it was created.",
    ),
    "an argument": (
        lambda r: r["messages"][1]["content"][2]["input"].update(n=2),
        3,
        differs("messages.1.content.2"),
    ),
    "an answer": (
        lambda r: r["messages"][1]["content"][1].update(text="I am looking."),
        3,
        differs("messages.1.content.1"),
    ),
    "a result": (
        lambda r: r["messages"][2]["content"][0].update(content="[cleared]"),
        3,
        differs("messages.2.content.0"),
    ),
    "the first exchange": (
        lambda r: r["messages"].__delitem__(slice(0, 4)),
        1,
        differs("messages.0.content.0"),
    ),
    "a thought in between": (lambda r: without(r, 1), 5, ""),
    "two thoughts changed places": (
        lambda r: (
            r["messages"][1]["content"].__setitem__(0, thoughts(conversation())[1]),
            r["messages"][3]["content"].__setitem__(0, thoughts(conversation())[0]),
        ),
        1,
        "Content before this block differs from when it was created.",
    ),
}


def refusal(message: int, sentence: str, *, has_header: bool = False) -> str:
    """Return the whole 400 about the thought that begins a message."""
    said = [
        f"{TURN.format(message)}: Invalid `signature` in `thinking` block.",
        "The block is bound to a different conversation. Remove the block, or set",
        '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block".',
    ]
    if not has_header:
        said.append(
            "That setting requires the `thinking-binding-controls-2026-08-01` value in the "
            "`anthropic-beta` header."
        )
    return " ".join([*said, *([sentence] if sentence else [])])


CHECKING = (
    "claude-fable-5-2",
    "claude-fable-5-1",
    "claude-opus-5-5",
    "claude-sonnet-5-5",
    "claude-haiku-5-5",
)


@pytest.mark.parametrize("edit", NO_EDITS.values(), ids=NO_EDITS)
def test_what_is_no_edit_is_answered(edit: Edit) -> None:
    """And nothing is reported of it."""
    request = conversation()
    edit(request)
    reply = posted(request, headers=H)
    assert fault(reply) == ""
    told = reply.body["input_transformations"]
    assert [each for each in told if each["reason"] == "prefix_binding_mismatch"] == []
    assert "input_transformations" not in posted(request).body


@pytest.mark.parametrize(("edit", "message", "sentence"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("path", ["/v1/messages", "/v1/messages/count_tokens"])
def test_an_edit_is_refused_and_named(edit: Edit, message: int, sentence: str, path: str) -> None:
    """With the way out, and with the header that it needs; counting is no different."""
    request = conversation()
    edit(request)
    if path.endswith("tokens"):
        del request["max_tokens"]
    assert fault(posted(request, path=path)) == refusal(message, sentence)
    told = fault(posted(request, path=path, headers=H))
    assert told == refusal(message, sentence, has_header=True)


@pytest.mark.parametrize("card", load_catalog().models, ids=lambda card: card.id)
@pytest.mark.parametrize("created", [None, date(2026, 8, 31), OLDER], ids=str)
def test_who_is_held_to_it(card: Any, created: date | None) -> None:
    """Newer models, for accounts of the last day of August and later; Fable 5.2 for everybody."""
    request = conversation(card.id)
    edit_system(request)
    is_refused = card.id in CHECKING and (created != OLDER or card.id == "claude-fable-5-2")
    assert (fault(posted(request, to=account(created))) != "") == is_refused


@pytest.mark.parametrize(
    ("moment", "is_new"),
    [
        (datetime(2026, 8, 31, tzinfo=UTC), True),
        (datetime(2026, 8, 30, 23, 59, tzinfo=UTC), False),
        (datetime.fromisoformat("2026-08-31T01:00:00+02:00"), False),
        (datetime.fromisoformat("2026-08-30T20:00:00-05:00"), True),
    ],
)
def test_a_moment_counts_by_its_day_in_utc(moment: datetime, is_new: bool) -> None:
    """A date is one already."""
    assert Account(moment).is_new == is_new


DROPPED = {"type": "thinking_dropped", "reason": "prefix_binding_mismatch"}
ALLOWED = {"type": "thinking_mismatch_allowed", "reason": "prefix_binding_mismatch"}


@pytest.mark.parametrize(
    ("created", "behavior", "told"),
    [
        (OLDER, None, ALLOWED),
        (OLDER, "drop_block", DROPPED),
        (OLDER, "error", None),
        (None, None, None),
        (None, "drop_block", DROPPED),
        (None, "error", None),
    ],
)
def test_what_becomes_of_a_failing_block(
    created: date | None, behavior: str | None, told: Any
) -> None:
    """An older account opts in by either value; None stands for a 400."""
    request = conversation()
    edit_system(request)
    if behavior is not None:
        set_binding(request, behavior)
    reply = posted(request, to=account(created), headers=H)
    if told is None:
        assert fault(reply) == refusal(1, SYSTEM, has_header=True)
    else:
        paths = [TURN.format(message) for message in (1, 3, 5)]
        assert reply.body["input_transformations"] == [{**told, "path": path} for path in paths]


def test_a_subscription_drops_unless_it_asks_otherwise() -> None:
    """Measured with a token of one (magic-context's report of September)."""
    request = conversation()
    edit_system(request)
    token = {**H, "x-api-key": "", "authorization": "Bearer sk-ant-oat01-x"}
    reply = posted(request, to=account(OLDER), headers=token)
    assert [each["type"] for each in reply.body["input_transformations"]] == 3 * [DROPPED["type"]]
    set_binding(request, "error")
    assert posted(request, to=account(OLDER), headers=token).status == 400


def test_a_dropped_block_costs_nothing() -> None:
    """Not in a reply and not where tokens are counted, which are the same."""
    request = conversation()
    bare = deepcopy(request)
    without(bare, 0, 1, 2)
    edit_system(request)
    edit_system(bare)
    kept = posted(request, to=account(OLDER)).body["usage"]["input_tokens"]
    set_binding(request, "drop_block")
    bare["thinking"] = {"type": "adaptive"}
    spent = posted(request, headers=H).body["usage"]["input_tokens"]
    assert spent == posted(bare).body["usage"]["input_tokens"] < kept
    del request["max_tokens"]
    counted = posted(request, path="/v1/messages/count_tokens", headers=H)
    assert counted.body == {"input_tokens": spent}


def test_the_cache_begins_anew_at_a_dropped_block() -> None:
    """What stands before it is read, what follows is written."""
    simulator = account()
    request = conversation()
    mark = {"type": "ephemeral"}
    request["messages"][0]["content"][1]["text"] = "word " * 2_000
    request["thinking"] = {
        "type": "adaptive",
        "block_binding": {"prefix_mismatch_behavior": "drop_block"},
    }
    request["cache_control"] = mark
    first = posted(request, to=simulator, headers=H).body["usage"]
    again = posted(request, to=simulator, headers=H).body["usage"]
    assert first["cache_creation_input_tokens"] > 2_000
    assert again["cache_read_input_tokens"] == first["cache_creation_input_tokens"]


def test_what_was_thought_after_a_drop_stays() -> None:
    """The first edit costs what was thought before it, and nothing that comes later."""
    request = conversation()
    edit_system(request)
    set_binding(request, "drop_block")
    for thought, number in (("New.", 3), ("Newer.", 3)):
        one = Simulator(replies=Script(turn(thinking(thought), text("Yes."))), seed=number)
        reply = posted(request, to=one, headers=H).body
        assert len(reply["input_transformations"]) == 3
        request["messages"] += [
            {"role": "assistant", "content": reply["content"]},
            {"role": "user", "content": "Go on."},
        ]
    without(request, 0, 1, 2)
    assert posted(request, headers=H).body["input_transformations"] == []


def test_a_thought_put_back_fails_those_made_without_it() -> None:
    """Each thought knows the one before it."""
    request = conversation()
    whole = deepcopy(request)
    without(request, 2)
    one = Simulator(replies=Script(turn(thinking("New."), text("Yes."))), seed=6)
    reply = posted(request, to=one).body
    more = [{"role": "assistant", "content": reply["content"]}, {"role": "user", "content": "Go."}]
    request["messages"] += more
    assert posted(request).status == 200
    whole["messages"] += more
    assert fault(posted(whole)) == refusal(7, "")


def test_an_older_thought_gone_and_a_newer_one_kept_is_told_by_its_place() -> None:
    """The place is that in the messages as they were sent."""
    request = conversation()
    without(request, 0, 1)
    request["messages"][0]["content"][1]["text"] = "What is that?"
    set_binding(request, "drop_block")
    request["messages"].insert(0, {"role": "user", "content": "Hello."})
    reply = posted(request, headers=H)
    assert reply.body["input_transformations"] == [{**DROPPED, "path": "messages.6.content.0"}]


def test_only_the_thoughts_after_an_edit_fail() -> None:
    """Those before it go on."""
    request = conversation()
    request["messages"][4]["content"] = "Really?"
    set_binding(request, "drop_block")
    reply = posted(request, headers=H)
    assert reply.body["input_transformations"] == [{**DROPPED, "path": "messages.5.content.0"}]


def test_thoughts_in_a_row_go_together() -> None:
    """Two in one reply, with a text between them and without."""
    hello = {"role": "user", "content": "Hello"}
    request = {"model": "claude-opus-5-5", "max_tokens": 900, "messages": [hello]}
    parts = thinking("One."), thinking("Two."), text("Hi."), thinking("Three."), text("Ho.")
    content = posted(request, to=Simulator(replies=Script(turn(*parts)), seed=1)).body["content"]
    request["messages"] = [hello, {"role": "assistant", "content": content}, hello]
    set_binding(request, "drop_block")
    assert posted(request, headers=H).body["input_transformations"] == []
    content[2]["text"] = "Hi!"
    told = posted(request, headers=H).body["input_transformations"]
    assert told == [{**DROPPED, "path": "messages.1.content.3"}]
    content[2]["text"] = "Hi."
    request["system"] = "Be brief."
    told = posted(request, headers=H).body["input_transformations"]
    assert [each["path"][-1] for each in told] == ["0", "1", "3"]


@pytest.mark.parametrize("is_named", [False, True])
def test_a_deferred_tool_counts_once_something_names_it(is_named: bool) -> None:
    """Before that it can come and go; a tool that is named must be there."""
    request = conversation()
    request["tools"].append(LATER)
    if is_named:
        found = [{"type": "tool_reference", "tool_name": "seldom"}]
        request["messages"][2]["content"][0]["content"] = found
    request["messages"] = request["messages"][:3]
    reply = turn(thinking("There it is."), text("Found."))
    content = posted(request, to=Simulator(replies=Script(reply), seed=2)).body["content"]
    request["messages"] += [
        {"role": "assistant", "content": content},
        {"role": "user", "content": "Thanks."},
    ]
    assert posted(request).status == 200
    request["tools"][-1] = {**LATER, "description": "Another one."}
    assert fault(posted(request)) == (refusal(3, TOOLS) if is_named else "")
    request["tools"].pop()
    gone = "Tool reference 'seldom' not found in available tools"
    assert fault(posted(request)) == (gone if is_named else "")


@pytest.mark.parametrize("behavior", [None, "error", "drop_block"])
def test_a_model_without_the_check_takes_the_setting(behavior: str | None) -> None:
    """And reports nothing of edits."""
    request = conversation("claude-sonnet-5")
    request["messages"][0]["content"][1]["text"] = "What is that?"
    if behavior is not None:
        set_binding(request, behavior)
    assert posted(request, headers=H).body["input_transformations"] == []


def test_a_tool_loop_may_leave_out_its_thinking() -> None:
    """It costs less, and nothing is reported (measured on three models)."""
    for model in ("claude-opus-5-5", "claude-sonnet-5", "claude-fable-5-1"):
        request = conversation(model)
        request["messages"] = request["messages"][:3]
        whole = posted(request, headers=H).body
        without(request, 0)
        bare = posted(request, headers=H).body
        assert bare["input_transformations"] == whole["input_transformations"] == []
        assert bare["usage"]["input_tokens"] < whole["usage"]["input_tokens"]


def test_context_editing_is_no_edit() -> None:
    """It happens on the API's side."""
    request = conversation()
    edit = {"type": "clear_thinking_20251015", "keep": {"type": "thinking_turns", "value": 1}}
    request["context_management"] = {"edits": [edit]}
    request["thinking"] = {"type": "adaptive"}
    betas = {"anthropic-beta": f"context-management-2025-06-27, {BINDING_BETA}"}
    assert posted(request, headers=betas).body["input_transformations"] == []


def test_readers_are_models_of_the_catalog() -> None:
    """A name that was misspelt would have its thinking dropped."""
    models = load_catalog().models
    named = {name for card in models for name in card.rules.thinking_readers or ()}
    assert named <= {card.id for card in models}


READERS = {
    "claude-opus-5-5": {"claude-fable-5-1", "claude-fable-5-2"},
    "claude-sonnet-5-5": {"claude-opus-5-5"},
    "claude-haiku-5-5": {"claude-opus-5-5", "claude-sonnet-5-5"},
    "claude-fable-5-1": {"claude-fable-5-2"},
    "claude-fable-5-2": set(),
}


@pytest.mark.parametrize("maker", READERS)
@pytest.mark.parametrize("reader", [card.id for card in load_catalog().models])
def test_what_a_model_cannot_read_is_dropped_silently(maker: str, reader: str) -> None:
    """Never with an error, though it asks for one, and told under the header alone."""
    request = {**conversation(maker), "model": reader}
    if find_model(reader).rules.thinking_default == "off":
        request["thinking"] = {"type": "enabled", "budget_tokens": 1_024}
        if "enabled" in find_model(reader).rules.thinking_rejects:
            request["thinking"] = {"type": "adaptive"}
    told = posted(request, headers=H).body["input_transformations"]
    if reader in READERS[maker] | {maker}:
        assert told == []
    else:
        reason = {"type": "thinking_dropped", "reason": "model_binding_mismatch"}
        assert told == [{**reason, "path": TURN.format(message)} for message in (1, 3, 5)]
    assert posted(request).status == 200


def test_a_dropped_block_is_read_again_by_its_own_model() -> None:
    """Whoever answered meanwhile."""
    request = conversation("claude-fable-5-1")
    append_turns_of_another_model(request)
    request["model"] = "claude-opus-5-5"
    assert len(posted(request, headers=H).body["input_transformations"]) == 4
    request["model"] = "claude-fable-5-1"
    assert posted(request, headers=H).body["input_transformations"] == []


def test_thinking_is_stripped_where_it_is_turned_off() -> None:
    """An edit is then no error, and nothing is told."""
    request = conversation("claude-haiku-5-5")
    bare = deepcopy(request)
    without(bare, 0, 1, 2)
    for each in (request, bare):
        edit_system(each)
        each["thinking"] = {"type": "disabled"}
    reply = posted(request, headers=H).body
    assert reply["input_transformations"] == []
    assert reply["usage"]["input_tokens"] == posted(bare).body["usage"]["input_tokens"]


@pytest.mark.parametrize("behavior", ["error", "drop_block"])
def test_a_forged_signature_is_refused_whatever_was_asked(behavior: str) -> None:
    """On every account, and no setting helps."""
    request = conversation()
    set_binding(request, behavior)
    block = thoughts(request)[0]
    block["signature"] = block["signature"][:-2] + "ab"
    for created in (None, OLDER):
        told = fault(posted(request, to=account(created), headers=H))
        assert told == f"{TURN.format(1)}: Invalid `signature` in `thinking` block"


WHOLE = "CAQSDAoEc2lnbhIEdGhpcw=="
"""What has the outline of the API's own signatures."""


@pytest.mark.parametrize(
    ("model", "created", "signature", "is_taken"),
    [
        ("claude-opus-5-5", None, WHOLE, True),
        ("claude-opus-5-5", None, WHOLE[:-4], False),
        ("claude-opus-5-5", None, "ErNever00", False),
        ("claude-opus-5-5", OLDER, "ErNever00", True),
        ("claude-sonnet-5", None, "ErNever00", True),
    ],
)
def test_anothers_signature_is_taken_by_its_outline(
    model: str, created: date | None, signature: str, is_taken: bool
) -> None:
    """Only Anthropic can check it; who isn't held to the check, isn't to this either."""
    request = conversation(model)
    thoughts(request)[2]["signature"] = signature
    told = fault(posted(request, to=account(created), headers=H))
    refused = f"{TURN.format(5)}: Invalid `signature` in `thinking` block"
    assert told == ("" if is_taken else refused)


BEHAVIOR = "block_binding.prefix_mismatch_behavior"
SETTINGS: dict[str, tuple[Any, Mapping[str, str], str]] = {
    "no header": (
        {"type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "error"}},
        {},
        "thinking.adaptive.block_binding: Extra inputs are not permitted",
    ),
    "another type": (
        {"type": "disabled", "block_binding": {"prefix_mismatch_behavior": "error"}},
        H,
        "thinking.disabled.block_binding: Extra inputs are not permitted",
    ),
    "another value": (
        {"type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "warn"}},
        H,
        f"thinking.adaptive.{BEHAVIOR}: Input should be 'error' or 'drop_block'",
    ),
    "another key": (
        {"type": "adaptive", "block_binding": {"behavior": "error"}},
        H,
        "thinking.adaptive.block_binding.behavior: Extra inputs are not permitted",
    ),
    "nothing": ({"type": "adaptive", "block_binding": {}}, H, ""),
    "null": ({"type": "adaptive", "block_binding": None}, H, ""),
}


@pytest.mark.parametrize(("given", "headers", "told"), SETTINGS.values(), ids=SETTINGS)
def test_the_setting_is_checked(given: Any, headers: Mapping[str, str], told: str) -> None:
    """It is a beta's, and belongs to thinking."""
    hello = {"role": "user", "content": "Hello"}
    request = {
        "model": "claude-haiku-5-5",
        "max_tokens": 900,
        "messages": [hello],
        "thinking": given,
    }
    assert fault(posted(request, headers=headers)) == told


@pytest.mark.parametrize(
    ("behavior", "is_refused"), [(None, False), ("drop_block", False), ("error", True)]
)
def test_a_batch_drops_unless_it_asks_for_an_error(behavior: str | None, is_refused: bool) -> None:
    """No item of it fails by default."""
    request = conversation()
    edit_system(request)
    if behavior is not None:
        set_binding(request, behavior)
    card, catalog = find_model("claude-opus-5-5"), load_catalog()
    if is_refused:
        with pytest.raises(Refused):
            bind_thoughts(request, card, catalog, account=Account(), in_batch=True)
    else:
        bound = bind_thoughts(request, card, catalog, account=Account(), in_batch=True)
        assert len(bound.transformations) == 3
        assert thoughts(bound.request) == []
        assert len(thoughts(request)) == 3


def test_redacted_thinking_is_bound_alike() -> None:
    """By its data."""
    hello = {"role": "user", "content": "Hello"}
    request = {"model": "claude-opus-5-5", "max_tokens": 900, "messages": [hello]}
    hidden = Turn(({"type": "redacted_thinking", "data": ""}, *text("Hi.").content))
    content = posted(request, to=Simulator(replies=Script(hidden), seed=1)).body["content"]
    request["messages"] = [hello, {"role": "assistant", "content": content}, hello]
    assert posted(request).status == 200
    request["system"] = "Be brief."
    words = (
        refusal(1, SYSTEM)
        .replace("signature", "data")
        .replace("thinking`", "redacted_thinking`", 1)
    )
    assert fault(posted(request)) == words


def test_a_long_conversation_is_checked_to_its_end() -> None:
    """Past the blocks that a signature can name, the place alone is left out."""
    request = conversation()
    request["messages"] = [
        {"role": role, "content": f"{role} {number}"}
        for number in range(60)
        for role in ("user", "assistant")
    ] + [{"role": "user", "content": "Last."}]
    one = Simulator(replies=Script(turn(thinking("Long."), text("Yes."))), seed=6)
    content = posted(request, to=one).body["content"]
    request["messages"] += [
        {"role": "assistant", "content": content},
        {"role": "user", "content": "Go on."},
    ]
    assert posted(request).status == 200
    for place, sentence in (
        (100, "Content before this block differs from when it was created."),
        (10, differs("messages.10.content.0")),
    ):
        edited = deepcopy(request)
        edited["messages"][place]["content"] = "Other words."
        assert fault(posted(edited)) == refusal(121, sentence)


def test_a_stream_tells_in_its_first_event(client_of: Callable[..., anthropic.Anthropic]) -> None:
    """As the SDK's beta client reads it."""
    request = conversation()
    edit_system(request)
    set_binding(request, "drop_block")
    client = client_of(account())
    with client.beta.messages.stream(**request, betas=[BINDING_BETA]) as stream:
        first = next(iter(stream))
    assert first.type == "message_start"
    told = first.message.input_transformations
    assert [(each.type, each.path) for each in told or ()] == [
        ("thinking_dropped", TURN.format(message)) for message in (1, 3, 5)
    ]


def test_a_refusal_before_any_output_caches_nothing() -> None:
    """Though its usage says that it wrote (measured twice)."""
    simulator = Simulator(replies=Script(refused("cyber"), text("Hi."), text("Hi.")), seed=1)
    request = {
        "model": "claude-opus-5-5",
        "max_tokens": 900,
        "cache_control": {"type": "ephemeral"},
        "messages": [{"role": "user", "content": "word " * 2_000}],
    }
    usages = [posted(request, to=simulator).body["usage"] for _ in range(3)]
    assert [usage["cache_creation_input_tokens"] > 0 for usage in usages] == [True, True, False]
    assert [usage["cache_read_input_tokens"] > 0 for usage in usages] == [False, False, True]
