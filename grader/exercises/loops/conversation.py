"""Read a conversation as plain data: who said what, and in which blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from grader.catalog import DEFAULT_MODEL
from grader.exams import Exam, Scene, SdkObject
from grader.exercises.readings import is_same
from grader.simulator import BLOCKS

Json = Any
Block = dict[str, Json]
Entry = tuple[Json, Block]
"""A block and who says it: a conversation's entries don't depend on how it is cut into messages."""

READ_AGAIN: Mapping[str, tuple[str, ...]] = {
    name: tuple(kind.required)
    for name, kind in BLOCKS.items()
    # We compare a server tool's result as a whole.
    if "reply" in kind.places and kind.part != "server_result"
}
"""What the API reads of a block that comes back; the SDK may add other fields to it."""


class Said(NamedTuple):
    """Hold one message: its role, and its blocks as the API reads them.

    Anything that isn't a message has the role None.
    """

    role: Json
    blocks: list[Block]

    @property
    def words(self) -> str:
        """Return its text."""
        return content_text(self.blocks)


# -- blocks ----------------------------------------------------------------------------------


def content_text(content: Json) -> str:
    """Return the text of a message's content, which is a string or a list of blocks."""
    if isinstance(content, str):
        return content
    texts = [block.get("text") for block in _blocks_in(content)]
    return "".join(text for text in texts if isinstance(text, str))


def blocks_of(content: Json) -> list[Block]:
    """Return the blocks of a content as the API reads them; an empty text doesn't count."""
    if isinstance(content, str):
        content = [{"type": "text", "text": content}] if content else []
    return [essence(block) for block in _blocks_in(content)]


def essence(block: Mapping[str, Json]) -> Block:
    """Return what the API reads of a block when it comes back."""
    keys = READ_AGAIN.get(str(block.get("type")))
    if keys is None:
        kept = {key: value for key, value in without_nulls(block).items() if key != "caller"}
        return {"type": None, **kept}
    # A text may say where it comes from; a field that is null or empty says nothing.
    cited = {"citations": without_nulls(block["citations"])} if block.get("citations") else {}
    return {**{key: block.get(key) for key in ("type", *keys)}, **cited}


def without_nulls(value: Json) -> Json:
    """Return a value without the keys that say null, as the SDK adds them."""
    if isinstance(value, SdkObject):
        return without_nulls(value.data)
    if isinstance(value, Mapping):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def types_of(content: Json) -> str:
    """Return the types of a content's blocks, as written in a sentence."""
    return ", ".join(str(block.get("type")) for block in blocks_of(content)) or "nothing"


def results_in(blocks: Sequence[Block]) -> list[Block]:
    """Return the `tool_result` blocks among others."""
    return [block for block in blocks if block.get("type") == "tool_result"]


def _blocks_in(content: Json) -> Iterator[Block]:
    # The SDK takes its own blocks as well as dicts; of anything else we keep only the type.
    for item in content if isinstance(content, list | tuple) else ():
        plain = item.data if isinstance(item, SdkObject) else item
        yield plain if isinstance(plain, dict) else {"type": type(plain).__name__}


# -- messages --------------------------------------------------------------------------------


def dicts_in(value: Json) -> list[dict[str, Json]]:
    """Return the messages or blocks of a list as dicts, and leave out everything else."""
    listed = value if isinstance(value, list | tuple) else ()
    plain = [item.data if isinstance(item, SdkObject) else item for item in listed]
    return [item for item in plain if isinstance(item, dict)]


def said_in(messages: Json) -> list[Said]:
    """Return who said what in a list of messages."""
    return [
        Said(message.get("role"), blocks_of(message.get("content")))
        if isinstance(message, dict)
        else Said(None, [])
        for message in (messages if isinstance(messages, list | tuple) else ())
    ]


def spoken(said: Sequence[Said]) -> list[tuple[Json, str]]:
    """Return who said what, in text blocks only."""
    return [(each.role, each.words) for each in said]


def roles_of(said: Sequence[Said]) -> list[Json]:
    """Return who spoke, in order."""
    return [each.role for each in said]


def instructions_gone(mine: Sequence[Said], own: Sequence[Said]) -> bool:
    """Return whether all that a conversation lacks is its turns with the role system."""
    spoken_turns = [each for each in own if each.role != "system"]
    return len(spoken_turns) < len(own) and list(mine) == spoken_turns


def said_by(role: str, content: Json) -> Said:
    """Return what somebody says: a text, or a list of blocks."""
    return Said(role, blocks_of(content))


def last_user_text(request: Json) -> str:
    """Return the text of a request's last user message, or "" when there is none."""
    said = said_in(request.get("messages"))
    return next((each.words for each in reversed(said) if each.role == "user"), "")


def objection(exam: Exam, messages: Json, **more: Json) -> str | None:
    """Return the API's objection to a request with these messages, or None; see `send`.

    more: other parameters of the request, or other values than usual.
    """
    usual = {"model": DEFAULT_MODEL, "max_tokens": 100}
    return exam.send({**usual, **more, "messages": messages})


def contents_of(scene: Scene) -> list[list[Json]]:
    """Return the content of each reply that a scene gave, streamed or whole."""
    return [exchange.message["content"] for exchange in scene.exchanges if exchange.message]


# -- a conversation, block by block ----------------------------------------------------------


def entries_of(messages: Json) -> list[Entry]:
    """Return a conversation as the API reads it: messages of one role in a row are one turn."""
    return [(each.role, block) for each in said_in(messages) for block in each.blocks]


def begins_with(later: Sequence[Entry], earlier: Sequence[Entry]) -> bool:
    """Return whether a conversation goes on from another."""
    return is_same(list(later[: len(earlier)]), list(earlier))


def said_first(entries: Sequence[Entry], role: str) -> list[Block]:
    """Return the blocks that somebody says before anybody else speaks."""
    others = (place for place, entry in enumerate(entries) if entry[0] != role)
    return [block for _, block in entries[: next(others, len(entries))]]


def answers_in(messages: Json) -> list[Said]:
    """Return the messages after the assistant's last one."""
    said = said_in(messages)
    places = [place for place, each in enumerate(said) if each.role == "assistant"]
    return said[places[-1] + 1 :] if places else said
