"""Lesson 04: one loop, and where each stop reason leads."""

from grader.classroom.pictures.drawing import Drawing, Kind

_WAYS: tuple[tuple[tuple[str, ...], str, Kind], ...] = (
    (("tool_use",), "run the tools", "tool"),
    (("pause_turn",), "send it back", "tool"),
    (("end_turn, stop_sequence",), "done", "good"),
    (("max_tokens,", "model_context_window_exceeded"), "max_tokens", "bad"),
    (("refusal",), "refusal", "bad"),
    (("any other",), "an error", "bad"),
)
"""Stop reasons, and where they lead; the first two lead back to Claude."""
_AGAIN = 2
_TOP, _ROW = 102, 46


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One loop, every ending",
        "Your loop asks Claude and reads stop_reason. With tool_use it runs the tools and asks "
        "again. With pause_turn it sends the turn back and asks again. After max_turns requests at "
        "most, the status is turn_limit. With end_turn or stop_sequence the run is "
        "done. With max_tokens, or a full context window, and with a refusal it ends with that "
        "status. Any other reason is an error.",
        height=_TOP + _ROW * len(_WAYS),
    )
    drawing.box(10, 34, 170, 44, "Ask Claude", "assistant")
    drawing.arrow(183, 56, 213, 56)
    drawing.box(216, 34, 164, 44, "stop_reason")
    drawing.arrow(298, 81, 298, _TOP - 2)
    for row, (reasons, result, kind) in enumerate(_WAYS):
        y = _TOP + _ROW * row + 20
        for line, reason in enumerate(reasons):
            down = 5 + 17 * line - 8 * (len(reasons) - 1)
            drawing.words(10, y + down, reason, anchor="start", code=True)
        drawing.box(266, y - 17, 114, 34, result, kind)
        if row < _AGAIN:
            drawing.line(380, y, 392, y)
    drawing.line(392, _TOP + _ROW * (_AGAIN - 1) + 20, 392, 22)
    drawing.line(392, 22, 95, 22)
    drawing.arrow(95, 22, 95, 33)
    drawing.words(200, 15, "ask again: max_turns requests at most")
    return drawing
