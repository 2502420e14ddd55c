"""Improvised replies: written answers, labelled ones, and the request's limits."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.catalog import THINKING_MODEL, find_model
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
    assert "has 61 words; the conversation has 1 turns so far." in said


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
