"""The bench's view, read by its traits: what each control changes."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom import cache_bench
from tests.classroom.widgets.traits import Control, button, chosen, controls, drawn, said, words


@pytest.fixture
def view() -> Any:
    """Return the view of a bench as it opens."""
    return cache_bench().make_view()


def text(view: Any) -> Control:
    """Return the field that the chosen block's text is in."""
    return button(view, "Text")


def names(view: Any) -> list[str]:
    """Return what the buttons of the blocks say."""
    return [each.words for each in controls(view) if each.act == "block"]


def press(view: Any, name: str) -> None:
    """Press the one button of this name."""
    button(view, name).click()


def test_the_lesson_s_mistake_is_made_and_mended(view: Any) -> None:
    """The time before the handbook spoils each call; moved behind it, it does not."""
    press(view, "Send the call")
    press(view, "1 minute later")
    press(view, "Send the call")
    assert re.match(r"Call 2 read 0 and wrote \d,\d+ of", said(view))
    assert "more than without." in words(view)
    press(view, "3. Time")
    press(view, "▼ Move down")
    assert names(view)[2:4] == ["3. Handbook", "4. Time"]
    assert "4. Time" in chosen(view)
    assert said(view).startswith("Time is now block 4, in system. At 09:01 the next call")
    press(view, "Send the call")
    press(view, "Let them pass")
    press(view, "Send the call")
    assert re.match(r"Call 4 read \d,\d+ and wrote 0 of", said(view))
    handbook = r"Handbook \(system\): \d,\d+ tokens, read from the cache, breakpoint, 5 minutes"
    assert re.search(handbook, words(view))


def test_the_lesson_s_recipe_shows_what_it_says(view: Any) -> None:
    """With 4 minutes after each call, nothing is read until the time has moved, and then it is."""
    for call in range(1, 5):
        assert "the next call reads 0 and writes" in said(view) or call == 4
        press(view, "Send the call")
        reads = r"\d,\d+" if call == 4 else "0"
        assert re.match(rf"Call {call} read {reads} and wrote", said(view))
        press(view, "Let them pass")
        if call == 2:
            press(view, "3. Time")
            press(view, "▼ Move down")


def test_what_is_pressed_again_and_again_stands_above_what_grows(view: Any) -> None:
    """Nothing above the buttons and the clock depends on the calls or on what was said."""
    above = set()
    for name in ("Send the call", "5 minutes later", "Send the call", "Start again"):
        above.add(drawn(view).partition("Send the call")[0])
        press(view, name)
    assert len(above) == 1
    assert drawn(view).index("Let them pass") < drawn(view).index('role="status"')


def _tell(view: Any, act: str, value: str) -> None:
    """Tell the view what the browser tells it of a drag or an arrow key."""
    view._handle_custom_msg({"act": act, "value": value}, [])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=4))
@settings(max_examples=15)
def test_a_dragged_block_goes_to_its_place_or_nowhere(drags: list[tuple[int, int]]) -> None:
    """It is chosen then; tools stay on top, a message is left, and no block is lost."""
    view = cache_bench("Be brief.").make_view()
    for place, to in drags:
        before = [each.partition(". ")[2] for each in names(view)]
        _tell(view, "sort", f"{place} {to}")
        after = [each.partition(". ")[2] for each in names(view)]
        moved = before[:place] + before[place + 1 :]
        moved.insert(to, before[place])
        assert after == (before if said(view).startswith("✗") else moved)
        assert after.index(before[place]) == (place if said(view).startswith("✗") else to)
        assert any(each.endswith(f". {before[place]}") for each in chosen(view))
        beside = re.findall(r'class="(\w+) how"[^>]*>([^<]*)', drawn(view))
        assert [kind for kind, _ in beside] == ["fault" if said(view)[0] == "✗" else "caption"]
        assert said(view)[0] != "✗" or said(view).startswith(unescape(beside[0][1]))
        assert set(after[:2]) == {"find_order", "refund"}
        assert "messages" in words(view)


def test_arrow_keys_move_the_block_they_are_pressed_on(view: Any) -> None:
    """As the buttons do: at a border into the next level first."""
    _tell(view, "step", "2 1")
    assert names(view)[2:4] == ["3. Handbook", "4. Time"]
    assert "4. Time" in chosen(view)
    _tell(view, "step", "3 1")
    assert said(view).startswith("Time is now block 4, in messages.")
    _tell(view, "step", "0 -1")
    assert said(view).startswith("✗ Nothing is above find_order")


def test_a_block_is_edited(view: Any) -> None:
    """What is typed is what the next call sends; choosing another block types nothing."""
    press(view, "4. Handbook")
    text(view).set("Be brief.")
    assert "neither reads nor writes" in said(view)
    assert "minimum of 1,024" in said(view)
    press(view, "5. Question")
    assert text(view).value == "May I send back an order of class {call}?"
    press(view, "4. Handbook")
    assert text(view).value == "Be brief."
    press(view, "No breakpoint")
    assert "no block has a breakpoint" in said(view)


def test_what_cannot_be_is_said_and_changes_nothing(view: Any) -> None:
    """A wrong move, a wrong number, a call that the API refuses."""
    press(view, "▲ Move up")
    assert said(view).startswith("✗ Nothing is above find_order")
    button(view, "Minutes").set("soon")
    press(view, "Let them pass")
    assert '✗ "soon" is no number. Write it like 3 or 0.30.' in unescape(words(view))
    assert "At 09:00 the next call" in words(view)
    press(view, "4. Handbook")
    text(view).set("")
    press(view, "Send the call")
    assert "✗ The API refuses this call: 400 invalid_request_error" in said(view)
    assert "You haven't sent a call yet" in unescape(words(view))
    press(view, "Start again")
    assert said(view).startswith("The cache is empty again. At 09:00 the next call reads 0")


def test_its_text_and_its_picture_show_both_orders() -> None:
    """Where there is no kernel, the mistake and its repair stand below each other."""
    widget = cache_bench()
    for shown in (str(widget), re.sub("<[^>]*>", "", widget.html)):
        assert "more than without." in shown
        assert "saved." in shown
        assert shown.count("the next call reads 0") == 1
        assert shown.count("Example: ") == 2


def test_a_handbook_of_one_s_own_is_used() -> None:
    """It is the block that the breakpoint stands behind."""
    assert "shorter than this model's minimum" in str(cache_bench("Be brief."))
