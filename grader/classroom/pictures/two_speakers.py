"""Lesson 03: a tool call goes round between Claude and your code, and a result is the user's."""

from grader.classroom.pictures.drawing import Drawing


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One round of a tool",
        "Your code sends the question and the tools. Claude answers with a tool_use block: a name, "
        "an input and an id. Your code runs the function. A new user message carries a tool_result "
        "block with the same id. Then Claude answers in words.",
        height=230,
    )
    drawing.box(10, 20, 150, 190, "Your code", "user")
    drawing.box(560, 20, 150, 190, "Claude", "assistant")
    for y, way, label in (
        (50, 1, "user: the question, and tools=[…]"),
        (95, -1, "assistant: tool_use, id toolu_01"),
        (140, 1, "user: tool_result, tool_use_id toolu_01"),
        (185, -1, "assistant: the answer in words"),
    ):
        drawing.arrow(*((165, y, 555, y) if way == 1 else (555, y, 165, y)), label)
    return drawing
