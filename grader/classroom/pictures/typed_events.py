"""Lesson 05: a stream is a message in pieces, block by block, and each event says what it is."""

from grader.classroom.pictures.drawing import Drawing, Kind

_BLOCKS: tuple[tuple[str, Kind, str, str], ...] = (
    ("thinking", "thinking", "thinking_delta", "nothing, as a rule"),
    ("text", "assistant", "text_delta", "words, at once"),
    ("tool_use", "tool", "input_json_delta", "a call, once it's whole"),
)


def draw() -> Drawing:
    """Return the picture."""
    drawing = Drawing(
        "A stream of events",
        "A stream begins with message_start. Then comes each content block in turn: "
        "content_block_start, pieces as content_block_delta, and content_block_stop. A thinking "
        "block has deltas of the type thinking_delta, often none, so the user may see nothing; a "
        "text block has text_delta, whose words the user can read at once; a tool_use block has "
        "input_json_delta, which is a call only once the block is whole. At the end come "
        "message_delta, with the stop reason and the usage, and message_stop.",
        height=418,
    )
    drawing.box(10, 8, 380, 50, "message_start", note="id, model, input tokens")
    for index, (name, kind, delta, seen) in enumerate(_BLOCKS):
        top = 68 + index * 88
        drawing.box(10, top, 380, 78, "", kind)
        drawing.words(22, top + 22, f"block {index}: {name}", anchor="start", bold=True)
        drawing.words(378, top + 22, delta, anchor="end", code=True)
        drawing.words(22, top + 44, "start, deltas, stop", anchor="start")
        drawing.words(22, top + 66, f"The user sees: {seen}", anchor="start")
    drawing.box(10, 332, 380, 78)
    drawing.words(22, 354, "message_delta, message_stop", anchor="start", bold=True)
    drawing.words(22, 376, "stop_reason, and the final usage", anchor="start")
    drawing.words(22, 398, "Only now do you know how it ended.", anchor="start")
    return drawing
