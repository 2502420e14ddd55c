"""The newest exchanges of a history, cut where nothing is torn apart."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, SdkObject, exercise
from grader.exercises.conversations.lesson import GROWS, NAME, VALUE
from grader.exercises.readings import is_same

Json = Any
Exchange = list[Json]
"""The messages from a question up to the next one."""

_TOOL = {"name": "look_up", "input_schema": {"type": "object"}}


@exercise(
    lesson=NAME,
    minutes=6,
    criteria=[
        Criterion("newest", "the newest exchanges are kept, and no more than were asked for"),
        Criterion("whole", "an exchange with tool calls is kept whole, or not at all", points=2),
        Criterion("short", "a history that is short enough stays as it is"),
        Criterion("none", "of 0 exchanges nothing is left"),
        Criterion("value", "the caller's list is left as it was"),
    ],
    mistakes=[
        Diagnosis(
            "blocks-of-one-kind",
            title="Your code expects content of one kind only.",
            saw="Python says: `{observed}`",
            why="A message's content may be a `str`, a list of dicts that you wrote, "
            "or the blocks of a reply, which are objects.",
            next="Look into content only where you need to: "
            "in a user's message, and only when it is a list.",
            where=GROWS,
            hints=(
                "Which messages can hold a `tool_result`, and who wrote them?",
                "Print the type of each content in the history under “Every turn is paid again”.",
                (
                    '`message["role"] == "user" and isinstance(message["content"], list)`, '
                    "before you look at a block."
                ),
            ),
            crash=r"^(TypeError: ('\w+Block' object is not subscriptable|string indices must)"
            r"|AttributeError: '(str|dict|list|\w+Block)' object has no attribute "
            r"'(get|type|items|keys)')",
        ),
        Diagnosis(
            "mutated",
            title="Your function changed the caller's list.",
            saw="Its messages after the call: `{observed}`.",
            why="What was cut off is gone for good, also for whoever wanted to keep it.",
            next="Return a new list, such as a slice, and leave the one you were given alone.",
            where=VALUE,
            hints=(
                "Is the whole history needed anywhere else: a log, an undo?",
                "Look for `del`, `pop`, `clear` or an assignment into `messages`.",
                "A slice, `messages[start:]`, is a new list.",
            ),
        ),
        Diagnosis(
            "not-a-list",
            title="The function should return a list of messages.",
            saw="It returned `{observed}`.",
            why="The caller sends it as `messages`.",
            next="Return the part of `messages` that is left.",
            where=GROWS,
        ),
        Diagnosis(
            "oldest-kept",
            title="The wrong end is cut off.",
            saw="Of the history these messages are left, counted from 0: `{observed}`.",
            why="The model answers the end of the list, and an old beginning tells it little.",
            next="Count the exchanges from the end.",
            where=GROWS,
        ),
        Diagnosis(
            "messages-counted",
            title="Messages are counted, and not exchanges.",
            saw="For `max_exchanges={observed}` as many messages came back.",
            why="An exchange is a question with all that follows it: "
            "two messages, or more with tools.",
            next="Find out where each exchange begins, then count those places.",
            where=GROWS,
            hints=(
                "How many messages does one question with its answer take?",
                "The docstring says where an exchange begins. Mark those places in the history.",
                "Make a list of the places where an exchange begins, and pick one from its end.",
            ),
        ),
        Diagnosis(
            "starts-with-assistant",
            title="The cut history begins with an answer.",
            saw="Its first message has the role `{observed}`.",
            why="The API takes it, and the model reads an answer to a question that is gone.",
            next="Cut in front of a question.",
            where=GROWS,
        ),
        Diagnosis(
            "torn",
            title="A `tool_result` has lost the call that it answers.",
            saw="The API says to your list: `{observed}`",
            why="A call and its result belong together: no exchange is over between them.",
            next="Cut only in front of a user's message that has no `tool_result` in it.",
            where=GROWS,
            hints=(
                "Is every message with the role `user` a question?",
                "Read the 400 under “Every turn is paid again”: what stands first in that list?",
                'An exchange begins where no block has `block["type"] == "tool_result"`.',
            ),
        ),
        Diagnosis(
            "short-crash",
            title="A history that is short enough stopped your code.",
            saw="With no more exchanges than allowed it came to this: `{observed}`",
            why="Every conversation is short at first.",
            next="Return the whole history when it has no more exchanges than asked for.",
            where=GROWS,
        ),
        Diagnosis(
            "none-is-all",
            title="Of 0 exchanges, all are left.",
            saw="For `max_exchanges=0` all `{observed}` messages came back.",
            why="`-0` is `0`, so a slice from there begins at the beginning.",
            next="Take care of 0 on its own, or count from the front.",
            where=GROWS,
        ),
        Diagnosis(
            "other-turns",
            title="What is left is not the newest exchanges, each of them whole.",
            saw="Of the history these messages are left, counted from 0: `{observed}`.",
            why="An exchange that is not whole misleads the model, "
            "and one too many is one that you wanted to save.",
            next="Compare with the docstring: where an exchange begins, and how many are wanted.",
            where=GROWS,
        ),
    ],
    hints=(
        "First find the places where you may cut. Only then count.",
        "“Every turn is paid again” shows a history with a tool call, and where not to cut it.",
        "`starts = […]`, the positions at which an exchange begins; the cut is at one of them.",
    ),
)
def trim_history(exam: Exam) -> None:
    """Trim plain histories and such with tool calls, to fewer exchanges, to all and to none."""
    plain = [_plain(exam, is_text=number % 2 == 0) for number in range(6)]
    if not _trims(exam, plain, exam.number(3, 4), "newest"):
        return
    called, doubled, spoken = _called(exam), _called(exam, rounds=2), _called(exam, says_more=True)
    for last in (called, doubled, spoken):
        for exchanges in ([*plain[:2], last], [plain[2], last, plain[3]]):
            for count in (1, 2):
                _trims(exam, exchanges, count, "whole")
    for exchanges, count in (([plain[4], called], 2), (plain[:3], exam.number(4, 6)), ([], 1)):
        _trims(exam, exchanges, count, "short", crash="short-crash")
    _trims(exam, [plain[5], called], 0, "none")


def _trims(
    exam: Exam, exchanges: list[Exchange], count: int, criterion: str, *, crash: str | None = None
) -> bool:
    """Judge one call, and tell whether some part of the history came back."""
    given = [message for exchange in exchanges for message in exchange]
    kept = exchanges[-count:] if count else []
    expected = [message for exchange in kept for message in exchange]
    called = exam.call(copy.deepcopy(given), count, judges=(criterion,), crash=crash)
    value, after = called.value, called.arguments[0]
    is_cut = isinstance(after, list) and len(after) < len(given)
    left = f"{len(after)} instead of {len(given)}" if is_cut else after
    if not isinstance(value, list):
        wrong = exam.which({"mutated": is_cut}, otherwise="not-a-list")
        exam.expect(criterion, False, wrong, left if is_cut else value)
        return False
    is_right = is_same(value, expected)
    wrong, observed = _mistake(exam, value, given, count)
    exam.expect(criterion, is_right, wrong, observed)
    # Leaving a list alone is no merit where nothing was taken from it.
    is_part = is_right or 0 < len(value) < len(given)
    exam.expect("value", is_same(after, given), "mutated", left)
    exam.expect("value", is_part, wrong, observed)
    return is_part


def _mistake(exam: Exam, value: list[Json], given: list[Json], count: int) -> tuple[str, Json]:
    """Return the mistake that another list than the right one shows, and what shows it."""
    first = value[0] if value else None
    objection = _objection(exam, value) or ""
    wrong = exam.which(
        {
            "none-is-all": count == 0 and is_same(value, given),
            "oldest-kept": 0 < len(value) < len(given) and is_same(value, given[: len(value)]),
            # Of two exchanges the newest is two messages as well.
            "messages-counted": count > 2 and is_same(value, given[-count:]),
            "starts-with-assistant": isinstance(first, dict) and first.get("role") == "assistant",
            "torn": "unexpected `tool_use_id`" in objection,
        },
        otherwise="other-turns",
    )
    observed: Json = {
        "messages-counted": count,
        "none-is-all": len(value),
        "torn": f"{objection} (of messages {_places(value, given)})",
    }.get(wrong, _places(value, given))
    return wrong, "assistant" if wrong == "starts-with-assistant" else observed


def _places(value: list[Json], given: list[Json]) -> list[int | str]:
    """Return where in the history each message comes from."""
    return [
        next((place for place, message in enumerate(given) if is_same(message, each)), "new")
        for each in value
    ]


def _objection(exam: Exam, messages: list[Json]) -> str | None:
    following = {"role": "user", "content": exam.words(2)}
    request = {"model": "claude-sonnet-4-6", "max_tokens": 100, "tools": [_TOOL]}
    return exam.send({**request, "messages": [*messages, following]})


def _plain(exam: Exam, *, is_text: bool) -> Exchange:
    """Return a question and its answer, as texts or as blocks."""
    question, answer = exam.words(4), exam.words(3)
    blocks = [{"type": "text", "text": question}]
    return [
        {"role": "user", "content": question if is_text else blocks},
        {"role": "assistant", "content": answer if is_text else [_thought(exam), _text(answer)]},
    ]


def _called(exam: Exam, *, rounds: int = 1, says_more: bool = False) -> Exchange:
    """Return a question that takes calls of a tool; says_more: the user adds to a result."""
    messages: Exchange = [{"role": "user", "content": exam.words(4)}]
    for _ in range(rounds):
        calls = [exam.fresh("toolu") for _ in range(exam.number(1, 2))]
        uses = [
            SdkObject(
                "ToolUseBlock", {"type": "tool_use", "id": call, "name": "look_up", "input": {}}
            )
            for call in calls
        ]
        results: list[Json] = [
            {"type": "tool_result", "tool_use_id": call, "content": exam.words(2)} for call in calls
        ]
        more = [{"type": "text", "text": exam.words(3)}] if says_more else []
        messages += [
            {"role": "assistant", "content": [_thought(exam), _text(exam.words(2)), *uses]},
            {"role": "user", "content": [*results, *more]},
        ]
    return [*messages, {"role": "assistant", "content": [_text(exam.words(3))]}]


def _thought(exam: Exam) -> SdkObject:
    signature = exam.fresh("Er").replace("_", "")
    return SdkObject("ThinkingBlock", {"type": "thinking", "thinking": "", "signature": signature})


def _text(words: str) -> SdkObject:
    return SdkObject("TextBlock", {"type": "text", "text": words, "citations": None})
