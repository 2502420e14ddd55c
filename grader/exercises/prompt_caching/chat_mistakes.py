"""The mistakes that the check of `cached_chat` recognises."""

from __future__ import annotations

from dataclasses import replace

from grader.exams import Diagnosis
from grader.exercises.prompt_caching.lesson import ASKED, MOVES, ORDER, PREFIX
from grader.exercises.prompt_caching.mistakes import (
    CONTROL_OTHERWISE,
    FIVE,
    NOT_MARKED,
    ON_A_MESSAGE,
    ON_A_STRING,
    OTHER_LIFETIME,
    REFUSED,
    SYSTEM_IN_MESSAGES,
    SYSTEM_NOT_A_LIST,
)
from grader.exercises.shared_mistakes import first_block, no_choices, printed

MISTAKES = (
    no_choices(MOVES),
    first_block(MOVES),
    ON_A_STRING,
    ON_A_MESSAGE,
    SYSTEM_NOT_A_LIST,
    SYSTEM_IN_MESSAGES,
    replace(
        FIVE,
        title="Each turn left its breakpoint behind, and five are too many.",
        why="A request may have four of them. What is in the history is sent again each time, "
        "its old breakpoints too.",
        next="Mark what you send, and keep the turns without marks. Or let the API move it: "
        "a `cache_control` of the request itself.",
        where=MOVES,
        hints=(
            "Where are the breakpoints of the last calls now?",
            "“A breakpoint that moves along” counts them, call by call.",
            "Two lists: the turns that you return, and a copy of them with one mark, to be sent.",
        ),
    ),
    Diagnosis(
        "thinking-marked",
        title="A breakpoint stands on a `thinking` block.",
        saw="The API answers: `{observed}`",
        why="Such a block goes back as it came: it cannot be marked.",
        next="Mark the user's last block, which is behind it.",
        where=MOVES,
        crash=r"^BadRequestError: .*content\.\d+\.(thinking\.)?cache_control: Extra inputs",
    ),
    CONTROL_OTHERWISE,
    REFUSED,
    Diagnosis(
        "answer-kept",
        title="Your code answered from what it had kept; the API was not asked.",
        saw="A question that was asked before came to `{observed}` requests.",
        why="Prompt caching keeps the prompt's side of the work, never an answer. "
        "A user who asks again wants a new one.",
        next="Send a request for each question.",
        where=ASKED,
    ),
    Diagnosis(
        "hit-expected",
        title="Your code asks again because nothing was read from the cache.",
        saw="One question came to `{observed}` requests.",
        why="The first call has nothing to read, and neither has one after the lifetime. "
        "It writes, and that is as it should be.",
        next="Take the first reply as it is; `usage` is for the bill, not for control.",
        where=ASKED,
    ),
    Diagnosis(
        "requests-counted",
        title="One question is one request.",
        saw="The API got `{observed}` of them.",
        why="Each is paid for, and gets an answer of its own.",
        next="Send one request for each question, with the client that your code was given.",
        where=MOVES,
    ),
    Diagnosis(
        "not-sent-again",
        title="A cache is no memory: what is not sent, the model does not see.",
        saw="Not as it should be in a later request: `{observed}`.",
        why="The API finds a prefix again by reading it in your request. "
        "It is charged less for, and sent all the same.",
        next="Send the system prompt and all turns in every request.",
        where=ASKED,
        hints=(
            "How could the API know which conversation this is?",
            "Compare the two requests under “The same prompt, twice”: what is left out of either?",
            "`system` and `messages` are in each request, whole.",
        ),
    ),
    Diagnosis(
        "request-changed",
        title="The request is not the conversation so far, with its options.",
        saw="Otherwise than it should be: `{observed}`.",
        why="The model answers what it gets; and each change of what came before is a miss.",
        next="Send the history as it is, then the question; "
        "`system`, `model` and `max_tokens` as given.",
        where=PREFIX,
        hints=(
            "Which of the function's arguments does your request not use?",
            "The signature has two options with defaults, and the caller may set both.",
            "`create(model=model, max_tokens=max_tokens, system=system, messages=…)`",
        ),
    ),
    printed(MOVES),
    Diagnosis(
        "not-a-pair",
        title="The function should return two things.",
        saw="It returned `{observed}`.",
        why="The caller shows the text, and sends the new history along next time.",
        next="End with `return`, the text, a comma, and the new list.",
        where=MOVES,
    ),
    NOT_MARKED,
    Diagnosis(
        "never-hits",
        title="The second call does not read what the first one wrote.",
        saw="It came to: `{observed}`.",
        why="Only a prefix that is the same to the last character is found again.",
        next="Look at where the breakpoint of the first request stands, "
        "and whether the second one begins with all before it.",
        where=ORDER,
    ),
    OTHER_LIFETIME,
    Diagnosis(
        "breakpoint-stands",
        title="The system prompt is cached, and the conversation is not.",
        saw="A later call read `{observed}` tokens that it could have read.",
        why="The history grows, and each turn of it is paid in full in every later call.",
        next="Let a breakpoint move along with the last message.",
        where=MOVES,
        hints=(
            "Which part of this request grows from call to call?",
            "“A breakpoint that moves along” prints what each call reads and writes.",
            '`client.messages.create(…, cache_control={"type": "ephemeral"})`',
        ),
    ),
    Diagnosis(
        "breakpoint-behind",
        title="The breakpoint is not at the end of what was sent.",
        saw="A later call read `{observed}` tokens that it could have read.",
        why="What stands behind the last breakpoint is not kept, and the next call sends it again.",
        next="Mark the last block of the last message: the new question.",
        where=MOVES,
        hints=(
            "Which block comes last in what you send?",
            "“A breakpoint that moves along” marks the newest question.",
            '`{"type": "text", "text": user_input, "cache_control": …}`, in what you send only.',
        ),
    ),
    Diagnosis(
        "other-text",
        title="The first of the two is not the reply's text.",
        saw="It is `{observed}`.",
        why="The caller shows it to a person: a `str`, all of it and nothing else.",
        next="Join the text of the blocks whose type is `text`.",
        where=MOVES,
    ),
    Diagnosis(
        "question-forgotten",
        title="The question is missing from the new history.",
        saw="It ends with the role `{observed}`, and your user's turn is not before it.",
        why="The next request then goes on otherwise than this one, and reads less of it.",
        next="Put the user's turn into the new list too.",
        where=MOVES,
    ),
    Diagnosis(
        "reply-forgotten",
        title="The reply is missing from the new history.",
        saw="It ends with the role `{observed}`.",
        why="Next time the model reads two questions, and answers the first one again.",
        next="Put the assistant's turn behind the question.",
        where=MOVES,
    ),
    Diagnosis(
        "text-for-blocks",
        title="The reply went into the history without all of its blocks.",
        saw="It began with a `thinking` block; what was kept of it is `{observed}`.",
        why="The model goes on from its blocks, and the text is only what a person reads.",
        next="Keep the whole of `message.content`, as it came.",
        where=MOVES,
        hints=(
            "Which blocks did the reply have, and which has your turn?",
            "`talk`, under “A breakpoint that moves along”, shows what goes into its history.",
            '`{"role": "assistant", "content": message.content}`',
        ),
    ),
    Diagnosis(
        "history-otherwise",
        title="The new history is not what was said.",
        saw="It ends with `{observed}`.",
        why="The caller sends it next time: every turn, in order, nothing else.",
        next="Return the turns so far, then the question as `user` and the reply as `assistant`.",
        where=MOVES,
    ),
    Diagnosis(
        "mutated",
        title="Your function changed the caller's list, or a turn in it.",
        saw="Its turns after the call: `{observed}`.",
        why="Whoever kept it, to try again or to branch off, has another one now; "
        "and a mark that is put into a turn stays there.",
        next="Build a new list, and put marks only on blocks that you made.",
        where=MOVES,
        hints=(
            "Who else holds the list that you were given, and the dicts in it?",
            "`list(messages)` is a new list of the same turns.",
            "Mark the new question, which is yours, or the request itself.",
        ),
    ),
    Diagnosis(
        "empty-crash",
        title="A reply without content stopped your code.",
        saw="For `content == []` it came to this: `{observed}`",
        why="Empty replies happen, and a conversation should outlive one.",
        next='Return `""` and the turns so far when the reply has no content.',
        where=MOVES,
    ),
    Diagnosis(
        "empty-stored",
        title="A reply without content changed the history.",
        saw="It ends with `{observed}`.",
        why="The API refuses an empty turn in every later call, "
        "and a question without an answer is merged with the next one.",
        next="Return the turns as they were before the question.",
        where=MOVES,
        hints=(
            "What would the next request look like with this history?",
            "The docstring says what a reply without content gives.",
            '`if not message.content: return "", …`, before the history grows.',
        ),
    ),
)
