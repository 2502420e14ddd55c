"""The mistakes that `run_tools` recognises, from the first request to the last way out."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.shared_mistakes import printed
from grader.exercises.tool_use.history_mistakes import HISTORY_MISTAKES
from grader.exercises.tool_use.lesson import LOOP, TOOLS, TRIP, UNSAFE
from grader.exercises.tool_use.mistakes import (
    block_as_dict,
    call_id,
    every_block,
    function_in_block,
    input_parsed,
    openai_reply,
)

_CRASHES = (
    Diagnosis(
        "no-max-tokens",
        title="The request never left: a required argument is missing.",
        saw="Python says: `{observed}`",
        why="`model`, `max_tokens` and `messages` are all required, in every request of the loop.",
        next="See which of the three your call lacks, and pass it.",
        where=TRIP,
        crash=r"^TypeError: (Missing required arguments; |Messages\.\w+\(\) missing )",
    ),
    Diagnosis(
        "openai-call",
        title="That is OpenAI's call.",
        saw="Python says: `{observed}`",
        why="An Anthropic client has no chat completions; it has messages.",
        next="Begin with `client.messages.create`.",
        where=TRIP,
        crash=r"^AttributeError: 'Anthropic' object has no attribute '(chat|responses)'",
    ),
    openai_reply(),
    function_in_block(),
    call_id(),
    input_parsed(),
    block_as_dict(),
    every_block(),
    Diagnosis(
        "block-as-text",
        title="Your code reads a block as text, whatever its type is.",
        saw="Python says: `{observed}`",
        why="A reply may begin with thinking or hold a call; neither has a `text`.",
        next="Choose the blocks whose `type` is `text`, and join what they say.",
        where=LOOP,
        hints=(
            "What tells a text block from any other block?",
            "`text_of`, which you wrote in lesson 01, does it.",
            "`[block.text for block in message.content if block.type == …]`",
        ),
        crash=r"^AttributeError: '\w+Block' object has no attribute 'text'",
    ),
)

_REQUESTS = (
    Diagnosis(
        "no-request",
        title="The client that your function was given sent nothing.",
        saw="Your function returned `{observed}` all the same.",
        why="The caller chose that client: it may be live, simulated, or another account's.",
        next="Call `client.messages.create(…)` inside the loop, on the argument `client`.",
        where=TRIP,
    ),
    Diagnosis(
        "other-message",
        title="The API got another question than your function did.",
        saw="The first message says `{observed}`.",
        why="The function is called with a new message each time.",
        next='Begin with `[{"role": "user", "content": user_message}]`.',
        where=TRIP,
    ),
    Diagnosis(
        "no-tools",
        title="A request went out without the tools.",
        saw="`tools` was `{observed}`.",
        why="Claude can ask only for tools that this very request defines.",
        next="Pass `tools=tools` with every request.",
        where=TOOLS,
        hints=(
            "Which request defines the tools that Claude may ask for?",
            "“One round trip by hand” sends two requests. What have both in common?",
            "`tools=tools`, in the `create` inside the loop.",
        ),
    ),
    Diagnosis(
        "refused",
        title="The API refused a request of your loop.",
        saw="It answered: `{observed}`",
        why="A loop is right when each of its requests is accepted.",
        next="Open the requests below; the path before the colon names the part to mend.",
        where=TRIP,
    ),
    Diagnosis(
        "stopped-early",
        title="Your function was done while Claude was waiting.",
        saw="Claude asked for a tool, no second request arrived, and it came to this: `{observed}`",
        why='With `stop_reason` "tool_use" the text is only what Claude says on its way.',
        next="Look at `stop_reason` before you look at the text.",
        where=LOOP,
        hints=(
            "How do you know whether a reply is an answer, or a request of its own?",
            "Compare the `stop_reason` of the two replies under “One round trip by hand”.",
            '`if message.stop_reason == "end_turn": return …`, and go on otherwise.',
        ),
    ),
    Diagnosis(
        "asks-again",
        title="Another request went out after the answer.",
        saw="The replies ended the turn after `{observed}` requests, and one more arrived.",
        why="Each request is paid for, and nobody reads the second answer.",
        next='Return as soon as `stop_reason` is "end_turn".',
        where=LOOP,
        hints=(
            "What does a reply whose `stop_reason` is `end_turn` want from you?",
            "“One round trip by hand” is over after its second reply.",
            '`if message.stop_reason == "end_turn": return …`',
        ),
    ),
)

_TOOLS = (
    Diagnosis(
        "not-run",
        title="A tool that Claude asked for was not called.",
        saw="The call of `{observed}` reached no function of the registry.",
        why="Claude cannot run anything: it asks, your code runs it, and sends back what came out.",
        next="For each `tool_use` block, call `registry[block.name]`.",
        where=TRIP,
        hints=(
            "Who can run a function: Claude, or your code?",
            "“One round trip by hand” calls it between the two requests.",
            "`registry[block.name](**block.input)`",
        ),
    ),
    Diagnosis(
        "input-not-spread",
        title="The tool got the whole input as one argument.",
        saw="It was called as `{observed}`.",
        why="The names in the input are the names of the function's parameters.",
        next="Spread the input: `function(**block.input)`.",
        where=TRIP,
        hints=(
            "How does a dict of arguments become arguments?",
            "See how the tool is called under “One round trip by hand”.",
            "Two stars before `block.input`.",
        ),
    ),
    Diagnosis(
        "other-input",
        title="The tool got another input than Claude sent.",
        saw="It was called as `{observed}`.",
        why="What the function looks up, or changes, is what stands in `block.input`.",
        next="Call the function with `**block.input`, and nothing else.",
        where=TRIP,
        hints=(
            "Where does the input of this very call stand?",
            "“One round trip by hand” shows what the function gets.",
            "`**block.input`, of the block that you answer.",
        ),
    ),
    Diagnosis(
        "ran-twice",
        title="A tool ran more often than it was asked for.",
        saw="One call ran `{observed}` times.",
        why="A tool may charge a card or send a letter: twice is not the same as once.",
        next="Run each call where you meet it, once, and keep what it returned.",
        where=LOOP,
    ),
)

_ERRORS = (
    Diagnosis(
        "unknown-tool-crash",
        title="A tool that is not in the registry ended the whole conversation.",
        saw="For such a call it came to this: `{observed}`",
        why="Claude may ask for a name that you do not have; told so, it finds another way.",
        next="Answer such a call with a result whose `is_error` is true.",
        where=UNSAFE,
        hints=(
            "Who should hear that there is no such tool: the user's screen, or Claude?",
            "“What was unsafe” lists what the loop must survive.",
            "A `try` around the call of the function, and in its `except` a result as well.",
        ),
    ),
    Diagnosis(
        "tool-crash",
        title="A tool that failed ended the whole conversation.",
        saw="For such a call it came to this: `{observed}`",
        why="A failure is news for Claude: it can try another input, or tell the user.",
        next="Catch what the tool raises, and answer with a result whose `is_error` is true.",
        where=UNSAFE,
        hints=(
            "Who can still do something about a tool that failed?",
            "“What was unsafe” lists what the loop must survive.",
            "`except Exception as error:`, and the error's words as the result.",
        ),
    ),
    Diagnosis(
        "error-unmarked",
        title="A failure went back as if it were a result.",
        saw="The result of a call that failed has `is_error`: `{observed}`.",
        why="Claude would take the words for what it asked for, and build on them.",
        next="Pass `is_error=True` for a call that failed.",
        where=UNSAFE,
        hints=(
            "How does Claude know that the words are no result?",
            "Your `tool_result` has a parameter for it.",
            "`tool_result(block, str(error), is_error=True)`",
        ),
    ),
    Diagnosis(
        "error-silent",
        title="A failure does not say what failed.",
        saw="The content of the error result is `{observed}`.",
        why="Claude can only mend what it can read.",
        next="Put the words of the exception into the result.",
        where=UNSAFE,
    ),
    Diagnosis(
        "success-as-error",
        title="A tool that worked was reported as failed.",
        saw="Its result says `{observed}`.",
        why="One call failed and the other did not; each has a result of its own.",
        next="Put the `try` inside the loop, around the call of one function.",
        where=UNSAFE,
        hints=(
            "How many calls does your `try` reach around?",
            "“What was unsafe” lists what the loop must survive: one call, not all of them.",
            "`for block in …: try: … except Exception as error: …`",
        ),
    ),
)

_ENDINGS = (
    printed(LOOP),
    Diagnosis(
        "returned-blocks",
        title="The caller gets blocks, and expects a text.",
        saw="Your function returned `{observed}`.",
        why="The signature promises a `str`: what Claude says at the end.",
        next="Join the `text` of the text blocks of the last reply.",
        where=LOOP,
    ),
    Diagnosis(
        "only-one-text",
        title="Only a part of the answer came back.",
        saw="The last reply had two text blocks, and your function returned `{observed}`.",
        why="A reply may hold its text in several blocks.",
        next="Join the text of all text blocks of the last reply.",
        where=LOOP,
    ),
    Diagnosis(
        "other-answer",
        title="What came back is not the text of the last reply.",
        saw="Your function returned `{observed}`.",
        why="The caller shows it to a user: the answer, whole, and nothing from the way to it.",
        next="Return the text of the reply that ended the turn.",
        where=LOOP,
    ),
    Diagnosis(
        "empty-crash",
        title="A last reply without text stopped your code.",
        saw="For such a reply it came to this: `{observed}`",
        why="After a tool has done its work Claude may have nothing to add: `content` is `[]`.",
        next='Return `""` then: `"".join(…)` of no pieces is that.',
        where=UNSAFE,
    ),
    Diagnosis(
        "limit-early",
        title="The loop gave up with a request to spare.",
        saw="The answer was due within `max_turns`, and it came to this: `{observed}`",
        why="A limit that is one too small looks like a failure that comes and goes.",
        next="Send up to `max_turns` requests, and look at the last reply before you give up.",
        where=LOOP,
    ),
    Diagnosis(
        "no-limit",
        title="The loop goes on past its limit.",
        saw="There arrived `{observed}`.",
        why="Each request is paid for, and a loop without a bound can run all night.",
        next="Count the requests, and leave the loop when `max_turns` of them have gone out.",
        where=UNSAFE,
        hints=(
            "What ends the loop when Claude never says that it is done?",
            "“What was unsafe” has a line about `while True`.",
            "`for _ in range(max_turns): …`, and an exception below the loop.",
        ),
    ),
    Diagnosis(
        "limit-silent",
        title="The limit was reached, and nobody was told.",
        saw="Your function returned `{observed}`.",
        why="The caller cannot tell an answer from the lack of one.",
        next="Raise `RuntimeError` when the requests are used up.",
        where=UNSAFE,
        hints=(
            "What does your function return when the loop has used up its requests?",
            '“What was unsafe” says what comes in the place of `return ""`.',
            "Below the loop: `raise RuntimeError(…)`",
        ),
    ),
    Diagnosis(
        "limit-other-error",
        title="At the limit comes another exception than the docstring names.",
        saw="It was `{observed}`.",
        why="The caller catches `RuntimeError`, and only that.",
        next="Raise `RuntimeError` with a text that names the limit.",
        where=UNSAFE,
    ),
    Diagnosis(
        "cut-call-run",
        title="A call that was cut off was run.",
        saw="With the `stop_reason` `max_tokens`, this was called: `{observed}`",
        why="The input ended where the limit fell: half an input can look like a whole one.",
        next='Run tools only when `stop_reason` is "tool_use".',
        where=UNSAFE,
        hints=(
            "What is the last block of a reply that ran into its limit?",
            "“What was unsafe” shows a call that was cut off.",
            "Ask for the `stop_reason` first, and for the blocks after it.",
        ),
    ),
    Diagnosis(
        "stop-ignored",
        title="The loop went on after a reply that ended otherwise.",
        saw="After `{observed}` another request arrived.",
        why="Nothing was asked for, so there is nothing to send back.",
        next="Raise `RuntimeError` for every `stop_reason` that you do not know what to do with.",
        where=UNSAFE,
    ),
    Diagnosis(
        "stop-silent",
        title="A reply that is no answer was returned as one.",
        saw="With the `stop_reason` `{observed}`, your function raised nothing.",
        why="A refusal, or a text that breaks off, would be shown as if all were well.",
        next="Raise `RuntimeError` for every reason but `end_turn` and `tool_use`.",
        where=UNSAFE,
        hints=(
            "How many reasons to stop are there, and for how many is the text an answer?",
            "“What was unsafe” has a line about the empty string at the end.",
            '`raise RuntimeError(f"… {message.stop_reason}")`',
        ),
    ),
    Diagnosis(
        "stop-other-error",
        title="For an unexpected end comes another exception than the docstring names.",
        saw="It was `{observed}`.",
        why="The caller catches `RuntimeError`, and only that.",
        next="Raise `RuntimeError` with the reason in its text.",
        where=UNSAFE,
    ),
    Diagnosis(
        "stop-unnamed",
        title="The exception does not say why the reply ended.",
        saw="It was `{observed}`.",
        why="Whoever reads the log has to know: a refusal and a limit are mended differently.",
        next="Put `message.stop_reason` into the text of the exception.",
        where=UNSAFE,
    ),
)

LOOP_MISTAKES = (*_CRASHES, *_REQUESTS, *_TOOLS, *HISTORY_MISTAKES, *_ERRORS, *_ENDINGS)
"""In the order in which a learner meets them."""
