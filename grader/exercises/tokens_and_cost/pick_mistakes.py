"""The mistakes that the check of `pick_model` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.shared_mistakes import printed
from grader.exercises.tokens_and_cost.lesson import COST, DATED, LIMITS

MISTAKES = (
    Diagnosis(
        "card-subscripted",
        title="Catalog and cards are objects, and not dicts.",
        saw="Python says: `{observed}`",
        why="The catalog has its cards in `models`; what a card says are its attributes.",
        next="Loop over `catalog.models`, and write `card.context_window`, with a dot.",
        where=DATED,
        crash=r"^(TypeError: '(Catalog|ModelCard|Price|PriceBand)' object is not "
        r"(subscriptable|iterable)|AttributeError: '(Catalog|ModelCard|Price|PriceBand)' object "
        r"has no attribute '(get|items|values)')",
    ),
    Diagnosis(
        "other-catalog",
        title="Your code looked into another catalog than the one that it was given.",
        saw="Python says: `{observed}`",
        why="The caller chose the catalog: it may be one of another day, or have prices of their "
        "own.",
        next="Look into the argument: `catalog.models`, or `catalog.find(…)`.",
        where=DATED,
        crash=r"^UnknownModel",
    ),
    Diagnosis(
        "found-none",
        title="Your function says that no model will do, and one does.",
        saw="Python says: `{observed}`",
        why="In the catalog that it got, a model of `needs` answers on that day and has room.",
        next="Loop over `catalog.models`, and hold each of your conditions against the docstring.",
        where=DATED,
        crash=r"^ValueError\b(?!.*(unpack|is not in|invalid literal))",
    ),
    Diagnosis(
        "no-date",
        title="Most models have no date on which they retire.",
        saw="Python says: `{observed}`",
        why="`retires` is `None` until a date is known, and `None` cannot be compared with one.",
        next="Ask first whether `card.retires` is `None`.",
        where=DATED,
        hints=(
            "What does the catalog say of a model that nobody wants to retire?",
            "The table under “A price has a date” has a column for it. What stands in it mostly?",
            "`card.retires is None or …`",
        ),
        crash=r"^TypeError: '[<>]=?' not supported between instances of .*'NoneType'",
    ),
    Diagnosis(
        "only-active",
        title="A deprecated model still answers, until the day it retires.",
        saw="The cheapest that fits was deprecated, and your code chose `{observed}`.",
        why="Your function looks at the date on each call, so it will move on by itself.",
        next="Compare `card.retires` with `today`, and leave `lifecycle` alone.",
        where=DATED,
        hints=(
            "Does a deprecated model answer today? Will it tomorrow?",
            "“A price has a date” says what a model's two dates mean.",
            "`card.retires is None or today < card.retires`",
        ),
    ),
    Diagnosis(
        "promise-read",
        title="The cheapest was passed over, and it still answers.",
        saw="Your function chose `{observed}`. The cheapest has a `retires_not_before` that is "
        "past, and no `retires`.",
        why="`retires_not_before` only promises that a model lives as long as that; "
        "`retires` is the day on which it ends.",
        next="Compare `card.retires` with `today`, and leave the promise alone.",
        where=DATED,
        hints=(
            "Which of a card's two dates is the day of an end?",
            "“A price has a date” says below its table what they mean.",
            "`card.retires is None or today < card.retires`",
        ),
    ),
    printed(DATED),
    Diagnosis(
        "card-returned",
        title="The function should return the model's id.",
        saw="It returned `{observed}`.",
        why="The id is what goes into the request.",
        next="Return `card.id`.",
        where=DATED,
    ),
    Diagnosis(
        "not-an-id",
        title="What came back is no model of this catalog.",
        saw="Your function returned `{observed}`.",
        why="The caller puts it into a request as `model`, where only a card's id is right.",
        next="Take the id from a card of `catalog.models`.",
        where=DATED,
    ),
    Diagnosis(
        "not-tested",
        title="That model was not among those that you may choose from.",
        saw="Your function chose `{observed}`, which is not in `needs`.",
        why="No catalog knows whether a model is good enough for your task; your own tests do.",
        next='Leave out each card whose id is not in `needs["models"]`.',
        where=DATED,
    ),
    Diagnosis(
        "retired",
        title="That model no longer answers.",
        saw="Your function chose `{observed}`, which had retired.",
        why="A retired model is a 404, from the day on which it retires.",
        next="Compare `card.retires` with `today`; on that very day it is gone.",
        where=DATED,
        hints=(
            "What becomes of a request to a model that is no more?",
            "“A price has a date” says what a model's two dates mean.",
            "`card.retires is None or today < card.retires`",
        ),
    ),
    Diagnosis(
        "too-small",
        title="The request does not fit that model.",
        saw="Your function chose `{observed}`.",
        why="Input and reply have to go into the window together, "
        "and the reply has a limit of its own.",
        next="Ask both questions of `fits`, with the numbers in `needs`.",
        where=LIMITS,
        hints=(
            "Which two limits does a card have?",
            "“Two limits” has a sketch of what shares the window.",
            (
                "`needs[…] + needs[…] <= card.context_window`, "
                "and one more comparison for `max_output`."
            ),
        ),
    ),
    Diagnosis(
        "first-band",
        title="Long prompts may have another price.",
        saw="Your function chose `{observed}`, which is the cheapest for short prompts only.",
        why="Some models have bands: above a number of input tokens, all of them cost more.",
        next='Ask the card for its price at this length: `card.price_for(needs["input_tokens"])`.',
        where=COST,
        hints=(
            "Why does a card have a list of prices, and not one?",
            "“What a call costs” shows one model at two lengths.",
            "`card.price_for(…)` picks the band.",
        ),
    ),
    Diagnosis(
        "input-only",
        title="The price of input alone does not say what a call costs.",
        saw="Your function chose `{observed}`, whose input is cheap and whose output is dear.",
        why="Output costs several times as much, and can be most of the bill.",
        next="Compare what a whole call costs: input and output.",
        where=COST,
    ),
    Diagnosis(
        "unweighted",
        title="A price weighs as much as its tokens.",
        saw="Your function chose `{observed}`, whose output is cheap and whose input is dear.",
        why="A call may have far more tokens of one kind than of the other; here it is input.",
        next="Multiply each price by its tokens before you add them up.",
        where=COST,
    ),
    Diagnosis(
        "not-cheapest",
        title="There was a cheaper one that fits.",
        saw="Your function chose `{observed}`.",
        why="All that are left are good enough for the task, so the price decides.",
        next="Take the one for which a call of this size costs least.",
        where=COST,
    ),
    Diagnosis(
        "refused-fitting",
        title="A model that fits was passed over.",
        saw="For limits that fit exactly it came to this: `{observed}`",
        why="What reaches a limit is still within it.",
        next="Look at your comparisons: `<` or `<=`?",
        where=LIMITS,
    ),
    Diagnosis(
        "none-chosen",
        title="When no model will do, the caller has to know.",
        saw="Your function returned `{observed}`.",
        why="A request with a model that does not fit fails later, and far from its cause.",
        next="Raise `ValueError`.",
        where=DATED,
    ),
    Diagnosis(
        "other-error",
        title="When no model will do, a `ValueError` should say so.",
        saw="It came to this: `{observed}`",
        why="Any other error reads like a slip in your code.",
        next="Raise `ValueError` when no card is left.",
        where=DATED,
    ),
)
"""From the most basic to the subtlest."""
