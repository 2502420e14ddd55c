"""Sign the simulator's thinking: by what it says, by what came before it, and by who wrote it.

A signature looks like the API's: base64 that begins with "E". It says what the block was made of,
under a seal, so any simulator checks what another one signed.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from grader.simulator.identifiers import Identifiers
from grader.simulator.sealed import seal, unseal

_HEAD, _TAIL = b"\x12\xff\x02thought", b"simulated!"
_SALT = 30
_SHORT, _LONG = 8, 16
_COUNT = 4

PLACE = 2
"""How many bytes of a signature one earlier block has, by which a changed one is found."""

PLACES = 60
"""How many earlier blocks a signature has room for; of later ones no place is told."""

NOBODY = bytes(_SHORT)
"""What stands for the thought before the first one."""


@dataclass(frozen=True)
class Prefix:
    """Hold what stands before a place in a conversation, as digests.

    content: of all messages before. places: of their blocks one by one. count: how many there are.
    """

    system: bytes
    tools: bytes
    content: bytes
    places: bytes
    count: int


NOTHING = Prefix(bytes(_SHORT), bytes(_SHORT), bytes(_LONG), b"", 0)
"""The prefix of a signature that is bound to no conversation."""


@dataclass(frozen=True)
class Signed:
    """Hold what a signature says of its block.

    maker: the digest of the model's id. predecessor: the name of the thought before it.
    tokens: what it cost, also where its words are left out.
    """

    maker: bytes
    predecessor: bytes
    prefix: Prefix
    tokens: int
    thought: bytes
    salt: bytes

    def fits(self, thought: str) -> bool:
        """Return whether these are the words signed; where none were, what is put in is ignored."""
        return self.thought in (_thought(self.salt, thought), _thought(self.salt, ""))


def sign(
    thought: str,
    ids: Identifiers,
    *,
    model: str = "",
    tokens: int = 0,
    predecessor: bytes = NOBODY,
    prefix: Prefix = NOTHING,
) -> str:
    """Return a fresh signature for a thought, 344 characters long.

    tokens: what the thought cost; 0 where its words say it.
    """
    salt = ids.characters(_SALT).encode()
    said = (
        salt,
        digest(model),
        predecessor,
        prefix.system,
        prefix.tools,
        prefix.content,
        prefix.count.to_bytes(_COUNT, "big"),
        tokens.to_bytes(_COUNT, "big"),
        prefix.places[: PLACE * PLACES].ljust(PLACE * PLACES, b"\0"),
        _thought(salt, thought),
    )
    return seal(b"".join(said), _HEAD, _TAIL)


def read_signature(signature: str) -> Signed | None:
    """Return what a simulator's signature says, None for one that is another's.

    Raises ValueError for one that was cut or changed on its way.
    """
    said = unseal(signature, _HEAD, _TAIL)
    if said is None:
        return None
    parts, start = [], 0
    for size in (_SALT, *[_SHORT] * 4, _LONG, _COUNT, _COUNT, PLACE * PLACES, _LONG):
        parts.append(said[start : start + size])
        start += size
    salt, maker, predecessor, system, tools, content, count, tokens, places, thought = parts
    number = int.from_bytes(count, "big")
    known = places[: PLACE * min(number, PLACES)]
    prefix = Prefix(system, tools, content, known, number)
    return Signed(maker, predecessor, prefix, int.from_bytes(tokens, "big"), thought, salt)


def may_be_real(signature: str) -> bool:
    """Return whether a signature that is no simulator's has the outline of the API's own.

    Recorded ones are whole messages of protocol buffers; more of them cannot be checked.
    """
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    position = 0
    while position < len(raw):
        key, position = _varint(raw, position)
        size = 0
        match key & 7:
            case 0:
                _, position = _varint(raw, position)
            case 1 | 5 as width:
                size = 8 if width == 1 else 4
            case 2:
                size, position = _varint(raw, position)
            case _:
                return False
        position += size
        if key < 8:
            return False
    return position == len(raw) > 0


def digest(words: str) -> bytes:
    """Return what stands for a name, or for another signature, in a signature."""
    return hashlib.blake2b(_bytes(words), digest_size=_SHORT).digest()


def _varint(raw: bytes, position: int) -> tuple[int, int]:
    """Return a number and where it ends; past the end of the bytes where it has none."""
    for length in range(1, 11):
        at = position + length - 1
        if at < len(raw) and raw[at] < 0x80:
            number = sum((byte & 0x7F) << 7 * i for i, byte in enumerate(raw[position : at + 1]))
            return number, at + 1
    return 0, len(raw) + 1


def _thought(salt: bytes, thought: str) -> bytes:
    return hashlib.blake2b(salt + _bytes(thought), digest_size=_LONG).digest()


def _bytes(words: str) -> bytes:
    # A script may say half a surrogate pair, which UTF-8 has no form for.
    return words.encode("utf-8", "surrogatepass")
