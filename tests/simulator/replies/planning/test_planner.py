"""What is planned for a prompt: which calls, with what, or a question, or nothing."""

from typing import Any

import pytest

from grader.simulator.replies.planning import plan, plan_forced, read_task, read_tool
from tests.simulator.replies.toolbox import (
    ADD,
    BOOK_FLIGHT,
    CALCULATOR,
    CANCEL_ORDER,
    CONVERT_CURRENCY,
    CREATE_TICKET,
    FIND_CUSTOMER,
    GET_CUSTOMER,
    GET_ORDERS,
    GET_TIME,
    GET_WEATHER,
    LIST_MESSAGES,
    MULTIPLY,
    READ_FILE,
    ROLL_DIE,
    SEARCH,
    SEARCH_FLIGHTS,
    SEND_EMAIL,
    SET_LIGHT,
    SUBTRACT,
    TOOLS,
    UPDATE_SUBSCRIPTION,
    made,
    tool,
    user,
)

Calls = list[tuple[str, dict[str, Any]]]
UPGRADE = "Upgrade customer cust_123 to the pro plan."


def planned(prompt: Any, *tools: Any, system: str = "", force: bool = False) -> Calls:
    """Return the calls planned for a prompt, or for a conversation."""
    messages = [user(prompt)] if isinstance(prompt, str) else prompt
    task = read_task({"messages": messages, "system": system})
    make = plan_forced if force else plan
    found = make(task, [read_tool(tool) for tool in tools])
    return [(one.tool.name, one.tool_input) for one in found.calls]


def lacking(prompt: Any, *tools: Any) -> list[str] | None:
    """Return the names of the arguments for which the user is to be asked."""
    messages = [user(prompt)] if isinstance(prompt, str) else prompt
    found = plan(read_task({"messages": messages}), [read_tool(tool) for tool in tools])
    return [slot.name for slot in found.lacking[1]] if found.lacking else None


def weather(*places: str, **more: str) -> Calls:
    """Return calls for the weather in some places."""
    return [("get_weather", {"location": place, **more}) for place in places]


CALCULATE = tool("calculate", "", operation=["add", "divide"], a="number", b="number")
GET_USER = tool("get_user", "Get a user's profile.", username="string")
DELETE_USER = tool("delete_user", "Delete a user.", username="string")
RENAME = tool("rename_project", "", old_name="string", new_name="string")
POST = tool("post_message", "Post a message to a channel.", channel="string", message="string")
RUN_SQL = tool("execute_sql", "Execute an SQL query.", sql="string")
CHECK_SITE = tool("check_website", "", url="string")
CALENDAR = tool("get_calendar", "", date={"type": "string", "format": "date"})
LIST_ISSUES = tool("list_issues", "", repo="string", state=["open", "closed"])
PLAY = tool("play_music", "Play music.", genre="string")

ONE_TURN: list[tuple[str, tuple[Any, ...], Calls]] = [
    ("What is the weather in Paris and in Tokyo?", (GET_WEATHER,), weather("Paris", "Tokyo")),
    (
        "Compare the weather in Paris, Rome and Oslo.",
        (GET_WEATHER,),
        weather("Paris", "Rome", "Oslo"),
    ),
    ("weather in berlin and london please", (GET_WEATHER,), weather("berlin", "london")),
    (
        "The weather in Paris, France and Tokyo, Japan?",
        (GET_WEATHER,),
        weather("Paris, France", "Tokyo, Japan"),
    ),
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
        "What time is it in New York, and what is the weather there?",
        (GET_WEATHER, GET_TIME),
        [("get_time", {"city": "New York"}), *weather("New York")],
    ),
    ("What is 12 times 7?", (MULTIPLY,), [("multiply", {"a": 12, "b": 7})]),
    (
        "Multiply 3 by 4 and 5 by 6.",
        (MULTIPLY,),
        [("multiply", {"a": 3, "b": 4}), ("multiply", {"a": 5, "b": 6})],
    ),
    (
        "Can you multiply 3 and 4, then add 5 and 7?",
        (ADD, MULTIPLY),
        [("multiply", {"a": 3, "b": 4}), ("add", {"a": 5, "b": 7})],
    ),
    ("Subtract 1 from 2.", (SUBTRACT,), [("subtract", {"a": 2, "b": 1})]),
    ("What is 12 * (3 + 4)?", (CALCULATOR,), [("calculator", {"expression": "12 * (3 + 4)"})]),
    ("How much is 15% of 230?", (CALCULATOR,), [("calculator", {"expression": "15 / 100 * 230"})]),
    ("Find 5 articles about cats.", (SEARCH,), [("search", {"query": "cats", "limit": 5})]),
    ("Search for the tallest tower.", (SEARCH,), [("search", {"query": "tallest tower"})]),
    (
        "Convert 100 USD to EUR and GBP.",
        (CONVERT_CURRENCY,),
        [
            ("convert_currency", {"amount": 100, "from_currency": "USD", "to_currency": money})
            for money in ("EUR", "GBP")
        ],
    ),
    (
        "How much is 49.99 dollars in euros?",
        (CONVERT_CURRENCY,),
        [("convert_currency", {"amount": 49.99, "from_currency": "USD", "to_currency": "EUR"})],
    ),
    (
        "Send an email to bob@x.com with the subject Lunch saying we are late.",
        (SEND_EMAIL, FIND_CUSTOMER),
        [("send_email", {"to": "bob@x.com", "subject": "Lunch", "body": "we are late"})],
    ),
    (
        "Flights from Berlin to New York on 3 March 2027?",
        (SEARCH, SEARCH_FLIGHTS, BOOK_FLIGHT),
        [
            (
                "search_flights",
                {"origin": "Berlin", "destination": "New York", "date": "2027-03-03"},
            )
        ],
    ),
    (
        "Read config.yaml and say what is in it.",
        (READ_FILE,),
        [("read_file", {"path": "config.yaml"})],
    ),
    (
        "What is new in the ruby channel? List the messages.",
        (LIST_MESSAGES,),
        [("list_messages", {"channel": "ruby"})],
    ),
    ("Roll the die 3 times.", (ROLL_DIE,), [("roll_die", {})] * 3),
    ("Roll it twice, the die.", (ROLL_DIE,), [("roll_die", {})] * 2),
    (
        "Turn off the light in the kitchen.",
        (SET_LIGHT,),
        [("set_light", {"room": "kitchen", "state": "off"})],
    ),
    (
        "Who is customer cust_9?",
        (GET_CUSTOMER, UPDATE_SUBSCRIPTION),
        [("get_customer", {"customer_id": "cust_9"})],
    ),
    ("Where is customer 42?", (GET_CUSTOMER,), [("get_customer", {"customer_id": "42"})]),
    ("Use the add tool on 1 and 2.", (ADD, MULTIPLY), [("add", {"a": 1, "b": 2})]),
    ("What's 5 + 3?", (CALCULATE,), [("calculate", {"operation": "add", "a": 5, "b": 3})]),
    ("Get the user profile for alice.", (GET_USER,), [("get_user", {"username": "alice"})]),
    ("Delete user bob.", (DELETE_USER,), [("delete_user", {"username": "bob"})]),
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
        "Run SELECT * FROM users LIMIT 5",
        (RUN_SQL,),
        [("execute_sql", {"sql": "SELECT * FROM users LIMIT 5"})],
    ),
    ("Is example.com up?", (CHECK_SITE, GET_TIME), [("check_website", {"url": "example.com"})]),
    (
        "What meetings do I have on 1 May 2027?",
        (CALENDAR,),
        [("get_calendar", {"date": "2027-05-01"})],
    ),
    (
        "Show open issues in acme/big-app.",
        (LIST_ISSUES,),
        [("list_issues", {"repo": "acme/big-app", "state": "open"})],
    ),
    ("Play some jazz.", (PLAY, SEARCH), [("play_music", {"genre": "jazz"})]),
    (
        "First get_time(city='Rome'), please.",
        (GET_WEATHER, GET_TIME),
        [("get_time", {"city": "Rome"})],
    ),
]


@pytest.mark.parametrize(("prompt", "tools", "expected"), ONE_TURN)
def test_a_prompt_gives_calls(prompt: str, tools: tuple[Any, ...], expected: Calls) -> None:
    """With the values of the text, side by side where there are several."""
    assert planned(prompt, *tools) == expected


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the capital of France?",
        "Explain idempotency in one sentence.",
        "Write a haiku about version control.",
        "Hello",
        "What is a customer lifetime value?",
        "How do I write a for loop in Python?",
        "Who wrote Hamlet?",
        "Between 5 and 10 people came.",
        "I was born on 3 March 1990 in Berlin.",
        "Is 7 a prime number? Answer yes or no.",
        "Give me 3 ideas for a birthday party.",
        "Summarize the plot of Dune in 3 sentences.",
        "Thanks, that's great!",
        "",
    ],
)
def test_a_prompt_that_is_about_no_tool_gives_no_call(prompt: str) -> None:
    """However many tools there are."""
    assert planned([user(prompt or "…")], *TOOLS) == []
    assert lacking([user(prompt or "…")], *TOOLS) is None


def test_what_is_looked_up_comes_before_what_is_changed() -> None:
    """One turn after the other, until everything is done."""
    tools = (UPDATE_SUBSCRIPTION, GET_CUSTOMER)
    look = ("get_customer", {"customer_id": "cust_123"})
    change = ("update_subscription", {"customer_id": "cust_123", "plan": "pro"})
    assert planned(UPGRADE, *tools) == [look]
    first = [user(UPGRADE), *made(*look, '{"plan": "basic"}')]
    assert planned(first, *tools) == [change]
    assert planned([*first, *made(*change, "", id="toolu_2")], *tools) == []


def test_a_result_feeds_the_next_tool() -> None:
    """A tool that can look up what is missing is called first."""
    prompt = "Cancel the last order of jane@example.com."
    tools = (CANCEL_ORDER, GET_ORDERS, FIND_CUSTOMER)
    find = ("find_customer", {"email": "jane@example.com"})
    orders = ("get_orders", {"customer_id": "cust_7"})
    cancel = ("cancel_order", {"order_id": "ord_1"})
    messages = [user(prompt)]
    for number, (step, content) in enumerate(
        [(find, '{"id": "cust_7"}'), (orders, '[{"order_id": "ord_1"}]'), (cancel, "done")]
    ):
        assert planned(messages, *tools) == [step]
        messages += made(*step, content, id=f"toolu_{number}")
    assert planned(messages, *tools) == []


def test_a_sum_is_done_step_by_step() -> None:
    """Each step with the result of the one before it."""
    for prompt in ("What is (15 + 27) * 3?", "Add 15 and 27, then multiply the result by 3."):
        messages = [user(prompt)]
        assert planned(messages, ADD, MULTIPLY) == [("add", {"a": 15, "b": 27})]
        messages += made("add", {"a": 15, "b": 27}, "The sum is 42.")
        assert planned(messages, ADD, MULTIPLY) == [("multiply", {"a": 42, "b": 3})]
        messages += made("multiply", {"a": 42, "b": 3}, "126", id="toolu_2")
        assert planned(messages, ADD, MULTIPLY) == []


def test_what_a_tool_gave_is_sent_on() -> None:
    """Where the prompt says "it"."""
    prompt = "Read notes.txt and email it to bob@x.com."
    messages = [user(prompt), *made("read_file", {"path": "notes.txt"}, "milk, eggs")]
    ((name, tool_input),) = planned(messages, READ_FILE, SEND_EMAIL)
    assert name == "send_email"
    assert (tool_input["to"], tool_input["body"]) == ("bob@x.com", "milk, eggs")


def test_a_call_is_not_made_again() -> None:
    """Nor is one that another model made in its own words."""
    prompt = [user("What's the weather in SF?")]
    assert planned(prompt, GET_WEATHER) == weather("SF")
    for place in ("SF", "San Francisco, CA"):
        done = made("get_weather", {"location": place}, "18 degrees")
        assert planned([*prompt, *done], GET_WEATHER) == []
    three = [user("Roll the die 3 times."), *made("roll_die", {}, "4")]
    assert planned(three, ROLL_DIE) == [("roll_die", {})] * 2


def test_a_new_prompt_begins_anew() -> None:
    """The same call may be made again for it."""
    asked = [user("Weather in Rome?"), *made("get_weather", {"location": "Rome"}, "18 degrees")]
    answered = [*asked, {"role": "assistant", "content": "18 degrees."}]
    assert planned([*answered, user("And the weather in Rome now?")], GET_WEATHER) == weather(
        "Rome"
    )


def test_a_prompt_may_go_on_from_the_one_before() -> None:
    """Then it is about the same thing, of another one."""
    before = [user("What's the weather in Paris?"), {"role": "assistant", "content": "Sunny."}]
    assert planned([*before, user("And in Tokyo?")], GET_WEATHER) == weather("Tokyo")
    there = [*before, user("And what time is it there?")]
    assert planned(there, GET_WEATHER, GET_TIME) == [("get_time", {"city": "Paris"})]


def test_the_system_prompt_gives_what_nobody_else_does() -> None:
    """Such as who the user is."""
    found = planned("Upgrade me to pro.", UPDATE_SUBSCRIPTION, system="You help customer cust_42.")
    assert found == [("update_subscription", {"customer_id": "cust_42", "plan": "pro"})]


@pytest.mark.parametrize(
    ("prompt", "tools", "expected"),
    [
        ("What's the weather like?", (GET_WEATHER,), ["location"]),
        ("Upgrade the customer to pro.", (GET_CUSTOMER, UPDATE_SUBSCRIPTION), ["customer_id"]),
        ("Change the plan of cust_9.", (UPDATE_SUBSCRIPTION,), ["plan"]),
        ("What is 12 times?", (MULTIPLY,), None),
        ("Open a ticket: login is broken.", (CREATE_TICKET,), None),
        ("Book a flight for Jane Doe.", (BOOK_FLIGHT,), ["flight_id"]),
    ],
)
def test_the_user_is_asked_for_what_nothing_gives(prompt: str, tools: Any, expected: Any) -> None:
    """Rather than an id is made up; a choice that hardly matters is made."""
    assert lacking(prompt, *tools) == expected
    assert expected is None or planned(prompt, *tools) == []


def test_the_answer_to_a_question_completes_the_prompt() -> None:
    """The conversation before it is still what is asked."""
    asked = "To update the subscription I need the customer id. Which customer do you mean?"
    messages = [user("Upgrade the customer to pro."), {"role": "assistant", "content": asked}]
    found = planned([*messages, user("cust_55")], UPDATE_SUBSCRIPTION)
    assert found == [("update_subscription", {"customer_id": "cust_55", "plan": "pro"})]


def test_where_something_failed_nothing_is_changed() -> None:
    """But what else can be looked up is."""
    look = made("get_customer", {"customer_id": "cust_123"}, "not found", is_error=True)
    assert planned([user(UPGRADE), *look], GET_CUSTOMER, UPDATE_SUBSCRIPTION) == []
    two = [user("Weather in Paris and Tokyo?")]
    two += made("get_weather", {"location": "Paris"}, "no data", is_error=True)
    assert planned(two, GET_WEATHER) == weather("Tokyo")


def test_a_loop_of_calls_comes_to_an_end() -> None:
    """Whatever is still wanted."""
    messages = [user("Weather in Paris?")]
    for number in range(40):
        messages += made("get_time", {"city": "Rome"}, "12:00", id=f"toolu_{number}")
    assert planned(messages, GET_WEATHER, GET_TIME) == []


def test_a_tool_that_must_be_called_is_called() -> None:
    """Fit or not, and again where it was called before."""
    tools = (GET_CUSTOMER, UPDATE_SUBSCRIPTION)
    made_up = [("get_customer", {"customer_id": "simulated customer id"})]
    assert planned("Hello", *tools, force=True) == made_up
    look = ("get_customer", {"customer_id": "cust_123"})
    assert planned(UPGRADE, *tools, force=True) == [look]
    assert planned([user(UPGRADE), *made(*look, "ok")], GET_CUSTOMER, force=True) == [look]
    assert planned("What is 2 + 3?", MULTIPLY, force=True) == [("multiply", {"a": 2, "b": 3})]


def test_examples_of_a_tool_say_what_its_ids_look_like() -> None:
    """And are taken where a call must be made and nothing is given."""
    definition = {**tool("get_booking", "", ref="string"), "input_examples": [{"ref": "ZX-1"}]}
    assert planned("Show the booking ZX-77.", definition) == [("get_booking", {"ref": "ZX-77"})]
    assert planned("Hello", definition, force=True) == [("get_booking", {"ref": "ZX-1"})]
