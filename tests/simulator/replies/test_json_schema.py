"""The library says what fits, quickly, and is loaded only where it is needed."""

import subprocess
import sys
from typing import Any

import pytest

from grader.simulator.replies.json_schema import Document, is_quick


def test_a_misfit_is_told_in_the_librarys_words() -> None:
    """The first one; nothing where the value fits."""
    document = Document({"type": "object", "properties": {"a": {"type": "integer"}}})
    assert document.misfit({"a": "x"}) == "'x' is not of type 'integer'"
    assert document.misfit({"a": 1}) == ""
    assert document.misfit("x", {"minLength": 2}) == "'x' is too short"


def test_a_part_refers_to_the_whole() -> None:
    """By a pointer from its root."""
    document = Document({"$defs": {"a/b": {"type": "integer"}}, "anyOf": [{"type": "null"}]})
    reference = {"$ref": "#/$defs/a~1b"}
    assert (document.misfit(1, reference), document.find(reference["$ref"])) == (
        "",
        [{"type": "integer"}],
    )
    assert document.misfit("x", reference) != ""
    assert document.find("#/anyOf/0") == [{"type": "null"}]


@pytest.mark.parametrize("reference", ["#/nope", "https://example.com/a", "#/anyOf/7", 5])
def test_a_reference_to_nothing_finds_nothing(reference: Any) -> None:
    """And nothing is fetched for it."""
    document = Document({"anyOf": [True], "$ref": reference})
    assert document.find(reference) == []
    assert document.misfit(1).startswith("the schema cannot be read")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"$ref": "#"}, True),
        ({"allOf": [{"type": "object"}, {"$ref": "#"}]}, True),
        ({"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}, True),
        ({"not": {"$ref": "#/$defs/a"}, "$defs": {"a": {"if": {"$ref": "#"}}}}, True),
        ({"properties": {"a": {"$ref": "#"}}}, False),
        ({"anyOf": [{"$ref": "#/$defs/a"}] * 2, "$defs": {"a": {"items": {"$ref": "#"}}}}, False),
    ],
)
def test_a_schema_that_asks_itself_without_an_end_is_not_tried(schema: Any, expected: bool) -> None:
    """One that goes on inside the value ends with it."""
    assert (Document(schema).misfit({}) != "") == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^cust_\d+$", True),
        (r"^[A-Z]{2,3}-\d{4}$", True),
        (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", True),
        (r"^(red|blue)$", True),
        (r"^(\d{3})?-x$", True),
        (r"(a+)+$", False),
        (r"(a|a)*b", False),
        (r"(?:\w{2}){3,}", False),
        (r"a*a*a*a*a*b", False),
        (r"\w{1,99}\w{1,99}\w{1,99}\w{1,99}\w{1,99}!", False),
    ],
)
def test_a_pattern_that_might_take_for_ever_is_not_tried(pattern: str, expected: bool) -> None:
    """A repeated group, or much that may be repeated: nothing is known to fit it then."""
    assert is_quick(pattern) == expected
    told = Document({"pattern": pattern}).misfit("a" * 40 + "!")
    assert ("was not tried" in told) == (not expected)


def test_a_pattern_is_not_tried_on_a_long_text() -> None:
    """Even a quick one takes a while over it."""
    document = Document({"pattern": "a"})
    assert document.misfit("a" * 200) == ""
    assert "was not tried" in document.misfit("a" * 201)


def test_no_client_without_tools_loads_the_library() -> None:
    """It takes as long as a good part of the SDK; and its grammar of addresses is never loaded."""
    code = """
import sys
from grader.simulator import Simulator
import json
headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
asked = {"model": "claude-sonnet-4-6", "max_tokens": 99}
asked["messages"] = [{"role": "user", "content": "Where is order A-1?"}]
def send(**more):
    Simulator().handle("POST", "/v1/messages", headers, json.dumps({**asked, **more}).encode())
    return "jsonschema" in sys.modules
schema = {"type": "object", "properties": {"id": {"type": "string"}}}
print(send(), send(tools=[{"name": "find_order", "input_schema": schema}]))
print("lark" in sys.modules, sys.modules.get("rfc3987_syntax"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["False True", "False None"]
