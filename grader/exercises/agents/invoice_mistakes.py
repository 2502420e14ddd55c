"""The mistakes that `extract_invoice` recognises, from the first request to the last way out."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.agents.lesson import CUT, SCHEMA
from grader.exercises.shared_mistakes import first_block, no_choices, printed

_CRASHES = (
    Diagnosis(
        "no-max-tokens",
        title="The request never left: a required argument is missing.",
        saw="Python says: `{observed}`",
        why="`model`, `max_tokens` and `messages` are all required.",
        next="See which of the three your call lacks, and pass it.",
        where=SCHEMA,
        crash=r"^TypeError: (Missing required arguments; |Messages\.\w+\(\) missing )",
    ),
    Diagnosis(
        "response-format",
        title="The parameter has another name here.",
        saw="Python says: `{observed}`",
        why="OpenAI's `response_format` is `output_config.format` in this API.",
        next='Pass `output_config={"format": {"type": "json_schema", "schema": …}}`.',
        where=SCHEMA,
        crash=r"^TypeError: .*unexpected keyword argument '(response_format|text_format|format)'",
    ),
    Diagnosis(
        "openai-format",
        title="The format still has OpenAI's shape.",
        saw="The API answers: `{observed}`",
        why="It knows one type, `json_schema`, with the schema right beside it; "
        "`json_object`, a name and `strict` are OpenAI's.",
        next='Write `{"type": "json_schema", "schema": …}`, and nothing else.',
        where=SCHEMA,
        hints=(
            "How many dicts lie around the schema in OpenAI's form, and how many here?",
            "Look at the format of the first request under “JSON that fits a schema”.",
            '`output_config={"format": {"type": …, "schema": …}}`',
        ),
        crash=r"^BadRequestError: .*output_config\.format(\.schema: Field required|: Input tag)",
    ),
    Diagnosis(
        "schema-open",
        title="The schema lets other keys in.",
        saw="The API answers: `{observed}`",
        why="It guarantees a schema only when that is closed, at every depth.",
        next='Add `"additionalProperties": False` to each object of the schema.',
        where=SCHEMA,
        hints=(
            "Which keys may an object have that the schema does not name?",
            "Read the 400 under “JSON that fits a schema”: it says what it wants to see.",
            '`{"type": "object", "properties": …, "required": …, "additionalProperties": …}`',
        ),
        crash=r"^BadRequestError: .*'additionalProperties' must be explicitly set to false",
    ),
    Diagnosis(
        "not-a-schema",
        title="The schema is not JSON Schema.",
        saw="The API answers: `{observed}`",
        why="What describes the reply must itself be right, or nothing is sent to the model.",
        next='Describe an object: its `properties`, each with a `type` such as `"string"`.',
        where=SCHEMA,
        crash=r"^BadRequestError: .*(JSON schema is invalid|schema\.type)",
    ),
    Diagnosis(
        "refused",
        title="The API refuses the request.",
        saw="It answers: `{observed}`",
        why="A refused request brings no reply, however good the rest of the code is.",
        next="Read the path at the start of the message: it names the part to mend.",
        where=SCHEMA,
        crash=r"^BadRequestError: ",
    ),
    Diagnosis(
        "unknown-model",
        title="The API knows no model of that name.",
        saw="It answers: `{observed}`",
        why="Each API has its own models, and a name must be right to the letter.",
        next="Use a name from the lesson, such as the one in `MODEL`.",
        where=SCHEMA,
        crash=r"^NotFoundError: ",
    ),
)

_BLOCKS = (
    no_choices(SCHEMA),
    Diagnosis(
        "piece-validated",
        title="One text of the reply was read as if it were all of its JSON.",
        saw="Python says: `{observed}`",
        why="A reply may come in several texts, or be cut off. `messages.parse` reads each text "
        "by itself, and raises before your code can look at `stop_reason`.",
        next="Ask with `messages.create`, look at `stop_reason`, "
        "and validate the texts once they are joined.",
        where=CUT,
        hints=(
            "Which comes first: to know why the reply ended, or to read it?",
            "“When the JSON is cut off” looks at `stop_reason` before it parses anything.",
            '`Invoice.model_validate_json("".join(…)).model_dump()`, below the `if`.',
        ),
        crash=r"^ValidationError: \d+ validation errors? for ",
    ),
    Diagnosis(
        "no-such-block",
        title="Your code looks for a block that the reply does not have.",
        saw="Python says: `{observed}`",
        why="Asked in a format, Claude answers with a text that holds JSON; "
        "there is no tool call in it.",
        next="Ask with `output_config.format`, and read the text blocks of the reply.",
        where=SCHEMA,
        crash=r"^(StopIteration|IndexError: list index out of range)",
    ),
)

_REQUESTS = (
    Diagnosis(
        "no-request",
        title="The client that your function was given sent nothing.",
        saw="Your function returned `{observed}` all the same.",
        why="The caller chose that client: it may be live, simulated, or another account's.",
        next="Call `client.messages.create(…)` inside the function, on the argument `client`.",
        where=SCHEMA,
    ),
    Diagnosis(
        "other-text",
        title="The API did not get the invoice.",
        saw="The user's message says `{observed}`.",
        why="The function is called with a new invoice each time, and Claude reads what it gets.",
        next="Put the argument `text`, whole, into the user message.",
        where=SCHEMA,
    ),
    Diagnosis(
        "no-format",
        title="The request asks for no format.",
        saw="Its `output_config` is `{observed}`.",
        why="A prompt that asks for JSON gets JSON most of the time, and a sentence around it "
        "at other times; only the format is a promise.",
        next='Pass `output_config={"format": {"type": "json_schema", "schema": …}}`.',
        where=SCHEMA,
        hints=(
            "What does the API do for you that a sentence in the prompt cannot?",
            "Compare the two parameters under “JSON that fits a schema”.",
            '`output_config={"format": {"type": "json_schema", "schema": INVOICE}}`',
        ),
    ),
    Diagnosis(
        "not-an-object",
        title="The schema does not say that the reply is an object.",
        saw="Its `type` is `{observed}`.",
        why="`properties`, `required` and `additionalProperties` bind objects only; "
        "what is no object may be anything.",
        next='Begin the schema with `"type": "object"`.',
        where=SCHEMA,
    ),
    Diagnosis(
        "other-fields",
        title="The schema names other fields than the docstring.",
        saw="Its properties are `{observed}`.",
        why="The reply has exactly the keys of the schema, and the caller reads these five.",
        next="Name `number`, `vendor`, `date`, `currency` and `total`, and no other.",
        where=SCHEMA,
    ),
    Diagnosis(
        "required-incomplete",
        title="The schema lets fields be left out.",
        saw="Its `required` is `{observed}`.",
        why="A property that is not required may be missing, and the caller gets a `KeyError`.",
        next="List all five names under `required`.",
        where=SCHEMA,
    ),
    Diagnosis(
        "total-number",
        title="A number in JSON becomes a float in Python.",
        saw="The schema says of `total`: `{observed}`.",
        why="Floats cannot hold most amounts of money exactly: 0.1 + 0.2 is not 0.3.",
        next="Ask for the total as a string, and make a `Decimal` of it where you reckon.",
        where=SCHEMA,
        hints=(
            "What does `json.loads` make of `1234.10`?",
            "Look at the property `amount` in the schema under “JSON that fits a schema”.",
            '`"total": {"type": "string"}`',
        ),
    ),
    Diagnosis(
        "untyped",
        title="The schema does not say that a field is text.",
        saw="It is `{observed}`.",
        why="The docstring promises five texts; what the schema leaves open may be anything.",
        next='Give each property `{"type": "string"}`, with a description if you like.',
        where=SCHEMA,
    ),
    Diagnosis(
        "asks-again",
        title="One invoice is one request.",
        saw="The API got `{observed}` requests.",
        why="The same request is cut off or refused again, and paid for again.",
        next="Send one request, and raise where its reply cannot be used.",
        where=CUT,
    ),
)

_VALUES = (
    printed(SCHEMA),
    Diagnosis(
        "not-parsed",
        title="The caller gets text, and expects a dict.",
        saw="Your function returned `{observed}`.",
        why="The reply is a text block that holds JSON; nobody has parsed it yet.",
        next="Return `json.loads(…)` of the text.",
        where=SCHEMA,
    ),
    Diagnosis(
        "returned-message",
        title="You returned the envelope, not the letter.",
        saw="Your function returned `{observed}`.",
        why="The caller expects the five fields. A message, or a block, holds them as JSON text.",
        next="Join the text of the text blocks, and return `json.loads(…)` of it.",
        where=SCHEMA,
    ),
    Diagnosis(
        "other-value",
        title="What came back is not the invoice of the reply.",
        saw="Your function returned `{observed}`.",
        why="The caller books what you return, so it must be what the reply says.",
        next="Return what `json.loads` gives, as it is.",
        where=SCHEMA,
    ),
    first_block(SCHEMA),
    Diagnosis(
        "one-piece",
        title="Your code reads one text block, and the JSON came in two.",
        saw="It came to this: `{observed}`",
        why="A reply may hold its text in several blocks, and half of a JSON text is none.",
        next="Join the text of all text blocks before you parse it.",
        where=SCHEMA,
        hints=(
            "Is there a rule that a reply has one text block?",
            "Look how the cells under “JSON that fits a schema” get from a reply to its JSON.",
            '`json.loads("".join(…))`, over every block whose type is `text`.',
        ),
    ),
)

_STOPS = (
    Diagnosis(
        "stop-trusted",
        title="A reply that did not end well was taken for an invoice.",
        saw="It went like this: `{observed}`.",
        why="The format is a promise for a reply that was finished. One that was cut off or "
        "refused can be anything, also JSON that looks right.",
        next='Look at `stop_reason` first, and raise unless it is "end_turn".',
        where=CUT,
        hints=(
            "Which replies does the schema not bind?",
            "“When the JSON is cut off” shows two of them, and what they hold.",
            '`if message.stop_reason != "end_turn": raise …`, before `json.loads`.',
        ),
    ),
    Diagnosis(
        "stop-other-error",
        title="For a reply that cannot be used comes another exception than the docstring names.",
        saw="It went like this: `{observed}`.",
        why="The caller catches `ValueError`, and only that.",
        next="Raise `ValueError` with the stop reason in its text.",
        where=CUT,
    ),
    Diagnosis(
        "stop-unnamed",
        title="The exception does not say why there is no invoice.",
        saw="It went like this: `{observed}`.",
        why="`json.loads` tells where the text breaks off; the reason is a limit or a refusal, "
        "and each of them is mended differently.",
        next="Look at `stop_reason` before you parse, and put it into your `ValueError`.",
        where=CUT,
        hints=(
            "What would you want to read in the log: a column in a text, or the reason?",
            "“When the JSON is cut off” prints the error of `json.loads` beside the stop reason.",
            '`raise ValueError(f"… {message.stop_reason}")`',
        ),
    ),
)

INVOICE_MISTAKES = (*_CRASHES, *_BLOCKS, *_REQUESTS, *_VALUES, *_STOPS)
"""In the order in which a learner meets them."""
