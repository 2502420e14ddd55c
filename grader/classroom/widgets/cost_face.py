"""How the cost calculator shows an answer: as text, and as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from grader.classroom.widgets.cost_answer import CostAnswer, DayBill, Line
from grader.classroom.widgets.cost_question import CACHING, Question
from grader.classroom.widgets.figures import dollars
from grader.classroom.widgets.token_parts import TokenPart, UsageClass
from grader.classroom.widgets.token_view import WORDS, sentence_of, spaced, two_bars
from grader.look import QUIET, Segment, bar, swatch

CLASSES: Mapping[str, tuple[str, UsageClass]] = {
    "fresh": ("fresh input", "fresh"),
    "write_5m": ("written, 5 minutes", "write"),
    "write_1h": ("written, 1 hour", "write"),
    "read": ("read from the cache", "read"),
    "output": ("output", "out"),
}
"""The name and pattern of each class of usage."""
NAMES = {
    "model": "Model",
    "system": "System prompt",
    "input": "Input",
    "output": "Output",
    "calls": "Calls a day",
    "caching": "Caching",
    "hit_rate": "Hit rate",
    "minutes_apart": "Minutes apart",
    "batch": "Batch",
}
"""The names of the fields."""
_TITLES = ("Class of usage", "Tokens a day", "$ per million", "A call, mean", "A day", "A month")
_GRADE = re.compile(r" \([A-F]\)$")
_DIGIT_WIDE = "\N{FIGURE SPACE}"
_CELL = "padding:.1em .8em .1em 0;text-align:right;vertical-align:top"
_FIRST = _CELL.replace("right", "left")


def cost_text(found: CostAnswer, faults: Mapping[str, str]) -> str:
    """Return an answer in words alone; faults: what is wrong with the fields, by name."""
    rows = [_TITLES, *map(_cells, found.bill.lines), _sum_cells(found.bill)]
    return "\n".join(
        [
            *_fault_lines(faults),
            headline(found),
            asked(found),
            "",
            *_columns(rows),
            "",
            *_remarks(found),
            *([""] if found.steps else []),
            *_step_lines(found),
            "",
            *_columns([_MODEL_TITLES, *(_model_cells(bill, found) for bill in by_cost(found))]),
            "",
            dated(found),
        ]
    )


def cost_html(found: CostAnswer, faults: Mapping[str, str]) -> str:
    """Return an answer as HTML; faults: what is wrong with the fields, by name."""
    lines = "".join(_paragraph(line, strong=True) for line in _fault_lines(faults))
    return (
        '<div class="gr"><div class="calc" '
        f'style="max-width:60em;line-height:1.5">{lines}{result_html(found)}{detail_html(found)}'
        "</div></div>"
    )


def result_html(found: CostAnswer) -> str:
    """Return what it comes to: a figure, a sentence, and a day's tokens against their price."""
    bill, total = found.bill, found.bill.total
    parts = [
        TokenPart(WORDS[pattern], place, pattern, line.tokens, line.spans.day.amount, "")
        for place, line in enumerate(bill.lines)
        for pattern in [CLASSES[line.name][1]]
        if line.tokens
    ]
    said = f"{sentence_of(parts)}" if parts else "No tokens, no price."
    bars = f"{two_bars(parts, is_linked=False)}" if parts else ""
    return (
        '<div class="result"><div role="status">'
        '<p style="margin:0"><strong class="figure" style="font-size:32px">'
        f"{dollars(total.month.amount)}</strong> a month</p>"
        f'<p style="margin:0 0 4px">{dollars(total.day.amount)} a day, '
        f"{dollars(total.call.amount)} a call, with {escape(bill.card.display_name)}.</p></div>"
        f'<p class="answer" style="margin:0 0 8px;font-weight:600">{spaced(said)}</p>{bars}</div>'
    )


def detail_html(found: CostAnswer) -> str:
    """Return the rest of an answer: classes of usage, break-even, and the other models."""
    bill = found.bill
    *lines, total = _aligned([*map(_cells, bill.lines), _sum_cells(bill)])
    rows = "".join(
        _row(cells, pattern=CLASSES[line.name][1])
        for cells, line in zip(lines, bill.lines, strict=True)
    )
    rows += _row(total, strong=True)
    classes = _table("By class of usage", _TITLES, rows)
    remarks = "".join(map(_paragraph, _remarks(found)))
    return (
        f'<div class="detail">{_paragraph(asked(found))}'
        f"{classes}{remarks}"
        f'{_steps(found)}</div><div class="others">{_models(found)}{_paragraph(dated(found))}</div>'
    )


def headline(found: CostAnswer) -> str:
    """Return what it comes to, in one sentence."""
    total = found.bill.total
    return (
        f"{found.bill.card.display_name}: {dollars(total.day.amount)} a day, "
        f"{dollars(total.month.amount)} a month, {dollars(total.call.amount)} a call."
    )


def asked(found: CostAnswer) -> str:
    """Return the question in one sentence, for whoever sees the figures alone."""
    question, counts = found.question, found.bill.counts
    parts = [
        f"{question.calls:,} calls a day of {counts.system:,} tokens of system prompt",
        f"{counts.input:,} of input and {counts.output:,} of output",
        "not cached"
        if question.caching == "off"
        else f"cached for {CACHING[question.caching]}, hit rate {question.hit_rate:f} %, "
        f"{question.minutes_apart:f} minutes apart",
        "in a batch" if question.batch else "",
        "at your edited prices" if found.bill.is_edited else "",
    ]
    return f"For {', '.join(filter(None, parts))}."


def dated(found: CostAnswer) -> str:
    """Return where the prices of the chosen model come from."""
    card = found.bill.card
    edited = "Edited by you; the catalog has others, " if found.bill.is_edited else "Prices "
    # The grade of the source, such as (B), is the catalog's own.
    return f"{edited}as of {card.as_of}: {_GRADE.sub('', card.source)}."


def as_code(question: Question) -> str:
    """Return the line that opens the calculator with this question."""
    amounts = [
        f"{name}={value:_}" if isinstance(value, int) else f"{name}=…  # a pasted text"
        for name, value in (
            ("system", question.system),
            ("input", question.input),
            ("output", question.output),
            ("calls", question.calls),
        )
    ]
    options = [f'model="{question.model}"', *amounts, f'caching="{question.caching}"']
    options += [f"hit_rate={question.hit_rate:f}", f"minutes_apart={question.minutes_apart:f}"]
    return f"CostCalculator({', '.join([*options, f'batch={question.batch}'])})"


def _fault_lines(faults: Mapping[str, str]) -> Iterator[str]:
    for name, words in faults.items():
        yield f"✗ {NAMES.get(name, name)}: {words}"
    if faults:
        yield "These are the last valid figures."


def _cells(line: Line) -> tuple[str, ...]:
    spans = line.spans
    money = (dollars(each.amount) for each in (spans.call, spans.day, spans.month))
    return (CLASSES[line.name][0], f"{line.tokens:,}", f"{line.price:f}", *money)


def _sum_cells(bill: DayBill) -> tuple[str, ...]:
    total = bill.total
    money = (dollars(each.amount) for each in (total.call, total.day, total.month))
    return ("all", f"{sum(line.tokens for line in bill.lines):,}", "", *money)


def _remarks(found: CostAnswer) -> Iterator[str]:
    bill = found.bill
    yield from (f"✗ This model won't do: {obstacle}" for obstacle in bill.obstacles)
    if bill.is_cached:
        saved = bill.saved.amount
        yield (
            f"Without a cache, a day would cost {dollars(bill.plain.amount)}. Caching "
            + (f"saves {dollars(saved)}." if saved >= 0 else f"costs {dollars(-saved)} more.")
        )
    yield from bill.notes


def _break_even_words(found: CostAnswer) -> str:
    if found.break_even is None:
        return "At these prices, a cache never pays off, no matter how often you read the prefix."
    return (
        f"Break-even: caching the system prompt is cheaper from call {found.break_even} on, if "
        "every call after the first reads it."
    )


def _step_lines(found: CostAnswer) -> Iterator[str]:
    if not found.steps:
        return
    yield _break_even_words(found)
    yield from _columns([_STEP_TITLES, *_step_cells(found)])


_CHART = "Chart"
_STEP_TITLES = ("System prompt until", "not cached", "cached", "")


def _step_cells(found: CostAnswer) -> Iterator[tuple[str, ...]]:
    for step in found.steps:
        mark = "◀ break-even" if step.is_break_even else ""
        money = (dollars(step.plain.amount), dollars(step.cached.amount))
        yield (f"call {step.call:,}", *money, mark)


_MODEL_TITLES = ("Model", "A day", "A month", "")


def _model_cells(bill: DayBill, found: CostAnswer) -> tuple[str, ...]:
    words = [
        "◀ cheapest that fits" if bill is found.cheapest else "",
        "✓ chosen" if bill is found.bill else "",
        "edited prices" if bill.is_edited else "",
        f"retires {bill.card.retires}" if bill.card.retires and not bill.obstacles else "",
        "not cached" if found.question.caching != "off" and not bill.is_cached else "",
        *(f"✗ {obstacle}" for obstacle in bill.obstacles),
    ]
    total = bill.total
    return (
        bill.card.display_name,
        dollars(total.day.amount),
        dollars(total.month.amount),
        ", ".join(filter(None, words)),
    )


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows of cells as lines, aligned right except the first column and the last words."""
    *widths, _ = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *middle, last in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(middle, widths[1:], strict=True)]
        yield "  ".join([f"{first:<{widths[0]}}", *cells, last]).rstrip()


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return rows whose amounts of money stand point below point, filled up with blanks."""
    columns = [
        [len(cell.partition(".")[2]) if cell.startswith("$") else None for cell in column]
        for column in zip(*rows, strict=True)
    ]
    widest = [max((each for each in column if each is not None), default=0) for column in columns]
    return [
        tuple(
            cell if places is None else cell + _DIGIT_WIDE * (most - places)
            for cell, places, most in zip(row, each, widest, strict=True)
        )
        for row, each in zip(rows, zip(*columns, strict=True), strict=True)
    ]


def _segments(lines: Sequence[Line]) -> list[Segment]:
    return [Segment(float(line.spans.day.amount), CLASSES[line.name][1]) for line in lines]


def _steps(found: CostAnswer) -> str:
    if not found.steps:
        return ""
    full = float(max(max(step.plain.amount, step.cached.amount) for step in found.steps)) or 1.0
    rows = "".join(
        _row(
            cells,
            below=bar([Segment(float(step.plain.amount), "fresh")], full=full)
            + bar([Segment(float(step.cached.amount), "read")], full=full),
            strong=step.is_break_even,
        )
        for cells, step in zip(_aligned([*_step_cells(found)]), found.steps, strict=True)
    )
    titles = (
        _STEP_TITLES[0],
        f"{swatch('fresh')} {_STEP_TITLES[1]}",
        f"{swatch('read')} {_STEP_TITLES[2]}",
        _CHART,
    )
    return _paragraph(_break_even_words(found)) + _table(
        "With and without a cache", titles, rows, is_html=True
    )


def _models(found: CostAnswer) -> str:
    """Return the models, the cheapest first."""
    full = max(float(bill.total.day.amount) for bill in found.bills) or 1.0
    bills = by_cost(found)
    rows = "".join(
        _row(
            cells,
            below=bar(_segments(bill.lines), full=full, height=12),
            strong=bill is found.bill,
            kind="✓ chosen" if bill is found.bill else "",
        )
        for cells, bill in zip(
            _aligned([_model_cells(bill, found) for bill in bills]), bills, strict=True
        )
    )
    used = {line.name: CLASSES[line.name] for bill in found.bills for line in bill.lines}
    legend = "".join(
        f'<span style="display:inline-block;padding-right:1em">{swatch(pattern)} {words}</span>'
        for words, pattern in used.values()
    )
    table = _table("By model", (*_MODEL_TITLES[:3], _CHART), rows)
    return (
        f'<p style="{QUIET}">The same calls with each model, by cost:<br>{legend}</p>'
        f'<div class="models">{table}</div>'
    )


def by_cost(found: CostAnswer) -> Sequence[DayBill]:
    """Return the bills of all models, the cheapest first."""
    return sorted(found.bills, key=lambda bill: bill.total.day.amount)


def _table(name: str, titles: Sequence[str], rows: str, *, is_html: bool = False) -> str:
    cells = "".join(
        f'<th scope="col" style="{_FIRST if place == 0 or title == _CHART else _CELL}">'
        f"{title if is_html else escape(title).replace('A ', 'A&nbsp;')}</th>"
        for place, title in enumerate(titles)
    )
    return (
        '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="'
        f'{escape(name)}"><table style="border-collapse:collapse;overflow-wrap:normal">'
        f"<thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(
    cells: Sequence[str],
    *,
    pattern: str = "",
    below: str | None = None,
    strong: bool = False,
    kind: str = "",
) -> str:
    """Return a table row; below: HTML above the words in the last cell. kind: the row's class."""
    first, *others = [
        f"<strong>{escape(cell)}</strong>" if strong and cell else escape(cell) for cell in cells
    ]
    mark = f"{swatch(pattern)} " if pattern else ""
    parts = [f'<th scope="row" style="{_FIRST};font-weight:normal">{mark}{first}</th>']
    tail = ""
    if below is not None:
        others, last = others[:-1], others[-1]
        words = f'<div style="font-size:12px;line-height:1.35">{last}</div>' if last else ""
        chart = f'<div class="chart"><div>{below}</div>{words}</div>'
        tail = f'<td style="{_FIRST};width:45%;min-width:9em">{chart}</td>'
    parts += [f'<td style="{_CELL};white-space:nowrap">{cell}</td>' for cell in others]
    named = f' class="{kind}"' if kind else ""
    return f"<tr{named}>{''.join(parts)}{tail}</tr>"


def _paragraph(words: str, *, strong: bool = False) -> str:
    inside = f"<strong>{escape(words)}</strong>" if strong else escape(words)
    return f'<p style="{QUIET}">{inside}</p>'
