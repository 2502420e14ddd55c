"""A verdict with its evidence as plain text, for an office hour."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import indent

from grader.exams.verdict import CORRECT, NOT_STARTED, Judged, Verdict
from grader.grading.result import ExerciseResult
from grader.grading.second_look.finding import FoundResult
from grader.grading.standing import ByHand, given
from grader.look.inert import inert, one_line

_CUT = "(left out, to save room)"


def explanation(found: FoundResult, exercise: str = "") -> str:
    """Return what counts, and of each exercise what was seen, without control characters.

    exercise: tell only this one, with all of its requests and its code. Otherwise a correct one
    takes a line.
    """
    standing = found.standing
    lines = [f"{found.who} · {standing.place[1]} · {standing.shown_points} points"]
    if standing.counting:
        tries = f"try {standing.number} of {len(standing.tries)}, " if standing.tries[1:] else ""
        digest = standing.result.digest[:12]
        came = standing.time_of(standing.counting)
        lines.append(f"{tries}{came}; the file's SHA-256 begins with {digest}")
    flags = {each.flag for each in standing.result.exercises}
    lines += [each for each in standing.remarks() if each not in flags]
    for each in standing.result.exercises:
        if exercise in ("", each.exercise):
            by_hand = standing.by_hand.get(each.exercise, ByHand())
            code = found.code.get(each.exercise, "")
            lines += ["", *_exercise(each, by_hand, code, is_whole=bool(exercise))]
    return inert("\n".join(lines))


def _exercise(
    result: ExerciseResult, by_hand: ByHand, code: str, *, is_whole: bool
) -> Iterator[str]:
    verdict = result.verdict
    points = f"{verdict.points} of {verdict.maximum} points"
    yield f"{verdict.exercise} · {verdict.symbol} {verdict.outcome} · {points}"
    told = given(by_hand)
    if told or by_hand.comment:
        yield f"  By hand: {'. '.join(filter(None, (told, one_line(by_hand.comment))))}"
    if result.flag:
        yield f"  Cut short: {result.flag}"
    if verdict.outcome == CORRECT and not is_whole:
        return
    for judged in verdict.judged:
        yield _criterion(verdict, judged)
    yield from _finding(verdict)
    yield from _requests(verdict, is_whole=is_whole)
    for title, text in (
        ("Printed", verdict.printed),
        ("Traceback", verdict.traceback),
        ("Code", code),
    ):
        if text.strip():
            yield from ("", f"  {title}:", indent(text.strip("\n"), "    "))


def _criterion(verdict: Verdict, judged: Judged) -> str:
    earned = judged.criterion.points if judged.is_met else 0
    mark = "✓" if judged.is_met else "✗"
    note = ""
    if not judged.is_reached and verdict.outcome != NOT_STARTED:
        mark, note = "—", " (not reached)"
    return f"  {mark} {earned} of {judged.criterion.points}  {judged.criterion.text}{note}"


def _finding(verdict: Verdict) -> Iterator[str]:
    if verdict.finding is None:
        return
    diagnosis = verdict.finding.diagnosis
    yield from ("", f"  {diagnosis.title}")
    for word, sentence in (
        ("Saw", verdict.finding.saw),
        ("Why", diagnosis.why),
        ("Next", diagnosis.next),
        ("Where", diagnosis.where),
    ):
        if sentence:
            yield f"    {word}: {sentence}"
    for number, hint in enumerate(verdict.finding.hints, 1):
        yield f"    Hint {number}: {hint}"


def _requests(verdict: Verdict, *, is_whole: bool) -> Iterator[str]:
    """Show the request that shows the mistake, or all if none does or all are asked for."""
    count = len(verdict.requests)
    for number, body in enumerate(verdict.requests):
        if is_whole or verdict.shown_first in (None, number):
            seen = ", where it was seen" if verdict.shown_first == number else ""
            text = _CUT if body is None else json.dumps(body, indent=2, ensure_ascii=False)
            yield from ("", f"  Request {number + 1} of {count}{seen}:", indent(text, "    "))
