"""Prose stays plain, and claims no price that will go stale unseen."""

import re
from collections.abc import Iterator

from grader.authoring.lesson_source import Cell, LessonSource
from grader.authoring.problems import Problem
from grader.authoring.project import Project

_BANNED = re.compile(r"\b(simply|just|easy|easily|obviously)\b", re.IGNORECASE)
_CODE_SPAN = re.compile(r"(`+).+?\1")
_PRICE = re.compile(r"\$\d[\d.,]*\d|\$\d")
_SOURCED = re.compile(r"\bcatalog(ue)?\b|\b20\d\d\b", re.IGNORECASE)
# Pictographs, the variation selector that makes one of a sign, and the signs of the basic plane
# that are shown in colour by default (Unicode 15, Emoji_Presentation=Yes). ✓, ✗ and ◐ are none.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\ufe0f\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615"
    "\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea"
    "\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757"
    "\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55]"
)


def words_are_plain(project: Project) -> Iterator[Problem]:
    """Find words that tell a learner who is stuck that the matter is small."""
    for source, _, line, text in _prose_lines(project):
        for word in _BANNED.findall(text):
            yield Problem(
                "words", source.at(line), f"The prose says {word!r}.", "Leave the word out."
            )


def prose_has_no_emoji(project: Project) -> Iterator[Problem]:
    """Find emoji in prose; screen readers read each one out by its name."""
    for source, _, line, text in _prose_lines(project):
        for sign in dict.fromkeys(_EMOJI.findall(text)):
            yield Problem(
                "emoji",
                source.at(line),
                f"The prose holds the emoji U+{ord(sign):04X}.",
                "Say it in words.",
            )


def prices_are_sourced(project: Project) -> Iterator[Problem]:
    """Find dollar figures in a paragraph that names neither the catalog nor a year."""
    for source, cell, line, text in _prose_lines(project):
        price = _PRICE.search(text)
        if price and not _SOURCED.search(_paragraph(cell, line - cell.line)):
            yield Problem(
                "prices",
                source.at(line),
                f"The prose states {price[0]} without its source.",
                "Compute it from the catalog in a code cell, or name the catalog or the date.",
            )


def _prose_lines(project: Project) -> Iterator[tuple[LessonSource, Cell, int, str]]:
    """Yield every line of prose with its line number, without code spans and fenced code."""
    for plan in project.plan.lessons:
        for cell in plan.source.markdown_cells():
            fenced = False
            for offset, text in enumerate(cell.source.split("\n")):
                if text.lstrip().startswith(("```", "~~~")):
                    fenced = not fenced
                elif not fenced:
                    yield plan.source, cell, cell.line + offset, _CODE_SPAN.sub("", text)


def _paragraph(cell: Cell, offset: int) -> str:
    """Return the lines around one, up to the blank lines before and after."""
    lines = cell.source.split("\n")
    start = end = offset
    while start > 0 and lines[start - 1].strip():
        start -= 1
    while end + 1 < len(lines) and lines[end + 1].strip():
        end += 1
    return "\n".join(lines[start : end + 1])
