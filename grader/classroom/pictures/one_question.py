"""Lesson 09: what a bot does for one question, and which step of the port builds it."""

from grader.classroom.pictures.drawing import Drawing


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One question, from asked to answered",
        "A question is added to a copy of the conversation. The copy is counted and, where it's "
        "too long, cut (step 4). One reply is streamed (step 1) and its cost written down (step "
        "5). If the reply asks for tools, they run, their results join the copy, and it goes round "
        "again, 8 times at most (step 2). If it ends with end_turn, the copy becomes the "
        "conversation. Any other ending raises an error, and the conversation stays as it was "
        "(step 3).",
        height=300,
    )
    drawing.box(10, 30, 150, 60, "Question", "user", note="added to a copy")
    drawing.box(200, 30, 150, 60, "4 · Fit", "system", note="count, cut, count")
    drawing.box(390, 30, 150, 60, "1 · Stream", "assistant", note="one reply")
    drawing.box(580, 30, 130, 60, "5 · Charge", "cached", note="into the ledger")
    for x in (160, 350, 540):
        drawing.arrow(x + 3, 60, x + 38, 60)
    drawing.box(200, 130, 340, 60, "2 · Run the tools", "tool", note="results join the copy")
    drawing.arrow(645, 93, 645, 225)
    drawing.arrow(645, 160, 543, 160, "tool_use")
    drawing.arrow(275, 128, 275, 93)
    drawing.words(283, 115, "8 requests at most", size=12, anchor="start")
    drawing.box(390, 230, 320, 56, "3 · end_turn: the copy is kept", "good")
    drawing.box(10, 230, 340, 56, "3 · anything else: raised, nothing kept", "bad")
    drawing.line(645, 212, 180, 212)
    drawing.arrow(180, 212, 180, 228)
    return drawing
