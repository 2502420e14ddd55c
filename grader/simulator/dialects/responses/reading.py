"""A Responses request: its parameters checked, and the Messages request that it comes to.

OpenAI's models are none of the catalog's: a model that does what they do stands in for one, and
the reply gives the name that was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.catalog import Catalog, ModelCard, OpenAIModel, find_openai_model
from grader.errors import UnknownModel
from grader.simulator.dialects.responses.faults import chosen, missing, refuse, typed, within
from grader.simulator.dialects.responses.items import check_items, to_turns
from grader.simulator.dialects.responses.kept import Store
from grader.simulator.dialects.responses.tools import to_format, to_tool_choice, to_tools
from grader.simulator.wire import Json

_NONE = type(None)
# openai 3.54, types/responses/response_create_params.py: all that it takes, with its types.
_TYPES: Mapping[str, tuple[type, ...]] = {
    "access_programs": (dict,),
    "background": (bool, _NONE),
    "background_options": (dict, _NONE),
    "context_management": (list, _NONE),
    "conversation": (str, dict, _NONE),
    "include": (list, _NONE),
    "input": (str, list),
    "instructions": (str, _NONE),
    "max_output_tokens": (int, _NONE),
    "max_tool_calls": (int, _NONE),
    "metadata": (dict, _NONE),
    "model": (str,),
    "moderation": (dict, _NONE),
    "parallel_tool_calls": (bool, _NONE),
    "previous_response_id": (str, _NONE),
    "prompt": (dict, _NONE),
    "prompt_cache_key": (str, _NONE),
    "prompt_cache_options": (dict, _NONE),
    "prompt_cache_retention": (str, _NONE),
    "reasoning": (dict, _NONE),
    "safety_identifier": (str, _NONE),
    "service_tier": (str, _NONE),
    "store": (bool, _NONE),
    "stream": (bool, _NONE),
    "stream_options": (dict, _NONE),
    "temperature": (float, _NONE),
    "text": (dict, _NONE),
    "tool_choice": (str, dict, _NONE),
    "tools": (list, _NONE),
    "top_logprobs": (int, _NONE),
    "top_p": (float, _NONE),
    "truncation": (str, _NONE),
    "user": (str, _NONE),
}
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_SUMMARIES = ("auto", "concise", "detailed")
_LEAST_OUTPUT = 16
# What a reply has room for where the request sets no limit; OpenAI's is the model's own.
_USUAL_OUTPUT = 16_000


@dataclass(frozen=True)
class Asking:
    """Hold what a Responses request asks for.

    items: the whole conversation, earlier responses with it. model: None for one of the catalog.
    """

    request: dict[str, Json]
    items: tuple[Json, ...]
    conversation: str | None
    model: OpenAIModel | None
    card: ModelCard


def read(body: Json, catalog: Catalog, store: Store) -> Asking:
    """Return what a request asks for, or refuse it with OpenAI's 400."""
    if not isinstance(body, dict):
        raise refuse("We could not parse the JSON body of your request.", None)
    for key, value in body.items():
        if key not in _TYPES:
            raise refuse(f"Unknown parameter: '{key}'.", key, "unknown_parameter")
        typed(value, key, *_TYPES[key])
    if "model" not in body:
        raise missing("model")
    model, card = _model(body["model"], catalog)
    previous, conversation = body.get("previous_response_id"), _conversation(body)
    if previous is not None and conversation is not None:
        raise refuse(
            "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Ensure you "
            "are only providing one of them.",
            None,
            "mutually_exclusive_parameters",
        )
    if "input" not in body and previous is None and conversation is None:
        raise missing("input")
    given = body.get("input", [])
    own = [{"role": "user", "content": given}] if isinstance(given, str) else store.resolve(given)
    check_items(own)
    items = (*store.before(previous, conversation), *own)
    return Asking(body, items, conversation, model, card)


def to_messages_request(asking: Asking) -> dict[str, Json]:
    """Return the Messages request for a request that was read, or refuse it."""
    request = asking.request
    converted: dict[str, Json] = {
        "model": asking.card.id,
        # OpenAI caches each prompt that is long enough, unasked.
        "cache_control": {"type": "ephemeral"},
        "max_tokens": min(_limit(request), asking.card.max_output),
    }
    system, converted["messages"] = to_turns(asking.items)
    if request.get("instructions"):
        system.insert(0, request["instructions"])
    if "".join(system).strip():
        converted["system"] = "\n".join(system)
    _set_output(converted, asking)
    _set_tools(converted, request)
    for name, most in (("temperature", 2), ("top_p", 1)):
        if request.get(name) is not None:
            within(request[name], name, 0, most)
    if request.get("stream"):
        converted["stream"] = True
    return converted


def effort_of(reasoning: Json, model: OpenAIModel | None) -> Json:
    """Return the effort of a request, given or the model's own; None where there is none."""
    given = reasoning.get("effort") if isinstance(reasoning, dict) else None
    return given or (model.effort if model else None)


def _model(name: str, catalog: Catalog) -> tuple[OpenAIModel | None, ModelCard]:
    """Return an OpenAI model with what stands in for it, or a model of the catalog."""
    model = find_openai_model(name)
    if model is not None:
        return model, _stand_in(model, catalog)
    try:
        # Not OpenAI's: gateways that speak its protocol serve others' models.
        return None, catalog.find(name)
    except UnknownModel:
        message = f"The requested model '{name}' does not exist."
        raise refuse(message, "model", "model_not_found") from None


def _stand_in(model: OpenAIModel, catalog: Catalog) -> ModelCard:
    """Return the newest model that thinks if this one reasons, and takes each choice of tools."""
    default = "on" if model.effort else "off"
    fitting = (
        card
        for card in catalog.models
        if card.rules.thinking_default == default
        and card.rules.forced_tool_choice
        and "disabled" not in card.rules.thinking_rejects
    )
    return next(fitting, catalog.models[0])


def _conversation(request: dict[str, Json]) -> str | None:
    given = request.get("conversation")
    if not isinstance(given, dict):
        return given
    if "id" not in given:
        raise missing("conversation.id")
    id: str = typed(given["id"], "conversation.id", str)
    return id


def _limit(request: dict[str, Json]) -> int:
    limit = request.get("max_output_tokens")
    if limit is None:
        return _USUAL_OUTPUT
    if limit < _LEAST_OUTPUT:
        raise refuse(
            "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= "
            f"{_LEAST_OUTPUT}, but got {limit} instead.",
            "max_output_tokens",
            "integer_below_min_value",
        )
    return int(limit)


def _set_output(converted: dict[str, Json], asking: Asking) -> None:
    """Set how hard the stand-in thinks, and the form of what it says."""
    text = asking.request.get("text") or {}
    config: dict[str, Json] = {}
    shape = to_format(text["format"]) if text.get("format") is not None else None
    if shape is not None:
        config["format"] = shape
    reasoning = asking.request.get("reasoning") or {}
    if reasoning.get("effort") is not None:
        chosen(reasoning["effort"], "reasoning.effort", _EFFORTS)
        if asking.model is not None and asking.model.effort is None:
            raise refuse(
                "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
                "reasoning.effort",
                "unsupported_parameter",
            )
    if reasoning.get("summary") is not None:
        chosen(reasoning["summary"], "reasoning.summary", _SUMMARIES)
    effort, rules = effort_of(reasoning, asking.model), asking.card.rules
    if effort == "none":
        if "disabled" not in rules.thinking_rejects:
            converted["thinking"] = {"type": "disabled"}
    elif effort is not None:
        if "adaptive" not in rules.thinking_rejects:
            converted["thinking"] = {"type": "adaptive", "display": "summarized"}
        level = {"minimal": "low"}.get(effort, effort)
        if rules.effort_levels:
            config["effort"] = level if level in rules.effort_levels else "high"
    if config:
        converted["output_config"] = config


def _set_tools(converted: dict[str, Json], request: dict[str, Json]) -> None:
    tools = to_tools(request.get("tools") or [])
    given = request.get("tool_choice")
    choice = None if given is None else to_tool_choice(given, tools)
    if not tools:
        return
    converted["tools"] = tools
    if request.get("parallel_tool_calls") is False and choice != {"type": "none"}:
        choice = {**(choice or {"type": "auto"}), "disable_parallel_tool_use": True}
    if choice is not None:
        converted["tool_choice"] = choice
