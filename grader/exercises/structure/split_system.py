"""The system prompt leaves the message list."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, Slip, exercise
from grader.exercises.readings import is_same
from grader.exercises.replies import WORDINGS, worded

Json = Any

ROLES = ("system", "developer")
"""The roles whose messages become the system prompt."""
_INSTRUCTIONS: dict[str, tuple[str, ...]] = {
    "a system message": ("system",),
    "a developer message": ("developer",),
    "system, developer": ROLES,
    "developer, system": ROLES[::-1],
    "three": ("system", "system", "developer"),
    "two alike": ("system", "system"),
    "none": (),
}


@exercise(
    minutes=6,
    criteria=[
        Criterion("hoisted", "the system text comes back on its own"),
        Criterion("joined", "system and developer messages alike, joined in order"),
        Criterion("rest", "all other messages come back unchanged, in order"),
        Criterion("none", "without a system message the text is `None`"),
        Criterion("kept", "the caller's list is left as it was"),
    ],
    shapes=Shapes(
        pairs=[("instructions", "where")],
        instructions=list(_INSTRUCTIONS),
        where=["in front", "among the others", "at the end"],
        others=["a talk", "a question", "one twice", "a tool call", "parts", "none"],
        words=WORDINGS,
    ),
)
def split_system(exam: Exam) -> None:
    """Split lists with one instruction, then with several and none, among messages of all kinds."""
    kinds = list(_INSTRUCTIONS)
    first, *others = sorted(exam.cases(), key=lambda case: kinds.index(case.instructions))
    if _splits(exam, first, is_first=True):
        for case in others:
            with exam.part():
                _splits(exam, case)


def _splits(exam: Exam, case: Case, *, is_first: bool = False) -> bool:
    """Judge one call, and return whether a pair came back."""
    roles = _INSTRUCTIONS[case.instructions]
    said = [worded(exam, case.words) for _ in roles]
    texts = said[:1] * 2 if case.instructions == "two alike" else said
    rest = _others(exam, case.others)
    named = {"name": exam.fresh("rules")} if case.instructions == "three" else {}
    given = _mixed(
        [{"role": role, "content": text, **named} for role, text in zip(roles, texts, strict=True)],
        rest,
        case.where,
    )
    criterion = {(): "none", ("system",): "hoisted"}.get(roles, "joined")
    crash = None if texts else "empty-not-none"
    called = exam.call(copy.deepcopy(given), judges=(criterion,), crash=crash)
    value = called.value
    if not (isinstance(value, tuple | list) and len(value) == 2):
        exam.expect("rest", False, "not-a-pair", value)
        return False
    mine, others = value
    if isinstance(mine, list) and (others is None or isinstance(others, str)):
        exam.expect("rest", False, "swapped", others)
        return False
    exam.expect("rest", is_same(others, rest), _slip_of_rest(exam, others, rest, given))
    system = "\n\n".join(texts) if texts else None
    exam.expect(criterion, is_same(mine, system), _slip_of_text(exam, mine, texts))
    after = called.arguments[0]
    exam.expect("kept", is_same(after, given), "mutated", after)
    if is_first:
        # Leaving a list alone earns nothing if the code passed nothing on from it.
        is_passed_on = isinstance(others, list) and any(message in rest for message in others)
        exam.expect("kept", is_passed_on, "rest-changed", others)
    return True


def _others(exam: Exam, others: str) -> list[Json]:
    """Return the messages that are no instructions, as OpenAI's API has them."""
    question = {"role": "user", "content": f"Tell me about {exam.words(2)}."}
    answer = {"role": "assistant", "content": exam.words(4)}
    match others:
        case "none":
            return []
        case "a question":
            return [question]
        case "one twice":
            return [question, question]
        case "parts":
            picture = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}
            parts = [{"type": "text", "text": exam.words(3)}, picture]
            speaker = {"role": "user", "name": exam.fresh("user")}
            return [{**speaker, "content": parts}, answer, {**speaker, "content": exam.words(2)}]
        case "a tool call":
            id = exam.fresh("call")
            asked = {"name": exam.fresh("get"), "arguments": "{}"}
            return [
                question,
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": id, "type": "function", "function": asked}],
                },
                {"role": "tool", "tool_call_id": id, "content": exam.words(2)},
                answer,
            ]
        case _:
            return [question, answer, {"role": "user", "content": exam.words(3)}]


def _mixed(instructions: list[Json], others: list[Json], where: str) -> list[Json]:
    """Return a list with both; among the others, the instructions stand side by side but one."""
    match where:
        case "in front":
            return [*instructions, *others]
        case "at the end":
            return [*others, *instructions]
        case _:
            return [*others[:1], *instructions[:-1], *others[1:2], *instructions[-1:], *others[2:]]


def _slip_of_rest(exam: Exam, others: Json, rest: list[Json], given: list[Json]) -> Slip:
    listed = others if isinstance(others, list) else []
    roles = [message.get("role") for message in listed if isinstance(message, dict)]
    left = [role for role in roles if role in ROLES]
    all_of = [message["role"] for message in given if message["role"] in ROLES]
    lost = [message for message in rest if message not in listed]
    is_less = isinstance(others, list) and all(message in rest for message in listed)
    return exam.slip(
        {
            "system-left": (left == all_of and "system" in left, "system"),
            "developer-left": (left == all_of and bool(left), "developer"),
            "instruction-left": (bool(left), f"{left[:1]} (of {all_of})"),
            "message-lost": (is_less and bool(lost), lost[:1]),
        },
        otherwise="rest-changed",
        observed=others,
    )


def _slip_of_text(exam: Exam, mine: Json, texts: list[str]) -> Slip:
    said = str(mine)
    found = sum(said.count(text) for text in dict.fromkeys(texts))
    is_text = isinstance(mine, str) and mine != ""
    return exam.slip(
        {
            "empty-not-none": not texts,
            "system-changed": is_text and found == 0,
            "system-dropped": (found < len(texts), f"{found} of {len(texts)}"),
        },
        otherwise="joined-otherwise",
        observed=mine,
    )
