"""A prompt in, the reply's text out."""

from __future__ import annotations

from grader.exams import Called, Criterion, Diagnosis, Exam, SdkObject, exercise
from grader.exercises.readings import last_user_text
from grader.exercises.shared_mistakes import first_block, printed
from grader.exercises.start_here.lesson import CALL, NAME, OWN, READ
from grader.simulator import Turn, text, thinking, turn

MOST_REQUESTS = 8
"""How many requests are answered, so that asking twice is told apart from failing."""


@exercise(
    lesson=NAME,
    minutes=5,
    criteria=[
        Criterion("asks", "one request reaches the API"),
        Criterion("prompt", "the request carries the prompt it was given"),
        Criterion("returns", "the function returns the reply's text"),
        Criterion("any-block", "it finds the text when another block comes first"),
    ],
    mistakes=[
        Diagnosis(
            "no-max-tokens",
            title="The request never left: a required argument is missing.",
            saw="Python says: `{observed}`",
            why="`model`, `max_tokens` and `messages` are all required. "
            "OpenAI code has no `max_tokens`; here you say how long a reply may be.",
            next="See which of the three your call lacks, and pass it.",
            where=CALL,
            hints=(
                "Which argument did the OpenAI call not need?",
                "Compare the two calls under “The same question, twice”, argument by argument.",
                "`client.messages.create(model=…, max_tokens=300, messages=…)`",
            ),
            crash=r"^TypeError: (Missing required arguments; |Messages\.\w+\(\) missing )",
        ),
        Diagnosis(
            "openai-call",
            title="That is OpenAI's call.",
            saw="Python says: `{observed}`",
            why="An Anthropic client has no chat completions; it has messages.",
            next="Begin with `client.messages.create`.",
            where=CALL,
            crash=r"^AttributeError: 'Anthropic' object has no attribute '(chat|responses)'",
        ),
        Diagnosis(
            "unknown-model",
            title="The API knows no model of that name.",
            saw="It answers: `{observed}`",
            why="Each API has its own models, and a name must be right to the letter.",
            next="Use a name from the lesson, such as the one in `MODEL`.",
            where=CALL,
            crash=r"^NotFoundError: ",
        ),
        Diagnosis(
            "choices",
            title="A reply has no `choices`.",
            saw="Python says: `{observed}`",
            why="Anthropic sends one reply, so there is no list of choices around it.",
            next="Read `message.content`: it is a list of blocks.",
            where=READ,
            hints=(
                "`choices[0].message.content` is the OpenAI way. What takes its place?",
                "Look at the printed JSON under “What came back”: where is the text?",
                "Go through `message.content` and keep the text of each block of type `text`.",
            ),
            crash=r"^AttributeError: '\w*Message' object has no attribute 'choices'",
        ),
        Diagnosis(
            "no-request",
            title="The client that your function was given sent nothing.",
            saw="Your function returned `{observed}` all the same.",
            why="The caller chose that client: it may be live, simulated, or another account's.",
            next="Call `client.messages.create(…)` inside the function, on the argument `client`.",
            where=CALL,
        ),
        Diagnosis(
            "many-requests",
            title="More than one request reached the API.",
            saw="The API got `{observed}` requests for one prompt.",
            why="Each request is paid for, and each gets its own answer.",
            next="Call `client.messages.create` once, and keep what it returns in a variable.",
            where=CALL,
        ),
        Diagnosis(
            "other-prompt",
            title="The API got another prompt than your function did.",
            saw="The last user message says `{observed}`.",
            why="The function is called with a new prompt each time.",
            next='Use the argument: `{"role": "user", "content": prompt}`.',
            where=CALL,
        ),
        printed(OWN),
        Diagnosis(
            "returned-block",
            title="You returned the envelope, not the letter.",
            saw="Your function returned `{observed}`.",
            why="The caller expects a `str`. A block, or a whole message, holds more than text.",
            next="Go one step further: the text of a text block is in its `.text`.",
            where=READ,
            hints=(
                "What type does the signature promise?",
                "Look at the JSON under “What came back”: a block has a `type` and a `text`.",
                '`block.text`, for each block whose `type` is `"text"`.',
            ),
        ),
        Diagnosis(
            "other-text",
            title="Your function returned something else than the reply's text.",
            saw="It returned `{observed}`.",
            why="A caller wants the words of the reply, unchanged.",
            next="Return the text of the reply's text blocks, as it is.",
            where=READ,
        ),
        first_block(READ),
    ],
    hints=(
        "A call has three parts: send the prompt, get a message, take the text out of it.",
        "The cells under “What came back” do all three. Which parts of them change here?",
        (
            "`message = client.messages.create(…)`, with your `prompt` in `messages`; "
            "then join the text blocks."
        ),
    ),
)
def first_call(exam: Exam) -> None:
    """Send a prompt and return the reply's text, also from a reply that begins with thinking."""
    answer = exam.words(6)
    called = _asked(exam, text(answer), "returns")
    wrong = exam.which(
        {
            "printed": called.value is None and answer in called.printed,
            "returned-block": _holds_a_block(called.value),
        },
        otherwise="other-text",
    )
    if not exam.expect("returns", called.value == answer, wrong, called.value):
        return
    later = exam.words(5)
    called = _asked(exam, turn(thinking(), text(later)), "any-block")
    is_another_text = isinstance(called.value, str) and called.value != ""
    wrong = exam.which({"other-text": is_another_text}, otherwise="first-block")
    exam.expect("any-block", called.value == later, wrong, called.value)


def _asked(exam: Exam, reply: Turn, criterion: str) -> Called:
    """Call with a new prompt, and judge what was sent; a second request is answered too."""
    prompt = f"Tell me about {exam.words(2)}."
    scene = exam.scene(*[reply] * MOST_REQUESTS)
    value: object = None
    try:
        called = exam.call(scene.client, prompt, judges=(criterion,))
        value = called.value
        return called
    finally:
        # What was sent is judged also when the code stopped after it.
        requests = scene.requests
        kind = exam.which({"no-request": not requests}, otherwise="many-requests")
        exam.expect("asks", len(requests) == 1, kind, len(requests) or value)
        sent = last_user_text(requests[0]) if requests else ""
        exam.expect("prompt", sent == prompt, "other-prompt", sent)


def _holds_a_block(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, SdkObject | dict) for item in items)
