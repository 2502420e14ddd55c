"""A whole request, from either of OpenAI's APIs to the Messages API."""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL, find_model
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
    "store": False,
    "stream_options": {"include_usage": True},
    "modalities": ["text"],
    "verbosity": "low",
    "prompt_cache_key": "chat",
}
"""Others of OpenAI's (its reference of chat completions, 2026-11)."""
_RESPONSES_TABLE: dict[str, Json] = {
    "temperature": 0.2,
    "top_p": 0.9,
    "top_logprobs": 0,
    "store": False,
}
_RESPONSES_BEYOND: dict[str, Json] = {
    "text": {"verbosity": "low"},
    "truncation": "auto",
    "include": [],
    "background": False,
    "prompt_cache_key": "chat",
}
"""The same two of the Responses API (openai 3.54, types/responses/response_create_params.py)."""
_RENAMED = (
    *("max_completion_tokens", "max_output_tokens", "stop", "user", "safety_identifier"),
    *("input", "instructions", "reasoning", "reasoning_effort"),
)
_LEAST = {"none": "low", "minimal": "low"}
"""OpenAI's efforts below the least that there is here."""
_CHAT, _LIST, _TEXT = "chat completions", "responses", "responses, a text"
_INSTRUCTIONS: dict[str, tuple[str, ...]] = {
    "a system message": ("system",),
    "a developer message": ("developer",),
    "two": ("developer", "system"),
    "none": (),
}


@exercise(
    minutes=15,
    criteria=[
        Criterion("system", "the system prompt is the top-level `system`"),
        Criterion("limit", "`max_tokens` holds the limit of the reply"),
        Criterion("stop", "`stop` becomes the list `stop_sequences`"),
        Criterion("user", "`user` or `safety_identifier` becomes `metadata.user_id`"),
        Criterion("effort", "the effort becomes `output_config.effort`"),
        Criterion("nothing-else", "no parameter that the API does not know is left"),
        Criterion(
            "accepted",
            "the API accepts the request; the model, the conversation and the caller's own dict "
            "are as they were",
            points=2,
        ),
        Criterion("responses", "a request of Responses is converted as well", points=2),
    ],
    shapes=Shapes(
        pairs=[
            ("limit", "size"),
            ("instructions", "where"),
            ("instructions", "turns"),
            ("api", "instructions"),
            ("api", "limit"),
            ("api", "effort"),
            ("api", "user"),
            ("api", "more"),
        ],
        api=[_CHAT, _LIST, _TEXT],
        # What a real program sends comes first; the smallest request is another case.
        limit=["max_completion_tokens", "max_tokens", "none", "both"],
        size=["small", "large"],
        stop=["a text", "none", "a list of one", "a list"],
        user=["user", "none", "safety_identifier"],
        effort=["low", "absent", "none", "minimal", "medium", "high", "xhigh", "max"],
        instructions=list(_INSTRUCTIONS),
        where=["in front", "behind the question"],
        words=WORDINGS,
        turns=["a talk", "a question", "two in a row"],
        more=["the table's", "none", "others", "a new one"],
        model=[DEFAULT_MODEL, THINKING_MODEL],
    ),
)
def convert_request(exam: Exam) -> None:
    """Convert a full request, then smaller and older ones, and those of Responses; send each."""
    # What both APIs share is said of the one that a request of Chat Completions shows.
    first, *others = sorted(exam.cases(), key=lambda case: case.api != _CHAT)
    if _converts(exam, first, ("limit", "accepted")):
        for case in others:
            with exam.part():
                is_about_limit = case.limit != first.limit
                judges = ("limit", "accepted") if is_about_limit else ("accepted",)
                _converts(exam, case, judges if case.api == _CHAT else ("responses",))


def _converts(exam: Exam, case: Case, judges: tuple[str, ...]) -> bool:
    """Judge one conversion, and return whether a dict came back."""
    whole = "accepted" if case.api == _CHAT else "responses"
    given, said, texts = _given(exam, case)
    called = exam.call(copy.deepcopy(given), judges=judges)
    request = called.value
    if not isinstance(request, dict):
        exam.expect(whole, False, "not-a-dict", request)
        return False
    sent = _as_sent(request)
    if isinstance(sent.get("messages"), str):
        exam.expect(whole, False, "input-not-a-list", sent["messages"])
        return True
    _has_system(exam, sent, texts)
    names = ("max_completion_tokens", "max_output_tokens", "max_tokens")
    limit = next((given[name] for name in names if name in given), 1024)
    mine = sent.get("max_tokens")
    exam.expect("limit", is_same(mine, limit), "limit-lost", f"{shown(mine)} (not {limit})")
    _has_stop(exam, sent.get("stop_sequences"), given.get("stop"))
    metadata, user = sent.get("metadata"), given.get("safety_identifier", given.get("user"))
    moved = _without_null(metadata) == ({} if user is None else {"user_id": user})
    exam.expect("user", moved, "user-not-moved", metadata)
    unknown = {*_TABLE, *_BEYOND, *_RESPONSES_TABLE, *_RESPONSES_BEYOND, *_RENAMED, *given}
    kept = [str(key) for key in sent if key in unknown - {"model", "messages", "max_tokens"}]
    exam.expect("nothing-else", not kept, "parameters-kept", ", ".join(kept))
    _has_effort(exam, sent.get("output_config"), _asked_effort(given))
    _has_turns(exam, sent, said, whole)
    is_asked = sent.get("model") == given["model"]
    exam.expect(whole, is_asked, "model-changed", sent.get("model"))
    fault = exam.send(sent)
    exam.expect(whole, fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect(whole, is_same(after, given), "mutated", ", ".join(differing(after, given)))
    return True


def _given(exam: Exam, case: Case) -> tuple[dict[str, Json], list[Json], list[str]]:
    """Return a request as one of OpenAI's APIs has it, its messages, and its instructions."""
    roles = _INSTRUCTIONS[case.instructions]
    roles = roles[:1] if case.api == _TEXT else roles
    texts = [worded(exam, case.words) for _ in roles]
    instructions = [
        {"role": role, "content": text} for role, text in zip(roles, texts, strict=True)
    ]
    question = {"role": "user", "content": worded(exam, case.words)}
    follow = {"role": "user", "content": exam.words(2)}
    talk = [question, {"role": "assistant", "content": exam.words(3)}, follow]
    turns = {"a question": [question], "two in a row": [question, follow]}.get(case.turns, talk)
    turns = [question] if case.api == _TEXT else turns
    # Responses has a parameter for instructions, and takes them as messages too.
    is_named = case.api == _TEXT or (case.api == _LIST and roles != ("developer",))
    named, rest = (instructions[:1], instructions[1:]) if is_named else ([], instructions)
    at = 0 if case.where == "in front" else 1
    said = [*rest[:-1], *turns[:at], *rest[-1:], *turns[at:]]
    stops = [exam.fresh("END"), exam.fresh("STOP")]
    stop = {"none": None, "a list of one": stops[:1], "a list": stops}.get(case.stop, stops[0])
    user = {} if case.user == "none" else {case.user: exam.fresh("u")}
    model_and_more = {"model": case.model, **user, **_more(exam, case)}
    limits, effort = _limits(exam, case), _effort(case)
    if case.api == _CHAT:
        efforts = {} if effort is None else {"reasoning_effort": effort}
        stopped = {} if stop is None else {"stop": stop}
        return {**model_and_more, "messages": said, **limits, **efforts, **stopped}, said, texts
    given = {
        **model_and_more,
        "input": question["content"] if case.api == _TEXT else said,
        **({"instructions": named[0]["content"]} if named else {}),
        **limits,
        # Without an effort, reasoning may still ask for a summary.
        "reasoning": {"summary": "auto"} if effort is None else {"effort": effort},
    }
    if effort is None and case.more == "none":
        del given["reasoning"]
    return given, said, texts


def _limits(exam: Exam, case: Case) -> dict[str, int]:
    limit = exam.number(20, 900) if case.size == "small" else exam.number(3_000, 4_000)
    if case.limit == "none":
        return {}
    if case.api != _CHAT:
        return {"max_output_tokens": limit}
    if case.limit == "both":
        return {"max_completion_tokens": limit, "max_tokens": limit + 7}
    return {case.limit: limit}


def _effort(case: Case) -> str | None:
    """Return OpenAI's effort, one that the model has or that becomes one."""
    levels = (*_LEAST, *find_model(case.model).rules.effort_levels)
    return None if case.effort == "absent" else case.effort if case.effort in levels else "high"


def _more(exam: Exam, case: Case) -> dict[str, Json]:
    """Return parameters that have no counterpart."""
    match case.more:
        case "none":
            return {}
        case "the table's":
            return _TABLE if case.api == _CHAT else _RESPONSES_TABLE
        case "others":
            return _BEYOND if case.api == _CHAT else _RESPONSES_BEYOND
        case _:
            return {exam.fresh("new_parameter"): True}


def _asked_effort(given: dict[str, Json]) -> str | None:
    asked = given.get("reasoning_effort") or given.get("reasoning", {}).get("effort")
    return _LEAST.get(asked, asked)


def _has_effort(exam: Exam, config: Json, asked: str | None) -> None:
    mine = config.get("effort") if isinstance(config, dict) else config
    if asked is None:
        exam.expect("effort", mine is None, "effort-made-up", config)
        return
    wrong = exam.which({"effort-not-known": mine in _LEAST}, otherwise="effort-lost")
    exam.expect("effort", mine == asked, wrong, f"{shown(config)} (not {shown(asked)})")


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


def _has_turns(exam: Exam, request: dict[Json, Json], said: list[Json], whole: str) -> None:
    turns = spoken(said_in(request.get("messages")))
    left = [role for role, _ in turns if role in ROLES]
    exam.expect("system", not left, "system-left", left[0] if left else "")
    # A dict that isn't a request has nothing to leave out.
    exam.expect("nothing-else", bool(turns), "messages-changed", request.get("messages"))
    asked = [turn for turn in spoken(said_in(said)) if turn[0] not in ROLES]
    same = [turn for turn in turns if turn[0] not in ROLES] == asked
    slip = Slip("messages-changed", request.get("messages"))
    exam.expect(whole, same, slip)


def _without_null(metadata: Json) -> Json:
    # A user_id of null means the same as an absent one.
    if not isinstance(metadata, dict):
        return {} if metadata is None else metadata
    return {key: value for key, value in metadata.items() if value is not None}
