"""Schemas are read as the jsonschema library reads them, in bounded steps."""

from typing import Any

import jsonschema
import pytest

from grader.simulator.replies.values.schema import Schema, count_of, merge, types_of

VALUES = [
    None,
    True,
    False,
    0,
    1,
    1.0,
    2.5,
    -3,
    "",
    "a",
    "abc",
    "2026-03-03",
    [],
    [1],
    [1, 1],
    [1, "a"],
    [1, 2, 3],
    {},
    {"a": 1},
    {"a": "x", "b": 2},
    {"b": None},
    {"x1": 1},
]
SCHEMAS: list[Any] = [
    True,
    False,
    {},
    {"type": "integer"},
    {"type": ["string", "null"]},
    {"enum": [1, "a", None, [1]]},
    {"const": True},
    {"minimum": 1, "exclusiveMaximum": 2.5},
    {"maximum": 1, "exclusiveMinimum": -3},
    {"multipleOf": 0.5},
    {"minLength": 1, "maxLength": 2},
    {"pattern": "^a"},
    {"minItems": 1, "maxItems": 2, "uniqueItems": True},
    {"items": {"type": "integer"}},
    {"prefixItems": [{"const": 1}], "items": {"type": "string"}},
    {"contains": {"const": 1}, "minContains": 1, "maxContains": 1},
    {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
    {"properties": {"a": True}, "additionalProperties": False},
    {"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": {"type": "integer"}},
    {"propertyNames": {"maxLength": 1}, "minProperties": 1, "maxProperties": 1},
    {"allOf": [{"type": "integer"}, {"minimum": 1}]},
    {"anyOf": [{"type": "string"}, {"minimum": 1}]},
    {"oneOf": [{"type": "number"}, {"type": "integer"}]},
    {"not": {"type": "string"}},
    {"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "array"}},
    {"if": {"type": "string"}},
    {"$ref": "#/$defs/a", "minimum": 1, "$defs": {"a": {"type": "integer"}}},
    {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "integer"}}},
    {"$ref": "#/anyOf/0", "anyOf": [{"type": "string"}]},
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_value_fits_as_the_library_says(schema: Any) -> None:
    """Every keyword that people write, on values of every type."""
    reader = Schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for value in VALUES:
        assert reader.accepts(schema, value) == validator.is_valid(value), value


def test_formats_that_are_known_are_checked() -> None:
    """Others fit anything."""
    for name, good in (("date", "2026-03-03"), ("email", "a@b.c"), ("uuid", "x"), ("new", "x")):
        schema = {"type": "string", "format": name}
        assert Schema(schema).accepts(schema, good) == (name != "uuid")
        assert Schema(schema).accepts(schema, 1) is False


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        {"allOf": [{"$ref": "#"}] * 20},
        {"anyOf": [{"$ref": "#"}] * 20},
        {"not": {"$ref": "#"}},
    ],
)
def test_a_schema_that_holds_itself_is_read(schema: Any) -> None:
    """It would go on for ever otherwise."""
    reader = Schema(schema)
    assert reader.accepts(schema, 1) in (True, False)
    assert isinstance(reader.resolve(schema), dict)


@pytest.mark.parametrize(
    "reference", ["#/nope", "#nope", "https://example.com/a", "#/const", "#/enum/0", "#/enum/x"]
)
def test_a_reference_to_no_schema_takes_anything(reference: str) -> None:
    """What is not in the document cannot be asked for."""
    schema = {"$ref": reference, "const": {"type": 5}, "enum": [{"type": 5}]}
    assert Schema(schema).target(reference) is True


def test_what_two_schemas_ask_is_put_together() -> None:
    """So that one value can be made for both."""
    one = {
        "type": "number",
        "minimum": 1,
        "enum": [1, 2, 3],
        "required": ["a"],
        "properties": {"a": True},
    }
    other = {"type": "integer", "minimum": 2, "enum": [2, 3], "required": ["b"], "title": "t"}
    assert merge(one, {**other, "properties": {"a": {}, "b": {}}}) == {
        "type": ["integer"],
        "minimum": 2,
        "enum": [2, 3],
        "required": ["a", "b"],
        "title": "t",
        "properties": {"a": {"allOf": [True, {}]}, "b": {}},
    }


def test_a_schemas_types_and_counts_are_told() -> None:
    """Where it does not say its type, its keywords may."""
    assert types_of({"type": ["string", "null"]}) == ("string", "null")
    assert types_of({"properties": {}}) == ("object",)
    assert types_of({"items": {}}) == ("array",)
    assert types_of({}) == ()
    assert count_of({"minItems": 3.0}, "minItems", most=2) == 2
    assert count_of({}, "maxItems", most=5, default=4) == 4
