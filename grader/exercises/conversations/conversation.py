"""A conversation as an object: ask, take back, branch off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.exams import MODELS, Called, Criterion, Diagnosis, Exam, Kept, Scene, exercise
from grader.exercises.conversations.lesson import EMPTY, FORGETS, NAME, REPLY, VALUE
from grader.exercises.conversations.mistakes import (
    EMPTY_STORED,
    REFUSED,
    SYSTEM_NULL,
    text_for_blocks,
)
from grader.exercises.conversations.turns import Turn, blocks_of, spoken, turns_of, types_of, user
from grader.exercises.readings import content_text, is_same, last_user_text
from grader.exercises.shared_mistakes import first_block, printed
from grader.simulator import Scripted, empty, overloaded, text, thinking, turn

Json = Any

_REQUEST = {"model": "claude-sonnet-4-6", "max_tokens": 100}


@exercise(
    lesson=NAME,
    minutes=8,
    criteria=[
        Criterion("asks", "`ask` sends the whole history and the question, and returns the text"),
        Criterion("options", "each request has the system prompt, the model and the limit"),
        Criterion("messages", "`messages` holds every turn, a reply with all its blocks"),
        Criterion("own", "two conversations share nothing"),
        Criterion("undo", "`undo` takes back the last question and its reply", points=2),
        Criterion("fork", "a fork goes on alone, from the same history, with the same options"),
        Criterion("failed", "a question without an answer leaves no trace"),
    ],
    mistakes=[
        first_block(REPLY),
        SYSTEM_NULL,
        EMPTY_STORED,
        Diagnosis(
            "client-copied",
            title="The fork copies the client as well.",
            saw="Python says: `{observed}`",
            why="A client holds open connections, which nobody can copy. The history is data.",
            next="Make a new `Conversation` on the same client, and give it a copy of the list.",
            where=VALUE,
            hints=(
                "What of a conversation must be its own, and what may be shared?",
                "Look at the two names under “A history is a value”: what makes a second list?",
                "`Conversation(self.client, …)`, then its `messages`.",
            ),
            crash=r"^TypeError: cannot pickle",
        ),
        REFUSED,
        Diagnosis(
            "not-empty",
            title="A new conversation does not begin with an empty history.",
            saw="Its `messages` is `{observed}`.",
            why="Nothing has been said yet, and the system prompt is no turn.",
            next="Let `messages` be `[]` at first.",
            where=VALUE,
        ),
        Diagnosis(
            "requests-counted",
            title="One question is one request.",
            saw="The API got `{observed}` of them.",
            why="Each is paid for, and gets an answer of its own.",
            next="Send one request in `ask`, with the client that the conversation was made with.",
            where=REPLY,
        ),
        Diagnosis(
            "question-not-sent",
            title="The question did not reach the API as the last turn.",
            saw="The last user message says `{observed}`.",
            why="The model answers the end of the list that it gets.",
            next='Put `{"role": "user", "content": text}` behind the turns so far.',
            where=FORGETS,
        ),
        Diagnosis(
            "forgets",
            title="A request does not carry what was said before.",
            saw="Before the question it had turns of the roles `{observed}`.",
            why="The API keeps nothing between calls: what you do not send, the model never heard.",
            next="Keep both turns of each exchange in `messages`, and send them all.",
            where=FORGETS,
            hints=(
                "Who remembers what was said, and where?",
                "Compare the two calls under “Every request starts from nothing”.",
                "Send `self.messages` and the question; "
                "then keep these, and the reply behind them.",
            ),
        ),
        Diagnosis(
            "options-lost",
            title="A request is made otherwise than the conversation was.",
            saw="It has `{observed}`.",
            why="Nothing is remembered from call to call, the system prompt no more than the turns.",
            next="Keep `system`, `model` and `max_tokens` in `__init__`, and send them each time.",
            where=REPLY,
        ),
        printed(REPLY),
        Diagnosis(
            "other-text",
            title="`ask` does not return the reply's text.",
            saw="It returned `{observed}`.",
            why="The caller shows it to a person: a `str`, all of it and nothing else.",
            next="Join the text of the blocks whose type is `text`, and return it.",
            where=REPLY,
        ),
        text_for_blocks(REPLY),
        Diagnosis(
            "messages-otherwise",
            title="`messages` is not what was said.",
            saw="Its turns have the roles `{observed}`.",
            why="Whoever logs, stores or trims the conversation reads it there.",
            next="Keep every turn in `messages`, in order: a dict with role and content.",
            where=VALUE,
        ),
        Diagnosis(
            "shared-history",
            title="Two conversations share one history.",
            saw="The second, new one began with `{observed}` messages of the first.",
            why="One user would read what another one said. "
            "A list in a class's body, or in a parameter's default, is made only once.",
            next="Make the list in `__init__`: `self.messages = []`.",
            where=VALUE,
            hints=(
                "How often does Python make the list that you wrote?",
                "Look at the two names under “A history is a value”: how many lists are there?",
                "An assignment to `self.messages` in `__init__` runs for each conversation.",
            ),
        ),
        Diagnosis(
            "unwritten",
            title="One of the methods is still to be written.",
            saw="`{observed}` ran into `raise NotImplementedError`.",
            why="That line marks where your code goes.",
            next="Put your code in its place, run the cell, then run the check again.",
            where=VALUE,
        ),
        Diagnosis(
            "undo-nothing",
            title="After `undo` everything is still there.",
            saw="`messages` has `{observed}` turns, as many as before.",
            why="The next request sends them all, the one taken back too.",
            next="Take the last question and its reply off `messages`.",
            where=VALUE,
        ),
        Diagnosis(
            "undo-half",
            title="`undo` takes back the reply, and leaves its question.",
            saw="`messages` ends with the role `{observed}`.",
            why="The API would merge it with the next question, and the model answers both.",
            next="Take two turns off, the question and the reply.",
            where=VALUE,
            hints=(
                "How many turns does one `ask` add?",
                "“What is refused, and what is not” sends two questions in a row. What happens?",
                "The last two items of a list are `[-2:]`.",
            ),
        ),
        Diagnosis(
            "undo-empty-crash",
            title="`undo` on an empty conversation stopped your code.",
            saw="It came to this: `{observed}`",
            why="The docstring promises that it does nothing: a user may press the key once more.",
            next="Leave an empty history alone.",
            where=VALUE,
        ),
        Diagnosis(
            "undo-otherwise",
            title="`undo` takes back something else than the last exchange.",
            saw="The turns that are left have the roles `{observed}`.",
            why="All before the last question stays, and nothing after it.",
            next="Take the last question and its reply off, and no other turn.",
            where=VALUE,
        ),
        Diagnosis(
            "fork-other",
            title="`fork` should return a conversation of its own.",
            saw="It returned `{observed}`.",
            why="The caller asks the fork, and goes on asking the first one too.",
            next="Return a new `Conversation`.",
            where=VALUE,
        ),
        Diagnosis(
            "fork-forgets",
            title="The fork does not know what was said before.",
            saw="Its `messages` has `{observed}` turns; the first conversation has more.",
            why="A fork is the same conversation up to here, and another one from here on.",
            next="Give the new conversation a copy of `self.messages`.",
            where=VALUE,
        ),
        Diagnosis(
            "fork-options-lost",
            title="The fork is another kind of conversation.",
            saw="Its request has `{observed}`.",
            why="Without the system prompt the model answers as somebody else.",
            next="Pass `system`, `model` and `max_tokens` on to the new conversation.",
            where=VALUE,
        ),
        Diagnosis(
            "fork-shared",
            title="A fork and its original share one list.",
            saw="What was done to one changed the other: it has `{observed}` turns now.",
            why="What is said in one would appear in the other, or vanish from it.",
            next="Give the fork a list of its own: `list(self.messages)`.",
            where=VALUE,
            hints=(
                "Does `b = a` make a second list?",
                "Look at the two names under “A history is a value”: how many lists are there?",
                "`list(a)` and `a[:]` make a new one, with the same turns in it.",
            ),
        ),
        Diagnosis(
            "half-exchange",
            title="A question that got no answer is still in the history.",
            saw="After `{observed}` it ends with a user's turn.",
            why="The API would merge it with the next question, and the model answers both.",
            next="Add both turns after the reply is there, and has content.",
            where=EMPTY,
            hints=(
                "In which order do you send the question and keep it?",
                "“What is refused, and what is not” sends two questions in a row. What happens?",
                "First a list to send; `self.messages` grows only once the reply is there.",
            ),
        ),
        Diagnosis(
            "failed-otherwise",
            title="A question without an answer changed the history.",
            saw="After `{observed}` it is not what it was before.",
            why="The user will ask again, and the conversation should go on from where it was.",
            next="Change `messages` only after a reply with content.",
            where=EMPTY,
        ),
        Diagnosis(
            "error-hidden",
            title="An error of the API was hidden.",
            saw="The API was overloaded, and `ask` returned `{observed}`.",
            why="The caller takes that for an answer, and does not try again.",
            next="Let the exception pass, or raise it again after tidying up.",
            where=EMPTY,
        ),
        Diagnosis(
            "empty-crash",
            title="A reply without content stopped your code.",
            saw="For `content == []` it came to this: `{observed}`",
            why="Empty replies happen, and a conversation should outlive one.",
            next='Return `""` when the reply has no content.',
            where=EMPTY,
        ),
    ],
    hints=(
        "An object holds a history and the options of its requests; three methods use them.",
        "“A history is a value” has what `fork` needs; your own `chat` has what `ask` needs.",
        "`ask` adds two turns, `undo` takes two off, "
        "`fork` makes a `Conversation` with a copy of the list.",
    ),
)
def Conversation(exam: Exam) -> None:  # noqa: N802 - a check is named after what a learner writes
    """Ask, take back and branch off; then meet an error and an empty reply."""
    replies = [text(exam.words(4)), turn(thinking(), text(exam.words(5))), text(exam.words(3))]
    talk = _talk(exam, *replies)
    first = talk.kept.read("messages")
    if not exam.expect("messages", is_same(first, []), "not-empty", first):
        return
    told: list[Turn] = []
    for _ in range(2):
        asked = _asks(talk, talk.kept, told)
        if asked is None or not _is_told(talk, asked):
            return
        told = asked
    _is_alone(exam)
    _undoes(talk, told)
    _forks(exam)
    _fails(exam)


@dataclass(frozen=True)
class _Talk:
    """Hold a conversation of the learner's, its scene, and what it was made with."""

    exam: Exam
    scene: Scene
    kept: Kept
    options: dict[str, Json]


def _talk(exam: Exam, *replies: Scripted, judges: tuple[str, ...] = ()) -> _Talk:
    scene = exam.scene(*replies)
    system = f"Be {exam.words(1)}."
    rest = {"model": exam.pick(*MODELS), "max_tokens": exam.number(50, 900)}
    kept = exam.make(scene.client, system, judges=judges, **rest)
    return _Talk(exam, scene, kept, {"system": system, **rest})


def _asks(
    talk: _Talk,
    kept: Kept,
    told: list[Turn],
    *,
    criterion: str = "asks",
    options: tuple[str, str] = ("options", "options-lost"),
) -> list[Turn] | None:
    """Ask something new; return what the history should be, or None when no reply was asked for.

    kept: the talk's own conversation, or one that stems from it. told: its turns so far.
    options: the criterion and the mistake of another system prompt, model or limit.
    """
    exam, before = talk.exam, len(talk.scene.requests)
    question = f"Tell me about {exam.words(2)}."
    called = kept.call("ask", question, judges=(criterion,))
    requests = talk.scene.requests[before:]
    if not exam.expect(criterion, len(requests) == 1, "requests-counted", len(requests)):
        return None
    request, arrived = requests[0], turns_of(requests[0]["messages"])
    is_last = spoken(arrived[-1:]) == [("user", question)]
    exam.expect(criterion, is_last, "question-not-sent", last_user_text(request))
    roles = [role for role, _ in arrived[:-1]]
    exam.expect(criterion, spoken(arrived[:-1]) == spoken(told), "forgets", roles)
    mine = {**request, "system": content_text(request.get("system")) or None}
    others = [key for key, value in talk.options.items() if mine.get(key) != value]
    observed = ", ".join(f"{key}={mine.get(key)!r}" for key in others)
    exam.expect(options[0], not others, options[1], observed)
    content = talk.scene.exchanges[-1].body["content"]
    words = content_text(content)
    is_printed = called.value is None and words in called.printed
    wrong = exam.which({"printed": is_printed}, otherwise="other-text")
    exam.expect(criterion, is_same(called.value, words), wrong, called.value)
    return [*told, user(question), ("assistant", blocks_of(content))]


def _is_told(talk: _Talk, told: list[Turn]) -> bool:
    """Judge that `messages` holds the turns, and tell whether it does but for some blocks."""
    mine = talk.kept.read("messages", judges=("messages",))
    turns = turns_of(mine)
    is_less = (
        spoken(turns) == spoken(told)
        and types_of(turns[-1][1]) != types_of(told[-1][1])
        and told[-1][1][0]["type"] == "thinking"
    )
    wrong = talk.exam.which({"text-for-blocks": is_less}, otherwise="messages-otherwise")
    observed = types_of(turns[-1][1]) if is_less else [role for role, _ in turns]
    is_right = isinstance(mine, list) and turns == told
    return talk.exam.expect("messages", is_right, wrong, observed) or is_less


def _is_alone(exam: Exam) -> None:
    """Judge a second conversation, made without any option."""
    scene = exam.scene(text(exam.words(3)))
    other = exam.make(scene.client, judges=("own",))
    history = turns_of(other.read("messages", judges=("own",)))
    if exam.expect("own", not history, "shared-history", len(history)):
        # A system prompt of null is refused.
        other.call("ask", exam.words(3), judges=("own", "options"))
        arrived = turns_of(scene.requests[0]["messages"]) if scene.requests else []
        roles = [role for role, _ in arrived]
        exam.expect("own", roles == ["user"], "forgets", roles[:-1])


def _undoes(talk: _Talk, told: list[Turn]) -> None:
    exam = talk.exam
    if not _undo(talk, told, told[:-2]):
        return
    asked = _asks(talk, talk.kept, told[:-2], criterion="undo")
    if asked is None or not _undo(talk, asked, asked[:-2]):
        return
    if _undo(talk, asked[:-2], []):
        _undo(talk, [], [], crash="undo-empty-crash")


def _undo(talk: _Talk, told: list[Turn], left: list[Turn], *, crash: str | None = None) -> bool:
    """Take back the last exchange, and judge what is left of the turns told."""
    exam = talk.exam
    if _called(exam, talk.kept, "undo", crash=crash) is None:
        return False
    turns = turns_of(talk.kept.read("messages", judges=("undo",)))
    mine, roles = spoken(turns), [role for role, _ in turns]
    wrong = exam.which(
        {"undo-nothing": mine == spoken(told), "undo-half": mine == spoken(told[:-1])},
        otherwise="undo-otherwise",
    )
    observed: Json = {"undo-nothing": len(turns), "undo-half": "user"}.get(wrong, roles)
    return exam.expect("undo", mine == spoken(left), wrong, observed)


def _forks(exam: Exam) -> None:
    """Fork a conversation; then each of the two is asked, and one is taken back."""
    replies = [turn(thinking(), text(exam.words(4))), text(exam.words(3)), text(exam.words(5))]
    talk = _talk(exam, *replies, judges=("fork",))
    told = _asks(talk, talk.kept, [], criterion="fork")
    twins = [_fork(talk, told or []) for _ in range(2)]
    if told is None or twins[0] is None or twins[1] is None:
        return
    spare, twin = twins[0], twins[1]
    asked = _asks(talk, twin, told, criterion="fork", options=("fork", "fork-options-lost"))
    _is_untouched(exam, talk.kept, told)
    _asks(talk, talk.kept, told, criterion="fork")
    if asked is not None:
        _is_untouched(exam, twin, asked)
    if _called(exam, twin, "undo", criterion="fork") is not None:
        _is_untouched(exam, spare, told)


def _fork(talk: _Talk, told: list[Turn]) -> Kept | None:
    exam = talk.exam
    called = _called(exam, talk.kept, "fork", keep=True)
    if called is None:
        return None
    twin: Kept = called.value
    kind = "itself" if twin.handle == talk.kept.handle else twin.handle.type
    is_other = kind in ("itself", "NoneType", "dict", "list", "tuple")
    if not exam.expect("fork", not is_other, "fork-other", kind):
        return None
    turns = turns_of(twin.read("messages", judges=("fork",)))
    exam.expect("fork", spoken(turns) == spoken(told), "fork-forgets", len(turns))
    return twin


def _is_untouched(exam: Exam, kept: Kept, told: list[Turn]) -> None:
    turns = turns_of(kept.read("messages", judges=("fork",)))
    exam.expect("fork", spoken(turns) == spoken(told), "fork-shared", len(turns))


def _called(
    exam: Exam,
    kept: Kept,
    name: str,
    *,
    criterion: str | None = None,
    keep: bool = False,
    crash: str | None = None,
) -> Called | None:
    """Call a method; None when it is still to be written, which costs its own criterion only."""
    judges = (criterion or name,)
    # By then `ask` has answered, so that this is no blank exercise.
    allowed = ("NotImplementedError",)
    called = kept.call(name, keep=keep, judges=judges, may_raise=allowed, crash=crash)
    if called.raised is None:
        return called
    exam.expect(name, False, "unwritten", name)
    return None


def _fails(exam: Exam) -> None:
    """Ask while the API is overloaded, then when it has nothing to say, then again."""
    replies = [text(exam.words(3)), overloaded(), empty(), text(exam.words(4))]
    talk = _talk(exam, *replies, judges=("failed",))
    told = _asks(talk, talk.kept, [], criterion="failed")
    if told is None:
        return
    called = talk.kept.call("ask", exam.words(2), judges=("failed",), may_raise=("APIError",))
    exam.expect("failed", called.raised is not None, "error-hidden", called.value)
    _left_no_trace(talk, told, "an overloaded API")
    called = talk.kept.call("ask", exam.words(2), judges=("failed",), crash="empty-crash")
    exam.expect("failed", is_same(called.value, ""), "other-text", called.value)
    _left_no_trace(talk, told, "an empty reply")
    _asks(talk, talk.kept, told, criterion="failed")


def _left_no_trace(talk: _Talk, told: list[Turn], event: str) -> None:
    exam = talk.exam
    mine = talk.kept.read("messages", judges=("failed",))
    turns, listed = turns_of(mine), mine if isinstance(mine, list) else []
    following = {"role": "user", "content": exam.words(2)}
    refused = exam.send({**_REQUEST, "messages": [*listed, following]})
    wrong = exam.which(
        {
            "half-exchange": [role for role, _ in turns[len(told) :]] == ["user"],
            "empty-stored": refused is not None and spoken(turns[-1:]) == [("assistant", "")],
        },
        otherwise="failed-otherwise",
    )
    observed = refused if wrong == "empty-stored" else event
    exam.expect("failed", spoken(turns) == spoken(told), wrong, observed)
