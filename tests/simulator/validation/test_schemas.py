"""JSON schemas: which are ones."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from grader.simulator.validation.schemas import is_schema

BAD: list[Any] = [
    None,
    "object",
    [],
    {"type": "text"},
    {"type": []},
    {"type": ["string", "string"]},
    {"properties": ["city"]},
    {"properties": {"city": "string"}},
    {"required": "city"},
    {"required": ["city", "city"]},
    {"required": [1]},
    {"items": [{"type": "string"}]},
    {"enum": "Rome"},
    {"anyOf": []},
    {"anyOf": [{"type": "text"}]},
    {"additionalProperties": 1},
    {"description": 1},
    {"minimum": "0"},
    {"exclusiveMinimum": True},
    {"multipleOf": 0},
    {"maxLength": -1},
    {"minItems": 0.5},
    {"uniqueItems": 1},
    {"$defs": {"a": {"properties": {"b": {"type": "int"}}}}},
]
GOOD: list[Any] = [
    True,
    False,
    {},
    {"type": "object", "properties": {}},
    {"type": ["string", "null"]},
    {"properties": {"city": {"type": "string", "description": "A city.", "enum": ["Rome"]}}},
    {"required": []},
    {"items": {"$ref": "#/$defs/a"}, "$defs": {"a": True}},
    {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    {"additionalProperties": {"type": "string"}},
    {"minimum": -1.5, "maxLength": 3, "multipleOf": 0.5, "default": [], "const": None},
    {"title": "A", "x-own": 1},
]


@pytest.mark.parametrize("schema", BAD, ids=repr)
def test_a_bad_schema_is_told_as_a_full_validator_does(schema: Any) -> None:
    """Both find it bad."""
    with pytest.raises(SchemaError):
        Draft202012Validator.check_schema(schema)
    assert not is_schema(schema)


@pytest.mark.parametrize("schema", GOOD, ids=repr)
def test_a_good_schema_is_told_as_a_full_validator_does(schema: Any) -> None:
    """Both find it good."""
    Draft202012Validator.check_schema(schema)
    assert is_schema(schema)


SIMPLE = st.sampled_from(
    ["string", "object", "text", 0, -1, 0.5, 2, True, None, [], ["a"], ["a", "a"], [{}], {}]
)
SCHEMAS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "properties",
                    "required",
                    "items",
                    "enum",
                    "anyOf",
                    "prefixItems",
                    "not",
                    "minimum",
                    "multipleOf",
                    "maxLength",
                    "uniqueItems",
                    "description",
                    "additionalProperties",
                    "$defs",
                    "if",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=10,
)


@settings(max_examples=150)
@given(SCHEMAS)
def test_random_schemas_are_told_as_a_full_validator_does(schema: Any) -> None:
    """The short reading of the meta-schema agrees with the whole of it."""
    try:
        Draft202012Validator.check_schema(schema)
        good = True
    except SchemaError:
        good = False
    assert is_schema(schema) == good
