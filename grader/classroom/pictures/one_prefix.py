"""Lesson 07: why caching is a matter of prefixes: each token's work depends on all before it."""

from grader.classroom.pictures.drawing import Drawing, Kind

_WIDTHS = (90, 180, 112)
_ROWS: tuple[tuple[str, tuple[tuple[str, Kind], ...], str], ...] = (
    (
        "1st call",
        (("tools", "plain"), ("system", "plain"), ("question A", "user")),
        "works through everything",
    ),
    (
        "2nd call",
        (("tools", "cached"), ("system", "cached"), ("question B", "user")),
        "works through only the question",
    ),
    (
        "3rd call",
        (("tools*", "bad"), ("system", "plain"), ("question B", "user")),
        "works through everything again",
    ),
)


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "A cache of prefixes",
        "A prompt is read from left to right: tools, system, messages. What the model works out "
        "for a token depends on every token before it. The first call works through everything and "
        "keeps the work up to the breakpoint, after the system prompt. The second "
        "call begins with the same tools and the same system prompt, so it loads that work and "
        "works through only its question. The third call has one tool changed, at the very "
        "beginning: so the model works through everything again.",
        height=278,
    )
    mark = 10 + _WIDTHS[0] + _WIDTHS[1] - 3
    for number, (name, parts, said) in enumerate(_ROWS):
        y, x = 52 + number * 74, 10
        drawing.words(10, y - 6, f"{name}: {said}", anchor="start", bold=True)
        for width, (label, kind) in zip(_WIDTHS, parts, strict=True):
            drawing.box(x, y, width - 6, 42, label, kind, note="loaded" if kind == "cached" else "")
            x += width
        drawing.line(mark, y - 2, mark, y + 44, dashed=True)
    drawing.words(mark, 22, "breakpoint")
    drawing.words(10, 268, "A change costs everything to its right.", anchor="start")
    return drawing
