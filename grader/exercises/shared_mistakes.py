"""Mistakes that several exercises recognise, worded once; where: the heading that explains it."""

from __future__ import annotations

from grader.exams import Diagnosis


def printed(where: str) -> Diagnosis:
    """Return the mistake of showing a value instead of returning it."""
    return Diagnosis(
        "printed",
        title="The answer was printed, not returned.",
        saw="Your function returned `None`.",
        why="Whoever calls the function cannot use what is only on the screen.",
        next="Put `return` where `print` stands.",
        where=where,
    )


def choices(where: str) -> Diagnosis:
    """Return the mistake of looking for a reply where OpenAI has it."""
    return Diagnosis(
        "choices",
        title="A reply has no `choices` here.",
        saw="Python says: `{observed}`",
        why="The reply is the message itself: its `content` is a list of blocks.",
        next="Read `message.content`, and choose the blocks by their `type`.",
        where=where,
        crash=r"^AttributeError: '\w*Message' object has no attribute 'choices'",
    )


def first_block(where: str) -> Diagnosis:
    """Return the mistake of reading a block's text whatever its type is, `content[0]` above all."""
    return Diagnosis(
        "first-block",
        title="Your code reads a block as text, whatever its type is.",
        saw="The reply began with a `thinking` block, and it came to this: `{observed}`",
        why="Newer models think first, so the text is not always in `content[0]`.",
        next="Choose blocks by `type`, not by position.",
        where=where,
        hints=(
            "What tells a text block from any other block?",
            "Find the demo cell that prints the type of each block, and read them again.",
            "`[block.text for block in message.content if block.type == …]`",
        ),
        crash=r"^AttributeError: '\w+Block' object has no attribute 'text'",
    )
