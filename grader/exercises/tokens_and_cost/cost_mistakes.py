"""The mistakes that the check of `cost` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.shared_mistakes import printed
from grader.exercises.tokens_and_cost.lesson import CLASSES, COST, DATED
from grader.exercises.tokens_and_cost.mistakes import (
    NO_SUCH_FIELD,
    NONE_CRASH,
    USAGE_SUBSCRIPTED,
)

MISTAKES = (
    USAGE_SUBSCRIPTED,
    NO_SUCH_FIELD,
    Diagnosis(
        "price-subscripted",
        title="A price is an object, and not a dict.",
        saw="Python says: `{observed}`",
        why="Its five parts are attributes.",
        next="Write `price.input`, with a dot.",
        where=COST,
        crash=r"^(TypeError: 'Price' object is not subscriptable"
        r"|AttributeError: 'Price' object has no attribute 'get')",
    ),
    Diagnosis(
        "decimal-and-float",
        title="A `Decimal` does not mix with a float.",
        saw="Python says: `{observed}`",
        why="It refuses to guess how many digits of the float are meant.",
        next='Write `Decimal("0.5")`, or divide by a whole number, which is exact.',
        where=COST,
        hints=(
            "Which number in your code has a decimal point, or an `e` in it?",
            "“What a call costs” divides by `1_000_000`, a whole number.",
            "`/ 2` in the place of `* 0.5`",
        ),
        crash=r"^TypeError: unsupported operand .*'decimal\.Decimal' and 'float'"
        r"|^TypeError: unsupported operand .*'float' and 'decimal\.Decimal'",
    ),
    printed(COST),
    Diagnosis(
        "not-an-amount",
        title="The cost should be a `Decimal`.",
        saw="Your function returned `{observed}`.",
        why="The caller adds costs up and compares them with a budget.",
        next="Return the sum itself, without a sign or a text around it.",
        where=COST,
    ),
    Diagnosis(
        "per-thousand",
        title="The cost is a thousand times too high.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="Prices are per million tokens; older price lists were per thousand.",
        next="Divide by `1_000_000`.",
        where=COST,
    ),
    Diagnosis(
        "not-divided",
        title="The cost is a million times too high.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="A price is for a million tokens, and not for one.",
        next="Divide the sum by `1_000_000`.",
        where=COST,
    ),
    Diagnosis(
        "cents",
        title="The cost is a hundred times too high.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="The caller expects US dollars, as the docstring says.",
        next="Leave out what turns dollars into cents.",
        where=COST,
    ),
    Diagnosis(
        "batch-ignored",
        title="A batch costs half.",
        saw="With `batch=True`, your amount and what the call costs: `{observed}`.",
        why="Whoever can wait for the replies pays half of each price.",
        next="Halve the sum when `batch` is true.",
        where=COST,
    ),
    Diagnosis(
        "batch-always",
        title="Half was charged, and the call was not part of a batch.",
        saw="With `batch=False`, your amount and what the call costs: `{observed}`.",
        why="Only a batch is cheaper: its replies may come hours later.",
        next="Halve the sum only when `batch` is true.",
        where=COST,
    ),
    Diagnosis(
        "batch-partly",
        title="A batch halves every class of tokens.",
        saw="With `batch=True`, your amount and what the call costs: `{observed}`.",
        why="Input, output and what the cache was used for: each of them costs half.",
        next="Halve the whole sum, at the end.",
        where=COST,
    ),
    Diagnosis(
        "cached-left-out",
        title="Not all that was paid for is in the sum.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="What is written to the cache and what is read from it have prices, too.",
        next="Add the tokens that are missing, at their own price.",
        where=CLASSES,
    ),
    Diagnosis(
        "one-price",
        title="One price was used for several classes of tokens.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="Output costs several times as much as input, and what a cache is used for "
        "costs more or less than it.",
        next="Give each class of tokens its own price.",
        where=COST,
        hints=(
            "How many prices does a model have?",
            "The table under “What a call costs” has a column for each.",
            "`price.write_5m`, `price.write_1h` and `price.read` stand beside `price.input`.",
        ),
    ),
    Diagnosis(
        "one-lifetime",
        title="What was written for five minutes and for an hour has two prices.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="To keep a prefix for an hour costs more than to keep it for five minutes.",
        next="Take the two counts from `usage.cache_creation`, and charge each at its own price.",
        where=CLASSES,
        hints=(
            "Where does a usage say for how long something is kept?",
            "Look into `cache_creation` in the usages under “Four classes of tokens”.",
            "`usage.cache_creation.ephemeral_1h_input_tokens` goes with `price.write_1h`.",
        ),
    ),
    Diagnosis(
        "cached-twice",
        title="Cached tokens are charged twice.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="`input_tokens` has only the fresh ones; the other classes are not in it.",
        next="Charge `input_tokens` as it is at the price of input, and not the total.",
        where=CLASSES,
    ),
    Diagnosis(
        "cached-subtracted",
        title="Cached tokens were taken off the fresh ones.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="OpenAI's `prompt_tokens` has the cached ones in it, so one takes them off there. "
        "`input_tokens` never had them.",
        next="Charge `input_tokens` as it is at the price of input.",
        where=CLASSES,
        hints=(
            "Are the cached tokens among those of `input_tokens`?",
            "Compare the two usages under “Four classes of tokens”: one prompt, sent twice.",
            "`usage.input_tokens * price.input`, and nothing taken off.",
        ),
    ),
    Diagnosis(
        "usual-multiples",
        title="A price was reckoned from that of input.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="To read from the cache is a tenth of the price of input for some models only, "
        "and the others follow no rule either.",
        next="Take `price.write_5m`, `price.write_1h` and `price.read` as they are.",
        where=COST,
        hints=(
            "Is a cached token equally cheap with every model?",
            "Under “What a call costs” the last column shows the multiples of several models.",
            "No `0.1` and no `1.25` in your code: `price.read`, `price.write_5m`.",
        ),
    ),
    Diagnosis(
        "typed-price",
        title="The price of another model was used.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="A price that is typed into code is wrong for all other models, "
        "and one day for its own.",
        next="Take all prices from the argument `price`.",
        where=DATED,
    ),
    Diagnosis(
        "rounded",
        title="The cost is rounded.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="One call may cost a fraction of a cent; a thousand rounded calls are off by dollars.",
        next="Return the sum as it is, and round where it is shown.",
        where=COST,
    ),
    NONE_CRASH,
    Diagnosis(
        "float-money",
        title="The amount is right, but it is no `Decimal`.",
        saw="Your function returned `{observed}`.",
        why="Floats cannot hold most decimal fractions, and sums of them drift.",
        next="Keep the prices as they are: a `Decimal` times a whole number is a `Decimal`.",
        where=COST,
        hints=(
            "What type has `price.input`, and where does your code leave it?",
            "“What a call costs” adds a small amount up, once as a float and once as a `Decimal`.",
            "No `float(…)`, and `1_000_000` in the place of `1e6`.",
        ),
    ),
    Diagnosis(
        "float-digits",
        title="The amount was a float on its way.",
        saw="Your function returned `{observed}`.",
        why="What a float has lost, `Decimal(…)` does not bring back.",
        next='Work with `Decimal` from the first step on, or give it a text: `Decimal("0.5")`.',
        where=COST,
    ),
    Diagnosis(
        "other-amount",
        title="That is not what the call costs.",
        saw="Your amount, and what the call costs: `{observed}`.",
        why="Each class of tokens has a count in the usage and a price per million.",
        next="Work one call out by hand, class by class, and compare.",
        where=COST,
    ),
)
"""From the most basic to the subtlest."""
