"""Prepared replies and pictures for demos that no prompt can reliably produce."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.catalog import DEFAULT_MODEL
from grader.errors import ScriptError
from grader.exams.pictures import Colour, png
from grader.simulator import (
    Script,
    Simulator,
    SimulatorTransport,
    Turn,
    empty,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
)

if TYPE_CHECKING:
    from anthropic.types import Message

_SEARCHES = tuple(
    {"type": "server_tool_use", "id": id, "name": "web_search", "input": {"query": query}}
    for id, query in (("srvtoolu_01", "Python 1.0"), ("srvtoolu_02", "Python 1.0 release date"))
)
_PAGE = {
    "type": "web_search_result",
    "url": "https://www.python.org/doc/versions/",
    "title": "Python documentation by version",
    "encrypted_content": "EqgfCioIARgBIiQ3YTAwMjY1Mi1mZjM5LTQ1NGUtODgxNC1kNjNjNTk1ZWI3Y",
    "page_age": None,
}
_FOUND = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_01", "content": [_PAGE]}
_PAUSED = Turn((_SEARCHES[0], _FOUND, _SEARCHES[1]), stop_reason="pause_turn")

SCENES: dict[str, Turn] = {
    "text": text("Paris."),
    "thinking": turn(thinking(), text("Paris.")),
    "two texts": turn(
        text("Let me look that up. "),
        tool_use("get_weather", {"city": "Paris"}),
        text("I have asked for the weather. "),
        stop_reason="tool_use",
    ),
    "tool_use": tool_use("get_weather", {"city": "Paris"}),
    "cut call": turn(
        tool_use("update_subscription", {"customer_id": "cust_123"}), stop_reason="max_tokens"
    ),
    "refusal": refusal("cyber", "This request asks for help with breaking into a system."),
    "empty": empty(),
    "cut json": text('{"order": "A-1204", "amount": "49.', stop_reason="max_tokens"),
    "paused": _PAUSED,
    "max_tokens": text("The three primary colours are red, yel", stop_reason="max_tokens"),
    "stop_sequence": text("one, two, three, ", stop_reason="stop_sequence", stop_sequence="four"),
}


def replay(scene: str) -> Message:
    """Return a prepared reply as the SDK returns one; nothing leaves this process.

    scene: one of the names in SCENES. Raises ScriptError for any other.
    """
    if scene not in SCENES:
        raise ScriptError(f"There is no scene {scene!r}. There are: {', '.join(SCENES)}.")
    import anthropic
    import httpx2

    simulator = Simulator(replies=Script(SCENES[scene]))
    http_client = httpx2.Client(transport=SimulatorTransport(simulator))
    client = anthropic.Anthropic(api_key="simulated", http_client=http_client)
    messages = [{"role": "user", "content": f"Show me a reply of the kind {scene}."}]
    return client.messages.create(
        model=DEFAULT_MODEL,
        max_tokens=300,
        messages=messages,  # type: ignore[arg-type]
    )


def sample_image(*, side: int = 56, colour: Colour = (200, 30, 30)) -> str:
    """Return a one-coloured square PNG as a data URI; side: pixels; colour: red, green, blue."""
    return f"data:image/png;base64,{png(side, side, colour)}"
