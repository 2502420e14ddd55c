"""A whole request, from either of OpenAI's APIs to the Messages API."""

from __future__ import annotations

import copy
import re
from typing import Any

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL, active_models, find_model
from grader.exams import Case, Criterion, Exam, Shapes, Slip, exercise, shown
from grader.exercises.loops import content_text, dicts_in, said_in, spoken
from grader.exercises.readings import compared, differing, is_same
from grader.exercises.replies import WORDINGS, worded
from grader.exercises.structure.split_system import ROLES, is_reordered

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
_SCHEMA: Json = {"type": "object", "properties": {}, "additionalProperties": False}
_SHARED: dict[str, Json] = {
    "store": False,
    "metadata": {"topic": "support"},
    "service_tier": "auto",
    "stream": True,
    "tool_choice": "auto",
    "parallel_tool_calls": True,
}
"""Parameters of both of OpenAI's APIs, some of them with a name that this API has too."""
_BEYOND: dict[str, Json] = {
    **_SHARED,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "it", "schema": _SCHEMA, "strict": True},
    },
    "tools": [{"type": "function", "function": {"name": "look_up", "parameters": _SCHEMA}}],
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
    **_SHARED,
    "text": {
        "verbosity": "low",
        "format": {"type": "json_schema", "name": "it", "schema": _SCHEMA, "strict": True},
    },
    "tools": [{"type": "function", "name": "look_up", "parameters": _SCHEMA, "strict": True}],
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
_MOVED = ("system", "stop_sequences", "metadata", "output_config")
"""Where something of the old request goes; a new one has none but for these, and the required."""
_LIMITS = ("max_completion_tokens", "max_output_tokens", "max_tokens")
"""OpenAI's names for the limit on a reply, the first that is there wins."""
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
        Criterion("nothing-else", "there is no other parameter, kept or made up"),
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
            ("instructions", "where"),
            ("instructions", "turns"),
            ("api", "instructions"),
            ("api", "limit"),
            ("api", "effort"),
            ("effort", "model"),
            ("api", "user"),
            ("api", "stop"),
            ("api", "turns"),
            ("api", "more"),
        ],
        api=[_CHAT, _LIST, _TEXT],
        # What a real program sends comes first; the smallest request is another case.
        limit=[
            *("max_completion_tokens", "max_tokens", "none", "both", "both, the old one smaller"),
            *("max_completion_tokens, large", "max_tokens, large"),
        ],
        stop=["a text", "none", "a list of one", "a list"],
        user=["user", "none", "safety_identifier"],
        effort=["low", "absent", "none", "minimal", "medium", "high", "xhigh", "max"],
        instructions=list(_INSTRUCTIONS),
        where=["in front", "behind the question"],
        words=WORDINGS,
        turns=["a talk", "a question", "two in a row", "a greeting first", "two answers in a row"],
        more=["the table's", "none", "others", "a new one"],
        model=[DEFAULT_MODEL, THINKING_MODEL, "one with a date"],
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
    _has_limit(exam, sent, given)
    _has_stop(exam, sent, given.get("stop"))
    _has_user(exam, sent, given)
    _has_nothing_else(exam, sent, given)
    _has_effort(exam, sent, _asked_effort(given))
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
    turns = {
        "a question": [question],
        "two in a row": [question, follow],
        "a greeting first": [{"role": "assistant", "content": exam.words(2)}, *talk],
        "two answers in a row": [
            *talk[:2],
            {"role": "assistant", "content": exam.words(2)},
            follow,
        ],
    }.get(case.turns, talk)
    turns = [question] if case.api == _TEXT else turns
    # Responses has a parameter for instructions, and takes them as messages too.
    is_named = case.api == _TEXT or (case.api == _LIST and roles != ("developer",))
    named, rest = (instructions[:1], instructions[1:]) if is_named else ([], instructions)
    at = 0 if case.where == "in front" else 1
    said = [*rest[:-1], *turns[:at], *rest[-1:], *turns[at:]]
    stops = [exam.fresh("END"), exam.fresh("STOP")]
    stop = {"none": None, "a list of one": stops[:1], "a list": stops}.get(case.stop, stops[0])
    user = {} if case.user == "none" else {case.user: exam.fresh("u")}
    model_and_more = {"model": _model(case), **user, **_more(exam, case)}
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
        # With or without an effort, reasoning may ask for a summary.
        "reasoning": {"summary": "auto"},
    }
    if effort is not None:
        summary = given["reasoning"] if case.api == _LIST else {}
        given["reasoning"] = {"effort": effort, **summary}
    if effort is None and case.more == "none":
        del given["reasoning"]
    return given, said, texts


def _model(case: Case) -> str:
    """Return a model's name; while there is one, one that ends in the day it came out."""
    model: str = case.model
    if model != "one with a date":
        return model
    return next((name for name in active_models() if re.search(r"-\d{8}$", name)), DEFAULT_MODEL)


def _limits(exam: Exam, case: Case) -> dict[str, int]:
    name = case.limit.removesuffix(", large")
    most = find_model(_model(case)).max_output
    limit = exam.number(20, 900) if name == case.limit else most - exam.number(8, 99)
    if case.limit == "none":
        return {}
    if case.api != _CHAT:
        return {"max_output_tokens": limit}
    if case.limit.startswith("both"):
        other = limit - 7 if "smaller" in case.limit else limit + 7
        return {"max_completion_tokens": limit, "max_tokens": other}
    return {name: limit}


def _effort(case: Case) -> str | None:
    """Return OpenAI's effort, one that the model has or that becomes one; None for no effort."""
    own = find_model(_model(case)).rules.effort_levels
    if case.effort == "absent" or not own:
        return None
    return case.effort if case.effort in (*_LEAST, *own) else "high"


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
    """Return OpenAI's own word for the effort, or None."""
    effort: str | None = given.get("reasoning_effort") or given.get("reasoning", {}).get("effort")
    return effort


def _has_limit(exam: Exam, request: dict[Json, Json], given: dict[str, Json]) -> None:
    limits = [given[name] for name in _LIMITS if name in given]
    mine, limit = request.get("max_tokens"), (limits or [1024])[0]
    wrong = exam.which(
        {
            "limit-default": not limits and isinstance(mine, int),
            "limit-precedence": mine in limits[1:],
        },
        otherwise="limit-lost",
    )
    exam.expect("limit", is_same(mine, limit), wrong, compared(mine, limit))


def _has_user(exam: Exam, request: dict[Json, Json], given: dict[str, Json]) -> None:
    user = given.get("safety_identifier", given.get("user"))
    if user is None and _is_absent(exam, request, "metadata", "user"):
        return
    metadata = request.get("metadata")
    mine = metadata.get("user_id") if isinstance(metadata, dict) else None
    exam.expect("user", is_same(mine, user), "user-not-moved", metadata)


def _has_nothing_else(exam: Exam, request: dict[Json, Json], given: dict[str, Json]) -> None:
    theirs = {*_TABLE, *_BEYOND, *_RESPONSES_TABLE, *_RESPONSES_BEYOND, *_RENAMED, *given}
    known = {"model", "messages", "max_tokens", *_MOVED}
    # What these two have besides is OpenAI's `metadata`, `text` or `response_format`. A key that
    # stands in place of the right one is judged as that.
    asked = {"metadata": ("user_id", "user", "safety_identifier")}
    asked["output_config"] = ("effort", "reasoning_effort", "reasoning")
    deep = [
        f"{name}.{key}"
        for name, (own, *names) in asked.items()
        for key in dicts_in([request.get(name)])[:1] and request[name]
        if key != own and (own in request[name] or not set(names) & set(given))
    ]
    kept = [*[str(key) for key in request if key in theirs - known], *deep]
    exam.expect("nothing-else", not kept, "parameters-kept", ", ".join(kept))
    more = {key: value for key, value in request.items() if key not in theirs | known}
    is_moved = set(more) == {"effort"} and _asked_effort(given) is not None
    wrong = exam.which({"effort-beside": is_moved}, otherwise="parameters-made-up")
    exam.expect("nothing-else", not more, wrong, more)


def _has_effort(exam: Exam, request: dict[Json, Json], asked: str | None) -> None:
    config = request.get("output_config")
    mine = config.get("effort") if isinstance(config, dict) else config
    if asked is None:
        if not _is_absent(exam, request, "output_config", "effort"):
            exam.expect("effort", mine is None, "effort-made-up", config)
        return
    effort = _LEAST.get(asked, asked)
    wrong = exam.which(
        {
            "effort-not-known": mine in _LEAST,
            "effort-least": asked in _LEAST and mine is None,
            "effort-changed": isinstance(mine, str),
        },
        otherwise="effort-lost",
    )
    told = f"{shown(config)} (for {shown(asked)}; not {shown(effort)})"
    exam.expect("effort", mine == effort, wrong, told)


def _is_absent(exam: Exam, request: dict[Json, Json], name: str, criterion: str) -> bool:
    """Judge that a part which the old request lacks isn't there with nothing in it.

    Return whether it is absent or empty.
    """
    value = request.get(name)
    inner = list(value.values()) if isinstance(value, dict) else [value]
    is_empty = not any(inner)
    if is_empty and name in request:
        exam.expect(criterion, False, "empty-part", f"{name}={value!r}")
    return is_empty


def _as_sent(request: dict[Json, Json]) -> dict[Json, Json]:
    """Return what `messages.create` makes of a request: the SDK keeps some keys to itself."""
    own = ("extra_headers", "extra_query", "extra_body", "timeout")
    body = request.get("extra_body")
    kept = {key: value for key, value in request.items() if key not in own}
    return {**kept, **body} if isinstance(body, dict) else kept


def _has_system(exam: Exam, request: dict[Json, Json], texts: list[str]) -> None:
    mine = request.get("system")
    if not texts and "system" in request and mine is None:
        exam.expect("system", False, "system-null", exam.send(request))
        return
    if not texts and _is_absent(exam, request, "system", "system"):
        return
    blocks, whole = [block.get("text") for block in dicts_in(mine)], content_text(mine)
    expected = "\n\n".join(texts)
    right = whole == expected or (bool(texts) and blocks == texts)
    is_other_order = is_reordered(whole, texts) or sorted(map(str, blocks)) == sorted(texts)
    wrong = exam.which(
        {
            "system-reordered": bool(texts) and is_other_order,
            "system-joined": _are_joined_otherwise(whole, texts),
        },
        otherwise="system-lost",
    )
    exam.expect("system", right, wrong, compared(whole or mine, expected or None))


def _are_joined_otherwise(whole: str, texts: list[str]) -> bool:
    """Return whether these are all the texts, in order, with something else than a blank line."""
    pattern = "(.*)".join(map(re.escape, texts))
    found = re.fullmatch(pattern, whole, re.DOTALL)
    return found is not None and any(each != "\n\n" for each in found.groups())


def _has_stop(exam: Exam, request: dict[Json, Json], stop: Json) -> None:
    if stop is None:
        if not _is_absent(exam, request, "stop_sequences", "stop"):
            exam.expect("stop", False, "stop-made-up", request["stop_sequences"])
        return
    mine, stops = request.get("stop_sequences"), [stop] if isinstance(stop, str) else stop
    # The SDK sends a tuple as a list.
    listed = list(mine) if isinstance(mine, tuple) else mine
    items = listed if isinstance(listed, list) else []
    wrong = exam.which(
        {
            "stop-split": isinstance(stop, str) and items == list(stop),
            "stop-nested": any(isinstance(item, list | tuple) for item in items),
            "stop-not-a-list": listed is not None
            and (listed is not items or any(not isinstance(item, str) for item in items)),
        },
        otherwise="stop-lost",
    )
    exam.expect("stop", is_same(listed, stops), wrong, compared(mine, stops))


def _has_turns(exam: Exam, request: dict[Json, Json], said: list[Json], whole: str) -> None:
    turns = spoken(said_in(request.get("messages")))
    left = [role for role, _ in turns if role in ROLES]
    exam.expect("system", not left, "system-left", left[0] if left else "")
    # A dict that isn't a request has nothing to leave out.
    exam.expect("nothing-else", bool(turns), "messages-changed", request.get("messages"))
    asked = [turn for turn in spoken(said_in(said)) if turn[0] not in ROLES]
    same = [turn for turn in turns if turn[0] not in ROLES] == asked
    slip = Slip("messages-changed", compared(turns, asked))
    exam.expect(whole, same, slip)
