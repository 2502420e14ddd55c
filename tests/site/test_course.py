"""The course in a browser: every lesson, the way of a newcomer, what stays for the next visit."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from grader.exercises import COURSE
from tests.browser.answers import RIGHT, SAME_PROMPT
from tests.exercises.proof import ROOT
from tests.site.visiting import visit

pytestmark = [pytest.mark.site, pytest.mark.slow]

START = COURSE[0].name
ROW = "{:<8} {:>9} {:>10} {:>6} {:>7} {:>6}"


def answer(lesson, code):
    """Type an answer to the first exercise, run it, and check it."""
    lesson.write("def first_call(", code)
    lesson.run("def first_call(")
    lesson.run('check("first_call")')


def load() -> str:
    """Return how busy this machine is, as the table says it."""
    return Path("/proc/loadavg").read_text().split()[0] if Path("/proc/loadavg").exists() else "?"


def test_the_lessons_are_those_of_the_course(served):
    """Byte for byte; no cell installs anything."""
    for source in sorted((ROOT / "course").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in source.parts:
            there = served.folder / "live" / "files" / source.relative_to(ROOT / "course")
            assert there.read_bytes() == source.read_bytes()


def test_a_newcomer_is_judged_and_finds_the_points_again(program, served, tmp_path):
    """Wrong, hint, right, reload; nothing is asked of other hosts; the table says what it took."""
    print()
    print(ROW.format("visit", "output s", "verdict s", "MB", "points", "load"))
    for number, name in enumerate(("first", "second")):
        # A browser that was closed in between, as on another day.
        with visit(program, tmp_path / "profile", served) as visitor:
            before, start = served.megabytes, time.monotonic()
            with visitor.lesson(START) as lesson:
                lesson.run("import anthropic")
                output = time.monotonic() - start
                lesson.run('check("first_call")')
                expect(lesson.verdict("first_call")).to_be_visible()
                verdict, sent = time.monotonic() - start, served.megabytes - before
                if number == 0:
                    answer(lesson, SAME_PROMPT)
                    expect(lesson.verdict("first_call")).to_contain_text("3 of 4")
                    folded = lesson.verdict("first_call").locator("summary", has_text="hint 1 of")
                    folded.click()
                    expect(folded.locator("xpath=following-sibling::*[1]")).to_be_visible()
                    answer(lesson, RIGHT)
                    expect(lesson.verdict("first_call")).to_contain_text("4 of 4")
                lesson.run("progress()")
                row = lesson.cell("progress()").get_by_role("row").filter(has_text="first_call")
                expect(row).to_contain_text("4 of 4")
                shown = lesson.cell("progress()")
                expect(shown).to_contain_text("Kept in this browser, beside your notebooks")
                points = visitor.progress(lesson.page).record("first_call").points
                print(
                    ROW.format(name, *map("{:.1f}".format, (output, verdict, sent)), points, load())
                )
                assert points == 4
                assert lesson.failures == []
            assert visitor.strangers == []


@pytest.mark.parametrize("lesson", COURSE, ids=lambda each: each.name)
def test_a_solved_lesson_gets_all_points(visitor, served, lesson):
    """Each cell runs, demos with threads and checks of async code included."""
    place = f"{lesson.name}/{lesson.name}.ipynb"
    served.instead[f"/live/files/{place}"] = ROOT / "solutions" / place
    with visitor.lesson(lesson.name) as opened:
        opened.run_all()
        assert opened.failures == []
        expect(opened.page.get_by_text("Error displaying widget")).to_have_count(0)
        assert [each for each in opened.complaints if "widget" in each.lower()] == []
        kept = visitor.progress(opened.page)
    wanted = {each.name: each.points for each in lesson.exercises}
    assert {name: kept.record(name).points for name in wanted} == wanted
    assert visitor.strangers == []


def test_what_is_handed_in_is_what_grader_grade_wants(visitor, tmp_path):
    """A file of one folder for the student, with the notebooks as they were saved."""
    with visitor.lesson(START) as lesson:
        lesson.run("import anthropic")
        answer(lesson, RIGHT)
        lesson.page.keyboard.press("ControlOrMeta+S")
        visitor.wait_for_saved(lesson.page, f"{START}/{START}.ipynb")
    page = visitor.open_page()
    page.goto(f"{visitor.served.address}/live/work.html")
    expect(page.get_by_role("link", name=START)).to_be_visible()
    page.get_by_label("Your name or number").fill("../x")
    page.get_by_role("button", name="Save the file to hand in").click()
    expect(page.get_by_role("status")).to_contain_text("The name becomes a folder")
    page.get_by_label("Your name or number").fill("Zoë 7")
    with page.expect_download() as begun:
        page.get_by_role("button", name="Save the file to hand in").click()
    content = Path(begun.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"Zoë 7/{START}/{START}.ipynb"]
        notebook = json.loads(archive.read(archive.namelist()[0]))
    cells = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]
    }
    assert "".join(cells["first_call"]["source"]).strip() == RIGHT.strip()
    page.close()
