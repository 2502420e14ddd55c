"""Responses requests: what they come to for the Messages API, and what OpenAI refuses of them."""

import json
from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.simulator import Reply, Script, Simulator, text
from tests.simulator.dialects.test_responses import FUNCTION, PARAMETERS, Heard

CALL = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"a":1}'}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "42"}
USER = {"role": "user", "content": "Hi"}


def sent(model: str = "gpt-5.5", path: str = "/v1/responses", **body: Any) -> Reply:
    """Return the reply to a request."""
    simulator = Simulator(replies=Script(text("Hi.")), seed=1)
    given = json.dumps({"model": model, **body}).encode()
    return simulator.handle("POST", path, {"authorization": "Bearer k"}, given)


def heard(model: str = "gpt-5.5", **body: Any) -> Any:
    """Return the Messages request that a request came to, checked by the API's own rules."""
    model_side = Heard(text("Hi."))
    given = json.dumps({"model": model, **body}).encode()
    reply = Simulator(replies=model_side).handle(
        "POST", "/v1/responses", {"authorization": "Bearer k"}, given
    )
    assert reply.status == 200, reply.body
    return model_side.requests[0]


def refused(**body: Any) -> tuple[str, str | None, str | None]:
    """Return message, parameter and code of a 400."""
    reply = sent(**{"input": "Hi", **body})
    assert reply.status == 400, reply.body
    error = reply.body["error"]
    assert error["type"] == "invalid_request_error"
    return error["message"], error["param"], error["code"]


def outline(request: Any) -> list[tuple[str, list[str]]]:
    """Return the turns of a request, each with the types of its blocks."""
    return [(turn["role"], [b["type"] for b in turn["content"]]) for turn in request["messages"]]


def test_words_and_instructions_are_a_user_and_a_system() -> None:
    """System and developer items stand behind the instructions."""
    items = [
        {"role": "system", "content": "One."},
        USER,
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "2."}]},
    ]
    request = heard(input=items, instructions="Zero.")
    assert request["system"] == "Zero.\nOne.\n2."
    assert outline(request) == [("user", ["text"])]


def test_results_stand_right_behind_their_calls() -> None:
    """Wherever the outputs stand, and all of one turn together."""
    other = {**CALL, "call_id": "c 2"}
    items = [USER, CALL, other, {"role": "user", "content": "Well?"}, OUTPUT]
    items.append({**OUTPUT, "call_id": "c 2", "output": [{"type": "input_text", "text": "43"}]})
    request = heard(input=items)
    assert outline(request) == [
        ("user", ["text"]),
        ("assistant", ["tool_use", "tool_use"]),
        ("user", ["tool_result", "tool_result", "text"]),
    ]
    _, calls, results = (turn["content"] for turn in request["messages"])
    assert calls[0]["input"] == {"a": 1}
    assert [call["id"] for call in calls] == ["c1", "c_2"]
    assert [result["tool_use_id"] for result in results[:2]] == ["c1", "c_2"]
    assert results[1]["content"] == [{"type": "text", "text": "43"}]


def test_arguments_that_are_no_object_are_kept_as_they_are() -> None:
    """OpenAI takes any string."""
    request = heard(input=[USER, {**CALL, "arguments": "[1"}, OUTPUT])
    assert request["messages"][1]["content"][0]["input"] == {"arguments": "[1"}


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        [],
        [{"role": "assistant", "content": "Hi"}],
        [USER, {"role": "assistant", "content": ""}],
    ],
)
def test_what_the_messages_api_would_refuse_is_taken(given: Any) -> None:
    """Nothing said, or an assistant's turn at either end."""
    assert sent(input=given).status == 200


def test_pictures_and_files_are_blocks() -> None:
    """By address or in base64."""
    pdf = "data:application/pdf;base64,JVBERi0="
    parts = [
        {"type": "input_image", "image_url": "https://a.b/c.png"},
        {"type": "input_file", "file_url": "https://a.b/c.pdf"},
    ]
    request = heard(input=[{"role": "user", "content": parts}])
    picture, document = request["messages"][0]["content"]
    assert picture == {"type": "image", "source": {"type": "url", "url": "https://a.b/c.png"}}
    assert document == {"type": "document", "source": {"type": "url", "url": "https://a.b/c.pdf"}}
    from grader.simulator.dialects.responses.items import to_turns

    given = {"role": "user", "content": [{"type": "input_file", "file_data": pdf}]}
    (block,) = to_turns([given])[1][0]["content"]
    assert block["source"] == {
        "type": "base64",
        "media_type": "application/pdf",
        "data": "JVBERi0=",
    }


def test_functions_and_choices_have_their_counterparts() -> None:
    """Tools that run at OpenAI are taken, and not offered to the model."""
    tools = [FUNCTION, {"type": "web_search"}]
    request = heard(input="Hi", tools=tools, tool_choice="required", parallel_tool_calls=False)
    assert request["tools"] == [
        {
            "name": "get_weather",
            "description": "Say the weather.",
            "input_schema": PARAMETERS,
        }
    ]
    assert request["tool_choice"] == {"type": "any", "disable_parallel_tool_use": True}
    named = {"type": "function", "name": "get_weather"}
    chosen = heard(input="Hi", tools=tools, tool_choice=named)["tool_choice"]
    assert chosen == {"type": "tool", "name": "get_weather"}
    assert "tools" not in heard(input="Hi", tools=tools[1:], tool_choice="required")


def test_a_format_loses_what_the_messages_api_does_not_take() -> None:
    """And its objects are closed."""
    schema = {
        "type": "object",
        "properties": {"minimum": {"type": "integer", "minimum": 3}, "b": {"$ref": "#/$defs/b"}},
        "$defs": {"b": {"type": "array", "items": {"type": "object", "properties": {}}}},
    }
    shape = {"type": "json_schema", "name": "a", "schema": schema}
    assert heard(input="Hi", text={"format": shape})["output_config"]["format"] == {
        "type": "json_schema",
        "schema": {
            "type": "object",
            "properties": {"minimum": {"type": "integer"}, "b": {"$ref": "#/$defs/b"}},
            "$defs": {
                "b": {
                    "type": "array",
                    "items": {"type": "object", "properties": {}, "additionalProperties": False},
                }
            },
            "additionalProperties": False,
        },
    }


def test_reasoning_sets_how_the_stand_in_thinks() -> None:
    """A model that reasons is answered for by one that thinks, and the other way round."""
    usual = heard(input="Hi")
    assert usual["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert usual["output_config"]["effort"] == "medium"
    assert heard(input="Hi", reasoning={"effort": "minimal"})["output_config"]["effort"] == "low"
    assert heard(input="Hi", reasoning={"effort": "none"})["thinking"] == {"type": "disabled"}
    assert heard("gpt-5.4", input="Hi")["thinking"] == {"type": "disabled"}
    plain = heard("gpt-4o", input="Hi")
    assert "thinking" not in plain
    catalog = load_catalog()
    assert catalog.find(usual["model"]).rules.thinking_default == "on"
    assert catalog.find(plain["model"]).rules.thinking_default == "off"


def test_a_model_of_the_catalog_answers_for_itself() -> None:
    """As behind gateways that speak this protocol."""
    reply = sent("claude-haiku-4-5", input="Hi")
    assert reply.body["model"] == load_catalog().find("claude-haiku-4-5").id
    assert reply.body["reasoning"] == {"effort": None, "summary": None}


def test_a_limit_is_the_models_own_at_most() -> None:
    """And without one there is room for a long reply."""
    card = load_catalog().find(heard(input="Hi")["model"])
    assert heard(input="Hi", max_output_tokens=10**9)["max_tokens"] == card.max_output
    assert heard(input="Hi")["max_tokens"] == 16_000


@pytest.mark.parametrize(
    ("body", "message", "param", "code"),
    [
        (
            {"model": "gpt-5.2-proo"},
            "The requested model 'gpt-5.2-proo' does not exist.",
            "model",
            "model_not_found",
        ),
        ({"messages": []}, "Unknown parameter: 'messages'.", "messages", "unknown_parameter"),
        (
            {"input": 5},
            (
                "Invalid type for 'input': expected one of a string or an array, but "
                "got an integer instead."
            ),
            "input",
            "invalid_type",
        ),
        (
            {"max_output_tokens": 15},
            (
                "Invalid 'max_output_tokens': integer below minimum value. Expected a value "
                ">= 16, but got 15 instead."
            ),
            "max_output_tokens",
            "integer_below_min_value",
        ),
        (
            {"temperature": 2.5},
            (
                "Invalid 'temperature': decimal above maximum value. Expected a value <= "
                "2, but got 2.5 instead."
            ),
            "temperature",
            "decimal_above_max_value",
        ),
        (
            {"top_p": -1},
            (
                "Invalid 'top_p': decimal below minimum value. Expected a value >= 0, but got -1 "
                "instead."
            ),
            "top_p",
            "decimal_below_min_value",
        ),
        (
            {"input": [{"role": "tool", "content": "x"}]},
            (
                "Invalid value: 'tool'. Supported values are: 'assistant', "
                "'system', 'developer', and 'user'."
            ),
            "input[0].role",
            "invalid_value",
        ),
        (
            {"input": [{"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}]},
            "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
            "input[0].content[0].type",
            "invalid_value",
        ),
        (
            {"input": [USER, CALL]},
            "No tool output found for function call c1.",
            "input",
            None,
        ),
        (
            {"input": [USER, OUTPUT]},
            "No tool call found for function call output with call_id c1.",
            "input",
            None,
        ),
        (
            {"input": [{"type": "reasoning", "id": "rs_1", "summary": []}, USER]},
            "Item 'rs_1' of type 'reasoning' was provided without its required following item.",
            "input",
            None,
        ),
        (
            {"previous_response_id": "resp_1"},
            "Previous response with id 'resp_1' not found.",
            "previous_response_id",
            "previous_response_not_found",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": "f"}}]},
            "Missing required parameter: 'tools[0].name'.",
            "tools[0].name",
            "missing_required_parameter",
        ),
        (
            {"tools": [{**FUNCTION, "parameters": {"type": "object", "properties": {}}}]},
            (
                "Invalid schema for function 'get_weather': In "
                "context=(), 'additionalProperties' is required to be supplied and to be false."
            ),
            "tools[0].parameters",
            "invalid_function_parameters",
        ),
        (
            {"tools": [FUNCTION], "tool_choice": {"type": "function", "name": "other"}},
            "Tool choice 'function' not found in 'tools' parameter.",
            "tool_choice",
            None,
        ),
        (
            {"model": "gpt-4o", "reasoning": {"effort": "low"}},
            "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
            "reasoning.effort",
            "unsupported_parameter",
        ),
    ],
)
def test_openai_refuses_it_in_its_own_words(
    body: Any, message: str, param: str | None, code: str | None
) -> None:
    """With the parameter and a code, where it has one."""
    assert refused(**body) == (message, param, code)


@pytest.mark.parametrize("key", ["model", "input"])
def test_what_is_required_is_missed(key: str) -> None:
    """By its name; an input may be left out where a conversation goes on."""
    body = {"model": "gpt-4o", "input": "Hi"}
    del body[key]
    raw = json.dumps(body).encode()
    reply = Simulator().handle("POST", "/v1/responses", {"x-api-key": "k"}, raw)
    assert reply.body["error"]["message"] == f"Missing required parameter: '{key}'."


def test_a_property_that_may_be_left_out_is_not_strict() -> None:
    """At any depth, told with its place."""
    inner = {"type": "object", "properties": {"b": {}}, "additionalProperties": False}
    outer = {**PARAMETERS, "properties": {"city": inner}}
    shape = {"type": "json_schema", "name": "n", "strict": True, "schema": outer}
    message, param, code = refused(text={"format": shape})
    assert message == (
        "Invalid schema for response_format 'n': In context=('properties', 'city'), 'required' is "
        "required to be supplied and to be an array including every key in properties. Missing 'b'."
    )
    assert (param, code) == ("text.format.schema", "invalid_json_schema")


def test_only_one_of_two_memories_is_used() -> None:
    """A response or a conversation."""
    message, _, code = refused(previous_response_id="resp_1", conversation="conv_1")
    assert code == "mutually_exclusive_parameters"
    assert "'previous_response_id' and 'conversation'" in message


def test_an_item_may_be_named_by_its_id() -> None:
    """As long as it is kept."""
    simulator = Simulator(replies=Script(text("Hi."), text("Bye.")))

    def ask(given: Any) -> Reply:
        body = json.dumps({"model": "gpt-4o", "input": given}).encode()
        return simulator.handle("POST", "/v1/responses", {"x-api-key": "k"}, body)

    (item,) = ask("Hello").body["output"]
    named = {"type": "item_reference", "id": item["id"]}
    assert ask([USER, named, USER]).status == 200
    unknown = ask([USER, {"type": "item_reference", "id": "msg_0"}])
    assert (unknown.status, unknown.body["error"]["param"]) == (404, "input")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/responses/resp_1/nothing"), ("PUT", "/v1/responses/resp_1")],
)
def test_another_address_is_no_url(method: str, path: str) -> None:
    """In OpenAI's words, with the method."""
    reply = Simulator().handle(method, path, {"x-api-key": "k"}, b"")
    assert reply.status == 404
    assert reply.body["error"]["message"] == f"Invalid URL ({method} {path})"


def test_a_thousand_responses_are_kept() -> None:
    """The oldest goes first."""
    from grader.simulator.dialects.responses.kept import KeptResponse, Store

    store = Store()
    for number in range(1_001):
        store.keep(KeptResponse({"id": f"resp_{number}", "output": []}, ()), None)
    assert store.find("resp_1")["id"] == "resp_1"
    with pytest.raises(Exception, match="resp_0"):
        store.find("resp_0")


def test_a_format_may_say_what_the_messages_api_does_not_guarantee() -> None:
    """OpenAI takes definitions that refer to themselves, choices and many optional properties."""
    node = {
        "type": "object",
        "properties": {"next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
        "required": ["next"],
        "additionalProperties": False,
    }
    wide = {f"p{n}": {"type": "string"} for n in range(30)}
    schema = {
        "type": "object",
        "properties": {"list": {"$ref": "#/$defs/node"}, **wide},
        "$defs": {"node": node},
    }
    given = {"type": "json_schema", "name": "a", "schema": schema}
    assert heard(input="Hi", text={"format": given})["output_config"]["format"]
