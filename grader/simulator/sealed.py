"""Write bytes that any simulator knows as a simulator's, and sees whether they were changed.

They stand between two marks, with a seal over them, as base64. So nothing needs to be remembered.
It guards nothing: whoever reads this can write them too.
"""

from __future__ import annotations

import base64
import hashlib
import re

_SEAL = 16
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def seal(said: bytes, head: bytes, tail: bytes) -> str:
    """Return a signature that says this; head, tail: the marks of its kind."""
    written = head + said
    return base64.b64encode(written + _digest(written) + tail).decode()


def unseal(signature: str, head: bytes, tail: bytes) -> bytes | None:
    """Return what a signature says, None for one that is another's.

    Raises ValueError for one that was cut or changed on its way.
    """
    if not _BASE64.fullmatch(signature):
        return None
    # What is not whole has lost its end.
    raw = base64.b64decode(signature[: len(signature) // 4 * 4].encode())
    if not raw.startswith(head) and not raw.endswith(tail):
        return None
    written, sealed = raw[: -_SEAL - len(tail)], raw[-_SEAL - len(tail) : -len(tail)]
    if not raw.startswith(head) or not raw.endswith(tail) or sealed != _digest(written):
        raise ValueError("This simulated signature was cut or changed.")
    return written[len(head) :]


def _digest(written: bytes) -> bytes:
    return hashlib.blake2b(written, digest_size=_SEAL).digest()
