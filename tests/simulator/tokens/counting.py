"""Ways to count requests by words, so that only the frame around them is left to prove."""

from typing import Any

from grader.catalog import ModelCard, find_model
from grader.simulator.tokens import count_prompt

OLDER = find_model("claude-haiku-4-5")
SINCE_4_6 = find_model("claude-sonnet-4-6")
NEWER = find_model("claude-sonnet-5")

HELLO = [{"role": "user", "content": "Hello"}]


def words(text: str, tokenizer: str) -> int:
    """Count a text as its words between spaces."""
    return len(text.split())


def said(*turns: tuple[str, Any]) -> list[dict[str, Any]]:
    """Return messages of a role and a content each."""
    return [{"role": role, "content": content} for role, content in turns]


def counted(messages: Any = HELLO, *, card: ModelCard = OLDER, **request: Any) -> int:
    """Return the input tokens of a request, a word for a token."""
    return count_prompt({"messages": messages, **request}, card, counter=words).total
