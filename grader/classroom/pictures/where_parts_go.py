"""Lesson 01: where the parts of an OpenAI request go in a Messages request."""

from grader.classroom.pictures.drawing import Drawing, Kind

_ROWS: tuple[tuple[str, str, str, Kind], ...] = (
    ("role: system, developer", "instructions", "system", "system"),
    ("messages", "input", "messages", "user"),
    ("max_completion_tokens", "max_output_tokens", "max_tokens", "plain"),
    ("reasoning_effort", "reasoning.effort", "output_config.effort", "thinking"),
    ("stop", "none", "stop_sequences", "plain"),
    ("user", "safety_identifier", "metadata.user_id", "plain"),
    ("temperature, n, seed", "temperature", "none", "bad"),
)
_LEFT, _MIDDLE, _RIGHT, _WIDTH = 10, 240, 500, 210


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "Where the parts of a request go",
        "Each row is one part. "
        + " ".join(
            f"{chat}; {responses} in Responses: {here}." for chat, responses, here, _ in _ROWS
        ),
        height=40 + 36 * len(_ROWS),
    )
    for x, name in ((_LEFT, "Chat Completions"), (_MIDDLE, "Responses"), (_RIGHT, "Messages")):
        drawing.words(x + _WIDTH / 2, 22, name, bold=True)
    for number, (chat, responses, here, kind) in enumerate(_ROWS):
        y = 34 + 36 * number
        for x, name in ((_LEFT, chat), (_MIDDLE, responses), (_RIGHT, here)):
            if name == "none":
                drawing.words(x + _WIDTH / 2, y + 20, "none", size=12)
                continue
            drawing.box(x, y, _WIDTH, 28, "", kind)
            drawing.words(x + _WIDTH / 2, y + 19, name, size=12, code=True)
        drawing.arrow(_MIDDLE + _WIDTH + 6, y + 14, _RIGHT - 6, y + 14)
    return drawing
