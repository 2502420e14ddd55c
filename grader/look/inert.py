"""Make text harmless: what a learner's code said, as characters that can be shown.

A terminal obeys escape sequences, a database refuses half a surrogate pair and NUL, and direction
marks turn the words beside them around. Each is replaced by a character that shows it.
"""

from __future__ import annotations

import unicodedata

_KEPT = "\t\n"
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_PICTURES = 0x2400
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_TABLE: dict[int, str] = {
    **{code: chr(_PICTURES + code) for code in range(0x20) if chr(code) not in _KEPT},
    0x7F: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys((*range(0x80, 0xA0), *_DIRECTIONS, *range(0xD800, 0xE000)), _REPLACED),
}
# Invisible characters that Unicode counts among letters, marks and symbols.
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
_CODE = "\u2039U+{:04X}\u203a"
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_SPACES = " \N{IDEOGRAPHIC SPACE}"
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_FIRST_JOINED_SCRIPT = 0x590
"""From Hebrew and Arabic on scripts use the joiners; Latin, Greek and Cyrillic do not."""


def inert(text: str) -> str:
    """Return text with every control character and direction mark shown, not obeyed."""
    return text.replace("\r\n", "\n").translate(_TABLE)


def one_line(text: str) -> str:
    """Return inert text without tabs and line ends."""
    return " ".join(inert(text).split())


def visible(name: str) -> str:
    """Return a name with each invisible character shown by its code, such as U+200B."""
    return "".join(
        _CODE.format(ord(each)) if _is_hidden(name, place) or not _is_plain(each) else each
        for place, each in enumerate(name)
    )


def holds_hidden(name: str) -> bool:
    """Return whether a name has an invisible character; a blank is not one.

    Nor are the joiners of Persian and Indic names, between letters of such scripts.
    """
    return any(_is_hidden(name, place) for place in range(len(name)))


def looks_of(name: str) -> str:
    """Return a form that is equal for names that look the same: NFC, without joiners."""
    return unicodedata.normalize("NFC", "".join(each for each in name if each not in _JOINERS))


def _is_hidden(name: str, place: int) -> bool:
    each = name[place]
    if each in _JOINERS:
        before, after = name[place - 1 : place] if place else "", name[place + 1 : place + 2]
        return not (_is_joined(before) and _is_joined(after))
    if unicodedata.category(each) == "Zs":
        return each not in _SPACES
    return each in _BLANK or unicodedata.category(each) in _UNSEEN


def _is_plain(character: str) -> bool:
    return character in _SPACES or character in _JOINERS or character.isprintable()


def _is_joined(neighbour: str) -> bool:
    return bool(neighbour) and (
        ord(neighbour) >= _FIRST_JOINED_SCRIPT and unicodedata.category(neighbour)[0] in "LM"
    )
