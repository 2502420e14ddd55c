"""The comment lines that open and close what nbgrader takes out of a released cell.

nbgrader finds its markers by substring and overlooks a misspelt one, which would hand the
solution out. So only one spelling is allowed: `### BEGIN SOLUTION`, alone on its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

SOLUTION = "SOLUTION"
HIDDEN_TESTS = "HIDDEN TESTS"
MARK_SCHEME = "MARK SCHEME"
KINDS = (SOLUTION, HIDDEN_TESTS, MARK_SCHEME)

_DELIMITERS = {
    f"{word} {kind}": (word == "BEGIN", kind) for word in ("BEGIN", "END") for kind in KINDS
}
_NEAR = re.compile(
    r"(begin|start|end|stop|finish)( of)?( the)? (solution|hidden test|mark(ing)? scheme)s?"
)
# With a lower likeness, a comment such as "# the solution" would pass for a marker.
_LIKENESS = 0.87


@dataclass(frozen=True)
class MarkerFault:
    """Say what is wrong with the marker at a line; `offset` counts from 0 within the cell."""

    offset: int
    what: str
    fix: str


@dataclass(frozen=True)
class Regions:
    """Hold the lines of a cell that a marker hides, and those it leaves."""

    inside: tuple[str, ...]
    outside: tuple[str, ...]


def kinds_in(source: str) -> frozenset[str]:
    """Return the kinds of region that a cell opens or closes."""
    found = (_delimiter(line) for line in source.split("\n"))
    return frozenset(kind for delimiter in found if delimiter for _, kind in [delimiter])


def split_regions(source: str) -> Regions:
    """Split a cell's lines as nbgrader does; marker lines belong to neither side."""
    inside: list[str] = []
    outside: list[str] = []
    hidden = False
    for line in source.split("\n"):
        delimiter = _delimiter(line)
        if delimiter:
            hidden = delimiter[0]
        else:
            (inside if hidden else outside).append(line)
    return Regions(tuple(inside), tuple(outside))


def find_faults(source: str, *, code: bool) -> Iterator[MarkerFault]:
    """Find markers that are misspelt, nested, unopened or unclosed."""
    opened: tuple[int, str] | None = None
    misspelt = False
    for offset, line in enumerate(source.split("\n")):
        meant = _meant(line, code=code)
        if meant is None:
            continue
        if line.strip() != f"### {meant}":
            misspelt = True
            yield MarkerFault(
                offset,
                f"The marker `{line.strip()}` is not spelt as nbgrader and this course expect.",
                f"Write `### {meant}`, alone on its line.",
            )
        begins, kind = _DELIMITERS[meant]
        if begins and opened is not None:
            yield MarkerFault(
                offset,
                f"`### {meant}` stands inside the {opened[1]} region that is still open.",
                f"Write `### END {opened[1]}` before it.",
            )
        elif not begins and (opened is None or opened[1] != kind):
            yield MarkerFault(
                offset,
                f"`### {meant}` closes a region that was never opened.",
                f"Write `### BEGIN {kind}` above the lines to hide, or delete this line.",
            )
        opened = (offset, kind) if begins else None
    if opened is not None and not misspelt:
        yield MarkerFault(
            opened[0],
            f"`### BEGIN {opened[1]}` is never closed in its cell.",
            f"Write `### END {opened[1]}` below the lines to hide.",
        )


def _delimiter(line: str) -> tuple[bool, str] | None:
    return next((value for text, value in _DELIMITERS.items() if text in line), None)


def _meant(line: str, *, code: bool) -> str | None:
    """Return the delimiter that a line is, or was meant to be."""
    for text in _DELIMITERS:
        if text in line:
            return text
    stripped = line.strip()
    if not code or not stripped.startswith("#"):
        return None
    words = " ".join(re.findall(r"\w+", stripped.casefold().replace("_", " ")))
    names = {text.casefold(): text for text in _DELIMITERS}
    near = get_close_matches(words, names, n=1, cutoff=_LIKENESS)
    if near:
        return names[near[0]]
    found = _NEAR.fullmatch(words)
    if not found:
        return None
    word = "BEGIN" if found[1] in {"begin", "start"} else "END"
    kind = {"s": SOLUTION, "h": HIDDEN_TESTS, "m": MARK_SCHEME}[found[4][0]]
    return f"{word} {kind}"
