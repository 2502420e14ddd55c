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
_TOP, _ROW = 40, 46


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "One loop, every ending",
        "Your loop asks Claude and reads stop_reason. With tool_use it runs the tools and asks "
        "again; with pause_turn it sends the turn back and asks again; it does so max_turns times "
        "at most, and then the status is turn_limit. With end_turn or stop_sequence the run is "
        "done. With max_tokens, or a full context window, and with a refusal it ends with that "
        "status. Any other reason is an error.",
        height=_TOP + _ROW * len(_WAYS),
    )
    middle = _TOP + _ROW * len(_WAYS) / 2
    drawing.box(10, middle - 30, 120, 60, "Ask Claude", "assistant")
    drawing.arrow(130, middle, 182, middle)
    drawing.box(185, middle - 30, 120, 60, "stop_reason")
    for row, (reasons, result, kind) in enumerate(_WAYS):
        y = _TOP + _ROW * row + 20
        drawing.arrow(305, middle, 346, y)
        for line, reason in enumerate(reasons):
            down = 5 + 16 * line - 8 * (len(reasons) - 1)
            size = 14 if len(reasons) == 1 else 12
            drawing.words(354, y + down, reason, size=size, anchor="start", code=True)
        drawing.box(580, y - 17, 122, 34, result, kind)
        if row < _AGAIN:
            drawing.line(702, y, 714, y)
    drawing.line(714, _TOP + _ROW * (_AGAIN - 1) + 20, 714, 24)
    drawing.line(714, 24, 70, 24)
    drawing.arrow(70, 24, 70, middle - 32)
    drawing.words(392, 17, "ask again: max_turns requests at most, then turn_limit", size=14)
    return drawing
