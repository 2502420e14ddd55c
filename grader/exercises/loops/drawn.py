"""Conversations that no learner has seen, as a program keeps them: dicts, and the SDK's blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Exam, SdkObject

Json = Any
Messages = list[Json]
"""Messages in a row; an exchange is a question with all that follows, up to the next question."""

_TYPES: dict[str, tuple[str, dict[str, Json]]] = {
    "text": ("TextBlock", {"citations": None}),
    "thinking": ("ThinkingBlock", {}),
    "redacted_thinking": ("RedactedThinkingBlock", {}),
    "tool_use": ("ToolUseBlock", {"caller": {"type": "direct"}}),
    "server_tool_use": ("ServerToolUseBlock", {"caller": {"type": "direct"}}),
    "web_search_tool_result": ("WebSearchToolResultBlock", {"caller": {"type": "direct"}}),
    "container_upload": ("ContainerUploadBlock", {}),
}
"""What the SDK calls each block, and the fields that it adds."""


def new_request(exam: Exam, **more: Json) -> dict[str, Json]:
    """Return a request for a reply of any length; more: other parameters, or other values."""
    return {
        "model": DEFAULT_MODEL,
        "max_tokens": exam.number(700, 990),
        "system": f"Be {exam.words(1)}.",
        "messages": [{"role": "user", "content": f"Tell me about {exam.words(2)}."}],
        **more,
    }


def sdk_block(block: dict[str, Json]) -> SdkObject:
    """Return a block as an object of the SDK, with the fields that the SDK adds."""
    name, added = _TYPES[block["type"]]
    return SdkObject(name, {**added, **block})


def text_block(words: str) -> SdkObject:
    """Return a text block from Claude."""
    return sdk_block({"type": "text", "text": words})


def thinking_block(exam: Exam) -> SdkObject:
    """Return a thinking block without words, as newer models send it."""
    signature = exam.fresh("Er").replace("_", "")
    return sdk_block({"type": "thinking", "thinking": "", "signature": signature})


def joined(exchanges: Sequence[Messages]) -> Messages:
    """Return the messages of exchanges in a row."""
    return [message for exchange in exchanges for message in exchange]


def question(exam: Exam) -> Messages:
    """Return a question that has no answer yet."""
    return [{"role": "user", "content": exam.words(6)}]


def plain_exchange(
    exam: Exam, *, asked: int = 6, answered: int = 4, in_blocks: bool = False
) -> Messages:
    """Return a question and its answer.

    asked, answered: their words. in_blocks: the question as blocks, the answer behind a thought.
    """
    question, answer = exam.words(asked), exam.words(answered)
    blocks = [{"type": "text", "text": question}]
    reply = [thinking_block(exam), text_block(answer)]
    return [
        {"role": "user", "content": blocks if in_blocks else question},
        {"role": "assistant", "content": reply if in_blocks else answer},
    ]


def instructed_exchange(exam: Exam) -> Messages:
    """Return a question, a turn with the role system, and the answer.

    Only models that take instructions in mid-conversation take it.
    """
    asked, answered = plain_exchange(exam)
    return [asked, {"role": "system", "content": f"Say {exam.words(2)}."}, answered]


def called_exchange(
    exam: Exam, tool: str, *, rounds: int = 2, says_more: bool = False, is_open: bool = False
) -> Messages:
    """Return a question that took rounds of a tool: of two calls, then of one, and so on.

    says_more: the user adds a text to the results. is_open: the answer is still to come.
    """
    messages = question(exam)
    for number in range(rounds):
        ids = [exam.fresh("toolu") for _ in range(2 - number % 2)]
        calls = [
            sdk_block({"type": "tool_use", "id": id, "name": tool, "input": {"key": exam.words(3)}})
            for id in ids
        ]
        results: list[Json] = [
            {"type": "tool_result", "tool_use_id": id, "content": exam.words(15)} for id in ids
        ]
        more = [{"type": "text", "text": exam.words(5)}] if says_more else []
        turn = [thinking_block(exam), text_block(exam.words(4)), *calls]
        messages += [
            {"role": "assistant", "content": turn},
            {"role": "user", "content": [*results, *more]},
        ]
    answer = {"role": "assistant", "content": [text_block(exam.words(6))]}
    return messages if is_open else [*messages, answer]
