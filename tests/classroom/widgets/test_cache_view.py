"""The bench's view, read by its traits: what each control changes."""

import re
from typing import Any

import pytest

from grader.classroom import cache_bench
from tests.classroom.widgets.reading import alerts, press, within, words


@pytest.fixture
def view() -> Any:
    """Return the view of a bench as it opens."""
    return cache_bench().make_view()


def text(view: Any) -> Any:
    """Return the field that the chosen block's text is in."""
    return next(each for each in within(view) if type(each).__name__ == "Textarea")


def names(view: Any) -> list[str]:
    """Return what the first five buttons say: the blocks."""
    buttons = [each for each in within(view) if type(each).__name__ == "Button"]
    return [button.description for button in buttons[:5]]


def test_the_lesson_s_mistake_is_made_and_mended(view: Any) -> None:
    """The time before the handbook spoils each call; moved behind it, it does not."""
    press(view, "Send the call")
    press(view, "1 minute later")
    press(view, "Send the call")
    assert re.match(r"Call 2 read 0 and wrote \d,\d+ of", alerts(view)[-1])
    assert "more than without." in words(view)
    press(view, "3. Time")
    press(view, "Move down")
    assert names(view)[2:4] == ["3. Handbook", "✓ 4. Time"]
    assert alerts(view)[-1].startswith("Time is now block 4, in system. At 09:01 the next call")
    press(view, "Send the call")
    press(view, "Let them pass")
    press(view, "Send the call")
    assert re.match(r"Call 4 read \d,\d+ and wrote 0 of", alerts(view)[-1])
    handbook = r"Handbook \(system\): \d,\d+ tokens, read from the cache, breakpoint, 5 minutes"
    assert re.search(handbook, words(view))


def test_a_block_is_edited(view: Any) -> None:
    """What is typed is what the next call sends; choosing another block types nothing."""
    press(view, "4. Handbook")
    text(view).value = "Be brief."
    assert "neither reads nor writes" in alerts(view)[-1]
    assert "minimum of 1,024" in alerts(view)[-1]
    press(view, "5. Question")
    assert text(view).value == "May I send back an order of class {call}?"
    press(view, "4. Handbook")
    assert text(view).value == "Be brief."
    press(view, "No breakpoint")
    assert "no block has a breakpoint" in alerts(view)[-1]


def test_what_cannot_be_is_said_and_changes_nothing(view: Any) -> None:
    """A wrong move, a wrong number, a call that the API refuses."""
    press(view, "Move up")
    assert alerts(view)[-1].startswith("✗ Nothing is above find_order")
    (minutes,) = [each for each in within(view) if getattr(each, "description", "") == "Minutes"]
    minutes.value = "soon"
    press(view, "Let them pass")
    assert '✗ "soon" is no number. Write it like 3 or 0.30.' in alerts(view)
    assert "At 09:00 the next call" in words(view)
    press(view, "4. Handbook")
    text(view).value = ""
    press(view, "Send the call")
    assert "✗ The API refuses this call: 400 invalid_request_error" in alerts(view)[-1]
    assert "You haven't sent a call yet" in words(view)
    press(view, "Start again")
    assert alerts(view)[-1].startswith("The cache is empty again. At 09:00 the next call reads 0")


def test_its_text_and_its_picture_show_both_orders() -> None:
    """Where there is no kernel, the mistake and its repair stand below each other."""
    widget = cache_bench()
    for said in (str(widget), re.sub("<[^>]*>", "", widget.html)):
        assert "more than without." in said
        assert "saved." in said
        assert said.count("the next call reads 0") == 1


def test_a_handbook_of_one_s_own_is_used() -> None:
    """It is the block that the breakpoint stands behind."""
    assert "shorter than this model's minimum" in str(cache_bench("Be brief."))
