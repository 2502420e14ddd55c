"""A class of eight made-up students, from right to blank, to see grading at work.

They handed in the first two lessons. Every notebook starts from the course's own; only the sources
of exercise cells differ. EXPECTED says what each earns, lesson by lesson.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.sources import solution_source

START, STRUCTURE = "00_start_here", "01_structure"

EXPECTED: Mapping[str, Mapping[str, float]] = {
    "ada_all_right": {START: 7, STRUCTURE: 29},
    "ben_right_in_other_words": {START: 7, STRUCTURE: 29},
    "cho_half_done": {START: 4, STRUCTURE: 15},
    "dee_blank": {START: 0, STRUCTURE: 0},
    "eli_returned_block": {START: 5, STRUCTURE: 29},
    "fay_left_the_system_prompt": {START: 7, STRUCTURE: 23},
    "gil_kept_the_data_prefix": {START: 7, STRUCTURE: 26},
    "hal_took_refusal_for_stop": {START: 7, STRUCTURE: 28},
}
"""What each student earns in each lesson."""

_OTHER_WORDS = {
    "first_call": """
def first_call(client, prompt: str) -> str:
    content = [{"type": "text", "text": prompt}]
    request = {"model": "claude-haiku-4-5", "max_tokens": 1000}
    with client.messages.stream(messages=[{"role": "user", "content": content}], **request) as s:
        return "".join(b.text for b in s.get_final_message().content if b.type == "text")
""",
    "describe_reply": """
import warnings
warnings.warn("a warning costs nothing")

def describe_reply(message) -> dict:
    print("describing", message.id)
    facts = {name: getattr(message, name) for name in ("id", "model", "stop_reason")}
    facts["block_types"] = list(map(lambda block: block.type, message.content))
    for name in ("input_tokens", "output_tokens"):
        facts[name] = getattr(message.usage, name)
    return facts
""",
    "split_system": """
def split_system(openai_messages):
    texts, others = [], []
    for message in openai_messages:
        if message.get("role") in {"system", "developer"}:
            content = message["content"]
            parts = [{"text": content}] if isinstance(content, str) else content
            texts += [part["text"] for part in parts]
        else:
            others.append(dict(message))
    return ("\\n\\n".join(texts) if texts else None), others
""",
    "text_of": """
def text_of(message) -> str:
    text = ""
    for block in message.content:
        text += getattr(block, "text", "") if block.type == "text" else ""
    return text
""",
    "finish_reason": """
def finish_reason(message) -> str:
    match message.stop_reason:
        case "end_turn" | "stop_sequence":
            return "stop"
        case "max_tokens" | "model_context_window_exceeded":
            return "length"
        case "tool_use":
            return "tool_calls"
        case "refusal":
            return "content_filter"
    raise ValueError(message.stop_reason)
""",
}

_MISTAKES = {
    "eli_returned_block": (
        "first_call",
        '    return "".join(block.text for block in message.content if block.type == "text")',
        "    return message.content[0]",
    ),
    "fay_left_the_system_prompt": (
        "split_system",
        '    return "\\n\\n".join(texts) or None, others',
        '    return "\\n\\n".join(texts) or None, list(openai_messages)',
    ),
    "gil_kept_the_data_prefix": (
        "convert_image_part",
        '"data": data}',
        '"data": url}',
    ),
    "hal_took_refusal_for_stop": (
        "finish_reason",
        '"refusal": "content_filter"',
        '"refusal": "stop"',
    ),
}
_HALF = ("first_call", "split_system", "convert_request")


def make_demo_class(course: Path, submitted: Path) -> Path:
    """Write the notebooks of the eight students, and return the folder; course: the repository.

    Raises GradingError when the folder holds other students or cannot be written, or a made-up
    mistake no longer fits the solution it was made from.
    """
    try:
        _refuse_others(submitted)
        for student in EXPECTED:
            for lesson in map(find_lesson, (START, STRUCTURE)):
                answers = {
                    each.name: _answer(course, student, lesson.name, each.name)
                    for each in lesson.exercises
                }
                _write(course, submitted, student, lesson.name, answers)
    except OSError as error:
        raise GradingError(
            f"{error.filename} cannot be read or written ({error.strerror}). "
            "Choose another folder for the demo with --out."
        ) from error
    return submitted


def _refuse_others(submitted: Path) -> None:
    if not submitted.is_dir():
        return
    found = {each.name for each in submitted.iterdir() if not each.name.startswith(".")}
    others = found - EXPECTED.keys()
    if others:
        raise GradingError(
            f"{submitted} has a folder of {min(others)}, who isn't part of the demo. "
            "Choose another folder for the demo: --out out/demo."
        )


def _answer(course: Path, student: str, lesson: str, exercise: str) -> str | None:
    """Return the source of a student's answer, None for one left blank."""
    if student == "dee_blank" or (student == "cho_half_done" and exercise not in _HALF):
        return None
    solution = solution_source(course, lesson, exercise)
    if student == "ben_right_in_other_words":
        return _OTHER_WORDS.get(exercise, solution).strip()
    if student in _MISTAKES and _MISTAKES[student][0] == exercise:
        _, right, wrong = _MISTAKES[student]
        if right not in solution:
            raise GradingError(
                f"The mistake of {student} is made from a line that the solution of {exercise} "
                f"no longer has: {right.strip()!r}. Correct grader/grading/demo.py."
            )
        return solution.replace(right, wrong)
    return solution


def _write(
    course: Path, submitted: Path, student: str, lesson: str, answers: Mapping[str, str | None]
) -> None:
    source = course / "course" / lesson / f"{lesson}.ipynb"
    notebook = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        answer = answers.get(name)
        if answer is not None:
            cell["source"] = answer
    path = submitted / student / lesson / source.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8")
