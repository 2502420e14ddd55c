"""Prose says nothing about a price or a model that the catalog contradicts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.authoring.claims import (
    CLAIMS,
    GAP,
    PANELS,
    Claim,
    constants_of,
    facts_of,
    read_claims,
    reckon,
)
from grader.authoring.problems import Problem
from grader.authoring.project import WORDS, Project
from grader.catalog import load_catalog

_COUNT = r"two|three|four|five|six|seven|eight|nine|ten|a hundred|\d[\d.,]*"
_LOOKS = re.compile(
    r"\b(?:half|halves|twice (?:as|the|what)|three quarters|two thirds)\b(?!-)"
    r"|\ba (?:third|quarter|fifth|sixth|eighth|tenth|twentieth|fortieth|fiftieth|hundredth)\b"
    rf"|\b(?:{_COUNT}) times\b"
    r"|\bpays? from\b"
    r"|(?:\d\.)?\d+ ?%"
    r"|\$\d[\d.,]*"
    r"|\b\d+\.\d+\b",
    re.IGNORECASE,
)
"""What looks like a share, a multiple or an amount."""
_MONEY = re.compile(
    r"\b(?:costs?|prices?d?|pays?|paid|bill|charged?|cheap\w*|dear\w*|dollars?|USD|sav\w+|reads?)\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r">>> .*\b(?:find_model|load_catalog)\b.*")
_SENTENCE = re.compile(r"[^\n]+?(?:[.?!:;](?=\s)|$)", re.MULTILINE)


@dataclass(frozen=True)
class _Passage:
    """Hold a continuous text, and the line of its file where it starts."""

    place: str
    path: str
    line: int
    text: str
    is_code: bool = False

    def at(self, start: int) -> str:
        """Return the path with the line on which a character stands."""
        return f"{self.path}:{self.line + self.text.count(chr(10), 0, start)}"


def prose_is_true(project: Project) -> Iterator[Problem]:
    """Find sentences that the catalog contradicts, and those that nobody has tied to it."""
    claims, problems = read_claims(project.files.get(CLAIMS))
    yield from problems
    passages = list(_passages(project))
    constants = {
        plan.lesson.name: dict(constants_of(cell.source for cell in plan.source.code_cells()))
        for plan in project.plan.lessons
    }
    covered: dict[_Passage, list[re.Match[str]]] = {passage: [] for passage in passages}
    for claim in claims:
        found = [
            (passage, match)
            for passage in passages
            if passage.place == claim.place
            for match in claim.pattern.finditer(passage.text)
        ]
        for passage, match in found:
            covered[passage].append(match)
            yield from _judge(claim, passage, match, constants.get(claim.place, {}))
        if not found:
            yield Problem(
                "claims",
                claim.path,
                f"No sentence in {claim.place} reads {claim.says!r}.",
                "Correct the row, or remove it with what it was about.",
            )
    for passage, matches in covered.items():
        yield from _untied(passage, matches)


def _judge(
    claim: Claim, passage: _Passage, match: re.Match[str], constants: Mapping[str, Any]
) -> Iterator[Problem]:
    catalog = load_catalog()
    facts = facts_of(catalog, constants)
    try:
        truths = [str(reckon(each, facts)) for each in claim.truth]
        holds = not claim.holds or reckon(claim.holds, facts)
        now = reckon(claim.now, facts) if not holds else ""
    # An expression may raise anything, and its author has to know what.
    except Exception as error:  # noqa: BLE001
        yield Problem(
            "claims",
            claim.path,
            f"An expression of the row fails: {type(error).__name__}: {error}.",
            "Correct it; grader/authoring/claims.py lists the names that it may use.",
        )
        return
    pairs = list(zip(match.groups(), truths, strict=True))
    if any(_plain(said) != _plain(truth) for said, truth in pairs):
        right = claim.says
        for said, truth in pairs:
            shown = truth[:1].upper() + truth[1:] if said[:1].isupper() else truth
            right = right.replace(GAP, shown, 1)
        yield Problem(
            "claims",
            passage.at(match.start()),
            f'The prose says "{_flat(match[0])}"; by the catalog of {catalog.as_of} it is '
            f'"{_flat(right)}".',
            "Write that, and check whether the sentences around it still hold.",
        )
    if not holds:
        yield Problem(
            "claims",
            passage.at(match.start()),
            f'The prose says "{_flat(match[0])}"; by the catalog of {catalog.as_of} that is not '
            f"so: {now}.",
            f"Correct the sentence, and `says` in its row, {claim.path}.",
        )


def _untied(passage: _Passage, matches: list[re.Match[str]]) -> Iterator[Problem]:
    """Yield what looks like a claim but lies in no sentence that a row is about."""
    for hit in _looks(passage):
        if not any(match.start() < hit[1] and hit[0] < match.end() for match in matches):
            words = passage.text[hit[0] : hit[1]]
            yield Problem(
                "claims",
                passage.at(hit[0]),
                f'"{words}" looks like a claim about prices or models, and nothing ties it to the '
                "catalog.",
                f'Add a row to {CLAIMS} with in = "{passage.place}": truth or holds, or free with '
                "the reason why no catalog can make it false.",
            )


def _looks(passage: _Passage) -> Iterator[tuple[int, int]]:
    if passage.is_code:
        yield from (hit.span() for hit in _EXAMPLE.finditer(passage.text))
        return
    # As in "Sonnet 4.6": a version is no amount.
    lines = tuple(f"{card.display_name.split()[-2]} " for card in load_catalog().models)
    for sentence in _SENTENCE.finditer(passage.text):
        if _MONEY.search(sentence[0]):
            for hit in _LOOKS.finditer(passage.text, *sentence.span()):
                if not passage.text.endswith(lines, 0, hit.start()):
                    yield hit.span()


def _passages(project: Project) -> Iterator[_Passage]:
    for plan in project.plan.lessons:
        for cell in plan.source.cells:
            is_code = cell.kind == "code"
            yield _Passage(plan.lesson.name, plan.source.path, cell.line, cell.source, is_code)
    for path, data in project.files.items():
        if path.endswith(".md"):
            place = PANELS if path.startswith(WORDS) else path
            yield _Passage(place, path, 1, data.decode(errors="replace"))


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _flat(words: str) -> str:
    return " ".join(words.split())
