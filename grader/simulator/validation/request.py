"""Check a request body as the API does: one fault, the first in the API's own order.

The order was measured on the live API: model, tool_choice, tools, messages, system, thinking,
output_config, cache_control, max_tokens, metadata, stop_sequences, temperature, service_tier,
top_k, top_p, stream, container, inference_geo, unknown keys, the shape of the conversation, and
last a container that nothing in the request uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.catalog import Catalog, ModelCard
from grader.errors import UnknownModel
from grader.simulator.faults import Fault, Refused, invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.blocks import check_content
from grader.simulator.validation.conversation import check_conversation
from grader.simulator.validation.schemas import NOT_A_SCHEMA, OPEN_OBJECT, is_schema, open_object
from grader.simulator.validation.tools import check_chosen_tool, check_tool_choice, check_tools
from grader.simulator.wire import Json

NEWEST_VERSION = "2026-10-21"
VERSIONS = ("2023-06-01", NEWEST_VERSION)
MAX_MESSAGES = 100_000

_SAMPLING = ("temperature", "top_k", "top_p")
_REQUIRED = ("messages", "max_tokens")
# Accepted as they are: their inside is not checked.
_UNCHECKED = frozenset({"speed", "diagnostics", "context_management", "mcp_servers", "betas"})
# All that count_tokens takes (anthropic 2.12, types/message_count_tokens_params.py).
_COUNTED = frozenset(
    {
        "cache_control",
        "messages",
        "output_config",
        "system",
        "thinking",
        "tool_choice",
        "tools",
        *_UNCHECKED,
    }
)
_ROLES = ("user", "assistant", "system")
_TOOLS_HELP = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview"
_THINKING_HELP = (
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
    "#max-tokens-and-context-window-size"
)
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_DISPLAYS = ("summarized", "omitted")
_NO_CODE = "Container identifier can only be provided when using the code execution tool"

Check = Callable[[dict[str, Json], ModelCard, str], None]


def check_request(body: Json, catalog: Catalog, *, version: str, counting: bool) -> ModelCard:
    """Return the card of the model asked for, or raise Refused with the first fault.

    counting: True for count_tokens, which takes neither max_tokens nor stream.
    """
    request = shapes.mapping(body, "body")
    card = _model(request, catalog)
    keys = [key for key in _CHECKS if _takes(key, version=version, counting=counting)]
    for key in keys:
        if key in request or key in _REQUIRED:
            _CHECKS[key](request, card, version)
    shapes.only(request, "", {"model", *keys, *_UNCHECKED})
    check_chosen_tool(request)
    _check_sampling(request, card)
    check_conversation(request["messages"], card)
    _check_container(request)
    return card


def _takes(key: str, *, version: str, counting: bool) -> bool:
    """Say whether an endpoint on a version of the API knows a key."""
    if counting:
        return key in _COUNTED
    # Certain: these are a 400 on the newest version. Its exact words were not found; that it
    # speaks of them as of any unknown key is a guess.
    return version != NEWEST_VERSION or key not in _SAMPLING


def _model(request: dict[str, Json], catalog: Catalog) -> ModelCard:
    name = shapes.string(shapes.field(request, "model", ""), "model", minimum=1)
    try:
        return catalog.find(name)
    except UnknownModel:
        raise Refused(Fault(404, f"model: {name}")) from None


def _tool_choice(request: dict[str, Json], card: ModelCard, _version: str) -> None:
    check_tool_choice(request, card)


def _tools(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    check_tools(request["tools"])


def _messages(request: dict[str, Json], _card: ModelCard, version: str) -> None:
    messages = shapes.array(shapes.field(request, "messages", ""), "messages")
    if not messages:
        raise invalid("messages: at least one message is required")
    if len(messages) > MAX_MESSAGES:
        raise invalid(f"messages: List should have at most {MAX_MESSAGES} items")
    for index, entry in enumerate(messages):
        path = f"messages.{index}"
        message = shapes.mapping(entry, path)
        role = shapes.string(shapes.field(message, "role", path), f"{path}.role")
        if role not in _ROLES:
            advice = f". For instructions on how to use tools, see {_TOOLS_HELP}."
            raise invalid(
                f'messages: Unexpected role "{role}". Allowed roles are "user" or "assistant"'
                f"{advice if role == 'tool' else ''}"
            )
        check_content(shapes.field(message, "content", path), f"{path}.content")
        shapes.only(message, path, ("role", "content"))
        if version == NEWEST_VERSION:
            _check_moved(message, f"{path}.content")


def _check_moved(message: dict[str, Json], path: str) -> None:
    """Refuse what version 2026-10-21 no longer takes; the wording is a guess."""
    if isinstance(message["content"], str):
        return
    for index, block in enumerate(message["content"]):
        if block["type"] == "document" and message["role"] == "assistant":
            raise invalid(f"{path}.{index}: `document` blocks can only be in `user` messages")
        if block["type"] == "text" and block.get("citations") and message["role"] == "user":
            raise invalid(f"{path}.{index}.text.citations: Extra inputs are not permitted")


def _system(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    system = request["system"]
    if isinstance(system, str):
        return
    for index, entry in enumerate(shapes.array(system, "system")):
        path = f"system.{index}"
        block = shapes.shaped(entry, path)
        shapes.tag(block, path, ("text",))
        words = shapes.string(shapes.field(block, "text", path), f"{path}.text")
        if not words:
            raise invalid("system: text content blocks must be non-empty")


def _thinking(request: dict[str, Json], card: ModelCard, _version: str) -> None:
    thinking = shapes.mapping(request["thinking"], "thinking")
    kinds = ("adaptive", "enabled", "disabled", "between_tools")
    kind = shapes.tag(thinking, "thinking", kinds)
    path = f"thinking.{kind}"
    if kind in card.rules.thinking_rejects:
        if kind == "adaptive":
            raise invalid("adaptive thinking is not supported on this model")
        raise invalid(
            f'"thinking.type.{kind}" is not supported for this model. Use '
            '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
        )
    allowed = {"type"}
    if kind in ("adaptive", "enabled"):
        allowed.add("display")
        if thinking.get("display") is not None:
            shapes.one_of(thinking["display"], f"{path}.display", _DISPLAYS)
    if kind == "enabled":
        allowed.add("budget_tokens")
        budget = shapes.field(thinking, "budget_tokens", path)
        shapes.integer(budget, f"{path}.budget_tokens", minimum=1024)
        maximum = request.get("max_tokens")
        if isinstance(maximum, int) and maximum <= budget:
            raise invalid(
                "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our "
                f"documentation at {_THINKING_HELP}"
            )
    shapes.only(thinking, path, allowed)


def _output_config(request: dict[str, Json], card: ModelCard, _version: str) -> None:
    config = shapes.shaped(request["output_config"], "output_config")
    shapes.only(config, "output_config", ("effort", "format"))
    if config.get("effort") is not None:
        _check_effort(config["effort"], card)
    shape = config.get("format")
    if shape is not None:
        path = "output_config.format"
        shapes.tag(shapes.mapping(shape, path), path, ("json_schema",))
        schema = shapes.mapping(shapes.field(shape, "schema", path), f"{path}.schema")
        if not is_schema(schema):
            raise invalid(f"{path}.schema: {NOT_A_SCHEMA}")
        if open_object(schema):
            raise invalid(f"{path}.schema: {OPEN_OBJECT}")


def _check_effort(effort: Json, card: ModelCard) -> None:
    shapes.one_of(effort, "output_config.effort", _EFFORTS)
    if not card.rules.effort_levels:
        raise invalid("This model does not support the effort parameter.")
    if effort not in card.rules.effort_levels:
        levels = ", ".join(sorted(card.rules.effort_levels))
        raise invalid(
            f"This model does not support effort level '{effort}'. Supported levels: {levels}."
        )


def _cache_control(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    control = shapes.mapping(request["cache_control"], "cache_control")
    shapes.tag(control, "cache_control", ("ephemeral",))
    if "ttl" in control:
        shapes.one_of(control["ttl"], "cache_control.ephemeral.ttl", ("5m", "1h"))


def _max_tokens(request: dict[str, Json], card: ModelCard, _version: str) -> None:
    value = shapes.integer(shapes.field(request, "max_tokens", ""), "max_tokens")
    if value < 0:
        raise invalid("max_tokens: must be greater than or equal to 0")
    if value > card.max_output:
        raise invalid(
            f"max_tokens: {value} > {card.max_output}, which is the maximum allowed number of "
            f"output tokens for {card.id}"
        )


def _metadata(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    metadata = shapes.shaped(request["metadata"], "metadata")
    shapes.only(metadata, "metadata", ("user_id",))
    if metadata.get("user_id") is not None:
        shapes.string(metadata["user_id"], "metadata.user_id")


def _stop_sequences(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    for index, entry in enumerate(shapes.array(request["stop_sequences"], "stop_sequences")):
        if not shapes.string(entry, f"stop_sequences.{index}").strip():
            raise invalid("stop_sequences: each stop sequence must contain non-whitespace")


def _share(key: str) -> Check:
    def check(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
        if not 0 <= shapes.number(request[key], key) <= 1:
            raise invalid(f"{key}: range: 0..1")

    return check


def _top_k(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    shapes.integer(request["top_k"], "top_k")


def _service_tier(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    shapes.one_of(request["service_tier"], "service_tier", ("auto", "standard_only"))


def _stream(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    shapes.boolean(request["stream"], "stream")


def _container(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    if not isinstance(request["container"], dict | str | None):
        raise invalid("container.ContainerParams: Input does not match the expected shape.")


def _inference_geo(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    if request["inference_geo"] is None:
        return
    if shapes.string(request["inference_geo"], "inference_geo") not in ("global", "us"):
        raise invalid("inference_geo: must be one of ['global', 'us']")


def _check_sampling(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse sampling that the model, its thinking or another parameter rules out."""
    for key in _SAMPLING:
        if key in request and not card.rules.sampling:
            raise invalid(f"`{key}` is deprecated for this model.")
    if "temperature" not in request:
        return
    thinking = request.get("thinking", {}).get("type", "disabled")
    if thinking != "disabled" and request["temperature"] != 1:
        raise invalid("`temperature` may only be set to 1 when thinking is enabled")
    if "top_p" in request:
        raise invalid(
            "`temperature` and `top_p` cannot both be specified for this model. "
            "Please use only one."
        )


def _check_container(request: dict[str, Json]) -> None:
    """Refuse a container named in a request whose tools run no code."""
    kinds = [tool.get("type") or "" for tool in request.get("tools", [])]
    runs = any(kind.startswith("code_execution") for kind in kinds)
    if isinstance(request.get("container"), str) and not runs:
        raise invalid(f"container: {_NO_CODE}")


_CHECKS: Mapping[str, Check] = {
    "tool_choice": _tool_choice,
    "tools": _tools,
    "messages": _messages,
    "system": _system,
    "thinking": _thinking,
    "output_config": _output_config,
    "cache_control": _cache_control,
    "max_tokens": _max_tokens,
    "metadata": _metadata,
    "stop_sequences": _stop_sequences,
    "temperature": _share("temperature"),
    "service_tier": _service_tier,
    "top_k": _top_k,
    "top_p": _share("top_p"),
    "stream": _stream,
    "container": _container,
    "inference_geo": _inference_geo,
}
