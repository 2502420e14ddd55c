"""The laws of the course: each finds its breaches in what a project holds.

A law is a function over a `Project` that yields a `Problem` for every breach. `LAWS` is the
order in which `grader check` proves them: what the rest depends on comes first.
"""

from grader.authoring.laws.claims import prose_is_true
from grader.authoring.laws.code import (
    code_cells_are_python,
    code_cells_are_short,
    imports_come_first,
)
from grader.authoring.laws.freshness import files_are_expected, files_are_fresh, sources_build
from grader.authoring.laws.models import default_model_is_current, models_are_known
from grader.authoring.laws.predictions import predictions_are_answered
from grader.authoring.laws.prose import prices_are_sourced, prose_has_no_emoji, words_are_plain
from grader.authoring.laws.readme import readme_lists_lessons
from grader.authoring.laws.scores import blanks_score_nothing, solutions_score_all
from grader.authoring.laws.secrecy import solutions_stay_secret
from grader.authoring.laws.structure import (
    exercises_are_groups,
    headings_agree,
    objectives_are_kept,
)
from grader.authoring.laws.stubs import checks_carry_points, docstrings_state_worth, stubs_match

LAWS = (
    sources_build,
    files_are_fresh,
    files_are_expected,
    solutions_stay_secret,
    stubs_match,
    docstrings_state_worth,
    checks_carry_points,
    exercises_are_groups,
    headings_agree,
    objectives_are_kept,
    models_are_known,
    default_model_is_current,
    code_cells_are_python,
    code_cells_are_short,
    imports_come_first,
    predictions_are_answered,
    words_are_plain,
    prose_has_no_emoji,
    prices_are_sourced,
    prose_is_true,
    readme_lists_lessons,
    blanks_score_nothing,
    solutions_score_all,
)

__all__ = [
    "LAWS",
    "blanks_score_nothing",
    "checks_carry_points",
    "code_cells_are_python",
    "code_cells_are_short",
    "default_model_is_current",
    "docstrings_state_worth",
    "exercises_are_groups",
    "files_are_expected",
    "files_are_fresh",
    "headings_agree",
    "imports_come_first",
    "models_are_known",
    "objectives_are_kept",
    "predictions_are_answered",
    "prices_are_sourced",
    "prose_has_no_emoji",
    "prose_is_true",
    "readme_lists_lessons",
    "solutions_score_all",
    "solutions_stay_secret",
    "sources_build",
    "stubs_match",
    "words_are_plain",
]
