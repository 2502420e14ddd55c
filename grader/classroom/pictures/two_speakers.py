"""Lesson 03: a tool call goes round between Claude and your code, and a result is the user's."""

from grader.classroom.pictures.drawing import Drawing


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One round of a tool",
        "Your code sends the question and the tools. Claude answers with a tool_use block: a name, "
        "an input and an id. Your code runs the function. A new user message carries a tool_result "
        "block with the same id. Then Claude answers in words.",
        height=244,
    )
    drawing.box(10, 8, 110, 34, "Your code", "user")
    drawing.box(290, 8, 100, 34, "Claude", "assistant")
    drawing.line(40, 42, 40, 236, dashed=True)
    drawing.line(360, 42, 360, 236, dashed=True)
    for y, way, label in (
        (82, 1, "user: the question, and tools=[…]"),
        (130, -1, "assistant: tool_use, id toolu_01"),
        (178, 1, "user: tool_result for toolu_01"),
        (226, -1, "assistant: the answer in words"),
    ):
        drawing.arrow(*((43, y, 357, y) if way == 1 else (357, y, 43, y)), label)
    return drawing
