"""Find the broken turn: five histories, the API's error for each, its repair, and the reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.classroom.showing import as_json, side_by_side
from grader.classroom.widgets.history import read_history
from grader.classroom.widgets.parts import announced, sentence
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.sequence_stepper import (
    SequenceTurn,
    read_sequence,
    sequence_html,
    sequence_text,
)
from grader.classroom.widgets.stepper import make_stepper
from grader.exams import marked
from grader.look import FIGURE, QUIET, choices, fold
from grader.simulator import NEWEST_VERSION, Simulator

History = tuple[dict[str, Any], ...]

_TOOLS = [
    {
        "name": name,
        "description": description,
        "input_schema": {
            "type": "object",
            "properties": {field: {"type": "string"} for field in fields},
            "required": list(fields),
        },
    }
    for name, description, fields in (
        ("get_customer", "Look up a customer.", ("customer_id",)),
        ("update_subscription", "Change a customer's plan.", ("customer_id", "plan")),
    )
]


@dataclass(frozen=True)
class Puzzle:
    """Hold a broken history.

    broken: the number of the first turn that the API refuses, from 1.
    why: the reason and the repair, in sentences.
    repaired: the corrected history.
    mended: the numbers of its new or changed turns.
    """

    history: History
    broken: int
    why: str
    repaired: History
    mended: tuple[int, ...]


def refusal_of(history: History) -> str:
    """Return the simulated API's error for a history, "" if it has none."""
    body = {"model": DEFAULT_MODEL, "max_tokens": 300, "tools": _TOOLS, "messages": history}
    headers = {"x-api-key": "simulated", "anthropic-version": NEWEST_VERSION}
    reply = Simulator().handle("POST", "/v1/messages", headers, json.dumps(body).encode())
    if reply.status == 200:
        return ""
    error = reply.body["error"]
    return f"{reply.status} {error['type']}: {error['message']}"


def _user(*content: Any) -> dict[str, Any]:
    is_text = len(content) == 1 and isinstance(content[0], str)
    return {"role": "user", "content": content[0] if is_text else list(content)}


def _claude(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks)}


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _ask(call: str, name: str, **given: str) -> dict[str, Any]:
    return {"type": "tool_use", "id": call, "name": name, "input": given}


def _answer(call: str, content: str, *, is_error: bool = False) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "tool_result", "tool_use_id": call, "content": content}
    return {**block, "is_error": True} if is_error else block


_FIRST, _SECOND, _THIRD = "toolu_01Mq7bT2xKa4", "toolu_01Vx9kR5dWe7", "toolu_01Hs3nC8pLo2"

_UPGRADE = _user("Upgrade customer cust_123 to the pro plan.")
_LOOK_UP = _claude(
    _text("I'll look up the customer first."), _ask(_FIRST, "get_customer", customer_id="cust_123")
)
_FOUND = _answer(_FIRST, '{"id": "cust_123", "plan": "free"}')
_UPDATE = _claude(
    _ask(_SECOND, "update_subscription", customer_id="cust_123", plan="pro"),
)
_UPDATED = _answer(_SECOND, '{"plan": "pro"}')
_LOOK_AGAIN = _claude(
    _text("I'll try again."), _ask(_SECOND, "get_customer", customer_id="cust_123")
)
_LOOK_UP_BOTH = _claude(
    _ask(_SECOND, "get_customer", customer_id="cust_456"),
    _ask(_THIRD, "get_customer", customer_id="cust_789"),
)


def make_puzzles() -> tuple[Puzzle, ...]:
    """Return the five broken histories."""
    return (_role_tool(), _text_first(), _unanswered(), _dropped(), _answered_twice())


def _role_tool() -> Puzzle:
    message = {"role": "tool", "tool_call_id": _FIRST, "content": _FOUND["content"]}
    return Puzzle(
        history=(_UPGRADE, _LOOK_UP, message),
        broken=3,
        why=(
            "Turn 3 is an OpenAI message. This API has only two speakers, and anything that isn't "
            "Claude is the user. So the result goes into a block of a user message, and its id is "
            "called `tool_use_id`."
        ),
        repaired=(_UPGRADE, _LOOK_UP, _user(_FOUND)),
        mended=(3,),
    )


def _text_first() -> Puzzle:
    words = _text("Here is what I found.")
    after = (_claude(_text("They have the free plan.")), _user("Thank you."))
    return Puzzle(
        history=(_UPGRADE, _LOOK_UP, _user(words, _FOUND), *after),
        broken=3,
        why=(
            "Turn 3 has the result, but after a text, where it doesn't count as an answer. "
            "Results come first, then anything else you want to say. The API names the turn with "
            "the call, and counts from 0."
        ),
        repaired=(_UPGRADE, _LOOK_UP, _user(_FOUND, words), *after),
        mended=(3,),
    )


def _unanswered() -> Puzzle:
    before = (
        _user("Which of cust_123, cust_456 and cust_789 have the pro plan?"),
        _LOOK_UP,
        _user(_FOUND),
        _LOOK_UP_BOTH,
    )
    one = _answer(_SECOND, '{"id": "cust_456", "plan": "pro"}')
    other = _answer(_THIRD, "There is no customer cust_789.", is_error=True)
    return Puzzle(
        history=(*before, _user(one)),
        broken=5,
        why=(
            "Turn 5 answers only one of two calls. Every call needs a result in the next message. "
            "If it failed or didn't run, `is_error` says so. The API names the turn with the "
            "calls, and counts from 0."
        ),
        repaired=(*before, _user(one, other)),
        mended=(5,),
    )


def _dropped() -> Puzzle:
    before = (_UPGRADE, _LOOK_UP, _user(_FOUND))
    return Puzzle(
        history=(*before, _user(_UPDATED)),
        broken=4,
        why=(
            "Turn 4 answers a call that isn't in the history, because somebody dropped Claude's "
            "turn. Append all of `message.content` before you append the results. The API merges "
            "turns 3 and 4, because both are the user's, and counts from 0."
        ),
        repaired=(*before, _UPDATE, _user(_UPDATED)),
        mended=(4, 5),
    )


def _answered_twice() -> Puzzle:
    failed = _answer(_FIRST, "The database did not answer.", is_error=True)
    before = (_UPGRADE, _LOOK_UP, _user(failed), _LOOK_AGAIN)
    found = _answer(_SECOND, _FOUND["content"])
    return Puzzle(
        history=(*before, _user(failed, found)),
        broken=5,
        why=(
            "Turn 5 sends the result from turn 3 again. That happens if a loop never empties its "
            "list of results. A call gets one result, in the message right after it. The API "
            "counts from 0."
        ),
        repaired=(*before, _user(found)),
        mended=(5,),
    )


_TASK = "Which turn is broken?"


def broken_turns() -> Playable:
    """Show five histories, each with a broken turn to find, and the simulated API's error."""
    puzzles = make_puzzles()
    return Playable(
        text=_told(puzzles),
        html=_html(puzzles),
        make_view=lambda: _view(puzzles),
    )


def _turns(puzzle: Puzzle) -> tuple[SequenceTurn, ...]:
    return read_sequence(read_history(puzzle.history))


def _repair(puzzle: Puzzle) -> Any:
    """Return what replaces the broken turn: a message, or several."""
    mended = [puzzle.repaired[number - 1] for number in puzzle.mended]
    return mended[0] if len(mended) == 1 else mended


def _titles(puzzles: Sequence[Puzzle]) -> list[str]:
    return [f"History {number} of {len(puzzles)}" for number in range(1, len(puzzles) + 1)]


def _told(puzzles: Sequence[Puzzle]) -> str:
    histories = [
        f"{title}. {_TASK}\n{sequence_text(_turns(puzzle), with_faults=False)}"
        for title, puzzle in zip(_titles(puzzles), puzzles, strict=True)
    ]
    answers = [
        f"{title}: turn {puzzle.broken} is broken.\nThe API says: {refusal_of(puzzle.history)}\n"
        f"{puzzle.why}\nRepaired:\n{as_json(_repair(puzzle))}"
        for title, puzzle in zip(_titles(puzzles), puzzles, strict=True)
    ]
    return "\n\n".join([*histories, "The answers:", *answers])


def _html(puzzles: Sequence[Puzzle]) -> str:
    parts = []
    for title, puzzle in zip(_titles(puzzles), puzzles, strict=True):
        answer = f"{sentence(f'Turn {puzzle.broken} is broken.')}{_explanation(puzzle)}"
        parts += [
            sentence(f"{title}. {_TASK}"),
            sequence_html(_turns(puzzle), with_faults=False),
            fold("The answer", answer),
        ]
    return "".join(parts)


def _view(puzzles: Sequence[Puzzle]) -> Any:
    """Return the view: one history at a time, a button for each of its turns, and a verdict."""
    picked: dict[int, int] = {}

    def act(at: int, _name: str, value: str) -> None:
        picked[at] = int(value)

    return make_stepper(
        _titles(puzzles),
        lambda at: _puzzle_html(puzzles[at], picked.get(at)),
        noun="history",
        act=act,
    )


def _puzzle_html(puzzle: Puzzle, picked: int | None) -> str:
    turns = _turns(puzzle)
    options = {str(turn.number): f"Turn {turn.number}" for turn in turns}
    asked = choices(options, str(picked or ""), "pick", purpose=_TASK)
    verdict = _verdict(puzzle, picked) if picked else ""
    picture = sequence_html(turns, with_faults=False)
    return f'{picture}{sentence(_TASK)}{asked}<div style="margin-top:8px">{verdict}</div>'


def _verdict(puzzle: Puzzle, picked: int) -> str:
    if picked == puzzle.broken:
        return f"{announced(f'✓ Turn {picked} is broken.')}{_explanation(puzzle)}"
    words = f"✗ Turn {picked} is fine. Read what the API says, and try another."
    return f'{announced(words)}<div style="{FIGURE}">{_error(puzzle)}</div>'


def _error(puzzle: Puzzle) -> str:
    error = escape(refusal_of(puzzle.history))
    return f'<p style="{QUIET}">The API says: <code>{error}</code></p>'


def _explanation(puzzle: Puzzle) -> str:
    broken = puzzle.history[puzzle.broken - 1]
    return (
        f'<div style="{FIGURE}">{_error(puzzle)}<p style="{QUIET}">{marked(puzzle.why)}</p></div>'
        f"{side_by_side(broken, _repair(puzzle), titles=('Broken', 'Repaired')).html}"
    )
