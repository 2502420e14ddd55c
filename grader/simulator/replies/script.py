"""Scripted replies: what the model says in a scene, block by block.

`text("Hello")` is a whole turn; `turn(thinking("…"), text("Hello"))` puts turns together. A
block's shape and its key order are those of recorded replies.

What goes wrong is scripted beside it: `Script(overloaded(), text("Hello"))` fails once;
`with_faults(improvise, {3: overloaded()})` fails the third request of any source of replies;
`interrupted(text("Hello"), after=1, fault=overloaded())` breaks a stream off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from grader.catalog import ModelCard
from grader.errors import ScriptError
from grader.simulator.blocks import kind_of
from grader.simulator.faults import Fault
from grader.simulator.wire import Json

STOP_REASONS = (
    "end_turn",
    "max_tokens",
    "stop_sequence",
    "tool_use",
    "pause_turn",
    "refusal",
    "model_context_window_exceeded",
    "compaction",
)
"""The values of `stop_reason` (anthropic 2.12, `types/stop_reason.py`, and for the last, which only
the betas of compaction have, `types/beta/beta_stop_reason.py`)."""

REFUSAL_CATEGORIES = ("cyber", "bio", "frontier_llm", "reasoning_extraction", "general_harms")


@dataclass(frozen=True)
class Turn:
    """Describe one reply of the model.

    content: content blocks as JSON; ids of tool_use blocks may be left out and are then drawn.
    stop_reason: one of STOP_REASONS, or any word if is_new: one that the API may have some day.
    stop_sequence: the text that stopped the reply, with stop_reason "stop_sequence".
    stop_details: the API's object for a refusal, else None.
    thinking_tokens: what its first thought cost, where that is more than its words say.
    container: the id of the container in which its code ran, "" where the request says which.
    """

    content: tuple[Json, ...]
    stop_reason: str = "end_turn"
    stop_sequence: str | None = None
    stop_details: Json = None
    thinking_tokens: int = 0
    is_new: bool = False
    container: str = ""

    def __post_init__(self) -> None:
        for block in self.content:
            _check_block(block)
        if self.stop_reason not in STOP_REASONS and not self.is_new:
            raise ScriptError(
                f"stop_reason {self.stop_reason!r} does not exist. "
                f"Use one of: {', '.join(STOP_REASONS)}."
            )
        if (self.stop_sequence is not None) != (self.stop_reason == "stop_sequence"):
            raise ScriptError(
                f"stop_sequence {self.stop_sequence!r} does not go with stop_reason "
                f"{self.stop_reason!r}: give both, or neither."
            )


@dataclass(frozen=True)
class Interrupted:
    """Describe a turn whose stream breaks off.

    after: how many deltas are sent before the fault; it comes before the stream's end in any case.
    fault: what comes then. Where no stream was asked for, it is the whole reply.
    """

    turn: Turn
    after: int
    fault: Fault

    def __post_init__(self) -> None:
        if not isinstance(self.turn, Turn):
            raise ScriptError(
                f"Only a turn can be interrupted, and this is {self.turn!r}: use text(), "
                "tool_use() or turn()."
            )
        if self.after < 0:
            raise ScriptError(
                f"after={self.after} deltas is before the stream begins. Give 0 or more."
            )


Scripted = Turn | Fault | Interrupted


def _check_block(block: Json) -> None:
    if not isinstance(block, dict) or not isinstance(block.get("type"), str):
        raise ScriptError(
            f"The content block {block!r} has no type. Expected an object such as "
            '{"type": "text", "text": "Hello"}: use text(), thinking() or tool_use().'
        )
    kind = kind_of(block)
    if "reply" not in kind.places:
        raise ScriptError(
            f"The content block {block!r} is one that no reply has: a model sends no {kind.name}."
        )
    missing = [key for key in kind.scripted if key not in block]
    if missing:
        raise ScriptError(
            f"The content block {block!r} lacks {', '.join(missing)}: a {kind.name} block needs "
            f"type, {', '.join(kind.scripted)}."
        )


def text(words: str, *, stop_reason: str = "end_turn", stop_sequence: str | None = None) -> Turn:
    """Return a turn of one text block."""
    block = {"type": "text", "text": words}
    return Turn((block,), stop_reason=stop_reason, stop_sequence=stop_sequence)


def thinking(words: str = "", *, signature: str = "") -> Turn:
    """Return a turn of one thinking block; empty words are what newer models show by default."""
    return Turn(({"type": "thinking", "thinking": words, "signature": signature},))


def tool_use(name: str, tool_input: Mapping[str, Json], *, id: str | None = None) -> Turn:
    """Return a turn that asks for one tool."""
    block: dict[str, Json] = {"type": "tool_use", "name": name, "input": dict(tool_input)}
    if id is not None:
        block["id"] = id
    return Turn((block,), stop_reason="tool_use")


def compaction(words: str | None, *, signature: str = "") -> Turn:
    """Return a turn of one summary, which stands for all that was said; None for one that failed.

    A request that asks for a summary gets it signed. `turn(compaction("…"), text("…"))` is a
    summary made at a threshold, and the answer after it.
    """
    signed = {"signature": signature} if signature else {}
    block = {"type": "compaction", "content": words, **signed}
    return Turn((block,), stop_reason="compaction")


def refusal(category: str | None = None, explanation: str | None = None, *parts: Turn) -> Turn:
    """Return a turn that the API's classifiers stopped, after the parts given.

    category: one of REFUSAL_CATEGORIES, or None.
    """
    if category is not None and category not in REFUSAL_CATEGORIES:
        raise ScriptError(
            f"Refusal category {category!r} does not exist. "
            f"Use one of: {', '.join(REFUSAL_CATEGORIES)}, or None."
        )
    details = {"type": "refusal", "category": category, "explanation": explanation}
    return Turn(_joined(parts), stop_reason="refusal", stop_details=details)


def empty(*, stop_reason: str = "end_turn") -> Turn:
    """Return a turn with no content block at all, which the API does send."""
    return Turn((), stop_reason=stop_reason)


def turn(*parts: Turn, stop_reason: str | None = None) -> Turn:
    """Return one turn made of several, in order; the last one's stop reason unless given."""
    if not parts:
        raise ScriptError("turn() was called with nothing. Use empty() for a reply without blocks.")
    last = parts[-1]
    spent = sum(part.thinking_tokens for part in parts)
    container = next((part.container for part in parts if part.container), "")
    if stop_reason is not None:
        return Turn(
            _joined(parts), stop_reason=stop_reason, thinking_tokens=spent, container=container
        )
    return Turn(
        _joined(parts),
        stop_reason=last.stop_reason,
        stop_sequence=last.stop_sequence,
        stop_details=last.stop_details,
        thinking_tokens=spent,
        container=container,
    )


def interrupted(reply: Turn, *, after: int, fault: Fault) -> Interrupted:
    """Return a turn that breaks off with a fault after so many deltas of its stream."""
    return Interrupted(reply, after, fault)


def _joined(parts: Sequence[Turn]) -> tuple[Json, ...]:
    return tuple(block for part in parts for block in part.content)


class Script:
    """Answer requests with scripted turns and faults, in order.

    A request past the end of the script is answered with a 400 that says so and is not retried.
    """

    def __init__(self, *replies: Scripted) -> None:
        self._replies = replies
        self.used = 0

    def __call__(self, _request: Json, _card: object) -> Scripted:
        """Return the next scripted reply, whatever the request says."""
        self.used += 1
        if self.used > len(self._replies):
            return Fault(
                400,
                f"This scene's script has {len(self._replies)} replies, "
                f"and this is request {self.used}: nothing more was expected.",
                {"x-should-retry": "false"},
            )
        return self._replies[self.used - 1]


def with_faults(
    replies: Callable[[Json, ModelCard], Scripted], faults: Mapping[int, Scripted]
) -> Callable[[Json, ModelCard], Scripted]:
    """Return a source of replies that fails at given positions, and else answers as another does.

    faults: by position, counted from 1 over the requests that are valid and so reach a reply. A
    position that fails takes nothing from the other source. Raises ScriptError for a position
    that does not exist.
    """
    for position in faults:
        if isinstance(position, bool) or not isinstance(position, int) or position < 1:
            raise ScriptError(
                f"There is no request number {position!r}: positions are counted from 1, "
                "as in with_faults(improvise, {1: overloaded()})."
            )
    planned = dict(faults)
    positions = count(1)

    def answer(request: Json, card: ModelCard) -> Scripted:
        position = next(positions)
        return planned[position] if position in planned else replies(request, card)

    return answer
