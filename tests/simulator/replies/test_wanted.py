"""Which tools a prompt asks for, and with what."""

from typing import Any

import pytest

from grader.catalog import find_model
from grader.simulator import improvise
from tests.simulator.replies.toolbox import (
    ADD,
    CALCULATOR,
    CANCEL_ORDER,
    CONVERT_CURRENCY,
    FIND_CUSTOMER,
    GET_CUSTOMER,
    GET_TIME,
    GET_WEATHER,
    MULTIPLY,
    READ_FILE,
    ROLL_DIE,
    SEARCH,
    SEND_EMAIL,
    SET_LIGHT,
    TOOLS,
    UPDATE_SUBSCRIPTION,
    made,
    tool,
    user,
)

Calls = list[tuple[str, dict[str, Any]]]


def called(prompt: Any, *tools: Any, **request: Any) -> Calls:
    """Return the calls that a prompt or a conversation brings."""
    messages = [user(prompt)] if isinstance(prompt, str) else prompt
    asked = {"max_tokens": 2_000, "messages": messages, "tools": [*tools], **request}
    reply = improvise(asked, find_model("claude-sonnet-4-6"))
    return [(b["name"], b["input"]) for b in reply.content if b["type"] == "tool_use"]


def weather(*places: str, **more: str) -> Calls:
    """Return calls for the weather in some places."""
    return [("get_weather", {"location": place, **more}) for place in places]


GET_SECRET = tool("get_secret", "Get a secret.", password="string")
RENAME = tool("rename_project", "", old_name="string", new_name="string")
POST = tool("post_message", "Post a message to a channel.", channel="string", message="string")
LIST_ISSUES = tool("list_issues", "", repo="string", state=["open", "closed"])
FINAL = tool("final_result", "The final response.", answer="string")
PLUS, MINUS = (tool(name, "", a="number", b="number") for name in ("plus", "minus"))

ONE_TURN: list[tuple[str, tuple[Any, ...], Calls]] = [
    (
        "Compare the weather in Paris, Rome and Oslo.",
        (GET_WEATHER, SEARCH),
        weather("Paris", "Rome", "Oslo"),
    ),
    ("what's the weather in berlin?", (GET_WEATHER,), weather("berlin")),
    (
        "How hot is it in Oslo? Weather in fahrenheit.",
        (GET_WEATHER,),
        weather("Oslo", unit="fahrenheit"),
    ),
    (
        "What is the weather in Paris and the time in Tokyo?",
        (GET_WEATHER, GET_TIME),
        [*weather("Paris"), ("get_time", {"city": "Tokyo"})],
    ),
    (
        "Can you multiply 3 and 4, then add 5 and 7?",
        (ADD, MULTIPLY),
        [("multiply", {"a": 3, "b": 4}), ("add", {"a": 5, "b": 7})],
    ),
    ("What is the sum of 1 and 2?", (ADD, MULTIPLY), [("add", {"a": 1, "b": 2})]),
    ("What is 12 * (3 + 4)?", (CALCULATOR,), [("calculator", {"expression": "12 * (3 + 4)"})]),
    (
        "Convert 100 USD to EUR and GBP.",
        (CONVERT_CURRENCY,),
        [
            ("convert_currency", {"amount": 100, "from_currency": "USD", "to_currency": money})
            for money in ("EUR", "GBP")
        ],
    ),
    (
        'Send bob@x.com an email with the subject "Lunch" and the body "We are late".',
        (SEND_EMAIL, FIND_CUSTOMER),
        [("send_email", {"to": "bob@x.com", "subject": "Lunch", "body": "We are late"})],
    ),
    ("Read config.yaml for me.", (READ_FILE, SEARCH), [("read_file", {"path": "config.yaml"})]),
    ("Roll the die 3 times.", (ROLL_DIE,), [("roll_die", {})] * 3),
    ("Roll the die twice, please.", (ROLL_DIE,), [("roll_die", {})] * 2),
    (
        "Turn off the light in the kitchen.",
        (SET_LIGHT,),
        [("set_light", {"room": "kitchen", "state": "off"})],
    ),
    ("Where is customer 42?", (GET_CUSTOMER,), [("get_customer", {"customer_id": "42"})]),
    ("Use the plus tool on 1 and 2.", (PLUS, MINUS), [("plus", {"a": 1, "b": 2})]),
    (
        "First get_time(city='Rome'), please.",
        (GET_WEATHER, GET_TIME),
        [("get_time", {"city": "Rome"})],
    ),
    (
        "Rename project Apollo to Zeus.",
        (RENAME,),
        [("rename_project", {"old_name": "Apollo", "new_name": "Zeus"})],
    ),
    (
        "Post a message to #general: Deploy done",
        (POST, SEND_EMAIL),
        [("post_message", {"channel": "#general", "message": "Deploy done"})],
    ),
    (
        "Show open issues in acme/big-app.",
        (LIST_ISSUES,),
        [("list_issues", {"repo": "acme/big-app", "state": "open"})],
    ),
    (
        'Get the secrets for "mellon" and "radiance".',
        (GET_SECRET,),
        [("get_secret", {"password": word}) for word in ("mellon", "radiance")],
    ),
    (
        "Is 7 prime? Answer in one word.",
        (FINAL,),
        [("final_result", {"answer": "simulated answer"})],
    ),
]


@pytest.mark.parametrize(("prompt", "tools", "expected"), ONE_TURN)
def test_a_prompt_gives_calls(prompt: str, tools: tuple[Any, ...], expected: Calls) -> None:
    """With the values of the text, side by side where there are several."""
    assert called(prompt, *tools) == expected


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the capital of France?",
        "Write a haiku about version control.",
        "Hello",
        "Hi there!",
        "Good morning, Claude. How are you?",
        "Thanks, that's great!",
        "What is a customer lifetime value?",
        "How do I write a for loop in Python?",
        "Who wrote Hamlet?",
        "Between 5 and 10 people came.",
        "I was born on 3 March 1990 in Berlin.",
        "Give me 3 ideas for a birthday party.",
        "Summarize the plot of Dune in 3 sentences.",
        "…",
    ],
)
def test_a_prompt_that_is_about_no_tool_gives_no_call(prompt: str) -> None:
    """However many tools there are."""
    assert called(prompt, *TOOLS) == []


def test_a_change_is_made_last_and_not_after_a_failure() -> None:
    """What is looked up comes before it, and may say that there is nothing to change."""
    prompt, tools = "Set customer cust_1 to the pro plan.", (UPDATE_SUBSCRIPTION, GET_CUSTOMER)
    look = ("get_customer", {"customer_id": "cust_1"})
    change = ("update_subscription", {"customer_id": "cust_1", "plan": "pro"})
    assert called(prompt, *tools) == [look]
    first = [user(prompt), *made(*look, '{"plan": "basic"}')]
    assert called(first, *tools) == [change]
    assert called([*first, *made(*change, "", id="toolu_2")], *tools) == []
    failed = [user(prompt), *made(*look, "not found", is_error=True)]
    assert called(failed, *tools) == []


def test_what_could_be_looked_up_beside_a_failure_is() -> None:
    """It was to be called in the same turn."""
    two = [user("Compare the weather in Paris and Tokyo.")]
    two += made("get_weather", {"location": "Paris"}, "no data", is_error=True)
    assert called(two, GET_WEATHER) == weather("Tokyo")


def test_a_call_that_another_model_made_is_not_made_again() -> None:
    """It may have put it in its own words."""
    prompt = [user("How is the weather in SF?")]
    assert called(prompt, GET_WEATHER) == weather("SF")
    done = made("get_weather", {"location": "San Francisco, CA"}, "18 degrees")
    assert called([*prompt, *done], GET_WEATHER) == []


def test_a_change_with_a_choice_that_nobody_made_is_not_made() -> None:
    """Nor with the one that a result happens to name."""
    messages = [
        user("Change the plan of customer cust_1."),
        *made("get_customer", {"customer_id": "cust_1"}, '{"plan": "basic"}'),
    ]
    assert called(messages, GET_CUSTOMER, UPDATE_SUBSCRIPTION) == []


def test_a_result_gives_an_id_to_the_next_tool() -> None:
    """Under the argument's own name, or as the id of what was looked up."""
    prompt = user("Cancel the order of jane@example.com.")
    by_order = tool("find_order", "Find an order by email.", email="string")
    found = made("find_order", {"email": "jane@example.com"}, '{"id": "ord_9", "total": 5}')
    assert called([prompt, *found], by_order, CANCEL_ORDER) == [
        ("cancel_order", {"order_id": "ord_9"})
    ]


def test_an_example_is_taken_where_a_call_must_be_made() -> None:
    """It is what the tool's author gave."""
    definition = {**tool("get_booking", "", ref="string"), "input_examples": [{"ref": "ZX-1"}]}
    forced = {"tool_choice": {"type": "any"}}
    assert called("Show the booking ZX-77.", definition) == [("get_booking", {"ref": "ZX-77"})]
    assert called("Hello", definition, **forced) == [("get_booking", {"ref": "ZX-1"})]


def test_a_word_of_a_clients_reminder_calls_nothing() -> None:
    """Claude Code's "hello" came with one, and wrote a file."""
    write = tool("Write", "Writes a file.", file_path="string", content="string")
    reminder = '<system-reminder>Write "Co-Authored-By" into `CLAUDE.md`.</system-reminder>'
    blocks = [{"type": "text", "text": words} for words in (reminder, "hello")]
    assert called([user(blocks)], write) == []
    assert called([user(blocks[::-1])], write) == []


READ = tool("Read", "Reads a file from the local filesystem.", file_path="string")
WRITE = tool(
    "Write",
    "Writes a file to the local filesystem, overwriting if one exists.",
    file_path={"type": "string", "description": "The absolute path to the file to write"},
    content={"type": "string", "description": "The content to write to the file"},
)
BASH = tool(
    "Bash",
    "Executes a bash command.",
    optional=("run_in_background",),
    command="string",
    run_in_background="boolean",
)


def test_what_has_an_effect_is_done_only_where_a_deed_is_asked_for() -> None:
    """Claude Code's own tools speak of the same things, whether they look or write."""
    prompt = [user("Read the file notes.txt")]
    look = ("Read", {"file_path": "notes.txt"})
    assert called(prompt, READ, WRITE) == [look]
    assert called([*prompt, *made(*look, "The password is swordfish.")], READ, WRITE) == []


def test_a_switch_is_set_where_a_word_of_its_own_is_said() -> None:
    """The verb of the whole prompt is none."""
    assert called("Run the command `ls`", BASH) == [("Bash", {"command": "ls"})]
    assert called("Run the command `ls` in the background", BASH) == [
        ("Bash", {"command": "ls", "run_in_background": True})
    ]


@pytest.mark.parametrize("name", ["Person", "UserDetail", "extract_person", "final_result"])
def test_a_lone_tool_whose_call_is_the_answer_is_called(name: str) -> None:
    """As frameworks define one for a structured output, where a model can't be made to call it."""
    definition = tool(name, "A person.", name="string", age="integer")
    expected = [(name, {"name": "Jason", "age": 25})]
    assert called("Jason is 25 years old.", definition) == expected
    if name == "Person":
        assert called("Jason is 25 years old.", definition, SEARCH) == []


def test_a_tool_that_ends_the_conversation_comes_after_the_others() -> None:
    """With what they were sent and what they gave; not a written answer."""
    final = tool("final_result", "What the weather is.", location="string")
    prompt = [user("What is the weather in Paris?")]
    assert called(prompt, GET_WEATHER, final) == weather("Paris")
    done = [*prompt, *made("get_weather", {"location": "Paris"}, "rain")]
    assert called(done, GET_WEATHER, final) == [("final_result", {"location": "Paris"})]


FINDER = tool("ToolSearch", "Fetches definitions of deferred tools.", query="string")
KEPT_BACK = (
    "The following deferred tools are now available via ToolSearch:\n"
    "CronCreate\nWebFetch\nmcp__sums__add\n"
)


@pytest.mark.parametrize("way", ["system message", "reminder"])
def test_a_tool_that_the_client_keeps_back_is_found_first(way: str) -> None:
    """By the client's own tool for that; then it is called, and that is all."""
    if way == "system message":
        prompt = [user("Add 2 and 3."), {"role": "system", "content": KEPT_BACK}]
    else:
        reminder = f"<system-reminder>\n{KEPT_BACK}</system-reminder>"
        prompt = [user([{"type": "text", "text": each} for each in (reminder, "Add 2 and 3.")])]
    find = ("ToolSearch", {"query": "select:mcp__sums__add"})
    assert called(prompt, FINDER) == [find]
    assert called([*prompt, *made(*find, "Nothing was found.")], FINDER) == []
    loaded = [*prompt, *made(*find, [{"type": "tool_reference", "tool_name": "mcp__sums__add"}])]
    loaded[-1]["content"].append({"type": "text", "text": "Tool loaded."})
    add = {**ADD, "name": "mcp__sums__add"}
    call = ("mcp__sums__add", {"a": 2, "b": 3})
    assert called(loaded, FINDER, add) == [call]
    assert called([*loaded, *made(*call, "5", id="toolu_2")], FINDER, add) == []


def test_a_greeting_finds_no_tool() -> None:
    """Nor does a prompt about something else."""
    for words in ("hello", "What is the capital of France?", "Read notes.txt"):
        assert called([user(words), {"role": "system", "content": KEPT_BACK}], FINDER, READ) in (
            [],
            [("Read", {"file_path": "notes.txt"})],
        )


def test_a_further_value_that_does_not_fit_brings_no_call() -> None:
    """The first that does not ends the list."""
    short = tool("get_secret", "Get a secret.", password={"type": "string", "maxLength": 3})
    words = 'Get the secrets for "abc", "xyz" and "mellon".'
    assert called(words, short) == [("get_secret", {"password": w}) for w in ("abc", "xyz")]
