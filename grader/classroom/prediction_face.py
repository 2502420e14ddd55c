"""What a prediction looks like: before its cell has run, and after it.

The choices are buttons where there is a kernel. The same in words, with the answer so far, stands
in an output of its own, for a notebook without a kernel; what came stands below the cell that
brought it.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from grader.classroom.progress_file import SURE, PredictionRecord
from grader.classroom.showing import Shown
from grader.classroom.widgets.live import make_live, redraw
from grader.exams import marked
from grader.look import choices, style_sheet, themed

if TYPE_CHECKING:
    from grader.classroom.predicting import AskedPrediction
    from grader.exercises.predictions import Prediction

_HOW_SURE = "How sure are you?"
_CLOSED = "The cell has run already. To predict it, run this cell again, and answer first."
_FIXED = "What happened is shown below its cell."
_HERE_ELSE = (
    "Something else happened here than in the course, so this one doesn't count. "
    "In the course it was “{right}”"
)
_CHOSEN, _OTHER = "●", "○"
_ROW = "display:grid;grid-template-columns:24px 1fr auto;gap:0 8px;padding:4px 8px;margin:4px 0;"
_QUIET = "margin:4px 0;line-height:1.5"


def status(record: PredictionRecord) -> str:
    """Return in a few words what was predicted."""
    if not record.choice:
        return "No prediction yet"
    sure = f", {SURE[record.sure]}" if record.sure else ""
    return f"Your prediction: {record.choice}{sure}"


def question(prediction: Prediction, record: PredictionRecord) -> Shown:
    """Show the question, its choices, the answer so far, and how to answer in code."""
    how = f'predict("{prediction.id}", "{next(iter(prediction.choices))}", sure=2)'
    lines = [
        prediction.question,
        *(f"  {letter}  {words}" for letter, words in prediction.choices.items()),
        f"{status(record)}.",
    ]
    if record.came:
        lines.append(_FIXED)
    else:
        lines.append(f"In code: {how}; sure is 1 (a guess), 2 (fairly sure) or 3 (sure).")
    rows = "".join(
        _choice(letter, words, _mark(letter, record), "you" if letter == record.choice else "")
        for letter, words in prediction.choices.items()
    )
    end = _FIXED if record.came else f"In code: `{how}`; sure is 1, 2 or 3."
    html = _panel(
        f"{_lead(prediction)}"
        f'{rows}<p class="quiet" style="{_QUIET}">{escape(status(record))}. {marked(end)}</p>'
    )
    return Shown("\n".join(lines), html)


def answer(prediction: Prediction, record: PredictionRecord, came: str) -> Shown:
    """Show what came, beside what was predicted; came: the letter, "" for something else."""
    right = prediction.choices[prediction.right]
    if not came:
        words = _HERE_ELSE.format(right=right)
        return Shown(words, _panel(f'<p style="{_QUIET}">{marked(words)}</p>'))
    if not record.choice:
        words = f"What happened: {prediction.right} · {right}"
        return Shown(words, _panel(f'<p class="quiet" style="{_QUIET}">{marked(words)}</p>'))
    said = f"You predicted {record.choice}{record.surely}"
    if record.is_right:
        text = f"✓ {said}, and that's what happened: {right} {prediction.because}"
    else:
        yours = prediction.choices[record.choice]
        text = (
            f"✗ {said}: {yours}\n✓ What happened: {prediction.right} · {right} {prediction.because}"
        )
    rows = _rows(prediction, record)
    because = f'<p style="{_QUIET}">{marked(prediction.because)}</p>'
    return Shown(text, _panel(f"{rows}{because}"))


def make_view(
    asked: AskedPrediction, hear: Callable[[str, str], bool]
) -> tuple[Any, Callable[[], None]]:
    """Return a live view to predict in, and a function that draws it anew.

    hear: called with "choice" or "sure" and what was pressed; returns False if it is too late to
    predict. While it is open, the style sheet veils the text below the cell that answers it.
    """
    told = ""
    prediction = asked.prediction

    def draw() -> str:
        now = asked.record
        kind = f"prediction{' open' * asked.is_open}"
        head = f'{style_sheet("controls", "prediction")}<div class="{kind}">'
        options = {
            letter: f"{letter} · {_plain(words)}" for letter, words in prediction.choices.items()
        }
        levels = {str(sure): words for sure, words in SURE.items() if sure}
        said = f"{status(now)}. {_FIXED}" if now.came else told or f"{status(now)}."
        # The buttons become words in the same place, so that nothing below moves.
        past = bool(now.came)
        return (
            f"{head}{_lead(prediction)}"
            f"{choices(options, now.choice, 'choice', purpose='Your prediction', is_settled=past)}"
            f'<p class="caption" style="margin:12px 0 4px">{_HOW_SURE}</p>'
            f"{choices(levels, str(now.sure), 'sure', purpose=_HOW_SURE, is_settled=past)}"
            f'<p class="quiet" role="status" style="{_QUIET}">{escape(said)}</p></div>'
        )

    def act(name: str, value: str) -> None:
        nonlocal told
        told = "" if hear(name, value) else _CLOSED

    view = make_live(draw, act)
    return view, lambda: redraw(view, draw)


def _lead(prediction: Prediction) -> str:
    return f'<p class="lead" style="{_QUIET}"><strong>{marked(prediction.question)}</strong></p>'


def _plain(words: str) -> str:
    return words.replace("`", "")


def _rows(prediction: Prediction, record: PredictionRecord) -> str:
    """Return what was predicted and what came, the others left out."""
    shown = (record.choice, record.came)
    return "".join(
        _choice(letter, words, _outcome(letter, record), _who(letter, record))
        for letter, words in prediction.choices.items()
        if letter in shown
    )


def _mark(letter: str, record: PredictionRecord) -> str:
    return _CHOSEN if letter == record.choice else _OTHER


def _outcome(letter: str, record: PredictionRecord) -> str:
    return "✓" if letter == record.came else "✗"


def _who(letter: str, record: PredictionRecord) -> str:
    you = f"you{', ' + SURE[record.sure] if record.sure else ''}"
    if letter != record.came:
        return you
    return f"{you}, and what happened" if letter == record.choice else "what happened"


_HUES = {"✓": ("green", "solid", "right"), "✗": ("red", "dashed", "wrong")}


def _choice(letter: str, words: str, mark: str, who: str) -> str:
    hue, line, kind = _HUES.get(mark, ("grey", "solid", "other"))
    edge = themed(f"border-left:3px {line} {{0}}", hue)
    return (
        f'<div class="{kind}" style="{_ROW}{edge}"><span>{mark}</span>'
        f'<span>{letter} · {marked(words)}</span><span class="caption">{escape(who)}</span></div>'
    )


def _panel(html: str) -> str:
    return f'{style_sheet("prediction")}<div class="gr"><div class="prediction">{html}</div></div>'
