"""The mistakes that the check of `stream_text` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.streaming.lesson import BLOCKS, BROKEN, TEXT
from grader.exercises.streaming.mistakes import REQUEST_MISTAKES

MISTAKES = (
    *REQUEST_MISTAKES,
    Diagnosis(
        "nothing-handed-on",
        title="`on_text` was never called.",
        saw="It should get the text piece by piece, and it got nothing.",
        why="The caller decides where text goes: to a screen, a socket, a file.",
        next="Call `on_text` with each piece, where the demo prints it.",
        where=TEXT,
    ),
    Diagnosis(
        "not-texts",
        title="`on_text` got something that is no text.",
        saw="It got `{observed}`.",
        why="The caller shows it as it comes, and expects a `str`.",
        next="Hand on the text in the event, not the event, and only where there is one.",
        where=TEXT,
    ),
    Diagnosis(
        "doubled",
        title="Each piece was handed on twice.",
        saw="The first calls were made with `{observed}`.",
        why="Behind each raw event the helper puts one of its own with the same text.",
        next="Act on one of the two: the raw delta, or the `text` event.",
        where=TEXT,
        hints=(
            "Which two events of the helper carry the same text?",
            "Look at what the last demo under “Text as it comes” prints.",
            "`stream.text_stream` has each piece once.",
        ),
    ),
    Diagnosis(
        "handed-on-again",
        title="The text came in pieces, and then all of it once more.",
        saw="The last call was made with `{observed}`.",
        why="A caller that appends what it gets shows the answer twice.",
        next="Leave the last call away: the pieces are the text.",
        where=TEXT,
    ),
    Diagnosis(
        "snapshots",
        title="Each call got all the text so far.",
        saw="The first calls were made with `{observed}`.",
        why="A caller that appends what it gets shows the beginning again and again.",
        next="Hand on the new piece: `event.text`, not `event.snapshot`.",
        where=TEXT,
    ),
    Diagnosis(
        "left-early",
        title="Only the beginning was handed on.",
        saw="Together the pieces are `{observed}`, and more text came.",
        why="The reply goes on, piece by piece and block by block, until the stream ends.",
        next="Stay in the loop until it ends, and return only behind it.",
        where=TEXT,
    ),
    Diagnosis(
        "other-pieces",
        title="The pieces are not the text of the reply.",
        saw="Together they are `{observed}`.",
        why="Spaces and line ends are part of a piece, and every piece counts.",
        next="Hand on the text of each `text_delta`, unchanged.",
        where=TEXT,
    ),
    Diagnosis(
        "thinking-handed-on",
        title="Thinking was handed on as if it were the answer.",
        saw="Together the pieces are `{observed}`.",
        why="A thought is not meant for the reader, and would stand in front of the answer.",
        next="Hand on text deltas only.",
        where=BLOCKS,
    ),
    Diagnosis(
        "collected",
        title="The text was collected first, and handed on afterwards.",
        saw="At the first call of `on_text`, `{observed}` events had been read.",
        why="The reader looks at nothing until the reply is over: that is what streaming is "
        "there to avoid.",
        next="Call `on_text` inside the loop that reads the stream.",
        where=TEXT,
        hints=(
            "When does the first word reach the screen?",
            "In the first demo under “Text as it comes”, where is the `print`?",
            "`for text in stream.text_stream:` and, indented below it, the call.",
        ),
    ),
    Diagnosis(
        "pieces-late",
        title="Some pieces waited for later ones.",
        saw="At its first calls `{observed}` events had been read, "
        "and each event from the fourth on brought a piece.",
        why="The reader sees a piece only when something after it has come.",
        next="Hand on each piece as soon as you have it, before you read on.",
        where=TEXT,
    ),
    Diagnosis(
        "text-returned",
        title="The text came back, and the message was asked for.",
        saw="Your function returned `{observed}`.",
        why="The caller has the text already. The message tells how it ended and what it cost.",
        next="Return what `stream.get_final_message()` gives.",
        where=TEXT,
    ),
    Diagnosis(
        "nothing-returned",
        title="The message did not come back.",
        saw="Your function returned `{observed}`.",
        why="Without it nobody knows how the reply ended, nor what it cost.",
        next="End with `return`, and what `stream.get_final_message()` gives.",
        where=TEXT,
    ),
    Diagnosis(
        "no-message",
        title="What came back is no `Message`.",
        saw="Your function returned `{observed}`.",
        why="The caller goes on with the message: its blocks, its stop reason, its usage.",
        next="Return what `stream.get_final_message()` gives, as it is.",
        where=TEXT,
    ),
    Diagnosis(
        "unfinished-message",
        title="The message came back as it was before the stream had ended.",
        saw="Its `stop_reason` is None, and its content `{observed}`.",
        why="`message_start` holds a message that has yet to be written.",
        next="Return the message that the helper has at the end.",
        where=TEXT,
    ),
    Diagnosis(
        "other-message",
        title="The message is not the whole reply.",
        saw="Its content is `{observed}`.",
        why="What is missing in it, the next request will lack: a call, a thought, the usage.",
        next="Return what `stream.get_final_message()` gives, as it is.",
        where=BLOCKS,
    ),
    Diagnosis(
        "error-swallowed",
        title="The stream broke off, and nobody was told.",
        saw="After some text an error event came, `{observed}`, and your function returned.",
        why="Half an answer looks like a whole one.",
        next="Let the SDK's exception pass through.",
        where=BROKEN,
        hints=(
            "What would the caller do if it knew?",
            "“When it breaks off” shows what the SDK raises.",
            "Leave the `try` away, or end its `except` with `raise`.",
        ),
    ),
    Diagnosis(
        "error-otherwise",
        title="The API's error did not pass through as it was.",
        saw="Your function raised `{observed}`.",
        why="The caller looks at the error's `type` to decide what to do.",
        next="Let the SDK's exception pass through.",
        where=BROKEN,
    ),
)
