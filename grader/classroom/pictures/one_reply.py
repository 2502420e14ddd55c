"""Lesson 00: where the answer stands in a reply of each of the three APIs."""

from grader.classroom.pictures.drawing import Drawing


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One reply, three shapes",
        "In Chat Completions the answer is a string in choices, beside finish_reason. In Responses "
        "it is a message item in output, after a reasoning item if the model thought, beside "
        "status. In Messages it is a text block in content, after a thinking block if the model "
        "thought, beside stop_reason. In each, usage counts the tokens.",
        height=250,
    )
    for x, name, ending in (
        (10, "Chat Completions", "finish_reason"),
        (250, "Responses", "status"),
        (490, "Messages", "stop_reason"),
    ):
        drawing.box(x, 10, 220, 230)
        drawing.words(x + 110, 32, name, bold=True)
        drawing.box(x + 14, 190, 92, 40, "", "plain")
        drawing.words(x + 60, 215, ending, size=12)
        drawing.box(x + 114, 190, 92, 40, "", "plain")
        drawing.words(x + 160, 215, "usage", size=12)
    drawing.words(120, 56, "choices[0].message", size=12, code=True)
    drawing.box(24, 66, 192, 112, "content", "assistant", note="a string, or null")
    drawing.words(360, 56, "output", size=12, code=True)
    drawing.box(264, 66, 192, 52, "reasoning", "thinking", note="if it thought")
    drawing.box(264, 126, 192, 52, "message", "assistant", note="output_text in it")
    drawing.words(600, 56, "content", size=12, code=True)
    drawing.box(504, 66, 192, 52, "thinking", "thinking", note="if it thought")
    drawing.box(504, 126, 192, 52, "text", "assistant", note="the answer")
    return drawing
