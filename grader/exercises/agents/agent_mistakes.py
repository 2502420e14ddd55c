"""The mistakes that `run_agent` recognises, from the first request to the last way out."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.agents.call_mistakes import CALL_MISTAKES, CRASHES
from grader.exercises.agents.ending_mistakes import ENDING_MISTAKES
from grader.exercises.agents.lesson import CALLS, FAILURE, LOOP, PAUSE, THINKING
from grader.exercises.shared_mistakes import no_choices

_CRASHES = (
    no_choices(LOOP),
    Diagnosis(
        "messages-twice",
        title="`messages` was passed twice.",
        saw="Python says: `{observed}`",
        why="The request has its own `messages`, and yours come beside them.",
        next='Make one dict: `{**request, "messages": messages}`, and spread that.',
        where=LOOP,
        crash=r"^TypeError: .*got multiple values for keyword argument 'messages'",
    ),
    Diagnosis(
        "no-max-tokens",
        title="The request never left: a required argument is missing.",
        saw="Python says: `{observed}`",
        why="`model`, `max_tokens` and `messages` are in the request that you were given.",
        next="Spread the request in every call: `client.messages.create(**…)`.",
        where=LOOP,
        crash=r"^TypeError: (Missing required arguments; |Messages\.\w+\(\) missing )",
    ),
    Diagnosis(
        "block-as-text",
        title="Your code reads a block as text, whatever its type is.",
        saw="Python says: `{observed}`",
        why="A reply may begin with thinking or hold a call; neither has a `text`.",
        next="Choose the blocks whose `type` is `text`, and join what they say.",
        where=LOOP,
        crash=r"'\w+Block' object has no attribute 'text'",
    ),
)

_REQUESTS = (
    Diagnosis(
        "no-request",
        title="The client that your function was given sent nothing.",
        saw="Not one request arrived before your function was done.",
        why="The caller chose that client: it may be live, simulated, or another account's.",
        next="Call `client.messages.create(…)` inside the loop, on the argument `client`.",
        where=LOOP,
    ),
    Diagnosis(
        "request-lost",
        title="A request went out otherwise than the caller asked for.",
        saw="Other or missing: `{observed}`.",
        why="The model, the system prompt, the tools and the limits hold for every turn.",
        next="Build each request from the whole of `request`; only `messages` grows.",
        where=LOOP,
        hints=(
            "Which of the caller's parameters may change between two turns?",
            "Look how the second request is built under “Thinking goes through the loop”.",
            '`client.messages.create(**{**request, "messages": messages})`',
        ),
    ),
    Diagnosis(
        "other-question",
        title="The first request does not begin with the caller's messages.",
        saw="Its messages are `{observed}`.",
        why='What the user asked is in `request["messages"]`.',
        next='Begin with `list(request["messages"])`.',
        where=LOOP,
    ),
    Diagnosis(
        "stopped-early",
        title="Your function went home while Claude was waiting for a tool.",
        saw="No further request arrived, and it came to this: `{observed}`",
        why='With `stop_reason` "tool_use" the text is only what Claude says on its way.',
        next='Run the tools, and go on, when `stop_reason` is "tool_use".',
        where=LOOP,
    ),
    Diagnosis(
        "asks-again",
        title="Another request went out after the answer.",
        saw="The reply that ended the turn was number `{observed}`, and one more request arrived.",
        why="Each request is paid for, and nobody reads the second answer.",
        next='Return as soon as `stop_reason` is "end_turn".',
        where=LOOP,
    ),
)

_HISTORY = (
    Diagnosis(
        "role-tool",
        title="There is no role `tool` here.",
        saw="This message arrived: `{observed}`",
        why="A result is a block inside the next user message, not a message of its own.",
        next="Put the list of results into the content of one message with the role `user`.",
        where=CALLS,
    ),
    Diagnosis(
        "earlier-lost",
        title="The conversation so far is not in the request any more.",
        saw="The next request has `{observed}` messages, and does not begin with the last one's.",
        why="The API remembers nothing: what you do not send again, was never said.",
        next="Append to one list of messages, and send the whole list each time.",
        where=LOOP,
    ),
    Diagnosis(
        "assistant-dropped",
        title="Claude's own turn is missing before the results.",
        saw="The next request has the roles `{observed}`.",
        why="A result answers the `tool_use` in the turn before it: without that turn, a 400.",
        next="Append the reply, as `assistant`, before you append the results.",
        where=LOOP,
    ),
    Diagnosis(
        "results-from-assistant",
        title="The results came back in Claude's name.",
        saw="A turn of the assistant had the blocks `{observed}`.",
        why="Claude asked; you answer. A `tool_result` may only stand in a `user` turn: else 400.",
        next='Send the results in a message of their own, with `"role": "user"`.',
        where=CALLS,
    ),
    Diagnosis(
        "only-text-kept",
        title="Claude's turn went back without its calls.",
        saw="What went back was `{observed}`.",
        why="The calls are blocks of that turn; results without their calls are refused: 400.",
        next="Send back `reply.content` itself, the whole list.",
        where=THINKING,
    ),
    Diagnosis(
        "thinking-dropped",
        title="Claude's thinking did not go back with its calls.",
        saw="What went back was `{observed}`.",
        why="Claude goes on from its own thoughts; and with `thinking` enabled the API refuses a "
        "turn that lacks them.",
        next="Send back all of `reply.content`, not a choice of it.",
        where=THINKING,
        hints=(
            "Which blocks of the reply does Claude need, to go on where it stopped?",
            "Compare the two requests under “Thinking goes through the loop”: one is a 400.",
            "No comprehension, no loop: the content of the reply, as it is.",
        ),
    ),
    Diagnosis(
        "thinking-changed",
        title="Claude's thinking is not as it was sent.",
        saw="It went back as `{observed}`.",
        why="Each thought is signed, word for word: one that was edited is a 400.",
        next="Send back `reply.content`, unchanged.",
        where=THINKING,
    ),
    Diagnosis(
        "blocks-dropped",
        title="Some blocks of Claude's turn did not go back.",
        saw="What went back was `{observed}`.",
        why="Claude goes on from its own words, all of them.",
        next="Send back all of `reply.content`, once.",
        where=THINKING,
    ),
    Diagnosis(
        "blocks-changed",
        title="Claude's turn is not the one that Claude wrote.",
        saw="It went back with `{observed}`.",
        why="Claude reads the turn as its own, and believes what it finds there.",
        next="Send back `reply.content`, unchanged.",
        where=THINKING,
    ),
)

_RESULTS = (
    Diagnosis(
        "no-result-block",
        title="A call was answered without a `tool_result`.",
        saw="After Claude's turn came `{observed}`.",
        why="Text is not an answer to a call: a `tool_use` without its result is a 400.",
        next="Send the list that `execute_all` returns as the content of a user message.",
        where=CALLS,
    ),
    Diagnosis(
        "text-first",
        title="Something stands before the results.",
        saw="The user turn had the blocks `{observed}`.",
        why="Results come first in their turn; a call whose result is not there yet is a 400.",
        next="Send the results alone, or put the text after them.",
        where=CALLS,
    ),
    Diagnosis(
        "results-split",
        title="The results came in messages of their own.",
        saw="The results of one turn arrived in `{observed}` messages.",
        why="The API accepts it, but such a history teaches Claude to ask for one tool at a time.",
        next="Append one user message, with all results of the turn.",
        where=CALLS,
        hints=(
            "How many user messages follow one turn of Claude's?",
            "Look at the last message of the second request under “Two calls in one turn”.",
            '`messages.append({"role": "user", "content": results})`, once.',
        ),
    ),
    Diagnosis(
        "failure-kills",
        title="A tool that failed ended the whole run.",
        saw="Your code stopped with `{observed}`",
        why="A failure is news for Claude: it can try another input, or tell the user.",
        next="Let `execute_all` answer it, with a result whose `is_error` is true.",
        where=FAILURE,
    ),
)

_PAUSES = (
    Diagnosis(
        "pause-raised",
        title="A turn that was paused stopped your code.",
        saw="It came to this: `{observed}`",
        why="Nothing has failed: with `pause_turn` the API has more to do, and does it when you "
        "send the turn back.",
        next='Append the turn and ask again when `stop_reason` is "pause_turn".',
        where=PAUSE,
    ),
    Diagnosis(
        "pause-as-answer",
        title="A turn that was paused was taken for the end.",
        saw="No further request arrived, and it came to this: `{observed}`",
        why="With `pause_turn` the API has more to do, and does it when you send the turn back.",
        next='Append the turn and ask again when `stop_reason` is "pause_turn".',
        where=PAUSE,
        hints=(
            "Is the last block of a paused turn an answer?",
            "“A turn that pauses” shows what goes back, and who speaks last in it.",
            "Append Claude's turn, and let the loop go round.",
        ),
    ),
    Diagnosis(
        "pause-dropped",
        title="The paused turn did not go back.",
        saw="The next request has nothing new from Claude; its last message is from `{observed}`.",
        why="Without its turn the API starts over: every search is done, and paid for, again.",
        next="Append the paused turn, as `assistant`, before you ask again.",
        where=PAUSE,
    ),
    Diagnosis(
        "pause-changed",
        title="The paused turn went back otherwise than it came.",
        saw="What went back was `{observed}`.",
        why="The API goes on from its last block; a call of its own that is gone cannot go on.",
        next="Append `reply.content`, unchanged.",
        where=PAUSE,
    ),
    Diagnosis(
        "pause-pushed",
        title="Somebody spoke after the paused turn.",
        saw="After Claude's turn came `{observed}`.",
        why="The turn must stay the last message: a user's message ends it, and a search whose "
        "result is still to come makes that a 400.",
        next="Send the turn back with nothing after it.",
        where=PAUSE,
        hints=(
            "Whose turn is it when a turn is paused?",
            "Read the 400 under “A turn that pauses”: what was in the way of the result?",
            "Append results only when there are calls of yours to answer.",
        ),
    ),
)

AGENT_MISTAKES = (
    *_CRASHES,
    *CRASHES,
    *_REQUESTS,
    *_HISTORY,
    *_RESULTS,
    *CALL_MISTAKES[len(CRASHES) :],
    *_PAUSES,
    *ENDING_MISTAKES,
)
"""In the order in which a learner meets them."""
