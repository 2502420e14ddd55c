"""The picture of each lesson: its idea, drawn by code, with a text that says the same.

    picture("two_shapes")

To add one, write a module here with a function `draw() -> Drawing`, named like the picture.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from IPython.display import display

from grader.classroom.pictures.drawing import Drawing
from grader.errors import UnknownPicture
from grader.look import indented

_NO_PICTURE = "drawing"


def names() -> tuple[str, ...]:
    """Return the names of all pictures."""
    found = (module.name for module in iter_modules(__path__))
    return tuple(sorted(name for name in found if name != _NO_PICTURE))


def draw(name: str) -> Drawing:
    """Return a picture. Raises UnknownPicture for a name that is none."""
    if name not in names():
        raise UnknownPicture(f"There is no picture {name!r}. There are: {', '.join(names())}.")
    drawn: Drawing = import_module(f"{__name__}.{name}").draw()
    return drawn


def picture(name: str) -> None:
    """Show a picture of the course. Raises UnknownPicture for a name that is none."""
    drawing = draw(name)
    shown = {
        "text/html": indented(drawing.as_html()),
        "text/plain": f"{drawing.title}: {drawing.told}",
    }
    display(shown, raw=True)  # type: ignore[no-untyped-call]
