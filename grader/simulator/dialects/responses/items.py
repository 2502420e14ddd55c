"""The items of a conversation, and the turns that they are in a Messages request.

A call and its output are items of their own there, in any distance; here the results stand in the
user's turn right after the calls. Items of reasoning and of OpenAI's own tools are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from grader.simulator.dialects.responses.faults import chosen, missing, refuse, typed
from grader.simulator.validation import read_json
from grader.simulator.wire import Json

_ROLES = ("assistant", "system", "developer", "user")
_GIVEN = ("input_text", "input_image", "input_file")
_SAID = ("output_text", "refusal")
_PARTS = (
    "input_text",
    "input_image",
    "output_text",
    "refusal",
    "input_file",
    "computer_screenshot",
    "summary_text",
)
_OWN = re.compile(r"[a-z_]+_(?:call|call_output|list_tools|approval_request|approval_response)")
_KINDS = ("message", "function_call", "function_call_output", "reasoning", "item_reference")
_LEFT_OUT = ("compaction", "additional_tools", "tool_search_output", "program", "program_output")
_WRONG_IN_ID = re.compile(r"[^a-zA-Z0-9_-]")
NOTHING = "(no text)"
"""What stands for a turn without words, which OpenAI takes and the Messages API doesn't."""


def check_items(items: Sequence[Json]) -> None:
    """Refuse the first item of an input that is ill-shaped, or stands alone where it may not."""
    for index, item in enumerate(items):
        _check(typed(item, f"input[{index}]", dict), f"input[{index}]")
    for item, following in pairwise([*items, {}]):
        if kind_of(item) == "reasoning" and item.get("id") and not _follows(following):
            raise refuse(
                f"Item '{item['id']}' of type 'reasoning' was provided without its required "
                "following item.",
                "input",
            )


def to_turns(items: Iterable[Json]) -> tuple[list[str], list[Json]]:
    """Return the system's texts and the turns of a whole conversation, or refuse it.

    Calls and outputs must be paired, in the earlier responses that were kept too.
    """
    items = list(items)
    calls = [str(i.get("call_id")) for i in items if kind_of(i) == "function_call"]
    results = {
        str(item.get("call_id")): item for item in items if kind_of(item) == "function_call_output"
    }
    for name in results:
        if name not in calls:
            message = f"No tool call found for function call output with call_id {name}."
            raise refuse(message, "input")
    for name in calls:
        if name not in results:
            raise refuse(f"No tool output found for function call {name}.", "input")
    system: list[str] = []
    turns = _Turns(results)
    for item in items:
        kind, role = kind_of(item), item.get("role")
        if kind == "function_call":
            turns.call(item)
        elif kind == "function_call_output":
            turns.answer()
        elif kind == "message" and role in ("system", "developer"):
            system += [block["text"] for block in _blocks(item["content"]) if "text" in block]
        elif kind == "message":
            turns.say(str(role), _blocks(item["content"]))
    return system, turns.ended()


def kind_of(item: Json) -> str:
    """Return the type of an item; that of a message may be left out."""
    return str(item.get("type") or ("message" if "role" in item else ""))


class _Turns:
    """Put blocks into turns, each of one speaker."""

    def __init__(self, results: dict[str, Json]) -> None:
        self._results = results
        self._turns: list[Json] = []
        self._called: list[str] = []

    def say(self, role: str, blocks: list[Json]) -> None:
        """Add what one speaker says, after the results that are due."""
        if role == "user":
            self.answer()
        if not self._turns or self._turns[-1]["role"] != role:
            self._turns.append({"role": role, "content": []})
        self._turns[-1]["content"] += blocks

    def call(self, item: Json) -> None:
        """Add a call to the assistant's turn."""
        try:
            arguments = read_json(item["arguments"] or "{}")
        except ValueError:
            arguments = None
        if not isinstance(arguments, dict):
            arguments = {"arguments": item["arguments"]}
        id = _WRONG_IN_ID.sub("_", item["call_id"])
        block = {"type": "tool_use", "id": id, "name": item["name"], "input": arguments}
        self.say("assistant", [block])
        self._called.append(item["call_id"])

    def answer(self) -> None:
        """Add the results of all calls that wait for theirs."""
        called, self._called = self._called, []
        if called:
            self.say("user", [self._result(name) for name in called])

    def ended(self) -> list[Json]:
        """Return the turns, from a user's to a user's, none of them empty."""
        self.answer()
        if not self._turns or self._turns[0]["role"] != "user":
            self._turns.insert(0, {"role": "user", "content": []})
        if self._turns[-1]["role"] != "user":
            self.say("user", [])
        nothing = [{"type": "text", "text": NOTHING}]
        return [{**turn, "content": turn["content"] or nothing} for turn in self._turns]

    def _result(self, name: str) -> Json:
        id = _WRONG_IN_ID.sub("_", name)
        output = self._results[name]["output"]
        content = output if isinstance(output, str) else _blocks(output)
        return {"type": "tool_result", "tool_use_id": id, "content": content}


def _check(item: Json, path: str) -> None:
    kind = kind_of(item)
    if not kind:
        raise missing(f"{path}.type")
    if kind == "message":
        role = chosen(item.get("role"), f"{path}.role", _ROLES)
        _check_content(item, f"{path}.content", _SAID if role == "assistant" else _GIVEN)
    elif kind == "function_call":
        for key in ("call_id", "name", "arguments"):
            _check_text(item, key, path)
    elif kind == "function_call_output":
        _check_text(item, "call_id", path)
        if "output" not in item:
            raise missing(f"{path}.output")
        output = typed(item["output"], f"{path}.output", str, list)
        _check_parts(output, f"{path}.output", _GIVEN)
    elif kind not in _KINDS + _LEFT_OUT and not _OWN.fullmatch(kind):
        chosen(kind, f"{path}.type", _KINDS)


def _check_text(item: Json, key: str, path: str) -> None:
    if key not in item:
        raise missing(f"{path}.{key}")
    typed(item[key], f"{path}.{key}", str)


def _check_content(item: Json, path: str, allowed: tuple[str, ...]) -> None:
    if "content" not in item:
        raise missing(path)
    _check_parts(typed(item["content"], path, str, list), path, allowed)


def _check_parts(content: Json, path: str, allowed: tuple[str, ...]) -> None:
    for index, entry in enumerate(content if isinstance(content, list) else ()):
        place = f"{path}[{index}]"
        part = typed(entry, place, dict)
        kind = chosen(part.get("type"), f"{place}.type", _PARTS)
        if kind not in allowed:
            words = " and ".join(f"'{option}'" for option in allowed)
            message = f"Invalid value: '{kind}'. Supported values are: {words}."
            raise refuse(message, f"{place}.type", "invalid_value")
        key = {"input_text": "text", "output_text": "text", "refusal": "refusal"}.get(kind)
        if key is not None:
            _check_text(part, key, place)


def _follows(item: Json) -> bool:
    """Return whether an item is one that a response had after its reasoning."""
    kind = kind_of(item)
    return bool(item.get("id")) if kind == "message" else kind not in ("", "function_call_output")


def _blocks(content: Json) -> list[Json]:
    """Return content as blocks; words of no letters are left out."""
    if isinstance(content, str):
        content = [{"type": "input_text", "text": content}]
    blocks = (_block(part) for part in content)
    return [block for block in blocks if block is not None]


def _block(part: Json) -> Json:
    words = part.get("text") or part.get("refusal")
    if part["type"] == "input_image":
        return _picture(part)
    if part["type"] == "input_file":
        return _document(part)
    if isinstance(words, str) and words.strip():
        return {"type": "text", "text": words}
    return None


def _picture(part: Json) -> Json:
    url = part.get("image_url")
    if isinstance(url, str):
        return {"type": "image", "source": _source(url)}
    return {"type": "image", "source": {"type": "file", "file_id": part.get("file_id")}}


def _document(part: Json) -> Json:
    given = part.get("file_data") or part.get("file_url")
    if isinstance(given, str):
        return {"type": "document", "source": _source(given)}
    return {"type": "document", "source": {"type": "file", "file_id": part.get("file_id")}}


def _source(url: str) -> Json:
    if not url.startswith("data:"):
        return {"type": "url", "url": url}
    media_type, _, data = url.removeprefix("data:").partition(";base64,")
    return {"type": "base64", "media_type": media_type, "data": data}
