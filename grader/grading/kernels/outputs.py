"""One cell's run: its outputs, gathered from what a kernel sends, and how it ended.

Nothing that the kernel sends is trusted: only what nbformat knows is kept, rebuilt field by field,
and no more of it than the limits allow.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from grader.grading.sandbox import Limits

Json = Any
Ended = Literal["ok", "error", "deadline", "died"]

_CUT = "… (more output than is kept)"
_MIMES = 20
_FRAMES = 200


@dataclass(frozen=True)
class CellRun:
    """Hold a cell's outputs, as nbformat writes them, and how it ended.

    "error": it raised. "deadline": it was interrupted, or killed when that did not help; only the
    kernel's `is_alive` tells which. "died": the kernel ended itself.
    All of this comes from the kernel, so none of it may decide about points.
    """

    outputs: tuple[Json, ...]
    ended: Ended


class GatheredOutputs:
    """Keep the outputs of one cell, as they would stand in a notebook."""

    def __init__(self, limits: Limits) -> None:
        self._left = limits.output_bytes
        self._most = limits.outputs
        self._outputs: list[dict[str, Json]] = []
        self._shown: dict[str, list[dict[str, Json]]] = {}
        self._clears_next = False
        self._is_cut = False

    @property
    def outputs(self) -> tuple[Json, ...]:
        """Return what was kept; if something was not, the last output says so."""
        cut = [{"output_type": "stream", "name": "stderr", "text": _CUT}] if self._is_cut else []
        return (*self._outputs, *cut)

    def add(self, message: Json) -> None:
        """Take one output as the kernel sent it, or leave it out if its shape is wrong."""
        if not isinstance(message, dict):
            return
        kind = message.get("output_type")
        if kind == "clear_output":
            if message.get("wait"):
                self._clears_next = True
            else:
                self._clear()
        elif kind == "update_display_data":
            self._update(message)
        else:
            self._keep(message, _rebuilt(kind, message))

    def _keep(self, message: Json, output: dict[str, Json] | None) -> None:
        if output is None or self._is_cut:
            return
        if self._clears_next:
            self._clear()
        is_stream = output["output_type"] == "stream"
        if is_stream and len(output["text"]) > self._left:
            output["text"] = output["text"][: self._left]
            self._is_cut = True
        size = len(output["text"]) if is_stream else len(json.dumps(output))
        last = self._outputs[-1] if self._outputs else {}
        continues = is_stream and last.get("name") == output["name"]
        if size > self._left or (len(self._outputs) >= self._most and not continues):
            self._is_cut = True
            return
        self._left -= size
        if continues:
            last["text"] += output["text"]
            return
        self._outputs.append(output)
        if name := _display_id(message):
            self._shown.setdefault(name, []).append(output)

    def _update(self, message: Json) -> None:
        new = _rebuilt("display_data", message)
        if new is None or self._is_cut:
            return
        # Earlier pictures count too, so that endless updates come to an end.
        self._left -= len(json.dumps(new))
        self._is_cut = self._left < 0
        for output in self._shown.get(_display_id(message), []):
            output.update(data=new["data"], metadata=new["metadata"])

    def _clear(self) -> None:
        self._outputs.clear()
        self._shown.clear()
        self._clears_next = False


def _display_id(message: Json) -> str:
    transient = message.get("transient")
    name = transient.get("display_id") if isinstance(transient, dict) else None
    return name if isinstance(name, str) else ""


def _rebuilt(kind: Json, message: dict[str, Json]) -> dict[str, Json] | None:
    """Return an output of this kind with its own fields only, or None if they do not fit."""
    if kind == "stream" and message.get("name") in ("stdout", "stderr"):
        return {"output_type": kind, "name": message["name"], "text": _text(message.get("text"))}
    if kind in ("display_data", "execute_result"):
        data, metadata = message.get("data"), message.get("metadata") or {}
        if not isinstance(data, dict) or not isinstance(metadata, dict) or len(data) > _MIMES:
            return None
        output = {"output_type": kind, "data": _clean(data), "metadata": _clean(metadata)}
        if kind == "execute_result":
            count = message.get("execution_count")
            output["execution_count"] = count if type(count) is int else None
        return output
    if kind == "error":
        traceback = message.get("traceback")
        frames = traceback if isinstance(traceback, list) else []
        return {
            "output_type": kind,
            "ename": _text(message.get("ename")),
            "evalue": _text(message.get("evalue")),
            "traceback": [_text(frame) for frame in frames[:_FRAMES]],
        }
    return None


def _text(value: Any) -> str:
    # A lone surrogate can be in a string, but in no file.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _clean(value: Any) -> Any:
    """Return JSON whose every text can be written; it was read as JSON, so it is not too deep."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
