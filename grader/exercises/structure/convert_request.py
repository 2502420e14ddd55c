"""A whole request, from one API to the other."""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL
from grader.exams import Case, Criterion, Exam, Shapes, Slip, exercise, shown
from grader.exercises.loops import content_text, dicts_in, said_in, spoken
from grader.exercises.readings import differing, is_same
from grader.exercises.replies import WORDINGS, worded
from grader.exercises.structure.split_system import ROLES

Json = Any

_TABLE: dict[str, Json] = {
    "temperature": 0.2,
    "top_p": 0.9,
    "n": 1,
    "seed": 7,
    "presence_penalty": 0.1,
    "frequency_penalty": 0.1,
    "logprobs": False,
    "top_logprobs": 0,
    "logit_bias": {},
}
"""The parameters without counterpart that the lesson's table names."""
_BEYOND: dict[str, Json] = {
    "response_format": {"type": "json_object"},
    "reasoning_effort": "low",
    "store": False,
    "stream_options": {"include_usage": True},
    "modalities": ["text"],
    "verbosity": "low",
    "prompt_cache_key": "chat",
}
"""Others of OpenAI's (its reference of chat completions, 2026-11)."""
_RENAMED = ("max_completion_tokens", "stop", "user")
_INSTRUCTIONS: dict[str, tuple[str, ...]] = {
    "a system message": ("system",),
    "a developer message": ("developer",),
    "two": ("developer", "system"),
    "none": (),
}


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
    shapes=Shapes(
        pairs=[("limit", "size"), ("instructions", "where"), ("instructions", "turns")],
        # What a real program sends comes first; the smallest request is another case.
        limit=["max_completion_tokens", "max_tokens", "none", "both"],
        size=["small", "large"],
        stop=["a text", "none", "a list of one", "a list"],
        user=["given", "none"],
        instructions=list(_INSTRUCTIONS),
        where=["in front", "behind the question"],
        words=WORDINGS,
        turns=["a talk", "a question", "two in a row"],
        more=["the table's", "none", "others", "a new one"],
        model=[DEFAULT_MODEL, THINKING_MODEL],
    ),
)
def convert_request(exam: Exam) -> None:
    """Convert a full request, then smaller and older ones; send each to the API."""
    first, *others = exam.cases()
    if _converts(exam, first, ("limit", "accepted")):
        for case in others:
            with exam.part():
                is_about_limit = case.limit != first.limit
                _converts(exam, case, ("limit", "accepted") if is_about_limit else ("accepted",))


def _converts(exam: Exam, case: Case, judges: tuple[str, ...]) -> bool:
    """Judge one conversion, and return whether a dict came back."""
    texts = [worded(exam, case.words) for _ in _INSTRUCTIONS[case.instructions]]
    given = _given(exam, case, texts)
    called = exam.call(copy.deepcopy(given), judges=judges)
    request = called.value
    if not isinstance(request, dict):
        exam.expect("accepted", False, "not-a-dict", request)
        return False
    sent = _as_sent(request)
    _has_system(exam, sent, texts)
    limit = given.get("max_completion_tokens", given.get("max_tokens", 1024))
    mine = sent.get("max_tokens")
    exam.expect("limit", is_same(mine, limit), "limit-lost", f"{shown(mine)} (not {limit})")
    _has_stop(exam, sent.get("stop_sequences"), given.get("stop"))
    metadata, user = sent.get("metadata"), given.get("user")
    moved = _without_null(metadata) == ({} if user is None else {"user_id": user})
    exam.expect("user", moved, "user-not-moved", metadata)
    unknown = {*_TABLE, *_BEYOND, *_RENAMED, *given} - {"model", "messages", "max_tokens"}
    kept = [str(key) for key in sent if key in unknown]
    exam.expect("nothing-else", not kept, "parameters-kept", ", ".join(kept))
    _has_turns(exam, sent, given)
    is_asked = sent.get("model") == given["model"]
    exam.expect("accepted", is_asked, "model-changed", sent.get("model"))
    fault = exam.send(sent)
    exam.expect("accepted", fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect("accepted", is_same(after, given), "mutated", ", ".join(differing(after, given)))
    return True


def _given(exam: Exam, case: Case, texts: list[str]) -> dict[str, Json]:
    """Return a request as OpenAI's API has it."""
    roles = _INSTRUCTIONS[case.instructions]
    instructions = [
        {"role": role, "content": text} for role, text in zip(roles, texts, strict=True)
    ]
    question = {"role": "user", "content": worded(exam, case.words)}
    follow = {"role": "user", "content": exam.words(2)}
    talk = [question, {"role": "assistant", "content": exam.words(3)}, follow]
    turns = {"a question": [question], "two in a row": [question, follow]}.get(case.turns, talk)
    limit = exam.number(20, 900) if case.size == "small" else exam.number(3_000, 4_000)
    limits = {"none": {}, "both": {"max_completion_tokens": limit, "max_tokens": limit + 7}}
    stops = [exam.fresh("END"), exam.fresh("STOP")]
    stop = {"none": None, "a list of one": stops[:1], "a list": stops}.get(case.stop, stops[0])
    more = {"the table's": _TABLE, "others": _BEYOND, "none": {}}
    at = 0 if case.where == "in front" else 1
    return {
        "model": case.model,
        "messages": [*instructions[:-1], *turns[:at], *instructions[-1:], *turns[at:]],
        **limits.get(case.limit, {case.limit: limit}),
        **({} if stop is None else {"stop": stop}),
        **({"user": exam.fresh("u")} if case.user == "given" else {}),
        **more.get(case.more, {exam.fresh("new_parameter"): True}),
    }


def _as_sent(request: dict[Json, Json]) -> dict[Json, Json]:
    """Return what `messages.create` makes of a request: the SDK keeps some keys to itself."""
    own = ("extra_headers", "extra_query", "extra_body", "timeout")
    body = request.get("extra_body")
    kept = {key: value for key, value in request.items() if key not in own}
    return {**kept, **body} if isinstance(body, dict) else kept


def _has_system(exam: Exam, request: dict[Json, Json], texts: list[str]) -> None:
    mine = request.get("system")
    blocks = [block.get("text") for block in dicts_in(mine)]
    # Without a system prompt, `system` may be absent, "" or []: the API takes all three.
    whole = content_text(mine)
    right = whole == "\n\n".join(texts) or (bool(texts) and blocks == texts)
    is_null = "system" in request and mine is None
    wrong = exam.which({"system-null": is_null and not texts}, otherwise="system-lost")
    observed = exam.send(request) if wrong == "system-null" else mine
    exam.expect("system", right and not (is_null and not texts), wrong, observed)


def _has_stop(exam: Exam, mine: Json, stop: Json) -> None:
    if stop is None:
        exam.expect("stop", not mine, "stop-made-up", mine)
        return
    stops = [stop] if isinstance(stop, str) else stop
    # The SDK sends a tuple as a list.
    listed = list(mine) if isinstance(mine, tuple) else mine
    is_no_list = listed is not None and (
        not isinstance(listed, list) or any(not isinstance(item, str) for item in listed)
    )
    wrong = exam.which({"stop-not-a-list": is_no_list}, otherwise="stop-lost")
    exam.expect("stop", is_same(listed, stops), wrong, mine)


def _has_turns(exam: Exam, request: dict[Json, Json], given: dict[str, Json]) -> None:
    turns = spoken(said_in(request.get("messages")))
    left = [role for role, _ in turns if role in ROLES]
    exam.expect("system", not left, "system-left", left[0] if left else "")
    # A dict that isn't a request has nothing to leave out.
    exam.expect("nothing-else", bool(turns), "messages-changed", request.get("messages"))
    asked = [turn for turn in spoken(said_in(given["messages"])) if turn[0] not in ROLES]
    same = [turn for turn in turns if turn[0] not in ROLES] == asked
    slip = Slip("messages-changed", request.get("messages"))
    exam.expect("accepted", same, slip)


def _without_null(metadata: Json) -> Json:
    # A user_id of null means the same as an absent one.
    if not isinstance(metadata, dict):
        return {} if metadata is None else metadata
    return {key: value for key, value in metadata.items() if value is not None}
