"""What prose says about prices and models: each such sentence, checked against the catalog.

The rows stand in `solutions/claims.toml`, which no learner sees:

    [[claims]]
    in = "07_prompt_caching"
    says = "the second one *read* it, for {}."
    truth = ["share(price(MODEL).read_multiplier)"]

A `{}` stands for words of the prose, and an expression in `truth` computes the words that are true.
Where no word can be computed, `holds` is true as long as the sentence is, and `now` computes what
is true instead. `free` says why a sentence that looks like a claim depends on no catalog.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grader.authoring.problems import Problem
from grader.catalog import (
    BATCH_SHARE,
    DEFAULT_MODEL,
    THINKING_MODEL,
    Catalog,
    Price,
    break_even,
)
from grader.sources import SOURCES

CLAIMS = f"{SOURCES}/claims.toml"
PANELS = "panels"
"""The place of what the checks' panels say, for every exercise."""

GAP = "{}"
_KEYS = {"in": str, "says": str, "truth": list, "holds": str, "now": str, "free": str}
_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
_PARTS = {
    2: "half",
    3: "third",
    4: "quarter",
    5: "fifth",
    6: "sixth",
    8: "eighth",
    10: "tenth",
    20: "twentieth",
    40: "fortieth",
    50: "fiftieth",
    100: "hundredth",
}


@dataclass(frozen=True)
class Claim:
    """Hold one row of the table; path: the file with the line on which the row begins.

    truth: an expression for each gap of `says`. holds, now, free: "" if the row has none.
    """

    path: str
    place: str
    says: str
    truth: tuple[str, ...] = ()
    holds: str = ""
    now: str = ""
    free: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return a pattern of the sentence, with a group for each gap, across line breaks."""
        words = re.escape(" ".join(self.says.split())).replace(r"\ ", r"\s+")
        return re.compile(words.replace(re.escape(GAP), r"([^\n]+?)"))


def read_claims(content: bytes | None) -> tuple[list[Claim], list[Problem]]:
    """Return the good rows of the table, and the problems of others; None stands for no table."""
    if content is None:
        return [], []
    try:
        text = content.decode()
        rows = tomllib.loads(text).get("claims", [])
    except ValueError as error:
        fix = "Correct the place that the message names."
        return [], [Problem("claims", CLAIMS, f"This is not a TOML file: {error}.", fix)]
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() == "[[claims]]"]
    claims, problems = [], []
    for row, line in zip(rows, lines, strict=True):
        path = f"{CLAIMS}:{line}"
        fault = _fault(row)
        if fault:
            problems.append(Problem("claims", path, *fault))
            continue
        told = {key: row.get(key, "") for key in ("says", "holds", "now", "free")}
        claims.append(Claim(path, row["in"], truth=tuple(row.get("truth", ())), **told))
    return claims, problems


def _fault(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with a row and how to fix it, as far as the row alone shows that."""
    for key, value in row.items():
        if key not in _KEYS or not isinstance(value, _KEYS[key]):
            return (
                f"The row has {key} = {value!r}.",
                "Write in, says, and truth, holds with now, or free; truth is an array of texts.",
            )
    if not row.get("in") or not row.get("says", "").strip(GAP + " "):
        return "The row does not say where a sentence stands, and which.", "Write in and says."
    gaps, truths = row["says"].count(GAP), len(row.get("truth", ()))
    if gaps != truths:
        return (
            f"The row has {gaps} gaps in says and {truths} expressions in truth.",
            "Write an expression for each {}.",
        )
    if ("holds" in row) != ("now" in row):
        return "Of holds and now the row has one.", "Write both: `now` is shown when `holds` fails."
    if ("free" in row) == bool(truths or "holds" in row):
        return (
            "The row ties its sentence to nothing, or to the catalog and to nothing.",
            "Write truth, or holds with now; or free, with the reason, and neither of them.",
        )
    return None


def facts_of(catalog: Catalog, constants: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names that an expression may use; constants: those of the lesson."""

    def price(name: str, prompt_tokens: int = 2_000) -> Price:
        return catalog.find(name).price_for(prompt_tokens)

    plain = (abs, all, any, len, map, max, min, round, set, sorted, str, sum, zip)
    return {
        "__builtins__": {each.__name__: each for each in plain},
        "Decimal": Decimal,
        "DEFAULT_MODEL": DEFAULT_MODEL,
        "THINKING_MODEL": THINKING_MODEL,
        "batch": BATCH_SHARE,
        "break_even": break_even,
        "card": catalog.find,
        "models": catalog.models,
        "number": number,
        "ordinal": ordinal,
        "price": price,
        "share": share,
        **constants,
    }


def reckon(expression: str, facts: dict[str, Any]) -> Any:
    """Return the value of an expression; raises any error that it raises."""
    # An author wrote it, like the lessons' code that `grader check` runs.
    return eval(expression, facts)


def constants_of(sources: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield name and value of each constant, written in capitals, that code cells set."""
    for source in sources:
        try:
            body = ast.parse(source).body
        except SyntaxError:
            # Another law finds cells that are not Python.
            continue
        for node in body:
            name = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
            if isinstance(node, ast.Assign) and name.isupper() and name.isidentifier():
                try:
                    yield name, ast.literal_eval(node.value)
                except ValueError:
                    continue


def share(part: Decimal | float) -> str:
    """Return a part of 1 in words: "half", "a tenth", "two thirds"; else as a number."""
    exact = Fraction(part)
    near = exact.limit_denominator(100)
    is_said = near.numerator == 1 or near.denominator <= 10
    name = _PARTS.get(near.denominator) if is_said else None
    if name is None or abs(near - exact) > Fraction(1, 10**6) or not 0 < near < 1:
        return f"{part:.3g}"
    if near.numerator == 1:
        return name if name == "half" else f"{'an' if name == 'eighth' else 'a'} {name}"
    return f"{number(near.numerator)} {name}s"


def number(count: Decimal | int) -> str:
    """Return a number as prose has it: small whole ones in words."""
    if count == int(count) and 0 <= count < len(_NUMBERS):
        return _NUMBERS[int(count)]
    return f"{count.normalize():f}" if isinstance(count, Decimal) else f"{count:,}"


def ordinal(count: int | None) -> str:
    """Return which one of a row that is: "second"; "none" if there is none."""
    if count is None:
        return "none"
    if count <= len(_ORDINALS):
        return _ORDINALS[count - 1]
    endings = {} if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}
    return f"{count}{endings.get(count % 10, 'th')}"
