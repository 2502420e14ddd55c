"""The mistakes that the check of `continue_reply` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.conversations.lesson import CUT, EMPTY, VALUE
from grader.exercises.conversations.mistakes import (
    EMPTY_STORED,
    FIRST_BLOCK,
    REFUSED,
    text_for_blocks,
)
from grader.exercises.shared_mistakes import printed

MISTAKES = (
    Diagnosis(
        "prefill",
        title="The conversation that you send ends with the reply's own turn.",
        saw="The API answers: `{observed}`",
        why="Newer models take no answer begun for them: somebody has to ask.",
        next="Put a user's turn behind it that asks to go on.",
        where=CUT,
        hints=(
            "Whose turn is it after the assistant's?",
            "Read the 400 under “Cut off, and go on”: how must a conversation end?",
            "Two turns follow what you sent: the reply's, and a user's that asks to go on.",
        ),
        crash=r"^BadRequestError: .*assistant message prefill",
    ),
    FIRST_BLOCK,
    EMPTY_STORED,
    REFUSED,
    printed(CUT),
    Diagnosis(
        "no-request",
        title="The client that your function was given sent nothing.",
        saw="Your function returned `{observed}` all the same.",
        why="The request's answer is what the whole function is about.",
        next="Call `client.messages.create(**request)`, on the argument `client`.",
        where=CUT,
    ),
    Diagnosis(
        "goes-on-anyway",
        title="A reply that was not cut off is followed by another request.",
        saw="After `{observed}` your function asked to go on.",
        why="Only `max_tokens` says that the end is missing. "
        "Whoever goes on after another reason pays for words that nobody needs.",
        next="Go on only while `stop_reason` is `max_tokens`.",
        where=CUT,
        hints=(
            "Which stop reason says that the limit was reached?",
            "The demo cells under “Cut off, and go on” print it.",
            '`if message.stop_reason != "max_tokens": …`',
        ),
    ),
    Diagnosis(
        "request-changed",
        title="The first request is not the one that your function was given.",
        saw="These of its parts arrived otherwise: `{observed}`.",
        why="The caller chose the model, the limit and the words.",
        next="Send it as it is: `client.messages.create(**request)`.",
        where=CUT,
    ),
    Diagnosis(
        "not-continued",
        title="A reply that was cut off came back as if it were whole.",
        saw="Its stop reason was `max_tokens`, and your function sent `{observed}` request.",
        why="Half an answer looks like an answer, and nobody is told.",
        next="Look at `stop_reason`, and ask for the rest when it is `max_tokens`.",
        where=CUT,
    ),
    Diagnosis(
        "asked-again",
        title="The same request was sent again.",
        saw="The second one had `{observed}` messages, as many as the first.",
        why="The API keeps nothing: it begins a new answer, and cuts that off too.",
        next="Add the reply's turn to what you send, and then a user's turn.",
        where=CUT,
    ),
    Diagnosis(
        "partial-dropped",
        title="The model is asked to go on, and does not see with what.",
        saw="The turns that followed have the roles `{observed}`.",
        why="The API keeps nothing, so the piece that came before has to be sent.",
        next="Put the reply's turn before the user's.",
        where=CUT,
    ),
    text_for_blocks(CUT),
    Diagnosis(
        "turns-otherwise",
        title="What was sent after a cut is not the conversation so far.",
        saw="Its turns are `{observed}`.",
        why="Each request repeats the one before it, "
        "with the reply as it came and a user's turn behind.",
        next="Build the messages from the last request's, not from scratch.",
        where=CUT,
    ),
    Diagnosis(
        "parameters-lost",
        title="The requests after the first lack something of it.",
        saw="These parts arrived otherwise: `{observed}`.",
        why="The API keeps no parameter either: "
        "without its system prompt the model goes on as somebody else.",
        next="Send all of the request each time, with other messages.",
        where=CUT,
        hints=(
            "What does a request hold besides `messages`?",
            "“Every request starts from nothing” is true of the system prompt as well.",
            '`{**request, "messages": messages}`',
        ),
    ),
    Diagnosis(
        "doubled",
        title="A piece of the text is in there twice.",
        saw="Your function returned `{observed}`.",
        why="The model does not repeat what it said: each reply brings the next piece only.",
        next="Take each reply's own text once, and join the pieces at the end.",
        where=CUT,
    ),
    Diagnosis(
        "pieces-lost",
        title="Some of the text is missing.",
        saw="The reply came in three pieces, and your function returned `{observed}`.",
        why="Each reply brings the next piece only.",
        next="Collect the text of each reply, and join the pieces at the end.",
        where=CUT,
    ),
    Diagnosis(
        "joined-otherwise",
        title="The pieces are not joined as they came.",
        saw="Your function returned `{observed}`.",
        why="The limit cuts anywhere, also within a word.",
        next='Join the pieces with nothing between: `"".join(…)`.',
        where=CUT,
    ),
    Diagnosis(
        "other-text",
        title="What came back is not the text of the replies.",
        saw="Your function returned `{observed}`.",
        why="The caller wants a `str`: the words as the model wrote them.",
        next="Return the text of all replies, joined.",
        where=CUT,
    ),
    Diagnosis(
        "unbounded",
        title="The limit on rounds is not kept.",
        saw="It sent `{observed}`.",
        why="Each request sends everything again and is paid for: "
        "a loop without a bound spends without one.",
        next="Count the requests, the first one too, and stop at `max_rounds`.",
        where=CUT,
        hints=(
            "What would end your loop if the model never came to an end?",
            "The docstring says what `max_rounds` counts.",
            "`for _ in range(max_rounds): …`",
        ),
    ),
    Diagnosis(
        "gave-up-early",
        title="Your function stopped before the last round.",
        saw="It sent `{observed}`, and the reply was still cut off.",
        why="The caller allows so many rounds in order to get the whole text.",
        next="Count the first request as one round, and use them all when needed.",
        where=CUT,
    ),
    Diagnosis(
        "bound-crash",
        title="At the last round your code stopped with an error.",
        saw="With every reply cut off it came to this: `{observed}`",
        why="The docstring promises the text so far, and half a text is better than none.",
        next="Return what you have when the rounds are used up.",
        where=CUT,
    ),
    Diagnosis(
        "no-text-goes-on",
        title="A reply without text was followed by another request.",
        saw="After a reply with the blocks `{observed}` your function asked to go on.",
        why="Where one round brought nothing, the next one is likely to bring nothing too.",
        next="Stop when a reply has no text.",
        where=EMPTY,
    ),
    Diagnosis(
        "no-text-crash",
        title="A reply without text stopped your code.",
        saw="After a piece of text came a reply without any, and then this: `{observed}`",
        why="The docstring promises the text so far.",
        next="Return what you have when a reply brings no text.",
        where=EMPTY,
    ),
    Diagnosis(
        "mutated",
        title="Your function changed the caller's request.",
        saw="Its messages after the call: `{observed}`.",
        why="Whoever sends it again sends your turns along.",
        next='Make a list of your own first: `messages = list(request["messages"])`.',
        where=VALUE,
        hints=(
            'Whose list is `request["messages"]`?',
            "Look at the two names under “A history is a value”: how many lists are there?",
            '`request = {**request, "messages": [*request["messages"], …]}`',
        ),
    ),
)
