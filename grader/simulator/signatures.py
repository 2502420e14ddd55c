"""Sign the simulator's thinking, so that a thought that was changed on its way is told.

A signature looks like the API's: base64 that begins with "E". It ends in two digests: of its own
salt, by which any simulator knows a signature of a simulator's, and of the salt with the thought.
They guard nothing: whoever reads this can forge them.
"""

from __future__ import annotations

import base64
import hashlib

from grader.simulator.identifiers import Identifiers

_SIZE = 258
_SEAL = 16
_DIGEST = 32
_FIRST = b"\x12"
_SALT = _SIZE - len(_FIRST) - _SEAL - _DIGEST


def sign(thought: str, ids: Identifiers) -> str:
    """Return a fresh signature for a thought, 344 characters long."""
    salt = _FIRST + ids.characters(_SALT).encode()
    return base64.b64encode(salt + _seal(salt) + _digest(salt, thought)).decode()


def is_edited(thought: str, signature: str) -> bool:
    """Return whether a signature is a simulator's, and that of another thought."""
    if len(signature) != _SIZE * 4 // 3:
        return False
    try:
        raw = base64.b64decode(signature, validate=True)
    # binascii.Error, and ValueError where a character is not ASCII.
    except ValueError:
        return False
    salt, seal, digest = raw[: -_SEAL - _DIGEST], raw[-_SEAL - _DIGEST : -_DIGEST], raw[-_DIGEST:]
    return seal == _seal(salt) and digest != _digest(salt, thought)


def _seal(salt: bytes) -> bytes:
    return hashlib.blake2b(salt, digest_size=_SEAL).digest()


def _digest(salt: bytes, thought: str) -> bytes:
    # A script may say half a surrogate pair, which UTF-8 has no form for.
    words = thought.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(salt + words, digest_size=_DIGEST).digest()
