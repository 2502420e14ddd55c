"""Values are composed of what a text gives, and always fit their schema."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.simulator.replies.values import Composer, Fact, Schema, Source, make_slot

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
INTEGER: dict[str, Any] = {"type": "integer"}


def an_object(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that must have all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def composed(schema: Any, *texts: str, guesses: bool = True, **source: Any) -> Any:
    """Return the value composed of some texts, and the names of what they lack."""
    composer = Composer(Source(texts or ("",), **source), guesses=guesses)
    value = composer.compose(make_slot("", schema, Schema(schema)))
    return value, [slot.name for slot in composer.missing]


INVOICE = an_object(
    invoice_number=TEXT,
    vendor=TEXT,
    date={"type": "string", "format": "date"},
    total=NUMBER,
    currency=TEXT,
)
ENTRIES = {
    "type": "array",
    "items": an_object(description=TEXT, quantity=INTEGER, unit_price=NUMBER),
}
PEOPLE = {"type": "array", "items": an_object(name=TEXT, age=INTEGER)}
MOOD = {"type": "string", "enum": ["positive", "negative", "neutral"]}

GIVEN: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (
        INVOICE,
        "Invoice INV-2041 from Acme GmbH, 3 March 2026, total 1,234.50 EUR",
        {
            "invoice_number": "INV-2041",
            "vendor": "Acme GmbH",
            "date": "2026-03-03",
            "total": 1234.5,
            "currency": "EUR",
        },
    ),
    (
        INVOICE,
        "Extract the data:\n\nAcme Ltd\nInvoice number: 2024-0815\nDate: 2026-03-03\nTotal: $99.00",
        {
            "invoice_number": "2024-0815",
            "vendor": "Acme Ltd",
            "date": "2026-03-03",
            "total": 99.0,
            "currency": "USD",
        },
    ),
    (
        an_object(total=TEXT, line_items=ENTRIES),
        "Invoice from Acme: 3 x Widget at 9.99, 2 x Gadget at 24.00. Total 1.077,97 EUR",
        {
            "total": "1077.97",
            "line_items": [
                {"description": "Widget", "quantity": 3, "unit_price": 9.99},
                {"description": "Gadget", "quantity": 2, "unit_price": 24.0},
            ],
        },
    ),
    (
        an_object(people=PEOPLE),
        "Alice is 30 and Bob is 25.",
        {"people": [{"name": "Alice", "age": 30}, {"name": "Bob", "age": 25}]},
    ),
    (
        an_object(customer=an_object(name=TEXT, email=TEXT), order=an_object(id=TEXT)),
        "Customer: Jane Doe, email jane@x.org. Order ord_7",
        {"customer": {"name": "Jane Doe", "email": "jane@x.org"}, "order": {"id": "ord_7"}},
    ),
    (
        an_object(name=TEXT, email=TEXT, plan=TEXT, demo_requested={"type": "boolean"}),
        "John Smith (john@example.com) wants the Enterprise plan and a demo.",
        {
            "name": "John Smith",
            "email": "john@example.com",
            "plan": "Enterprise",
            "demo_requested": True,
        },
    ),
    (
        an_object(sentiment=MOOD, summary=TEXT),
        "I love this product! It works.",
        {"sentiment": "positive", "summary": "I love this product"},
    ),
    (
        an_object(emails={"type": "array", "items": {"type": "string", "format": "email"}}),
        "Write to bob@x.com and ann@y.org.",
        {"emails": ["bob@x.com", "ann@y.org"]},
    ),
    (
        an_object(cities={"type": "array", "items": TEXT}),
        "The capitals are Paris, Rome and Oslo.",
        {"cities": ["Paris", "Rome", "Oslo"]},
    ),
    (
        an_object(address=TEXT, phone=TEXT, website={"type": "string", "format": "uri"}),
        "12 Main Street, Springfield, +49 30 1234567, https://example.com/a",
        {
            "address": "12 Main Street, Springfield",
            "phone": "+49 30 1234567",
            "website": "https://example.com/a",
        },
    ),
    (
        an_object(start={"type": "string", "format": "date-time"}, time=TEXT, day=TEXT),
        "From 2026-05-01 09:30 on, or at 2pm tomorrow",
        {"start": "2026-05-01T09:30", "time": "14:00", "day": "tomorrow"},
    ),
    (
        an_object(code={"type": "string", "pattern": "^[A-Z]{3}-[0-9]$"}, size={"enum": [1, 2, 3]}),
        "Ship ABC-7 in size 2",
        {"code": "ABC-7", "size": 2},
    ),
    (an_object(paid=NUMBER), "It was paid: 20", {"paid": 20}),
    (
        an_object(include_tax={"type": "boolean"}),
        "Show it without include tax",
        {"include_tax": False},
    ),
]


@pytest.mark.parametrize(("schema", "text", "expected"), GIVEN)
def test_a_text_gives_its_values(schema: Any, text: str, expected: Any) -> None:
    """By their names, their kinds, their formats and what is allowed."""
    assert composed(schema, text) == (expected, [])


def test_what_nothing_gives_is_made_up_and_named() -> None:
    """Allowed values first, and texts that say they are simulated."""
    schema = an_object(
        city=TEXT,
        unit={"enum": ["celsius", "fahrenheit"]},
        limit={"type": "integer", "minimum": 3},
        day={"type": "string", "format": "date"},
        plan={"type": "string", "default": "pro"},
        note={"type": ["string", "null"]},
    )
    assert composed(schema, guesses=False) == (
        {
            "city": "simulated city",
            "unit": "celsius",
            "limit": 3,
            "day": "2026-01-01",
            "plan": "pro",
            "note": None,
        },
        ["city", "unit", "limit", "day", "plan", "note"],
    )


def test_what_need_not_be_there_is_there_only_where_it_is_given() -> None:
    """In so many words."""
    schema = {
        "type": "object",
        "properties": {"query": TEXT, "limit": INTEGER, "language": TEXT, "tags": ENTRIES},
        "required": ["query"],
    }
    assert composed(schema, "Find articles about prompt caching")[0] == {"query": "prompt caching"}
    assert composed(schema, "Find 5 articles about prompt caching")[0] == {
        "query": "prompt caching",
        "limit": 5,
    }


def test_a_guess_is_taken_only_where_guesses_are() -> None:
    """A name in the middle of nowhere may be meant, or not."""
    schema = an_object(city=TEXT)
    assert composed(schema, "Paris weather", guesses=False)[1] == ["city"]
    assert composed(schema, "Paris weather") == ({"city": "Paris"}, [])


def test_the_window_is_looked_at_first() -> None:
    """What stands nearest to what is asked is meant."""
    text = "The weather in Paris and the time in Tokyo"
    start = text.index("the time")
    schema = an_object(city=TEXT)
    assert composed(schema, text)[0] == {"city": "Paris"}
    assert composed(schema, text, window=(start, len(text)))[0] == {"city": "Tokyo"}


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        (
            "customer_id",
            [Fact("customer_id", ("get", "order", "customer", "id"), "cust_9")],
            "cust_9",
        ),
        ("customer_id", [Fact("id", ("find", "customer", "id"), "cust_9")], "cust_9"),
        ("customer_id", [Fact("id", ("find", "order", "id"), "ord_9")], None),
        ("location", [Fact("city", ("get", "user", "city"), "Oslo")], "Oslo"),
        ("location", [Fact("name", ("get", "user", "nam"), "Oslo")], None),
    ],
)
def test_results_give_what_belongs_to_the_same_thing(name: str, facts: Any, expected: Any) -> None:
    """An order's id is no customer's."""
    value, missing = composed(
        an_object(**{name: TEXT}), "Go on.", guesses=False, facts=tuple(facts)
    )
    assert (value[name] if not missing else None) == expected


def test_earlier_words_give_what_the_prompt_does_not() -> None:
    """The latest first; but no number and no message, of which too many were said."""
    schema = an_object(city=TEXT, amount=NUMBER)
    earlier = ("I am in Oslo with 5 friends", "I was in Rome")
    value, missing = composed(schema, "And now?", guesses=False, earlier=earlier)
    assert value["city"] == "Oslo"
    assert missing == ["amount"]


def test_a_result_is_what_is_to_be_said() -> None:
    """Where the request is to do something with it."""
    schema = an_object(to={"type": "string", "format": "email"}, body=TEXT)
    value, _ = composed(schema, "Email it to bob@x.com", result="milk, eggs")
    assert value == {"to": "bob@x.com", "body": "milk, eggs"}


PATTERNS = [
    r"^cust_\d+$",
    r"^[A-Z]{2,3}$",
    r"\d{3}-\d{4}",
    r"^(?:a|b)+c?$",
    r"^[^x]{3}$",
    r"^.{5,}$",
]
FORMATS = ["date", "date-time", "email", "uri", "uuid", "time", "ipv4", "hostname", "duration"]
NAMES = st.sampled_from(
    ["name", "email", "customer_id", "date", "total", "limit", "city", "tags", "x"]
)
PROMPTS = st.sampled_from(
    [
        "Hello",
        "Invoice INV-2041 from Acme GmbH, 3 March 2026, total 1,234.50 EUR",
        "What is the weather in Paris and in Tokyo for cust_123 and a@b.cd, 12 times 7?",
        "1, 2 and 3. Paris, Rome and Oslo; x: y",
    ]
)
LITERALS = st.one_of(st.integers(-9, 9), st.text(max_size=5), st.none(), st.booleans())


def texts() -> st.SearchStrategy[Any]:
    """Return schemas of strings that can be met."""
    lengths = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
        lambda two: {"type": "string", "minLength": two[0], "maxLength": sum(two)}
    )
    patterns = st.sampled_from(PATTERNS).map(lambda pattern: {"type": "string", "pattern": pattern})
    formats = st.sampled_from(FORMATS).map(lambda name: {"type": "string", "format": name})
    return lengths | patterns | formats


@st.composite
def numbers(draw: st.DrawFn) -> Any:
    """Return schemas of numbers that can be met."""
    schema: dict[str, Any] = {"type": draw(st.sampled_from(["integer", "number"]))}
    low = draw(st.integers(-1_000, 1_000))
    if draw(st.booleans()):
        schema[draw(st.sampled_from(["minimum", "exclusiveMinimum"]))] = low
    if draw(st.booleans()):
        schema[draw(st.sampled_from(["maximum", "exclusiveMaximum"]))] = low + draw(
            st.integers(20, 99)
        )
    if draw(st.booleans()):
        schema["multipleOf"] = draw(st.sampled_from([1, 2, 5, 10, 0.5, 0.25]))
    return schema


def objects(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return schemas of objects, some of whose properties must be there."""
    members = st.dictionaries(NAMES, st.tuples(inside, st.booleans()), max_size=5)
    return members.map(
        lambda given: {
            "type": "object",
            "properties": {name: part for name, (part, _) in given.items()},
            "required": [name for name, (_, is_required) in given.items() if is_required],
            "additionalProperties": False,
        }
    )


def arrays(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return schemas of arrays."""
    sizes = st.tuples(inside, st.integers(0, 3), st.integers(0, 3))
    return sizes.map(
        lambda given: {
            "type": "array",
            "items": given[0],
            "minItems": given[1],
            "maxItems": sum(given[1:]),
        }
    )


DEFINITIONS = {
    "leaf": {"type": "string", "minLength": 2},
    "tree": {
        "type": "object",
        "properties": {
            "value": {"type": "integer", "minimum": 3},
            "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
        },
        "required": ["value"],
    },
}
LEAVES = st.one_of(
    texts(),
    numbers(),
    LITERALS.map(lambda value: {"const": value}),
    st.lists(LITERALS, min_size=1, max_size=4).map(lambda values: {"enum": values}),
    st.sampled_from(
        [
            {},
            {"type": "boolean"},
            {"type": "null"},
            {"type": ["string", "null"]},
            {"type": ["integer", "string"], "minimum": 5, "minLength": 2},
            {"$ref": "#/$defs/leaf"},
            {"$ref": "#/$defs/tree"},
            {"type": "array", "items": {"type": "integer"}, "minItems": 2, "uniqueItems": True},
        ]
    ),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inside: st.one_of(
        objects(inside),
        arrays(inside),
        st.lists(inside, min_size=1, max_size=3).map(lambda parts: {"anyOf": parts}),
        inside.map(lambda part: {"anyOf": [part, {"type": "null"}]}),
        inside.map(lambda part: {"allOf": [part]}),
    ),
    max_leaves=12,
)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(objects(SCHEMAS), PROMPTS, st.booleans())
def test_a_value_fits_its_schema(schema: Any, text: str, guesses: bool) -> None:
    """Whatever the schema, as long as there is such a value at all."""
    schema = {**schema, "$defs": DEFINITIONS}
    value, _ = composed(schema, text, guesses=guesses)
    jsonschema.Draft202012Validator(schema).validate(value)


HOPELESS: list[Any] = [
    False,
    {"type": "string", "minLength": 10**12},
    {
        "type": "array",
        "items": {
            "type": "array",
            "items": {"type": "array", "minItems": 10**9},
            "minItems": 10**9,
        },
        "minItems": 10**9,
    },
    {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
    {
        "$ref": "#/$defs/a",
        "$defs": {"a": an_object(a={"$ref": "#/$defs/a"}, b={"$ref": "#/$defs/a"})},
    },
    {"anyOf": [{"$ref": "#"}, {"type": "array", "items": {"$ref": "#"}, "minItems": 3}]},
    {"allOf": [{"$ref": "#"}] * 20},
    {"type": "integer", "minimum": 5, "maximum": 1},
    {"type": "number", "multipleOf": 1e-300, "minimum": 1e308},
    {"type": "string", "pattern": "(a+)+(?=b)["},
    {"enum": []},
    {"not": {}},
    an_object(**{f"name_{number}": TEXT for number in range(600)}),
]


@pytest.mark.parametrize("schema", HOPELESS)
def test_a_schema_that_cannot_be_met_gets_something(schema: Any) -> None:
    """And soon: nothing is raised, and nothing is endless."""
    for text in ("", "Paris and cust_1, 12 times 7. " * 600):
        value, _ = composed(schema, text)
        assert len(json.dumps(value)) < 1_000_000
