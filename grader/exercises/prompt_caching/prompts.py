"""Fresh prompts that are long enough for the cache."""

from __future__ import annotations

from typing import Any

from grader.catalog import DEFAULT_MODEL, active_models
from grader.exams import Exam

Json = Any

MARK = {"type": "ephemeral"}


def caching_models() -> tuple[str, ...]:
    """Return models that cache a prefix of 1,024 tokens; some think before they answer.

    The lesson's own model isn't one of them, so hard-coding its name is always wrong.
    """
    return active_models(lambda card: card.cache_minimum <= 1_024 and card.id != DEFAULT_MODEL)


def patient_models() -> tuple[str, str]:
    """Return two such models that take back thinking from another conversation.

    So a history that was changed is seen by what arrives, and not by the API's refusal.
    """
    first, *_, last = active_models(
        lambda card: card.id in caching_models() and card.rules.prefix_check == "off"
    )
    return first, last


def handbook(exam: Exam, *, articles: int = 90) -> str:
    """Return a text of about 1,500 tokens that no learner can have seen."""
    lines = (
        f"Article {number}: {exam.words(4)}, within {exam.number(2, 90)} days."
        for number in range(1, articles + 1)
    )
    return "\n".join([f"You answer for the shop {exam.fresh('shop')}.", *lines])


def tool(exam: Exam, *, words: int = 6) -> dict[str, Json]:
    """Return the definition of a tool with a new name."""
    properties = {exam.fresh("id"): {"type": "string", "description": exam.words(3)}}
    return {
        "name": exam.fresh("look_up"),
        "description": f"Look up {exam.words(words)}.",
        "input_schema": {"type": "object", "properties": properties},
    }


def long_tools(exam: Exam) -> list[dict[str, Json]]:
    """Return tools that are long enough for the cache by themselves."""
    return [tool(exam, words=22) for _ in range(14)]


def text_block(text: str, *, is_marked: bool = False) -> dict[str, Json]:
    """Return a text block, with a breakpoint if asked for."""
    block: dict[str, Json] = {"type": "text", "text": text}
    return {**block, "cache_control": dict(MARK)} if is_marked else block
