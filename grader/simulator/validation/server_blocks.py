"""Check what came of the API's own tools, where a conversation sends it back.

Which keys a result has beside the ones named here is left open: replies have some that the SDK's
types for requests don't (recorded: `abort_reason`, `error_message`), and they go back as they came.
The pattern of ids is quoted from the server's refusals; how it speaks of the inside of a result of
the wrong shape was not found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

SERVER_TOOLS = (
    "advisor",
    "bash_code_execution",
    "code_execution",
    "text_editor_code_execution",
    "tool_search_tool_bm25",
    "tool_search_tool_regex",
    "web_fetch",
    "web_search",
)
"""The names of a `server_tool_use` (anthropic 2.12, `types/beta/beta_server_tool_use_block.py`)."""

CALLERS = (
    "direct",
    "code_execution_20250825",
    "code_execution_20260120",
    "code_execution_20260521",
)
"""Who may call a tool (anthropic 2.12, `types/tool_param.py`)."""

_ID = re.compile(r"^srvtoolu_[a-zA-Z0-9_]+$")

_OUTPUT = {"content": list, "return_code": int, "stderr": str, "stdout": str}
_SEALED = {"content": list, "encrypted_stdout": str, "return_code": int, "stderr": str}
_FAILED = {"error_code": str}

_CONTENTS: Mapping[str, Mapping[str, Mapping[str, type]]] = {
    "advisor_tool_result": {
        "advisor_result": {"text": str},
        "advisor_redacted_result": {"encrypted_content": str},
        "advisor_tool_result_error": _FAILED,
    },
    "bash_code_execution_tool_result": {
        "bash_code_execution_result": _OUTPUT,
        "bash_code_execution_tool_result_error": _FAILED,
    },
    "code_execution_tool_result": {
        "code_execution_result": _OUTPUT,
        "encrypted_code_execution_result": _SEALED,
        "code_execution_tool_result_error": _FAILED,
    },
    "text_editor_code_execution_tool_result": {
        "text_editor_code_execution_create_result": {"is_file_update": bool},
        "text_editor_code_execution_str_replace_result": {},
        "text_editor_code_execution_view_result": {"content": str, "file_type": str},
        "text_editor_code_execution_tool_result_error": _FAILED,
    },
    "tool_search_tool_result": {
        "tool_search_tool_search_result": {"tool_references": list},
        "tool_search_tool_result_error": _FAILED,
    },
    "web_fetch_tool_result": {
        "web_fetch_result": {"content": dict, "url": str},
        "web_fetch_tool_result_error": _FAILED,
    },
    "web_search_tool_result": {"web_search_tool_result_error": _FAILED},
}
_PAGE = {"encrypted_content": str, "title": str, "url": str}
_REFERENCE = {"tool_name": str}


def check_server_call(block: dict[str, Json], path: str) -> None:
    """Refuse a call of the API's own whose id, name, input or caller is none."""
    if block["type"] == "server_tool_use":
        _check_id(block["id"], f"{path}.id")
        shapes.one_of(block["name"], f"{path}.name", SERVER_TOOLS)
        check_caller(block, path)
    if not isinstance(shapes.field(block, "input", path), dict):
        raise invalid(f"{path}.input: Input should be a valid dictionary")


def check_server_result(block: dict[str, Json], path: str) -> None:
    """Refuse the result of the API's own call that has another's shape."""
    if block["type"] == "mcp_tool_result":
        _check_mcp_result(block, path)
        return
    _check_id(block["tool_use_id"], f"{path}.tool_use_id")
    content, inside = shapes.field(block, "content", path), f"{path}.content"
    if block["type"] == "web_search_tool_result" and isinstance(content, list):
        for index, page in enumerate(content):
            _check_typed(page, f"{inside}.{index}", {"web_search_result": _PAGE})
    else:
        kind = _check_typed(content, inside, _CONTENTS[str(block["type"])])
        if kind == "tool_search_tool_search_result":
            found = shapes.array(shapes.mapping(content, inside)["tool_references"], inside)
            for index, reference in enumerate(found):
                where = f"{inside}.{kind}.tool_references.{index}"
                _check_typed(reference, where, {"tool_reference": _REFERENCE})
    check_caller(block, path)


def check_caller(block: dict[str, Json], path: str) -> None:
    """Refuse a `caller` that is neither the model nor a run of code."""
    if block.get("caller") is None:
        return
    where = f"{path}.caller"
    caller = shapes.mapping(block["caller"], where)
    kind = shapes.tag(caller, where, CALLERS)
    if kind != "direct":
        _check_id(shapes.string_field(caller, "tool_id", f"{where}.{kind}"), f"{where}.tool_id")


def _check_id(id: Json, path: str) -> None:
    if not _ID.fullmatch(shapes.string(id, path)):
        raise invalid(f"{path}: String should match pattern '{_ID.pattern}'")


def _check_mcp_result(block: dict[str, Json], path: str) -> None:
    if "is_error" in block:
        shapes.boolean(block["is_error"], f"{path}.is_error")
    content = block.get("content", "")
    if not isinstance(content, str):
        for index, part in enumerate(shapes.array(content, f"{path}.content")):
            _check_typed(part, f"{path}.content.{index}", {"text": {"text": str}})


_WORDS: Mapping[type, str] = {
    bool: "a valid boolean",
    dict: "a valid dictionary",
    int: "a valid integer",
    list: "a valid list",
    str: "a valid string",
}


def _check_typed(value: Json, path: str, kinds: Mapping[str, Mapping[str, type]]) -> str:
    """Return the type of an object that is one of some kinds, or refuse it."""
    kind = shapes.tag(shapes.mapping(value, path), path, kinds)
    for key, expected in kinds[kind].items():
        found = shapes.field(value, key, f"{path}.{kind}")
        if not isinstance(found, expected) or (expected is int and isinstance(found, bool)):
            raise invalid(f"{path}.{kind}.{key}: Input should be {_WORDS[expected]}")
    return kind
