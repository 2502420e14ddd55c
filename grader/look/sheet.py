"""The style sheet: one file of rules for each kind of thing that is drawn."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from grader.look.tokens import variables

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s*([{};,>])\s*|\s*\n\s*")


@cache
def style_sheet(*pieces: str) -> str:
    """Return a `<style>` element with the colours, the ground rules and those of some pieces.

    pieces: names of the files beside this one, such as "verdict". It stands with every output that
    needs it: an output may be cleared, moved, or drawn while the others are off the screen.
    """
    rules = [variables(), *map(_rules, ("ground", *pieces))]
    return f"<style>{''.join(rules)}</style>"


@cache
def _rules(piece: str) -> str:
    text = files(__package__).joinpath(f"{piece}.css").read_text(encoding="utf-8")
    return _BLANK.sub(lambda found: found[1] or "", _COMMENT.sub("", text)).strip()
