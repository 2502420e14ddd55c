"""The pages about a class and a certificate in a browser: no learner's script, all can read."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from grader.certificates import (
    Certificate,
    LearnerCell,
    LessonWork,
    Passed,
    certificate_page,
    clean_name,
)
from grader.exercises import COURSE
from grader.grading.feedback_page import feedback_page
from grader.grading.report import read_class_results, summarize
from grader.grading.report.report_page import report_page
from grader.grading.second_look.alike import Pair, Shared
from grader.grading.second_look.alike_page import alike_page
from grader.grading.second_look.regrade_page import write_regrade_page
from grader.grading.second_look.regrading import Again, Regraded
from tests.browser.axe import serious_faults
from tests.browser.chromium import chromium_or_skip, open_page
from tests.browser.letters import faint_letters
from tests.grading.class_folder import START
from tests.grading.made_results import HOSTILE, hostile_result, result
from tests.grading.made_standings import standing_of
from tests.grading.report.made_class import RUNS, write_class

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PAGES = ("feedback", "report", "certificate", "regraded", "alike")
_OWNED = "<script>document.title='owned'</script><img src=feedback.html>"


def _certificate() -> Certificate:
    """Return a certificate of the whole course, with hostile code in it."""
    lessons = tuple(
        LessonWork(
            lesson.name,
            tuple(
                Passed(each.name, each.points, "2026-11-30", "5eed" * 8)
                for each in lesson.exercises
            ),
            tuple(LearnerCell(said, lesson.exercises[0].name, said * 20) for said in HOSTILE)
            + tuple(LearnerCell(said, "", said) for said in HOSTILE),
        )
        for lesson in COURSE
    )
    return Certificate("2026-11-30", "0123456789ab", lessons, clean_name(HOSTILE[0][:100]))


def _regraded() -> Regraded:
    """Return what an examination found otherwise: with every student, code and reason hostile."""
    again = []
    for said in HOSTILE:
        old = hostile_result(said, said)
        first, *rest = old.exercises
        missed = tuple(replace(each, is_met=False) for each in first.verdict.judged)
        worse = replace(first, verdict=replace(first.verdict, judged=missed))
        new = replace(old, exercises=(worse, *rest))
        again.append(Again(old, new, said, {first.verdict.exercise: said * 20}))
    lost = replace(result("ben"), exercises=(), trouble="No room is left on the disk. " + "x" * 90)
    again.append(Again(result("ben"), lost, "It changed."))
    return Regraded(START, "", tuple(again), HOSTILE)


def _alike() -> str:
    """Return a page of pairs who share what is hostile, lines and requests without a blank too."""
    shared = tuple(
        Shared("first_call", kind, said + "x" * 200, others)
        for said in HOSTILE
        for kind in ("line", "request")
        for others in (0, 1, 5)
    )
    pairs = [Pair((said, "ada"), shared, 40.0) for said in HOSTILE]
    return alike_page(START, pairs, 9, lambda student: student)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the pages of a class in which hostile students are."""
    folder = tmp_path_factory.mktemp("pages")
    results = [hostile_result(said, said) for said in HOSTILE]
    results += [result("ada", first_call="returned-block"), result("ben")]
    found = read_class_results(write_class(folder, results, RUNS))
    breached = feedback_page(standing_of(result("ada"))).replace("</main>", f"{_OWNED}</main>")
    everything = hostile_result("mallory", "".join(HOSTILE))
    written = {
        "feedback": feedback_page(standing_of(everything)),
        "report": report_page(summarize(found)),
        "certificate": certificate_page(_certificate()),
        "regraded": write_regrade_page(folder, _regraded()).read_text(encoding="utf-8"),
        "alike": _alike(),
        # The last wall by itself: what if something did get in?
        "breached": breached,
        "unguarded": breached.replace("Content-Security-Policy", "none"),
    }
    paths = {name: folder / f"{name}.html" for name in written}
    for name, path in paths.items():
        path.write_text(written[name], encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def program() -> str:
    """Give the path of a Chromium."""
    return chromium_or_skip()


@pytest.mark.parametrize("width", [620, 380])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_all_pages(
    pages: dict[str, Path], program: str, scheme: Literal["light", "dark"], width: int
) -> None:
    """In a narrow window, with all unfolded: no serious fault of access, nothing cut off."""
    with open_page(program, width=width) as page:
        page.emulate_media(color_scheme=scheme)
        for name in PAGES:
            # axe is a script, which the policy forbids: the policy is left out here alone.
            html = pages[name].read_text(encoding="utf-8")
            page.set_content(html.replace("Content-Security-Policy", "none"))
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            wide = page.evaluate("document.documentElement.scrollWidth")
            main = page.locator("main")
            faults = serious_faults(main) + faint_letters(main)
            assert (name, wide, faults) == (name, width, [])


def test_nothing_runs_and_nothing_is_loaded(pages: dict[str, Path], program: str) -> None:
    """Escaping keeps it out, and the policy would stop it: without both it runs and loads."""
    expected: dict[str, tuple[bool, list[str]]] = {
        **{name: (False, []) for name in PAGES},
        "breached": (False, []),
        "unguarded": (True, ["feedback.html"]),
    }
    seen = {}
    with open_page(program) as page:
        for name in expected:
            loaded: list[str] = []
            page.on("requestfinished", lambda request, to=loaded: to.append(request.url))
            page.goto(pages[name].as_uri())
            others = [url.rpartition("/")[2] for url in loaded if url != pages[name].as_uri()]
            seen[name] = (page.title() == "owned", others)
    assert seen == expected


def test_tables_are_sorted_by_a_press_and_searched(pages: dict[str, Path], program: str) -> None:
    """By keyboard too; what is found is counted; a heading says how its column is sorted."""
    with open_page(program) as page:
        page.goto(pages["report"].as_uri())
        page.get_by_text("Everybody's points").click()
        table = page.get_by_role("region", name="Points of each student").locator("table")
        heading = table.get_by_role("button", name="Sum")
        heading.focus()
        page.keyboard.press("Enter")
        sums = [float(each) for each in table.locator("tbody td:last-child").all_inner_texts()]
        assert sums == sorted(sums)
        assert heading.locator("xpath=..").get_attribute("aria-sort") == "ascending"
        heading.click()
        again = [float(each) for each in table.locator("tbody td:last-child").all_inner_texts()]
        assert again == sums[::-1]
        search = table.locator("xpath=../preceding-sibling::p[1]")
        search.get_by_role("searchbox").fill("ADA")
        rows = table.locator("tbody tr:visible")
        assert [each.split("\t")[0] for each in rows.all_inner_texts()] == ["ada"]
        everybody = table.locator("tbody tr").count()
        assert search.get_by_role("status").inner_text() == f"1 of {everybody}"
