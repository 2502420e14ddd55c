"""Wordings: whatever the live API is quoted with, the simulator says when there is reason to."""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grader.catalog import Catalog, load_catalog
from grader.simulator import Fault, Reply, Script, Simulator
from grader.simulator.core import MAX_BODY

Row = dict[str, Any]
Match = re.Match[str]

RIGHT: Row = {
    "model": "claude-haiku-4-5",
    "max_tokens": 2_000,
    "messages": [{"role": "user", "content": "ping"}],
}
HEADERS = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
TOOL = {"name": "f", "input_schema": {"type": "object"}}
MARK = {"type": "ephemeral"}
BUDGET = {"thinking": {"type": "enabled", "budget_tokens": 1_024}}
NO_PICTURE = {
    "type": "base64",
    "media_type": "image/png",
    "data": base64.b64encode(b"no picture").decode(),
}


def ask(
    body: Any = RIGHT,
    *,
    replies: Script | None = None,
    catalog: Catalog | None = None,
    key: str | None = None,
    **headers: str | None,
) -> Reply:
    """Return the reply to a body; a header given as None is left out."""
    options = {"replies": replies} if replies else {}
    simulator = Simulator(catalog=catalog, api_key=key, seed=1, **options)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in {**HEADERS, **named}.items() if value is not None}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return simulator.handle("POST", "/v1/messages", sent, raw)


def changed(**changes: Any) -> Callable[[Match], Reply]:
    """Return the trigger that is a right request with other values; ... takes a key away."""
    body = {key: value for key, value in {**RIGHT, **changes}.items() if value is not ...}
    return lambda _match: ask(body)


def said(*blocks: Row) -> Callable[[Match], Reply]:
    """Return the trigger that is a user turn of these blocks."""
    return changed(messages=[{"role": "user", "content": list(blocks)}])


def words(text: str, **more: Any) -> Row:
    """Return a text block."""
    return {"type": "text", "text": text, **more}


def turns(count: int) -> list[Row]:
    """Return so many turns, the first one the user's."""
    return [{"role": ("user", "assistant")[i % 2], "content": "Go on."} for i in range(count)]


def scripted(match: Match) -> Reply:
    """Return a fault that no request brings about by itself."""
    return ask(replies=Script(Fault(status_of(match.string), match.string)))


def status_of(message: str) -> int:
    """Return the status of what is scripted, by its wording."""
    for start, status in (("Your credit", 400), ("Internal", 500), ("Overloaded", 529)):
        if message.startswith(start):
            return status
    return 429


def unanswered(match: Match) -> Reply:
    """Ask with calls that have no results, after so many turns."""
    calls = [
        {"type": "tool_use", "id": call, "name": "f", "input": {}}
        for call in match["ids"].split(", ")
    ]
    before = turns(int(match["turn"]))
    # The turn before the calls is the user's.
    while before and before[-1]["role"] == "assistant":
        before.insert(0, {"role": "assistant", "content": "Hello."})
        before.pop()
    messages = [*before, {"role": "assistant", "content": calls}]
    return ask({**RIGHT, "messages": messages})


def unexpected(match: Match) -> Reply:
    """Ask with a result that has no call, at its place."""
    result = {"type": "tool_result", "tool_use_id": match["id"], "content": "noon"}
    messages = [*turns(int(match["turn"])), {"role": "user", "content": [words("a"), result]}]
    return ask({**RIGHT, "messages": messages})


def unknown_model(match: Match) -> Reply:
    """Ask for a model that does not exist, or no more."""
    return ask({**RIGHT, "model": match["model"]})


def too_much(match: Match) -> Reply:
    """Ask for more output than a model can write; one that has retired is made up."""
    catalog = load_catalog()
    card = replace(
        catalog.models[-1],
        id=match["model"],
        aliases=(),
        max_output=int(match["limit"]),
        retires=None,
    )
    body = {**RIGHT, "model": card.id, "max_tokens": int(match["asked"])}
    return ask(body, catalog=Catalog(models=(card,)))


def too_long(match: Match) -> Reply:
    """Ask with a prompt past the window; the count is that of other words than were recorded."""
    reply = ask({**RIGHT, "messages": [{"role": "user", "content": "word " * 250_000}]})
    error = reply.body["error"]
    error["message"] = re.sub(r"\d+ tokens", f"{match['tokens']} tokens", error["message"], count=1)
    return reply


def broken(match: Match) -> Reply:
    """Send a body that stops being JSON at a place."""
    line, column, at = int(match["line"]), int(match["column"]), int(match["at"])
    before = "{" + " " * (at - column - line + 1) + "\n" * (line - 1)
    return ask((before + " " * (column - 1) + "x").encode())


TRIGGERS: dict[str, Callable[[Match], Reply]] = {
    r"This request would exceed .*|Number of .*|Internal server error|Overloaded": scripted,
    r"Your credit balance .*": scripted,
    r"prompt is too long: (?P<tokens>\d+) tokens > 200000 maximum": too_long,
    r"`max_tokens` must be greater than `thinking.budget_tokens`.*": changed(
        max_tokens=1_024, **BUDGET
    ),
    r"messages\.0: all messages must have non-empty content .*": said(),
    r"messages\.(?P<turn>\d+)\.content\.1: unexpected `tool_use_id` .*: (?P<id>\w+)\. .*": (
        unexpected
    ),
    r"messages\.(?P<turn>\d+): `tool_use` ids .* immediately after: (?P<ids>[\w, ]+)\. .*": (
        unanswered
    ),
    r"This model does not support effort level 'xhigh'.*": changed(
        model="claude-opus-4-6", output_config={"effort": "xhigh"}
    ),
    r"messages\.0\.content\.1\.image\.source\.base64\.data: The file format .*": said(
        words("a"), {"type": "image", "source": NO_PICTURE}
    ),
    r"This model does not support assistant message prefill\. .*": changed(
        model="claude-sonnet-5", messages=turns(2)
    ),
    r"invalid x-api-key": lambda _match: ask(key="another"),
    r"x-api-key header is required": lambda _match: ask(x_api_key=None),
    r"model: (?P<model>.+)": unknown_model,
    r"max_tokens: Field required": changed(max_tokens=...),
    r"max_tokens: (?P<asked>\d+) > (?P<limit>\d+), which .* for (?P<model>.+)": too_much,
    r"messages: text content blocks must be non-empty": said(words("")),
    r"messages: text content blocks must contain non-whitespace text": said(words(" ")),
    r"A maximum of 4 blocks .* Found 5\.": said(*[words("a", cache_control=MARK)] * 5),
    r"messages\.0\.content\.4\.cache_control\.ttl: .*": said(
        words("a", cache_control=MARK),
        *[words("a")] * 3,
        words("a", cache_control={**MARK, "ttl": "1h"}),
    ),
    r"tools: Tool names must be unique\.": changed(tools=[TOOL, TOOL]),
    r"tools\.0\.custom\.name: String should match pattern .*": changed(
        tools=[{**TOOL, "name": "f g"}]
    ),
    r"context_management: Extra inputs are not permitted": changed(context_management={}),
    r"messages\.1\.content\.0\.thinking\.cache_control: .*": changed(
        messages=[
            *turns(1),
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "", "signature": "E", "cache_control": MARK}
                ],
            },
        ]
    ),
    r"thinking\.enabled\.budget_tokens: Input should be greater .*": changed(
        thinking={"type": "enabled", "budget_tokens": 1_023}
    ),
    r"`temperature` may only be set to 1 when thinking is enabled": changed(
        temperature=0.5, **BUDGET
    ),
    r"Thinking may not be enabled when tool_choice forces tool use\.": changed(
        tools=[TOOL], tool_choice={"type": "any"}, **BUDGET
    ),
    r"`temperature` and `top_p` cannot both be specified .*": changed(temperature=1, top_p=1),
    r"The request body is not valid JSON: unexpected character: line (?P<line>\d+) "
    r"column (?P<column>\d+) \(char (?P<at>\d+)\)": broken,
    r"output_format\.schema: Field required": lambda _match: ask(
        {**RIGHT, "output_format": {"type": "json_schema"}},
        anthropic_beta="structured-outputs-2025-11-13",
    ),
    r"anthropic-version: header is required": lambda _match: ask(anthropic_version=None),
    r"Request exceeds the maximum size": lambda _match: ask(b" " * (MAX_BODY + 1)),
}
"""What makes the simulator say it, by the wording."""

FILES = "pictures and documents by file_id were a beta then, and are stable now"
OLDER = "an older wording, or a rule that is gone"
NOT_SAID = {
    r"messages\.0: Input does not match the expected shape\.": OLDER,
    r"messages\.0\.content: Input should be a valid list": OLDER,
    r"too many total text bytes: .*": OLDER,
    r'messages: Unexpected role "system"\. .*': OLDER,
    r"messages: roles must alternate .*": OLDER,
    r'messages: first message must use the "user" role': OLDER,
    r"input length and `max_tokens` exceed context limit: .*": "only models that have retired",
    r".*: Input tag 'file' found using 'type' .*": FILES,
    r"tools\.3\.custom\.input_examples: Extra inputs are not permitted": (
        "tool examples were a beta then, and are stable now"
    ),
    r"container: Input should be a valid string": "containers are out of scope",
    r"Unable to download the file\. .*": "nothing is downloaded",
    r"Request size exceeds model context window": (
        "quoted once, in 2025; what of a prompt that is too long makes it a 413 is not known"
    ),
}
"""What the simulator does not say, with the reason."""


def first_match(message: str, patterns: dict[str, Any]) -> tuple[Match, Any] | None:
    """Return the first pattern that fits a whole message, with what stands beside it."""
    for pattern, beside in patterns.items():
        if (match := re.fullmatch(pattern, message)) is not None:
            return match, beside
    return None


def test_every_recorded_wording_is_said_or_explained(
    errors: list[Row], tell: Callable[[str, object], None]
) -> None:
    """Status, type and words are equal; ids, names and places are those recorded."""
    unsaid: Counter[str] = Counter()
    for row in errors:
        explained = first_match(row["message"], NOT_SAID)
        if explained is not None:
            unsaid[explained[1]] += 1
            continue
        found = first_match(row["message"], TRIGGERS)
        assert found is not None, row["message"]
        match, trigger = found
        reply = trigger(match)
        error = reply.body["error"]
        assert (reply.status, error["type"]) == (row["status"], row["type"]), row["message"]
        assert error["message"] == row["message"]
    tell("recorded wordings repeated", f"{len(errors) - unsaid.total()} of {len(errors)}")
    for reason, count in unsaid.items():
        tell(f"not said: {reason}", count)
    assert unsaid.total() < len(errors) / 3


def test_no_trigger_and_no_reason_outlives_its_wording(errors: list[Row]) -> None:
    """Each of them is for something that is recorded."""
    for pattern in [*TRIGGERS, *NOT_SAID]:
        assert any(re.fullmatch(pattern, row["message"]) for row in errors), pattern
