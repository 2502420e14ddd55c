"""What may be wrong with how `run_agent` ends: its status, its text, its messages, its limit."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.agents.lesson import LOOP
from grader.exercises.shared_mistakes import printed

_RESULTS = (
    printed(LOOP),
    Diagnosis(
        "not-a-result",
        title="The function should return an `AgentResult`.",
        saw="It returned `{observed}`.",
        why="A text alone does not say whether it is an answer, half of one, or a refusal.",
        next="Return `AgentResult(status, text, messages)` on every way out.",
        where=LOOP,
    ),
    Diagnosis(
        "other-status",
        title="The run ended well, and its status says otherwise.",
        saw="It went like this: `{observed}`.",
        why="The caller shows the text when the status is `done`, and only then.",
        next="Give `end_turn` and `stop_sequence` the status `done`.",
        where=LOOP,
    ),
    Diagnosis(
        "only-one-text",
        title="Only a part of the answer came back.",
        saw="The last reply had two text blocks, and the text is `{observed}`.",
        why="A reply may hold its text in several blocks.",
        next="Join the text of all text blocks of the last reply.",
        where=LOOP,
    ),
    Diagnosis(
        "other-answer",
        title="The text is not that of the last reply.",
        saw="It is `{observed}`.",
        why="The caller shows it to a user: the last reply, whole, and nothing from the way to it.",
        next="Join the text blocks of the reply that ended the run.",
        where=LOOP,
    ),
    Diagnosis(
        "empty-crash",
        title="A last reply without text stopped your code.",
        saw="For such a reply it came to this: `{observed}`",
        why="After a tool has done its work Claude may have nothing to add: `content` is `[]`.",
        next='Return `""` then: `"".join(…)` of no pieces is that.',
        where=LOOP,
    ),
)

_CUTS = (
    Diagnosis(
        "cut-call-run",
        title="A call that was cut off was run.",
        saw="With `stop_reason` `max_tokens` the tool was called with `{observed}`.",
        why="The input ended where the limit fell: half an input can look like a whole one.",
        next='Run tools only when `stop_reason` is "tool_use".',
        where=LOOP,
        hints=(
            "What is the last block of a reply that ran into its limit?",
            "“One loop for every ending” prints a call that was cut off. What is missing in it?",
            "Ask for the `stop_reason` first, and for the blocks after it.",
        ),
    ),
    Diagnosis(
        "cut-goes-on",
        title="The run went on after a reply that was cut off.",
        saw="After `{observed}` another request arrived.",
        why="The same limit cuts the next reply too, and nobody asked for one.",
        next='Return with the status "max_tokens".',
        where=LOOP,
    ),
    Diagnosis(
        "cut-raised",
        title="A reply that was cut off is an ending, not an exception.",
        saw="Your code stopped with `{observed}`",
        why="The caller wants to know what came so far, and how to go on: that is what the "
        "status is for.",
        next='Return an `AgentResult` with the status "max_tokens".',
        where=LOOP,
    ),
    Diagnosis(
        "cut-as-done",
        title="A reply that was cut off was passed on as something else.",
        saw="It went like this: `{observed}`.",
        why="Your limit, or a full context window, ended it: the rest of the answer is missing.",
        next='Give `max_tokens` and `model_context_window_exceeded` the status "max_tokens".',
        where=LOOP,
        hints=(
            "How many stop reasons mean that something is missing at the end?",
            "The table under “One loop for every ending” has a status for each.",
            "A dict from stop reason to status, and one lookup.",
        ),
    ),
)

_REFUSALS = (
    Diagnosis(
        "refusal-retried",
        title="A refusal was asked again.",
        saw="After the refusal `{observed}` more requests arrived.",
        why="The same request is refused again, and paid for again, for ever.",
        next='Return with the status "refusal", after the first one.',
        where=LOOP,
        hints=(
            "What would be different the second time?",
            "The table under “One loop for every ending” says which endings go round again.",
            '`if reply.stop_reason == "refusal": return …`',
        ),
    ),
    Diagnosis(
        "refusal-raised",
        title="A refusal is an ending, not an exception.",
        saw="Your code stopped with `{observed}`",
        why="Refusals belong to normal work: the caller tells the user, and the program lives on.",
        next='Return an `AgentResult` with the status "refusal"; its content may be empty.',
        where=LOOP,
    ),
    Diagnosis(
        "refusal-as-done",
        title="A refusal was passed on as something else.",
        saw="It went like this: `{observed}`.",
        why="The user would get an empty answer, or half of one, as if all were well.",
        next='Give `refusal` the status "refusal".',
        where=LOOP,
    ),
)

_LIMITS = (
    Diagnosis(
        "limit-early",
        title="The run gave up with a turn to spare.",
        saw="The answer was due within `max_turns`, and it came to this: `{observed}`",
        why="A limit that is one too small looks like a failure that comes and goes.",
        next="Send up to `max_turns` requests, and look at the last reply before you give up.",
        where=LOOP,
    ),
    Diagnosis(
        "limit-ignored",
        title="The run goes on past its limit.",
        saw="There arrived `{observed}`.",
        why="A model that asks again and again is rare, paid for by the turn, and never noticed.",
        next="Count every request, resumed turns too, and stop after `max_turns` of them.",
        where=LOOP,
        hints=(
            "What ends the loop when Claude never says that it is done?",
            "“One loop for every ending” counts turns. Which kinds of turn does it count?",
            "One `for` over `range(max_turns)`, and no second loop inside.",
        ),
    ),
    Diagnosis(
        "limit-raised",
        title="The limit is an ending, not an exception.",
        saw="Your code stopped with `{observed}`",
        why="The caller decides whether to go on: it needs the messages so far.",
        next='Return an `AgentResult` with the status "turn_limit", below the loop.',
        where=LOOP,
    ),
    Diagnosis(
        "limit-as-done",
        title="The limit was reached, and the status does not say so.",
        saw="It went like this: `{observed}`.",
        why="The caller cannot tell an answer from the lack of one.",
        next='Return the status "turn_limit" when the turns are used up.',
        where=LOOP,
    ),
)

_MESSAGES = (
    Diagnosis(
        "mutated",
        title="Your function changed the caller's request.",
        saw="After the call its `messages` were `{observed}`.",
        why="The caller may run it again, or log it, and finds another conversation.",
        next="Grow a list of your own, that begins with a copy of the caller's.",
        where=LOOP,
        hints=(
            "Whose list is it that you append to?",
            "“One loop for every ending” copies the messages before it starts.",
            '`list(request["messages"])`, or `[*messages, …]` each time.',
        ),
    ),
    Diagnosis(
        "messages-partial",
        title="The result does not hold the conversation from its start.",
        saw="Its `messages` are `{observed}`.",
        why="The caller goes on from them, and the API remembers nothing.",
        next="Return the list that you sent last, with what came after it.",
        where=LOOP,
    ),
    Diagnosis(
        "answer-not-kept",
        title="The last reply is not in the conversation.",
        saw="The last of its `messages` is `{observed}`.",
        why="Asked a second question, Claude would not know what it has answered.",
        next="Append the last reply too, as `assistant`, when the run is done.",
        where=LOOP,
    ),
    Diagnosis(
        "limit-unanswered",
        title="The run ended at its limit with calls that nobody answered.",
        saw="The API's answer to the conversation that came back is: `{observed}`",
        why="Every call needs its result in the next message, also the call of the last reply.",
        next="Run the calls of the last reply too and append their results, then return.",
        where=LOOP,
        hints=(
            "What does the API wait for after a turn that asks for tools?",
            "The last row of the table in “One loop for every ending” says it.",
            "Return `turn_limit` after the loop, when the results are in `messages`.",
        ),
    ),
    Diagnosis(
        "messages-poisoned",
        title="Nobody can go on from the conversation that came back.",
        saw="The API's answer to the next message is: `{observed}`",
        why="A turn that is empty, or has a call that nobody answered, spoils every later request.",
        next="Leave out the turn of a reply that was cut off or refused, and an empty one.",
        where=LOOP,
        hints=(
            "Would you send this list again, with one more question at its end?",
            "“One loop for every ending” says which turns belong into `messages`.",
            "Append the turn after you have looked at its stop reason, not before.",
        ),
    ),
    Diagnosis(
        "refused",
        title="The API refused a request of your run.",
        saw="It answered: `{observed}`",
        why="A loop is right when each of its requests is accepted.",
        next="Open the requests below; the path before the colon names the part to mend.",
        where=LOOP,
    ),
)

ENDING_MISTAKES = (*_RESULTS, *_CUTS, *_REFUSALS, *_LIMITS, *_MESSAGES)
"""In the order in which a learner meets them."""
