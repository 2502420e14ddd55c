"""The mistakes that the check of `accumulate` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.shared_mistakes import printed
from grader.exercises.streaming.lesson import BLOCKS, BROKEN, CHUNKS, TOGETHER, TOOL, WIRE
from grader.exercises.streaming.mistakes import (
    BUFFERS_MIXED,
    EMPTY_INPUT,
    EVENT_AS_OBJECT,
    PARSED_EARLY,
)

_ONE_BLOCK = (
    EVENT_AS_OBJECT,
    Diagnosis(
        "input-is-dict",
        title="A piece of JSON was added to a dict.",
        saw="Python says: `{observed}`",
        why="The block begins with `input: {}`, and its JSON comes in pieces of text.",
        next="Collect the pieces in a text of your own, and parse it when the block is whole.",
        where=TOOL,
        hints=(
            "Of which type are the pieces, and of which type is `input`?",
            "“A tool call in pieces” prints the empty block and its pieces.",
            'A dict from index to text: `written[index] += delta["partial_json"]`',
        ),
        crash=r"^TypeError: unsupported operand type\(s\) for \+=?: 'dict' and 'str'",
    ),
    printed(TOGETHER),
    Diagnosis(
        "text-only",
        title="The text came back, and the message was asked for.",
        saw="Your function returned `{observed}`.",
        why="Text is one part of a message: who has only that knows neither its end nor its cost.",
        next="Return the dict that began in `message_start`.",
        where=TOGETHER,
    ),
    Diagnosis(
        "not-a-dict",
        title="The function should return a dict.",
        saw="It returned `{observed}`.",
        why="The caller reads the message by its keys: `content`, `stop_reason`, `usage`.",
        next="Return the dict that began in `message_start`.",
        where=TOGETHER,
    ),
    Diagnosis(
        "other-start",
        title="Fields of the message are not as `message_start` has them.",
        saw="These differ, or are too many: `{observed}`.",
        why="The id, the model and the rest come once, in the first event.",
        next='Begin with the whole of `event["message"]`, and add no keys of your own.',
        where=CHUNKS,
    ),
    Diagnosis(
        "content-not-blocks",
        title="The content is not a list of blocks.",
        saw="It is `{observed}`.",
        why="A message's content is a list with a dict for each block, in the order of `index`.",
        next='Append each `event["content_block"]` to the list that `message_start` has.',
        where=BLOCKS,
    ),
    Diagnosis(
        "no-blocks",
        title="The message has no content.",
        saw="Its content is `{observed}`.",
        why="`message_start` comes with an empty list; the blocks come one by one after it.",
        next='At `content_block_start`, append `event["content_block"]`.',
        where=CHUNKS,
    ),
    Diagnosis(
        "only-one-piece",
        title="The block holds one piece of its text.",
        saw="The content is `{observed}`.",
        why="Each `text_delta` carries the next piece, not the text so far.",
        next="Add each piece to the block's text: `+=`, not `=`.",
        where=BLOCKS,
    ),
    Diagnosis(
        "own-keys",
        title="Your code's own notes are in the message.",
        saw="These keys of your blocks come from no event: `{observed}`.",
        why="The caller sends the block back in the next turn, and the API knows no such key.",
        next="Keep what you collect beside the message, and not in it.",
        where=TOGETHER,
        hints=(
            "What should a block look like when it is whole, and what does yours have besides?",
            "“A tool call in pieces” prints blocks as they begin: those are all of their keys.",
            "A dict from index to text, beside the message: `written[index]`.",
        ),
    ),
    Diagnosis(
        "other-content",
        title="The content is not that of the message.",
        saw="It has `{observed}`.",
        why="Every block begins as its `content_block_start` has it, "
        "and gets the pieces of its deltas and nothing else.",
        next="Go through the table of deltas, and compare it with your branches.",
        where=BLOCKS,
    ),
    Diagnosis(
        "stop-from-start",
        title="The message does not say why it ended.",
        saw="It has `{observed}`.",
        why="At `message_start` nobody knows yet. The reason comes with `message_delta`.",
        next='At `message_delta`, take over what `event["delta"]` has.',
        where=CHUNKS,
        hints=(
            "When is it known why a reply ended?",
            "`show` under “Blocks and their deltas” prints the event that says it.",
            '`message.update(event["delta"])`',
        ),
    ),
    Diagnosis(
        "other-end",
        title="How the message ended is not what `message_delta` says.",
        saw="Your message has `{observed}`, and the event says otherwise.",
        why="The reason has companions: which sequence stopped it, or why it was refused.",
        next='Take over all that `event["delta"]` has.',
        where=BLOCKS,
    ),
    Diagnosis(
        "usage-added",
        title="Counts were added that are totals.",
        saw="Your message has `output_tokens: {observed}`.",
        why="The usage of `message_delta` counts from the beginning: "
        "adding it to the first counts some tokens twice, and the bill is wrong.",
        next="Let each new count take the place of the old one.",
        where=BLOCKS,
        hints=(
            "What does a count at the end include?",
            "Look at the two numbers that “Blocks and their deltas” prints.",
            '`message["usage"].update(…)`',
        ),
    ),
    Diagnosis(
        "usage-from-start",
        title="The usage is that of the start.",
        saw="It has `output_tokens: {observed}`.",
        why="When the message starts, nearly all of its output is yet to be written.",
        next='At `message_delta`, take over the counts of `event["usage"]`.',
        where=BLOCKS,
    ),
    Diagnosis(
        "usage-replaced",
        title="Some of the usage was lost.",
        saw="Missing: `{observed}`.",
        why="`message_delta` repeats the counts, and not all that `message_start` said.",
        next="Change the keys that come, and keep the others.",
        where=BLOCKS,
    ),
    Diagnosis(
        "other-usage",
        title="The usage is not that of the message.",
        saw="Of its counts these differ: `{observed}`.",
        why="What a reply cost is worked out from all of these counts.",
        next="Begin with the usage of `message_start`, and take over every key of the later one.",
        where=BLOCKS,
    ),
    Diagnosis(
        "mutated",
        title="Your function changed the events.",
        saw="After the call these are not as they were: `{observed}`.",
        why="Whoever reads the events again, for a log or another try, "
        "finds text that has been added already, and gets it twice.",
        next="Copy what you go on to change: the message, and each block.",
        where=TOGETHER,
        hints=(
            "Whose dict is it that your `+=` writes into?",
            (
                "The import cell at the top of the lesson has a module for it. "
                "Who else holds the dict in `message_start`?"
            ),
            '`copy.deepcopy(event["message"])`, and the same for each block.',
        ),
    ),
)

_SEVERAL_BLOCKS = (
    Diagnosis(
        "first-block-assumed",
        title="All text went into the first block.",
        saw="The texts of your blocks are `{observed}`.",
        why="A reply may have several blocks, and each delta names its own.",
        next='Take the block at `event["index"]`.',
        where=BLOCKS,
        hints=(
            "How does a delta say where it belongs?",
            "Look at the numbers that “Blocks and their deltas” prints before each type.",
            '`message["content"][event["index"]]`',
        ),
    ),
    Diagnosis(
        "blocks-lost",
        title="A block is missing.",
        saw="The reply has two texts; those of your blocks are `{observed}`.",
        why="Each `content_block_start` begins one more block of the message.",
        next="Append each new block; never begin the list anew.",
        where=BLOCKS,
    ),
    Diagnosis(
        "thinking-crash",
        title="A thinking block stops your code.",
        saw="Python says: `{observed}`",
        why="Its deltas are `thinking_delta` and `signature_delta`, and have no `text`.",
        next='Look at `event["delta"]["type"]` before you read the piece.',
        where=BLOCKS,
        hints=(
            "Which kinds of deltas are there?",
            "The table under “Blocks and their deltas” has the key of each piece.",
            '`if delta["type"] == "text_delta": … elif delta["type"] == "thinking_delta": …`',
        ),
    ),
    Diagnosis(
        "thinking-lost",
        title="The thinking is gone.",
        saw="The block is `{observed}`.",
        why="The block goes back to the API in the next turn, "
        "and an altered thought is refused with 400.",
        next="Add the piece of each `thinking_delta` to the block's `thinking`.",
        where=BLOCKS,
    ),
    Diagnosis(
        "signature-lost",
        title="The thinking has no signature.",
        saw="The block is `{observed}`.",
        why="By the signature the API knows its own thought when it comes back.",
        next="At `signature_delta`, set the block's `signature`.",
        where=BLOCKS,
    ),
    Diagnosis(
        "tool-crash",
        title="A tool call stops your code.",
        saw="Python says: `{observed}`",
        why="The deltas of a `tool_use` block are of the type `input_json_delta`; "
        "their piece is `partial_json`.",
        next="Give them a branch of their own, and give the block its `input` at the end.",
        where=TOOL,
    ),
    PARSED_EARLY,
    Diagnosis(
        "input-lost",
        title="The tool's input is empty, and Claude sent one.",
        saw="The block's input is `{observed}`.",
        why="The block starts with `{}` in that place; the input comes in its deltas. "
        "Code that looks for text only passes over them.",
        next="Collect each `partial_json`, and parse them together when the block stops.",
        where=TOOL,
        hints=(
            "Which deltas does your code act on, and which does it pass over?",
            "“A tool call in pieces” prints the deltas of a call.",
            'A branch for `"input_json_delta"`, and `json.loads` at `"content_block_stop"`.',
        ),
    ),
    Diagnosis(
        "input-not-parsed",
        title="The tool's input is still text.",
        saw="It is `{observed}`.",
        why="The input of a `tool_use` block is a dict; the API refuses a text there.",
        next="At `content_block_stop`, `json.loads` what you have collected.",
        where=TOOL,
    ),
    BUFFERS_MIXED,
    EMPTY_INPUT,
)

_STRANGE = (
    Diagnosis(
        "unknown-crash",
        title="An event that your code does not know stops it.",
        saw="Python says: `{observed}`",
        why="A `ping` may come at any time, and the API adds types of events and deltas.",
        next="Act on the types you know, and pass over all others.",
        where=WIRE,
        hints=(
            "What has a `ping` besides its type?",
            "“On the wire” shows one, in the middle of a stream.",
            "An `elif` for each known type, and no `else`.",
        ),
    ),
    Diagnosis(
        "unknown-read",
        title="Something of an unknown type went into the message.",
        saw="The texts of your blocks are `{observed}`.",
        why="A key named `text` or `delta` does not say what it means; the type does.",
        next="Compare the type of the event, and then that of the delta, with those you know.",
        where=WIRE,
    ),
    Diagnosis(
        "error-ignored",
        title="The stream ended with an error, and nobody was told.",
        saw="The last event was an error, `{observed}`, and your function returned.",
        why="Half an answer looks like a whole one.",
        next="Raise a `RuntimeError` at an event of the type `error`.",
        where=BROKEN,
    ),
    Diagnosis(
        "error-otherwise",
        title="An error event should raise a `RuntimeError`.",
        saw="Your function raised `{observed}`.",
        why="Any other exception reads like a slip in your code.",
        next="At an event of the type `error`, `raise RuntimeError(…)` with its type.",
        where=BROKEN,
    ),
    Diagnosis(
        "error-unnamed",
        title="The exception does not say which error it was.",
        saw="Your function raised `{observed}`.",
        why="By the type one decides what to do: wait, or look for a fault.",
        next='Put `event["error"]["type"]` into its text.',
        where=BROKEN,
    ),
)

MISTAKES = (*_ONE_BLOCK, *_SEVERAL_BLOCKS, *_STRANGE)
