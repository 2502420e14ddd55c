"""The colours can be read on every page, and the style sheet knows every one of them."""

import re
from importlib.resources import files

import pytest

import grader.look
from grader.look import HUES, PATTERNS, PLAIN, bar, style_sheet, themed
from grader.look.bars import Segment
from tests.contrast import DARK, LIGHT, contrast

_LETTERS, _DRAWN = 4.5, 3
_GROUNDS = {0: (LIGHT, PLAIN["sunk"][0]), 1: (DARK, PLAIN["sunk"][1])}
"""The pages of each theme, and the sunk ground that code stands on."""


def _over(colour: str, percent: int, ground: str) -> str:
    """Return the colour that a wash makes of a ground."""
    mixed = (
        round(percent / 100 * int(colour[at : at + 2], 16))
        + round((1 - percent / 100) * int(ground[at : at + 2], 16))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{min(255, each):02x}" for each in mixed)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", HUES)
def test_a_colour_can_be_read_as_letters(name: str, theme: int) -> None:
    """On a page, on the ground of code, and on a wash of the same colour."""
    hue = HUES[name]
    colour = (hue.light, hue.dark)[theme]
    for ground in _GROUNDS[theme]:
        assert contrast(colour, ground) >= _LETTERS
    washed = _over(colour, hue.wash[theme], _GROUNDS[theme][0])
    assert contrast(colour, washed) >= _LETTERS
    assert contrast(PLAIN["ink"][theme], washed) >= _LETTERS
    assert contrast(PLAIN["ink2"][theme], washed) >= _LETTERS


@pytest.mark.parametrize("name", HUES)
def test_a_literal_colour_can_be_seen_on_either_page(name: str) -> None:
    """It stands where the theme isn't known."""
    for ground in (LIGHT, *_GROUNDS[1]):
        assert contrast(HUES[name].literal, ground) >= _DRAWN


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_plain_letters_can_be_read(theme: int) -> None:
    """Those of text, of what is quiet, and those on a button that is filled."""
    for ground in _GROUNDS[theme]:
        assert contrast(PLAIN["ink"][theme], ground) >= _LETTERS
        assert contrast(PLAIN["ink2"][theme], ground) >= _LETTERS
        assert contrast(PLAIN["line"][theme], ground) >= _DRAWN
    act = (HUES["act"].light, HUES["act"].dark)[theme]
    assert contrast(PLAIN["onact"][theme], act) >= _LETTERS


def _pieces() -> list[str]:
    folder = files(grader.look)
    return sorted(file.name[:-4] for file in folder.iterdir() if file.name.endswith(".css"))


def test_the_style_sheet_uses_no_colour_that_is_not_written_down() -> None:
    """A variable without a value is drawn as nothing, and nobody is told."""
    sheet = style_sheet(*_pieces())
    assert set(re.findall(r"var\((--gr-[\w-]+)", sheet)) <= set(
        re.findall(r"(--gr-[\w-]+):", sheet)
    )
    outside = re.sub(r"--gr-[\w-]+:[^;]+;", "", sheet)
    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", outside)


def test_the_style_sheet_loads_nothing() -> None:
    """No request reaches another host."""
    sheet = style_sheet(*_pieces())
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "/*" not in sheet


def test_motion_is_short_and_can_be_turned_off() -> None:
    """Nothing takes more than 200 ms, and nothing moves for who asked for less motion."""
    sheet = style_sheet(*_pieces())
    assert all(int(each) <= 200 for each in re.findall(r"(\d+)ms", sheet))
    assert "prefers-reduced-motion:reduce" in sheet.replace(" ", "")


def test_every_pattern_is_literal_first() -> None:
    """What JupyterLab leaves of it in an untrusted output still tells the classes apart."""
    bare = {
        name: ";".join(each for each in style.split(";") if "var(" not in each)
        for name, style in PATTERNS.items()
    }
    assert len(set(bare.values())) == len(bare)
    assert all("#" in style for style in bare.values())


def test_a_bar_is_as_wide_as_its_parts() -> None:
    """A small part stays visible; a gap is one."""
    drawn = bar([Segment(30, "fresh"), Segment(20, ""), Segment(0, "out")], full=100)
    assert re.findall(r";width:([\d.]+\.\d\d%)", drawn) == ["30.00%", "20.00%"]


def test_a_themed_declaration_is_said_twice() -> None:
    """The literal first, so that whoever drops the second keeps the first."""
    first, second = themed("border:1px solid {0}", "red").split(";")
    assert first == f"border:1px solid {HUES['red'].literal}"
    assert second.startswith("border:1px solid var(--gr-red,")
