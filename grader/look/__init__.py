"""The look of all that the course draws: colours, patterns, type and space, written down once.

What is drawn has two layers. The first is HTML with literal styles of its own: it survives a
notebook that JupyterLab doesn't trust, which loses classes' rules and variables. The second is one
style sheet, which brings the themes, the widths and the little motion there is. Meaning is never in
a colour alone: a pattern or a sign says it too, and a word.
"""

from grader.look.bars import PATTERNS, Segment, bar, swatch
from grader.look.controls import (
    area,
    button,
    choices,
    field,
    file_button,
    fold,
    row,
    slider,
    sortable,
)
from grader.look.figure import FIGURE, LINE, QUIET, SUMMARY
from grader.look.literal import literal
from grader.look.margin import indented
from grader.look.sheet import style_sheet
from grader.look.tokens import HUES, PAGE, PLAIN, Hue, page_variables, themed, tinted, variables

__all__ = [
    "FIGURE",
    "HUES",
    "LINE",
    "PAGE",
    "PATTERNS",
    "PLAIN",
    "QUIET",
    "SUMMARY",
    "Hue",
    "Segment",
    "area",
    "bar",
    "button",
    "choices",
    "field",
    "file_button",
    "fold",
    "indented",
    "literal",
    "page_variables",
    "row",
    "slider",
    "sortable",
    "style_sheet",
    "swatch",
    "themed",
    "tinted",
    "variables",
]
