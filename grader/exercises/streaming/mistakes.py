"""Mistakes that several exercises of this lesson recognise, worded once."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.streaming.lesson import CHUNKS, TEXT, TOOL, WIRE

REQUEST_MISTAKES = (
    Diagnosis(
        "openai-chunk",
        title="Your code reads chunks, and events came.",
        saw="Python says: `{observed}`",
        why="OpenAI sends pieces of one shape; here each event has a type, and fields of its own.",
        next="Look at `event.type`, or let `stream.text_stream` give you the text.",
        where=CHUNKS,
        hints=(
            "What came first in the stream, and had it any text?",
            "Compare the loops under “Chunks and events” and under “Text as it comes”.",
            "`for text in stream.text_stream:`",
        ),
        crash=r"^AttributeError: '\w*Event' object has no attribute 'choices'",
    ),
    Diagnosis(
        "every-event",
        title="Your code takes everything that comes for a piece of text.",
        saw="Python says: `{observed}`",
        why="A stream has six types of events and several of deltas, each with fields of its own.",
        next="Look at the event's `type` first, then at its delta's.",
        where=CHUNKS,
        hints=(
            "Which events have a delta, and which deltas have a text?",
            "The tables under “Chunks and events” and “Blocks and their deltas” say it.",
            '`event.type == "content_block_delta"`, and `event.delta.type == "text_delta"`',
        ),
        crash=r"^AttributeError: '\w*(Event|Delta)' object has no attribute",
    ),
    Diagnosis(
        "no-with",
        title="The stream was never opened.",
        saw="Python says: `{observed}`",
        why="`messages.stream` gives a context manager: it opens the connection, and closes it "
        "whatever happens.",
        next="Begin with `with client.messages.stream(…) as stream:`.",
        where=TEXT,
        hints=(
            "Who closes the connection when your loop is left early?",
            "“Text as it comes” has the right form, and the same error as yours.",
            "`with client.messages.stream(**request) as stream:`",
        ),
        crash=r"'MessageStreamManager' object",
    ),
    Diagnosis(
        "stream-said-twice",
        title="`messages.stream` streams already.",
        saw="Python says: `{observed}`",
        why="Only `messages.create` has to be told: without `stream=True` it sends no stream.",
        next="Leave `stream=True` out of the call of `messages.stream`.",
        where=TEXT,
        crash=r"^TypeError: \w+\.stream\(\) got an unexpected keyword argument 'stream'",
    ),
    Diagnosis(
        "generator-returned",
        title="Your function is a generator: nothing in it has run.",
        saw="With a `yield` in it, it returned `{observed}`.",
        why="A generator does nothing until somebody loops over it, and the caller does not.",
        next="Take the `yield` out, and call the function that you were given in its place.",
        where=TEXT,
    ),
    Diagnosis(
        "no-request",
        title="The client that your function was given sent nothing.",
        saw="Your function returned `{observed}` all the same.",
        why="The caller chose that client: it may be live, simulated, or another account's.",
        next="Call the client that is the first argument.",
        where=TEXT,
    ),
    Diagnosis(
        "requests-counted",
        title="More than one request reached the API.",
        saw="It got `{observed}` requests for one reply.",
        why="Each is paid for, and each gets another reply.",
        next="Send one request, and take all that you need from its stream.",
        where=TEXT,
        hints=(
            "Where is the message when the text has all come?",
            "Look at the last line of the `with` block in the first demo of “Text as it comes”.",
            "`stream.get_final_message()` sends nothing.",
        ),
    ),
    Diagnosis(
        "not-streamed",
        title="No stream was asked for.",
        saw="What was seen: `{observed}`",
        why="Without a stream nothing is sent before the last word is written.",
        next="Use `client.messages.stream(…)`, or `create(stream=True, …)`.",
        where=TEXT,
        crash=r"'Message' object (has no attribute '(text_stream|get_final_message|close)'|"
        r"does not support the context manager)|'tuple' object has no attribute '(type|delta)'",
    ),
    Diagnosis(
        "request-changed",
        title="The request is not the one that your function was given.",
        saw="What arrived differs in `{observed}`.",
        why="The caller chose the model, the limit and the messages.",
        next="Pass on all of it: `**request`.",
        where=TEXT,
    ),
    Diagnosis(
        "request-mutated",
        title="Your function changed the caller's request.",
        saw="After the call it differs in `{observed}`.",
        why="The next one who uses the dict sends something else than they wrote.",
        next="Leave the dict alone; an extra argument goes beside it.",
        where=CHUNKS,
        hints=(
            "Who else may hold the dict that you were given?",
            "“Chunks and events” asks for a stream without touching `request`.",
            "`client.messages.create(stream=True, **request)`",
        ),
    ),
)

EVENT_AS_OBJECT = Diagnosis(
    "event-as-object",
    title="These events are dicts.",
    saw="Python says: `{observed}`",
    why="The SDK makes objects of events; as data on the wire each is a dict.",
    next='Use square brackets: `event["type"]`.',
    where=WIRE,
    crash=r"^AttributeError: 'dict' object has no attribute",
)

PARSED_EARLY = Diagnosis(
    "parsed-early",
    title="What was parsed is not whole JSON.",
    saw="Python says: `{observed}`",
    why="A tool's input comes in pieces that end anywhere, and the first one is empty.",
    next="Collect the pieces, and parse once, at the block's `content_block_stop`.",
    where=TOOL,
    hints=(
        "At which moment is the JSON complete?",
        "Look at the pieces that “A tool call in pieces” prints, and at the events around them.",
        'Add each `partial_json` to a text; `json.loads` it at `"content_block_stop"`.',
    ),
)

BUFFERS_MIXED = Diagnosis(
    "calls-mixed",
    title="The pieces of two calls ran together.",
    saw="The reply asks for several tools, and it came to this: `{observed}`",
    why="Each block has JSON of its own, and it begins anew with each block.",
    next="Keep the pieces apart, by the `index` of their block.",
    where=TOOL,
    hints=(
        "What does your buffer hold when the second call begins?",
        "“A tool call in pieces” prints each piece with the index of its block.",
        "A dict from index to text, or an empty text at each `content_block_start`.",
    ),
)

EMPTY_INPUT = Diagnosis(
    "empty-input",
    title="The input of a tool without arguments is `{}`.",
    saw="For such a call it came to this: `{observed}`",
    why='Its only piece is `""`, and that is no JSON.',
    next="When there is no text to parse, the input is the empty dict.",
    where=TOOL,
    hints=(
        "What comes for a tool that takes nothing?",
        "The last cell under “A tool call in pieces” parses it in two ways.",
        '`json.loads(written or "{}")`',
    ),
)
