"""Lesson 02: a history only grows; thinking that stands behind a cut is refused."""

from grader.classroom.pictures.drawing import Drawing, Kind

_Part = tuple[str, int, Kind]
"""A part of a request: its words, its width in pixels, and what it stands for."""

_START: tuple[_Part, ...] = (("system", 70, "system"), ("q 1", 46, "user"))
_FIRST: tuple[_Part, ...] = (("thinking 1", 92, "thinking"), ("reply 1", 72, "assistant"))
_CUT: tuple[_Part, ...] = (("system", 70, "system"), ("cut off", 218, "plain"))
_SECOND: tuple[_Part, ...] = (("thinking 2", 92, "thinking"), ("reply 2", 72, "assistant"))
_Q2: _Part = ("q 2", 46, "user")
_Q3: _Part = ("q 3", 46, "user")

_ROWS: tuple[tuple[str, tuple[_Part, ...], str], ...] = (
    ("1st call", _START, "✓"),
    ("2nd call", (*_START, *_FIRST, _Q2), "✓"),
    ("3rd call", (*_START, *_FIRST, _Q2, *_SECOND, _Q3), "✓"),
    ("or this", (*_CUT, _Q2, ("thinking 2", 92, "bad"), _SECOND[1], _Q3), "✗ 400"),
    ("or this", (*_CUT, _Q2, _SECOND[1], _Q3), "✓"),
)
_HEIGHT, _STEP, _GAP = 32, 46, 4


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "A history that only grows",
        "Five requests, one below the other. The second begins with all of the first, and adds the "
        "thinking and the text of reply 1 and then question 2. The third adds reply 2 and question "
        "3 in the same way. The API takes all three. In the fourth, question 1 and reply 1 are cut "
        "off. The thinking of reply 2 was made after them, so the API answers 400. The fifth has "
        "the same cut, and no thinking behind it: the API takes it.",
        height=len(_ROWS) * _STEP,
    )
    for number, (name, parts, verdict) in enumerate(_ROWS):
        top = 6 + number * _STEP
        drawing.words(4, top + 21, name, anchor="start")
        left = 74
        for label, width, kind in parts:
            drawing.box(left, top, width, _HEIGHT, label, kind)
            left += width + _GAP
        drawing.words(left + 8, top + 21, verdict, anchor="start", bold=True)
    return drawing
