"""The contrast of all letters in a part of a page, measured from the colours as they are drawn."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.contrast import contrast

LEAST = 4.5
"""What WCAG AA asks of letters of usual size."""

# The colour of each element that has words of its own, and the nearest ground below it. A canvas
# reads whatever notation the browser gives a colour in.
_COLOURS = """part => {
    const brush = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const read = colour => {
        brush.clearRect(0, 0, 1, 1);
        brush.fillStyle = colour;
        brush.fillRect(0, 0, 1, 1);
        return [...brush.getImageData(0, 0, 1, 1).data];
    };
    const written = ([r, g, b]) =>
        "#" + [r, g, b].map(each => each.toString(16).padStart(2, "0")).join("");
    const ground = place => {
        for (; place; place = place.parentElement) {
            const colour = read(getComputedStyle(place).backgroundColor);
            if (colour[3] === 255) return written(colour);
        }
        return "#ffffff";
    };
    return [part, ...part.querySelectorAll("*")]
        .filter(each => each.checkVisibility({visibilityProperty: true}))
        .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
        .map(each => [written(read(getComputedStyle(each).color)), ground(each),
                      each.textContent.trim().slice(0, 60)]);
}"""


def faint_letters(part: Locator) -> list[str]:
    """Return the words in a part of a page that have too little contrast, a line each.

    Raises AssertionError where there are no words at all.
    """
    found = part.evaluate(_COLOURS)
    assert found, f"There are no words in {part}."
    return [
        f"{contrast(colour, ground):.1f} to 1: {colour} on {ground}: {words}"
        for colour, ground, words in found
        if contrast(colour, ground) < LEAST
    ]
