"""Small things for demos that would take too many lines in a notebook."""

from __future__ import annotations

from grader.exams.pictures import Colour, png


def sample_image(*, side: int = 56, colour: Colour = (200, 30, 30)) -> str:
    """Return a one-coloured square PNG as a data URI; side: pixels; colour: red, green, blue."""
    return f"data:image/png;base64,{png(side, side, colour)}"
