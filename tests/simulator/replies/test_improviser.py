"""Improvised replies: written answers, labelled ones, and the request's limits."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL, find_model
from grader.simulator import LABEL, Turn, improvise, text
from grader.simulator.tokens import estimate_tokens


def improvised(prompt: Any, *, model: str = "claude-sonnet-4-6", **request: Any) -> Turn:
    """Return the improvised turn for one prompt."""
    messages = [{"role": "user", "content": prompt}]
    return improvise({"max_tokens": 1_000, "messages": messages, **request}, find_model(model))


def words_of(reply: Turn) -> str:
    """Return the text of a turn."""
    return "".join(block["text"] for block in reply.content if block["type"] == "text")


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the capital of France?",
        "what is the capital of FRANCE",
        [{"type": "text", "text": "What's the capital of France?"}],
    ],
)
def test_a_lessons_prompt_has_a_written_answer(prompt: Any) -> None:
    """Whatever its case and punctuation."""
    assert improvised(prompt) == text("Paris.")


def test_any_other_prompt_gets_a_labelled_reply() -> None:
    """It says plainly that no model read it, and quotes where it was asked."""
    said = words_of(improvised("Compare " + "cats and dogs " * 20))
    assert said.startswith(f"{LABEL} No model read this.")
    assert "“Compare cats and dogs" in said
    assert "has 61 words; the conversation has 1 turn so far." in said
    again = [{"role": role, "content": "Hm"} for role in ("user", "assistant", "user")]
    said = words_of(improvise({"max_tokens": 1_000, "messages": again}, find_model(DEFAULT_MODEL)))
    assert "has 1 word; the conversation has 3 turns so far." in said


PLEAS = [
    "Go on exactly where you stopped, and repeat nothing.",
    "Please continue",
    "Your answer was cut off. Keep going.",
]
LOOK_UP = {"name": "get_customer", "input_schema": {"type": "object"}}


def asked_of(prompt: str, *, tools: bool = False) -> list[Any]:
    """Return a conversation that ends with a question, or with what its tool has found."""
    asked = {"role": "user", "content": prompt}
    call = {"type": "tool_use", "id": "toolu_1", "name": "get_customer"}
    call["input"] = {"customer_id": "cust_123"}
    found = {"type": "tool_result", "tool_use_id": "toolu_1", "content": '{"plan": "free"}'}
    told = [{"role": "assistant", "content": [call]}, {"role": "user", "content": [found]}]
    return [asked, *told] if tools else [asked]


@pytest.mark.parametrize("plea", PLEAS)
@pytest.mark.parametrize("limit", [5, 8, 10])
@pytest.mark.parametrize(
    ("messages", "options"),
    [
        (asked_of("What is an API?"), {}),
        (asked_of("What makes an API call safe to retry?"), {"output_config": {"effort": "max"}}),
        (asked_of("Explain entropy to a child in three sentences."), {}),
        (asked_of("Which plan is customer cust_123 on?", tools=True), {"tools": [LOOK_UP]}),
    ],
    ids=["written", "at an effort", "not written", "after a tool"],
)
def test_a_cut_reply_goes_on_where_it_stopped(
    messages: list[Any], options: dict[str, Any], limit: int, plea: str
) -> None:
    """However many pieces there are, together they are the whole, and none is a placeholder."""
    request = {"max_tokens": 1_000, "messages": messages, **options}
    card = find_model(DEFAULT_MODEL)
    whole = words_of(improvise(request, card))
    pieces: list[str] = []
    for _ in range(len(whole)):
        reply = improvise({**request, "max_tokens": limit, "messages": messages}, card)
        pieces.append(words_of(reply))
        if reply.stop_reason != "max_tokens":
            break
        turns = [("assistant", list(reply.content)), ("user", plea)]
        messages = [*messages, *({"role": role, "content": said} for role, said in turns)]
    assert len(pieces) > 1
    assert "".join(pieces) == whole


@pytest.mark.parametrize(
    "words",
    [
        ("What is an API?", "Something else", "Go on."),
        ("What is an API?", "", "Go on."),
        ("Who are you?", "I am", "Go on."),
        ("Go on.",),
    ],
    ids=["another answer", "an empty answer", "an unwritten answer", "nothing before"],
)
def test_where_nothing_was_cut_nothing_goes_on(words: tuple[str, ...]) -> None:
    """What is to be continued must be the beginning of what would be said."""
    messages = [
        {"role": ("user", "assistant")[place % 2], "content": said}
        for place, said in enumerate(words)
    ]
    reply = improvise({"max_tokens": 1_000, "messages": messages}, find_model(DEFAULT_MODEL))
    assert words_of(reply).startswith(f"{LABEL} No model read this. Your last message begins")


def test_an_answer_that_is_complete_does_not_go_on() -> None:
    """There is nothing left to say of it."""
    said = ("What is 2+2?", "2 + 2 = 4.", "Go on.")
    messages = [
        {"role": role, "content": words}
        for role, words in zip(("user", "assistant", "user"), said, strict=True)
    ]
    assert LABEL in words_of(improvised("", messages=messages))


def test_the_last_user_turn_is_the_one_answered() -> None:
    """The turns before it are only counted."""
    messages = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": "What is 2+2?"},
        {"role": "assistant", "content": ""},
    ]
    assert improvised("", messages=messages) == text("2 + 2 = 4.")
    assert words_of(improvised("", messages=[{"role": "assistant", "content": "a"}]))


def test_a_picture_is_measured(picture: Callable[..., str]) -> None:
    """Its pixels are all that is read of it."""
    given = {"type": "base64", "media_type": "image/png", "data": picture(size=(30, 40))}
    linked = {"type": "url", "url": "https://example.com/cat.png"}
    images = [{"type": "image", "source": source} for source in (given, linked)]
    said = "Your message has 2 images: 30 by 40 pixels, given by reference."
    assert said in words_of(improvised([*images, {"type": "text", "text": "Compare."}]))
    assert "Your message has 1 image: 30 by 40 pixels." in words_of(improvised(images[:1]))


def test_a_stop_sequence_cuts_the_answer_and_is_told() -> None:
    """The first one to occur."""
    reply = improvised("What is 2+2?", stop_sequences=["4", "= ", "never"])
    assert reply == text("2 + 2 ", stop_reason="stop_sequence", stop_sequence="= ")
    assert improvised("What is 2+2?", stop_sequences=["never"]) == text("2 + 2 = 4.")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (1, text("An", stop_reason="max_tokens")),
        (6, text("An operation is", stop_reason="max_tokens")),
        (40, None),
    ],
)
def test_the_limit_of_tokens_cuts_the_answer(limit: int, expected: Turn | None) -> None:
    """At a word, with stop_reason max_tokens; one word there is in any case."""
    whole = improvised("Explain idempotency in one sentence.")
    messages = [{"role": "user", "content": "Explain idempotency in one sentence."}]
    request = {"max_tokens": limit, "messages": messages}
    # Where it is cut depends on who counts, and ctok is not on every Python.
    cut = improvise(request, find_model("claude-sonnet-4-6"), counter=estimate_tokens)
    assert cut == (expected or whole)


def test_a_limit_of_0_gives_nothing() -> None:
    """It is how a cache is warmed."""
    assert improvised("Hello", max_tokens=0) == Turn((), "max_tokens")


@pytest.mark.parametrize(
    ("model", "thinking", "expected"),
    [
        ("claude-sonnet-4-6", None, None),
        ("claude-sonnet-4-6", {"type": "disabled"}, None),
        ("claude-sonnet-4-6", {"type": "enabled", "budget_tokens": 1_024}, True),
        ("claude-sonnet-4-6", {"type": "adaptive", "display": "omitted"}, False),
        (THINKING_MODEL, None, False),
        (THINKING_MODEL, {"type": "adaptive"}, False),
        (THINKING_MODEL, {"type": "adaptive", "display": "summarized"}, True),
        ("claude-sonnet-5", {"type": "disabled"}, None),
    ],
)
def test_a_thought_comes_first_where_the_model_thinks(model, thinking, expected) -> None:
    """Empty where newer models leave it out, with words where a summary is shown."""
    given = {} if thinking is None else {"thinking": thinking}
    reply = improvised("Hello", model=model, **given)
    kinds = [block["type"] for block in reply.content]
    assert kinds == (["text"] if expected is None else ["thinking", "text"])
    if expected is not None:
        assert bool(reply.content[0]["thinking"]) == expected
