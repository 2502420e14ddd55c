"""Whole conversations: turns, calls and results, thoughts, and where they may end."""

import pytest

from grader.catalog import find_model
from grader.simulator.faults import Refused
from grader.simulator.identifiers import Identifiers
from grader.simulator.signatures import sign
from grader.simulator.validation.conversation import (
    check_calls,
    check_conversation,
    check_thoughts,
    merge,
)
from tests.simulator.validation.turns import (
    Message,
    assistant,
    call,
    result,
    system,
    thought,
    user,
    words,
)

TAIL = "; the directive-only form (content: [] with output_config) is accepted at any position"
LEADING = f"use the top-level 'system' parameter for the initial system prompt{TAIL}"
BEFORE = f"role 'system' must precede an 'assistant' message or end the array{TAIL}"
AFTER = (
    "role 'system' must follow a 'user' message or an 'assistant' message ending in a server tool "
    f"result{TAIL}"
)
NO_PREFILL = (
    "This model does not support assistant message prefill. "
    "The conversation must end with a user message."
)
NO_CONTENT = (
    "all messages must have non-empty content except for the optional final assistant message"
)


def fault_of(*messages: Message, model: str = "claude-sonnet-4-6") -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_conversation({"messages": list(messages)}, find_model(model))
    except Refused as refused:
        return refused.fault.message
    return ""


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), user("b")],
        [user("a"), assistant("b"), assistant("c"), user("d")],
        [assistant("a"), user("b")],
        [user("a"), user("b"), assistant("c"), user("d"), user("e")],
    ],
    ids=["user user", "assistant assistant", "assistant first", "both"],
)
def test_turns_of_one_role_are_merged_and_any_role_may_begin(messages) -> None:
    """Old guides call these errors; recorded traffic has them answered with 200."""
    assert fault_of(*messages) == ""


EMPTY: list[tuple[list[Message], str]] = [
    ([user("")], f"messages.0: {NO_CONTENT}"),
    ([user()], f"messages.0: {NO_CONTENT}"),
    ([user("a"), assistant(), user("b")], f"messages.1: {NO_CONTENT}"),
    ([user("a"), assistant("b"), user(), user("")], f"messages.2: {NO_CONTENT}"),
    ([user(words(""))], "messages: text content blocks must be non-empty"),
    ([user("a"), assistant(words(""))], "messages: text content blocks must be non-empty"),
    ([user("  \n")], "messages: text content blocks must contain non-whitespace text"),
    (
        [user("a"), assistant(words("b"), words(" ")), user("c")],
        "messages: text content blocks must contain non-whitespace text",
    ),
    ([user("a"), assistant("")], ""),
    ([user("a"), assistant()], ""),
    ([user(), user("a")], ""),
    ([user("a"), user()], ""),
]


@pytest.mark.parametrize(("messages", "message"), EMPTY, ids=range(len(EMPTY)))
def test_only_a_final_assistant_turn_may_be_empty(messages, message: str) -> None:
    """An empty message is merged with its neighbours of the same role first."""
    assert fault_of(*messages) == message


def test_a_prefilled_answer_is_refused_by_models_since_4_6() -> None:
    """The older ones go on from it."""
    prefilled = [user("a"), assistant("The answer is")]
    assert fault_of(*prefilled, model="claude-sonnet-4-6") == NO_PREFILL
    assert fault_of(*prefilled, model="claude-sonnet-5-5") == NO_PREFILL
    assert fault_of(*prefilled, model="claude-haiku-4-5") == ""


def test_a_prefilled_answer_may_not_end_in_white_space() -> None:
    """Whether it is a string or the last of several blocks."""
    message = "messages: final assistant content cannot end with trailing whitespace"
    for last in (assistant("The answer is "), assistant(words("The answer"), words("is\n"))):
        assert fault_of(user("a"), last, model="claude-haiku-4-5") == message


def test_a_conversation_cannot_end_in_a_thought() -> None:
    """Whether or not the model goes on from an answer."""
    for model in ("claude-haiku-4-5", "claude-sonnet-4-6"):
        ended = fault_of(user("a"), assistant(words("b"), thought("c")), model=model)
        assert ended == "messages.1: The final block in an assistant message cannot be `thinking`."


SERVER_CALL = {"type": "server_tool_use", "id": "srvtoolu_01", "name": "web_search", "input": {}}
SERVER_RESULT = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_01", "content": []}

SYSTEM: list[tuple[list[Message], str]] = [
    ([system("s"), user("a")], f"messages.0: {LEADING}"),
    ([system("s"), system("t"), user("a")], f"messages.0: {LEADING}"),
    ([system(" "), user("a")], f"messages.0: {LEADING}"),
    ([system(), user("a")], "messages.0: system content must contain at least one block"),
    ([user("a"), system("")], "messages.1: system content must contain at least one block"),
    ([user("a"), system("s"), user("b")], f"messages.1: {BEFORE}"),
    ([user("a"), system("s"), system("t"), user("b")], f"messages.2: {BEFORE}"),
    ([user("a"), assistant("b"), system("s"), user("c")], f"messages.2: {AFTER}"),
    ([user("a"), assistant("b"), system("s"), assistant("c")], f"messages.2: {AFTER}"),
    ([user("a"), assistant("b"), system("s"), system("t"), user("c")], f"messages.2: {AFTER}"),
    # The index is that of the messages as they were sent, not of the merged turns.
    ([user("a"), user("b"), assistant("c"), system("s"), user("d")], f"messages.3: {AFTER}"),
    ([user("a"), assistant(call("t")), system("s"), user(result("t"))], f"messages.2: {AFTER}"),
    (
        [user("a"), system({"type": "image"})],
        "messages.1: role 'system' supports text, tool_addition, and tool_removal blocks only",
    ),
    ([user("a"), system(words(""))], "messages: text content blocks must be non-empty"),
    (
        [user("a"), system("  ")],
        "messages.1: system text blocks must contain non-whitespace text",
    ),
    ([user("a"), system(" "), user("b")], f"messages.1: {BEFORE}"),
    ([user("a"), system("s")], ""),
    ([user("a"), system("s"), system("t")], ""),
    ([user("a"), system("s"), assistant("b"), user("c"), system("t")], ""),
    ([user("a"), assistant(SERVER_CALL, SERVER_RESULT), system("s")], ""),
]


@pytest.mark.parametrize(("messages", "message"), SYSTEM, ids=range(len(SYSTEM)))
def test_a_system_message_has_its_places(messages: list[Message], message: str) -> None:
    """After a user turn, and before an assistant turn or at the end; several count as one."""
    assert fault_of(*messages, model="claude-opus-5") == message


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", "claude-sonnet-5", "claude-haiku-4-5"])
def test_a_system_message_is_refused_by_models_without_it(model: str) -> None:
    """The first message gets the advice in any case."""
    message = "role 'system' is not supported on this model"
    assert fault_of(user("a"), system("s"), model=model) == message
    assert fault_of(system("s"), user("a"), model=model) == f"messages.0: {LEADING}"


RECORDED = "EocECqcBCBAYAipAi195gQ5q5VL/xWzK+8w="
INVALID = "Invalid `signature` in `thinking` block"
MODIFIED = (
    "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. "
    "These blocks must remain as they were in the original response."
)


def thought_fault(*messages: Message) -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_thoughts(merge(list(messages)))
    except Refused as refused:
        return refused.fault.message
    return ""


def signed(said: str) -> str:
    """Return the signature of a simulator for these words."""
    return sign(said, Identifiers(7))


@pytest.mark.parametrize("signature", ["", "sig-1", "claude#EpAD", "Ep AD", "=="])
def test_what_cannot_be_a_signature_is_refused(signature: str) -> None:
    """It is base64 at the least."""
    turns = user("a"), assistant(words("b"), thought("Hm.", signature)), user("c")
    assert thought_fault(*turns) == f"messages.1.content.1: {INVALID}"


@pytest.mark.parametrize("said", ["Hm.", "Other words.", ""])
def test_a_foreign_signature_is_taken_on_trust(said: str) -> None:
    """Recorded traffic has signatures that only Anthropic can check."""
    assert thought_fault(user("a"), assistant(thought(said, RECORDED), words("b")), user("c")) == ""


@pytest.mark.parametrize("said", ["Hm.", "", "Où? \ud83d"], ids=["plain", "omitted", "half a pair"])
def test_thinking_comes_back_as_it_was_sent(said: str) -> None:
    """Also to another simulator, and also when its words were left out."""
    assert (
        thought_fault(user("a"), assistant(thought(said, signed(said)), words("b")), user("c"))
        == ""
    )


@pytest.mark.parametrize("edited", ["Hm", "Hm..", "", "hm."])
def test_changed_thinking_is_refused(edited: str) -> None:
    """In the latest assistant turn with the documented words, further back as a bad signature."""
    changed = thought(edited, signed("Hm."))
    latest = user("a"), assistant(changed, words("b")), user("c")
    assert thought_fault(*latest) == f"messages.1.content.0: {MODIFIED}"
    assert thought_fault(*latest, assistant("d"), user("e")) == f"messages.1.content.0: {INVALID}"


def test_words_put_into_thinking_that_came_without_are_ignored() -> None:
    """The signature is complete as it is."""
    filled = thought("Words of mine.", signed(""))
    assert thought_fault(user("a"), assistant(filled, words("b")), user("c")) == ""


FORGED = signed("Hm.")


@pytest.mark.parametrize(
    "other",
    [
        FORGED[:20] + ("A" if FORGED[20] != "A" else "B") + FORGED[21:],
        "A" + FORGED[1:],
        FORGED[:-1] + "A",
        FORGED[:-4],
        FORGED[:-5],
        FORGED[4:],
        FORGED[:60],
        FORGED + "AAAA",
    ],
    ids=["inside", "first", "last", "cut", "cut badly", "beheaded", "begun", "longer"],
)
def test_a_changed_or_cut_signature_is_refused(other: str) -> None:
    """On every model."""
    turns = user("a"), assistant(thought("Hm.", other), words("b")), user("c")
    assert thought_fault(*turns) == f"messages.1.content.0: {INVALID}"


def test_redacted_thinking_is_signed_in_its_data() -> None:
    """A changed one is refused; another's is taken on trust."""
    for data, fault in (
        (signed(""), ""),
        (signed("")[:-4], "messages.1.content.0: Invalid `data` in `redacted_thinking` block"),
        ("another's", ""),
    ):
        hidden = {"type": "redacted_thinking", "data": data}
        assert thought_fault(user("a"), assistant(hidden, words("b")), user("c")) == fault


EACH_CALL = (
    "Each `tool_use` block must have a corresponding `tool_result` block in the next message."
)
EACH_RESULT = (
    "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
)


def call_fault(*messages: Message) -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_calls(merge(list(messages)))
    except Refused as refused:
        return refused.fault.message
    return ""


def unanswered(index: int, *calls: str) -> str:
    """Return the words for calls without results."""
    return (
        f"messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately "
        f"after: {', '.join(calls)}. {EACH_CALL}"
    )


def unexpected(place: str, call_id: str) -> str:
    """Return the words for a result without its call."""
    return (
        f"{place}: unexpected `tool_use_id` found in `tool_result` blocks: {call_id}. {EACH_RESULT}"
    )


BAD_CALLS: list[tuple[list[Message], str]] = [
    ([user("a"), assistant(call("t1"))], unanswered(1, "t1")),
    ([user("a"), assistant(call("t1")), user("b")], unanswered(1, "t1")),
    ([user("a"), assistant(call("t1"), call("t2")), user("b")], unanswered(1, "t1", "t2")),
    ([user("a"), assistant(call("t1"), call("t2")), user(result("t1"))], unanswered(1, "t2")),
    (
        [user("a"), assistant(call("t1")), user(words("Here:"), result("t1"))],
        unanswered(1, "t1"),
    ),
    ([user(result("t1"))], unexpected("messages.0.content.0", "t1")),
    (
        [user("a"), assistant("b"), user(result("t1"))],
        unexpected("messages.2.content.0", "t1"),
    ),
    (
        [user("a"), assistant(call("t1")), user(result("t1"), result("t2"))],
        unexpected("messages.2.content.1", "t2"),
    ),
    # Merged first, as recorded: the result is block 1 of message 0.
    ([user("a"), user(result("t1"))], unexpected("messages.0.content.1", "t1")),
    (
        [user("a"), assistant(call("t1")), user(result("t1"), result("t1"))],
        (
            "messages.2.content.1: each tool_use must have a single result. "
            "Found multiple `tool_result` blocks with id: t1"
        ),
    ),
    (
        [
            user("a"),
            assistant(call("t1")),
            user(result("t1")),
            assistant(words("Again."), call("t1")),
            user(result("t1")),
        ],
        "messages.3.content.1: `tool_use` ids must be unique",
    ),
    (
        [user("a"), assistant(result("t1")), user("b")],
        "messages.1: `tool_result` blocks can only be in `user` messages",
    ),
    (
        [user(call("t1")), user(result("t1"))],
        "messages.0: `tool_use` blocks can only be in `assistant` messages",
    ),
]


@pytest.mark.parametrize(("messages", "message"), BAD_CALLS, ids=range(len(BAD_CALLS)))
def test_calls_and_results_must_pair(messages: list[Message], message: str) -> None:
    """Each call has one result, in the next turn, before any text; and no result stands alone."""
    assert call_fault(*messages) == message


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(call("t1")), user(result("t1"))],
        [user("a"), assistant(call("t1"), call("t2")), user(result("t2"), result("t1"))],
        [user("a"), assistant(call("t1"), call("t2")), user(result("t1")), user(result("t2"))],
        [user("a"), assistant(call("t1")), user(result("t1"), words("And now?"))],
        [user("a"), assistant(call("t1")), assistant("Hm."), user(result("t1")), user("b")],
        [
            user("a"),
            assistant(words("Hm."), call("t1")),
            user(result("t1")),
            assistant(call("t2")),
            user(result("t2")),
        ],
    ],
    ids=["one", "any order", "two messages", "text after", "two turns", "two rounds"],
)
def test_paired_calls_are_accepted(messages: list[Message]) -> None:
    """Also several user messages in a row: they are merged."""
    assert call_fault(*messages) == ""


SEARCH, FOUND = SERVER_CALL, SERVER_RESULT
TOOLS = [{"type": "web_search_20250305", "name": "web_search"}]
LOST = (
    "messages.1: `web_search` tool use with id `srvtoolu_01` was found without a corresponding "
    "`web_search_tool_result` block"
)


def server_fault(*messages: Message, tools: object = TOOLS) -> str:
    """Return the message of the fault, or an empty string."""
    request = {"messages": list(messages), "tools": tools}
    try:
        check_conversation(request, find_model("claude-sonnet-4-6"))
    except Refused as refused:
        return refused.fault.message
    return ""


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(words("b"), SEARCH)],
        [user("a"), assistant(SEARCH, FOUND)],
        [user("a"), assistant(SEARCH), assistant(FOUND, SEARCH)],
    ],
    ids=["a call", "a result", "twice"],
)
def test_a_paused_turn_goes_on_as_the_last_one(messages: list[Message]) -> None:
    """Also on a model that takes no answer begun for it."""
    assert server_fault(*messages) == ""


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(SEARCH), assistant(FOUND, words("b")), user("c")],
        [user("a"), assistant(SEARCH, FOUND, words("b")), user("c")],
        [user("a"), assistant(SEARCH), assistant(FOUND, call("t")), user(result("t"))],
        [user("a"), assistant(SEARCH, call("t")), user(result("t"))],
    ],
    ids=["later message", "same message", "then a tool", "with a tool"],
)
def test_a_call_whose_result_came_or_may_come_is_accepted(messages: list[Message]) -> None:
    """In its turn, or after the client's own results."""
    assert server_fault(*messages) == ""


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(words("b"), SEARCH), user("Go on.")],
        [user("a"), assistant(SEARCH), user("b"), assistant(FOUND), user("c")],
        [user("a"), assistant(SEARCH, call("t")), user(result("t"), words("b"))],
        [user("a"), assistant(SEARCH, call("t")), user(result("t")), assistant("b"), user("c")],
    ],
    ids=["pushed on", "too late", "more than results", "never"],
)
def test_a_call_that_lost_its_result_is_refused(messages: list[Message]) -> None:
    """A user turn after a paused one ends it for good."""
    assert server_fault(*messages) == LOST


def test_a_result_without_its_call_is_refused() -> None:
    """Wherever it stands; a call that comes later is none of its own."""
    other = {**FOUND, "tool_use_id": "srvtoolu_02"}
    for place, messages in (
        ("messages.1.content.1", [user("a"), assistant(SEARCH, other), user("c")]),
        ("messages.1.content.0", [user("a"), assistant(FOUND, SEARCH), user("c")]),
    ):
        id = "srvtoolu_02" if other in messages[1]["content"] else "srvtoolu_01"
        assert server_fault(*messages) == (
            f"{place}: unexpected `tool_use_id` found in `web_search_tool_result` blocks: {id}. "
            "Each `web_search_tool_result` block must have a corresponding `server_tool_use` "
            "block before it."
        )


def test_what_waits_goes_on_with_its_tool_alone() -> None:
    """The end of the refusal is quoted; tools newer than the catalog go by their name."""
    waiting = [
        [user("a"), assistant(SEARCH)],
        [user("a"), assistant(SEARCH, call("t")), user(result("t"))],
    ]
    for messages in waiting:
        for tools in (None, [], [{"type": "web_fetch_20250910", "name": "web_fetch"}]):
            told = server_fault(*messages, tools=tools)
            assert told.endswith("but no `web_search` tool was provided")
        newer = [{"type": "web_search_20991231", "name": "web_search"}]
        assert server_fault(*messages, tools=newer) == ""


def test_code_that_calls_tools_may_wait_for_several_rounds() -> None:
    """Its result comes once it has ended."""
    code = {**SEARCH, "name": "code_execution"}
    made = {"type": "code_execution_20260120", "tool_id": "srvtoolu_01"}
    rounds = [
        user("a"),
        assistant(code, {**call("t"), "caller": made}),
        user(result("t")),
        assistant({**call("u"), "caller": made}),
        user(result("u")),
    ]
    tools = [{"type": "code_execution_20260120", "name": "code_execution"}]
    assert server_fault(*rounds, tools=tools) == ""
    assert "but no `code_execution` tool" in server_fault(*rounds, tools=TOOLS[:0])
