"""Lesson 06: count before you send, and know what it costs."""

from grader.exams import Lesson, Objective
from grader.exercises.tokens_and_cost.cheapest_that_passes import cheapest_that_passes
from grader.exercises.tokens_and_cost.cost import cost
from grader.exercises.tokens_and_cost.count_request import count_request
from grader.exercises.tokens_and_cost.fits import fits
from grader.exercises.tokens_and_cost.pick_model import pick_model
from grader.exercises.tokens_and_cost.total_input import total_input
from grader.exercises.tokens_and_cost.trim_to_budget import trim_to_budget

LESSON = Lesson(
    name="06_tokens_and_cost",
    title="Tokens and cost: count before you send",
    minutes=90,
    objectives=(
        Objective("count a request before you send it", ("count_request", "trim_to_budget")),
        Objective("tell the context window from the output limit", ("fits", "pick_model")),
        Objective("read the four classes of tokens in a usage", ("total_input", "cost")),
        Objective("work out what a call costs, alone and in a batch", ("cost",)),
        Objective("cut a conversation to a budget in a few counts", ("trim_to_budget",)),
        Objective("choose a model from a dated catalog", ("pick_model",)),
        Objective("find the cheapest model that passes your own tests", ("cheapest_that_passes",)),
    ),
    exercises=(
        count_request,
        fits,
        total_input,
        cost,
        trim_to_budget,
        pick_model,
        cheapest_that_passes,
    ),
)

__all__ = ["LESSON"]
