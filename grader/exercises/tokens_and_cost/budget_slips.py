"""What went wrong where `trim_to_budget` returned another request than it should, or raised."""

from __future__ import annotations

import json
from typing import Any

from grader.exams import Called, Exam, Scene, Slip, api_error
from grader.exercises.loops import has_thoughts, joined, without_nulls, without_thoughts
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.cuts import Task
from grader.exercises.tokens_and_cost.prompts import (
    SETTINGS,
    counted_model,
    lost_parts,
    tokens_of,
    without_objects,
)

Json = Any


def slip_of_cut(exam: Exam, task: Task, scene: Scene, called: Called) -> Slip:
    """Return the slip that a wrong request shows."""
    value, left = called.value, without_thoughts(messages_of(called.value))
    known = {_key(message) for message in task.bare}
    is_part = bool(left) and all(_key(message) in known for message in left)
    tokens = tokens_of({**task.request, "messages": left}) if is_part else 0
    is_over = tokens > task.budget
    parts = lost_parts(scene, task.request, ("system", "tools"))
    returned = value if isinstance(value, dict) else {}
    gone = [key for key in ("system", "tools") if key in task.request and key not in returned]
    unset = lost_parts(scene, task.request, SETTINGS)
    whole = messages_of(value)
    is_uncut = len(whole) == len(task.messages) and is_like(whole, task.messages)
    whole_tokens = tokens_of(task.request) if is_uncut else 0
    objection = (exam.send({**task.request, "messages": left}) or "") if is_part else ""
    is_oldest = len(left) < len(task.bare) and is_like(left, task.bare[: len(left)])
    starts = [turn[0] for turn in task.turns]
    is_end = is_part and is_like(left, task.bare[-len(left) :])
    is_whole = is_end and any(is_like(left[0], start) for start in starts)
    kept = sum(len(joined(task.turns[-n:])) <= len(left) for n in range(1, len(task.turns) + 1))
    count = len(value) if isinstance(value, list) else 0
    thoughts = thoughts_in(whole) if is_whole else ""
    counted_thoughts = thoughts_in(_cut_counts(task, scene)) if is_whole else ""
    lost = "" if is_part else _lost_blocks(left, task)
    counted, over = counted_model(scene), f"{tokens} > {task.budget}"
    return exam.slip(
        {
            "sent-for-real": (bool(scene.requests), len(scene.requests)),
            "only-messages-returned": (isinstance(value, list), count),
            "not-a-request": (not left, value),
            "guessed": (not scene.counts, size_of(left)),
            "other-model": (counted != task.request["model"], counted),
            "oldest-kept": is_part and is_oldest,
            "counted-alone": (
                _counted_elsewhere(task, scene) == "alone",
                _least_counted(scene),
            ),
            "more-changed": (is_over and gone != [], ", ".join(gone)),
            "prompt-forgotten": (is_over and parts != "", over),
            "settings-lost": ((is_over or whole_tokens > task.budget) and unset != "", unset),
            "counted-without-thinking": (
                not is_over and whole_tokens > task.budget,
                f"{whole_tokens} > {task.budget}",
            ),
            "instruction-lost": (_lacks_instructions(left, task), "the messages you returned"),
            "torn": ("unexpected `tool_use_id`" in objection, objection),
            "starts-with-assistant": (is_end and left[0].get("role") == "assistant", "assistant"),
            "over-budget": (is_over, over),
            "thinking-kept": (
                is_whole and has_thoughts(whole) and kept < len(task.turns),
                thoughts,
            ),
            "counted-with-thinking": (
                is_whole and counted_thoughts != "",
                f"{kept} < {task.kept}; {counted_thoughts}",
            ),
            "question-in-blocks": (
                is_whole and isinstance(task.turns[-task.kept][0]["content"], list),
                f"{kept} < {task.kept}",
            ),
            "too-few-turns": (is_whole, f"{kept} < {task.kept}"),
            "block-lost": (lost != "", lost),
        },
        otherwise="other-messages",
        observed=len(left),
    )


def refusal_of_cut(exam: Exam, task: Task, scene: Scene, raised: str) -> Slip:
    """Return the slip that the API's refusal shows, or a ValueError of the code."""
    elsewhere, counted = _counted_elsewhere(task, scene), counted_model(scene)
    is_own = not raised.startswith("BadRequestError")
    return exam.slip(
        {
            "oldest-kept": (elsewhere == "oldest", raised),
            "counted-alone": (elsewhere == "alone", _least_counted(scene)),
            "torn": "unexpected `tool_use_id`" in raised,
            "instruction-begins": "top-level 'system' parameter" in raised,
            "bound": "bound to a different conversation" in raised,
            "emptied": "non-empty content" in raised,
            "nothing-left": "at least one message is required" in raised,
            "other-model": (counted not in ("", task.request["model"]), counted),
            # A text for this crash that the exercise has, as for any other call.
            exam.explanation(raised) or "odd-value": is_own or exam.explanation(raised) is not None,
        },
        otherwise="refused",
        observed=api_error(raised),
    )


def _counted_elsewhere(task: Task, scene: Scene) -> str:
    """Return "" if each count was of an end of the history, else where the last other one was."""
    whole = [_key(message) for message in task.bare]
    for count in scene.counts[::-1]:
        messages = count.get("messages")
        listed = without_thoughts(messages) if isinstance(messages, list) else []
        keys = [_key(message) for message in listed]
        if keys and keys != whole[-len(keys) :]:
            if keys == whole[: len(keys)]:
                return "oldest"
            starts = range(len(whole) - len(keys))
            return "alone" if any(whole[n : n + len(keys)] == keys for n in starts) else "other"
    return ""


def _cut_counts(task: Task, scene: Scene) -> list[Json]:
    """Return the messages of all counts that had fewer than the whole conversation."""
    counted = [messages_of(count) for count in scene.counts]
    return joined([each for each in counted if len(each) < len(task.bare)])


def _least_counted(scene: Scene) -> int:
    """Return how many messages the shortest count had."""
    return min([len(messages_of(count)) for count in scene.counts], default=0)


def _lacks_instructions(left: list[Json], task: Task) -> bool:
    """Return whether all that an end of the history lacks is its turns with the role system."""
    ends = (without_thoughts(joined(task.turns[-n:])) for n in range(1, len(task.turns) + 1))
    spoken = [[each for each in end if each["role"] != "system"] for end in ends]
    is_one = any(each.get("role") == "system" for each in left if isinstance(each, dict))
    has_any = any(each["role"] == "system" for each in task.bare)
    return has_any and not is_one and any(is_like(left, each) for each in spoken)


def _lost_blocks(left: list[Json], task: Task) -> str:
    """Return the types of blocks that messages of the history have lost, but for their thoughts."""
    lost: set[str] = set()
    for message in without_objects(left):
        content = message.get("content") if isinstance(message, dict) else None
        keys = {_key(block) for block in content} if isinstance(content, list) else set()
        for whole in without_objects(task.bare):
            blocks = whole["content"] if isinstance(whole["content"], list) else []
            if keys and keys < {_key(block) for block in blocks}:
                lost.update(block["type"] for block in blocks if _key(block) not in keys)
    return ", ".join(sorted(lost))


def thoughts_in(messages: list[Json]) -> str:
    """Return the types of thoughts that some messages still have."""
    dicts = [each for each in without_objects(messages) if isinstance(each, dict)]
    blocks = [block for each in dicts for block in each.get("content") or ()]
    types = {str(block.get("type")) for block in blocks if isinstance(block, dict)}
    return ", ".join(sorted(types & {"thinking", "redacted_thinking"}))


def messages_of(request: Json) -> list[Json]:
    """Return the messages of a request; none if it is something else."""
    messages = request.get("messages") if isinstance(request, dict) else None
    return messages if isinstance(messages, list) else []


def size_of(left: list[Json]) -> str:
    """Return in words how many messages a request has."""
    return f"a request of {len(left)} message{'' if len(left) == 1 else 's'}"


def is_like(left: Json, right: Json) -> bool:
    """Return whether two values say the same, with blocks as dicts or as SDK objects."""
    return is_same(without_nulls(left), without_nulls(right))


def _key(message: Json) -> str:
    """Return a text that is the same for messages that say the same, in any order of keys."""
    plain = without_objects(without_nulls(message))
    return json.dumps(plain, sort_keys=True, default=repr, skipkeys=True)
