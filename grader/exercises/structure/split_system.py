"""The system prompt leaves the message list, in the shape of either of OpenAI's APIs."""

from __future__ import annotations

import copy
import re
from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, Slip, exercise
from grader.exercises.loops import dicts_in
from grader.exercises.readings import compared, is_same
from grader.exercises.replies import WORDINGS, is_joined_otherwise, worded

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
_ROLELESS = {
    r"^KeyError: 'role'": "role-expected",
    r"^KeyError: 'content'": "item-content-expected",
}
"""What a KeyError means for items of Responses, of which only messages have both."""
_IN_PARTS = {
    r"^TypeError: sequence item \d+: expected str instance, list found": "parts-unread",
    r"^TypeError: (can only concatenate str|can only join an iterable)": "parts-unread",
    r"^TypeError: (must be str, not list|unsupported operand)": "parts-unread",
    r"^AttributeError: 'list' object has no attribute": "parts-unread",
}
"""What it means that a list is no text, for an instruction in parts."""


@exercise(
    minutes=8,
    criteria=[
        Criterion("hoisted", "the system text comes back on its own"),
        Criterion("joined", "every text of system and developer messages, joined in order"),
        Criterion("rest", "all other messages and items come back unchanged, in order"),
        Criterion("none", "without a system message the text is `None`"),
        Criterion("kept", "the caller's list is left as it was"),
    ],
    shapes=Shapes(
        pairs=[
            ("instructions", "where"),
            ("instructions", "content"),
            ("form", "content"),
            ("form", "others"),
        ],
        form=["Chat Completions", "Responses"],
        instructions=list(_INSTRUCTIONS),
        where=["in front", "among the others", "at the end"],
        others=["a talk", "a question", "one twice", "a tool call", "parts", "none"],
        content=["a text", "a part", "three parts, two alike"],
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
    said = [_texts(exam, case) for _ in roles]
    said = said[:1] * len(said) if case.instructions == "two alike" else said
    texts = [text for each in said for text in each]
    rest = _others(exam, case)
    named = {"name": exam.fresh("rules")} if case.instructions == "three" else {}
    given = _mixed(
        [
            {"role": role, "content": _content(case, each), **named}
            for role, each in zip(roles, said, strict=True)
        ],
        rest,
        case.where,
    )
    is_whole = case.content == "a text"
    criterion = {(): "none", ("system",): "hoisted" if is_whole else "joined"}.get(roles, "joined")
    crash = {} if all("role" in message for message in rest) else _ROLELESS
    crash = crash if is_whole else {**crash, **_IN_PARTS}
    crash = crash if texts else {**crash, "": "empty-not-none"}
    # An item without a role is none of the instructions, so those may be read well all the same.
    judged = "rest" if any("role" not in message for message in rest) else criterion
    called = exam.call(copy.deepcopy(given), judges=(judged,), crash=crash)
    value = called.value
    if not (isinstance(value, tuple | list) and len(value) == 2):
        exam.expect("rest", False, "not-a-pair", value)
        return False
    mine, others = value
    if isinstance(mine, list) and (others is None or isinstance(others, str)):
        exam.expect("rest", False, "swapped", others)
        return False
    exam.expect("rest", is_same(others, rest), _slip_of_rest(exam, value, rest, given))
    system = "\n\n".join(texts) if texts else None
    # The parts of one API have the same keys as the other's, and another type.
    is_typed = case.form == "Responses" and case.content != "a text"
    exam.expect(
        criterion,
        is_same(mine, system),
        _slip_of_text(exam, mine, texts, is_whole=is_whole, is_typed=is_typed),
    )
    after = called.arguments[0]
    exam.expect("kept", is_same(after, given), "mutated", after)
    if is_first:
        # Leaving a list alone earns nothing if the code passed nothing on from it.
        is_passed_on = isinstance(others, list) and any(message in rest for message in others)
        exam.expect("kept", is_passed_on, "rest-changed", others)
    return True


def _texts(exam: Exam, case: Case) -> list[str]:
    """Return the texts of one instruction."""
    text = worded(exam, case.words)
    return [text, text, worded(exam, case.words)] if "parts" in case.content else [text]


def _content(case: Case, texts: list[str]) -> Json:
    kind = "text" if case.form == "Chat Completions" else "input_text"
    return texts[0] if case.content == "a text" else [_part(kind, text) for text in texts]


def _part(kind: str, text: str) -> Json:
    return {"type": kind, "text": text}


def _others(exam: Exam, case: Case) -> list[Json]:
    """Return what is no instruction, as one of OpenAI's APIs has it."""
    is_chat = case.form == "Chat Completions"
    question = {"role": "user", "content": f"Tell me about {exam.words(2)}."}
    answer = {"role": "assistant", "content": exam.words(4)}
    match case.others:
        case "none":
            return []
        case "a question":
            return [question]
        case "one twice":
            return [question, question]
        case "parts":
            url = "https://example.com/cat.png"
            parts = [
                _part("text" if is_chat else "input_text", exam.words(3)),
                {"type": "image_url", "image_url": {"url": url}}
                if is_chat
                else {"type": "input_image", "image_url": url},
            ]
            speaker = {"role": "user", **({"name": exam.fresh("user")} if is_chat else {})}
            return [{**speaker, "content": parts}, answer, {**speaker, "content": exam.words(2)}]
        case "a tool call":
            calling = _called if is_chat else _called_in_items
            return [question, *calling(exam), answer]
        case _:
            return [question, answer, {"role": "user", "content": exam.words(3)}]


def _called(exam: Exam) -> list[Json]:
    """Return a call and its result as messages of Chat Completions, today's form and the old one.

    The old one has a role of its own: openai 2.x, `ChatCompletionFunctionMessageParam`.
    """
    id = exam.fresh("call")
    function = {"name": exam.fresh("get"), "arguments": "{}"}
    call = {"id": id, "type": "function", "function": function}
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": id, "content": exam.words(2)},
        {"role": "assistant", "content": None, "function_call": function},
        {"role": "function", "name": function["name"], "content": exam.words(2)},
    ]


def _called_in_items(exam: Exam) -> list[Json]:
    """Return thoughts, a call and its result as items of Responses, which have no role.

    Open models tell their thoughts as content: openai 2.x, `ResponseReasoningItem`.
    """
    id = exam.fresh("call")
    thought = {"type": "reasoning_text", "text": exam.words(3)}
    return [
        {"type": "reasoning", "id": exam.fresh("rs"), "summary": []},
        {"type": "reasoning", "id": exam.fresh("rs"), "summary": [], "content": [thought]},
        {"type": "function_call", "call_id": id, "name": exam.fresh("get"), "arguments": "{}"},
        {"type": "function_call_output", "call_id": id, "output": exam.words(2)},
    ]


def _mixed(instructions: list[Json], others: list[Json], where: str) -> list[Json]:
    """Return a list with both; among the others, the instructions stand side by side but one."""
    match where:
        case "in front":
            return [*instructions, *others]
        case "at the end":
            return [*others, *instructions]
        case _:
            return [*others[:1], *instructions[:-1], *others[1:2], *instructions[-1:], *others[2:]]


def _slip_of_rest(exam: Exam, value: Json, rest: list[Json], given: list[Json]) -> Slip:
    """Return the slip that wrong messages show; value: the pair that came back."""
    mine, others = value
    listed = others if isinstance(others, list) else []
    roles = [message.get("role") for message in listed if isinstance(message, dict)]
    left = [role for role in roles if role in ROLES]
    all_of = [message["role"] for message in given if message.get("role") in ROLES]
    lost = [message for message in rest if message not in listed]
    is_less = isinstance(others, list) and all(message in rest for message in listed)
    taken = [message for message in lost if any(each in str(mine) for each in _said_in(message))]
    # What stands in the same place with fewer keys was built anew.
    pairs = zip(dicts_in(listed), rest, strict=False) if len(listed) == len(rest) else ()
    keys = {key for mine, own in pairs if mine.items() <= own.items() for key in own.keys() - mine}
    return exam.slip(
        {
            "rest-made-up": (not rest and bool(listed) and not left, listed),
            "system-left": (left == all_of and "system" in left, _place_of(listed)),
            "developer-left": (left == all_of and bool(left), "developer"),
            "instruction-left": (bool(left), f"{left[:1]} (of {all_of})"),
            "item-taken": (bool(taken), taken[:1]),
            "message-lost": (is_less and bool(lost), lost[:1]),
            "keys-lost": (bool(keys), ", ".join(sorted(keys))),
            "rest-reordered": (
                len(listed) == len(rest) and not lost and is_less,
                [message.get("role") for message in dicts_in(listed)],
            ),
        },
        otherwise="rest-changed",
        observed=others,
    )


def _said_in(message: Json) -> list[str]:
    """Return the texts in the content of a message or item."""
    content = message.get("content") or []
    return (
        [content]
        if isinstance(content, str)
        else [part["text"] for part in content if "text" in part]
    )


def is_reordered(system: str, texts: list[str]) -> bool:
    """Return whether a system text has these texts, joined well, in any order."""
    whole = "\n\n".join(texts)
    return sorted(system.split("\n\n")) == sorted(whole.split("\n\n"))


def _place_of(listed: list[Json]) -> str:
    """Return where the first instruction in a list stands, such as "system, as message 2 of 3"."""
    roles = [message.get("role") for message in dicts_in(listed)]
    places = [place for place, role in enumerate(roles, 1) if role in ROLES]
    return "".join(f"{roles[at - 1]}, as message {at} of {len(roles)}" for at in places[:1])


def _slip_of_text(
    exam: Exam, mine: Json, texts: list[str], *, is_whole: bool, is_typed: bool
) -> Slip:
    """Return the slip that a wrong text shows; is_typed: the parts are those of Responses."""
    said = str(mine)
    found = sum(said.count(text) for text in dict.fromkeys(texts))
    is_text = isinstance(mine, str) and mine != ""
    is_unread = re.search(r"""['"]text['"]: """, said) is not None
    return exam.slip(
        {
            "empty-not-none": not texts,
            "parts-unread": is_unread and not is_whole,
            "not-one-text": (isinstance(mine, list | tuple), mine),
            "parts-of-one-type": (is_typed and not mine, f"0 of {len(texts)}"),
            "system-changed": is_text and found == 0,
            "system-dropped": (found < len(texts), f"{found} of {len(texts)}"),
            "system-reordered": is_text and is_reordered(mine, texts),
            "instruction-added": is_text and not is_joined_otherwise(mine, [*texts, ""]),
        },
        otherwise="joined-otherwise",
        observed=compared(mine, "\n\n".join(texts) if texts else None),
    )
