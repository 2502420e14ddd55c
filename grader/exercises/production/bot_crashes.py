"""What stops a bot: the calls that the SDK or the API refuse, each as a named mistake."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.production.lesson import BOT, PORT
from grader.exercises.shared_mistakes import first_block

TOOL, BROKEN = "get", "broken"
"""How the names of an exam's tools begin, and the words of an exception that few bots expect."""

CRASHES = (
    Diagnosis(
        "openai-call",
        title="That is the old bot's call.",
        saw="Python says: `{observed}`",
        why="The new bot gets an Anthropic client, and that has messages.",
        next="Stream with `self.client.messages.stream(…)`.",
        where=PORT,
        crash=r"^AttributeError: 'Anthropic' object has no attribute '(chat|responses)'",
    ),
    Diagnosis(
        "no-max-tokens",
        title="A required argument is missing.",
        saw="Python says: `{observed}`",
        why="The old bot never said how long a reply may be. Here every request does.",
        next="Pass `max_tokens`, such as 1024.",
        where=PORT,
        crash=r"^TypeError: (Missing required arguments|Messages\.\w+\(\) missing )",
    ),
    Diagnosis(
        "count-otherwise",
        title="A count takes what goes into the model, and nothing else.",
        saw="Python says: `{observed}`",
        why="`max_tokens` and a callback say something of the reply, and a count has none.",
        next="Count with `model`, `system`, `tools` and `messages`; add `max_tokens` to send.",
        where=PORT,
        crash=r"^TypeError: Messages\.count_tokens\(\) got an unexpected keyword argument",
    ),
    Diagnosis(
        "card-as-model",
        title="The model is the card's `id`.",
        saw="Python says: `{observed}`",
        why="A request is JSON, and names its model. The card holds that name, and the prices.",
        next="Pass `model=card.id`.",
        where=PORT,
        crash=r"^TypeError: Object of type ModelCard is not JSON serializable",
    ),
    Diagnosis(
        "unknown-parameter",
        title="The SDK knows no such parameter.",
        saw="Python says: `{observed}`",
        why="Some of what the old bot sends has no place here.",
        next="Look the name up in the table under “The port”.",
        where=PORT,
        crash=r"^TypeError: Messages\.\w+\(\) got an unexpected keyword argument",
    ),
    Diagnosis(
        "chunks",
        title="A stream has no chunks with choices here.",
        saw="Python says: `{observed}`",
        why="It has events with types, and `text_stream` has the text in them.",
        next="Loop over `stream.text_stream`, then ask for `stream.get_final_message()`.",
        where=PORT,
        crash=r"^AttributeError: '\w+' object has no attribute '(choices|delta|tool_calls)'",
    ),
    Diagnosis(
        "stream-not-entered",
        title="A stream has to be entered before it can be read.",
        saw="Python says: `{observed}`",
        why="`messages.stream(…)` sends its request at the `with`, and closes the connection "
        "after it.",
        next="Write `with self.client.messages.stream(…) as stream:`.",
        where=PORT,
        crash=r"'MessageStreamManager' object",
    ),
    first_block(PORT),
    Diagnosis(
        "input-parsed",
        title="The input of a call is a dict already.",
        saw="Python says: `{observed}`",
        why="OpenAI sends arguments as JSON in a text; here the SDK has parsed them.",
        next="Pass `block.input` on as it is: `function(**block.input)`.",
        where=PORT,
        crash=r"^TypeError: the JSON object must be str",
    ),
    Diagnosis(
        "usage-no-dict",
        title="`cost_of` takes a usage as a dict.",
        saw="Python says: `{observed}`",
        why="The SDK's object has attributes; the catalog reads keys, as they are on the wire.",
        next="Give it `reply.usage.to_dict()`.",
        where=BOT,
        crash=r"^AttributeError: 'Usage' object has no attribute 'get'",
    ),
    Diagnosis(
        "system-as-message",
        title="The system prompt stands among the messages.",
        saw="The API answers: `{observed}`",
        why="It is a parameter of its own, and only there can it be cached for every customer.",
        next="Take it out of the messages, and pass it as `system`.",
        where=PORT,
        crash=r"^BadRequestError: .*(use the top-level|role 'system')",
    ),
    Diagnosis(
        "tool-role",
        title="There is no role `tool`.",
        saw="The API answers: `{observed}`",
        why="Results are blocks in a message of the user's.",
        next='Send `{"role": "user", "content": [results]}`.',
        where=PORT,
        crash=r"^BadRequestError: .*Unexpected role",
    ),
    Diagnosis(
        "unanswered",
        title="A call was left without its result.",
        saw="The API answers: `{observed}`",
        why="Every `tool_use` is answered in the next message, and also the one that failed.",
        next="Make one result for each `tool_use` block, and send them all in one message.",
        where=PORT,
        crash=r"^BadRequestError: .*ids were found without",
    ),
    Diagnosis(
        "orphan-results",
        title="Results were sent without the calls that they answer.",
        saw="The API answers: `{observed}`",
        why="Claude's turn with its calls goes back right before the results. Whoever cuts a "
        "history between the two, or leaves that turn out, parts them.",
        next="Keep `reply.content` before the results, and cut only in front of a question.",
        where=PORT,
        hints=(
            "Which message has to stand in front of every result?",
            "The table under “The port” says what goes back, and where a history may be cut.",
            '`messages += [{"role": "assistant", "content": reply.content}, …]`',
        ),
        crash=r"^BadRequestError: .*unexpected .tool_use_id",
    ),
    Diagnosis(
        "refused",
        title="The API refused the bot's request.",
        saw="It answers: `{observed}`",
        why="A refused request costs nothing, and the customer gets nothing.",
        next="The message names the place: compare it with the demos of the lesson it belongs to.",
        where=PORT,
        crash=r"^BadRequestError: ",
    ),
    Diagnosis(
        "caught-in-part",
        title="Only a part of what tools raise is caught.",
        saw="One tool failed and the bot went on; another one stopped it: `{observed}`",
        why="Tools are other people's code: they may raise anything, and the customer waits.",
        next="Catch `Exception` around the call of a tool, and only there.",
        where=PORT,
        hints=(
            "Which exceptions will the tools of next year raise?",
            "The table under “The port” says what a tool that raises leads to, whatever it raises.",
            "`except Exception as error:`, in place of the kinds that you named",
        ),
        crash=rf"^\w+: {BROKEN}_\w+$",
    ),
    Diagnosis(
        "look-up-outside",
        title="Claude asked for a tool that is not there, and that stopped the bot.",
        saw="Python says: `{observed}`",
        why="Models make up names now and then. Told so, Claude tries another tool.",
        next="Look the function up inside the `try`, and catch what the look-up raises too.",
        where=PORT,
        hints=(
            "Which of your lines fails for a tool that nobody wrote, and who catches that?",
            "The table under “The port” has a line for what raises. A look-up can raise as well.",
            "Inside the `try`: `self.registry[block.name](**block.input)`, all in one",
        ),
        crash=rf"^KeyError: '{TOOL}_\w+'$",
    ),
    Diagnosis(
        "raised-needlessly",
        title="`ask` raised `RuntimeError` where an answer was there.",
        saw="It came to this: `{observed}`",
        why="The last reply ended with `end_turn`, and the customer got nothing. "
        "In a raw stream, `stop_reason` is `None` until `message_delta` brings it.",
        next="Look at `stream.get_final_message().stop_reason`, and raise only for other endings.",
        where=PORT,
        crash=r"^RuntimeError",
    ),
    Diagnosis(
        "failure-kills",
        title="A tool that failed stopped the bot.",
        saw="It came to this: `{observed}`",
        why="Tools fail, and models ask for tools that are not there. Claude can deal with both, "
        "when it hears of them.",
        next="Catch what a call raises, and send it back with `is_error`.",
        where=PORT,
        hints=(
            "Who should decide what happens after a failed look-up?",
            "The table under “The port” has a line for tools that raise.",
            '`except Exception as error:` → `{…, "content": repr(error), "is_error": True}`',
        ),
    ),
)
