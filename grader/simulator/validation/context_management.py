"""Check the edits that a request asks for in `context_management`, one by one.

That thinking is cleared first, that it must be on for that, and the least trigger of a summary are
in the server's words; those of other wrong values are a guess after its words for their like.
"""

from __future__ import annotations

from collections.abc import Collection

from grader.catalog import ModelCard, asks_for
from grader.simulator.edits import CLEAR_THINKING, CLEAR_TOOL_USES, COMPACT, LEAST_TRIGGER
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.wire import Json, JsonValue

_KEY = "context_management"
_KEYS = {
    CLEAR_THINKING: ("type", "keep"),
    CLEAR_TOOL_USES: (
        "type",
        "clear_at_least",
        "clear_tool_inputs",
        "exclude_tools",
        "keep",
        "trigger",
    ),
    COMPACT: ("type", "instructions", "pause_after_compaction", "trigger"),
}


def check_context_management(
    request: dict[str, Json], card: ModelCard, betas: Collection[str]
) -> None:
    """Refuse edits that the API doesn't know, or that the request cannot have.

    betas: the values of the header `anthropic-beta`.
    """
    if request[_KEY] is None:
        return
    asked = shapes.mapping(request[_KEY], _KEY)
    shapes.only(asked, _KEY, ("edits",))
    known = [CLEAR_THINKING, CLEAR_TOOL_USES]
    if asks_for(betas, "threshold_compaction"):
        known.append(COMPACT)
    kinds = []
    for index, entry in enumerate(shapes.array(asked.get("edits", []), f"{_KEY}.edits")):
        path = f"{_KEY}.edits.{index}"
        edit = shapes.mapping(entry, path)
        kind = shapes.tag(edit, path, known)
        inside = f"{path}.{kind}"
        shapes.only(edit, inside, _KEYS[kind])
        if kind == CLEAR_THINKING:
            _check_thinking(edit, inside)
        elif kind == CLEAR_TOOL_USES:
            _check_tool_uses(edit, inside)
        else:
            _check_compaction(edit, inside, card)
        kinds.append(kind)
    if CLEAR_THINKING in kinds:
        _check_thinks(request.get("thinking"))
        if kinds.index(CLEAR_THINKING) > 0:
            raise invalid(
                f"{_KEY}: `{CLEAR_THINKING}` must be the first strategy in `{_KEY}.edits` when "
                "provided"
            )


def _check_thinks(thinking: JsonValue) -> None:
    # Quoted by many clients; where the field is not sent at all it is refused too.
    kind = thinking.get("type") if isinstance(thinking, dict) else None
    if kind not in ("enabled", "adaptive"):
        raise invalid(f"`{CLEAR_THINKING}` strategy requires `thinking` to be enabled or adaptive")


def _check_thinking(edit: dict[str, JsonValue], path: str) -> None:
    keep = edit.get("keep", "all")
    if keep == "all":
        return
    where = f"{path}.keep"
    kept = shapes.mapping(keep, where)
    kind = shapes.tag(kept, where, ("all", "thinking_turns"))
    if kind == "thinking_turns":
        _amount(kept, f"{where}.{kind}", least=1)
    else:
        shapes.only(kept, f"{where}.{kind}", ("type",))


def _check_tool_uses(edit: dict[str, JsonValue], path: str) -> None:
    if "trigger" in edit:
        _measure(edit["trigger"], f"{path}.trigger", ("input_tokens", "tool_uses"))
    if "keep" in edit:
        _measure(edit["keep"], f"{path}.keep", ("tool_uses",))
    if edit.get("clear_at_least") is not None:
        _measure(edit["clear_at_least"], f"{path}.clear_at_least", ("input_tokens",))
    if edit.get("exclude_tools") is not None:
        _names(edit["exclude_tools"], f"{path}.exclude_tools")
    inputs = edit.get("clear_tool_inputs")
    if inputs is not None and not isinstance(inputs, bool):
        _names(inputs, f"{path}.clear_tool_inputs")


def _check_compaction(edit: dict[str, JsonValue], path: str, card: ModelCard) -> None:
    if not card.rules.compaction:
        raise invalid(f"{path}: this model does not support compaction")
    if edit.get("trigger") is not None:
        trigger = _measure(edit["trigger"], f"{path}.trigger", ("input_tokens",))
        if trigger < LEAST_TRIGGER:
            raise invalid(f"{path}: trigger.value must be at least {LEAST_TRIGGER}")
    if "pause_after_compaction" in edit:
        shapes.boolean(edit["pause_after_compaction"], f"{path}.pause_after_compaction")
    if edit.get("instructions") is not None:
        shapes.string(edit["instructions"], f"{path}.instructions")


def _measure(value: JsonValue, path: str, kinds: Collection[str]) -> int:
    measured = shapes.mapping(value, path)
    kind = shapes.tag(measured, path, kinds)
    return _amount(measured, f"{path}.{kind}", least=0)


def _amount(measured: dict[str, JsonValue], path: str, *, least: int) -> int:
    shapes.only(measured, path, ("type", "value"))
    value = shapes.field(measured, "value", path)
    return shapes.integer(value, f"{path}.value", minimum=least)


def _names(value: JsonValue, path: str) -> None:
    for index, name in enumerate(shapes.array(value, path)):
        shapes.string(name, f"{path}.{index}")
