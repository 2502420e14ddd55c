"""Lesson 00: where the answer stands in a reply of each of the three APIs."""

from grader.classroom.pictures.drawing import Drawing, Kind

_SHAPES: tuple[tuple[str, str, str, tuple[tuple[str, Kind, str], ...]], ...] = (
    (
        "Chat Completions",
        "choices[0].message",
        "finish_reason",
        (("content", "assistant", "a string, or null"),),
    ),
    (
        "Responses",
        "output",
        "status",
        (
            ("reasoning", "thinking", "if it thought"),
            ("message", "assistant", "output_text in it"),
        ),
    ),
    (
        "Messages",
        "content",
        "stop_reason",
        (("thinking", "thinking", "if it thought"), ("text", "assistant", "the answer")),
    ),
)


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One reply, three shapes",
        "In Chat Completions the answer is a string in choices, next to finish_reason. In "
        "Responses it's a message item in output, after a reasoning item if the model thought, "
        "next to status. In Messages it's a text block in content, after a thinking block if the "
        "model thought, next to stop_reason. In each, usage counts the tokens.",
        height=424,
    )
    for number, (name, field, ending, blocks) in enumerate(_SHAPES):
        y = 6 + number * 138
        drawing.box(4, y, 392, 132)
        drawing.words(16, y + 22, name, anchor="start", bold=True)
        drawing.words(384, y + 22, field, anchor="end", code=True)
        width = (368 - 8 * (len(blocks) - 1)) / len(blocks)
        for place, (label, kind, note) in enumerate(blocks):
            drawing.box(16 + place * (width + 8), y + 32, width, 48, label, kind, note=note)
        for place, label in enumerate((ending, "usage")):
            drawing.box(16 + place * 188, y + 88, 180, 36)
            drawing.words(106 + place * 188, y + 111, label)
    return drawing
