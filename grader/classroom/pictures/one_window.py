"""Lesson 06: input and reply share one window, and each class of tokens has a price."""

from grader.classroom.pictures.drawing import Drawing, Kind

_CLASSES: tuple[tuple[int, int, str, str, Kind], ...] = (
    (10, 86, "read", "cache_read_input_tokens", "cached"),
    (100, 78, "written", "cache_creation_input_tokens", "system"),
    (182, 64, "fresh", "input_tokens", "user"),
    (252, 80, "output", "output_tokens", "assistant"),
)


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One window, four classes of tokens",
        "The context window holds the input and the reply. The input has up to three classes: read "
        "from the cache, written to the cache, and fresh. The reply is the fourth class, output, "
        "thinking included; max_tokens limits it, and a model has its own limit, max_output. In a "
        "usage the classes are called cache_read_input_tokens, cache_creation_input_tokens, "
        "input_tokens and output_tokens, and each class has its own price.",
        height=316,
    )
    drawing.words(10, 22, "context window", anchor="start", bold=True)
    drawing.box(4, 32, 392, 66)
    for left, width, name, _, kind in _CLASSES:
        drawing.box(left, 38, width, 54, name, kind)
    drawing.words(364, 70, "room")
    drawing.line(10, 112, 246, 112)
    drawing.words(128, 130, "input: system, tools, messages")
    drawing.line(252, 112, 332, 112)
    drawing.words(332, 150, "reply: at most max_tokens", anchor="end")
    for place, (_, _, name, field, kind) in enumerate(_CLASSES):
        top = 168 + place * 30
        drawing.box(10, top, 24, 20, "", kind)
        drawing.words(46, top + 15, name, anchor="start", bold=True)
        drawing.words(120, top + 15, field, anchor="start", code=True)
    drawing.words(10, 306, "The bill: each count times its own price.", anchor="start")
    return drawing
