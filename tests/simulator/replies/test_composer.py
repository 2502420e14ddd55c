"""Values are composed of what a text gives, and fit their schema wherever a value can."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.catalog import find_model
from grader.simulator import LABEL, Turn, improvise
from grader.simulator.replies.asked import MadeCall, Wanted
from grader.simulator.replies.composer import Composer
from grader.simulator.replies.json_schema import Document
from tests.simulator.replies.toolbox import user

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
INTEGER: dict[str, Any] = {"type": "integer"}


def an_object(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that must have all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def composed(schema: Any, prompt: str = "", *calls: MadeCall, **options: Any) -> Composer:
    """Return what composed a value."""
    return Composer(Document(schema), Wanted(prompt, calls), **options)


def formatted(schema: Any, prompt: str) -> Any:
    """Return what a reply in a format holds."""
    shape = {"type": "json_schema", "schema": schema}
    request = {
        "max_tokens": 8_000,
        "messages": [user(prompt)],
        "output_config": {"format": shape},
    }
    reply: Turn = improvise(request, find_model("claude-sonnet-4-6"))
    return json.loads("".join(block["text"] for block in reply.content))


GIVEN: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (
        an_object(invoice_number=TEXT, vendor=TEXT, total=NUMBER),
        "Invoice INV-2041 from Acme GmbH, total 1,234.50",
        {"invoice_number": "INV-2041", "vendor": "Acme GmbH", "total": 1234.5},
    ),
    (
        an_object(customer=an_object(name=TEXT, email=TEXT), order=an_object(id=TEXT)),
        "The customer is Jane Doe, email jane@x.org, with order ord_7",
        {"customer": {"name": "Jane Doe", "email": "jane@x.org"}, "order": {"id": "ord_7"}},
    ),
    (
        an_object(website={"type": "string", "format": "uri"}, day={**TEXT, "format": "date"}),
        "See https://example.com/a on 2026-05-01.",
        {"website": "https://example.com/a", "day": "2026-05-01"},
    ),
    (
        an_object(code={"type": "string", "pattern": "^[A-Z]{3}-[0-9]$"}, size={"enum": [1, 2, 3]}),
        "Ship ABC-7 in size 2",
        {"code": "ABC-7", "size": 2},
    ),
    (an_object(price={"anyOf": [NUMBER, {"type": "null"}]}), "It is $49.99", {"price": 49.99}),
    (an_object(total=TEXT), "Please pay 49.90 EUR", {"total": "49.90"}),
    (
        an_object(vendor=TEXT, currency=TEXT, total=TEXT),
        "From Acme GmbH, Berlin, in March: 49.90 EUR",
        {"vendor": "Acme GmbH", "currency": "EUR", "total": "49.90"},
    ),
    (
        an_object(from_currency=TEXT, to_currency=TEXT),
        "Convert 5 USD to CHF for Paris",
        {"from_currency": "USD", "to_currency": "CHF"},
    ),
    (an_object(demo_requested={"type": "boolean"}), "and a demo", {"demo_requested": True}),
    (an_object(amount={"type": "integer", "maximum": 9}), "12 of 7", {"amount": 7}),
]


@pytest.mark.parametrize(("schema", "text", "expected"), GIVEN)
def test_a_text_gives_its_values(schema: Any, text: str, expected: Any) -> None:
    """By their kinds, by the words before them, by their formats and what is allowed."""
    found = composed(schema, text)
    assert (found.value, found.missing) == (expected, [])


def test_what_nothing_gives_is_made_up_and_named() -> None:
    """Defaults, examples and allowed values first, and texts that say they are simulated."""
    schema = an_object(
        city=TEXT,
        unit={"enum": ["celsius", "fahrenheit"]},
        limit={"type": "integer", "minimum": 3},
        plan={"type": "string", "default": "pro"},
        ref={"type": "string", "examples": ["ZX-1"]},
        note={"type": ["string", "null"]},
    )
    found = composed(schema)
    assert found.value == {
        "city": "simulated city",
        "unit": "celsius",
        "limit": 3,
        "plan": "pro",
        "ref": "ZX-1",
        "note": None,
    }
    assert (found.missing, found.unchosen) == (["city", "limit", "ref"], ["unit"])


def test_what_need_not_be_there_is_there_only_where_it_is_given() -> None:
    """A number in the middle of nowhere may be meant, or not."""
    schema = {
        "type": "object",
        "properties": {"query": TEXT, "limit": INTEGER, "language": TEXT},
        "required": ["query"],
    }
    assert composed(schema, "5 articles about cats").value == {"query": "cats"}
    assert composed(schema, "articles about cats, limit 5").value["limit"] == 5


def test_the_part_about_it_is_looked_at_first() -> None:
    """What stands nearest to what is asked is meant."""
    text = "The weather in Paris and the time in Tokyo"
    region = (text.index("the time"), len(text))
    assert composed(an_object(city=TEXT), text).value == {"city": "Paris"}
    assert composed(an_object(city=TEXT), text, region=region).value == {"city": "Tokyo"}


@pytest.mark.parametrize(
    ("name", "call", "expected"),
    [
        (
            "customer_id",
            MadeCall("get_order", {}, '{"order": {"customer_id": "cust_9"}}'),
            "cust_9",
        ),
        ("customer_id", MadeCall("find_customer", {}, '[{"id": "cust_9"}]'), "cust_9"),
        ("customer_id", MadeCall("find_order", {}, '{"id": "ord_9"}'), None),
        ("customer_id", MadeCall("find_customer", {}, '{"id": "c"}', has_failed=True), None),
    ],
)
def test_results_give_what_belongs_to_the_same_thing(
    name: str, call: MadeCall, expected: Any
) -> None:
    """An order's id is no customer's."""
    found = composed(an_object(**{name: TEXT}), "Go on.", call)
    assert (None if found.missing else found.value[name]) == expected


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
    return lengths | st.sampled_from(FORMATS).map(lambda name: {"type": "string", "format": name})


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
        "additionalProperties": False,
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
            {"type": "array", "prefixItems": [INTEGER, TEXT], "minItems": 3},
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
        inside.map(lambda part: {"oneOf": [{"type": "null"}, {"not": {"type": "null"}, **part}]}),
        inside.map(lambda part: {"allOf": [part]}),
    ),
    max_leaves=12,
)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(objects(SCHEMAS), PROMPTS)
def test_a_reply_in_a_format_fits_its_schema(schema: Any, prompt: str) -> None:
    """Whatever the schema, as long as there is such a value at all."""
    schema = {**schema, "$defs": DEFINITIONS}
    jsonschema.Draft202012Validator(schema).validate(formatted(schema, prompt))


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(objects(SCHEMAS), PROMPTS)
def test_the_input_of_a_strict_tool_fits_its_schema(schema: Any, prompt: str) -> None:
    """A learner's code counts on it."""
    schema = {**schema, "$defs": DEFINITIONS}
    request = {
        "max_tokens": 8_000,
        "messages": [user(prompt)],
        "tools": [{"name": "keep", "strict": True, "input_schema": schema}],
        "tool_choice": {"type": "tool", "name": "keep"},
    }
    calls = improvise(request, find_model("claude-sonnet-4-6")).content
    assert calls
    for call in calls:
        jsonschema.Draft202012Validator(schema).validate(call["input"])


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
    {"anyOf": [{"$ref": "#"}] * 20},
    {"not": {"$ref": "#"}},
    {"$ref": "https://example.com/nobody-fetches-this"},
    {"type": "integer", "minimum": 5, "maximum": 1},
    {"type": "number", "multipleOf": 1e-300, "minimum": 1e308},
    {"type": "string", "pattern": "(a+)+(?=b)["},
    {"type": "string", "pattern": "^(a+)+$", "default": "a" * 60 + "!"},
    {"patternProperties": {"^(a+)+$": TEXT}, "required": ["a" * 60 + "!"], "type": "object"},
    {"enum": []},
    {"not": {}},
    an_object(**{f"name_{number}": TEXT for number in range(600)}),
]


@pytest.mark.parametrize("schema", HOPELESS, ids=lambda schema: json.dumps(schema)[:40])
def test_a_schema_that_cannot_be_met_gets_something(schema: Any) -> None:
    """And soon: nothing is raised, and nothing is endless."""
    for text in ("", "Paris and cust_1, 12 times 7. " * 600):
        assert len(json.dumps(composed(schema, text).value)) < 1_000_000


def test_an_input_that_does_not_fit_is_said_to_be_none() -> None:
    """Whoever wrote the pattern sees why the call looks as it does."""
    pattern = {"type": "string", "pattern": "^(x-)+$", "default": "nothing"}
    definition = {"name": "get_part", "input_schema": an_object(part=pattern)}
    request = {
        "max_tokens": 900,
        "messages": [user("Get the part, please.")],
        "tools": [definition],
    }
    said, call = improvise(request, find_model("claude-sonnet-4-6")).content
    assert call["input"] == {"part": "nothing"}
    assert said["text"] == (
        f"{LABEL} I'll call get_part. Nothing was found that fits the schema: 'nothing' was not "
        "tried against the pattern '^(x-)+$'."
    )
