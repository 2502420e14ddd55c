"""Clean a submission's outputs for people to see: text and pictures, nothing that can run."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Any

Json = Any

MAX_TEXT = 10_000
"""How many characters of one output are kept."""
MAX_PICTURE = 1_000_000
"""How many characters a picture may have, as base64."""
MAX_OUTPUTS = 50
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_PNG = b"\x89PNG\r\n\x1a\n"


def clean_outputs(outputs: Iterable[Json]) -> list[Json]:
    """Return a cell's outputs, reduced to plain text and PNG pictures.

    HTML, scripts, widgets and markdown are dropped: opening the graded notebook would run them.
    Control characters are made visible, so that they can't steer a terminal either.
    """
    kept = [cleaned for output in outputs if (cleaned := _cleaned(output)) is not None]
    if len(kept) > MAX_OUTPUTS:
        left = len(kept) - MAX_OUTPUTS
        kept = [*kept[:MAX_OUTPUTS], _stream("stderr", f"… and {left} more outputs")]
    return kept


def _cleaned(output: Json) -> Json | None:
    kind = output.get("output_type")
    if kind == "stream":
        return _stream("stderr" if output.get("name") == "stderr" else "stdout", output.get("text"))
    if kind == "error":
        lines = output.get("traceback")
        trace = "\n".join(map(_joined, lines)) if isinstance(lines, list) else ""
        return {
            "output_type": "error",
            "ename": plain(output.get("ename"))[:200],
            "evalue": plain(output.get("evalue")),
            "traceback": plain(trace).split("\n"),
        }
    if kind in ("display_data", "execute_result"):
        data = _data(output.get("data"))
        # A result becomes display_data: only the examiner's own cells have results.
        return {"output_type": "display_data", "metadata": {}, "data": data} if data else None
    return None


def _data(data: Json) -> dict[str, str]:
    if not isinstance(data, dict):
        return {}
    kept = {}
    if "text/plain" in data:
        kept["text/plain"] = plain(data["text/plain"])
    picture = data.get("image/png")
    if isinstance(picture, str) and _is_png(picture):
        kept["image/png"] = "".join(picture.split())
    return kept


def _is_png(picture: str) -> bool:
    if len(picture) > MAX_PICTURE:
        return False
    try:
        return base64.b64decode("".join(picture.split()), validate=True).startswith(_PNG)
    except (binascii.Error, ValueError):
        return False


def _stream(name: str, text: Json) -> Json:
    return {"output_type": "stream", "name": name, "text": plain(text)}


def plain(text: Json) -> str:
    """Return text without control characters, cut to a readable length; "" if it is no text."""
    written = _COLOURS.sub("", _joined(text))
    left = len(written) - MAX_TEXT
    if left > 0:
        written = f"{written[:MAX_TEXT]}\n… and {left} more characters"
    # Most lines are printable as they are; only the others are looked at by character.
    return "\n".join(line if line.isprintable() else _line(line) for line in written.split("\n"))


def _joined(text: Json) -> str:
    """Return a text that Jupyter may store as lines; "" if it is no text."""
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""


def _line(line: str) -> str:
    return "".join(each if each == "\t" or each.isprintable() else "�" for each in line)
