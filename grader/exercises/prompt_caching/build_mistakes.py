"""The mistakes that the check of `build_request` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.prompt_caching.lesson import ORDER, PREFIX, SILENT
from grader.exercises.prompt_caching.mistakes import (
    CONTROL_OTHERWISE,
    FIVE,
    NOT_MARKED,
    ON_A_MESSAGE,
    ON_A_STRING,
    REFUSED,
    SYSTEM_IN_MESSAGES,
    SYSTEM_NOT_A_LIST,
)
from grader.exercises.shared_mistakes import printed

MISTAKES = (
    ON_A_STRING,
    Diagnosis(
        "dicts-compared",
        title="Python cannot tell which of two tools comes first.",
        saw="Python says: `{observed}`",
        why="Dicts have no order of their own.",
        next="Sort by something that each tool has once: its name.",
        where=PREFIX,
        crash=r"^TypeError: '<' not supported between instances of 'dict'",
    ),
    printed(PREFIX),
    Diagnosis(
        "not-a-dict",
        title="The function should return a request.",
        saw="It returned `{observed}`.",
        why="The caller sends it with `client.messages.create(**request)`.",
        next="Build a dict as the draft does, and return it.",
        where=PREFIX,
    ),
    ON_A_MESSAGE,
    SYSTEM_NOT_A_LIST,
    SYSTEM_IN_MESSAGES,
    FIVE,
    CONTROL_OTHERWISE,
    REFUSED,
    Diagnosis(
        "question-lost",
        title="The question is not in the last user message.",
        saw="That message says `{observed}`.",
        why="The model answers the end of what it gets.",
        next="Put `user_input` into the content of the user's message, unchanged.",
        where=PREFIX,
    ),
    Diagnosis(
        "handbook-lost",
        title="The handbook is not in the system prompt as it was given.",
        saw="The text of `system` has `{observed}` characters, and the handbook is not in it.",
        why="It holds the rules that the model answers by.",
        next="Make it a block of the system prompt, unchanged.",
        where=PREFIX,
    ),
    Diagnosis(
        "tools-lost",
        title="The request's tools are not those that were given.",
        saw="It has: `{observed}`.",
        why="The model can use only the tools of its request, as they are defined there.",
        next="Send all of them; only their order is yours to choose.",
        where=PREFIX,
    ),
    Diagnosis(
        "time-lost",
        title="The model is no longer told the time.",
        saw="`{observed}` is nowhere in the system prompt or in the messages.",
        why="That makes the prefix steady, and the answers wrong: "
        "until when something may be sent back is a question of dates.",
        next="Tell it behind the breakpoint: beside the question, for example.",
        where=PREFIX,
        hints=(
            "Is it the time that is in the way, or the place where it stands?",
            "“A prefix that never hits” names three causes. Where may what changes stand?",
            '`f"It is {now}. {user_input}"`',
        ),
    ),
    Diagnosis(
        "time-in-prefix",
        title="The time stands before the breakpoint.",
        saw="Two requests differ there: `{observed}`.",
        why="A prefix is found again only when it is the same to the last character. "
        "A date alone helps until midnight.",
        next="Move the time behind the breakpoint, into the user's message for example.",
        where=PREFIX,
        hints=(
            "What is behind the breakpoint may change as it likes. What has to be there?",
            "“A prefix that never hits” asks the API why. When is it `system_changed`?",
            "`system` begins with the handbook, and the message with the time.",
        ),
    ),
    Diagnosis(
        "system-changes",
        title="The system prompt is not the same in each request.",
        saw="Before the breakpoint two of them differ: `{observed}`.",
        why="A prefix is found again only when it is the same to the last character.",
        next="Keep the handbook there, and nothing that depends on the call.",
        where=PREFIX,
    ),
    Diagnosis(
        "tools-unordered",
        title="The tools come in another order each time.",
        saw="Two requests had: `{observed}`.",
        why="Tools are the very beginning of the prompt: "
        "with another first tool, nothing after it is found again.",
        next="Sort them by name.",
        where=PREFIX,
        hints=(
            "What comes before the system prompt?",
            "“A prefix that never hits” asks the API why. When is it `tools_changed`?",
            '`sorted(tools, key=lambda tool: tool["name"])`',
        ),
    ),
    NOT_MARKED,
    Diagnosis(
        "marker-late",
        title="The breakpoint comes after the part that changes.",
        saw="It stands at `{observed}`.",
        why="What is kept ends with this question, and no other request goes on that way.",
        next="Put it on the block with the handbook.",
        where=ORDER,
        hints=(
            "What is the last block that all three requests share?",
            "“What comes first” shows what a breakpoint covers: all that is before it.",
            "`system` becomes a list with one block, and that block has `cache_control`.",
        ),
    ),
    Diagnosis(
        "tools-only",
        title="The breakpoint comes before the handbook.",
        saw="It stands at `{observed}`.",
        why="It covers what is before it. The handbook, which is longer, "
        "is paid in full each time.",
        next="Put it on the block with the handbook: that covers the tools as well.",
        where=ORDER,
    ),
    Diagnosis(
        "question-written",
        title="The question is cached too, and nobody will read it.",
        saw="The breakpoints are at `{observed}`.",
        why="Each call pays for that write: a quarter more than the plain price.",
        next="Leave the breakpoint behind the handbook, and no other after it.",
        where=ORDER,
    ),
    Diagnosis(
        "under-minimum",
        title="The prefix is too short for this model to cache.",
        saw="So long is the whole request: `{observed}`.",
        why="Each model has a minimum. Below it nothing is cached, and no error says so.",
        next="Choose a model with a lower minimum: the catalog has it as `cache_minimum`.",
        where=SILENT,
    ),
    Diagnosis(
        "never-hits",
        title="The second request does not read what the first one wrote.",
        saw="The three came to: `{observed}`.",
        why="Something before the breakpoint is another one each time.",
        next="Print two requests beside each other, and look for the first difference.",
        where=PREFIX,
    ),
    Diagnosis(
        "mutated",
        title="Your function changed the caller's list of tools.",
        saw="After the call it was: `{observed}`.",
        why="Others may be using that list, and rely on its order and on what is in it.",
        next="`sorted(…)` makes a new list; `.sort()` changes the old one. "
        "A mark goes on a copy of a tool.",
        where=PREFIX,
        hints=(
            "Whose list is it, and whose dicts are in it?",
            "Look for `.sort()`, `.reverse()` and for assignments into a tool.",
            '`sorted(tools, key=…)`; `{**tool, "cache_control": …}`',
        ),
    ),
)
