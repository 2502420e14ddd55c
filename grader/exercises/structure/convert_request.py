"""A whole request, from one API to the other."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, exercise
from grader.exercises.readings import content_text, is_same
from grader.exercises.structure.lesson import NAME, REQUEST, SYSTEM

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


@exercise(
    lesson=NAME,
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
    mistakes=[
        Diagnosis(
            "not-a-dict",
            title="The function should return the new request as a dict.",
            saw="It returned `{observed}`.",
            why="The caller sends it with `client.messages.create(**request)`.",
            next="Build a dict and return it.",
            where=REQUEST,
        ),
        Diagnosis(
            "mutated",
            title="Your function changed the caller's request.",
            saw="After the call these of its keys were others: `{observed}`.",
            why="A caller that tries OpenAI next would send your half-converted request.",
            next="Start with a new dict and copy over what you keep.",
            where=REQUEST,
            hints=(
                "Is `openai_request` yours to change?",
                "Look for `pop`, `del` or an assignment into the argument.",
                '`request = {"model": openai_request["model"], …}`',
            ),
        ),
        Diagnosis(
            "system-left",
            title="The system prompt is still a message.",
            saw="`messages` holds the role `{observed}`.",
            why="The API takes the system prompt as a parameter of its own.",
            next="Split it off as in `split_system`, and put it under `system`.",
            where=SYSTEM,
        ),
        Diagnosis(
            "system-lost",
            title="The system prompt is not where the API looks for it.",
            saw="`system` is `{observed}`.",
            why="A request without its instructions is answered, and answered differently.",
            next="Put the text of the system messages under `system`; "
            "leave it out when there is none.",
            where=SYSTEM,
        ),
        Diagnosis(
            "messages-changed",
            title="The conversation changed on the way.",
            saw="`messages` is `{observed}`.",
            why="User and assistant turns mean the same to both APIs, in the same order.",
            next="Pass them on as they are.",
            where=SYSTEM,
        ),
        Diagnosis(
            "model-changed",
            title="The request names another model.",
            saw="`model` is `{observed}`.",
            why="The caller chose the model, and pays for it.",
            next="Copy `model` from the request you were given.",
            where=REQUEST,
        ),
        Diagnosis(
            "optional-expected",
            title="Your code expects a parameter that this request does not have.",
            saw="Python says: `{observed}`",
            why="Only `model` and `messages` are in every OpenAI request.",
            next="Look each of the others up in a way that allows for its absence.",
            where=REQUEST,
            hints=(
                "Which keys does the smallest possible request have?",
                "Run your function on the docstring's example: it has neither `user` nor a limit.",
                '`if "user" in openai_request: …`, or `openai_request.get("user")`',
            ),
            crash=rf"^KeyError: '({'|'.join((*_REMOVED, 'stop', 'user'))})'",
        ),
        Diagnosis(
            "limit-lost",
            title="The limit on the reply got lost.",
            saw="For `max_tokens` it came to this: `{observed}`",
            why="It is required here, and it caps what the reply can cost.",
            next="Take `max_completion_tokens`, else `max_tokens`, else 1024.",
            where=REQUEST,
            hints=(
                "What is the limit called in newer OpenAI code, and in older code?",
                "The table under “One request, converted by hand” has both names.",
                'With `old` for your argument: `old.get("max_completion_tokens") or …`, and so on.',
            ),
            crash=r"^KeyError: 'max_(completion_)?tokens'",
        ),
        Diagnosis(
            "stop-not-a-list",
            title="`stop_sequences` is a list of strings, always.",
            saw="It is `{observed}`.",
            why="OpenAI takes one string or a list; here a string is a 400.",
            next="Wrap a single string: `[stop]`.",
            where=REQUEST,
            hints=(
                "What two types may `stop` have in an OpenAI request?",
                "The table under “One request, converted by hand” shows `stop` in both shapes.",
                "`[stop] if isinstance(stop, str) else stop`",
            ),
        ),
        Diagnosis(
            "stop-lost",
            title="The stop strings are not the request's own.",
            saw="`stop_sequences` is `{observed}`.",
            why="The reply would run on past the place where your parser expects its end.",
            next="Move `stop` to `stop_sequences`, whole and unchanged.",
            where=REQUEST,
        ),
        Diagnosis(
            "stop-made-up",
            title="The request had no `stop`, and now it has stop sequences.",
            saw="`stop_sequences` is `{observed}`.",
            why="What the caller did not ask for must not end the reply, or be a 400.",
            next="Add `stop_sequences` only when the request has a `stop`.",
            where=REQUEST,
        ),
        Diagnosis(
            "user-not-moved",
            title="`metadata` and the request's `user` do not say the same.",
            saw="`metadata` is `{observed}`.",
            why="The id helps to trace abuse to one of your users; it has one place only.",
            next='Write `"metadata": {"user_id": …}`, and only when the request has a `user`.',
            where=REQUEST,
        ),
        Diagnosis(
            "parameters-kept",
            title="A parameter stayed that this API does not have.",
            saw="The request still has `{observed}`.",
            why="The SDK raises a `TypeError` for it, or the API answers 400: "
            "Extra inputs are not permitted.",
            next="Copy only what the API knows, rather than everything but a few.",
            where=REQUEST,
            hints=(
                "Is it safer to list what to keep, or what to drop?",
                "The table under “One request, converted by hand” names those without counterpart.",
                "Begin with an empty dict, and add `model`, `max_tokens`, `messages`, …",
            ),
        ),
        Diagnosis(
            "refused",
            title="The request is refused.",
            saw="The answer is: `{observed}`",
            why="A converter is right when its request is accepted.",
            next="Read the path before the colon: it names the part to mend.",
            where=REQUEST,
        ),
    ],
    hints=(
        "Some things move, some are renamed, some have no counterpart. Sort them first.",
        "The table under “One request, converted by hand” has a row for each parameter.",
        'Build a new dict: required keys first, then `if "stop" in openai_request: …`, and so on.',
    ),
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
        "model": "claude-sonnet-4-6",
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
    small: dict[str, Json] = {"model": "claude-haiku-4-5", "messages": [question]}
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
    turns = _turns(request.get("messages"))
    left = [role for role, _ in turns if role in ("system", "developer")]
    exam.expect("system", not left, "system-left", left[0] if left else "")
    # No system prompt may be written as an absent one, as "" or as []: the API takes all three.
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
    # In a dict that is no request there is nothing to leave out.
    exam.expect("nothing-else", bool(turns), "messages-changed", request.get("messages"))
    spoken = [turn for turn in _turns(given["messages"]) if turn[0] in ("user", "assistant")]
    same = [turn for turn in turns if turn[0] not in ("system", "developer")] == spoken
    exam.expect("accepted", same, "messages-changed", request.get("messages"))
    is_asked = request.get("model") == given["model"]
    exam.expect("accepted", is_asked, "model-changed", request.get("model"))
    fault = exam.send(request)
    exam.expect("accepted", fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect("accepted", is_same(after, given), "mutated", _touched(given, after))


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


def _turns(messages: Json) -> list[tuple[Json, str]]:
    """Return role and text of each message; what is no message is left out."""
    return [
        (message.get("role"), content_text(message.get("content")))
        for message in (messages if isinstance(messages, list | tuple) else ())
        if isinstance(message, dict)
    ]


def _touched(before: dict[str, Json], after: Json) -> str:
    """Return the names of the keys whose values are no longer the same."""
    left = after if isinstance(after, dict) else {}
    keys = [key for key in {**before, **left} if not is_same(left.get(key), before.get(key))]
    return ", ".join(str(key) for key in keys)


def _without_null(metadata: Json) -> Json:
    # A user_id of null says what an absent one says.
    if not isinstance(metadata, dict):
        return {} if metadata is None else metadata
    return {key: value for key, value in metadata.items() if value is not None}
