"""All input tokens of a call, whether from the cache or not."""

from __future__ import annotations

from typing import Any

from grader.catalog import Tokens
from grader.exams import Called, Criterion, Diagnosis, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.shared_mistakes import printed
from grader.exercises.tokens_and_cost.lesson import CLASSES, NAME
from grader.exercises.tokens_and_cost.mistakes import (
    NO_SUCH_FIELD,
    NONE_CRASH,
    USAGE_SUBSCRIPTED,
)
from grader.exercises.tokens_and_cost.usages import fresh_tokens, usage_of

Json = Any


@exercise(
    lesson=NAME,
    minutes=3,
    criteria=[
        Criterion("all", "the three classes of input, added up", points=2),
        Criterion("none", "a field that is `None` counts as 0"),
    ],
    mistakes=[
        USAGE_SUBSCRIPTED,
        NO_SUCH_FIELD,
        printed(CLASSES),
        Diagnosis(
            "only-fresh",
            title="`input_tokens` is only what no cache was used for.",
            saw="Your function returned `{observed}`, which is `input_tokens` alone.",
            why="OpenAI's `prompt_tokens` has the cached ones in it; here each class is counted "
            "on its own.",
            next="Add what was written to the cache, and what was read from it.",
            where=CLASSES,
            hints=(
                "How can a prompt of two thousand tokens have an `input_tokens` of 20?",
                "Compare the two usages under “Four classes of tokens”. What has become of it?",
                "`usage.input_tokens + … + …`, with a `cache_` field in each place.",
            ),
        ),
        Diagnosis(
            "output-added",
            title="Output is no input.",
            saw="Your function returned `{observed}`, and `output_tokens` is in it.",
            why="It is paid for at another price, and it was not in the prompt.",
            next="Leave `output_tokens` out.",
            where=CLASSES,
        ),
        Diagnosis(
            "writes-twice",
            title="What was written to the cache is counted twice.",
            saw="Your function returned `{observed}`.",
            why="`cache_creation` splits by lifetime what `cache_creation_input_tokens` has whole.",
            next="Take one of the two.",
            where=CLASSES,
        ),
        Diagnosis(
            "one-lifetime",
            title="What was written is there in part only.",
            saw="Your function returned `{observed}`.",
            why="`cache_creation` has what was written for five minutes and what was written for "
            "an hour, each on its own.",
            next="Take `cache_creation_input_tokens`, which has both.",
            where=CLASSES,
        ),
        Diagnosis(
            "class-left-out",
            title="One class of input is missing.",
            saw="Your function returned `{observed}`.",
            why="What is written and what is read are both part of the prompt.",
            next="Add both `cache_creation_input_tokens` and `cache_read_input_tokens`.",
            where=CLASSES,
        ),
        NONE_CRASH,
        Diagnosis(
            "other-total",
            title="What came back is not the sum of the input tokens.",
            saw="Your function returned `{observed}`.",
            why="It is an `int`: the fresh ones, the written ones, and the read ones.",
            next="Work it out by hand for one of the usages in the lesson, and compare.",
            where=CLASSES,
        ),
    ],
    hints=(
        "Every token of the prompt is in one of three classes. Which fields hold them?",
        "“Four classes of tokens” shows the usage of one prompt, sent twice.",
        "`input_tokens`, `cache_creation_input_tokens`, `cache_read_input_tokens`",
    ),
)
def total_input(exam: Exam) -> None:
    """Add up usages that wrote, that read, that did both; and some with `None` in them."""
    for names in (("write_5m", "write_1h", "read"), ("write_5m", "read"), ("write_1h", "read")):
        tokens = fresh_tokens(exam, *names)
        called = exam.call(usage_of(tokens), judges=("all",))
        if not _adds_up(exam, called, tokens, "all"):
            return
    for name in ("read", "write_5m"):
        tokens = fresh_tokens(exam, name)
        usage = usage_of(tokens, absent=True)
        called = exam.call(usage, judges=("none",), crash="none-crash")
        _adds_up(exam, called, tokens, "none")


def _adds_up(exam: Exam, called: Called, tokens: Tokens, criterion: str) -> bool:
    value = called.value
    expected = tokens.prompt
    is_right = is_same(value, expected)
    wrong = exam.which(
        {
            "printed": value is None and str(expected) in called.printed,
            "only-fresh": is_same(value, tokens.fresh) and not is_right,
            "output-added": is_same(value, expected + tokens.output)
            or is_same(value, tokens.fresh + tokens.output),
            "writes-twice": tokens.written > 0 and is_same(value, expected + tokens.written),
            "class-left-out": any(
                part > 0 and is_same(value, expected - part)
                for part in (tokens.read, tokens.written, tokens.fresh)
            ),
            "one-lifetime": any(
                part > 0 and is_same(value, expected - part)
                for part in (tokens.write_5m, tokens.write_1h)
            ),
        },
        otherwise="other-total",
    )
    return exam.expect(criterion, is_right, wrong, value)
