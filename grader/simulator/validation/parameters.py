"""Check the parameters that stand alone: limits, metadata, stop sequences, tiers, places."""

from __future__ import annotations

from grader.catalog import ModelCard
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

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


def check_metadata(value: Json) -> None:
    """Refuse metadata with anything but the id of a user."""
    metadata = shapes.shaped(value, "metadata")
    shapes.only(metadata, "metadata", ("user_id",))
    if metadata.get("user_id") is not None:
        shapes.string(metadata["user_id"], "metadata.user_id", maximum=MAX_USER_ID)


def check_stop_sequences(value: Json) -> None:
    """Refuse stop sequences of nothing but white space."""
    for index, entry in enumerate(shapes.array(value, "stop_sequences")):
        if not shapes.string(entry, f"stop_sequences.{index}").strip():
            raise invalid("stop_sequences: each stop sequence must contain non-whitespace")


def check_service_tier(value: Json) -> None:
    """Refuse a tier that cannot be asked for."""
    shapes.one_of(value, "service_tier", ("auto", "standard_only"))


def check_stream(value: Json) -> None:
    """Refuse what is neither true nor false."""
    shapes.boolean(value, "stream")


def check_container(value: Json) -> None:
    """Refuse a container that is neither named nor described; its inside is not checked."""
    if not isinstance(value, dict | str | None):
        raise invalid("container.ContainerParams: Input does not match the expected shape.")


def check_idle_container(request: dict[str, Json]) -> None:
    """Refuse a container named in a request whose tools run no code."""
    kinds = [tool.get("type") or "" for tool in request.get("tools", [])]
    runs = any(kind.startswith("code_execution") for kind in kinds)
    if isinstance(request.get("container"), str) and not runs:
        raise invalid(f"container: {_NO_CODE}")


def check_geography(value: Json) -> None:
    """Refuse a place where no model runs."""
    if value is not None and shapes.string(value, "inference_geo") not in ("global", "us"):
        raise invalid("inference_geo: must be one of ['global', 'us']")


def check_speed(value: Json) -> None:
    """Refuse a speed that does not exist; the wording is that of other choices."""
    if value is not None:
        shapes.one_of(value, "speed", ("standard", "fast"))


def check_diagnostics(value: Json) -> None:
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
