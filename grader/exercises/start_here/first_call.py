"""A prompt in, the reply's text out."""

from __future__ import annotations

from grader.exams import Criterion, Diagnosis, Exam, SdkObject, exercise
from grader.exercises.readings import last_user_text
from grader.exercises.shared_mistakes import first_block, printed
from grader.exercises.start_here.lesson import CALL, NAME, OWN, READ
from grader.simulator import text, thinking, turn


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
            title="The request never left: `max_tokens` is missing.",
            saw="Python says: `{observed}`",
            why="The Messages API has no default for it: you say how long a reply may be.",
            next="Pass `max_tokens=300` to `client.messages.create`.",
            where=CALL,
            hints=(
                "Which argument did the OpenAI call not need?",
                "Compare the two calls under “The same question, twice”, argument by argument.",
                "`client.messages.create(model=…, max_tokens=300, messages=…)`",
            ),
            crash=r"^TypeError: Missing required arguments.*max_tokens",
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
            crash=r"AttributeError: 'Message' object has no attribute 'choices'",
        ),
        Diagnosis(
            "no-request",
            title="No request reached the API.",
            saw="Your function returned `{observed}` without calling it.",
            why="The answer has to come from the client that the function was given.",
            next="Call `client.messages.create(…)` inside the function.",
            where=CALL,
        ),
        Diagnosis(
            "many-requests",
            title="More than one request reached the API.",
            saw="The API got {observed} requests for one prompt.",
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
        "The cell under “What came back” does all three. Which parts of it change here?",
        (
            "`message = client.messages.create(…)`, with your `prompt` in `messages`; "
            "then join the text blocks."
        ),
    ),
)
def first_call(exam: Exam) -> None:
    """Send a prompt and return the reply's text, also from a reply that begins with thinking."""
    prompt, answer = f"Tell me about {exam.words(2)}.", exam.words(6)
    scene = exam.scene(text(answer), text(answer))
    called = exam.call(scene.client, prompt)
    requests = scene.requests
    if not exam.expect("asks", bool(requests), "no-request", called.value):
        return
    exam.expect("asks", len(requests) == 1, "many-requests", len(requests))
    sent = last_user_text(requests[0])
    exam.expect("prompt", sent == prompt, "other-prompt", sent)
    wrong = exam.which(
        {
            "printed": called.value is None and answer in called.printed,
            "returned-block": isinstance(called.value, SdkObject | list),
        },
        otherwise="other-text",
    )
    if not exam.expect("returns", called.value == answer, wrong, called.value):
        return
    later = exam.words(5)
    scene = exam.scene(*[turn(thinking(), text(later))] * 2)
    called = exam.call(scene.client, prompt)
    exam.expect("any-block", called.value == later, "first-block", called.value)
