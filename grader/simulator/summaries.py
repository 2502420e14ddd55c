"""Sign the summaries that a request asks for: by their words, and by what they stand for.

A signature says where the conversation stood when it was summarized: the same digests that thinking
is bound to. So a reader that meets a summary goes on as if it had read what was summarized, and
thinking in the turns that were kept is still in its place.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from grader.simulator.identifiers import Identifiers
from grader.simulator.sealed import seal, unseal
from grader.simulator.wire import Json, JsonValue

MOST_NAMES = 1_000
"""How many tools a conversation may refer to, for one summary to record them: a guess."""

# By its first bytes a recorded one begins with "CAIS".
_HEAD, _TAIL = b"\x08\x02\x12\xff\x02summary", b"summarized"
_SALT = 30
_DIGEST = 16


@dataclass(frozen=True)
class Range:
    """Hold what a summary stands for.

    content, places, count: as in a `Prefix`, at the end of what was summarized. role: that of its
    last message. names: the tools it refers to. system, tools: those it was made with.
    """

    content: bytes
    places: bytes
    count: int
    role: str
    names: tuple[str, ...]
    system: bytes
    tools: bytes


@dataclass(frozen=True)
class Summarized:
    """Hold what a signature says: the digests of words and of tool changes, and the span.

    span: None where the model that made it doesn't bind its thinking, so that none stays valid.
    """

    words: str
    changes: str
    span: Range | None

    def fits(self, words: str) -> bool:
        """Return whether these are the words that were signed."""
        return self.words == _digest(words)

    def fits_changes(self, changes: Json) -> bool:
        """Return whether these are the tool changes that came with the summary, None for none."""
        return self.changes == _digest(_plain(changes))


def sign_summary(words: str, changes: Json, ids: Identifiers, *, span: Range | None) -> str:
    """Return a fresh signature for a summary; changes: its `tool_changes`, None for none."""
    said: dict[str, JsonValue] = {
        "salt": ids.characters(_SALT),
        "words": _digest(words),
        "changes": _digest(_plain(changes)),
    }
    if span is not None:
        said["span"] = [
            span.content.hex(),
            span.places.hex(),
            span.count,
            span.role,
            list(span.names),
            span.system.hex(),
            span.tools.hex(),
        ]
    written = json.dumps(said, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return seal(written, _HEAD, _TAIL)


def read_summary(signature: str) -> Summarized | None:
    """Return what a simulator's signature of a summary says, None for one that is another's.

    Raises ValueError for one that was cut or changed on its way.
    """
    written = unseal(signature, _HEAD, _TAIL)
    if written is None:
        return None
    said = json.loads(written.decode("utf-8", "surrogatepass"))
    return Summarized(said["words"], said["changes"], _span(said.get("span")))


def _span(said: Json) -> Range | None:
    if said is None:
        return None
    content, places, count, role, names, system, tools = said
    return Range(
        bytes.fromhex(content),
        bytes.fromhex(places),
        count,
        role,
        tuple(names),
        bytes.fromhex(system),
        bytes.fromhex(tools),
    )


def _plain(changes: Json) -> str:
    return json.dumps(changes, sort_keys=True)


def _digest(words: str) -> str:
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).hexdigest()
