"""Lesson 07: why caching is a matter of prefixes: each token's work depends on all before it."""

from grader.classroom.pictures.drawing import Drawing, Kind

_WIDTHS = (110, 220, 130)
_ROWS: tuple[tuple[str, tuple[tuple[str, Kind], ...], str], ...] = (
    ("1st call", (("tools", "plain"), ("system", "plain"), ("question A", "user")), "everything"),
    (
        "2nd call",
        (("tools", "cached"), ("system", "cached"), ("question B", "user")),
        "only the question",
    ),
    (
        "3rd call",
        (("tools*", "bad"), ("system", "plain"), ("question B", "user")),
        "everything again",
    ),
)


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "A cache of prefixes",
        "A prompt is read from left to right: tools, system, messages. What the model works out "
        "for a token depends on every token before it. The first call works through everything and "
        "keeps the work up to the breakpoint, which stands after the system prompt. The second "
        "call begins with the same tools and the same system prompt, so it loads that work and "
        "only works through its question. The third call has one tool changed, at the very "
        "beginning: everything after it has to be worked out again.",
        height=250,
    )
    for number, (name, parts, said) in enumerate(_ROWS):
        y, x = 48 + number * 62, 90
        drawing.words(10, y + 26, name, anchor="start", bold=True)
        for width, (label, kind) in zip(_WIDTHS, parts, strict=True):
            drawing.box(x, y, width - 6, 42, label, kind, note="loaded" if kind == "cached" else "")
            x += width
        drawing.words(x + 6, y + 26, said, anchor="start")
    mark = 90 + _WIDTHS[0] + _WIDTHS[1] - 3
    drawing.line(mark, 30, mark, 222, dashed=True)
    drawing.words(mark, 22, "breakpoint", size=12)
    drawing.words(556, 22, "to work through", size=12, anchor="start")
    drawing.words(
        90, 242, "read from left to right; a change costs all that follows", size=12, anchor="start"
    )
    return drawing
