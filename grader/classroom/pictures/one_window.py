"""Lesson 06: input and reply share one window, and each class of tokens has a price."""

from grader.classroom.pictures.drawing import Drawing, Kind

_CLASSES: tuple[tuple[int, int, str, str, Kind], ...] = (
    (10, 150, "read", "cache_read_input_tokens", "cached"),
    (165, 130, "written", "cache_creation_input_tokens", "system"),
    (300, 120, "fresh", "input_tokens", "user"),
    (430, 170, "output", "output_tokens", "assistant"),
)


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One window, four prices",
        "The context window holds the input and the reply. The input has up to three classes: read "
        "from the cache, written to the cache, and fresh. The reply is the fourth class, output, "
        "thinking included; max_tokens limits it, and a model has its own limit, max_output. In a "
        "usage the classes are called cache_read_input_tokens, cache_creation_input_tokens, "
        "input_tokens and output_tokens, and each class has a price for itself.",
        height=300,
    )
    drawing.words(10, 24, "context window", anchor="start", bold=True)
    drawing.box(4, 36, 710, 84)
    for left, width, name, _, kind in _CLASSES:
        drawing.box(left, 44, width, 68, name, kind)
    drawing.words(658, 83, "room left", size=13)
    drawing.line(10, 136, 420, 136)
    drawing.words(215, 155, "input: system, tools, messages", size=13)
    drawing.line(430, 136, 600, 136)
    drawing.words(515, 155, "reply: at most max_tokens", size=13)
    for place, (_, _, name, field, kind) in enumerate(_CLASSES):
        top = 178 + place * 30
        drawing.box(10, top, 24, 20, "", kind)
        drawing.words(46, top + 15, name, anchor="start", size=13, bold=True)
        drawing.words(130, top + 15, field, anchor="start", size=13, code=True)
        drawing.words(400, top + 15, "times its own price", anchor="start", size=13)
    return drawing
