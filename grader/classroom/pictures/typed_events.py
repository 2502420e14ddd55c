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
        height=380,
    )
    drawing.box(10, 14, 350, 40, "message_start", "plain")
    drawing.words(385, 39, "id, model, input tokens", anchor="start", size=13)
    for index, (name, kind, delta, seen) in enumerate(_BLOCKS):
        top = 66 + index * 78
        drawing.box(10, top, 350, 70, "", kind)
        drawing.words(24, top + 28, f"block {index}: {name}", anchor="start", bold=True)
        drawing.words(24, top + 52, "start, deltas, stop", anchor="start", size=13)
        drawing.words(385, top + 28, delta, anchor="start", size=13, code=True)
        drawing.words(385, top + 52, f"The user sees: {seen}", anchor="start", size=13)
    drawing.box(10, 302, 350, 66, "message_delta, message_stop", "plain")
    drawing.words(385, 330, "stop_reason, and the final usage", anchor="start", size=13)
    drawing.words(385, 354, "Only now do you know how it ended.", anchor="start", size=13)
    return drawing
