"""The form that a prompt asks for in words is the form of the answer."""

import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.catalog import THINKING_MODEL, find_model
from grader.simulator import LABEL, improvise
from tests.simulator.replies.toolbox import GET_WEATHER, made, user

quietly = settings(max_examples=60, suppress_health_check=list(HealthCheck))

PERSON = "Jason is 25 years old."
SAMPLES: dict[str, Any] = {
    "string": "…",
    "integer": 7,
    "number": 0.5,
    "boolean": True,
    "array": ["…"],
}
KEYS = st.from_regex(r"[a-z]{2,8}(_[a-z]{2,6})?", fullmatch=True).filter(lambda key: key != "json")
PROPERTIES = st.dictionaries(KEYS, st.sampled_from([*SAMPLES]), min_size=1, max_size=5)
AS_SCHEMA = [
    "Always respond with a JSON object that's compatible with this schema:\n\n{shown}\n\nNo more.",
    "Provide the parsed objects in json that match the following json_schema:\n\n{shown}\n",
    "Return only valid JSON that matches the schema {shown}.",
]
AS_EXAMPLE = [
    "Answer in JSON, like this:\n{shown}",
    "Output your answer as a JSON object in the following format: {shown}",
    "Your reply must be valid JSON with this structure:\n```json\n{shown}\n```",
]
BY_NAME = [
    "Respond with a JSON object with the keys {shown}.",
    "Reply in JSON with these fields: {shown}.",
]


def said(prompt: Any, model: str = "claude-sonnet-4-6", **request: Any) -> str:
    """Return the text that answers a prompt or a conversation."""
    messages = [user(prompt)] if isinstance(prompt, str) else prompt
    asked = {"max_tokens": 4_000, "messages": messages, **request}
    reply = improvise(asked, find_model(model))
    return "".join(block["text"] for block in reply.content if block["type"] == "text")


@quietly
@given(PROPERTIES, st.sampled_from(AS_SCHEMA), st.booleans(), st.booleans())
def test_json_fits_the_schema_that_words_ask_for(
    types: dict[str, str], words: str, in_system: bool, thinks: bool
) -> None:
    """In the system prompt or beside the question, as frameworks without tools ask for it."""
    schema = {
        "type": "object",
        "properties": {key: {"type": kind} for key, kind in types.items()},
        "required": [*types],
    }
    asks = words.format(shown=json.dumps(schema, indent=2))
    request = {"system": [{"type": "text", "text": asks}]} if in_system else {}
    prompt = PERSON if in_system else f"{PERSON}\n\n{asks}"
    reply = said(prompt, THINKING_MODEL if thinks else "claude-sonnet-4-6", **request)
    jsonschema.Draft202012Validator(schema).validate(json.loads(reply))


@quietly
@given(PROPERTIES, st.sampled_from(AS_EXAMPLE), st.booleans())
def test_json_is_like_the_example_that_words_show(
    types: dict[str, str], words: str, in_system: bool
) -> None:
    """Its keys, and the kinds of their values."""
    asks = words.format(shown=json.dumps({key: SAMPLES[kind] for key, kind in types.items()}))
    reply = said(PERSON, system=asks) if in_system else said(f"{PERSON} {asks}")
    value = json.loads(reply)
    assert value.keys() == types.keys()
    for key, kind in types.items():
        jsonschema.Draft202012Validator({"type": kind}).validate(value[key])


@quietly
@given(st.lists(KEYS, min_size=2, max_size=4, unique=True), st.sampled_from(BY_NAME), st.booleans())
def test_json_has_the_keys_that_words_name(keys: list[str], words: str, quoted: bool) -> None:
    """In quotes or without."""
    marked = [f'"{key}"' if quoted else key for key in keys]
    reply = said(f"{PERSON} {words.format(shown=', '.join(marked[:-1]) + ' and ' + marked[-1])}")
    assert [*json.loads(reply)] == keys


@pytest.mark.parametrize(
    ("asks", "expected"),
    [
        ('Answer in JSON with the keys "name" and "age".', {"name": "Jason", "age": 25}),
        ('Answer as JSON: {"name": <text>, "age": <number>}', {"name": "Jason", "age": 25}),
        (
            "Give a JSON object with fields `name`, `age` (int), `plan` (Literal['free', 'pro']).",
            {"name": "Jason", "age": 25, "plan": "free"},
        ),
        (
            'Respond with a JSON array of objects like {"name": "…", "age": 1}.',
            [{"name": "Jason", "age": 25}],
        ),
    ],
)
def test_json_holds_what_the_prompt_gives(asks: str, expected: Any) -> None:
    """By the names of its keys."""
    assert json.loads(said(f"{PERSON} {asks}")) == expected


def test_the_keys_that_a_prompt_names_are_no_values() -> None:
    """Also where the API's own format asks for the same JSON."""
    properties = {"name": {"type": "string"}, "age": {"type": "integer"}}
    schema = {"type": "object", "properties": properties, "required": [*properties]}
    config = {
        "format": {"type": "json_schema", "schema": {**schema, "additionalProperties": False}}
    }
    prompt = f"{PERSON} Respond with the fields `name`, then `age`."
    assert json.loads(said(prompt, output_config=config)) == {"name": "Jason", "age": 25}


def test_json_without_a_shape_holds_the_answer() -> None:
    """Labelled like any other that nobody wrote."""
    answer = json.loads(said("Compare cats and dogs. Respond in JSON."))["answer"]
    assert answer.startswith(LABEL)


def test_json_goes_on_where_the_client_began_it() -> None:
    """A prefilled brace isn't said again."""
    messages = [user(f'{PERSON} Return a JSON object with "name" and "age".')]
    begun = [*messages, {"role": "assistant", "content": "Here is the JSON:\n{"}]
    assert isinstance(json.loads("{" + said(begun)), dict)
    tagged = [user(f'{PERSON} Return JSON with the keys "name" and "age" in <json> tags.')]
    found = re.fullmatch(r"<json>(.*)</json>", said(tagged))
    assert found is not None
    assert json.loads(found[1]) == {"name": "Jason", "age": 25}


def test_json_is_kept_to_when_the_tools_have_answered() -> None:
    """What they gave stands in it."""
    asks = "What is the weather in Paris? Answer as a JSON object with the key `location`."
    done = [user(asks), *made("get_weather", {"location": "Paris"}, "rain")]
    assert json.loads(said(done, tools=[GET_WEATHER])) == {"location": "Paris"}


@pytest.mark.parametrize(
    "prompt",
    [
        "How do I parse JSON in Python?",
        "What is a JSON schema?",
        "Explain how to return JSON from a server.",
        "Write a function that returns a JSON object.",
        'Summarise the following JSON: {"name": "Jason", "age": 25}',
        "Is this valid: <b>bold</b>?",
        "Summarise the text in the document.\n<document>Reply soon.</document>",
        "Write a haiku about XML.",
        "Say hello to everybody in the team.",
    ],
)
def test_a_prompt_about_a_form_is_answered_in_words(prompt: str) -> None:
    """Only an instruction to the model is one."""
    assert said(prompt).startswith(LABEL)


def test_a_system_prompt_as_long_as_a_program_is_not_read_for_a_form() -> None:
    """Claude Code's speaks of everything."""
    asks = 'Respond with a JSON object: {"name": "…"}.'
    assert json.loads(said(PERSON, system=asks))
    assert said(PERSON, system=asks + " Be kind." * 5_000).startswith(LABEL)


TAGS = st.lists(
    st.from_regex(r"[a-z]{3,8}(_[a-z]{2,5})?", fullmatch=True), min_size=1, max_size=4, unique=True
)


@quietly
@given(TAGS, st.sampled_from(["template", "each"]), st.booleans())
def test_tags_that_words_ask_for_are_there(names: list[str], way: str, in_system: bool) -> None:
    """Shown as a template, or named one by one."""
    if way == "template":
        shown = "\n".join(f"<{name}>[your {name}]</{name}>" for name in names)
        asks = f"Output your answer concisely in the following format:\n\n{shown}"
    else:
        asks = " ".join(f"Put the {name} inside <{name}></{name}> tags." for name in names)
    reply = said(PERSON, system=asks) if in_system else said(f"{PERSON}\n{asks}")
    assert re.findall(r"<(\w+)>[^<]+</\1>", reply) == names


@quietly
@given(st.lists(st.from_regex(r"[A-Z]{3,9}", fullmatch=True), min_size=2, max_size=4, unique=True))
def test_a_tag_holds_one_of_the_choices_that_are_given(choices: list[str]) -> None:
    """The first: with it a loop that judges ends."""
    shown = f"<evaluation>{', '.join(choices[:-1])}, or {choices[-1]}</evaluation>"
    asks = f"Judge the code. Output your evaluation in the following format.\n{shown}"
    assert said(asks) == f"<evaluation>{choices[0]}</evaluation>"


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Judge this. Reply PASS if it is good, otherwise say what is wrong.", "PASS"),
        ("Is it spam? Answer with only “yes” or “no”.", "yes"),
        ("Reply with OK.", "OK"),
        ("Respond with exactly 'DONE' when you can't improve it.", "DONE"),
    ],
)
def test_the_word_that_a_prompt_waits_for_is_said(prompt: str, expected: str) -> None:
    """Alone, so that a program can compare it."""
    assert said(prompt) == expected


def test_the_word_that_ends_a_conversation_comes_behind_the_answer() -> None:
    """Where the system prompt says that it is said when the work is done."""
    system = "You are a planner. When the task is done, reply TERMINATE."
    reply = said("Plan my day.", system=system)
    assert reply.startswith(LABEL)
    assert reply.endswith(" TERMINATE")


@pytest.mark.parametrize(
    "shown",
    [
        '{"type": "array", "minItems": 1e999, "items": {}}',
        '{"properties": {"a": {"type": "integer", "minimum": NaN}}, "required": ["a"]}',
        '{"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}, "required": ["a"]}',
        '{"properties": {"a": {"type": "nonsense"}}}',
        '{"properties": {"a": {"pattern": "(a+)+$"}}, "required": ["a"]}',
        '{"a":' * 2_000,
        "{}",
        "[[[{",
    ],
)
def test_a_shape_that_is_none_does_no_harm(shown: str) -> None:
    """There is an answer in any case."""
    assert said(f"Return a JSON object like {shown}")


@quietly
@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_the_words_are_there_is_an_answer(prompt: str, system: str) -> None:
    """Also with signs that begin a form and don't end it."""
    asks = f"Reply in JSON {{ {prompt} }} in <a> tags, or with 'OK' if {system}"
    assert said(asks, system=f"Respond as JSON: {{{system}")
