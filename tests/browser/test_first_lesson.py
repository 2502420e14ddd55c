"""What a learner meets in the first lesson, in a real JupyterLab."""

import re

import pytest
from playwright.sync_api import expect

from grader.certificates import read_certificate_file
from grader.classroom.certifying import FILE_NAME
from tests.browser.answers import RIGHT, SAME_PROMPT

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _heading(symbol, outcome, points):
    return re.compile(rf"^\s*{symbol} {outcome}\s*first_call\s*{points} points")


def _answer(lesson, code):
    lesson.write("def first_call(", code)
    lesson.run("def first_call(")
    lesson.run('check("first_call")')


def test_the_lesson_runs_from_top_to_bottom(lesson):
    """Run All reaches the last cell: no exercise is started, and nothing complains."""
    lesson.run_all()
    for exercise in ("first_call", "describe_reply"):
        expect(lesson.verdict(exercise)).to_contain_text("○ Not started")
    expect(lesson.page.locator(".verdict")).to_have_count(2)
    assert (lesson.failures, lesson.pop_ups) == ([], [])
    assert (lesson.complaints, lesson.strangers) == ([], [])


def test_an_answer_that_is_typed_in_is_judged(lesson):
    """A wrong answer gets its diagnosis, the right one all points, and progress keeps them."""
    lesson.run("import anthropic")
    _answer(lesson, SAME_PROMPT)
    verdict = lesson.verdict("first_call")
    expect(verdict).to_have_text(_heading("◐", "Almost", "3 of 4"))
    expect(verdict).to_contain_text("The API got a different prompt from the one")

    _answer(lesson, RIGHT)
    expect(verdict).to_have_text(_heading("●", "Correct", "4 of 4"))
    lesson.run("progress()")
    row = lesson.cell("progress()").get_by_role("row").filter(has_text="first_call")
    expect(row).to_contain_text("● correct")
    expect(row).to_contain_text("4 of 4")
    assert (lesson.failures, lesson.pop_ups) == ([], [])


def test_a_certificate_is_written_opened_and_read(lab, lesson):
    """Of what was passed and saved: its link opens it in a tab, and its content is whole."""
    lesson.run("import anthropic")
    _answer(lesson, RIGHT)
    lesson.page.keyboard.press("ControlOrMeta+S")
    expect(lesson.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    lesson.write("progress()", 'progress().certificate("Ada Lovelace")')
    lesson.run("certificate(")
    told = lesson.cell("certificate(").locator(".jp-OutputArea")
    expect(told).to_contain_text("1 exercise, 4 points")
    page = lab.course / "00_start_here" / FILE_NAME
    certificate, note = read_certificate_file(page)
    assert (certificate.name, certificate.exercises, note) == ("Ada Lovelace", 1, "")
    assert certificate.lessons[0].passed[0].seed
    link = told.get_by_role("link", name=FILE_NAME)
    link.focus()
    lesson.page.keyboard.press("Enter")
    expect(lesson.page.get_by_role("tab", name=FILE_NAME)).to_have_attribute(
        "aria-selected", "true"
    )
    shown = lesson.page.frame_locator("iframe").get_by_role("heading", level=1)
    expect(shown).to_contain_text("Certificate: Anthropic's Messages API")
    assert (lesson.failures, lesson.pop_ups) == ([], [])


def test_a_verdict_unfolds_with_a_click(lesson):
    """The hint and the request that arrived are out of sight until they are asked for."""
    lesson.run("import anthropic")
    _answer(lesson, SAME_PROMPT)
    verdict = lesson.verdict("first_call")
    for summary in (re.compile(r"^hint 1 of \d$"), re.compile(r"^the .*requests? as (it|they) ar")):
        folded = verdict.locator("details").filter(
            has=lesson.page.locator("> summary", has_text=summary)
        )
        inside = folded.locator("> :not(summary)").first
        expect(folded).to_have_count(1)
        expect(inside).to_be_hidden()
        folded.locator("> summary").click()
        expect(inside).to_be_visible()
