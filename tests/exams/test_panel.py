"""The panel: what a learner sees of a verdict."""

import re

from hypothesis import given
from hypothesis import strategies as st

from grader.exams import Exam, panel, preformatted
from grader.exams.verdict import SYMBOLS
from grader.simulator import text
from tests.exams.small_exercise import judged


def asks(exam: Exam) -> None:
    """Expect one thing of two."""
    scene = exam.scene(text("Hi."))
    value = exam.call(scene.client).value
    exam.expect("one", bool(scene.requests), "wrong", value)
    exam.expect("two", value == "Hi.", "other", value)


ASKING = """
def answer(client):
    client.messages.create(model="claude-sonnet-4-6", max_tokens=9,
                           messages=[{"role": "user", "content": "<script>alert(1)</script>"}])
    return "<b>bold</b>"
"""


def words(html: str) -> str:
    """Return a panel's text without its tags and its style sheet."""
    bare = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def test_a_panel_tells_outcome_points_and_the_first_finding() -> None:
    """The words come in order: outcome, what was seen, why, next, where, criteria."""
    told = words(panel(judged(asks, ASKING)))
    order = ("◔ Not yet", "1 of 3 points", "other.", "Why.", "Next:", "Where:", "✓", "✗", "hint 1")
    positions = [told.index(part) for part in order]
    assert positions == sorted(positions)


def test_nothing_of_a_learners_is_put_in_unescaped() -> None:
    """Neither a returned value nor a request can become part of the page."""
    html = panel(judged(asks, ASKING))
    assert "<script" not in html
    assert "<b>bold" not in html
    assert "&lt;script&gt;" in html


def test_a_traceback_comes_last_and_folded() -> None:
    """Who needs it finds it, and nobody has to scroll past it."""
    html = panel(judged(asks, "def answer(client): return 1 / 0"), footnotes=())
    last = html[html.rindex("<details") :]
    assert "ZeroDivisionError" in last
    assert not re.search("<details[^>]* open", html)


def test_hints_are_folded_one_inside_the_other() -> None:
    """The third cannot be read before the first two were opened."""
    html = panel(judged(asks, ASKING))
    assert html.index("the idea") < html.index("the place") < html.index("nearly the code")
    assert len(re.findall("<details><summary[^>]*>hint", html)) == 3
    inside = html[html.index("hint 1 of 3") : html.index("hint 3 of 3")]
    assert "</details>" not in inside


def test_a_correct_answer_has_no_finding_and_no_hints() -> None:
    """There is nothing left to say."""
    source = ASKING.replace('"<b>bold</b>"', '"Hi."')
    told = words(panel(judged(asks, source)))
    assert told.startswith("● Correct answer 3 of 3 points")
    assert "hint" not in told


def test_criteria_of_a_stub_are_open_not_failed() -> None:
    """Nobody has failed who has not begun."""
    told = words(panel(judged(asks, "def answer(client): raise NotImplementedError")))
    assert "✗" not in told
    assert told.count("○") == 3


def stops(exam: Exam) -> None:
    """Judge the first thing, and end before the second."""
    scene = exam.scene(text("Hi."))
    exam.expect("one", exam.call(scene.client).value == "Hi.", "wrong")


def test_a_criterion_that_was_not_reached_is_told_from_one_that_failed() -> None:
    """Where the exam ended early, nobody knows whether the rest is right."""
    verdict = judged(stops, ASKING)
    told = words(panel(verdict))
    assert "✗ the first thing (0 of 1)" in told
    assert "— the second (not reached, 0 of 2)" in told
    assert [each.is_reached for each in verdict.judged] == [True, False]
    assert (verdict.points, verdict.outcome) == (0, "Not yet")


def test_what_a_call_was_to_judge_has_failed_when_it_crashes() -> None:
    """Only what comes after it is open."""

    def check(exam: Exam) -> None:
        exam.call(judges=("one",))

    told = words(panel(judged(check, "def answer(): return 1 / 0")))
    assert "✗ the first thing (0 of 1)" in told
    assert "— the second (not reached, 0 of 2)" in told


def test_footnotes_are_marked_up() -> None:
    """Code between backticks reads as code."""
    html = panel(judged(asks, ASKING), footnotes=('`hint("answer")` helps.',))
    assert '<code>hint("answer")</code> helps.' in html


def test_an_untrusted_panel_keeps_its_layout_and_its_colours() -> None:
    """Every variable in a style has a value for where it isn't known, or only tints what is there.

    JupyterLab takes declarations with `var()` out of outputs that it doesn't trust.
    """
    html = panel(judged(asks, ASKING))
    for style in re.findall(r'style="([^"]*)"', html):
        declared = [each.partition(":") for each in style.split(";") if each]
        literal = {name.strip() for name, _, value in declared if "var(" not in value}
        themed = {name.strip() for name, _, value in declared if "var(" in value}
        alone = {"background", "color", "border", "font-size", "line-height"}
        assert themed - literal <= alone, style


def test_a_mistakes_place_is_a_link_in_its_lesson_alone() -> None:
    """A feedback page has none of the lesson's headings."""
    verdict = judged(asks, ASKING)
    assert "<a href" not in panel(verdict)
    place = re.search(r'<a href="#([^"]+)">', panel(verdict, is_in_lesson=True))
    assert place
    assert " " not in place[1]


def test_a_syntax_error_comes_first_and_the_older_verdict_is_folded() -> None:
    """What a learner no longer sees isn't judged above what they just wrote."""
    verdict = judged(asks, ASKING)
    told = words(panel(verdict, lead=("The newest has a syntax error.", "Mend it.")))
    assert told.startswith("✗ The newest has a syntax error. Mend it. the verdict on the version")
    html = panel(verdict, lead=("The newest has a syntax error.",))
    assert html.index("<details") < html.index(SYMBOLS["Not yet"])


def test_points_are_boxes_too() -> None:
    """One a point; the words beside them say the same."""
    html = panel(judged(asks, ASKING))
    assert html.count('class="pip"') == 3


def test_a_screen_reader_finds_its_way_through_a_panel() -> None:
    """A group with a name, one heading below those of the lesson, and a list that is one."""
    html = panel(judged(asks, ASKING))
    assert 'role="group" aria-label="Verdict on answer"' in html
    assert re.findall(r'<p role="heading" aria-level="(\d)"[^>]*><strong[^>]*>([^<]*)', html) == [
        ("3", "◔ Not yet")
    ]
    assert html.count('<ul role="list"') == 1
    summaries = re.findall(r"<summary[^>]*>([^<]*)</summary>", html)
    assert all(summaries)
    assert len(set(summaries)) == len(summaries)


@given(st.integers(1, 200))
def test_code_is_whole_or_shows_that_it_scrolls(lines: int) -> None:
    """Up to 40 lines stand there whole; the edge of more is drawn."""
    made = preformatted("\n".join("}" * lines))
    assert made.count("}") == lines
    assert [each in made for each in ("max-height", "border-bottom")] == [lines > 40] * 2
