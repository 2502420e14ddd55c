"""What a panel shows as evidence, however long or odd it is."""

import re
from html import unescape
from typing import Any

import pytest

from grader.exams import Exam, Judged, Verdict, marked, panel
from grader.exams.exercise import Criterion
from grader.exams.verdict import SYMBOLS, outcome_of
from grader.simulator import text
from tests.exams.small_exercise import judged

ASKING = """
def answer(client):
    for _ in range({times}):
        client.messages.create(model="claude-sonnet-4-6", max_tokens=9,
                               messages=[{{"role": "user", "content": {words}}}])
    return {value}
"""


def asked(*, times: int = 1, words: str = "'x'", value: str = "None") -> Verdict:
    """Return the verdict on code that asks, and returns something wrong."""

    def check(exam: Exam) -> None:
        scene = exam.scene(*[text("Hi.")] * times)
        value = exam.call(scene.client).value
        exam.expect("one", len(scene.requests) == times, "wrong", value)
        exam.expect("two", value == "Hi.", "other", value)

    return judged(check, ASKING.format(times=times, words=words, value=value))


@pytest.mark.parametrize(
    ("met", "options", "outcome"),
    [
        ((True, True), {}, "Correct"),
        ((True, True, False), {}, "Almost"),
        ((True, True, False, False), {}, "Not yet"),
        ((False, False), {}, "Not yet"),
        ((True, False), {"has_crashed": True}, "Crashed"),
        ((False, False), {"is_started": False}, "Not started"),
    ],
)
def test_each_outcome_is_told_in_words_and_by_a_symbol(
    met: tuple[bool, ...], options: dict[str, bool], outcome: str
) -> None:
    """None of the five is told by colour alone."""
    each = tuple(Judged(Criterion("a", "A thing"), is_met) for is_met in met)
    known = {"is_started": True, "has_crashed": False, **options}
    verdict = Verdict("answer", outcome_of(each, **known), each)
    assert verdict.outcome == outcome
    assert f">{verdict.symbol} {outcome}</strong>" in panel(verdict)
    assert len(set(SYMBOLS.values())) == 5


def test_one_point_is_one_point() -> None:
    """Numbers and nouns agree."""
    verdict = Verdict("answer", "Not yet", (Judged(Criterion("a", "A thing"), False),))
    assert ">0 of 1 point</span>" in panel(verdict)


def test_requests_are_counted_and_shown_as_they_arrived() -> None:
    """What reached the API is the best evidence of a mistake."""
    one, two = panel(asked()), panel(asked(times=2))
    assert ">the request as it arrived</summary>" in one
    assert ">the 2 requests as they arrived</summary>" in two
    assert unescape(two).count('"model": "claude-sonnet-4-6"') == 2


def test_a_long_request_is_cut() -> None:
    """A panel stays in the notebook, and a notebook is mailed."""
    html = panel(asked(words="'x' * 500_000"), brings_style=False)
    assert len(html) < 25_000
    assert re.search(r"… and 4\d{5} more characters", html)


def test_what_code_printed_is_shown_folded_and_escaped() -> None:
    """Who looks for a mistake with print finds it again in the panel."""
    html = panel(printing("'<b>one</b>'", "None"))
    assert "<details><summary" in html
    assert ">what your code printed</summary>" in html
    assert "&lt;b&gt;one&lt;/b&gt;" in html
    assert "<b>one" not in html


def test_what_code_printed_is_cut_and_left_out_when_all_is_right() -> None:
    """A loop may print a great deal."""
    assert len(panel(printing("'x' * 500_000", "None"), brings_style=False)) < 25_000
    assert "printed" not in panel(printing("'x'", "'Hi.'"))


def printing(words: str, value: str) -> Verdict:
    """Return the verdict on code that prints, and returns something."""

    def check(exam: Exam) -> None:
        returned = exam.call().value
        for criterion in ("one", "two"):
            exam.expect(criterion, returned == "Hi.", "wrong", returned)

    return judged(check, f"def answer():\n    print({words})\n    return {value}")


def test_the_request_in_which_a_mistake_is_seen_comes_first() -> None:
    """All of them may be cut before it comes."""

    def check(exam: Exam) -> None:
        scene = exam.scene(*[text("Hi.")] * 3)
        exam.call(scene.client)
        exam.expect("one", False, "wrong", request=scene.requests[1])
        exam.expect("two", False, "other", request=scene.requests[2])

    verdict = judged(check, ASKING.format(times=3, words="f'number {_}'", value="None"))
    html = panel(verdict)
    assert verdict.shown_first == 1
    first, others = ">request 2 of 3, where it was seen<", ">the 2 other requests<"
    assert html.index(first) < html.index("number 1") < html.index(others) < html.index("number 0")
    assert html.count("number 1") == len(re.findall("<details[^>]* open>", html)) == 1


def test_a_refused_request_is_the_one_that_comes_first() -> None:
    """It stopped the code, and is the last of them."""

    def check(exam: Exam) -> None:
        scene = exam.scene(*[text("Hi.")] * 2)
        exam.call(scene.client)

    source = ASKING.format(times=2, words="'x' * (1 - _)", value="None")
    assert judged(check, source).shown_first == 1
    crashing = ASKING.format(times=2, words="'x'", value="1 / 0")
    assert judged(check, crashing).shown_first is None


def test_a_correct_answer_shows_no_request() -> None:
    """Evidence is for what went wrong."""
    assert "arrived" not in panel(asked(value="'Hi.'"))


def test_half_a_surrogate_pair_is_written_out() -> None:
    """The message that carries a panel to the notebook is UTF-8."""
    html = panel(asked(value=r"'\ud800'"))
    assert "It was <code>\\ud800</code>." in html
    html.encode()


def test_a_backtick_in_a_value_does_not_end_the_code() -> None:
    """What was observed stays in one piece."""
    assert "It was <code>a'b</code>." in panel(asked(value="'a`b'"))


def test_line_ends_and_many_spaces_are_seen() -> None:
    """A browser would show both as one space, and they may be what is wrong."""
    html = panel(asked(value=r"'a\nb  c'"))
    assert "It was <code>a\\nb \N{NO-BREAK SPACE}c</code>." in html


def test_a_traceback_is_told_apart_from_what_was_found_before_it() -> None:
    """The first finding is mended first, and the crash is another one."""

    def check(exam: Exam) -> None:
        exam.expect("one", False, "wrong")
        exam.call()

    html = panel(judged(check, "def answer(): return 1 / 0"))
    assert ">the traceback of a later error</summary>" in html


def test_footnotes_stand_before_the_folded_evidence() -> None:
    """The traceback is the last thing of all."""
    verdict = judged(lambda exam: exam.call() and None, "def answer(): return 1 / 0")
    html = panel(verdict, footnotes=("A note.",))
    assert html.index("A note.") < html.index("the traceback")
    assert re.sub(r"(\n?</div>)+$", "", html).endswith("</pre></details>")


@pytest.mark.parametrize(
    ("sentence", "html"),
    [
        ("Read `a`, then `b`.", "Read <code>a</code>, then <code>b</code>."),
        ("One ` alone", "One ` alone"),
        ("`a < b & c`", "<code>a &lt; b &amp; c</code>"),
        ('"quoted"', '"quoted"'),
    ],
)
def test_code_is_marked_and_all_is_escaped(sentence: str, html: str) -> None:
    """Sentences are plain text with backticks, nothing more."""
    assert marked(sentence) == html


def test_an_exercise_named_like_a_tag_is_escaped() -> None:
    """Nothing is put in as it is, not even our own names."""
    verdict: Any = Verdict("<b>", "Not yet", ())
    assert "<b>" not in panel(verdict)
