"""Read the sum in a text, such as "12 times 7 plus 5", and take it apart into steps."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.simulator.replies.language.mention import Mention, Mentions, in_order

_WORDS = {
    "plus": "+",
    "minus": "-",
    "times": "*",
    "multiplied by": "*",
    "x": "*",
    "\N{MULTIPLICATION SIGN}": "*",
    "·": "*",
    "divided by": "/",
    "over": "/",
    "÷": "/",
    "to the power of": "^",
    "**": "^",
    "modulo": "%",
    "mod": "%",
}
_NAMES = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power", "%": "modulo"}
OPERATIONS = tuple(_NAMES.values())
"""What the steps of a sum may be called."""

_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 3}
_OPERATOR = (
    r"(?:\*\*|[-+*/^%\u00d7·÷]|x|plus|minus|times|multiplied by|divided by|over|to the power of"
    r"|modulo|mod)"
)
_DIGITS = r"\d{1,15}(?:\.\d{1,15})?"
_OPERAND = rf"[(\s]{{0,5}}{_DIGITS}[)\s]{{0,5}}"
_SUM = re.compile(rf"(?<![\w.]){_OPERAND}(?:{_OPERATOR}{_OPERAND}){{1,50}}(?!\w)", re.IGNORECASE)
_RANGE = re.compile(r"\s*\d+(-\d+)+\s*")
_SHARE = re.compile(rf"(?<![\w.])({_DIGITS})\s?(?:%|percent) of ({_DIGITS})")
_TOKEN = re.compile(rf"\d+(?:\.\d+)?|[()]|{_OPERATOR}", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """Hold one operation: what it is called, and its operands.

    left, right: a number, or the Step that gives it.
    """

    name: str
    left: int | float | Step
    right: int | float | Step


def sums(text: str) -> Mentions:
    """Return the sums in a text, written with operators: "12 times 7" as 12 * 7."""
    found = [
        Mention(f"{match[1]} / 100 * {match[2]}", match.start(), match.end())
        for match in _SHARE.finditer(text)
    ]
    for match in _SUM.finditer(text):
        # A date, or a range of numbers.
        if _RANGE.fullmatch(match[0]):
            continue
        parts = [_WORDS.get(token.lower(), token) for token in _TOKEN.findall(match[0])]
        value = " ".join(parts).replace("( ", "(").replace(" )", ")")
        found.append(Mention(value, match.start(), match.end()))
    return in_order(found)


def steps(expression: str) -> list[Step]:
    """Return the operations of a sum in the order in which they can be done; none of no sum."""
    done: list[Step] = []
    operands: list[int | float | Step] = []
    operators: list[str] = []

    def close(least: int) -> None:
        """Do the waiting operations that bind at least so strongly."""
        while operators and _BINDS.get(operators[-1], 0) >= least:
            right, left = operands.pop(), operands.pop()
            done.append(Step(_NAMES[operators.pop()], left, right))
            operands.append(done[-1])

    try:
        for token in expression.replace("(", "( ").replace(")", " )").split():
            if token == "(":
                operators.append(token)
            elif token == ")":
                close(1)
                operators.pop()
            elif token in _BINDS:
                close(_BINDS[token])
                operators.append(token)
            else:
                operands.append(float(token) if "." in token else int(token))
        close(1)
    # A sign without its two sides, or a bracket that was never opened.
    except IndexError:
        return []
    return [] if operators else done
