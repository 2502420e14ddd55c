"""Lesson 09: what a bot does for one question, and which step of the port builds it."""

from grader.classroom.pictures.drawing import Drawing


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One question, from asked to answered",
        "The bot adds a question to a copy of the conversation. It counts the copy, and cuts it if "
        "it's too long (step 4). It streams one reply (step 1) and writes down its cost (step 5). "
        "If the reply has tool calls, the bot runs them, adds the results to the copy, and goes "
        "round again, 8 times at most (step 2). If it ends with end_turn, the copy becomes the "
        "conversation. Any other ending raises an error, and the conversation stays as it was "
        "(step 3).",
        height=396,
    )
    drawing.box(10, 16, 180, 54, "Question", "user", note="added to a copy")
    drawing.box(220, 16, 164, 54, "4 · Fit", "system", note="count, cut, count")
    drawing.box(220, 112, 164, 54, "1 · Stream", "assistant", note="one reply")
    drawing.box(220, 208, 164, 54, "5 · Charge", "cached", note="into the ledger")
    drawing.box(10, 112, 180, 54, "2 · Run the tools", "tool", note="results join the copy")
    drawing.arrow(193, 43, 217, 43)
    drawing.arrow(302, 73, 302, 109)
    drawing.arrow(302, 169, 302, 205)
    drawing.line(217, 235, 100, 235)
    drawing.arrow(100, 235, 100, 169)
    drawing.words(160, 229, "tool_use", code=True)
    drawing.arrow(168, 109, 217, 70)
    drawing.words(10, 100, "8 requests at most", anchor="start")
    drawing.arrow(302, 265, 302, 295)
    drawing.box(10, 298, 374, 40, "3 · end_turn: the copy is kept", "good")
    drawing.line(384, 235, 394, 235)
    drawing.line(394, 235, 394, 366)
    drawing.arrow(394, 366, 387, 366)
    drawing.box(10, 346, 374, 40, "3 · anything else: raised, nothing kept", "bad")
    return drawing
