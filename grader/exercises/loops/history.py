"""A history that the learner's code keeps: what the code sent with it, and added to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.exams import Exam, SdkObject, Slip
from grader.exercises.loops.conversation import (
    Said,
    content_text,
    instructions_gone,
    roles_of,
    said_in,
    spoken,
    types_of,
)
from grader.exercises.readings import differing, is_same

Json = Any


def other_options(request: Json, options: Mapping[str, Json]) -> str:
    """Return the options that differ in a request, such as "max_tokens=5 (not 9)"; "" for none.

    options: a system prompt is a str, or None if the request has none, not even an empty one.
    """
    mine = dict(request)
    if options.get("system") is not None and request.get("system") is not None:
        mine["system"] = content_text(request.get("system"))
    others = [key for key, value in options.items() if not is_same(mine.get(key), value)]
    return ", ".join(f"{key}={_told(mine, key)} (not {_told(options, key)})" for key in others)


def _told(options: Mapping[str, Json], key: str) -> str:
    value = options.get(key)
    return "left out" if value is None else repr(value)


def is_pair(value: Json) -> bool:
    """Return whether a value is a pair, rather than a history of two messages."""
    return (
        isinstance(value, tuple | list)
        and len(value) == 2
        and not all(isinstance(part, dict) for part in value)
    )


def find_lost_exchange(
    exam: Exam, history: Json, told: Sequence[Said], *, otherwise: str = "history-otherwise"
) -> Slip | None:
    """Return what is wrong with the question and the reply at the end of a history, or None.

    told: what the history should say. otherwise: the mistake of any other history.
    """
    *old, question, reply = told
    stored = list(history) if isinstance(history, list | tuple) else []
    new, last = said_in(stored), (stored[-1] if stored else None)
    if new == [*told]:
        return None
    mine = last.get("content") if isinstance(last, dict) else None
    is_told = spoken(new) == spoken(told)
    # Without a word, only what isn't text can be lost.
    is_mixed = any(block["type"] != "text" for block in reply.blocks)
    is_less = new[:-1] == [*old, question] and is_mixed
    return exam.slip(
        {
            "system-in-history": (
                roles_of(new).count("system") > roles_of(told).count("system"),
                roles_of(new),
            ),
            "instruction-lost": (instructions_gone(new, told), "the history you returned"),
            "message-stored": (any(isinstance(item, SdkObject) for item in stored), last),
            "block-stored": (isinstance(mine, SdkObject | dict), last),
            "history-dropped": (bool(old) and spoken(new) == spoken([question, reply]), len(old)),
            "no-text-dropped": (
                bool(reply.blocks) and not reply.words and new == [*old],
                types_of(reply.blocks),
            ),
            "question-forgotten": (spoken(new) == spoken([*old, reply]), "assistant"),
            "reply-forgotten": (spoken(new) == spoken([*old, question]), "user"),
            "text-for-blocks": (
                is_less and types_of(mine) != types_of(reply.blocks),
                f"{types_of(mine)} (of {types_of(reply.blocks)})",
            ),
            "fields-lost": (
                is_told and bool(new) and types_of(new[-1].blocks) == types_of(reply.blocks),
                first_changed(new[-1].blocks, reply.blocks) if new else "",
            ),
        },
        otherwise=otherwise,
        observed=spoken(new[-2:]) or history,
    )


def first_changed(mine: Sequence[Json], own: Sequence[Json]) -> str:
    """Return the first block that isn't as it was, with the fields that differ; "" for none."""
    return next(
        (
            f"{block.get('type')}, in {', '.join(differing(stored, block))}"
            for stored, block in zip(mine, own, strict=False)
            if not is_same(stored, block)
        ),
        "",
    )
