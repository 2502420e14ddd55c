"""Tables of text that fit a narrow page: long names in them can be broken at their joints.

A table is as wide as the longest name in each of its columns, and JupyterLab cuts off what doesn't
fit. A browser breaks `chat.completions.parse` nowhere, unless the HTML says where it may.
"""

from __future__ import annotations

import re
from html import escape

LONGEST_NAME = 14
"""How many letters in a table stay together."""
_CODE = re.compile(r"`([^`]+)`")
_JOINT = re.compile(r"(?<=[\w\])}][\w\])}][._(=,:/])(?=\w\w)|(?<=\w\w[=(])(?=[\"'{])")
_SPECIAL = {ord(each): f"&#{ord(each)};" for each in r"\`*_[]~$|"}
"""What Markdown would take for its own between two tags."""


def with_joints(markdown: str) -> str:
    """Return a text whose tables have places where long names in them may be broken.

    Only code in the rows of tables is changed, into the HTML of the same words.
    """
    lines, is_fenced = [], False
    for line in markdown.split("\n"):
        is_fenced ^= line.startswith("```")
        is_row = line.startswith("|") and not is_fenced
        lines.append(_CODE.sub(_jointed, line) if is_row else line)
    return "\n".join(lines)


def _jointed(found: re.Match[str]) -> str:
    code = found[1].replace("\\|", "|")
    if max(map(len, code.split())) <= LONGEST_NAME:
        return found[0]
    parts = (escape(part, quote=False).translate(_SPECIAL) for part in _JOINT.split(code))
    return f"<code>{'<wbr>'.join(parts)}</code>"
