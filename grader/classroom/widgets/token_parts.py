"""A request and its reply as what is billed: each part with its tokens, its class, and its price.

How many tokens each part of a prompt has is counted here, as the simulator counts; what was billed
is in the reply's `usage`, which has no parts. So the counts are brought to what `usage` says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any, Literal

from grader.catalog import ModelCard, Tokens, find_model, read_usage
from grader.classroom.showing import as_data
from grader.errors import WidgetError
from grader.simulator.tokens import count_prompt

UsageClass = Literal["fresh", "write", "read", "think", "out"]
"""How tokens are billed."""

_MOST_MESSAGES = 6
"""How many messages we draw one by one; earlier ones are drawn as one part."""
_NEAR = 0.02
"""How far a class may end from a part, as a share of the prompt: counts are estimates."""
_LONGEST = 76
"""How many characters of a part's JSON we show."""


@dataclass(frozen=True)
class TokenPart:
    """Hold a part of a request or of its reply.

    name: such as "system". place: its number among the pieces of the JSON, which may be billed in
    two classes. cost: in US dollars; None if the model has no price in the catalog. source: the
    piece as short JSON.
    """

    name: str
    place: int
    usage: UsageClass
    tokens: int
    cost: Decimal
    source: str


@dataclass(frozen=True)
class _Piece:
    name: str
    tokens: int
    source: str


def read_parts(request: Mapping[str, Any], reply: Any = None) -> list[TokenPart]:
    """Return the parts of a request, and of its reply if there is one, in the order of the prompt.

    reply: a Message, plain data of one, or None before the request is sent: then all of the prompt
    is fresh. Raises WidgetError if it isn't a request of the Messages API.
    """
    body = as_data(dict(request))
    card, pieces = _pieces(body)
    message = as_data(reply) if reply is not None else None
    usage = message.get("usage") if isinstance(message, dict) else None
    if message is not None and not isinstance(usage, dict):
        raise WidgetError("The reply has no usage. Pass the Message that the API returned.")
    counted = sum(piece.tokens for piece in pieces)
    if not pieces:
        raise WidgetError("The request has no messages. Pass at least one.")
    tokens = read_usage(usage) if usage else Tokens(fresh=counted, output=0)
    prices = _prices(card, tokens, usage or {})
    parts = [
        TokenPart(piece.name, place, kind, count, prices[kind] * count, piece.source)
        for place, piece, kind, count in _billed(pieces, tokens)
    ]
    if message is not None and usage is not None:
        parts += _output(message, usage, tokens.output, prices["out"], first=len(pieces))
    return parts


def _pieces(body: Mapping[str, Any]) -> tuple[ModelCard, list[_Piece]]:
    """Return the pieces of a prompt with their counted tokens."""
    if not isinstance(body.get("messages"), list) or not isinstance(body.get("model"), str):
        raise WidgetError(
            "This is no request of the Messages API. Pass a dict with model and messages."
        )
    card = find_model(body["model"])
    try:
        counted = count_prompt(body, card)
    except (KeyError, TypeError, AttributeError) as error:
        raise WidgetError(
            f"The request can't be counted ({type(error).__name__}: {error}). "
            "Send it once: the API says what is wrong with it."
        ) from error
    pieces = []
    if body.get("tools"):
        pieces.append(_Piece("tools", sum(counted.tools), _short(body["tools"])))
    system = body.get("system") or []
    blocks = [system] if isinstance(system, str) else system
    for number, (block, count) in enumerate(zip(blocks, counted.system, strict=True), 1):
        name = "system" if len(blocks) == 1 else f"system {number}"
        pieces.append(_Piece(name, count, _short(block)))
    messages = [
        _Piece(str(message["role"]), sum(count), _short(message["content"]))
        for message, count in zip(body["messages"], counted.messages, strict=True)
    ]
    old = messages[: max(0, len(messages) - _MOST_MESSAGES)]
    if len(old) > 1:
        total = sum(each.tokens for each in old)
        messages = [_Piece(f"{len(old)} messages", total, "[…]"), *messages[len(old) :]]
    if messages:
        last = messages[-1]
        messages[-1] = _Piece(last.name, last.tokens + counted.ending, last.source)
    return card, [piece for piece in [*pieces, *messages] if piece.tokens]


def _billed(
    pieces: Sequence[_Piece], tokens: Tokens
) -> Iterator[tuple[int, _Piece, UsageClass, int]]:
    """Yield each piece, or both sides of one that a class ends in, with its class and tokens."""
    wanted: list[tuple[UsageClass, int]] = [
        ("read", tokens.read),
        ("write", tokens.written),
        ("fresh", tokens.fresh),
    ]
    ends = [0, *accumulate(piece.tokens for piece in pieces)]
    total = ends[-1]
    scale = total / tokens.prompt if tokens.prompt else 1.0
    begin, billed = 0.0, 0
    for kind, amount in wanted:
        if not amount:
            continue
        billed += amount
        is_last = billed == tokens.prompt
        end = float(total) if is_last else _near(billed * scale, ends, after=begin)
        inside = [
            (place, max(0.0, min(end, ends[place + 1]) - max(begin, ends[place])))
            for place in range(len(pieces))
        ]
        shares = [(place, share) for place, share in inside if share > 0]
        for (place, _), count in zip(
            shares, _apportion([share for _, share in shares], amount), strict=True
        ):
            if count:
                yield place, pieces[place], kind, count
        begin = end


def _near(wanted: float, ends: Sequence[int], *, after: float) -> float:
    """Return where a class ends: at the end of a piece if one is near, else at the place itself.

    It ends behind `after`, where it begins, and leaves something to the classes that follow.
    """
    total = ends[-1]
    inside = [end for end in ends if after < end < total]
    nearest = min(inside, key=lambda end: abs(end - wanted), default=None)
    if nearest is not None and abs(nearest - wanted) <= max(3, _NEAR * total):
        return float(nearest)
    return wanted if after < wanted < total else (after + total) / 2


def _apportion(shares: Sequence[float], amount: int) -> list[int]:
    """Return whole numbers in these proportions that add up to an amount."""
    whole = sum(shares)
    if not whole:
        return [0 for _ in shares]
    exact = [share * amount / whole for share in shares]
    counts = [int(each) for each in exact]
    rest = sorted(range(len(exact)), key=lambda at: counts[at] - exact[at])
    for at in rest[: amount - sum(counts)]:
        counts[at] += 1
    return counts


def _output(
    message: Mapping[str, Any], usage: Mapping[str, Any], output: int, price: Decimal, *, first: int
) -> Iterator[TokenPart]:
    """Yield what the model wrote: its thinking, and each other block by the length of its JSON."""
    details = usage.get("output_tokens_details") or {}
    thought = min(int(details.get("thinking_tokens") or 0), output)
    blocks = [block for block in message.get("content") or () if isinstance(block, dict)]
    thoughts = [block for block in blocks if "thinking" in str(block.get("type"))]
    others = [block for block in blocks if block not in thoughts]
    if thought:
        said = "".join(str(block.get("thinking", "")) for block in thoughts)
        source = _short(said) if said else "(not shown)"
        yield TokenPart("thinking", first, "think", thought, price * thought, source)
    lengths = [float(len(json.dumps(block))) for block in others]
    counts = _apportion(lengths, output - thought) if others else [output - thought]
    for number, count in enumerate(counts, first + 1):
        block = others[number - first - 1] if others else {}
        name = str(block.get("name") or block.get("type") or "output")
        if count:
            yield TokenPart(name, number, "out", count, price * count, _short(block))


def _prices(
    card: ModelCard, tokens: Tokens, usage: Mapping[str, Any]
) -> Mapping[UsageClass, Decimal]:
    """Return the price of one token of each class, in US dollars, for a prompt of this length."""
    price, factor = card.price_for(tokens.prompt), card.factor_of(usage) / 1_000_000
    written = price.write_5m * tokens.write_5m + price.write_1h * tokens.write_1h
    write = written / tokens.written if tokens.written else price.write_5m
    return {
        "fresh": price.input * factor,
        "write": write * factor,
        "read": price.read * factor,
        "think": price.output * factor,
        "out": price.output * factor,
    }


def _short(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _LONGEST else f"{written[: _LONGEST - 1]}…"
