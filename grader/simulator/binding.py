"""Bind thinking to its conversation: which thoughts of a request still count, and for whom.

A thought is good where it was made: with the same system prompt, the same tools and the same
messages before it, after the same thought before it, and for models that can read its maker.
Anthropic's pages on preserved thinking (October and November 2026) say what is an edit:

- Not one: the parameters, cache breakpoints, layout and order of keys, the address of a picture,
  deferred tools that nothing names, thoughts left out at either end, an effort-only message.
- One: any other change to system, tools or an earlier message, and a thought left out in between.

`bind_thoughts` is the whole rule; messages, count_tokens and batches ask it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Literal

from grader.catalog import Catalog, ModelCard
from grader.simulator.blocks import kind_of
from grader.simulator.bound_prefix import Reader
from grader.simulator.contents import as_blocks, has_only_text, is_summary
from grader.simulator.faults import invalid
from grader.simulator.identifiers import Identifiers
from grader.simulator.signatures import (
    NOBODY,
    PLACE,
    PLACES,
    Prefix,
    Signed,
    digest,
    may_be_real,
    read_signature,
    sign,
)
from grader.simulator.summaries import sign_summary
from grader.simulator.tokens import reads_thoughts
from grader.simulator.wire import Json

BINDING_BETA = "thinking-binding-controls-2026-08-01"
"""The value of `anthropic-beta` with which a request may say what becomes of a failing block."""

ENFORCED_SINCE = date(2026, 8, 31)
"""Accounts created on this day or later are held to the check by every model that has it."""

_WAY_OUT = '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block"'
_Place = tuple[int, int]
_Behavior = Literal["error", "drop_block", "allow"]


@dataclass(frozen=True)
class Account:
    """Describe who asks.

    created: the account's first day; None for one of today. is_subscription: whether the token is
    that of a Claude subscription, for which a failing block is dropped unless it asks otherwise.
    """

    created: date | None = None
    is_subscription: bool = False

    @property
    def is_new(self) -> bool:
        """Return whether the account is held to the check; a time counts by its day in UTC."""
        created = self.created
        if isinstance(created, datetime):
            created = created.astimezone(UTC).date() if created.tzinfo else created.date()
        return created is None or created >= ENFORCED_SINCE


@dataclass(frozen=True)
class Bound:
    """Hold a request as the model reads it, and what was done to the one that was sent.

    transformations: the entries of `input_transformations`.
    """

    request: Json
    transformations: tuple[Json, ...] = ()


def bind_thoughts(
    request: Json,
    card: ModelCard,
    catalog: Catalog,
    *,
    account: Account,
    betas: Collection[str] = (),
    in_batch: bool = False,
) -> Bound:
    """Return a valid request without the thoughts that don't count, or refuse it with a 400.

    in_batch: in a Message Batch a failing block is dropped, unless the request asks for an error.
    """
    thoughts = list(_thoughts(request)) if reads_thoughts(request) else []
    if not thoughts:
        return Bound(request)
    behavior = _behavior(request, card, account, in_batch=in_batch)
    makers = {digest(each.id): each for each in catalog.models}
    dropped: set[_Place] = set()
    fallen: set[bytes] = set()
    kept: list[_Thought] = []
    transformations = []
    for thought in thoughts:
        if card.rules.prefix_check != "off" and account.is_new and not _may_be_signed(thought):
            raise invalid(_wrong(thought))
        if not _is_readable(thought, card, makers):
            dropped.add(thought.place)
            transformations.append(_entry("thinking_dropped", thought, "model_binding_mismatch"))
            # It may be read by those who made the thoughts that follow.
            kept.append(thought)
            continue
        if behavior is not None and not _is_in_place(thought, kept, fallen, makers):
            if behavior == "error":
                raise invalid(_refusal(thought, has_header=BINDING_BETA in betas))
            is_dropped = behavior == "drop_block"
            told = "thinking_dropped" if is_dropped else "thinking_mismatch_allowed"
            transformations.append(_entry(told, thought, "prefix_binding_mismatch"))
            if is_dropped:
                dropped.add(thought.place)
                fallen.add(thought.name)
                continue
        kept.append(thought)
    bound = _without(request, dropped) if dropped else request
    return Bound(bound, tuple(transformations))


class Signer:
    """Sign the thoughts of one reply, block by block in its order.

    request: as the model reads it.
    """

    def __init__(self, request: Json, card: ModelCard, ids: Identifiers) -> None:
        self._request = request
        self._card = card
        self._ids = ids
        self._said: list[Json] = []

    def sign(self, thought: str, *, tokens: int = 0) -> str:
        """Return the signature of the thought that comes next; tokens: what it cost."""
        reader, before = self._read
        for block in self._said:
            reader.add("assistant", block)
            before = _name(block) if kind_of(block).signed else before
        self._said.clear()
        self._read = reader, before
        return sign(
            thought,
            self._ids,
            model=self._card.id,
            tokens=tokens,
            predecessor=before,
            prefix=reader.prefix(),
        )

    def sign_summary(self, words: str, changes: Json = None) -> str:
        """Return the signature of a summary of the request; changes: its `tool_changes`."""
        is_bound = self._card.rules.prefix_check != "off"
        span = self._read[0].span() if is_bound else None
        return sign_summary(words, changes, self._ids, span=span)

    def add(self, block: Json) -> None:
        """Go on after a block of the reply."""
        self._said.append(block)

    @cached_property
    def _read(self) -> tuple[Reader, bytes]:
        reader, before = Reader(self._request), NOBODY
        for message, _, block in _walk(self._request):
            reader.add(_speaker(message), block)
            before = _name(block) if _is_thought(message, block) else before
        return reader, before


@dataclass(frozen=True)
class _Thought:
    """Hold a thought that was sent back.

    place: the indexes of its message and of the block in it. before: what stands before it now.
    places: where all that is no thought stands, in order. signed: what its signature says, None
    for another's.
    """

    place: _Place
    block: Json
    before: Prefix
    places: Sequence[_Place]
    signed: Signed | None

    @property
    def name(self) -> bytes:
        return _name(self.block)


def _thoughts(request: Json) -> Iterator[_Thought]:
    """Yield the thoughts of a request; what stands before them is read only where one is."""
    if has_only_text(request["messages"]) or not any(
        _is_thought(message, block) for message, _, block in _walk(request)
    ):
        return
    reader = Reader(request)
    places: list[_Place] = []
    # What stands before a summary is not read.
    newest = max((place for _, place, block in _walk(request) if is_summary(block)), default=None)
    for message, place, block in _walk(request):
        if _is_thought(message, block):
            if newest is None or place > newest:
                signed = read_signature(block[kind_of(block).signed])
                yield _Thought(place, block, reader.prefix(), places, signed)
        elif reader.add(_speaker(message), block):
            if is_summary(block):
                places = [place] * reader.count
            else:
                places.append(place)


def _speaker(message: Json) -> str:
    """Return whose a message is; for how long a system message is there is a part of it."""
    role = str(message["role"])
    return f"{role} until" if message.get("clear_at") == "next_user_message" else role


def _walk(request: Json) -> Iterator[tuple[Json, _Place, Json]]:
    """Yield message, place and block of each block that was sent."""
    for index, message in enumerate(request["messages"]):
        content = message["content"]
        for position, block in enumerate(as_blocks(content) if content else []):
            yield message, (index, position), block


def _is_thought(message: Json, block: Json) -> bool:
    return message["role"] == "assistant" and kind_of(block).signed != ""


def _name(block: Json) -> bytes:
    return digest(block[kind_of(block).signed])


def _behavior(
    request: Json, card: ModelCard, account: Account, *, in_batch: bool
) -> _Behavior | None:
    """Return what becomes of a thought that fails the check, None where there is no check."""
    check = card.rules.prefix_check
    if check == "off":
        return None
    binding = (request.get("thinking") or {}).get("block_binding") or {}
    asked = binding.get("prefix_mismatch_behavior")
    if asked is not None:
        return "drop_block" if asked == "drop_block" else "error"
    if account.is_subscription:
        return "drop_block"
    if check == "new_accounts" and not account.is_new:
        return "allow"
    return "drop_block" if in_batch else "error"


def _is_readable(thought: _Thought, card: ModelCard, makers: Mapping[bytes, ModelCard]) -> bool:
    """Return whether a model can read a thought; one whose maker is not known, it can."""
    made = makers.get(thought.signed.maker) if thought.signed else None
    if made is None or made.id == card.id or made.rules.thinking_readers is None:
        return True
    return card.id in made.rules.thinking_readers


def _may_be_signed(thought: _Thought) -> bool:
    """Return whether a signature is a simulator's, or looks like the API's own."""
    kind = kind_of(thought.block)
    return thought.signed is not None or not kind.words or may_be_real(thought.block[kind.signed])


def _is_in_place(
    thought: _Thought,
    before: Sequence[_Thought],
    fallen: Collection[bytes],
    makers: Mapping[bytes, ModelCard],
) -> bool:
    """Return whether a thought stands where it was made.

    before: the thoughts before it that were not dropped. fallen: the names of those that were.
    """
    signed = thought.signed
    if signed is None:
        return True
    if signed.prefix != thought.before or signed.predecessor in fallen:
        return False
    # Its maker had the thoughts before it that it can read.
    made = makers.get(signed.maker)
    had = [each for each in before if made is None or _is_readable(each, made, makers)]
    return not had or had[-1].name == signed.predecessor


def _entry(told: str, thought: _Thought, reason: str) -> Json:
    return {"type": told, "path": _path(thought.place), "reason": reason}


def _path(place: _Place) -> str:
    return f"messages.{place[0]}.content.{place[1]}"


def _wrong(thought: _Thought) -> str:
    kind = kind_of(thought.block)
    return f"{_path(thought.place)}: Invalid `{kind.signed}` in `{kind.name}` block"


def _refusal(thought: _Thought, *, has_header: bool) -> str:
    """Return the words of the 400; the last of them name what changed, where that is known."""
    said = [
        f"{_wrong(thought)}.",
        f"The block is bound to a different conversation. Remove the block, or set {_WAY_OUT}.",
    ]
    if not has_header:
        said.append(
            f"That setting requires the `{BINDING_BETA}` value in the `anthropic-beta` header."
        )
    return " ".join([*said, *_change(thought)])


def _change(thought: _Thought) -> Iterator[str]:
    made, now = thought.signed.prefix if thought.signed else thought.before, thought.before
    if made.system != now.system:
        yield "The `system` prompt differs from the one this block was created with."
    elif made.tools != now.tools:
        yield "The `tools` list differs from the one this block was created with."
    elif made.content != now.content:
        first = _first_difference(made, now)
        place = f", first at `{_path(thought.places[first])}`" if first is not None else ""
        yield f"Content before this block differs from when it was created{place}."


def _first_difference(made: Prefix, now: Prefix) -> int | None:
    """Return the number of the first block that differs, None where it is gone or too far."""
    for place in range(min(now.count, PLACES)):
        bounds = slice(place * PLACE, (place + 1) * PLACE)
        if made.places[bounds] != now.places[bounds]:
            return place
    return None


def _without(request: Json, places: Collection[_Place]) -> Json:
    """Return a request without some of its blocks."""
    messages = []
    for index, message in enumerate(request["messages"]):
        content = message["content"]
        if isinstance(content, list) and any(place[0] == index for place in places):
            kept = [block for at, block in enumerate(content) if (index, at) not in places]
            message = {**message, "content": kept}  # noqa: PLW2901
        messages.append(message)
    return {**request, "messages": messages}
