"""Structured outputs: which schemas the API guarantees, and what they do not go with."""

import json
from collections.abc import Callable
from typing import Any, Literal

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field, create_model

from grader.simulator import Simulator

MODEL = "claude-sonnet-4-6"
BASE: dict[str, Any] = {
    "model": MODEL,
    "max_tokens": 4_000,
    "messages": [{"role": "user", "content": "Anna Berg is 34 and lives in Oslo."}],
}
CLOSED: dict[str, Any] = {"type": "object", "additionalProperties": False}
FORMAT = "output_config.format.schema"
OPEN = "For 'object' type, 'additionalProperties' must be explicitly set to false"
FEW = "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
CIRCLE = (
    "Circular reference detected in schema definitions: node -> node. Self-referencing or "
    "mutually-referencing definitions are not supported."
)
QUOTED: list[tuple[Any, str]] = [
    ({"type": "object"}, OPEN),
    ({"type": "object", "additionalProperties": True}, OPEN),
    ({"anyOf": [CLOSED, {"type": "object"}]}, OPEN),
    ({"$defs": {"a": {"type": "object"}}}, OPEN),
    ({"type": "integer", "minimum": 1}, "For 'integer' type, property 'minimum' is not supported"),
    (
        {"type": "integer", "minimum": 1, "maximum": 9},
        "For 'integer' type, properties maximum, minimum are not supported",
    ),
    ({"type": "array", "maxItems": 3}, "For 'array' type, property 'maxItems' is not supported"),
    ({"type": "array", "minItems": 2}, FEW),
    ({"$ref": "#/$defs/node", "$defs": {"node": {"$ref": "#/$defs/node"}}}, CIRCLE),
]
"""What replies of the API were quoted to say of a part of a schema."""
REFUSED: list[Any] = [
    {"type": "string", "minLength": 1},
    {"type": ["string", "null"], "maxLength": 1},
    {"type": "string", "format": "color"},
    {"type": "string", "pattern": r"(?=a)b"},
    {"type": "string", "pattern": r"(a)\1"},
    {"type": "number", "multipleOf": 0.5},
    {"type": "array", "uniqueItems": True},
    {"oneOf": [{"type": "string"}]},
    {"not": {"type": "string"}},
    {"enum": [{"a": 1}]},
    {"$ref": "https://example.com/schema"},
    {"$ref": "#/$defs/absent"},
    {"$defs": {"a": {"type": "string"}}, "allOf": [{"$ref": "#/$defs/a"}]},
]
TAKEN: list[Any] = [
    {},
    CLOSED,
    {**CLOSED, "properties": {"type": {"type": "string"}}},
    {"enum": ["a", 1, None], "default": "a", "description": "One.", "title": "A"},
    {"const": 1},
    {"type": "array", "minItems": 1, "items": {"type": "boolean"}},
    {"type": "string", "format": "date-time"},
    {"type": "string", "pattern": "^[a-z]+$"},
    {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    {"allOf": [{"type": "string"}, {"description": "Short."}]},
    {"$ref": "#/$defs/a", "$defs": {"a": {"type": "number"}}},
    {"type": "array", "items": [], "minItems": 0} | {"items": {"type": "null"}},
]


def wrapped(part: Any) -> dict[str, Any]:
    """Return a closed object with a property of this schema, whose definitions stand on top."""
    defs = part.get("$defs")
    inner = {key: value for key, value in part.items() if key != "$defs"}
    whole = {**CLOSED, "properties": {"a": inner}, "required": ["a"]}
    return {**whole, "$defs": defs} if defs else whole


def as_format(schema: Any) -> dict[str, Any]:
    """Return the change that asks for an answer by a schema."""
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


def as_tool(schema: Any, **more: Any) -> dict[str, Any]:
    """Return the change that offers a strict tool with a schema."""
    return {"tools": [{"name": "note", "strict": True, "input_schema": schema, **more}]}


@pytest.mark.parametrize(("part", "words"), QUOTED, ids=range(len(QUOTED)))
def test_what_is_not_guaranteed_is_told_in_the_apis_words(
    refusal: Callable[..., str], part: Any, words: str
) -> None:
    """At any depth, for a format by either of its names, and for a strict tool alone."""
    old = {"output_format": {"type": "json_schema", "schema": wrapped(part)}}
    assert refusal(as_format(wrapped(part))) == f"{FORMAT}: {words}"
    assert refusal(old, betas=["structured-outputs-2025-11-13"]) == f"output_format.schema: {words}"
    assert refusal(as_tool(wrapped(part))) == f"tools.0.custom: {words}"
    assert refusal(as_tool(wrapped(part), strict=False)) == ""


@pytest.mark.parametrize("part", REFUSED, ids=repr)
def test_what_the_documentation_leaves_out_is_refused(
    refusal: Callable[..., str], part: Any
) -> None:
    """In words of ours, with the place of the schema before them."""
    assert refusal(as_format(wrapped(part))).startswith(f"{FORMAT}: ")
    assert refusal(as_tool(wrapped(part))).startswith("tools.0.custom: ")


@pytest.mark.parametrize("part", TAKEN, ids=repr)
def test_what_the_documentation_names_is_taken(refusal: Callable[..., str], part: Any) -> None:
    """A key or a value that only looks like a keyword is none."""
    assert refusal(as_format(wrapped(part))) == ""


def test_a_circle_of_several_definitions_is_named(refusal: Callable[..., str]) -> None:
    """The one that the definitions make, and one by the whole schema."""
    ahead = {"b": {"$ref": "#/$defs/c"}, "c": {"type": "array", "items": {"$ref": "#/$defs/b"}}}
    whole = {**CLOSED, "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": ahead}
    assert "definitions: b -> c -> b. Self" in refusal(as_format(whole))
    assert "definitions: # -> #. Self" in refusal(as_format(wrapped({"$ref": "#"})))


@pytest.mark.parametrize("count", [24, 25])
def test_optional_parameters_of_all_schemas_count_together(
    refusal: Callable[..., str], count: int
) -> None:
    """Quoted with the number; a tool that is not strict does not count."""
    properties = {f"p{n}": {"type": "string"} for n in range(count - 4)}
    tools = as_tool({**CLOSED, "properties": properties})["tools"]
    loose = {**tools[0], "name": "loose", "strict": False}
    few = {**CLOSED, "properties": {f"q{n}": {"type": "string"} for n in range(4)}}
    told = refusal({**as_format(few), "tools": [*tools, loose]})
    assert told == (
        ""
        if count == 24
        else "Schemas contains too many optional parameters (25), which would make grammar "
        "compilation inefficient. Reduce the number of optional parameters in your tool schemas "
        "(limit: 24)."
    )


@pytest.mark.parametrize("count", [16, 17])
def test_parameters_of_several_types_are_few(refusal: Callable[..., str], count: int) -> None:
    """Whether by a list of types or by a choice."""
    both = [{"type": ["string", "null"]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}]
    properties = {f"p{n}": both[n % 2] for n in range(count)}
    told = refusal(as_format({**CLOSED, "properties": properties, "required": [*properties]}))
    assert ("union types (17)" in told, bool(told)) == (count == 17, count == 17)


@pytest.mark.parametrize("count", [20, 21])
def test_strict_tools_are_few(refusal: Callable[..., str], count: int) -> None:
    """The beginning of the refusal is quoted."""
    tools = [{"name": f"t{n}", "strict": True, "input_schema": CLOSED} for n in range(count)]
    assert refusal({"tools": tools}).startswith("Too many strict tools") == (count == 21)


def test_a_format_does_not_go_with_a_begun_answer_or_citations(refusal: Callable[..., str]) -> None:
    """Each of them is taken without the format."""
    cited = {"type": "search_result", "source": "s", "title": "t", "citations": {"enabled": True}}
    cited["content"] = [{"type": "text", "text": "Rome."}]
    begun = {"messages": [*BASE["messages"], {"role": "assistant", "content": "{"}]}
    asked = {"messages": [{"role": "user", "content": [cited, {"type": "text", "text": "Hi"}]}]}
    for changes in (begun, asked):
        changes["model"] = "claude-sonnet-4-5"
        assert refusal(changes) == ""
        assert refusal({**changes, **as_format(CLOSED)}).startswith("output_config.format: ")


def test_the_older_name_belongs_to_its_beta(refusal: Callable[..., str]) -> None:
    """Without the header it is an unknown key; with it one of the two names is enough."""
    old = {"output_format": {"type": "json_schema", "schema": CLOSED}}
    beta = ["structured-outputs-2025-11-13"]
    assert refusal(old) == "output_format: Extra inputs are not permitted"
    assert refusal(old, betas=beta) == ""
    assert refusal({**old, **as_format(CLOSED)}, betas=beta).startswith("output_format: ")
    assert refusal({"output_format": {}}, betas=beta) == "output_format.schema: Field required"


def answer_of(body: dict[str, Any], *betas: str) -> dict[str, Any]:
    """Return the message that a simulator answers a request with."""
    headers = {"x-api-key": "k", "anthropic-version": "2026-10-21"}
    headers |= {"anthropic-beta": ",".join(betas)}
    reply = Simulator(seed=1).handle("POST", "/v1/messages", headers, json.dumps(body).encode())
    assert reply.status == 200, reply.body
    message: dict[str, Any] = reply.body
    return message


def test_the_older_name_is_answered_as_the_newer() -> None:
    """The same words, and the same bill."""
    schema = wrapped({"type": "string", "format": "email"})
    old = {"output_format": {"type": "json_schema", "schema": schema}}
    one = answer_of({**BASE, **old}, "structured-outputs-2025-11-13")
    other = answer_of({**BASE, **as_format(schema)})
    assert (one["content"], one["usage"]) == (other["content"], other["usage"])


PLAIN: list[Any] = [str, int, float, bool, Literal["red", "blue"], str | None, list[str]]
BOUNDS: list[Any] = [
    Field(ge=1, le=9),
    Field(gt=0),
    Field(multiple_of=2),
]


@st.composite
def models(draw: st.DrawFn, depth: int = 2) -> type[BaseModel]:
    """Draw a pydantic model, with bounds, defaults, lists, choices and models inside."""
    fields: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from("abcdefg"), unique=True, max_size=4)):
        kinds = st.sampled_from(PLAIN)
        if depth:
            inner = models(depth - 1)
            kinds = st.one_of(
                kinds,
                inner,
                inner.map(lambda kind: list[kind]),  # type: ignore[valid-type]
                inner.map(lambda kind: kind | None),
            )
        kind = draw(kinds)
        if kind is int:
            fields[name] = (kind, draw(st.sampled_from(BOUNDS)))
        elif kind is str:
            fields[name] = (kind, Field(min_length=1, max_length=40))
        elif kind == list[str]:
            fields[name] = (kind, Field(min_length=draw(st.integers(0, 3)), max_length=9))
        else:
            fields[name] = (kind, None) if kind == (str | None) else (kind, ...)
    return create_model(f"Model{draw(st.integers(0, 10**9))}", **fields)


def keys_in_order(value: Any, schema: Any, defs: Any) -> bool:
    """Return whether the keys of a value come as promised: required ones first, by the schema."""
    if "$ref" in schema:
        return keys_in_order(value, defs[schema["$ref"].rpartition("/")[2]], defs)
    if isinstance(value, list):
        return all(keys_in_order(each, schema["items"], defs) for each in value)
    if not isinstance(value, dict) or "properties" not in schema:
        return True
    names = [name for name in schema["properties"] if name in value]
    names.sort(key=lambda name: name not in schema.get("required", ()))
    inside = (keys_in_order(value[name], schema["properties"][name], defs) for name in names)
    return [*value] == names and all(inside)


@settings(max_examples=60)
@given(models())
def test_what_the_sdk_makes_of_a_model_is_taken_and_answered(model: type[BaseModel]) -> None:
    """Its schema passes, and the answer fits it, in the order that is promised."""
    schema = anthropic.transform_schema(model)
    message = answer_of({**BASE, **as_format(schema)})
    value = json.loads(message["content"][-1]["text"])
    Draft202012Validator(schema).validate(value)
    assert keys_in_order(value, schema, schema.get("$defs", {}))


def test_required_keys_come_first() -> None:
    """In the schema's order, wherever the schema lists them; in the input of a call too."""
    words = {"type": "string", "format": "email"}
    properties = {"a": words, "b": {"type": "string", "format": "uri"}, "c": {"type": "integer"}}
    schema = {**CLOSED, "properties": properties, "required": ["c", "b"]}
    prompt = "Note a@b.no, https://b.no and 34."
    asked = {**BASE, "messages": [{"role": "user", "content": prompt}]}
    said = answer_of({**asked, **as_format(schema)})["content"][-1]["text"]
    called = answer_of({**asked, **as_tool(schema), "tool_choice": {"type": "any"}})["content"]
    assert [*json.loads(said)] == [*called[-1]["input"]] == ["b", "c", "a"]
