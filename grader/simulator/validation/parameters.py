"""Check the parameters of a request beside its content and its tools, one by one."""

from __future__ import annotations

from collections.abc import Collection

from grader.catalog import ModelCard, asks_for
from grader.simulator.binding import BINDING_BETA
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.tool_relations import brings_code
from grader.simulator.wire import Json, JsonValue

MAX_USER_ID = 256
"""The longest `metadata.user_id`, in characters (API reference; the wording is a guess)."""

_NO_CODE = "Container identifier can only be provided when using the code execution tool"


def check_max_tokens(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse a limit of output that is none, or more than the model can write."""
    value = shapes.integer(shapes.field(request, "max_tokens", ""), "max_tokens")
    if value < 0:
        raise invalid("max_tokens: must be greater than or equal to 0")
    if value > card.max_output:
        raise invalid(
            f"max_tokens: {value} > {card.max_output}, which is the maximum allowed number of "
            f"output tokens for {card.id}"
        )


def check_metadata(value: JsonValue) -> None:
    """Refuse metadata with anything but the id of a user."""
    metadata = shapes.shaped(value, "metadata")
    shapes.only(metadata, "metadata", ("user_id",))
    if metadata.get("user_id") is not None:
        shapes.string(metadata["user_id"], "metadata.user_id", maximum=MAX_USER_ID)


def check_stop_sequences(value: JsonValue) -> None:
    """Refuse stop sequences of nothing but white space."""
    for index, entry in enumerate(shapes.array(value, "stop_sequences")):
        if not shapes.string(entry, f"stop_sequences.{index}").strip():
            raise invalid("stop_sequences: each stop sequence must contain non-whitespace")


def check_service_tier(value: JsonValue) -> None:
    """Refuse a tier that cannot be asked for."""
    shapes.one_of(value, "service_tier", ("auto", "standard_only"))


def check_stream(value: JsonValue) -> None:
    """Refuse what is neither true nor false."""
    shapes.boolean(value, "stream")


def check_container(value: JsonValue) -> None:
    """Refuse a container that is neither named nor described by its id and its skills."""
    if not isinstance(value, dict | str | None):
        raise invalid("container.ContainerParams: Input does not match the expected shape.")
    if not isinstance(value, dict):
        return
    where = "container.ContainerParams"
    if value.get("id") is not None:
        shapes.string(value["id"], f"{where}.id")
    skills = value.get("skills")
    for index, entry in enumerate(shapes.array(skills, f"{where}.skills") if skills else ()):
        path = f"{where}.skills.{index}"
        skill = shapes.mapping(entry, path)
        shapes.one_of(shapes.field(skill, "type", path), f"{path}.type", ("anthropic", "custom"))
        shapes.string_field(skill, "skill_id", path)
        shapes.only(skill, path, ("type", "skill_id", "version"))
    shapes.only(value, where, ("id", "skills"))


def check_safeguards(value: JsonValue) -> None:
    """Refuse what is no list of safeguards; what they say of a client is not checked."""
    for index, entry in enumerate(shapes.array(value, "safeguards") if value is not None else ()):
        path = f"safeguards.{index}"
        guard = shapes.mapping(entry, path)
        shapes.one_of(shapes.field(guard, "type", path), f"{path}.type", ("dangerous_tool_use",))


def check_billing_policy(value: JsonValue) -> None:
    """Refuse a policy that doesn't say who pays, or says it in another way."""
    if value is None:
        return
    policy = shapes.mapping(value, "billing_policy")
    kind = shapes.field(policy, "type", "billing_policy")
    shapes.one_of(kind, "billing_policy.type", ("billing_policy",))
    if "bill_to" in policy:
        shapes.one_of(policy["bill_to"], "billing_policy.bill_to", ("self", "user_profile"))
    shapes.only(policy, "billing_policy", ("type", "bill_to"))


def check_idle_container(request: dict[str, Json]) -> None:
    """Refuse a container named in a request whose tools run no code."""
    runs = any(brings_code(tool) for tool in request.get("tools") or [])
    container = request.get("container")
    if isinstance(container, str) and not runs:
        raise invalid(f"container: {_NO_CODE}")
    if isinstance(container, dict) and container.get("skills") and not runs:
        # Quoted in public notes on Claude Haiku 4.5.
        raise invalid("container: skills can only be used when a code execution tool is enabled")


def check_geography(value: JsonValue, card: ModelCard) -> None:
    """Refuse a place where no model runs, and any place for a model that is not told one."""
    if value is None:
        return
    named = shapes.string(value, "inference_geo")
    if not card.rules.inference_geo:
        # Quoted in several public repositories since July 2026, of Haiku 4.5.
        raise invalid(f"'{card.id}' does not support inference_geo.")
    if named not in ("global", "us"):
        raise invalid("inference_geo: must be one of ['global', 'us']")


def check_speed(request: dict[str, Json], card: ModelCard, betas: Collection[str] = ()) -> None:
    """Refuse a speed that does not exist, or that the model does not have.

    betas: the values of the header `anthropic-beta`. anthropic 2.12 says that some models need the
    beta's name for any speed, not which: here all need it for "fast", in the words of other betas.
    """
    value = request["speed"]
    if value is None:
        return
    # The wording is that of other choices.
    shapes.one_of(value, "speed", ("standard", "fast"))
    if value == "standard":
        return
    if not asks_for(betas, "fast_mode"):
        raise invalid("speed: Extra inputs are not permitted")
    if card.rules.speed == "none":
        # github.com/NousResearch/hermes-agent/pull/19517
        raise invalid(f"'{card.id}' does not support the `speed` parameter.")


def check_diagnostics(value: JsonValue) -> None:
    """Refuse diagnostics of anything but the message before; the wording is a guess."""
    if value is None:
        return
    asked = shapes.mapping(value, "diagnostics")
    if asked.get("previous_message_id") is not None:
        shapes.string(asked["previous_message_id"], "diagnostics.previous_message_id")
    shapes.only(asked, "diagnostics", ("previous_message_id",))


def check_warming(request: dict[str, Json]) -> None:
    """Refuse what a request for no output cannot have: it only warms the cache.

    The documentation states the rules; no source has their words, which are a guess.
    """
    if request.get("max_tokens") != 0:
        return
    thinking = request.get("thinking") or {}
    choice = request.get("tool_choice") or {}
    for asked, what in (
        (request.get("stream"), "`stream` is true"),
        (thinking.get("type") == "enabled", "thinking is enabled"),
        ((request.get("output_config") or {}).get("format"), "`output_config.format` is set"),
        (choice.get("type") in ("any", "tool"), "tool_choice forces tool use"),
    ):
        if asked:
            raise invalid(f"max_tokens: must be greater than 0 when {what}")


_THINKING_KINDS = ("adaptive", "between_tools", "disabled", "enabled")
LEAST_BUDGET = 1024
"""The smallest budget for thinking, in tokens."""

_DISPLAYS = ("summarized", "omitted")
_UPDATES_BETA = "thinking-display-updates-2026-08-18"
# With it a budget may be larger than the limit: it is for all thinking between the calls of a turn.
_INTERLEAVED_BETA = "interleaved-thinking-2025-05-14"
_THINKING_KEYS = {
    "adaptive": ("type", "display"),
    "between_tools": ("type",),
    "disabled": ("type",),
    "enabled": ("type", "display", "budget_tokens"),
}
_BUDGET_HELP = (
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
    "#max-tokens-and-context-window-size"
)
_ADAPTIVE = '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'


def check_thinking(request: dict[str, Json], card: ModelCard, betas: Collection[str] = ()) -> None:
    """Refuse thinking of an unknown kind, or that the model does not do, or without its budget.

    betas: the values of the header `anthropic-beta`.
    """
    thinking = shapes.mapping(request["thinking"], "thinking")
    kind = shapes.tag(thinking, "thinking", _THINKING_KINDS)
    path = f"thinking.{kind}"
    if kind in card.rules.thinking_rejects:
        raise invalid(_not_taken(kind, card))
    if kind in ("adaptive", "enabled") and thinking.get("display") is not None:
        displays = (*_DISPLAYS, *(["updates"] if _UPDATES_BETA in betas else []))
        shapes.one_of(thinking["display"], f"{path}.display", displays)
    if kind == "enabled":
        asked = shapes.field(thinking, "budget_tokens", path)
        budget = shapes.integer(asked, f"{path}.budget_tokens", minimum=LEAST_BUDGET)
        maximum = request.get("max_tokens")
        is_bounded = _INTERLEAVED_BETA not in betas
        if is_bounded and isinstance(maximum, int) and maximum <= budget:
            raise invalid(
                "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our "
                f"documentation at {_BUDGET_HELP}"
            )
    known = _THINKING_KEYS[kind]
    if kind in ("adaptive", "enabled") and BINDING_BETA in betas:
        known = (*known, "block_binding")
        if thinking.get("block_binding") is not None:
            _check_binding(thinking["block_binding"], f"{path}.block_binding")
    shapes.only(thinking, path, known)


def _check_binding(value: JsonValue, path: str) -> None:
    binding = shapes.mapping(value, path)
    asked = binding.get("prefix_mismatch_behavior")
    if asked is not None:
        shapes.one_of(asked, f"{path}.prefix_mismatch_behavior", ("error", "drop_block"))
    shapes.only(binding, path, ("prefix_mismatch_behavior",))


def _not_taken(kind: str, card: ModelCard) -> str:
    if kind == "adaptive":
        return "adaptive thinking is not supported on this model"
    head = f'"thinking.type.{kind}" is not supported for this model.'
    if kind == "between_tools":
        return head
    if kind == "disabled" and "between_tools" not in card.rules.thinking_rejects:
        return (
            'To turn thinking off on this model, send "thinking": {"type": "between_tools"} '
            'instead of {"type": "disabled"}. The model does not think before responding. The '
            "short updates it writes between tool calls come back as thinking blocks."
        )
    return f"{head} Use {_ADAPTIVE}"


EFFORTS = ("low", "medium", "high", "xhigh", "max")


def check_effort(
    effort: Json, thinking: Json, card: ModelCard, where: str = "output_config.effort"
) -> None:
    """Refuse an effort that the model does not make, at all or with its thinking off."""
    shapes.one_of(effort, where, EFFORTS)
    levels = card.rules.effort_levels
    if not levels:
        raise invalid("This model does not support the effort parameter.")
    if effort not in levels:
        raise invalid(
            f"This model does not support effort level '{effort}'. "
            f"Supported levels: {', '.join(sorted(levels))}."
        )
    refused = card.rules.thinking_disabled_rejects_effort
    kind = thinking.get("type") if isinstance(thinking, dict) else None
    if kind in ("disabled", "between_tools") and effort in refused:
        # github.com/anthropics/claude-code/issues/81084
        highest = [level for level in EFFORTS if level in levels and level not in refused][-1]
        raise invalid(
            f"output_config.effort '{effort}' is not supported when thinking is disabled on this "
            f"model. Use effort '{highest}' or below, or enable thinking."
        )


def check_message_effort(
    message: Json, path: str, request: Json, card: ModelCard, before: str
) -> str:
    """Return the effort from a system message on, or refuse it.

    before: the effort up to there.
    """
    config = shapes.shaped(message["output_config"], f"{path}.output_config")
    shapes.only(config, f"{path}.output_config", ("effort",))
    effort = config.get("effort")
    if effort is None:
        return before
    thinking = request.get("thinking")
    check_effort(effort, thinking, card, where=f"{path}.output_config.effort")
    if not card.rules.message_effort:
        raise invalid(
            "output_config.effort requires a model that supports per-turn effort; this model does "
            "not"
        )
    is_off = isinstance(thinking, dict) and thinking.get("type") == "disabled"
    if is_off and effort != before:
        raise invalid(
            f"{path}: output_config.effort '{effort}' differs from the '{before}' in effect before "
            "it; effort cannot change when thinking is disabled on this model. Use effort "
            f"'{before}', or enable thinking."
        )
    return str(effort)


SAMPLING = ("temperature", "top_k", "top_p")

LEAST_TOP_P = 0.95
"""The smallest `top_p` that goes with thinking."""

_THINKING_HELP = "https://platform.claude.com/docs/en/build-with-claude/extended-thinking"
# What a request that thinks is told, by kind of thinking. Both of adaptive are quoted from replies
# of August 2026: the first in a published measurement of claude-opus-4-8, the second in gateways.
_THINKING_MODES = {"enabled": "when thinking is enabled", "adaptive": "or in adaptive mode"}


def check_share(request: dict[str, Json], key: str) -> None:
    """Refuse what is no number from 0 to 1."""
    if not 0 <= shapes.number(request[key], key) <= 1:
        raise invalid(f"{key}: range: 0..1")


def check_top_k(value: JsonValue) -> None:
    """Refuse what is no whole number."""
    shapes.integer(value, "top_k")


def check_sampling(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse sampling that the thinking, the model or another parameter rules out."""
    given = [key for key in SAMPLING if key in request]
    if not given:
        return
    _check_sampling_of_thought(request)
    # The documentation says that the default values are still taken.
    changed = [key for key in given if key == "top_k" or request[key] != 1]
    if changed and not card.rules.sampling:
        raise invalid(f"`{changed[0]}` is deprecated for this model.")
    if "temperature" in given and "top_p" in given:
        raise invalid(
            "`temperature` and `top_p` cannot both be specified for this model. "
            "Please use only one."
        )


def _check_sampling_of_thought(request: dict[str, Json]) -> None:
    kind = request.get("thinking", {}).get("type")
    if kind not in _THINKING_MODES:
        return
    mode = _THINKING_MODES["enabled"]
    if kind == "adaptive":
        mode += (
            f" {_THINKING_MODES['adaptive']}. Please consult our documentation at {_THINKING_HELP}"
        )
    if request.get("temperature", 1) != 1:
        raise invalid(f"`temperature` may only be set to 1 {mode}")
    if "top_k" in request:
        raise invalid(f"`top_k` must be unset {mode}")
    if request.get("top_p", 1) < LEAST_TOP_P:
        raise invalid(f"`top_p` must be greater than or equal to {LEAST_TOP_P} or unset {mode}")
