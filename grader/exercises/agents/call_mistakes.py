"""What may go wrong between a call and its result, in `execute_all` and in the loop around it."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.agents.lesson import CALLS, FAILURE

CRASHES = (
    Diagnosis(
        "openai-call-block",
        title="A call here has no `function` and no `arguments`.",
        saw="Python says: `{observed}`",
        why="OpenAI wraps the name and a JSON string; a `tool_use` block has both at the top.",
        next="Read `block.name` and `block.input`.",
        where=CALLS,
        crash=r"'\w+Block' object has no attribute '(function|arguments)'",
    ),
    Diagnosis(
        "input-parsed",
        title="The input is a dict already.",
        saw="Python says: `{observed}`",
        why="OpenAI sends `arguments` as a JSON string; here the SDK has parsed the input.",
        next="Use `block.input` as it is, without `json.loads`.",
        where=CALLS,
        crash=r"the JSON object must be str, bytes or bytearray, not dict",
    ),
    Diagnosis(
        "block-as-dict",
        title="A block is an object, not a dict.",
        saw="Python says: `{observed}`",
        why="The SDK turns the JSON of a reply into objects with attributes.",
        next='Use a dot: `block.name`, not `block["name"]`.',
        where=CALLS,
        crash=r"'\w+Block' object (is not subscriptable|has no attribute '(get|items|keys)')",
    ),
    Diagnosis(
        "every-block",
        title="Your code takes every block for a call.",
        saw="Python says: `{observed}`",
        why="Text and thinking stand among the calls, and have neither `name` nor `input`.",
        next='Go on with a block only when its `type` is `"tool_use"`.',
        where=CALLS,
        hints=(
            "Which blocks of a reply ask for something?",
            "Look at the block types that “Two calls in one turn” prints.",
            '`if block.type != "tool_use": continue`',
        ),
        crash=r"'\w+Block' object has no attribute '(id|name|input)'",
    ),
)

RUNS = (
    Diagnosis(
        "not-run",
        title="A tool that Claude asked for was not called.",
        saw="The call of `{observed}` reached no function of the registry.",
        why="Claude cannot run anything: it asks, and your code runs it.",
        next="For each `tool_use` block, call `registry[block.name]`.",
        where=CALLS,
    ),
    Diagnosis(
        "input-not-spread",
        title="The tool got the whole input as one argument.",
        saw="It was called with `{observed}`.",
        why="The names in the input are the names of the function's parameters.",
        next="Spread the input: `function(**block.input)`.",
        where=CALLS,
    ),
    Diagnosis(
        "other-input",
        title="The tool got another input than Claude sent.",
        saw="It was called with `{observed}`.",
        why="What the function looks up, or changes, is what stands in `block.input`.",
        next="Call the function with `**block.input`, each call with its own.",
        where=CALLS,
    ),
    Diagnosis(
        "ran-twice",
        title="A tool ran more often than it was asked for.",
        saw="One call ran `{observed}` times.",
        why="A tool may charge a card or send a letter: twice is not the same as once.",
        next="Run each call once, and keep what came of it.",
        where=FAILURE,
        hints=(
            "When did Claude ask for a second try?",
            "“A tool that raises” tells Claude of the failure, and leaves the next step to it.",
            "One `try` for each call, and no loop around it.",
        ),
    ),
)

IDS = (
    Diagnosis(
        "tool-call-id",
        title="A result names no call.",
        saw="The block has the keys `{observed}`, and the API looks for `tool_use_id`.",
        why="Results find their calls by id alone; a block without one is a 400.",
        next="Name the key `tool_use_id`.",
        where=CALLS,
    ),
    Diagnosis(
        "other-id",
        title="A result answers a call that nobody made.",
        saw="Its `tool_use_id` is `{observed}`.",
        why="Only the calls of the turn before can be answered; any other id is a 400.",
        next="Take the id from the block: `block.id`.",
        where=CALLS,
    ),
    Diagnosis(
        "unanswered",
        title="A call is left without an answer.",
        saw="No result for `{observed}`.",
        why="Each `tool_use` needs its `tool_result` in the very next message: else a 400.",
        next="Make a result for every call, also for one that failed.",
        where=FAILURE,
        hints=(
            "How many calls had the reply, and how many results do you make?",
            "Read the 400 under “Two calls in one turn”: it names the call that was left out.",
            "The `append` stands at the end of the loop's body, where every call comes by.",
        ),
    ),
    Diagnosis(
        "answered-twice",
        title="A call is answered twice.",
        saw="Two results carry the id `{observed}`.",
        why="Claude could not know which of them is true, and the API refuses both: 400.",
        next="Make one result for each block, with the `id` of that block.",
        where=CALLS,
        hints=(
            "May Claude call one tool twice in a turn?",
            "“Two calls in one turn” asks for the weather of two cities: what differs?",
            "The id, not the name, says which call a result belongs to.",
        ),
    ),
    Diagnosis(
        "reordered",
        title="The results are not in the order of the calls.",
        saw="They came in this order: `{observed}`.",
        why="The ids would match, but a log where answers stand elsewhere than their questions "
        "cannot be read, and two runs with the same calls should send the same request.",
        next="Go through the blocks once, in their order, failures included.",
        where=CALLS,
        hints=(
            "Where does a result stand when its call was the second of three?",
            "“Two calls in one turn” says in which order `map` gives the results back.",
            "One list, one loop: `results.append(…)` for a failure as for a success.",
        ),
    ),
)

CONTENTS = (
    Diagnosis(
        "not-text",
        title="A result's content is neither text nor a list of blocks.",
        saw="Its `content` is `{observed}`.",
        why="A tool may return anything, but the API takes only these two forms: else a 400.",
        next="Turn every value that is no str into JSON text with `json.dumps`.",
        where=CALLS,
    ),
    Diagnosis(
        "python-repr",
        title="A value is written in Python's words, not in JSON.",
        saw="Its `content` is `{observed}`.",
        why="`True`, `None` and single quotes are Python's own; JSON is what everyone reads.",
        next="Use `json.dumps` in the place of `str` or `repr`.",
        where=CALLS,
    ),
    Diagnosis(
        "text-quoted",
        title="A text got a second pair of quotes.",
        saw="For a str the `content` is `{observed}`.",
        why="`json.dumps` puts quotes around a text; Claude would read them as part of it.",
        next="Pass a str on as it is, and use `json.dumps` for everything else.",
        where=CALLS,
    ),
    Diagnosis(
        "value-lost",
        title="A result is not what the tool returned.",
        saw="It is `{observed}`.",
        why="Claude knows of your tool only what you send back.",
        next="Send what the function returned for this very call.",
        where=CALLS,
    ),
)

FAILURES = (
    Diagnosis(
        "error-unmarked",
        title="A failure goes back as if it were a result.",
        saw="The call failed, and its result is `{observed}`.",
        why="Claude would take the words for what it asked for, and build on them.",
        next='Add `"is_error": True` to the result of a call that failed.',
        where=FAILURE,
        hints=(
            "How does Claude tell a failure from a result?",
            "Compare the two results under “A tool that raises”: one key makes the difference.",
            '`result["is_error"] = True`, in the `except`.',
        ),
    ),
    Diagnosis(
        "error-empty",
        title="A failure has no words at all.",
        saw="The tool raised an exception without a message, and the result is `{observed}`.",
        why="`str(error)` is empty then, and an error result without content is a 400.",
        next="Put the name of the exception's class into the content too.",
        where=FAILURE,
        hints=(
            "What does `str(TimeoutError())` give?",
            "Look at the content of the error result under “A tool that raises”.",
            '`f"{type(error).__name__}: {error}"`',
        ),
    ),
    Diagnosis(
        "error-silent",
        title="A failure does not say what failed.",
        saw="The content of the error result is `{observed}`.",
        why="Claude can try another input or tell the user, if it can read what went wrong.",
        next="Put the words of the exception into the content.",
        where=FAILURE,
    ),
    Diagnosis(
        "failure-spreads",
        title="One failure takes the other calls with it.",
        saw="The call of `{observed}` was not run, in a turn where another one failed.",
        why="Claude asked for each of them, and each can work or fail by itself.",
        next="Put the `try` inside the loop, around one call.",
        where=FAILURE,
        hints=(
            "Where does your code go on after a call that failed?",
            "“A tool that raises” has one `try` for one call.",
            "`for block in blocks: try: …`, in this order.",
        ),
    ),
    Diagnosis(
        "success-as-error",
        title="A tool that worked is reported as failed.",
        saw="Its result is `{observed}`.",
        why="Another call failed, or none did; each result speaks of its own call only.",
        next="Set `is_error` in the `except`, and nowhere else.",
        where=FAILURE,
    ),
)

CALL_MISTAKES = (*CRASHES, *RUNS, *IDS, *CONTENTS, *FAILURES)
"""In the order in which a learner meets them."""
