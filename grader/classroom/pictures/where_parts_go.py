"""Lesson 01: where the parts of an OpenAI request go in a Messages request."""

from grader.classroom.pictures.drawing import Drawing, Kind

_ROWS: tuple[tuple[str, str, str, Kind], ...] = (
    ("system, developer", "instructions", "system", "system"),
    ("messages", "input", "messages", "user"),
    ("max_completion_tokens", "max_output_tokens", "max_tokens", "plain"),
    ("reasoning_effort", "reasoning.effort", "output_config.effort", "thinking"),
    ("stop", "none", "stop_sequences", "plain"),
    ("user", "safety_identifier", "metadata.user_id", "plain"),
    ("temperature, n, seed", "temperature", "none", "bad"),
)
_LEFT, _RIGHT, _WIDTH = 6, 212, 182


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "Where the parts of a request go",
        "Each row is one part. "
        + " ".join(
            f"{chat}; {responses} in Responses: {here}." for chat, responses, here, _ in _ROWS
        ),
        height=44 + 56 * len(_ROWS),
    )
    drawing.words(_LEFT + _WIDTH / 2, 16, "Chat Completions,", bold=True)
    drawing.words(_LEFT + _WIDTH / 2, 34, "then Responses", bold=True)
    drawing.words(_RIGHT + _WIDTH / 2, 34, "Messages", bold=True)
    for number, (chat, responses, here, kind) in enumerate(_ROWS):
        y = 44 + 56 * number
        drawing.box(_LEFT, y, _WIDTH, 48, "", kind)
        drawing.words(_LEFT + _WIDTH / 2, y + 20, chat, code=chat != "none")
        drawing.words(_LEFT + _WIDTH / 2, y + 39, responses, code=responses != "none")
        drawing.arrow(_LEFT + _WIDTH + 3, y + 24, _RIGHT - 3, y + 24)
        if here == "none":
            drawing.words(_RIGHT + _WIDTH / 2, y + 29, "none")
            continue
        drawing.box(_RIGHT, y, _WIDTH, 48, "", kind)
        drawing.words(_RIGHT + _WIDTH / 2, y + 29, here, code=True)
    return drawing
