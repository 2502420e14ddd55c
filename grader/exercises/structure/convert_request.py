"""A whole request, from one API to the other."""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL
from grader.exams import Criterion, Exam, exercise
from grader.exercises.loops import content_text, said_in, spoken
from grader.exercises.readings import differing, is_same

Json = Any

_REMOVED = (
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "n",
    "presence_penalty",
    "seed",
    "temperature",
    "top_logprobs",
    "top_p",
)
_RENAMED = ("max_completion_tokens", "stop", "user")


_SYSTEM = ("system", "developer")
"""The roles whose messages become the system prompt."""


@exercise(
    minutes=10,
    criteria=[
        Criterion("system", "the system prompt is the top-level `system`"),
        Criterion("limit", "`max_tokens` holds the limit of the reply"),
        Criterion("stop", "`stop` becomes the list `stop_sequences`"),
        Criterion("user", "`user` becomes `metadata.user_id`"),
        Criterion("nothing-else", "no parameter that the API does not know is left"),
        Criterion(
            "accepted",
            "the API accepts the request; the model, the conversation and the caller's own dict "
            "are as they were",
            points=2,
        ),
    ],
)
def convert_request(exam: Exam) -> None:
    """Convert a full request, a small one, and one in older words; send each to the API."""
    instruction = f"Be {exam.words(1)}."
    stops = [exam.fresh("END"), exam.fresh("STOP")]
    limit, user = exam.number(20, 900), exam.fresh("u")
    system = {"role": "system", "content": instruction}
    question = {"role": "user", "content": exam.words(4)}
    answer = {"role": "assistant", "content": exam.words(3)}
    follow = {"role": "user", "content": exam.words(2)}
    full: dict[str, Json] = {
        "model": DEFAULT_MODEL,
        "messages": [system, question, answer, follow],
        "max_completion_tokens": limit,
        "stop": stops[0],
        "user": user,
        "temperature": 0.2,
        "top_p": 0.9,
        "n": 1,
        "seed": exam.number(1, 99),
        "presence_penalty": 0.1,
        "frequency_penalty": 0.1,
        "logprobs": False,
        "logit_bias": {},
    }
    small: dict[str, Json] = {"model": THINKING_MODEL, "messages": [question]}
    older = {**small, "messages": [{"role": "developer", "content": instruction}, question]}
    older |= {"max_tokens": limit + 1, "stop": stops}
    _converts(exam, full, instruction, limit, stops[:1], user)
    _converts(exam, small, None, 1024, None, None)
    _converts(exam, older, instruction, limit + 1, stops, None)


def _converts(
    exam: Exam,
    given: dict[str, Json],
    system: str | None,
    limit: int,
    stops: list[str] | None,
    user: str | None,
) -> None:
    called = exam.call(copy.deepcopy(given), judges=("limit", "accepted"))
    request = called.value
    if not isinstance(request, dict):
        exam.expect("accepted", False, "not-a-dict", request)
        return
    turns = spoken(said_in(request.get("messages")))
    left = [role for role, _ in turns if role in _SYSTEM]
    exam.expect("system", not left, "system-left", left[0] if left else "")
    # Without a system prompt, `system` may be absent, "" or []: the API takes all three.
    mine = content_text(request.get("system")) or None
    exam.expect("system", mine == system, "system-lost", request.get("system"))
    mine = request.get("max_tokens")
    exam.expect("limit", is_same(mine, limit), "limit-lost", mine)
    _converts_stop(exam, request.get("stop_sequences"), stops)
    metadata = request.get("metadata")
    moved = _without_null(metadata) == ({} if user is None else {"user_id": user})
    exam.expect("user", moved, "user-not-moved", metadata)
    kept = [key for key in (*_REMOVED, *_RENAMED) if key in request]
    exam.expect("nothing-else", not kept, "parameters-kept", ", ".join(kept))
    # A dict that isn't a request has nothing to leave out.
    exam.expect("nothing-else", bool(turns), "messages-changed", request.get("messages"))
    asked = [turn for turn in spoken(said_in(given["messages"])) if turn[0] not in _SYSTEM]
    same = [turn for turn in turns if turn[0] not in _SYSTEM] == asked
    exam.expect("accepted", same, "messages-changed", request.get("messages"))
    is_asked = request.get("model") == given["model"]
    exam.expect("accepted", is_asked, "model-changed", request.get("model"))
    fault = exam.send(request)
    exam.expect("accepted", fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect("accepted", is_same(after, given), "mutated", ", ".join(differing(after, given)))


def _converts_stop(exam: Exam, mine: Json, stops: list[str] | None) -> None:
    if stops is None:
        exam.expect("stop", not mine, "stop-made-up", mine)
        return
    # The SDK sends a tuple as a list.
    listed = list(mine) if isinstance(mine, tuple) else mine
    is_no_list = listed is not None and (
        not isinstance(listed, list) or any(not isinstance(item, str) for item in listed)
    )
    wrong = exam.which({"stop-not-a-list": is_no_list}, otherwise="stop-lost")
    exam.expect("stop", is_same(listed, stops), wrong, mine)


def _without_null(metadata: Json) -> Json:
    # A user_id of null means the same as an absent one.
    if not isinstance(metadata, dict):
        return {} if metadata is None else metadata
    return {key: value for key, value in metadata.items() if value is not None}
