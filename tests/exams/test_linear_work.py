"""What is done with a learner's text takes work in proportion to it, counted in steps, by no clock.

A step is a call, of a function of ours or of Python's own. What patterns do within one call is the
matter of another law, `test_linear_patterns.py`.
"""

import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import pytest

from grader.exams import SdkObject, Verdict, describe, panel, read, verdict_to_json
from grader.exams.candidate import cut_report
from grader.exams.evidence import cut_evidence
from grader.exams.shown import api_error, shown
from grader.grading.clean_outputs import clean_outputs
from grader.grading.examination import _stable
from grader.look.inert import inert, one_line

SHORT, TIMES = 3_000, 4

TEXTS: Mapping[str, Callable[[int], str]] = {
    "one letter": lambda n: "i" * n,
    "blanks": lambda n: " " * n,
    "lines": lambda n: "a\n" * (n // 2),
    "quotes": lambda n: "\"'" * (n // 2),
    "backticks": lambda n: "`" * n,
    "code": lambda n: "`a" * (n // 2),
    "beginnings of a file": lambda n: "ipykernel_" * (n // 10),
    "files": lambda n: "/ipykernel_1/2.py" * (n // 17),
    "files in words": lambda n: "/ipykernel_1/2.py " * (n // 18),
    "addresses": lambda n: " at 0x" * (n // 6),
    "one long address": lambda n: " at 0x" + "f" * n,
    "colours": lambda n: "\x1b[" * (n // 2),
    "half a colour": lambda n: "\x1b[" + "0;" * (n // 2),
    "an API's error": lambda n: "Error: Error code: 400 - {" + "{" * n + "}",
    "many API's errors": lambda n: "Error: Error code: 400 - {}" * (n // 27),
    "tags": lambda n: "<&" * (n // 2),
    "halves": lambda n: "\ud800" * n,
    "astral": lambda n: "\U0001f600" * n,
    "NUL": lambda n: "\0" * n,
}


def _verdict(text: str) -> Verdict:
    request = {"messages": [{"role": "user", "content": text}], text: text}
    return Verdict("answer", "Not yet", (), requests=(request,) * 9, traceback=text, printed=text)


def _report(text: str) -> dict[str, Any]:
    texts = dict.fromkeys(("type", "message", "traceback", "raised_in", "printed"), text)
    return {"outcome": "raised", "is_own": True, "kinds": [text] * 9, "arguments": [], **texts}


WORK: Mapping[str, Callable[[str], object]] = {
    "stable": _stable,
    "shown": shown,
    "shown in a list": lambda text: shown([text, {text: (text,)}, SdkObject("a", {"b": text})]),
    "an error": api_error,
    "inert": inert,
    "one line": one_line,
    "outputs": lambda text: clean_outputs(
        [
            {"output_type": "stream", "name": "stdout", "text": text},
            {"output_type": "stream", "name": "stdout", "text": list(text)},
            {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
            {"output_type": "display_data", "data": {"text/plain": text, "image/png": text}},
        ]
    ),
    "a report": lambda text: cut_report(_report(text)),
    "evidence": lambda text: cut_evidence(_verdict(text)),
    "a panel": lambda text: panel(_verdict(text)),
    "the journal": lambda text: verdict_to_json(_verdict(text)),
    "crossing": lambda text: read(describe([text, list(text), {text: text}, set(text)])),
    "crossing as words": lambda text: read(describe(text.split(" "))),
}


def steps(work: Callable[[str], object], text: str) -> int:
    """Return how many calls are made."""
    count = 0

    def watch(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_four_times_the_text_is_four_times_the_work(
    text: Callable[[int], str], work: Callable[[str], object]
) -> None:
    """And not sixteen times, whatever the text is."""
    work(text(9))
    few, many = steps(work, text(SHORT)), steps(work, text(SHORT * TIMES))
    assert many <= TIMES * few * 1.25 + 500


def test_more_work_than_that_is_seen() -> None:
    """A loop in a loop is what the law is against."""

    def pairs(text: str) -> object:
        return [ord(one) < ord(other) for one in text[::50] for other in text[::50]]

    text = TEXTS["one letter"]
    few, many = steps(pairs, text(SHORT)), steps(pairs, text(SHORT * TIMES))
    assert many > TIMES * few * 1.25 + 500
