"""Estimate how many tokens a text has, by the class of its characters.

The weights were fitted on recorded traffic: on requests without tools half of the estimates are
within 4.5 % of the live API's count and nine of ten within 12.5 %. There are two generations of
tokenizer: "v3" up to Claude 4.6, and one for the models after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class _Weights(NamedTuple):
    word: float
    middle_letter: float
    late_letter: float
    odd_case: float
    digit: float
    newlines: float
    blanks: float
    underscores: float
    accented: float
    punctuation: float
    further_mark: float
    symbol: float
    ideograph: float


_V3 = _Weights(1.05, 0, 0.33, 0.70, 0.84, 1.13, 1.08, 0.78, 3.15, 1.03, 0, 1.9, 0.65)
_V4_7 = _Weights(1.38, 0.34, 0.59, 1.62, 0.84, 1.60, 0.43, 0.89, 3.5, 1.04, 0.19, 2.0, 0.6)
_WEIGHTS: Mapping[str, _Weights] = {"v3": _V3, "v4.7": _V4_7, "v4.8": _V4_7}

_PIECE = re.compile(
    r"(?P<word>[A-Za-z]+)"
    r"|(?P<digit>[0-9])"
    r"|(?P<newlines>(?:\r?\n)+)"
    r"|(?P<blanks>[ \t]{2,})"
    r"|(?P<blank>[ \t\r\f\v])"
    r"|(?P<underscores>_+)"
    r"|(?P<punctuation>[!-/:-@\[-^`{-~]+)"
    r"|(?P<accented>[\u00aa-\u024f\u0370-\u1fff])"
    r"|(?P<ideograph>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
    r"|(?P<symbol>.)",
    re.DOTALL,
)


def text_tokens(text: str, tokenizer: str = "v3") -> int:
    """Return the estimated number of tokens of a text, without any framing.

    tokenizer: "v3", "v4.7" or "v4.8", as the catalog's cards name it.
    """
    if not text:
        return 0
    weights = _WEIGHTS[tokenizer]
    total = 0.0
    for match in _PIECE.finditer(text):
        kind = match.lastgroup
        piece = match.group()
        if kind == "word":
            total += _word(piece, weights)
        elif kind == "punctuation":
            total += weights.punctuation + weights.further_mark * (len(piece) - 1)
        elif kind is not None and kind != "blank":
            total += getattr(weights, kind)
    return max(1, round(total))


def _word(piece: str, weights: _Weights) -> float:
    length = len(piece)
    total = weights.word + weights.late_letter * max(0, length - 10)
    total += weights.middle_letter * max(0, min(length, 10) - 6)
    if not (piece.islower() or piece.istitle()):
        total += weights.odd_case
    return total
