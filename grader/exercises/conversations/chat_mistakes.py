"""The mistakes that the check of `chat` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.conversations.lesson import EMPTY, FORGETS, REPLY, VALUE
from grader.exercises.conversations.mistakes import (
    EMPTY_STORED,
    FIRST_BLOCK,
    OPTIONS_LOST,
    QUESTION_NOT_SENT,
    REFUSED,
    REQUESTS_COUNTED,
    SYSTEM_NULL,
    text_for_blocks,
)
from grader.exercises.shared_mistakes import printed

MISTAKES = (
    Diagnosis(
        "system-in-history",
        title="The system prompt is among the messages.",
        saw="It shows here: `{observed}`",
        why="It is no turn of the conversation, and the API takes none of that role first.",
        next="Pass it as `system=…`, and keep it out of the history.",
        where=REPLY,
        hints=(
            "Who speaks in a conversation here, and who does not?",
            "Look at the request under “The whole reply goes back”: where is its `system`?",
            "`client.messages.create(system=system, messages=…)`",
        ),
        crash=r"^BadRequestError: .*(use the top-level 'system' parameter|role 'system')",
    ),
    FIRST_BLOCK,
    SYSTEM_NULL,
    EMPTY_STORED,
    REFUSED,
    REQUESTS_COUNTED,
    QUESTION_NOT_SENT,
    Diagnosis(
        "history-not-sent",
        title="The earlier turns stayed at home.",
        saw="The request had `{observed}` message, the new question.",
        why="The API keeps nothing between calls: what you do not send, the model never heard.",
        next="Send the turns so far, with the question behind them.",
        where=FORGETS,
        hints=(
            "How could the model know what was said a minute ago?",
            "Compare the two calls under “Every request starts from nothing”.",
            "`messages + [the new question]`",
        ),
    ),
    Diagnosis(
        "history-changed",
        title="The earlier turns did not reach the API as they were.",
        saw="They arrived as `{observed}`.",
        why="The model takes the history for what was said, and builds on it.",
        next="Send the turns as your function was given them.",
        where=FORGETS,
    ),
    OPTIONS_LOST,
    printed(REPLY),
    Diagnosis(
        "not-a-pair",
        title="The function should return two things.",
        saw="It returned `{observed}`.",
        why="The caller shows the text, and sends the new history along next time.",
        next="End with `return`, the text, a comma, and the new list.",
        where=VALUE,
    ),
    Diagnosis(
        "other-text",
        title="The first of the two is not the reply's text.",
        saw="It is `{observed}`.",
        why="The caller shows it to a person: a `str`, all of it and nothing else.",
        next="Join the text of the blocks whose type is `text`.",
        where=REPLY,
    ),
    Diagnosis(
        "message-stored",
        title="A whole `Message` object is in the history.",
        saw="The last item is `{observed}`.",
        why="A turn is a dict with role and content. "
        "The reply has more, such as its id, and the API refuses that: 400, extra inputs.",
        next="Store its role and its content only.",
        where=REPLY,
        hints=(
            "Which keys does a turn have?",
            "“The whole reply goes back” shows a turn made from a reply.",
            '`{"role": "assistant", "content": …}`, with the content of the message.',
        ),
    ),
    Diagnosis(
        "block-stored",
        title="The content of the reply's turn is one block, and should be a list.",
        saw="The last item is `{observed}`.",
        why="Content is a text or a list of blocks, and the API refuses anything else.",
        next="Store the list of blocks as it came, not one of them.",
        where=REPLY,
    ),
    Diagnosis(
        "history-dropped",
        title="The earlier turns are missing from the new history.",
        saw="Your function was given `{observed}` turns, and returned two others.",
        why="The caller sends the new list next time, and nothing else.",
        next="Begin the new list with the turns so far.",
        where=VALUE,
    ),
    Diagnosis(
        "question-forgotten",
        title="The question is missing from the new history.",
        saw="It ends with the role `{observed}`, and your user's turn is not before it.",
        why="Next time the model reads an answer, and not what it was an answer to.",
        next="Put the user's turn into the new list too.",
        where=VALUE,
    ),
    Diagnosis(
        "reply-forgotten",
        title="The reply is missing from the new history.",
        saw="It ends with the role `{observed}`.",
        why="Nobody complains: the API merges the two questions, "
        "and the model answers the first one again.",
        next="Put the assistant's turn behind the question.",
        where=EMPTY,
        hints=(
            "Who remembers what the model said?",
            "“What is refused, and what is not” sends two questions in a row. What happens?",
            "The new list is the turns so far, then the question, then the reply.",
        ),
    ),
    text_for_blocks(REPLY),
    Diagnosis(
        "history-otherwise",
        title="The new history is not what was said.",
        saw="Its turns are `{observed}`.",
        why="The model takes it for the conversation: every turn, in order, nothing else.",
        next="Return the turns so far, then the question as `user` and the reply as "
        "`assistant`; after an empty reply the turns so far.",
        where=VALUE,
    ),
    Diagnosis(
        "mutated",
        title="Your function changed the caller's list.",
        saw="After the call it had `{observed}` messages.",
        why="Whoever kept the list from before, to try again or to branch off, has it no more.",
        next="Build a new list, and leave the one you were given alone.",
        where=VALUE,
        hints=(
            "Who else may hold the list that you were given?",
            "Look at the two names under “A history is a value”: how many lists are there?",
            "`messages + […]` makes a new list; `append` and `+=` do not.",
        ),
    ),
    Diagnosis(
        "empty-crash",
        title="A reply without content stopped your code.",
        saw="For `content == []` it came to this: `{observed}`",
        why="Empty replies happen, and a conversation should outlive one.",
        next='Return `""` and the turns so far when the reply has no content.',
        where=EMPTY,
    ),
    Diagnosis(
        "question-left",
        title="A question that got no answer is still in the history.",
        saw="After an empty reply it ends with the role `{observed}`.",
        why="The API would merge it with the next question, and the model answers both.",
        next="Return the turns as they were before the question.",
        where=EMPTY,
    ),
)
