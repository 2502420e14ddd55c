"""Check the tools of a request, and which of them the model must use."""

from __future__ import annotations

import re
from collections.abc import Collection

from grader.catalog import ModelCard, find_tool_kind
from grader.simulator.faults import invalid
from grader.simulator.tool_changes import find_changes
from grader.simulator.validation import shapes
from grader.simulator.validation.anthropic_tools import (
    check_anthropic_tool,
    check_callers,
    is_known,
)
from grader.simulator.validation.cache_controls import check_cache_control
from grader.simulator.validation.schemas import NOT_A_SCHEMA, is_schema
from grader.simulator.validation.structured import check_guaranteed
from grader.simulator.wire import Json, JsonValue

TOOL_TYPES = (
    "bash_20250124",
    "code_execution_20250522",
    "code_execution_20250825",
    "code_execution_20260120",
    "custom",
    "memory_20250818",
    "text_editor_20250124",
    "text_editor_20250429",
    "text_editor_20250728",
    "tool_search_tool_bm25",
    "tool_search_tool_bm25_20251119",
    "tool_search_tool_regex",
    "tool_search_tool_regex_20251119",
    "web_fetch_20250910",
    "web_fetch_20260209",
    "web_search_20250305",
    "web_search_20260209",
)
"""The types that the API lists when it refuses another; it goes on taking newer dated ones."""

_DATED = re.compile(r"[a-z0-9_]+_20\d{6}")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_KEYS = frozenset(
    {
        "allowed_callers",
        "cache_control",
        "defer_loading",
        "description",
        "eager_input_streaming",
        "input_examples",
        "input_schema",
        "name",
        "strict",
        "type",
    }
)
_TOOLS_HELP = "Learn more about tool use at https://docs.claude.com/en/docs/tool-use."


def check_tool_choice(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse a `tool_choice` that is none, or one that the model or its thinking rules out."""
    choice = shapes.mapping(request["tool_choice"], "tool_choice")
    kind = shapes.tag(choice, "tool_choice", ("auto", "any", "tool", "none"))
    path = f"tool_choice.{kind}"
    if kind == "tool":
        shapes.string(shapes.field(choice, "name", path), f"{path}.name")
    elif not request.get("tools"):
        raise invalid(f"{path} may only be specified while providing tools")
    if "disable_parallel_tool_use" in choice:
        shapes.boolean(choice["disable_parallel_tool_use"], f"{path}.disable_parallel_tool_use")
    allowed = {"type"} if kind == "none" else {"type", "disable_parallel_tool_use"}
    shapes.only(choice, path, allowed | {"name"} if kind == "tool" else allowed)
    if kind in ("any", "tool"):
        if not card.rules.forced_tool_choice:
            raise invalid('tool_choice: type "tool" and "any" are not supported for this model.')
        thinking = request.get("thinking")
        if isinstance(thinking, dict) and thinking.get("type") == "enabled":
            raise invalid("Thinking may not be enabled when tool_choice forces tool use.")


def check_tools(tools: Json, betas: Collection[str] = ()) -> None:
    """Refuse tools that are none, share a name, or have no JSON schema for their input.

    betas: the values of the header `anthropic-beta`.
    """
    checked = [
        check_tool(entry, f"tools.{index}", betas)
        for index, entry in enumerate(shapes.array(tools, "tools"))
    ]
    names = [str(tool["name"]) for tool in checked if "name" in tool]
    if len(set(names)) < len(names):
        raise invalid("tools: Tool names must be unique.")


def check_tool(entry: JsonValue, path: str, betas: Collection[str] = ()) -> dict[str, JsonValue]:
    """Return the definition of one tool, or refuse it; betas: as for `check_tools`."""
    tool = shapes.mapping(entry, path)
    kind = tool.get("type")
    if kind is None or kind == "custom":
        _check_custom(tool, f"{path}.custom")
    elif (known := find_tool_kind(kind)) is not None:
        if not is_known(known, betas):
            shapes.tag(tool, path, TOOL_TYPES)
        check_anthropic_tool(tool, known, f"{path}.{kind}")
    elif not (isinstance(kind, str) and _DATED.fullmatch(kind)):
        shapes.tag(tool, path, TOOL_TYPES)
    else:
        # Newer than the catalog.
        shapes.string(shapes.field(tool, "name", f"{path}.{kind}"), f"{path}.{kind}.name")
        check_cache_control(tool, f"{path}.{kind}")
    return tool


def check_chosen_tool(request: dict[str, Json]) -> None:
    """Refuse a `tool_choice` that names a tool which the request does not define."""
    choice = request.get("tool_choice") or {}
    if choice.get("type") != "tool":
        return
    changes = [change["tool"] for change in find_changes(request)]
    defined = [change["definition"] for change in changes if "definition" in change]
    if choice["name"] not in [tool.get("name") for tool in [*request.get("tools", []), *defined]]:
        raise invalid(f"Tool '{choice['name']}' not found in provided tools")


def _check_custom(tool: dict[str, Json], path: str) -> None:
    name = shapes.string(shapes.field(tool, "name", path), f"{path}.name", minimum=1)
    if not _NAME.fullmatch(name):
        raise invalid(f"{path}.name: String should match pattern '^{_NAME.pattern}$'")
    inside = f"{path}.input_schema"
    schema = shapes.mapping(shapes.field(tool, "input_schema", path), inside)
    shapes.one_of(shapes.field(schema, "type", inside), f"{inside}.type", ("object",))
    # The SDK types `properties` and `required` as optional, so None stands for absent.
    given: dict[str, JsonValue] = {k: value for k, value in schema.items() if value is not None}
    if not is_schema(given):
        raise invalid(f"{inside}: {NOT_A_SCHEMA} {_TOOLS_HELP}")
    if "description" in tool:
        shapes.string(tool["description"], f"{path}.description")
    strict = "strict" in tool and shapes.boolean(tool["strict"], f"{path}.strict")
    if strict:
        check_guaranteed(given, path)
    _check_options(tool, path)
    _check_examples(tool, given, path)
    check_cache_control(tool, path)
    shapes.only(tool, path, _KEYS)


def _check_options(tool: dict[str, Json], path: str) -> None:
    if "defer_loading" in tool:
        shapes.boolean(tool["defer_loading"], f"{path}.defer_loading")
    if tool.get("eager_input_streaming") is not None:
        shapes.boolean(tool["eager_input_streaming"], f"{path}.eager_input_streaming")
    if "allowed_callers" in tool:
        check_callers(tool["allowed_callers"], f"{path}.allowed_callers")
    if "input_examples" in tool:
        for index, example in enumerate(
            shapes.array(tool["input_examples"], f"{path}.input_examples")
        ):
            shapes.mapping(example, f"{path}.input_examples.{index}")


def _check_examples(tool: dict[str, Json], schema: dict[str, JsonValue], path: str) -> None:
    """Refuse an example that does not fit the schema (documented; the wording is a guess)."""
    if not tool.get("input_examples"):
        return
    from grader.simulator.replies.json_schema import Document

    document = Document(schema)
    for index, example in enumerate(tool["input_examples"]):
        misfit = document.misfit(example)
        if misfit:
            raise invalid(f"{path}.input_examples.{index}: {misfit}")
