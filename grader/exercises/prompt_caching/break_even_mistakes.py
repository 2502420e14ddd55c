"""The mistakes that the check of `break_even_calls` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.prompt_caching.lesson import LIFETIMES, WORTH
from grader.exercises.shared_mistakes import printed

MISTAKES = (
    Diagnosis(
        "price-subscripted",
        title="A price is an object, and not a dict.",
        saw="Python says: `{observed}`",
        why="Its five parts are attributes.",
        next='Write `price.input`, with a dot; by name it is `getattr(price, "write_5m")`.',
        where=WORTH,
        crash=r"^(TypeError: 'Price' object is not subscriptable"
        r"|AttributeError: 'Price' object has no attribute)",
    ),
    Diagnosis(
        "decimal-and-float",
        title="A `Decimal` does not mix with a float.",
        saw="Python says: `{observed}`",
        why="Prices are `Decimal`, so that sums of money are exact.",
        next="Leave the number with the decimal point out; all that you need is in `price`.",
        where=WORTH,
        crash=r"^TypeError: unsupported operand .*'decimal\.Decimal' and 'float'"
        r"|^TypeError: unsupported operand .*'float' and 'decimal\.Decimal'",
    ),
    printed(WORTH),
    Diagnosis(
        "not-a-number",
        title="The function should return a number of calls.",
        saw="It returned `{observed}`.",
        why="The caller compares it with the calls that it expects.",
        next="Return the `int` itself.",
        where=WORTH,
    ),
    Diagnosis(
        "always-two",
        title="The answer is 2 for every price and either lifetime.",
        saw="Your function returned `{observed}`.",
        why="Two calls are enough where a write costs a quarter more than plain input. "
        "A write for an hour costs more, and models differ.",
        next="Take the write's own price, `write_5m` or `write_1h`, for the first call.",
        where=WORTH,
        hints=(
            "What does the first call cost, when it writes?",
            "“Five minutes, or an hour” prints both prices of a write beside the plain one.",
            'The first call costs `price.write_1h` where `ttl` is `"1h"`.',
        ),
    ),
    Diagnosis(
        "usual-multiples",
        title="The prices in your code are one model's, not those that you were given.",
        saw="Your function returned `{observed}`.",
        why="Multiples of 1.25, 2 and 0.1 hold for many models, and not for all: "
        "some read at 0.05 or 0.025.",
        next="Use `price.write_5m`, `price.write_1h` and `price.read`.",
        where=LIFETIMES,
        hints=(
            "Where do the numbers in your code come from?",
            "“Five minutes, or an hour” prints the multiples of several models.",
            "`price.read` takes the place of a tenth of `price.input`.",
        ),
    ),
    Diagnosis(
        "short-always",
        title="An hour is priced like five minutes.",
        saw="Your function returned `{observed}`.",
        why="To keep a prefix longer costs more to write.",
        next='Use `price.write_1h` where `ttl` is `"1h"`.',
        where=LIFETIMES,
    ),
    Diagnosis(
        "long-always",
        title="Five minutes are priced like an hour.",
        saw="Your function returned `{observed}`.",
        why="To keep a prefix for a shorter time costs less to write.",
        next='Use `price.write_5m` where `ttl` is `"5m"`.',
        where=LIFETIMES,
    ),
    Diagnosis(
        "usual-reads",
        title="Reads are priced at a tenth, and this model's are not.",
        saw="Your function returned `{observed}`.",
        why="How much cheaper a read is differs from model to model.",
        next="Use `price.read`.",
        where=LIFETIMES,
    ),
    Diagnosis(
        "reads-free",
        title="A read has a price.",
        saw="Your function returned `{observed}`.",
        why="It is low, but each call after the first pays it.",
        next="Add `price.read` for each of the calls that read.",
        where=WORTH,
    ),
    Diagnosis(
        "written-and-read",
        title="The first call is counted twice: as a write and as a read.",
        saw="Your function returned `{observed}`.",
        why="It finds nothing to read. What it writes, it pays for once.",
        next="Count one read less than there are calls.",
        where=WORTH,
    ),
    Diagnosis(
        "paid-twice",
        title="The first call pays twice: the plain price and the write.",
        saw="Your function returned `{observed}`.",
        why="The price of a write takes the place of the plain one; it is not added to it.",
        next="Charge the first call `write`, and no `input`.",
        where=WORTH,
    ),
    Diagnosis(
        "one-too-few",
        title="The number is one too small, for each price.",
        saw="Your function returned `{observed}`.",
        why="With that many calls the cache has not paid off yet.",
        next="If you count reads, add the first call, which writes. "
        "If you round a fraction, do not round down.",
        where=WORTH,
    ),
    Diagnosis(
        "one-too-many",
        title="The number is one too large, for each price.",
        saw="Your function returned `{observed}`.",
        why="One call earlier the bill with a cache is lower already.",
        next="Look at where your count begins and where it stops.",
        where=WORTH,
    ),
    Diagnosis(
        "same-is-cheaper",
        title="As long as both bills are the same, nothing is saved.",
        saw="Your function returned `{observed}`; at that number of calls they are equal.",
        why="The question is from which call on caching is cheaper.",
        next="Look at your comparison: `<` or `<=`? And `ceil` leaves a whole number as it is.",
        where=WORTH,
    ),
    Diagnosis(
        "fraction",
        title="There is no such thing as half a call.",
        saw="Your function returned `{observed}`.",
        why="The two bills cross between two calls, and the later one is the first that saves.",
        next="Return the first whole number above it.",
        where=WORTH,
    ),
    Diagnosis(
        "not-an-int",
        title="The number is right, and its type is not.",
        saw="Your function returned `{observed}`.",
        why="Calls are counted, and a count is an `int`.",
        next="Count up with whole numbers, or turn the result into an `int` at the end.",
        where=WORTH,
    ),
    Diagnosis(
        "other-count",
        title="Caching becomes cheaper at another number of calls.",
        saw="Your function returned `{observed}`.",
        why="With a cache: one write, then reads. Without: the plain price each time.",
        next="Write both bills down for one, two and three calls, and compare.",
        where=WORTH,
    ),
)
