"""What a reply holds besides its text."""

from __future__ import annotations

from grader.exams import Criterion, Diagnosis, Exam, SdkObject, exercise
from grader.exercises.readings import is_same
from grader.exercises.shared_mistakes import printed
from grader.exercises.start_here.lesson import COST, DESCRIBE, NAME, READ


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
            title="Usage has no total.",
            saw="Python says: `{observed}`",
            why="Input and output have different prices, so the API never adds them up.",
            next="Read `message.usage.input_tokens` and `message.usage.output_tokens`.",
            where=COST,
            hints=(
                "Two numbers with two prices: would a sum of them help you?",
                "Look at the `usage` object under “What it cost”.",
                '`"input_tokens": message.usage.input_tokens`, and the same for the output.',
            ),
            crash=r"AttributeError: 'Usage' object has no attribute "
            r"'(total|prompt|completion)_tokens'",
        ),
        Diagnosis(
            "message-as-dict",
            title="A message is an object, not a dict.",
            saw="Python says: `{observed}`",
            why="The SDK turns the JSON reply into objects with attributes.",
            next='Write `message.id` where you wrote `message["id"]`.',
            where=READ,
            hints=(
                "How did the demo cells reach into the reply?",
                "Compare `message.content` in the cells above with your own line.",
                "`message.id`, `message.model`, `message.stop_reason`",
            ),
            crash=r"^TypeError: '\w+' object is not subscriptable",
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
            saw="`block_types` is `{observed}`, and the reply had more or fewer blocks than that.",
            why="A reply may have several blocks, or none at all.",
            next="Go through all of `message.content` and list each block's type.",
            where=READ,
            hints=(
                "How many blocks can a reply have?",
                "The printed JSON under “What came back” shows `content` in square brackets.",
                "`[block.type for block in …]`",
            ),
            crash=r"^IndexError: list index out of range",
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
            title="The token counts are not those of this message.",
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
    texts = [{"type": "text", "text": exam.words(3)}]
    thought = {"type": "thinking", "thinking": "", "signature": exam.fresh("sig")}
    call = {"type": "tool_use", "id": exam.fresh("toolu"), "name": "look_up", "input": {}}
    for content, stop_reason in (
        (texts, "end_turn"),
        ([thought, *texts, call], "tool_use"),
        ([], exam.pick("max_tokens", "refusal")),
    ):
        message = exam.message(content=content, stop_reason=stop_reason)
        called = exam.call(message)
        if not _describes(exam, called.value, called.printed, message.data):
            return


def _describes(exam: Exam, value: object, printed: str, message: dict[str, object]) -> bool:
    usage = message["usage"]
    content = message["content"]
    assert isinstance(usage, dict)
    assert isinstance(content, list)
    identity = {key: message[key] for key in ("id", "model", "stop_reason")}
    types = [block["type"] for block in content]
    tokens = {key: usage[key] for key in ("input_tokens", "output_tokens")}
    expected = [*identity, "block_types", *tokens]
    if not isinstance(value, dict):
        kind = "printed" if value is None and printed else "not-a-dict"
        return exam.expect("identity", False, kind, value)
    mine = {key: value.get(key) for key in identity}
    missing = [key for key in expected if key not in value]
    if missing:
        named = ", ".join(missing)
        exam.expect("identity", is_same(mine, identity), "missing-keys", named)
        exam.expect("blocks", is_same(value.get("block_types"), types), "missing-keys", named)
        counted = {key: value.get(key) for key in tokens}
        return exam.expect("tokens", is_same(counted, tokens), "missing-keys", named)
    good = exam.expect("identity", is_same(mine, identity), "other-identity", mine)
    listed = value["block_types"]
    wrong = exam.which(
        {
            "blocks-not-types": isinstance(listed, list)
            and any(isinstance(item, SdkObject) for item in listed),
            "first-type-only": isinstance(listed, list) and len(listed) != len(types),
        },
        otherwise="other-types",
    )
    good &= exam.expect("blocks", is_same(listed, types), wrong, listed)
    counted = {key: value[key] for key in tokens}
    return exam.expect("tokens", is_same(counted, tokens), "other-tokens", counted) and good
