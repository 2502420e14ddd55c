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


def no_choices(where: str) -> Diagnosis:
    """Return the mistake of looking for the answer where OpenAI has it."""
    return Diagnosis(
        "no-choices",
        title="A reply has no `choices`.",
        saw="Python says: `{observed}`",
        why="There is one answer, not a list of them: "
        "the reply is the message itself, and its blocks are in `content`.",
        next="Go through `message.content`, and look at the `type` of each block.",
        where=where,
        hints=(
            "Where does this API put everything that a reply holds?",
            "Print a reply, and look for its text.",
            "`[block.text for block in message.content if block.type == …]`",
        ),
        crash=r"^AttributeError: '\w*Message' object has no attribute '(choices|output_text)'",
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
