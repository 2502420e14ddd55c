"""What demos show: JSON, two things beside each other, and errors that were meant."""

import base64
import json
import re
import subprocess
import sys
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

import grader.classroom
from grader.classroom import (
    connect,
    expect_error,
    replay,
    sample_image,
    show,
    show_image,
    show_source,
    side_by_side,
)
from grader.classroom.scenes import SCENES
from grader.errors import ScriptError


def test_an_api_error_that_was_meant_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Status, type, class, message and request id, in three lines."""
    client = connect()
    with expect_error(404):
        client.messages.create(
            model="nobody", max_tokens=5, messages=[{"role": "user", "content": "Hello"}]
        )
    lines = capsys.readouterr().out.splitlines()[1:]
    assert lines[:2] == ["404 not_found_error · raised as NotFoundError", "model: nobody"]
    assert lines[2].startswith("request id: req_")


def test_any_error_will_do_when_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A prediction is not given away by the cell that tests it."""
    with expect_error():
        raise ValueError("as meant")
    assert capsys.readouterr().out == "ValueError: as meant\n"


def test_another_error_is_not_swallowed() -> None:
    """A demo that fails in another way than it should is a broken demo."""
    with pytest.raises(ZeroDivisionError), expect_error(TypeError):
        raise ZeroDivisionError


def test_no_error_is_an_error() -> None:
    """A demo that no longer fails is a broken demo too."""
    with pytest.raises(AssertionError, match="meant to fail with status 400"), expect_error(400):
        pass


def test_json_is_shown_plain_and_escaped() -> None:
    """What a model wrote cannot become part of the page."""
    shown = show({"text": "<script>"})
    assert shown.text == '{\n  "text": "<script>"\n}'
    assert "&lt;script&gt;" in shown.html


def test_two_things_stand_beside_each_other() -> None:
    """Plain text has them one after the other, with their titles."""
    shown = side_by_side([1], {"a": replay("text").content})
    assert shown.text.startswith("OpenAI:\n[1]\n\nAnthropic:\n{")
    assert shown.html.count("<pre") == 2


def test_three_things_are_those_of_three_apis() -> None:
    """Other numbers need their titles."""
    assert side_by_side(1, 2, 3).text == "Chat Completions:\n1\n\nResponses:\n2\n\nMessages:\n3"
    assert side_by_side(1, titles=["One"]).text == "One:\n1"
    with pytest.raises(ValueError, match="3 values, but 2 titles"):
        side_by_side(1, 2, 3, titles=("a", "b"))


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), min_size=2),
        min_size=2,
        max_size=3,
    )
)
def test_what_differs_is_marked(values: list[dict[str, int]]) -> None:
    """Each line that isn't in every column, unless next to nothing is the same."""
    # Broken into lines, because it is too long for one.
    values = [{**value, "same": "x" * 50} for value in values]
    html = side_by_side(*values, titles=list("ABC"[: len(values)])).html
    marked = [
        dict([json.loads(f"{{{unescape(each).rstrip(',')}}}").popitem()])
        for each in re.findall(r"<strong style=[^>]*>([^<]*)</strong>", html)
    ]
    lines = [{name: value[name]} for value in values for name in value]
    differ = [line for line in lines if not all(line.items() <= each.items() for each in values)]
    assert marked == (differ if len(differ) <= 0.8 * len(lines) else [])
    assert ("not the same in every column" in html) == bool(marked)


def test_a_single_value_differs_from_nothing() -> None:
    """Nor do values that have nothing in common, which need no marks."""
    assert "<strong style" not in side_by_side({"a": "x" * 60}, titles=["One"]).html
    assert "<strong style" not in side_by_side([1], {"a": 2}).html


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
)


@given(value=_JSON)
def test_a_column_holds_the_same_json(value: object) -> None:
    """A value stays in one line where it fits, and is broken after each part where it doesn't."""
    text = side_by_side(value, titles=["One"]).text.removeprefix("One:\n")
    assert json.loads(text) == value
    flat = json.dumps(value, ensure_ascii=False)
    is_short = len(flat) <= 44
    is_whole = not isinstance(value, dict | list) or not value
    assert (text == flat) == (is_short or is_whole)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_a_message_of_the_sdk(scene: str) -> None:
    """Every prepared reply has the stop reason that its name promises."""
    message = replay(scene)
    assert message.stop_reason == SCENES[scene].stop_reason
    assert [block.type for block in message.content] == [
        block["type"] for block in SCENES[scene].content
    ]


def test_an_unknown_scene_lists_those_there_are() -> None:
    """The error is a list to choose from."""
    with pytest.raises(ScriptError, match="There are: text, thinking"):
        replay("nobody")


class Tag:
    """Hold what a source may look like: a method, and markup in it."""

    def opened(self) -> str:
        """Return it."""
        return "<b>"


def test_sources_are_shown_one_below_the_other() -> None:
    """A method stands at the left margin, and code is no markup."""
    shown = show_source(Tag.opened, Tag)
    method, whole = shown.text.split("\n\nclass Tag:\n")
    assert method == 'def opened(self) -> str:\n    """Return it."""\n    return "<b>"'
    assert whole.endswith('        return "<b>"')
    assert ("<b>" in shown.html, "&lt;b&gt;" in shown.html) == (False, True)


def test_the_sample_image_is_a_png() -> None:
    """The data URI holds what it says."""
    head, data = sample_image().split(",", 1)
    assert head == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG\r\n")
    assert 'alt="a red square"' in show_image(sample_image(), text="a red square").html


def test_every_name_of_the_face_is_there() -> None:
    """What a notebook may import is what the face lists, sorted."""
    names = grader.classroom.__all__
    assert sorted(names) == dir(grader.classroom) == list(names)
    assert [name for name in names if not hasattr(grader.classroom, name)] == []


@pytest.mark.parametrize("names", ["check, connect, show", "CostCalculator, rosetta"])
def test_importing_the_face_loads_nothing_heavy(names: str) -> None:
    """The import costs almost nothing over `import anthropic`: what it needs comes when called."""
    heavy = ("anthropic", "IPython", "matplotlib", "nbgrader")
    if "CostCalculator" not in names:
        heavy += ("grader.exams", "grader.simulator", "grader.catalog")
    code = (
        f"import sys; from grader.classroom import {names}; "
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_values_side_by_side_have_the_names_of_their_apis() -> None:
    """Two are OpenAI's and Anthropic's, three those of the three APIs, others are named by hand."""
    assert str(side_by_side(1, 2)) == "OpenAI:\n1\n\nAnthropic:\n2"
    three = str(side_by_side(1, 2, 3))
    assert three == "Chat Completions:\n1\n\nResponses:\n2\n\nMessages:\n3"
    assert str(side_by_side(1, titles=["one"])) == "one:\n1"
    for values, titles in (((1,), None), ((1, 2), ["one"]), ((1, 2, 3, 4), None)):
        with pytest.raises(ValueError, match=rf"are {len(values)} values?, but"):
            side_by_side(*values, titles=titles)
