"""The system prompt leaves the message list."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, exercise
from grader.exercises.readings import content_text, is_same
from grader.exercises.structure.lesson import NAME, SYSTEM

Json = Any


@exercise(
    lesson=NAME,
    minutes=6,
    criteria=[
        Criterion("hoisted", "the system text comes back on its own"),
        Criterion("joined", "several system and developer messages are joined, in order"),
        Criterion("rest", "all other messages come back unchanged, in order"),
        Criterion("none", "without a system message the text is `None`"),
        Criterion("kept", "the caller's list is left as it was"),
    ],
    mistakes=[
        Diagnosis(
            "not-a-pair",
            title="The function should return two things.",
            saw="It returned `{observed}`.",
            why="The caller unpacks a pair: the system text, and the other messages.",
            next="End with `return system, messages`.",
            where=SYSTEM,
        ),
        Diagnosis(
            "swapped",
            title="The two things come back in the other order.",
            saw="The second of them is `{observed}`.",
            why="The caller unpacks the system text first, then the messages.",
            next="End with `return system, messages`.",
            where=SYSTEM,
        ),
        Diagnosis(
            "system-left",
            title="A system message is still in the list.",
            saw="The messages that came back have the role `{observed}`.",
            why="The API refuses a conversation that begins with one: "
            "400, use the top-level 'system' parameter.",
            next="Leave messages with that role out of the list that you return.",
            where=SYSTEM,
            hints=(
                "Which roles may begin a conversation here?",
                "Read the 400 under “The system prompt moves out”: what does it ask for?",
                '`[m for m in openai_messages if m["role"] not in (…, …)]`',
            ),
        ),
        Diagnosis(
            "developer-left",
            title="Developer messages are system messages too.",
            saw="A message with the role `{observed}` is still in the list.",
            why="OpenAI renamed the role for newer models; old code has `system`, "
            "new code has `developer`.",
            next="Treat both roles alike.",
            where=SYSTEM,
            hints=(
                "Which two roles carry instructions in OpenAI's API?",
                "The table under “The system prompt moves out” names them both.",
                '`m["role"] in ("system", "developer")`',
            ),
        ),
        Diagnosis(
            "system-dropped",
            title="Some of the system text is lost.",
            saw="The text that came back is `{observed}`; the list held more instructions.",
            why="Without its instructions the model behaves like another product.",
            next="Collect the text of every system and developer message, then join them.",
            where=SYSTEM,
            hints=(
                "What if a program adds a second system message later on?",
                "Count the instructions in the docstring's example, and in its answer.",
                'Collect the texts in a list, then `"\\n\\n".join(texts)`.',
            ),
        ),
        Diagnosis(
            "joined-otherwise",
            title="The system text is put together in another way.",
            saw="The text that came back is `{observed}`.",
            why="Texts that run together change their meaning; a blank line keeps them apart.",
            next="Join them with a blank line between, in the order of the list, and nothing else.",
            where=SYSTEM,
        ),
        Diagnosis(
            "rest-changed",
            title="The other messages are not as they were, or not in a list.",
            saw="They came back as `{observed}`.",
            why="User and assistant turns are the conversation itself, in its order.",
            next="Pass every other message on as it is.",
            where=SYSTEM,
        ),
        Diagnosis(
            "empty-not-none",
            title="Without a system message the text is `None`.",
            saw="For a list without one it came to this: `{observed}`",
            why="`None` says that there is nothing to send; an empty text block is a 400.",
            next="Return `None` when you collected no text.",
            where=SYSTEM,
        ),
        Diagnosis(
            "mutated",
            title="Your function changed the caller's list.",
            saw="After the call the list was `{observed}`.",
            why="The caller may send it again, or log it: a converter has no side effects.",
            next="Build a new list, and leave the one you were given alone.",
            where=SYSTEM,
            hints=(
                "Who else may hold the list that you were given?",
                "Look for `pop`, `remove`, `del` or `append` on the argument.",
                "`messages = [m for m in openai_messages if …]` makes a new list.",
            ),
        ),
    ],
    hints=(
        "Sort the messages in two heaps: instructions, and conversation.",
        "“The system prompt moves out” shows one list before and after.",
        "Two comprehensions over the same list, one for each heap; then join the first.",
    ),
)
def split_system(exam: Exam) -> None:
    """Split lists with one, several and no system message."""
    question = {"role": "user", "content": f"Tell me about {exam.words(2)}."}
    answer = {"role": "assistant", "content": exam.words(4)}
    follow = {"role": "user", "content": exam.words(3)}
    first, second = f"Be {exam.words(1)}.", f"Answer in {exam.words(1)}."
    system = {"role": "system", "content": first}
    developer = {"role": "developer", "content": second}

    _splits(exam, [system, question], first, [question], criterion="hoisted")
    both = f"{first}\n\n{second}"
    _splits(exam, [system, question, answer, developer, follow], both, [question, answer, follow])
    plain = [question, answer, follow]
    _splits(exam, plain, None, plain, criterion="none", crash="empty-not-none")


def _splits(
    exam: Exam,
    given: list[Json],
    system: str | None,
    rest: list[Json],
    *,
    criterion: str = "joined",
    crash: str | None = None,
) -> None:
    called = exam.call(copy.deepcopy(given), judges=(criterion,), crash=crash)
    value = called.value
    if not (isinstance(value, tuple | list) and len(value) == 2):
        exam.expect("rest", False, "not-a-pair", value)
        return
    mine, others = value
    if isinstance(mine, list) and (others is None or isinstance(others, str)):
        exam.expect("rest", False, "swapped", others)
        return
    roles = (
        [message.get("role") for message in others if isinstance(message, dict)]
        if isinstance(others, list)
        else []
    )
    wrong = exam.which(
        {
            "system-left": "system" in roles,
            "developer-left": "developer" in roles,
        },
        otherwise="rest-changed",
    )
    left = next((role for role in roles if role in ("system", "developer")), others)
    exam.expect("rest", is_same(others, rest), wrong, left)
    texts = [
        content_text(message["content"])
        for message in given
        if message["role"] in ("system", "developer")
    ]
    wrong = exam.which(
        {
            "empty-not-none": system is None,
            "system-dropped": not all(words in str(mine) for words in texts),
        },
        otherwise="joined-otherwise",
    )
    exam.expect(criterion, is_same(mine, system), wrong, mine)
    after = called.arguments[0]
    exam.expect("kept", is_same(after, given), "mutated", after)
    # Leaving a list alone is no merit where nothing was passed on from it.
    is_passed_on = isinstance(others, list) and any(message in rest for message in others)
    exam.expect("kept", is_passed_on, "rest-changed", others)
