"""Thinking in conversations: signed where it stands, left out, and what newer models make of it.

A drawn conversation is one that could have been held: every thought is signed for all that stands
before it, as `grader.simulator` signs its own. So a check can ask the API about what learners'
code makes of it.
"""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import ModelCard, active_models, find_model
from grader.exams import Exam, SdkObject
from grader.exercises.loops.conversation import objection
from grader.simulator import BLOCKS, Identifiers, Signer

Json = Any
Messages = list[Json]

THOUGHTS = tuple(name for name, kind in BLOCKS.items() if kind.signed and "reply" in kind.places)
"""The types of the blocks that a model thinks in."""


def models_that_check() -> tuple[str, ...]:
    """Return the active models that hold thinking to its conversation, newest first."""
    return active_models(lambda card: card.rules.prefix_check != "off")


def signed(messages: Messages, *, model: str, seed: int, **more: Json) -> Messages:
    """Return a conversation whose thoughts a model has signed, each for all that comes before it.

    more: `system` and `tools` of its requests, where it has them.
    """
    card, ids = find_model(model), Identifiers(seed)
    done: Messages = []
    for message in messages:
        content = message["content"]
        if message["role"] == "assistant" and isinstance(content, list):
            content = _signed(content, {**more, "messages": _plain(done)}, card, ids)
        done.append({**message, "content": content})
    return done


def without_thoughts(messages: Messages) -> Messages:
    """Return messages without their thoughts, and without those of which nothing is left.

    A list with anything in it that isn't a message stays as it is.
    """
    if not all(isinstance(each, dict) and "content" in each for each in messages):
        return messages
    kept = []
    for message in messages:
        content = message["content"]
        if isinstance(content, list):
            content = [block for block in content if not is_thought(block)]
        if content:
            kept.append({**message, "content": content})
    return kept


def has_thoughts(messages: Messages) -> bool:
    """Return whether there is a thought in some messages."""
    contents = [each.get("content") for each in messages if isinstance(each, dict)]
    lists = [content for content in contents if isinstance(content, list)]
    return any(is_thought(block) for content in lists for block in content)


def is_thought(block: Json) -> bool:
    """Return whether a block is what a model thought."""
    plain = block.data if isinstance(block, SdkObject) else block
    return isinstance(plain, dict) and plain.get("type") in THOUGHTS


def find_objection(exam: Exam, messages: Json, model: str, **more: Json) -> str:
    """Return what the API objects to a question more after these messages, "" for nothing.

    more: `system` and `tools`, where the conversation has them.
    """
    following = {"role": "user", "content": "Go on, please."}
    return objection(exam, [*messages, following], model=model, **more) or ""


def _signed(content: list[Json], request: Json, card: ModelCard, ids: Identifiers) -> list[Json]:
    signer, blocks = Signer(request, card, ids), []
    for block in content:
        plain = dict(block.data if isinstance(block, SdkObject) else block)
        kind = BLOCKS[plain["type"]]
        if kind.signed:
            plain[kind.signed] = signer.sign(plain[kind.words] if kind.words else "")
        signer.add(plain)
        blocks.append(SdkObject(block.type, plain) if isinstance(block, SdkObject) else plain)
    return blocks


def _plain(value: Json) -> Json:
    """Return a value as it is sent: blocks of the SDK as dicts, and nothing shared with it."""
    if isinstance(value, SdkObject):
        return copy.deepcopy(value.data)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
