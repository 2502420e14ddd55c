"""Check `output_config`: the effort, and the schema of a structured output."""

from __future__ import annotations

from grader.catalog import ModelCard
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.schemas import NOT_A_SCHEMA, OPEN_OBJECT, is_schema, open_object
from grader.simulator.wire import Json

EFFORTS = ("low", "medium", "high", "xhigh", "max")


def check_output_config(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse an effort that the model does not make, or a format without its schema."""
    config = shapes.shaped(request["output_config"], "output_config")
    shapes.only(config, "output_config", ("effort", "format"))
    if config.get("effort") is not None:
        _check_effort(config["effort"], request.get("thinking"), card)
    if config.get("format") is not None:
        _check_format(config["format"], "output_config.format")


def _check_effort(effort: Json, thinking: Json, card: ModelCard) -> None:
    shapes.one_of(effort, "output_config.effort", EFFORTS)
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


def _check_format(value: Json, path: str) -> None:
    shape = shapes.mapping(value, path)
    shapes.tag(shape, path, ("json_schema",))
    schema = shapes.mapping(shapes.field(shape, "schema", path), f"{path}.schema")
    if not is_schema(schema):
        raise invalid(f"{path}.schema: {NOT_A_SCHEMA}")
    if open_object(schema):
        raise invalid(f"{path}.schema: {OPEN_OBJECT}")
