"""The pictures of the lessons: each reads without colour, without sight, and within its frame."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.authoring import find_root
from grader.classroom.pictures import draw, names
from grader.classroom.pictures.drawing import Drawing
from grader.errors import UnknownPicture

each_picture = pytest.mark.parametrize("name", names())
_SHORTEST = 100
"""How many characters it takes to say in words what a picture shows."""


@each_picture
def test_a_picture_says_in_words_what_it_shows(name: str) -> None:
    """Whoever doesn't see it hears the same, and whoever does can unfold it."""
    drawing = draw(name)
    html = drawing.as_html()
    assert len(drawing.told) >= _SHORTEST
    assert html.count(drawing.told.replace("&", "&amp;").replace("'", "&#x27;")) >= 1
    assert 'role="img"' in html
    assert "<details>" in html


@each_picture
def test_a_picture_stays_in_its_frame_and_loads_nothing(name: str) -> None:
    """It is well-formed, and nothing is cut off at any width."""
    drawing = draw(name)
    svg = re.search(r"<svg.*</svg>", drawing.as_html(), re.DOTALL)
    assert svg
    tree = ET.fromstring(svg[0])
    for shape in tree.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, width, height = (float(shape.attrib[key]) for key in ("x", "y", "width", "height"))
        assert min(x, y) >= 0
        assert x + width <= drawing.width
        assert y + height <= drawing.height
    for line in tree.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 < float(line.attrib["y"]) <= drawing.height
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<script|url\((?!#)", svg[0])


@each_picture
def test_a_picture_stands_in_a_lesson(name: str) -> None:
    """One that nobody sees is deleted."""
    sources = find_root(Path(__file__)).glob("solutions/*/*.nb.py")
    assert any(f'picture("{name}")' in path.read_text(encoding="utf-8") for path in sources)


def test_words_that_leave_the_picture_are_refused() -> None:
    """The author reads it before a learner sees half a sentence."""
    with pytest.raises(ValueError, match="would leave the picture"):
        Drawing("a", "b", width=100).words(50, 20, "much too long for so small a picture")


@each_picture
def test_the_letters_of_a_picture_can_be_read_on_a_phone(name: str) -> None:
    """In a page of 380 pixels, the smallest have 12."""
    drawing = draw(name)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', drawing.as_html())]
    assert min(sizes) * min(1, 380 / drawing.width) >= 12


@pytest.mark.parametrize(("width", "size"), [(400, 13), (720, 14), (300, 11)])
def test_letters_too_small_for_a_phone_are_refused(width: int, size: int) -> None:
    """The wider a picture, the larger its letters have to be."""
    with pytest.raises(ValueError, match=r"has letters of \d+ px"):
        Drawing("a", "b", width=width).words(50, 20, "small", size=size)


def test_a_name_that_is_no_picture_is_told() -> None:
    """With those that there are."""
    with pytest.raises(UnknownPicture, match=r"There is no picture .other.\. There are: "):
        draw("other")
