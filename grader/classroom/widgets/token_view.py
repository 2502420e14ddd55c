"""Token view: a request as what is billed, once by tokens and once by price.

It needs no script and no kernel: the style sheet alone lights up a part's counterparts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Any

from grader.classroom.showing import Shown
from grader.classroom.widgets.figures import dollars
from grader.classroom.widgets.token_parts import TokenPart, UsageClass, read_parts
from grader.look import PATTERNS, style_sheet, swatch, themed

WORDS: Mapping[UsageClass, str] = {
    "fresh": "fresh input",
    "write": "cache write",
    "read": "cache read",
    "think": "thinking",
    "out": "output",
}
"""What each class is called in a legend."""
_TOKENS_ARE: Mapping[UsageClass, str] = {
    "fresh": "are fresh input",
    "write": "are written to the cache",
    "read": "are read from the cache",
    "think": "are thinking",
    "out": "are output",
}
_LETTERS: Mapping[UsageClass, str] = {
    "fresh": "█",
    "write": "∙",
    "read": "░",
    "think": "≡",
    "out": "□",
}
_WIDTH = 60
"""How many letters a bar of letters has."""
_LEAST = 1.0
"""No part is drawn narrower than this, in percent."""
_LABELLED = 9.0
"""From which width on a part has its name beside it, in percent."""
_COLUMNS = "display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start"
_NOTE = "Thinking is billed as output. Point at a part, or tab to it, to see its JSON."


def token_view(request: Mapping[str, Any], reply: Any = None) -> Shown:
    """Show a request as what is billed: its parts by tokens, and the same parts by price.

    request: the arguments of `client.messages.create`. reply: the Message that answered it, which
    says what was cached and what was written; without it all of the prompt counts as fresh input.
    Raises WidgetError if it isn't a request of the Messages API, UnknownModel for its model.
    """
    parts = read_parts(request, reply)
    return Shown(_text(parts), view_html(parts))


def view_html(parts: Sequence[TokenPart]) -> str:
    """Return the picture of a request's parts as HTML."""
    places = {part.place: None for part in parts}
    figures = f'<div style="flex:7 1 26em;min-width:0">{two_bars(parts)}</div>'
    source = "".join(_source(parts, place) for place in places)
    json = f'<pre style="flex:4 1 17em;min-width:0;margin:0;white-space:pre-wrap">{source}</pre>'
    return (
        f"{style_sheet('tokens')}<style>{_linked(places)}</style>"
        f'<div class="gr"><div class="tokens" style="line-height:1.5;overflow-wrap:anywhere">'
        f'<p class="answer" style="font-size:20px;font-weight:600;margin:0 0 12px">'
        f"{spaced(sentence_of(parts))}</p>"
        f'<div style="{_COLUMNS}">{figures}{json}</div>{_legend(parts)}'
        f'<p class="caption" style="margin:4px 0 0">{_NOTE}</p></div></div>'
    )


def two_bars(parts: Sequence[TokenPart], *, is_linked: bool = True) -> str:
    """Return parts as two bars, by tokens and by price, and what joins them.

    is_linked: whether the keyboard stops at each part, for there is more to see of it.
    """
    tokens, prices = (
        _widths([float(p.tokens) for p in parts]),
        _widths([float(p.cost) for p in parts]),
    )
    total = sum(part.tokens for part in parts)
    cost = dollars(sum((part.cost for part in parts), Decimal(0)))
    below = [f"{share:.0f} %" for share in _shares(parts)]
    focus = 'tabindex="0" ' if is_linked else ""
    return (
        f'<p class="caption" style="margin:0"><strong>By tokens:</strong> {total:,}</p>'
        f"{_labels(parts, tokens, [f'{part.tokens:,}' for part in parts], 'above')}"
        f"{_bar(parts, tokens, focus)}{_bands(parts, tokens, prices)}{_bar(parts, prices, None)}"
        f"{_labels(parts, prices, below, 'below')}"
        f'<p class="caption" style="margin:0"><strong>By price:</strong> {cost}</p>'
    )


def sentence_of(parts: Sequence[TokenPart]) -> str:
    """Return what the picture shows, in a sentence or two with its numbers."""
    tokens = _by_class(parts, lambda part: Decimal(part.tokens))
    prices = _by_class(parts, lambda part: part.cost)
    kind, share = _largest(tokens)
    if len(tokens) == 1:
        return f"All {tokens[kind]:,} tokens {_TOKENS_ARE[kind]}."
    first = f"{_part_of(share)} the tokens {_TOKENS_ARE[kind]}"
    dear, part = _largest(prices)
    if dear == kind:
        return f"{first}, and {_part_of(part).lower()} the price is theirs."
    count = sum(each.tokens for each in parts if each.usage == dear)
    return f"{first}. {_part_of(part)} the price is {count:,} tokens of {WORDS[dear]}."


def spaced(words: str) -> str:
    """Return a sentence as HTML, in which no line ends between a number and its sign."""
    return escape(words).replace(" %", "&nbsp;%")


def _by_class(parts: Iterable[TokenPart], amount: Any) -> dict[UsageClass, Decimal]:
    totals: dict[UsageClass, Decimal] = {}
    for part in parts:
        totals[part.usage] = totals.get(part.usage, Decimal(0)) + amount(part)
    return totals


def _largest(totals: Mapping[UsageClass, Decimal]) -> tuple[UsageClass, float]:
    kind = max(totals, key=lambda each: totals[each])
    whole = sum(totals.values())
    return kind, float(totals[kind] / whole) if whole else 1.0


def _part_of(share: float) -> str:
    if share > 0.995:
        return "All of"
    if share >= 0.6:
        return "Most of"
    return "Half of" if 0.47 <= share <= 0.53 else f"{share:.0%} of".replace("%", " %")


def _shares(parts: Sequence[TokenPart]) -> list[float]:
    whole = sum((part.cost for part in parts), Decimal(0))
    return [float(100 * part.cost / whole) if whole else 0.0 for part in parts]


def _widths(amounts: Sequence[float]) -> list[float]:
    """Return widths in percent that fill the bar, none of them less than `_LEAST`."""
    whole = sum(amounts) or 1.0
    wide = [max(_LEAST, 100 * amount / whole) for amount in amounts]
    over = sum(wide) - 100
    room = sum(width - _LEAST for width in wide) or 1.0
    return [width - over * (width - _LEAST) / room for width in wide]


def _labels(
    parts: Sequence[TokenPart], widths: Sequence[float], figures: Sequence[str], where: str
) -> str:
    """Return the names of a bar's parts; where: "above" or "below" it."""
    cells = "".join(
        f'<div class="label" style="box-sizing:border-box;width:{width:.3f}%;padding-right:4px;'
        "overflow:hidden;text-overflow:ellipsis;"
        f'white-space:nowrap">{_label(part, figure) if width >= _LABELLED else ""}</div>'
        for part, width, figure in zip(parts, widths, figures, strict=True)
    )
    return (
        f'<div aria-hidden="true" class="labels {where}" '
        'style="display:flex;font-size:12px;line-height:1.35;'
        f'min-height:33px">{cells}</div>'
    )


def _label(part: TokenPart, figure: str) -> str:
    return f"<span>{escape(part.name)}<br><strong>{figure}</strong></span>"


def _bar(parts: Sequence[TokenPart], widths: Sequence[float], focus: str | None) -> str:
    """Return a bar; focus: what makes a part one that the keyboard meets; None for a second bar."""
    each = "".join(_segment(part, width, focus) for part, width in zip(parts, widths, strict=True))
    return f'<div style="display:flex;height:40px">{each}</div>'


def _segment(part: TokenPart, width: float, focus: str | None) -> str:
    told = f"{part.name}: {part.tokens:,} tokens, {WORDS[part.usage]}, {dollars(part.cost)}"
    # The keyboard and a screen reader meet each part once.
    named = (
        'aria-hidden="true"' if focus is None else f'{focus}role="img" aria-label="{escape(told)}"'
    )
    return (
        f'<div class="part k{part.place}" {named} title="{escape(told)}" '
        f'style="box-sizing:border-box;width:{width:.3f}%;padding-right:1px">'
        '<div style="box-sizing:border-box;height:100%;border-radius:3px;'
        f'{PATTERNS[part.usage]}"></div></div>'
    )


def _bands(parts: Sequence[TokenPart], above: Sequence[float], below: Sequence[float]) -> str:
    """Return what joins each part to its counterpart; JupyterLab drops it where it trusts less."""
    paths = []
    upper, lower = list(_edges(above)), list(_edges(below))
    for part, (left, right), (start, end) in zip(
        parts, pairwise(upper), pairwise(lower), strict=True
    ):
        colours = f"{themed('fill', part.usage)};{themed('stroke', part.usage)}"
        paths.append(
            f'<path class="k{part.place}" vector-effect="non-scaling-stroke" style="{colours}" '
            f'd="M{left:.2f} 0L{right:.2f} 0L{end:.2f} 100L{start:.2f} 100Z"/>'
        )
    return (
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" '
        'style="display:block;width:100%;height:96px;fill-opacity:.16;stroke-opacity:.6;'
        f'stroke-width:1">'
        f"{''.join(paths)}</svg>"
    )


def _edges(widths: Iterable[float]) -> Iterator[float]:
    edge = 0.0
    yield edge
    for width in widths:
        edge += width
        yield edge


def _source(parts: Sequence[TokenPart], place: int) -> str:
    first = next(part for part in parts if part.place == place)
    edge = themed("border-left:4px solid {0}", first.usage)
    return (
        f'<span class="source k{place}" style="display:block;padding:1px 12px;{edge}">'
        f"<strong>{escape(first.name)}</strong> {escape(first.source)}</span>"
    )


def _linked(places: Iterable[int]) -> str:
    """Return the rules by which a part lights up what belongs to it, and the rest steps back."""
    rules = []
    for place in places:
        lit = f".tokens:has(.k{place}:is(:hover,:focus))"
        rules.append(
            f"{lit} :is(.part,.source,path):not(.k{place}){{opacity:.35}}"
            f"{lit} .source.k{place}{{background:var(--gr-w-act)}}"
        )
    return "".join(rules)


def _legend(parts: Sequence[TokenPart]) -> str:
    used = [kind for kind in WORDS if any(part.usage == kind for part in parts)]
    each = "".join(f"<span>{swatch(kind)} {WORDS[kind]}</span>" for kind in used)
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12px;margin-top:12px">'
        f"{each}</div>"
    )


def _text(parts: Sequence[TokenPart]) -> str:
    """Return the view in letters: two bars, and a line for each part."""
    rows = [
        f"  {_LETTERS[part.usage]} {part.name:<14} {part.tokens:>9,}  {WORDS[part.usage]:<12} "
        f"{dollars(part.cost):>12}  {share:3.0f} %"
        for part, share in zip(parts, _shares(parts), strict=True)
    ]
    bars = [
        f"{title} {_letters(parts, [float(amount) for amount in amounts])}"
        for title, amounts in (
            ("by tokens", [part.tokens for part in parts]),
            ("by price ", [part.cost for part in parts]),
        )
    ]
    return "\n".join([sentence_of(parts), *bars, *rows])


def _letters(parts: Sequence[TokenPart], amounts: Sequence[float]) -> str:
    edges = [round(edge * _WIDTH / 100) for edge in _edges(_widths(amounts))]
    return "".join(
        _LETTERS[part.usage] * (end - begin)
        for part, (begin, end) in zip(parts, pairwise(edges), strict=True)
    )
