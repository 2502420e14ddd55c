"""What is wrong with how a bot ends: in trouble, and at its limit."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.production.bot_hints import ANSWER, ENDINGS, ERRORS_PASS, LIMIT
from grader.exercises.production.lesson import PORT

TROUBLES = (
    Diagnosis(
        "error-swallowed",
        title="A stream broke off, and the caller was not told.",
        saw="`ask` returned `{observed}`.",
        why="Half an answer looks like an answer.",
        next="Let the SDK's exception pass.",
        where=PORT,
        hints=ERRORS_PASS,
    ),
    Diagnosis(
        "refusal-as-answer",
        title="A refusal was returned as if it were an answer.",
        saw="`ask` returned `{observed}`.",
        why="What came before a refusal is not to be used, and may be nothing.",
        next="Raise `RuntimeError` for each stop reason that the docstring does not name.",
        where=PORT,
        hints=ENDINGS,
    ),
    Diagnosis(
        "cut-as-answer",
        title="A reply that was cut off was returned as if it were an answer.",
        saw="`ask` returned `{observed}`.",
        why="The limit ended it, and what is missing nobody sees.",
        next="Raise `RuntimeError` for each stop reason that the docstring does not name.",
        where=PORT,
        hints=ENDINGS,
    ),
    Diagnosis(
        "cut-call-run",
        title="A call that was cut off was run.",
        saw="With the stop reason `max_tokens` the tool was called with `{observed}`.",
        why="Half an input can look like a whole one.",
        next='Run tools only when `stop_reason` is "tool_use".',
        where=PORT,
        hints=ENDINGS,
    ),
    Diagnosis(
        "trouble-retried",
        title="After trouble another request was sent.",
        saw="It was sent after `{observed}`.",
        why="The customer has seen half of an answer already, and a refusal comes again.",
        next="Raise, and leave it to the caller whether to ask again.",
        where=PORT,
        hints=ERRORS_PASS,
    ),
    Diagnosis(
        "other-exception",
        title="The caller expects a `RuntimeError`.",
        saw="It came to this: `{observed}`",
        why="The docstring promises it, and the shop catches that one.",
        next="Raise `RuntimeError`, with words that name the stop reason.",
        where=PORT,
        hints=ENDINGS,
    ),
    Diagnosis(
        "half-turn-kept",
        title="A question without an answer stayed in the conversation.",
        saw="`messages` changed after `{observed}`.",
        why="The next question would follow one that was never answered, or calls without results.",
        next="Work on a list of your own, and set `self.messages` when the answer is there.",
        where=PORT,
        hints=(
            "What should the conversation look like after a question that failed?",
            "Find the line in the old bot that adds the question. What comes after it?",
            '`messages = [*self.messages, {"role": "user", "content": text}]`',
        ),
    ),
    Diagnosis(
        "cut-kept",
        title="After a question that failed, turns before it were gone.",
        saw="`messages` has fewer turns after `{observed}`.",
        why="They were left out so that one request would fit. When that fails, nothing happened, "
        "and the next question may have room for them.",
        next="Shorten a list of your own, and set `self.messages` only when the answer is there.",
        where=PORT,
        hints=(
            "Which list do you shorten, and who takes the old one back after an error?",
            "The table under “The port” says when `messages` changes.",
            '`messages = [*self.messages, {"role": "user", "content": text}]`, and shorten that',
        ),
    ),
    Diagnosis(
        "empty-crash",
        title="An empty reply stopped the bot.",
        saw="It came to this: `{observed}`",
        why="Claude may have nothing to say: the reply has no block, and its end is `end_turn`.",
        next='Return `""` then: `"".join(…)` of no pieces is that.',
        where=PORT,
        hints=ANSWER,
    ),
    Diagnosis(
        "endless-tools",
        title="One question may go on for ever.",
        saw="`{observed}` requests arrived for it.",
        why="A model that calls the same tool again and again costs money until somebody looks.",
        next="Make it a `for` over `range(8)`, and raise `RuntimeError` after it.",
        where=PORT,
        hints=LIMIT,
    ),
    Diagnosis(
        "gave-up-early",
        title="The bot gave up before the limit.",
        saw="`{observed}` requests arrived for a question that needed more.",
        why="Eight are allowed, and a customer's errand may need them.",
        next="Send up to 8 requests, and look at the last reply before you give up.",
        where=PORT,
        hints=LIMIT,
    ),
    Diagnosis(
        "limit-as-answer",
        title="At its limit the bot returned something as if it were an answer.",
        saw="`ask` returned `{observed}`.",
        why="The customer's errand is not done, and nobody is told.",
        next="Raise `RuntimeError` after the loop.",
        where=PORT,
        hints=LIMIT,
    ),
)
