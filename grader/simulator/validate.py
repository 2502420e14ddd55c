"""Check a request body as the API does: one fault, the first in the API's own order.

The order was measured on the live API: model, tool_choice, tools, messages, system, thinking,
output_config, cache_control, max_tokens, metadata, stop_sequences, temperature, service_tier,
top_k, top_p, stream, container, inference_geo, unknown keys, then the shape of the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from grader.catalog import Catalog, ModelCard
from grader.errors import UnknownModel
from grader.simulator import shapes
from grader.simulator.blocks import check_content
from grader.simulator.conversation import check_conversation
from grader.simulator.faults import Fault, Refused, invalid
from grader.simulator.wire import Json

NEWEST_VERSION = "2026-10-21"
VERSIONS = ("2023-06-01", NEWEST_VERSION)
MAX_MESSAGES = 100_000

_SAMPLING = ("temperature", "top_k", "top_p")
_OTHER_KEYS = {"speed", "diagnostics", "context_management", "mcp_servers", "betas"}
_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_ROLES = ("user", "assistant", "system")
_TOOLS_HELP = "https://docs.claude.com/en/docs/build-with-claude/tool-use"
_THINKING_HELP = (
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
    "#max-tokens-and-context-window-size"
)

Check = Callable[[dict[str, Json], ModelCard, str], None]


def check_request(body: Json, catalog: Catalog, *, version: str, counting: bool) -> ModelCard:
    """Return the card of the model asked for, or raise Refused with the first fault.

    counting: True for count_tokens, which takes no max_tokens and no stream.
    """
    request = shapes.mapping(body, "body")
    card = _model(request, catalog)
    for key, check in _CHECKS.items():
        if key == "max_tokens" and counting:
            continue
        if key in request or key in ("messages", "max_tokens"):
            check(request, card, version)
    allowed = _OTHER_KEYS | {"model"} | set(_CHECKS)
    shapes.only(request, "", allowed - {"max_tokens", "stream"} if counting else allowed)
    check_conversation(request["messages"], card)
    return card


def _model(request: dict[str, Json], catalog: Catalog) -> ModelCard:
    name = shapes.string(shapes.field(request, "model", ""), "model")
    try:
        return catalog.find(name)
    except UnknownModel:
        raise Refused(Fault(404, f"model: {name}")) from None


def _tool_choice(request: dict[str, Json], card: ModelCard, _version: str) -> None:
    choice = shapes.mapping(request["tool_choice"], "tool_choice")
    kind = shapes.tag(choice, "tool_choice", ("auto", "any", "tool", "none"))
    if not request.get("tools"):
        raise invalid("tool_choice may only be specified while providing tools")
    if kind == "tool":
        shapes.string(shapes.field(choice, "name", "tool_choice.tool"), "tool_choice.tool.name")
    if "disable_parallel_tool_use" in choice:
        path = f"tool_choice.{kind}.disable_parallel_tool_use"
        shapes.boolean(choice["disable_parallel_tool_use"], path)
    allowed = {"type", "disable_parallel_tool_use"} | ({"name"} if kind == "tool" else set())
    shapes.only(choice, f"tool_choice.{kind}", allowed)
    if kind in ("any", "tool"):
        if not card.rules.forced_tool_choice:
            raise invalid('tool_choice: type "tool" and "any" are not supported for this model.')
        thinking = request.get("thinking")
        if isinstance(thinking, dict) and thinking.get("type") == "enabled":
            raise invalid("Thinking may not be enabled when tool_choice forces tool use.")


def _tools(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    names: list[str] = []
    for index, entry in enumerate(shapes.array(request["tools"], "tools")):
        path = f"tools.{index}"
        tool = shapes.mapping(entry, path)
        kind = tool.get("type", "custom")
        if kind != "custom":
            if not isinstance(kind, str) or not re.search(r"_20\d{6}$", kind):
                tags = "'bash_20250124', 'custom', 'text_editor_20250728', 'web_search_20250305'"
                raise invalid(
                    f"{path}: Input tag '{kind}' found using 'type' does not match any of the "
                    f"expected tags: {tags}"
                )
            continue
        inside = f"{path}.custom"
        name = shapes.string(shapes.field(tool, "name", inside), f"{inside}.name")
        if not _TOOL_NAME.fullmatch(name):
            raise invalid(f"{inside}.name: String should match pattern '^{_TOOL_NAME.pattern}$'")
        schema = shapes.mapping(
            shapes.field(tool, "input_schema", inside), f"{inside}.input_schema"
        )
        shapes.field(schema, "type", f"{inside}.input_schema")
        shapes.one_of(schema["type"], f"{inside}.input_schema.type", ("object",))
        if "description" in tool:
            shapes.string(tool["description"], f"{inside}.description")
        names.append(name)
    if len(set(names)) < len(names):
        raise invalid("tools: Tool names must be unique.")


def _messages(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
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
            raise invalid(
                f'messages: Unexpected role "{role}". Allowed roles are "user" or "assistant". '
                f"For instructions on how to use tools, see {_TOOLS_HELP}."
            )
        check_content(shapes.field(message, "content", path), f"{path}.content")
        shapes.only(message, path, ("role", "content"))


def _system(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    system = request["system"]
    if isinstance(system, str):
        return
    for index, entry in enumerate(shapes.array(system, "system")):
        path = f"system.{index}"
        block = shapes.mapping(entry, path)
        shapes.tag(block, path, ("text",))
        words = shapes.string(shapes.field(block, "text", path), f"{path}.text")
        if not words:
            raise invalid("system: text content blocks must be non-empty")


def _thinking(request: dict[str, Json], card: ModelCard, _version: str) -> None:
    thinking = shapes.mapping(request["thinking"], "thinking")
    kinds = ("adaptive", "enabled", "disabled", "between_tools")
    kind = shapes.tag(thinking, "thinking", kinds)
    if kind in card.rules.thinking_rejects:
        if kind == "adaptive":
            raise invalid("adaptive thinking is not supported on this model")
        raise invalid(
            f'"thinking.type.{kind}" is not supported for this model. Use '
            '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
        )
    if kind == "enabled":
        path = "thinking.enabled.budget_tokens"
        budget = shapes.field(thinking, "budget_tokens", "thinking.enabled")
        shapes.integer(budget, path, minimum=1024)
        maximum = request.get("max_tokens")
        if isinstance(maximum, int) and maximum <= budget:
            raise invalid(
                "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our "
                f"documentation at {_THINKING_HELP}"
            )


def _output_config(request: dict[str, Json], card: ModelCard, _version: str) -> None:
    config = shapes.mapping(request["output_config"], "output_config")
    shapes.only(config, "output_config", ("effort", "format"))
    effort = config.get("effort")
    if effort is not None and effort not in card.rules.effort_levels:
        if not card.rules.effort_levels:
            raise invalid("This model does not support the effort parameter.")
        levels = ", ".join(sorted(card.rules.effort_levels))
        raise invalid(
            f"This model does not support effort level '{effort}'. Supported levels: {levels}."
        )
    shape = config.get("format")
    if shape is not None:
        shapes.tag(shapes.mapping(shape, "output_config.format"), "output_config.format", _FORMATS)
        shapes.mapping(
            shapes.field(shape, "schema", "output_config.format"), "output_config.format.schema"
        )


_FORMATS = ("json_schema",)


def _cache_control(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    control = shapes.mapping(request["cache_control"], "cache_control")
    shapes.tag(control, "cache_control", ("ephemeral",))
    if "ttl" in control:
        shapes.one_of(control["ttl"], "cache_control.ephemeral.ttl", ("5m", "1h"))


def _max_tokens(request: dict[str, Json], card: ModelCard, _version: str) -> None:
    value = shapes.integer(shapes.field(request, "max_tokens", ""), "max_tokens", minimum=0)
    if value > card.max_output:
        raise invalid(
            f"max_tokens: {value} > {card.max_output}, which is the maximum allowed number of "
            f"output tokens for {card.id}"
        )


def _metadata(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    metadata = shapes.mapping(request["metadata"], "metadata")
    shapes.only(metadata, "metadata", ("user_id",))
    if metadata.get("user_id") is not None:
        shapes.string(metadata["user_id"], "metadata.user_id")


def _stop_sequences(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    for index, entry in enumerate(shapes.array(request["stop_sequences"], "stop_sequences")):
        if not shapes.string(entry, f"stop_sequences.{index}").strip():
            raise invalid("stop_sequences: each stop sequence must contain non-whitespace")


def _sampling(key: str) -> Check:
    def check(request: dict[str, Json], card: ModelCard, version: str) -> None:
        # Certain: a 400 on the newest version. Its exact words were not found; these are a guess.
        if version == NEWEST_VERSION:
            raise invalid(f"{key}: Extra inputs are not permitted")
        if not card.rules.sampling:
            raise invalid(f"`{key}` is deprecated for this model.")
        value = shapes.number(request[key], key)
        if key != "top_k" and not 0 <= value <= 1:
            raise invalid(f"{key}: range: 0..1")
        if key == "temperature" and "top_p" in request:
            raise invalid(
                "`temperature` and `top_p` cannot both be specified for this model. "
                "Please use only one."
            )

    return check


def _choice(key: str, *allowed: str) -> Check:
    def check(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
        shapes.one_of(request[key], key, allowed)

    return check


def _stream(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    shapes.boolean(request["stream"], "stream")


def _container(request: dict[str, Json], _card: ModelCard, _version: str) -> None:
    if request["container"] is not None and not isinstance(request["container"], dict):
        shapes.string(request["container"], "container")


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
    "temperature": _sampling("temperature"),
    "service_tier": _choice("service_tier", "auto", "standard_only"),
    "top_k": _sampling("top_k"),
    "top_p": _sampling("top_p"),
    "stream": _stream,
    "container": _container,
    "inference_geo": _choice("inference_geo", "global", "us"),
}
