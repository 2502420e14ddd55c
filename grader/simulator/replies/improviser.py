"""Answer free prompts: written answers for the lessons' prompts, a labelled text for the rest.

The written answers are in `answers.toml`. Where the model would think before it answers, the reply
begins with a thinking block, empty as newer models send it unless `display` asks for a summary.
"""

from __future__ import annotations

import re

from grader.catalog import ModelCard
from grader.simulator.images import read_image
from grader.simulator.replies.script import Turn, text, thinking, turn
from grader.simulator.replies.written import words_of, written_answer
from grader.simulator.tokens import output_tokens, thinking_tokens
from grader.simulator.wire import Json

LABEL = "[simulated reply]"
"""What every answer begins with that was not written for its prompt."""

_SUMMARY = "Let me see what is being asked, and answer it in a few plain words."


def improvise(request: Json, card: ModelCard) -> Turn:
    """Return a turn that answers the last user message within the request's limits."""
    if request.get("max_tokens") == 0:
        return Turn((), stop_reason="max_tokens")
    thought = _thought(request, card)
    if thought is None:
        return _limited(_answer(request), request, card)
    # Thinking counts against the limit: a small one may leave no room for an answer.
    left = request.get("max_tokens", card.max_output) - thinking_tokens(thought.content, card)
    if left <= 0:
        return turn(thought, stop_reason="max_tokens")
    answer = _limited(_answer(request), {**request, "max_tokens": left}, card)
    return turn(thought, answer)


def _answer(request: Json) -> str:
    prompt = _last_prompt(request["messages"])
    written = written_answer(request["messages"])
    if written:
        return written
    pictures = _pictures(request["messages"][-1])
    if pictures:
        return f"{LABEL} {pictures} A real model would say what it shows."
    opening = " ".join(prompt.split())
    opening = opening if len(opening) <= 60 else opening[:59] + "…"
    return (
        f"{LABEL} No model read this. Your last message begins with “{opening}” and has "
        f"{len(prompt.split())} words; the conversation has {len(request['messages'])} turns so "
        "far. With an API key in ANTHROPIC_API_KEY the same code reaches Claude."
    )


def _last_prompt(messages: list[Json]) -> str:
    for message in reversed(messages):
        if message["role"] == "user":
            return words_of(message)
    return ""


def _pictures(message: Json) -> str:
    if isinstance(message["content"], str):
        return ""
    sources = [block["source"] for block in message["content"] if block["type"] == "image"]
    given = [read_image(source["data"]) for source in sources if source["type"] == "base64"]
    described = [f"{picture.width} by {picture.height} pixels" for picture in given]
    described += ["given by reference" for source in sources if source["type"] != "base64"]
    if not described:
        return ""
    noun = "image" if len(described) == 1 else "images"
    return f"Your message has {len(described)} {noun}: {', '.join(described)}."


def _limited(answer: str, request: Json, card: ModelCard) -> Turn:
    found = [
        (answer.index(stop), stop) for stop in request.get("stop_sequences") or [] if stop in answer
    ]
    if found:
        position, stop = min(found)
        if _fits(answer[:position], request, card):
            return text(answer[:position], stop_reason="stop_sequence", stop_sequence=stop)
    if _fits(answer, request, card):
        return text(answer)
    pieces = re.findall(r"\S+\s*", answer)
    low, high = 0, len(pieces)
    while low < high:
        middle = (low + high + 1) // 2
        if _fits("".join(pieces[:middle]), request, card):
            low = middle
        else:
            high = middle - 1
    cut = "".join(pieces[: max(1, low)]).rstrip()
    return text(cut, stop_reason="max_tokens")


def _fits(words: str, request: Json, card: ModelCard) -> bool:
    limit = request.get("max_tokens")
    counted = output_tokens([{"type": "text", "text": words}], card)
    return limit is None or counted <= limit


def _thought(request: Json, card: ModelCard) -> Turn | None:
    asked = request.get("thinking") or {}
    kind = asked.get("type")
    if kind == "disabled" or (kind is None and card.rules.thinking_default == "off"):
        return None
    older = card.tokenizer == "v3"
    display = asked.get("display") or ("summarized" if older else "omitted")
    return thinking(_SUMMARY if display == "summarized" else "")
