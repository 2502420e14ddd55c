"""Answer calls of code execution as if they had run: what they print, write and share.

Nothing is run: `python.py` and `shell.py` follow small programs, and all else has no output. The
shapes are recorded, and those of edits are from Anthropic's page on the tool (September 2026).
"""

from __future__ import annotations

import difflib

from grader.simulator.disk import Disk, DiskFull
from grader.simulator.served.python import run_python
from grader.simulator.served.shell import run_shell
from grader.simulator.wire import Json

_EDITOR = "text_editor_code_execution"


def run_code(code: str, kind: str, disk: Disk) -> Json:
    """Return the content of the result of some code, without the files that it shares.

    kind: `code_execution`, whose code is Python, or `bash_code_execution`.
    disk: the container's; what the code shares lies there when this returns.
    """
    disk.begin()
    if kind == "code_execution":
        output, error = run_python(code, disk)
        status = int(bool(error))
    else:
        output, error, status = run_shell(code, disk)
    result = {
        "type": f"{kind}_result",
        "stdout": output,
        "stderr": error,
        "return_code": status,
        "content": [],
    }
    # Recorded: the older tool alone has it.
    return {**result, "abort_reason": None} if kind == "code_execution" else result


def edit_file(tool_input: Json, disk: Disk) -> Json:
    """Return the content of the result of a call of the text editor."""
    path = str(tool_input.get("path", ""))
    try:
        match tool_input.get("command"):
            case "create":
                text = str(tool_input.get("file_text", ""))
                is_update = disk.write(path, text.encode())
                return {"type": f"{_EDITOR}_create_result", "is_file_update": is_update}
            case "view":
                return _view(disk.read(path).decode("utf-8", "replace"), tool_input)
            case "str_replace":
                old = disk.read(path).decode("utf-8", "replace")
                return _replace(path, old, tool_input, disk)
    except FileNotFoundError:
        return _failed("file_not_found")
    except DiskFull:
        return _failed("unavailable")
    return _failed("invalid_tool_input")


def _view(text: str, tool_input: Json) -> Json:
    lines = text.splitlines(keepends=True)
    asked = tool_input.get("view_range")
    start, end = asked if isinstance(asked, list) and len(asked) == 2 else (1, -1)
    shown = lines[max(0, start - 1) : None if end == -1 else end]
    return {
        "type": f"{_EDITOR}_view_result",
        "file_type": "text",
        "content": "".join(shown),
        "num_lines": len(shown),
        "start_line": start,
        "total_lines": len(lines),
    }


def _replace(path: str, old: str, tool_input: Json, disk: Disk) -> Json:
    sought = str(tool_input.get("old_str", ""))
    if not sought or sought not in old:
        return _failed("invalid_tool_input")
    new = old.replace(sought, str(tool_input.get("new_str", "")), 1)
    disk.write(path, new.encode())
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    changed = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    if not changed:
        return _failed("invalid_tool_input")
    first, last = changed[0], changed[-1]
    gone, come = before[first[1] : last[2]], after[first[3] : last[4]]
    return {
        "type": f"{_EDITOR}_str_replace_result",
        "old_start": first[1] + 1,
        "old_lines": len(gone),
        "new_start": first[3] + 1,
        "new_lines": len(come),
        "lines": [*(f"-{line}" for line in gone), *(f"+{line}" for line in come)],
    }


def _failed(code: str) -> Json:
    return {"type": f"{_EDITOR}_tool_result_error", "error_code": code, "error_message": None}
