"""What a reply holds besides its text."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from grader.exams import MODELS, Criterion, Diagnosis, Exam, SdkObject, exercise
from grader.exercises.readings import is_same
from grader.exercises.shared_mistakes import printed
from grader.exercises.start_here.lesson import COST, DESCRIBE, NAME, READ

Json = Any

_CRITERIA = ("identity", "blocks", "tokens")


@exercise(
    lesson=NAME,
    minutes=6,
    criteria=[
        Criterion("identity", "`id`, `model` and `stop_reason` are the message's own"),
        Criterion("blocks", "`block_types` lists the type of every block, in order"),
        Criterion("tokens", "`input_tokens` and `output_tokens` come from `usage`"),
    ],
    mistakes=[
        Diagnosis(
            "total-tokens",
            title="`usage` has other fields here, and no total.",
            saw="Python says: `{observed}`",
            why="Input and output have different prices, so the API never adds them up.",
            next="Read `message.usage.input_tokens` and `message.usage.output_tokens`.",
            where=COST,
            hints=(
                "Two numbers with two prices: would a sum of them help you?",
                "Look at the `usage` object under “What it cost”.",
                '`"input_tokens": message.usage.input_tokens`, and the same for the output.',
            ),
            crash=r"^AttributeError: 'Usage' object has no attribute "
            r"'(total|prompt|completion)_tokens'",
        ),
        Diagnosis(
            "message-as-dict",
            title="A message is an object, not a dict.",
            saw="Python says: `{observed}`",
            why="The SDK turns the JSON reply into objects with attributes.",
            next='Use a dot: `message.id`, not `message["id"]`.',
            where=READ,
            hints=(
                "How did the demo cells reach into the reply?",
                "Compare `message.content` in the cells above with your own line.",
                "`message.id`, `message.model`, `message.stop_reason`",
            ),
            crash=r"^\w+: '(Message|Usage|\w+Block)' object "
            r"(is not subscriptable|has no attribute '(get|items|keys)')",
        ),
        printed(DESCRIBE),
        Diagnosis(
            "not-a-dict",
            title="The function should return a dict.",
            saw="It returned `{observed}`.",
            why="The caller looks values up by their names.",
            next='Return `{"id": …, "model": …}` with the six keys of the docstring.',
            where=DESCRIBE,
        ),
        Diagnosis(
            "missing-keys",
            title="The dict lacks a key that the docstring names.",
            saw="Missing: `{observed}`.",
            why="A caller looks for exactly these names.",
            next="Copy the six names from the docstring.",
            where=DESCRIBE,
        ),
        Diagnosis(
            "other-identity",
            title="One of `id`, `model`, `stop_reason` is not the message's own.",
            saw="Your dict says `{observed}`.",
            why="Each message has its own id, and you need it to report a problem.",
            next="Read all three from `message`, with nothing typed in.",
            where=READ,
        ),
        Diagnosis(
            "blocks-not-types",
            title="`block_types` holds the blocks themselves.",
            saw="It is `{observed}`.",
            why="A type is a short word, such as `text`; the block is the whole object.",
            next="Take `block.type` of each block.",
            where=READ,
        ),
        Diagnosis(
            "first-type-only",
            title="Only some of the blocks are listed.",
            saw="`block_types` is `{observed}`, and the reply had more blocks than that.",
            why="A reply may have several blocks.",
            next="Go through all of `message.content` and list each block's type.",
            where=READ,
            hints=(
                "How many blocks can a reply have?",
                "The printed JSON under “What came back” shows `content` in square brackets.",
                "`[block.type for block in …]`",
            ),
        ),
        Diagnosis(
            "empty-crash",
            title="A reply without blocks stopped your code.",
            saw="For `content == []` Python says: `{observed}`",
            why="Empty replies happen: a refusal, or a limit that was reached too early.",
            next="Go through `message.content` without reaching for one place in it.",
            where=READ,
        ),
        Diagnosis(
            "other-types",
            title="`block_types` is not a list of the types.",
            saw="It is `{observed}`.",
            why="The docstring promises a list of str, in the order of the blocks.",
            next="`block_types` is a list with one `block.type` for each block.",
            where=READ,
        ),
        Diagnosis(
            "other-tokens",
            title="The token counts are not the numbers of this message.",
            saw="Your dict says `{observed}`.",
            why="What a call costs is worked out from these two numbers.",
            next="Read them from `message.usage`, each under its own name.",
            where=COST,
        ),
    ],
    hints=(
        "Everything you need is an attribute of `message`, or of `message.usage`.",
        "Look at the JSON under “What came back” and find the six values in it.",
        '`{"id": message.id, …, "block_types": [block.type for …], …}`',
    ),
)
def describe_reply(exam: Exam) -> None:
    """Describe replies with one text block, with thinking first, with a tool call, and empty."""
    texts: list[Json] = [{"type": "text", "text": exam.words(3)}]
    thought = {"type": "thinking", "thinking": "", "signature": exam.fresh("sig")}
    call = {"type": "tool_use", "id": exam.fresh("toolu"), "name": "look_up", "input": {}}
    cases: tuple[tuple[list[Json], str, str | None], ...] = (
        (texts, "end_turn", None),
        ([thought, *texts, call], "tool_use", None),
        ([], exam.pick("max_tokens", "refusal"), "empty-crash"),
    )
    # Three different ones, so that a model that is typed in is wrong somewhere.
    models = exam.pick(*permutations(MODELS, len(cases)))
    for model, (content, stop_reason, crash) in zip(models, cases, strict=True):
        message = exam.message(content=content, stop_reason=stop_reason, model=model)
        judges = _CRITERIA if crash is None else ("blocks",)
        called = exam.call(message, judges=judges, crash=crash)
        if not isinstance(called.value, dict):
            is_printed = called.value is None and called.printed != ""
            kind = exam.which({"printed": is_printed}, otherwise="not-a-dict")
            for criterion in _CRITERIA:
                exam.expect(criterion, False, kind, called.value)
            return
        _describes(exam, called.value, message.data)


def _describes(exam: Exam, value: dict[Json, Json], message: dict[str, Json]) -> None:
    usage, content = message["usage"], message["content"]
    identity = {key: message[key] for key in ("id", "model", "stop_reason")}
    types = [block["type"] for block in content]
    tokens = {key: usage[key] for key in ("input_tokens", "output_tokens")}
    missing = [key for key in (*identity, "block_types", *tokens) if key not in value]
    for criterion, keys in zip(_CRITERIA, (identity, ["block_types"], tokens), strict=True):
        is_there = not set(keys) & set(missing)
        exam.expect(criterion, is_there, "missing-keys", ", ".join(missing))
    mine = {key: value.get(key) for key in identity}
    listed = value.get("block_types")
    counted = {key: value.get(key) for key in tokens}
    exam.expect("identity", is_same(mine, identity), "other-identity", mine)
    wrong = exam.which(
        {
            "blocks-not-types": isinstance(listed, list)
            and any(isinstance(item, SdkObject) for item in listed),
            "first-type-only": isinstance(listed, list) and len(listed) < len(types),
        },
        otherwise="other-types",
    )
    exam.expect("blocks", is_same(listed, types), wrong, listed)
    exam.expect("tokens", is_same(counted, tokens), "other-tokens", counted)
