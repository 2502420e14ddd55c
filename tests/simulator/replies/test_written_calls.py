"""The prompts of the lessons bring the calls that were written for them, and end in an answer."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from grader.catalog import THINKING_MODEL, find_model
from grader.simulator import LABEL, Turn, improvise, text, tool_use, turn
from grader.simulator.replies.asked import MadeCall
from grader.simulator.replies.written_calls import find_json, find_loops
from tests.simulator.replies.toolbox import made, result, tool, user

PLANS = ["free", "pro", "enterprise"]
CUSTOMER = tool("get_customer", "Look up a customer by id.", customer_id="string")
FIND = tool("find_customer", "Look up a customer.", customer_id="string")
UPDATE = tool("update_subscription", "Update a plan.", customer_id="string", plan=PLANS)
WEATHER = tool("get_weather", "Get the weather in a city today.", city="string")
ORDER = tool("get_order", "Look up an order by its id.", order_id="string")
CANCEL = tool("cancel_order", "Cancel an order that is not on its way yet.", order_id="string")
REFUND = {
    "type": "object",
    "properties": {
        "order": {"type": "string"},
        "amount": {"type": "string"},
        "reason": {"type": "string", "enum": ["late", "damaged", "other"]},
    },
    "required": ["order", "amount", "reason"],
    "additionalProperties": False,
}
BOOK = {"name": "book_refund", "strict": True, "input_schema": REFUND}
LETTER = "Order A-1204 came damaged. Please refund the amount of 49.90 EUR."

CUSTOMERS = {"cust_123": {"name": "Alice Johnson", "plan": "free"}}
ORDERS = {
    "A-1204": {"goods": "lamp", "status": "on its way", "days": 2},
    "B-3077": {"goods": "chair", "status": "in the warehouse", "days": 6},
}


def cancel_order(order_id: str) -> Any:
    """Cancel an order of lesson 08."""
    if ORDERS[order_id]["status"] == "on its way":
        raise ValueError(f"order {order_id} has left the house")
    return {"cancelled": order_id}


REGISTRY: dict[str, Callable[..., Any]] = {
    "get_customer": lambda customer_id: {"id": customer_id, **CUSTOMERS[customer_id]},
    "find_customer": lambda customer_id: {"id": customer_id, **CUSTOMERS[customer_id]},
    "update_subscription": lambda customer_id, plan: {"customer_id": customer_id, "new_plan": plan},
    "get_weather": lambda city: f"{city}: 18 degrees, light rain",
    "get_order": lambda order_id: ORDERS[order_id],
    "cancel_order": cancel_order,
    "book_refund": lambda **fields: fields,
}


def reply_to(messages: list[Any], tools: list[Any], **request: Any) -> Turn:
    """Return the improvised turn."""
    asked = {"max_tokens": 2_000, "messages": messages, "tools": tools, **request}
    return improvise(asked, find_model(request.get("model", "claude-sonnet-4-6")))


def answer_to(prompt: str, tools: list[Any], **request: Any) -> tuple[str, list[list[str]]]:
    """Return the last text of a loop over the tools, and which were called in each turn."""
    messages, rounds = [user(prompt)], []
    for number in range(5):
        reply = reply_to(messages, tools, **request)
        calls = [block for block in reply.content if block["type"] == "tool_use"]
        if not calls:
            return reply.content[-1]["text"], rounds
        rounds.append([call["name"] for call in calls])
        blocks = [{**call, "id": f"t{number}{n}"} for n, call in enumerate(calls)]
        results = []
        for block in blocks:
            try:
                value, failed = REGISTRY[block["name"]](**block["input"]), False
            except (KeyError, ValueError) as error:
                value, failed = f"{type(error).__name__}: {error}", True
            words = value if isinstance(value, str) else json.dumps(value)
            results.append(result(words, id=block["id"], is_error=failed))
        messages += [{"role": "assistant", "content": blocks}, user(results)]
    raise AssertionError(f"no answer after {rounds}")


ANSWERS: list[tuple[str, list[Any], list[list[str]], str]] = [
    (
        "Upgrade customer cust_123 to the pro plan.",
        [CUSTOMER, UPDATE],
        [["get_customer"], ["update_subscription"]],
        "Done: Alice Johnson (cust_123) is on the pro plan now. Before that it was free.",
    ),
    (
        "Upgrade customer cust_999 to the pro plan.",
        [CUSTOMER, UPDATE],
        [["get_customer"]],
        (
            "I couldn't change anything for customer cust_999. This is what came back: KeyError: "
            "'cust_999'"
        ),
    ),
    (
        "Which plan is customer cust_123 on?",
        [FIND],
        [["find_customer"]],
        "Customer cust_123 is on the free plan.",
    ),
    (
        "Which plan has cust_123?",
        [CUSTOMER, UPDATE],
        [["get_customer"]],
        "Customer cust_123 is on the free plan.",
    ),
    (
        "Which plan does customer cust_999 have?",
        [CUSTOMER],
        [["get_customer"]],
        (
            "I couldn't look up customer cust_999. This is what came back: KeyError: 'cust_999'\n"
            "I can't tell what it means, so I don't know which plan they're on."
        ),
    ),
    (
        "What is the weather in Paris and in Tokyo?",
        [WEATHER],
        [["get_weather", "get_weather"]],
        "Here is today's weather.\nParis: 18 degrees, light rain\nTokyo: 18 degrees, light rain",
    ),
    (
        f"Book this refund. {LETTER}",
        [BOOK],
        [["book_refund"]],
        "The refund of 49.90 EUR for order A-1204 is booked.",
    ),
    (
        "Where is my order A-1204?",
        [ORDER, CANCEL],
        [["get_order"]],
        "Your lamp is on its way, and will be there in 2 days.",
    ),
    (
        "Please cancel order B-3077.",
        [ORDER, CANCEL],
        [["get_order"], ["cancel_order"]],
        "Order B-3077 is cancelled. The chair was still in the warehouse.",
    ),
    (
        "Please cancel order A-1204.",
        [ORDER, CANCEL],
        [["get_order"], ["cancel_order"]],
        "I'm sorry, I can't cancel order A-1204 any more: it's on its way to you.",
    ),
]


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", THINKING_MODEL])
@pytest.mark.parametrize(("prompt", "tools", "rounds", "expected"), ANSWERS)
def test_a_lessons_loop_ends_in_its_answer(
    prompt: str, tools: list[Any], rounds: list[list[str]], expected: str, model: str
) -> None:
    """It quotes what the tools gave, or what went wrong; no model is needed for that."""
    assert answer_to(prompt, tools, model=model) == (expected, rounds)


def test_a_round_is_announced_where_the_model_says_something() -> None:
    """In the words of that round."""
    call = tool_use("get_order", {"order_id": "A-7"})
    messages = [user("Please cancel order A-7!")]
    assert reply_to(messages, [ORDER, CANCEL]) == turn(text("I'll look at the order first."), call)
    messages += made("get_order", {"order_id": "A-7"}, "{}")
    assert reply_to(messages, [ORDER, CANCEL]).content[0]["text"] == "I'll cancel it now."


@pytest.mark.parametrize(
    ("thinking", "shown"),
    [
        ({"type": "adaptive", "display": "summarized"}, [True, True]),
        ({"type": "adaptive", "display": "updates"}, [True, True]),
        ({"type": "adaptive", "display": "omitted"}, [False, False]),
        ({"type": "adaptive"}, [False, False]),
        ({"type": "between_tools"}, [None, True]),
    ],
)
def test_a_round_is_noted_in_a_thought_where_the_model_thinks(
    thinking: Any, shown: list[bool | None]
) -> None:
    """In the words that an older model says, where they are shown; None is no thought at all."""
    card, said = (
        find_model(THINKING_MODEL),
        ["I'll look at the order first.", "I'll cancel it now."],
    )
    first = [user("Please cancel order A-7!")]
    second = [*first, *made("get_order", {"order_id": "A-7"}, "{}")]
    for messages, words, is_shown in zip((first, second), said, shown, strict=True):
        request = {"max_tokens": 900, "messages": messages, "tools": [ORDER, CANCEL]}
        blocks = improvise({**request, "thinking": thinking}, card).content
        thoughts = [block["thinking"] for block in blocks if block["type"] == "thinking"]
        assert thoughts == ([] if is_shown is None else [words if is_shown else ""])
        assert [block for block in blocks if block["type"] == "text"] == []


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (tool("get_weather", "", city="string"), {"city": "Paris"}),
        (tool("get_weather", "", location="string"), {"location": "Paris"}),
        (tool("get_weather", "", city="string", days="integer"), None),
        (tool("get_forecast", "", city="string"), None),
    ],
)
def test_a_written_call_is_made_only_where_the_tool_takes_it(offered: Any, expected: Any) -> None:
    """A learner's own tool of that name gets what it asks for, or is not called."""
    calls = [
        block["input"]
        for block in reply_to([user("What is the weather in Paris?")], [offered]).content
        if block["type"] == "tool_use"
    ]
    assert calls == ([] if expected is None else [expected])


@pytest.mark.parametrize("gave", ['{"name": "Jane"}', "[]", "free", "", '{"error": "no such id"}'])
def test_an_answer_whose_words_nothing_gives_is_not_given(gave: str) -> None:
    """What came back is told with the label, or as the failure that it is."""
    prompt = user("Which plan has customer cust_1?")
    reply = reply_to([prompt, *made("get_customer", {"customer_id": "cust_1"}, gave)], [CUSTOMER])
    said = reply.content[0]["text"]
    assert said.startswith(("I couldn't look up", LABEL))
    assert gave in said
    assert "None" not in said


def test_what_was_written_is_complete() -> None:
    """Each prompt of a loop binds what its calls and its failure take up."""
    prompts = [prompt for prompt, *_ in ANSWERS]
    for prompt in (*prompts, "What is the weather in Rome?", "Who is customer cust_1?"):
        loops = list(find_loops(prompt))
        assert loops
        for loop in loops:
            assert len(loop.says) == len({step.round for step in loop.steps})
            inputs = [value for step in loop.steps for value in step.tool_input.values()]
            assert not any("{" in value for value in inputs)
            failed = [MadeCall(step.name, {}, "oh", has_failed=True) for step in loop.steps]
            assert "oh" in str(loop.answer(failed))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("KeyError: 'get_customer'", "my tool get_customer doesn't work"),
        ("there is no tool get_customer", "my tool get_customer doesn't work"),
        ("ValueError: There is no customer cust_1", "Could you check the id?"),
        ("TimeoutError: the database didn't answer", "the database didn't answer"),
    ],
)
def test_a_failure_is_answered_by_what_it_says(error: str, expected: str) -> None:
    """Nobody is asked for another id because a tool is missing, or slow."""
    for prompt in ("Which plan is cust_1 on?", "Upgrade customer cust_1 to the pro plan."):
        (loop, *_) = find_loops(prompt)
        said = str(loop.answer([MadeCall("get_customer", {}, error, has_failed=True)]))
        assert expected.removesuffix("?") in said
        assert ("check the id" in said) == ("check the id" in expected)


def test_a_prompt_is_known_by_all_its_words() -> None:
    """Whatever its case and its marks; with one word more or less it is another prompt."""
    assert list(find_loops("which plan has CUST_1"))
    assert not list(find_loops("Which plan has customer cust_1 now?"))
    assert not list(find_loops("Which plan has customer ?"))
    assert not list(find_loops(""))


def test_a_format_is_filled_as_written_where_its_schema_takes_it() -> None:
    """Another schema for the same prompt is filled with what the prompt gives."""
    expected = {"order": "A-1204", "amount": "49.90", "reason": "damaged"}
    assert find_json(LETTER) == expected
    other = {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}
    for schema, filled in (
        (REFUND, expected),
        ({**other, "additionalProperties": False}, {"order": "A-1204"}),
    ):
        config = {"format": {"type": "json_schema", "schema": schema}}
        (block,) = reply_to([user(LETTER)], [], output_config=config).content
        assert json.loads(block["text"]) == filled


def test_a_format_is_kept_to_at_the_end_of_a_written_loop() -> None:
    """The words that were written for its end are no JSON."""
    schema = {
        "type": "object",
        "properties": {"plan": {"type": "string"}},
        "required": ["plan"],
        "additionalProperties": False,
    }
    prompt = user("Which plan has customer cust_1?")
    messages = [prompt, *made("get_customer", {"customer_id": "cust_1"}, '{"plan": "pro"}')]
    config = {"format": {"type": "json_schema", "schema": schema}}
    (block,) = reply_to(messages, [CUSTOMER], output_config=config).content
    assert json.loads(block["text"]) == {"plan": "pro"}


ASKING = "I'm customer cust_7. Could I move to the pro plan?"
HURRIED = "Please put me on the free plan."


def _shy(word: str, *, at: str) -> dict[str, Any]:
    """Return a request in which a model is told to hold back, in one of three places."""
    words = f"Please {word} first."
    told = {"description": words} if at == "tool" else {}
    update: dict[str, Any] = {**UPDATE, **told}
    customer: dict[str, Any] = {**CUSTOMER, **told}
    if at == "property":
        schema = {"type": "string", "description": words}
        properties = customer["input_schema"]["properties"]
        customer["input_schema"] = {
            **customer["input_schema"],
            "properties": {**properties, "customer_id": schema},
        }
    more = {"system": [{"type": "text", "text": words}]} if at == "system" else {}
    return {"tools": [customer, update], **more}


def _called(prompt: str, request: dict[str, Any]) -> list[str]:
    reply = reply_to([user(prompt)], **request)
    return [block["name"] for block in reply.content if block["type"] == "tool_use"]


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", THINKING_MODEL])
@pytest.mark.parametrize("at", ["tool", "property", "system"])
@pytest.mark.parametrize(
    ("prompt", "word", "name"),
    [(HURRIED, "ask", "get_customer"), (ASKING, "confirm", "update_subscription")],
)
def test_a_description_keeps_the_model_from_a_rash_call(
    prompt: str, word: str, name: str, at: str, model: str
) -> None:
    """Wherever it is told so of the tool that it would call; else it calls."""
    rash = {**_shy("hurry", at=at), "model": model}
    assert _called(prompt, rash) == [name]
    shy = {**_shy(word, at=at), "model": model}
    is_told = at != "property" or name == "get_customer"
    assert _called(prompt, shy) == ([] if is_told else [name])
    if is_told:
        said = reply_to([user(prompt)], **shy).content[-1]["text"]
        assert ("?" in said, LABEL in said, "{" in said) == (True, False, False)


@pytest.mark.parametrize("word", ["not confirmed", "CONFIRM"])
def test_a_change_that_was_not_confirmed_is_told_as_such(word: str) -> None:
    """Some failures have an answer of their own, with what the calls before gave."""
    done = made("get_customer", {"customer_id": "cust_1"}, '{"name": "Zoe", "plan": "free"}')
    update = {"customer_id": "cust_1", "plan": "pro"}
    prompt = user("Upgrade customer cust_1 to the pro plan.")
    for text_, expected in ((f"This is {word}.", "left Zoe on the free plan"), ("No", "No")):
        failed = made("update_subscription", update, text_, id="t2", is_error=True)
        said = reply_to([prompt, *done, *failed], [CUSTOMER, UPDATE]).content[-1]["text"]
        assert expected in said


def test_a_forced_call_has_what_was_written_for_it() -> None:
    """Where the tool takes it, and nothing else gives an input."""
    forced = {"tool_choice": {"type": "tool", "name": "get_weather"}}
    for offered, expected in (
        (WEATHER, {"city": "London"}),
        (tool("get_weather", "", place="string"), {"place": "simulated place"}),
    ):
        reply = reply_to([user("Say hello in one short sentence.")], [offered], **forced)
        assert [block["input"] for block in reply.content] == [expected]
