"""Count the tokens of the call in which a model summarizes a conversation."""

from __future__ import annotations

from grader.catalog import ModelCard
from grader.simulator.edits import COMPACT, find_edit
from grader.simulator.tokens.frame import SUMMARY_PROMPT, THRESHOLD_PROMPT, frame_of
from grader.simulator.tokens.text import Counter, Meter, text_tokens
from grader.simulator.wire import Json


def summary_prompt_tokens(request: Json, card: ModelCard, *, counter: Counter = text_tokens) -> int:
    """Return the tokens of what asks for a summary, which a request's own prompt doesn't have.

    Instructions of the request stand in the place of the API's own. counter: counts the texts.
    """
    edit = find_edit(request, COMPACT)
    asked = request.get("compaction") or edit or {}
    instructions = (asked.get("instructions") or "").strip()
    if instructions:
        return Meter(card.tokenizer, counter)(instructions) + frame_of(card).turn
    return SUMMARY_PROMPT if edit is None else THRESHOLD_PROMPT


def summary_tokens(words: str, card: ModelCard, *, counter: Counter = text_tokens) -> int:
    """Return the output tokens of a summary's words, the end of the turn included."""
    return Meter(card.tokenizer, counter)(words) + frame_of(card).end
