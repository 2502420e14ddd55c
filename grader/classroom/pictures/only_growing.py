"""Lesson 02: a history only grows; thinking that stands behind a cut is refused."""

from grader.classroom.pictures.drawing import Drawing, Kind

_Part = tuple[str, int, Kind]
"""A part of a request: its words, its width in pixels, and what it stands for."""

_START: tuple[_Part, ...] = (("system", 58, "system"), ("q1", 24, "user"))
_FIRST: tuple[_Part, ...] = (("think 1", 58, "thinking"), ("reply 1", 58, "assistant"))
_CUT: tuple[_Part, ...] = (("system", 58, "system"), ("cut off", 146, "plain"))
_SECOND: tuple[_Part, ...] = (("think 2", 58, "thinking"), ("reply 2", 58, "assistant"))
_Q2: _Part = ("q2", 24, "user")
_Q3: _Part = ("q3", 24, "user")

_ROWS: tuple[tuple[str, tuple[_Part, ...], str], ...] = (
    ("1st call", _START, "accepted ✓"),
    ("2nd call", (*_START, *_FIRST, _Q2), "accepted ✓"),
    ("3rd call", (*_START, *_FIRST, _Q2, *_SECOND, _Q3), "accepted ✓"),
    ("or this", (*_CUT, _Q2, ("think 2", 58, "bad"), _SECOND[1], _Q3), "400 ✗"),
    ("or this", (*_CUT, _Q2, _SECOND[1], _Q3), "accepted ✓"),
)
_HEIGHT, _STEP, _GAP = 32, 62, 3


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "A history that only grows",
        "Five requests, one below the other. The second begins with all of the first, and adds the "
        "thinking and the text of reply 1 and then question 2. The third adds reply 2 and question "
        "3 in the same way. The API accepts all three. In the fourth, question 1 and reply 1 are "
        "cut off. The thinking of reply 2 came after them, so the API answers 400. The fifth has "
        "the same cut, and no thinking after it, so the API accepts it.",
        height=len(_ROWS) * _STEP + 4,
    )
    for number, (name, parts, verdict) in enumerate(_ROWS):
        top = 22 + number * _STEP
        drawing.words(10, top - 5, f"{name}: {verdict}", anchor="start", bold=True)
        left = 10
        for label, width, kind in parts:
            drawing.box(left, top, width, _HEIGHT, label, kind)
            left += width + _GAP
    return drawing
