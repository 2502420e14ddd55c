"""The mistakes that the check of `add_cache` recognises."""

from __future__ import annotations

from dataclasses import replace

from grader.exams import Diagnosis
from grader.exercises.prompt_caching.lesson import ASKED, ORDER
from grader.exercises.prompt_caching.mistakes import (
    CONTROL_OTHERWISE,
    FIVE,
    NOT_MARKED,
    ON_A_MESSAGE,
    ON_A_STRING,
    OTHER_LIFETIME,
    REFUSED,
    SYSTEM_NOT_A_LIST,
)
from grader.exercises.shared_mistakes import printed

_WHERE_MARKED = (
    "In how many places may a breakpoint be?",
    "The table under “What comes first” lists them.",
    '`"cache_control" in json.dumps(request)` finds it wherever it is.',
)

BLOCKS_AS_TEXT = Diagnosis(
    "blocks-as-text",
    title="The system prompt was a list of blocks already, and became the text of one.",
    saw="The API answers: `{observed}`",
    why="`system` may be a string or a list of blocks; only a string is the text of a new block.",
    next="Ask `isinstance(…, str)` first. Of a list, mark the last block.",
    where=ASKED,
    hints=(
        "Which two types may `system` have?",
        "“The same prompt, twice” shows one request with each.",
        '`[*blocks[:-1], {**blocks[-1], "cache_control": …}]`',
    ),
    crash=r"^BadRequestError: .*system\.\d+\.text: Input should be a valid string",
)

MISTAKES = (
    ON_A_STRING,
    Diagnosis(
        "string-read",
        title="Your code reads a string as if it were a block.",
        saw="Python says: `{observed}`",
        why="A system prompt and the content of a message may be a string or a list of blocks.",
        next="Ask `isinstance(…, str)` first; a string has no breakpoint.",
        where=ASKED,
        crash=r"^AttributeError: 'str' object has no attribute '(get|items|keys|values)'"
        r"|^TypeError: string indices must be integers",
    ),
    Diagnosis(
        "part-expected",
        title="Your code expects a part that this request does not have.",
        saw="Python says: `{observed}`",
        why="A request may come without tools, and without a system prompt.",
        next="Look both of them up in a way that allows for their absence.",
        where=ORDER,
        hints=(
            "Which keys does the smallest request have?",
            "“What comes first” lists three parts. Which of them must be there?",
            '`if request.get("system"): … elif request.get("tools"): …`',
        ),
        crash=r"^KeyError: '(system|tools|cache_control)'|^IndexError"
        r"|^TypeError: 'NoneType' object|^TypeError: object of type 'NoneType'"
        r"|^TypeError: can only concatenate list \(not \"NoneType",
    ),
    printed(ASKED),
    Diagnosis(
        "not-a-dict",
        title="The function should return a request.",
        saw="It returned `{observed}`.",
        why="The caller sends it with `client.messages.create(**request)`.",
        next="Return the new dict, also when there was nothing to change.",
        where=ASKED,
    ),
    Diagnosis(
        "mutated",
        title="Your function changed the caller's request.",
        saw="After the call the caller's own request has `{observed}`.",
        why="Called twice on the same request it would find a mark of its own, "
        "and who compares the two sees no difference.",
        next="Make a new dict, and new lists and blocks where you change something.",
        where=ASKED,
        hints=(
            "How many levels deep is the block that you mark? And your copy?",
            "`dict(request)` copies the outer dict only. Its lists are still the caller's.",
            '`{**block, "cache_control": …}` makes a new block; `copy.deepcopy` copies all.',
        ),
    ),
    ON_A_MESSAGE,
    SYSTEM_NOT_A_LIST,
    BLOCKS_AS_TEXT,
    replace(
        FIVE,
        title="A request that had four breakpoints got a fifth.",
        why="Four is the most that a request may have, and whoever marked it chose the places.",
        next="Look for `cache_control` first, and return a request that has one as it is.",
        hints=_WHERE_MARKED,
    ),
    CONTROL_OTHERWISE,
    REFUSED,
    NOT_MARKED,
    Diagnosis(
        "automatic",
        title="Automatic caching marks the last block, and that is the question.",
        saw="The second call came to: `{observed}`.",
        why="What was kept ends with the first question, and the second request goes on otherwise. "
        "It is made for conversations, which go on from where they were.",
        next="Put the breakpoint on a block of your own choice: the last one that stays the same.",
        where=ORDER,
        hints=(
            "Which block is the last one of the whole request?",
            "The table under “What comes first” says what each place covers.",
            '`request["system"]` becomes a list, and its last block has `cache_control`.',
        ),
    ),
    Diagnosis(
        "question-marked",
        title="The breakpoint comes after the part that changes.",
        saw="It stands at `{observed}`.",
        why="What is kept has the question in it, and no other question begins that way.",
        next="Mark the end of the system prompt, or of the tools, and not the messages.",
        where=ORDER,
        hints=(
            "Which part of this request will be another one next time?",
            "“What comes first” shows what a breakpoint covers: all that is before it.",
            '`request["system"]` is what to work on, and `messages` stays as it is.',
        ),
    ),
    OTHER_LIFETIME,
    Diagnosis(
        "half-marked",
        title="The breakpoint is not behind all that stays the same.",
        saw="Where it stands, and what the second call read of what it could: `{observed}` tokens.",
        why="A breakpoint covers what is before it and its own block, and nothing behind it.",
        next="Move it to the last block of the system prompt, or to the last tool without one.",
        where=ORDER,
        hints=(
            "What comes last among the things that stay the same?",
            "“What comes first” gives the order: tools, system, messages.",
            '`[*blocks[:-1], {**blocks[-1], "cache_control": …}]`',
        ),
    ),
    Diagnosis(
        "question-written",
        title="The question is cached too, and nobody will read it.",
        saw="The breakpoints are at `{observed}`.",
        why="Each call pays for the write again: a quarter more than the plain price.",
        next="Leave one breakpoint, behind the system prompt.",
        where=ORDER,
    ),
    Diagnosis(
        "marked-again",
        title="A request that had a breakpoint got another one.",
        saw="Now there are: `{observed}`.",
        why="Whoever marked it chose the place, and there may be four in all.",
        next="Look for `cache_control` first: on tools, in the system prompt, "
        "in the messages, at the top level.",
        where=ORDER,
        hints=_WHERE_MARKED,
    ),
    Diagnosis(
        "nothing-to-cache",
        title="There is nothing to cache, and the request got a breakpoint.",
        saw="It stands at `{observed}`.",
        why="Without tools and a system prompt only the question is left, "
        "which is another one next time.",
        next="Return such a request as it is.",
        where=ORDER,
    ),
    Diagnosis(
        "mark-lost",
        title="A breakpoint that was there is gone, or somewhere else.",
        saw="It was at `{observed}`.",
        why="Whoever marked the request chose the place.",
        next="Return such a request as it is.",
        where=ORDER,
    ),
    Diagnosis(
        "prompt-changed",
        title="The request changed by more than a breakpoint.",
        saw="Other than before: `{observed}`.",
        why="The model should be asked the same as before, only for less.",
        next="Copy all of the request, and add nothing but `cache_control`.",
        where=ASKED,
    ),
)
