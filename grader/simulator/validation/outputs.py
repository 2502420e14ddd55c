"""Check what a request says of its answer: effort, format, and the budget of the whole task.

`output_format` is the name that `output_config.format` had in its beta; the API still takes it.
"""

from __future__ import annotations

from collections.abc import Collection

from grader.catalog import ModelCard, asks_for
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.parameters import check_effort
from grader.simulator.validation.schemas import NOT_A_SCHEMA, is_schema
from grader.simulator.validation.structured import (
    check_clashes,
    check_complexity,
    check_guaranteed,
)
from grader.simulator.wire import Json, JsonValue

LEAST_TASK_BUDGET = 20_000
"""The smallest `task_budget.total`, in tokens (Anthropic's page on task budgets)."""


def check_output_config(
    request: dict[str, Json],
    card: ModelCard,
    betas: Collection[str] = (),
    *,
    is_foreign: bool = False,
) -> None:
    """Refuse an effort that the model does not make, a format without its schema, or a budget.

    betas: the values of the header `anthropic-beta`. is_foreign: whether its schema came by another
    protocol, which takes more of JSON Schema.
    """
    config = shapes.shaped(request["output_config"], "output_config")
    known = ["effort", "format", *(["task_budget"] if asks_for(betas, "task_budgets") else [])]
    shapes.only(config, "output_config", known)
    if config.get("effort") is not None:
        check_effort(config["effort"], request.get("thinking"), card)
    if config.get("format") is not None:
        _check_format(config["format"], "output_config.format", is_foreign=is_foreign)
    if config.get("task_budget") is not None:
        _check_task_budget(config["task_budget"], card)


def check_output_format(request: dict[str, Json], _card: ModelCard) -> None:
    """Refuse a format without its schema, or beside its newer name; the second wording is ours."""
    if request["output_format"] is None:
        return
    _check_format(request["output_format"], "output_format")
    if _newer_format(request):
        raise invalid("output_format: may not be set together with output_config.format")


def check_guarantees(request: dict[str, Json]) -> None:
    """Refuse what the guaranteed schemas of a request are together, or don't go with."""
    output_format = output_format_of(request)
    strict = [tool for tool in request.get("tools") or () if tool.get("strict")]
    if not output_format and not strict:
        return
    check_clashes(request, output_format)
    schemas = [tool.get("input_schema") for tool in strict]
    if output_format:
        schemas.append(output_format["schema"])
    check_complexity(schemas, strict_tools=len(strict))


def output_format_of(request: Json) -> Json:
    """Return the format that a valid request asks for, by either name; None for none."""
    return _newer_format(request) or request.get("output_format")


def with_newer_format(request: Json) -> Json:
    """Return a valid request that calls its format by the newer name."""
    if "output_format" not in request:
        return request
    kept = {key: value for key, value in request.items() if key != "output_format"}
    if request["output_format"] is None:
        return kept
    config = request.get("output_config") or {}
    return {**kept, "output_config": {**config, "format": request["output_format"]}}


def _newer_format(request: Json) -> Json:
    return (request.get("output_config") or {}).get("format")


def _check_format(value: JsonValue, path: str, *, is_foreign: bool = False) -> None:
    shape = shapes.mapping(value, path)
    schema_path = f"{path}.schema"
    if path == "output_format" and "schema" not in shape:
        # Recorded, for a format that lacked its schema.
        raise invalid(f"{schema_path}: Field required")
    shapes.tag(shape, path, ("json_schema",))
    schema = shapes.mapping(shapes.field(shape, "schema", path), schema_path)
    if not is_schema(schema):
        raise invalid(f"{schema_path}: {NOT_A_SCHEMA}")
    if not is_foreign:
        check_guaranteed(schema, schema_path)
        # OpenAI's formats have a name and `strict`, too.
        shapes.only(shape, f"{path}.json_schema", ("type", "schema"))


def _check_task_budget(value: JsonValue, card: ModelCard) -> None:
    """Refuse a budget that is none or too small, or that the model is not told of.

    The bound is documented; the words of both refusals are guesses.
    """
    path = "output_config.task_budget"
    if not card.rules.task_budget:
        raise invalid(f"'{card.id}' does not support the `output_config.task_budget` parameter.")
    budget = shapes.mapping(value, path)
    shapes.tag(budget, path, ("tokens",))
    total = shapes.integer(
        shapes.field(budget, "total", path), f"{path}.total", minimum=LEAST_TASK_BUDGET
    )
    if budget.get("remaining") is not None:
        remaining = shapes.integer(budget["remaining"], f"{path}.remaining", minimum=0)
        if remaining > total:
            raise invalid(f"{path}.remaining: Input should be less than or equal to {total}")
    shapes.only(budget, path, ("type", "total", "remaining"))
