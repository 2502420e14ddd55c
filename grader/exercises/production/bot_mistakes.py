"""The mistakes that the check of `SupportBot` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.production.bot_accounts import ACCOUNTS
from grader.exercises.production.bot_crashes import CRASHES
from grader.exercises.production.bot_endings import TROUBLES
from grader.exercises.production.bot_hints import ANSWER, FAILURE, LOOP, RESULTS, STREAM, TURN
from grader.exercises.production.lesson import PORT
from grader.exercises.shared_mistakes import printed

_QUESTIONS = (
    Diagnosis(
        "no-request",
        title="The client that the bot was given sent nothing.",
        saw="`ask` returned `{observed}` all the same.",
        why="The caller chose that client: it may be live, simulated, or another account's.",
        next="Keep `client` in `__init__`, and stream with it in `ask`.",
        where=PORT,
    ),
    Diagnosis(
        "asks-again",
        title="One question took more requests than it needed.",
        saw="`{observed}` requests arrived for a question without tools.",
        why="Each request is paid for.",
        next="Return as soon as the reply's `stop_reason` is `end_turn`.",
        where=PORT,
        hints=LOOP,
    ),
    Diagnosis(
        "other-model",
        title="The request names another model than the card.",
        saw="It names `{observed}`.",
        why="The shop chooses its model, and the ledger has the prices of that one.",
        next="Pass `model=card.id`.",
        where=PORT,
    ),
    Diagnosis(
        "system-lost",
        title="The system prompt is not the one that was given.",
        saw="The request has one of `{observed}`.",
        why="Without its instructions the model is another product.",
        next="Send the whole text in one block of `system`.",
        where=PORT,
    ),
    Diagnosis(
        "tools-lost",
        title="The request does not define the bot's tools.",
        saw="It has `{observed}`.",
        why="Claude asks for no tool that it was not told of.",
        next="Pass `tools=tools` with every request, in the same order.",
        where=PORT,
    ),
    Diagnosis(
        "question-not-sent",
        title="The messages are not the question, and nothing else.",
        saw="They are `{observed}`.",
        why="The first question of a customer is the whole conversation.",
        next='Send one message: `{"role": "user", "content": text}`.',
        where=PORT,
    ),
    printed(PORT),
    Diagnosis(
        "other-text",
        title="`ask` did not return the text of the last reply.",
        saw="It returned `{observed}`.",
        why="The caller stores it, and shows it where nothing is streamed.",
        next="Join the `.text` of the last reply's text blocks, and return that.",
        where=PORT,
        hints=ANSWER,
    ),
    Diagnosis(
        "not-streamed",
        title="The reply was not streamed.",
        saw="`on_text` was called `{observed}` times, and the request did not ask for a stream.",
        why="A customer reads along while Claude writes, or looks at an empty page for seconds.",
        next="Use `self.client.messages.stream(…)` in place of `create`.",
        where=PORT,
        hints=STREAM,
    ),
    Diagnosis(
        "nothing-handed-on",
        title="Nothing reached `on_text`.",
        saw="What it got is `{observed}`.",
        why="It is how the customer gets to see the answer.",
        next="Call `self.on_text(piece)` for each piece of `stream.text_stream`.",
        where=PORT,
        hints=STREAM,
    ),
    Diagnosis(
        "thinking-handed-on",
        title="The customer reads Claude's thoughts.",
        saw="`on_text` got `{observed}`.",
        why="Thoughts are not the answer, and not meant for customers.",
        next="Hand on the pieces of text only: `stream.text_stream` has nothing else.",
        where=PORT,
        hints=STREAM,
    ),
    Diagnosis(
        "handed-on-twice",
        title="The customer reads everything twice.",
        saw="`on_text` got `{observed}`.",
        why="The SDK's stream tells of each piece in two events, and at the end the whole text "
        "is there once more.",
        next="Hand on what `stream.text_stream` gives, and nothing else.",
        where=PORT,
        hints=STREAM,
    ),
    Diagnosis(
        "other-pieces",
        title="What reached `on_text` is not the text of the reply.",
        saw="Put together it is `{observed}`.",
        why="The customer sees what was handed on, and nothing else.",
        next="Hand on each piece as it is, once.",
        where=PORT,
        hints=STREAM,
    ),
    Diagnosis(
        "collected",
        title="The text was handed on when the reply was complete.",
        saw="`on_text` was called `{observed}` times, and some of it after the stream's end.",
        why="Then the customer has waited as long as without a stream.",
        next="Call `on_text` inside the loop over the stream.",
        where=PORT,
        hints=STREAM,
    ),
)

_TOOLS = (
    Diagnosis(
        "tools-not-run",
        title="A reply that asked for tools was taken for the answer.",
        saw="Claude asked for four calls, and it came to this: `{observed}`",
        why="With the stop reason `tool_use` Claude waits for results.",
        next="Run the calls, send the results, and ask again, until another stop reason comes.",
        where=PORT,
        hints=LOOP,
    ),
    Diagnosis(
        "turn-lost",
        title="Claude's turn did not go back.",
        saw="The next request has an assistant turn with `{observed}`.",
        why="Results answer calls, and the calls are in that turn.",
        next="Append the assistant's message before the one with the results.",
        where=PORT,
        hints=TURN,
    ),
    Diagnosis(
        "thinking-lost",
        title="The thinking block was left out.",
        saw="The assistant's turn went back with `{observed}`.",
        why="It is signed, and part of the turn: without it Claude loses its thread, and some "
        "models refuse.",
        next='Send back `reply.content`, whole: `{"role": "assistant", "content": reply.content}`.',
        where=PORT,
        hints=TURN,
    ),
    Diagnosis(
        "turn-otherwise",
        title="Claude's turn went back changed.",
        saw="It has `{observed}`.",
        why="What Claude reads as its own words and calls should be those.",
        next="Send back `reply.content`, as it came.",
        where=PORT,
        hints=TURN,
    ),
    Diagnosis(
        "results-split",
        title="The results are spread over several messages.",
        saw="`{observed}` messages carry results.",
        why="Such a history teaches Claude to ask for one tool at a time.",
        next="Collect all results of a turn in one list, and send one message.",
        where=PORT,
        hints=RESULTS,
    ),
    Diagnosis(
        "error-unmarked",
        title="A failure went back as if it were a result.",
        saw="The result of a call that failed says `{observed}`.",
        why="Claude tells the customer what it reads. It should know that this did not work.",
        next='Add `"is_error": True`, with words that say what went wrong.',
        where=PORT,
        hints=FAILURE,
    ),
    Diagnosis(
        "result-as-error",
        title="A result went back as a failure.",
        saw="The call worked, and its result says `{observed}`.",
        why="Claude apologises for what went well, or tries again.",
        next="Set `is_error` only where the call raised.",
        where=PORT,
        hints=FAILURE,
    ),
    Diagnosis(
        "result-no-json",
        title="The result is written as Python, and not as JSON.",
        saw="It says `{observed}`.",
        why="`str(…)` writes `None` and `True`, and quotes as Python likes them. "
        "The task asks for JSON, which any program can read back.",
        next="Put `json.dumps(…)` where `str(…)` stands.",
        where=PORT,
        hints=(
            "Could another program read back what your result says?",
            "The table under “The port” says in which form a value goes into its block.",
            '`{"type": "tool_result", …, "content": json.dumps(value)}`',
        ),
    ),
    Diagnosis(
        "result-otherwise",
        title="The result does not read back as the value that the tool returned.",
        saw="It says `{observed}`.",
        why="Claude can only be as right as what it reads.",
        next="Use `json.dumps(value)` for the content, with the whole value and nothing else.",
        where=PORT,
    ),
    Diagnosis(
        "tool-otherwise",
        title="The tool did not run once with the input of its call.",
        saw="It ran with `{observed}`.",
        why="Tools have effects: twice is not once, and other arguments are another order.",
        next="Call `self.registry[block.name](**block.input)`, once for each call.",
        where=PORT,
    ),
)

MISTAKES = (*CRASHES, *_QUESTIONS, *_TOOLS, *ACCOUNTS, *TROUBLES)
