"""Lesson 08: what to do with an error: look at status and type, and take one of four ways."""

from grader.classroom.pictures.drawing import Drawing, Kind

_ROWS: tuple[tuple[str, str, str, Kind, str], ...] = (
    ("no reply at all", "lost connection, timeout", "retry", "cached", "after a short pause"),
    (
        "the API's trouble",
        "408, 409, 500 and up, mid-stream",
        "retry",
        "cached",
        "after pauses that grow",
    ),
    ("too much in a minute", "429", "wait", "user", "as long as retry-after says"),
    (
        "no retry helps",
        "402; the above with x-should-retry: false",
        "give up",
        "thinking",
        "alert a person",
    ),
    ("yours", "other 4xx, and Python's errors", "fix", "bad", "the request or the code"),
)


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "Four things to do with an error",
        "If no reply came, or the trouble is the API's (408, 409, from 500 up, or in mid-stream), "
        "retry after a short pause, then longer ones. If it's too much in a minute, a 429, wait as "
        "long as retry-after says. If no retry will help, a 402 or one of the above with "
        "x-should-retry: false, give up and alert a person. Anything else is yours: fix the "
        "request or the code.",
        height=466,
    )
    for number, (whose, sign, way, kind, how) in enumerate(_ROWS):
        y = 10 + number * 92
        drawing.box(10, y, 380, 46, whose, note=sign)
        drawing.arrow(30, y + 49, 56, y + 66)
        drawing.box(60, y + 51, 330, 30, f"{way}: {how}", kind)
    return drawing
