"""The course in a browser: every lesson, the way of a newcomer, what stays for the next visit."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from grader.exercises import COURSE
from tests.browser.answers import RIGHT
from tests.exercises.proof import ROOT

pytestmark = [pytest.mark.site, pytest.mark.slow]

START = COURSE[0].name


def answer(lesson, code):
    """Type an answer to the first exercise, run it, and check it."""
    lesson.write("def first_call(", code)
    lesson.run("def first_call(")
    lesson.run('check("first_call")')


def test_the_lessons_are_those_of_the_course(served):
    """Byte for byte; no cell installs anything."""
    for source in sorted((ROOT / "course").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in source.parts:
            there = served.folder / "live" / "files" / source.relative_to(ROOT / "course")
            assert there.read_bytes() == source.read_bytes()


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
