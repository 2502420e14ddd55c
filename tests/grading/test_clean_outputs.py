"""What of a submission's outputs is shown to people."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.grading.clean_outputs import _COLOURS, MAX_OUTPUTS, MAX_TEXT, clean_outputs

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()


def shown(**data: Any) -> list[Any]:
    """Return the data that is left of one displayed output."""
    output = {"output_type": "display_data", "data": data, "metadata": {"a": 1}}
    return [each["data"] for each in clean_outputs([output])]


def test_text_and_pictures_are_kept() -> None:
    """As they were."""
    data = {"text/plain": "4", "image/png": PNG}
    assert shown(**data) == [data]


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "text/markdown",
        "text/latex",
        "image/svg+xml",
        "application/javascript",
        "application/vnd.jupyter.widget-view+json",
    ],
)
def test_what_could_run_is_dropped(kind: str) -> None:
    """Only the plain text beside it stays."""
    assert shown(**{kind: "<script>alert(1)</script>", "text/plain": "x"}) == [{"text/plain": "x"}]
    assert shown(**{kind: "<script>alert(1)</script>"}) == []


@pytest.mark.parametrize(
    "picture",
    [
        f'{PNG}" onerror="alert(1)',
        "PHN2Zz4=",
        ["a"],
        {"a": 1},
        "x" * 2_000_000,
    ],
)
def test_a_picture_that_is_none_is_dropped(picture: Any) -> None:
    """A page puts it between quotes."""
    assert shown(**{"image/png": picture}) == []


def test_a_result_is_no_result_any_more() -> None:
    """Only the examiner's check cells have one."""
    forged = {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": "100"},
    }
    assert [each["output_type"] for each in clean_outputs([forged])] == ["display_data"]


def test_control_characters_are_shown_as_such() -> None:
    """A terminal is not steered; the colours of a traceback go without a trace."""
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "a\x1b]0;title\x07b\u202ec\n"},
        {
            "output_type": "error",
            "ename": "E",
            "evalue": "\x1b[31mv\x1b[0m",
            "traceback": ["\x1b[0;31mline\x1b[0m", "\x9b2J"],
        },
    ]
    stream, error = clean_outputs(outputs)
    assert stream["text"] == "a�]0;title�b�c\n"
    assert (error["evalue"], error["traceback"]) == ("v", ["line", "�2J"])


@given(st.text() | st.text("ab\n\t\r\x0b\x1b\u2028\ud800\xa0"))
def test_no_character_is_left_that_does_more_than_show(text: str) -> None:
    """Each is kept or replaced by itself, whatever stands around it."""
    [stream] = clean_outputs([{"output_type": "stream", "name": "stdout", "text": text}])
    kept = _COLOURS.sub("", text)
    assert stream["text"] == "".join(
        each if each in "\n\t" or each.isprintable() else "�" for each in kept
    )


def test_floods_are_cut_and_counted() -> None:
    """A reader hears how much more there was."""
    [stream] = clean_outputs([{"output_type": "stream", "name": "stdout", "text": "x" * 200_000}])
    assert stream["text"] == f"{'x' * MAX_TEXT}\n… and {200_000 - MAX_TEXT} more characters"
    many = clean_outputs([{"output_type": "stream", "text": str(n)} for n in range(500)])
    assert (len(many), many[-1]["text"]) == (MAX_OUTPUTS + 1, "… and 450 more outputs")


@pytest.mark.parametrize(
    "output",
    [
        {},
        {"output_type": "update_display_data", "data": {"text/plain": "100"}},
        {"output_type": "error", "ename": 3, "evalue": None, "traceback": "x"},
        {"output_type": "stream", "name": 4, "text": ["a", 5]},
        {"output_type": "display_data", "data": "x"},
        {"output_type": "stream", "text": "\ud800"},
    ],
)
def test_odd_outputs_stop_nothing(output: dict[str, Any]) -> None:
    """A kernel may send anything; what is left can be written as UTF-8."""
    json.dumps(clean_outputs([output]), ensure_ascii=False).encode()
