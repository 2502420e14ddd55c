"""Tools as learners write them, for the tests of what is done with them."""

from collections.abc import Mapping
from typing import Any

Json = Any


def tool(
    name: str, description: str = "", /, *, optional: tuple[str, ...] = (), **types: Any
) -> Json:
    """Return a definition; types: of each argument its type, its allowed values, or a schema."""
    properties = {argument: _schema(given) for argument, given in types.items()}
    required = [argument for argument in properties if argument not in optional]
    schema = {"type": "object", "properties": properties, "required": required}
    return {"name": name, "description": description, "input_schema": schema}


def _schema(given: Any) -> Json:
    if isinstance(given, list):
        return {"type": "string", "enum": given}
    return {"type": given} if isinstance(given, str) else given


GET_CUSTOMER = tool("get_customer", "Look up a customer by id.", customer_id="string")
UPDATE_SUBSCRIPTION = tool(
    "update_subscription",
    "Change the plan of a customer.",
    customer_id="string",
    plan=["basic", "pro", "enterprise"],
)
FIND_CUSTOMER = tool("find_customer", "Find a customer by email.", email="string")
GET_ORDERS = tool("get_orders", "List the orders of a customer.", customer_id="string")
CANCEL_ORDER = tool("cancel_order", "Cancel an order.", order_id="string")
GET_WEATHER = tool(
    "get_weather",
    "Get the weather in a place.",
    optional=("unit",),
    location="string",
    unit=["celsius", "fahrenheit"],
)
GET_TIME = tool("get_time", "Get the time in a city.", city="string")
ADD = tool("add", "Add two numbers.", a="number", b="number")
MULTIPLY = tool("multiply", "Multiply two numbers.", a="number", b="number")
SUBTRACT = tool("subtract", "Subtract b from a.", a="number", b="number")
CALCULATOR = tool("calculator", "Work out an expression.", expression="string")
SEARCH = tool(
    "search",
    "Search the web.",
    optional=("limit",),
    query="string",
    limit={"type": "integer", "minimum": 1, "maximum": 20},
)
SEND_EMAIL = tool(
    "send_email",
    "Send an email.",
    to={"type": "string", "description": "The recipient's email address"},
    subject="string",
    body="string",
)
CONVERT_CURRENCY = tool(
    "convert_currency",
    "Convert an amount of money.",
    amount="number",
    from_currency="string",
    to_currency="string",
)
SEARCH_FLIGHTS = tool(
    "search_flights",
    "Search for flights.",
    origin="string",
    destination="string",
    date={"type": "string", "format": "date"},
)
BOOK_FLIGHT = tool("book_flight", "Book a flight.", flight_id="string", passenger_name="string")
READ_FILE = tool("read_file", "Read a file.", path="string")
ROLL_DIE = tool("roll_die", "Roll a die.")
LIST_MESSAGES = tool("list_messages", "", channel="string")
SET_LIGHT = tool("set_light", "Turn a light on or off.", room="string", state=["on", "off"])
CREATE_TICKET = tool("create_ticket", "Create a ticket.", title="string", priority=["low", "high"])

TOOLS = [value for value in globals().values() if isinstance(value, Mapping) and "name" in value]


def user(content: Json) -> Json:
    """Return a user's message."""
    return {"role": "user", "content": content}


def call(name: str, tool_input: Json, *, id: str = "toolu_1") -> Json:
    """Return a tool_use block."""
    return {"type": "tool_use", "id": id, "name": name, "input": tool_input}


def result(content: Json, *, id: str = "toolu_1", **more: Any) -> Json:
    """Return a tool_result block."""
    return {"type": "tool_result", "tool_use_id": id, "content": content, **more}


def made(
    name: str, tool_input: Json, content: Json, *, id: str = "toolu_1", **more: Any
) -> list[Json]:
    """Return the two messages of one call and its result."""
    blocks = [call(name, tool_input, id=id)]
    return [{"role": "assistant", "content": blocks}, user([result(content, id=id, **more)])]
