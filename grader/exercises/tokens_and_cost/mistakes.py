"""The mistakes that several exercises of lesson 06 recognise, worded once."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.tokens_and_cost.lesson import CLASSES, COUNTED

TOO_MUCH = Diagnosis(
    "too-much",
    title="`count_tokens` takes only what becomes part of the prompt.",
    saw="It says: `{observed}`",
    why="A limit on the reply, metadata or stop sequences are no input, so they are refused.",
    next="Hand on the parts that the docstring names, and leave the others out.",
    where=COUNTED,
    hints=(
        "Which parts of a request does the model read?",
        "“What is counted” shows what the method says to `max_tokens`.",
        "`{name: request[name] for name in PARTS if name in request}`",
    ),
    crash=r"count_tokens\(\) got an unexpected keyword|Extra inputs are not permitted",
)

NULL_PART = Diagnosis(
    "null-part",
    title="A part that the request does not have is sent as `null`.",
    saw="The API answers: `{observed}`",
    why="`None` is no way to leave a parameter out: it is sent, and it is neither text nor list.",
    next="Hand on a part only when the request has it.",
    where=COUNTED,
    hints=(
        "What is the difference between a parameter that is absent and one that is `None`?",
        "Under “What is counted” the parts are collected in a dict before they are sent.",
        "`if name in request` belongs into your loop or comprehension.",
    ),
    crash=r"'(system|tools|tool_choice|thinking|output_config): Input ",
)

ABSENT_PART = Diagnosis(
    "absent-part",
    title="Not every request has every part.",
    saw="For one without it, your code stopped with `{observed}`.",
    why="A request needs `model`, `max_tokens` and `messages`, and no more.",
    next="Take a part only when it is there.",
    where=COUNTED,
    crash=r"^KeyError: '(system|tools|tool_choice|thinking|output_config)'",
)

SENT_FOR_REAL = Diagnosis(
    "sent-for-real",
    title="The request itself was sent, and not a question about its length.",
    saw="Requests that `messages.create` sent: `{observed}`.",
    why="That makes a reply, and a reply is paid for; to count costs nothing.",
    next="Ask `client.messages.count_tokens(…)` instead.",
    where=COUNTED,
)

GUESSED = Diagnosis(
    "guessed",
    title="The API was not asked.",
    saw="No request to `count_tokens` arrived, and your function returned `{observed}`.",
    why="Each model generation splits text in its own way, "
    "and what the API adds around it shows in no text.",
    next="Call `client.messages.count_tokens(…)` for it.",
    where=COUNTED,
    hints=(
        "Who knows for sure how many tokens a request has?",
        "“What is counted” asks the API for each part, and for two models.",
        "`client.messages.count_tokens(…).input_tokens`",
    ),
)

PARTS_LOST = Diagnosis(
    "parts-lost",
    title="A part of the prompt is not counted.",
    saw="The API was asked about a request in which this is missing or changed: `{observed}`.",
    why="The model reads all of it, and you pay for all of it.",
    next="Hand on that part as it is in the request.",
    where=COUNTED,
)

USAGE_SUBSCRIPTED = Diagnosis(
    "usage-subscripted",
    title="A usage is an object, and not a dict.",
    saw="Python says: `{observed}`",
    why="The SDK gives each field as an attribute.",
    next="Write `usage.input_tokens`, with a dot.",
    where=CLASSES,
    crash=r"^(TypeError: '(Usage|CacheCreation)' object is not subscriptable"
    r"|AttributeError: '(Usage|CacheCreation)' object has no attribute 'get')",
)

NO_SUCH_FIELD = Diagnosis(
    "no-such-field",
    title="A usage has no such field here.",
    saw="Python says: `{observed}`",
    why="OpenAI's `prompt_tokens` and `total_tokens` have no counterpart of that name.",
    next="Read the names of the fields in the usages that the lesson shows.",
    where=CLASSES,
    crash=r"^AttributeError: '(Usage|CacheCreation)' object has no attribute '(?!get')",
)

NONE_CRASH = Diagnosis(
    "none-crash",
    title="A field of the usage may be `None`.",
    saw="With such a usage it came to this: `{observed}`",
    why="A server that caches nothing may leave the fields of the cache out, "
    "and the SDK then has `None` for them.",
    next="Take 0 for what is `None`.",
    where=CLASSES,
    hints=(
        "Which fields does a usage always have, and which may be empty?",
        "Under “Four classes of tokens” one line says which fields may be `None`.",
        "`usage.cache_read_input_tokens or 0`",
    ),
)


def mutated(where: str) -> Diagnosis:
    """Return the mistake of changing the caller's request."""
    return Diagnosis(
        "mutated",
        title="The caller's request is no longer what it was.",
        saw="After the call it differs in `{observed}`.",
        why="The caller still wants to send it.",
        next="Build a new dict, and leave the one you were given alone.",
        where=where,
        hints=(
            "Is the request needed after your function is done with it?",
            "Look for `pop`, `del`, `append` or an assignment into `request`.",
            "`{**request, …}` is a new dict with the same parts.",
        ),
    )


def other_model(where: str) -> Diagnosis:
    """Return the mistake of counting for another model than the one in question."""
    return Diagnosis(
        "other-model",
        title="The tokens were counted for another model.",
        saw="The API was asked about `{observed}`, which is not the model in question.",
        why="The same text has other counts on other models, often by a third.",
        next="Name the model whose tokens you want to know.",
        where=where,
        hints=(
            "Does every model split a text into the same pieces?",
            "“What is counted” prints one request's tokens on two models.",
            "Which `model` does your call of `count_tokens` name, and where does it come from?",
        ),
    )
