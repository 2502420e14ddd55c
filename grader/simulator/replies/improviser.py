"""Answer free prompts: by calls of the request's tools, in the format asked for, or in words.

Lessons' prompts have written answers; whatever else is said begins with a label. Who asks to go on
gets the rest of a reply that was cut off, written or not. Where the model
would think before it answers, the reply begins with a thinking block, empty as newer models send it
unless `display` asks for a summary or for updates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.catalog import ModelCard
from grader.plural import counted
from grader.simulator.blocks import part_of
from grader.simulator.contents import has_only_text
from grader.simulator.documents import sources_in
from grader.simulator.replies.asked import may_ask_for_form, read_asked, without_reminders
from grader.simulator.replies.limit import Limit
from grader.simulator.replies.pictures import describe_picture
from grader.simulator.replies.reading import cite_quotations, read_sources
from grader.simulator.replies.script import Turn, thinking, turn
from grader.simulator.replies.summary import summarize
from grader.simulator.replies.thoughts import at_effort, goes_on, thinks, thought_size
from grader.simulator.replies.written import (
    begun_answer,
    words_of,
    written_answer,
    written_more,
)
from grader.simulator.tokens import Counter, text_tokens, thinking_tokens
from grader.simulator.wire import Json

if TYPE_CHECKING:
    from grader.simulator.containers import Containers

LABEL = "[simulated reply]"
"""What every answer begins with that was not written for its prompt."""

# What an update looks like is not known but for its name: it is short, and is read while it comes.
_UPDATE = "Reading the question."
_SUMMARY = "Let me see what is being asked, and answer it in a few plain words."
# Behind a tool's results, the question has been read long since.
_UPDATE_BEHIND = "Writing the answer."
_SUMMARY_BEHIND = "The results are in. Now I can answer the question."


def improvise(
    request: Json,
    card: ModelCard,
    *,
    counter: Counter = text_tokens,
    containers: Containers | None = None,
) -> Turn:
    """Return a turn that does what the last user message asks, within the request's limits.

    counter: counts the texts. containers: where code runs; without them it finds and leaves no
    files.
    """
    if request.get("max_tokens") == 0:
        return Turn((), stop_reason="max_tokens")
    thought = _thought(request, card)
    spent = 0
    if thought:
        spent = thought.thinking_tokens
        if thought.content[0]["thinking"]:
            spent = max(spent, thinking_tokens(thought.content, card, counter=counter))
    limit = Limit(request, card, spent=spent, counter=counter)
    # Thinking counts against the limit: a small one may leave no room for an answer.
    if thought and limit.is_reached:
        return turn(thought, stop_reason="max_tokens")
    messages = without_reminders(request["messages"])
    if request.get("compaction"):
        reply = limit.text(make_summary(messages))
        return turn(thought, reply) if thought else reply
    rest = _rest(request, messages, card, counter)
    acted = limit.text(rest) if rest else _acted(request, messages, card, limit, containers)
    said = acted or _read(request, messages, limit) or limit.text(_words(request, messages, card))
    reply = cite_quotations(said, request)
    return turn(thought, reply) if thought else reply


def make_summary(messages: list[Json]) -> str:
    """Return what a model would write that is asked to summarize these messages."""
    return f"{LABEL} {summarize(messages)}"


def _rest(request: Json, messages: list[Json], card: ModelCard, counter: Counter) -> str:
    """Return what is missing of the reply that was cut off, "" where none is to go on."""
    begun = begun_answer(messages)
    if begun is None:
        return ""
    said, left = begun
    roomy = {**request, "messages": left, "max_tokens": card.max_output}
    blocks = improvise(roomy, card, counter=counter).content
    whole = "".join(block["text"] for block in blocks if block["type"] == "text")
    is_words = all(part_of(block) in ("said", "thought") for block in blocks)
    return whole.removeprefix(said) if is_words and whole.startswith(said) else ""


def _acted(
    request: Json,
    messages: list[Json],
    card: ModelCard,
    limit: Limit,
    containers: Containers | None,
) -> Turn | None:
    """Return what a request with tools, calls or a format for its answer comes to, else None."""
    has_format = (request.get("output_config") or {}).get("format")
    has_servers = bool(request.get("mcp_servers"))
    is_plain = has_only_text(messages)
    has_changes = not is_plain and _has_changes(messages)
    has_tools = request.get("tools") or has_servers or has_changes
    if not (has_tools or has_format) and (is_plain or not _has_calls(messages)):
        return None
    from grader.simulator.replies.acting import act

    def read() -> Turn | None:
        return read_sources(request, messages, limit, label=LABEL)

    if any("type" in tool or "allowed_callers" in tool for tool in request.get("tools") or ()) or (
        has_servers
    ):
        from grader.simulator.replies.serving import serve, serves
        from grader.simulator.replies.toolsets import name_toolsets

        if serves(request):
            served = serve(
                request,
                messages,
                limit,
                label=LABEL,
                act=lambda left: act(left, messages, card, limit, label=LABEL, read=read),
                containers=containers,
            )
            if served is not None:
                return name_toolsets(served, request)
        acted = act(request, messages, card, limit, label=LABEL, read=read)
        return acted and name_toolsets(acted, request)
    return act(request, messages, card, limit, label=LABEL, read=read)


def _read(request: Json, messages: list[Json], limit: Limit) -> Turn | None:
    """Return what the request's documents say, None where an answer was written beforehand."""
    if not sources_in(request) or written_answer(messages):
        return None
    return read_sources(request, messages, limit, label=LABEL)


def _has_changes(messages: list[Json]) -> bool:
    """Return whether system messages, or a summary, may have added tools that `tools` has not."""
    blocks = (block for m in messages if isinstance(m["content"], list) for block in m["content"])
    return any(part_of(block) in ("change", "summary") for block in blocks)


def _has_calls(messages: list[Json]) -> bool:
    blocks = (block for m in messages if isinstance(m["content"], list) for block in m["content"])
    return any(block["type"] == "tool_use" for block in blocks)


def _words(request: Json, messages: list[Json], card: ModelCard) -> str:
    written = written_answer(messages)
    unwritten = written or f"{LABEL} {_excuse(messages)}"
    said = at_effort(unwritten, request, card, more=lambda: written_more(messages))
    if written:
        return said
    asked = read_asked(messages)
    if not may_ask_for_form(request, asked.prompt):
        return said
    from grader.simulator.replies.form import find_form

    form = find_form(request, asked.prompt)
    return form.fill(asked, said, begun=_begun(messages)) if form else said


def _begun(messages: list[Json]) -> str:
    """Return what the client has begun the answer with, without the space behind it."""
    return words_of(messages[-1]).rstrip() if messages[-1]["role"] == "assistant" else ""


def _excuse(messages: list[Json]) -> str:
    pictures = _pictures(messages[-1])
    if pictures:
        return f"{pictures} A real model would say what it shows."
    prompt = next((words_of(m) for m in reversed(messages) if m["role"] == "user"), "")
    opening = " ".join(prompt.split())
    opening = opening if len(opening) <= 60 else opening[:59] + "…"
    return (
        f"No model read this. Your last message begins with “{opening}” and has "
        f"{counted(len(prompt.split()), 'word')}; the conversation has "
        f"{counted(len(messages), 'turn')} so far. "
        "With an API key in ANTHROPIC_API_KEY the same code reaches Claude."
    )


def _pictures(message: Json) -> str:
    if isinstance(message["content"], str):
        return ""
    sources = [block["source"] for block in message["content"] if block["type"] == "image"]
    if not sources:
        return ""
    described = ", ".join(map(describe_picture, sources))
    return f"Your message has {counted(len(sources), 'image')}: {described}."


def _thought(request: Json, card: ModelCard) -> Turn | None:
    if not thinks(request, card):
        return None
    asked = request.get("thinking") or {}
    display = asked.get("display") or card.rules.thinking_display
    # Documented: what is noted between tools is shown as a summary.
    display = "summarized" if asked.get("type") == "between_tools" else display
    said = thinking("" if display == "omitted" else _noted(request, display))
    return replace(said, thinking_tokens=thought_size(request, card))


def _noted(request: Json, display: str) -> str:
    """Return what a thought says: of the calls to come, of their results, or of the question."""
    messages = without_reminders(request["messages"])
    if request.get("tools"):
        from grader.simulator.replies.acting import note_between

        if note := note_between(request, messages):
            return note
    is_behind = goes_on(messages[-1]) if messages else False
    if display == "updates":
        return _UPDATE_BEHIND if is_behind else _UPDATE
    return _SUMMARY_BEHIND if is_behind else _SUMMARY
