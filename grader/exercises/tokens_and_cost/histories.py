"""Long histories to cut: exchanges of a question with all that answers it."""

from __future__ import annotations

from typing import Any

from grader.exams import Exam, SdkObject

Json = Any
Exchange = list[Json]
"""The messages from a question up to the next one: what the exercise calls a turn."""


def question(exam: Exam) -> Exchange:
    """Return a question that has no answer yet."""
    return [{"role": "user", "content": exam.words(6)}]


def short_exchange(exam: Exam) -> Exchange:
    """Return a question and a shorter answer, both plain texts."""
    # Longer than what the API adds to a conversation that begins with an answer.
    asked = {"role": "user", "content": exam.words(exam.number(16, 20))}
    return [asked, {"role": "assistant", "content": exam.words(exam.number(2, 9))}]


def thoughtful_exchange(exam: Exam) -> Exchange:
    """Return a question as blocks, and a reply that thought first, as the SDK gives it."""
    asked = [{"type": "text", "text": exam.words(7)}]
    return [
        {"role": "user", "content": asked},
        {"role": "assistant", "content": [_thought(exam), _text(exam.words(8))]},
    ]


def called_exchange(exam: Exam, tool: str, *, says_more: bool = False) -> Exchange:
    """Return a question that took two rounds of a tool; says_more: the user adds to a result."""
    rounds = [*_round(exam, tool, says_more=says_more), *_round(exam, tool, says_more=says_more)]
    answer = {"role": "assistant", "content": [_text(exam.words(6))]}
    return [*question(exam), *rounds, answer]


def open_exchange(exam: Exam, tool: str) -> Exchange:
    """Return a question whose tool has answered, and whose answer is still to come."""
    return [*question(exam), *_round(exam, tool, says_more=False)]


def _round(exam: Exam, tool: str, *, says_more: bool) -> Exchange:
    call = exam.fresh("toolu")
    use = {"type": "tool_use", "id": call, "name": tool, "input": {"key": exam.words(3)}}
    blocks = [_thought(exam), _text(exam.words(4)), SdkObject("ToolUseBlock", use)]
    result = {"type": "tool_result", "tool_use_id": call, "content": exam.words(15)}
    more = [{"type": "text", "text": exam.words(5)}] if says_more else []
    return [
        {"role": "assistant", "content": blocks},
        {"role": "user", "content": [result, *more]},
    ]


def _text(words: str) -> SdkObject:
    return SdkObject("TextBlock", {"type": "text", "text": words, "citations": None})


def _thought(exam: Exam) -> SdkObject:
    signature = exam.fresh("Er").replace("_", "")
    return SdkObject("ThinkingBlock", {"type": "thinking", "thinking": "", "signature": signature})
