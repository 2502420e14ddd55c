"""Make the README's pictures, or look at whole lessons: `python -m tests.browser.pictures OUT_DIR`.

With names of lessons after OUT_DIR these lessons are run and pictured from top to bottom instead:
light, dark, and in a narrow window. Those pictures are for looking, not for the repository.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.answers import SAME_PROMPT
from tests.browser.chromium import NAMES, PATIENCE, find_chromium, open_page
from tests.browser.lab import DARK, start_lab
from tests.browser.lesson_page import LessonPage

README_LESSON = "00_start_here"
STREAMING_LESSON = "05_streaming"
COST_LESSON = "06_tokens_and_cost"


@dataclass(frozen=True)
class Look:
    """Say how a lesson is shown; width, height: of the window in CSS pixels."""

    name: str
    width: int
    height: int
    theme: str | None = None
    pixel_ratio: float = 1.0


LOOKS = (
    Look("light", 1280, 1000),
    Look("dark", 1280, 1000, theme=DARK),
    Look("narrow", 620, 1000),
)
STREAMS = """
paced = connect_async(pace=Pace(first_token=0.65, between_deltas=0.25))
asked = {"role": "user", "content": "What is the difference between RAG and fine-tuning?"}
to_watch = {"model": "claude-sonnet-4-6", "max_tokens": 1000, "messages": [asked]}
thinks = {"model": "claude-sonnet-5-5", "thinking": {"type": "adaptive", "display": "summarized"}}
quick, slow = StreamView(paced).run(**to_watch), StreamView(paced).run(**{**to_watch, **thinks})
StreamView.side_by_side(quick, slow)
""".strip()
"""The lesson's cell at a pace that leaves time for a picture; the picture doesn't show it."""
README_WIDTH = 800
# The picture has 1200 pixels and is shown in about 800, with text as large as the README's own.
README_LOOK = Look("readme", README_WIDTH + 90, 1600, pixel_ratio=1.5)
# So wide that the calculator has its answer beside its fields.
CALCULATOR_LOOK = Look("calculator", 1060, 1600, pixel_ratio=1.2)


def main(arguments: Sequence[str]) -> int:
    """Write the pictures and return 0; return 2 when called wrongly or without a browser."""
    program = find_chromium()
    if not arguments or program is None:
        missing = f"none of {', '.join(NAMES)} is installed" if program is None else "no OUT_DIR"
        sys.stderr.write(f"{missing}; usage: python -m tests.browser.pictures OUT_DIR [LESSON …]\n")
        return 2
    folder, *lessons = arguments
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    if not lessons:
        picture_verdict(program, target / "lesson.png")
        picture_streams(program, target / "stream_view.png")
        picture_calculator(program, target / "cost_calculator.png")
    for lesson in lessons:
        for look in LOOKS:
            picture_lesson(program, lesson, look, target)
    return 0


def picture_verdict(program: str, target: Path) -> None:
    """Picture an exercise with a plausible wrong answer, its check, and the verdict."""
    with _lesson(program, README_LESSON, README_LOOK) as lesson:
        lesson.run("import anthropic")
        lesson.write("def first_call(", SAME_PROMPT)
        lesson.run("def first_call(")
        lesson.run('check("first_call")')
        lesson.leave_cell()
        top = _box(lesson.text_above("def first_call("))
        bottom = _box(lesson.verdict("first_call"))
        lesson.page.screenshot(
            path=target,
            clip={
                "x": _box(lesson.notebook)["x"] + 1,
                "y": top["y"],
                "width": README_WIDTH,
                "height": bottom["y"] + bottom["height"] + 6 - top["y"],
            },
        )


def picture_streams(program: str, target: Path) -> None:
    """Picture two models that answer at once: the first has ended, and the second goes on."""
    with _lesson(program, STREAMING_LESSON, README_LOOK) as lesson:
        lesson.run("import Pace")
        lesson.write("StreamView.side_by_side", STREAMS)
        lesson.run("StreamView.side_by_side")
        lesson.leave_cell()
        view = lesson.view("StreamView.side_by_side")
        view.evaluate("each => each.scrollIntoView({block: 'start'})")
        expect(view).to_contain_text("✓ Ended", timeout=PATIENCE)
        # At once, without another scroll: a moment later the second has ended too.
        seen = view.bounding_box() or _box(view)
        lesson.page.screenshot(
            path=target,
            clip={
                "x": _box(lesson.notebook)["x"] + 1,
                "y": seen["y"],
                "width": README_WIDTH,
                "height": seen["height"],
            },
        )


def picture_calculator(program: str, target: Path) -> None:
    """Picture the cost calculator with the cache turned on, from its answer to the break-even."""
    with _lesson(program, COST_LESSON, CALCULATOR_LOOK) as lesson:
        lesson.run("from grader.classroom import CostCalculator")
        lesson.run('CostCalculator(caching="off")')
        view = lesson.view('CostCalculator(caching="off")')
        view.get_by_role("button", name="5 minutes").click()
        bottom = view.get_by_text("The same calls with each model")
        bottom.wait_for()
        lesson.leave_cell()
        # Both ends are in sight then, so they are measured without another scroll.
        view.evaluate("each => each.scrollIntoView({block: 'start'})")
        box = view.bounding_box() or _box(view)
        end = bottom.bounding_box() or _box(bottom)
        lesson.page.screenshot(
            path=target,
            clip={
                "x": box["x"],
                "y": box["y"],
                "width": box["width"],
                "height": end["y"] - 6 - box["y"],
            },
        )


def picture_lesson(program: str, lesson_name: str, look: Look, folder: Path) -> None:
    """Run a lesson and picture it whole, one picture a screen."""
    with _lesson(program, lesson_name, look) as lesson:
        lesson.run_all()
        for number in lesson.screens():
            lesson.page.screenshot(path=folder / f"{lesson_name}_{look.name}_{number:02}.png")


def _box(place: Locator) -> FloatRect:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    if box is None:
        raise RuntimeError(f"{place} is not on the page, so it cannot be pictured.")
    return box


@contextmanager
def _lesson(program: str, name: str, look: Look) -> Iterator[LessonPage]:
    with (
        tempfile.TemporaryDirectory() as folder,
        start_lab(Path(folder), theme=look.theme) as lab,
        open_page(
            program, width=look.width, height=look.height, pixel_ratio=look.pixel_ratio
        ) as page,
    ):
        lesson = LessonPage(page)
        lesson.open(lab, name)
        lesson.hide_sidebar()
        yield lesson


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
