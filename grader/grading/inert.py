"""Text that does nothing: whatever a learner's code said, as characters that can be shown.

A terminal obeys escape sequences, a database refuses half a surrogate pair and NUL, and marks of
direction turn the words beside them around. Each is replaced by a character that shows it.
"""

from __future__ import annotations

_KEPT = "\t\n"
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_PICTURES = 0x2400
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_TABLE: dict[int, str] = {
    **{code: chr(_PICTURES + code) for code in range(0x20) if chr(code) not in _KEPT},
    0x7F: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys((*range(0x80, 0xA0), *_DIRECTIONS, *range(0xD800, 0xE000)), _REPLACED),
}


def inert(text: str) -> str:
    """Return text in which each control character and mark of direction is shown, not obeyed."""
    return text.replace("\r\n", "\n").translate(_TABLE)


def one_line(text: str) -> str:
    """Return inert text without tabs and line ends."""
    return " ".join(inert(text).split())
