"""Certificates to try, drawn from everything that one may hold."""

from hypothesis import strategies as st

from grader.certificates import (
    Certificate,
    LearnerCell,
    LessonWork,
    Passed,
    clean_name,
    course_version,
)
from grader.exercises import COURSE

# All characters, half surrogate pairs and control characters too: a notebook may hold each.
TEXTS = st.text(st.characters(codec=None, categories=None), max_size=30)
_SOURCES = st.one_of(
    TEXTS,
    st.sampled_from(
        [
            "</script><script>",
            '<code id="digest">' + "0" * 64 + "</code>",
            "0" * 64,
            "\x7f\x00\u202e",
            "# a\r\n# b\r",
            "x = '\\u003c'",
        ]
    ),
)
_DAYS = st.dates().map(lambda each: each.isoformat())
_CELLS = st.builds(LearnerCell, TEXTS, TEXTS, _SOURCES, st.booleans())
_SEEDS = st.integers(0, 2**128 - 1).map(lambda each: f"{each:x}")


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    """Draw a certificate of this version of the course."""
    chosen = draw(st.lists(st.sampled_from(COURSE), max_size=3, unique_by=lambda each: each.name))
    lessons = []
    for lesson in chosen:
        exercises = draw(
            st.lists(
                st.sampled_from(lesson.exercises),
                min_size=1,
                max_size=3,
                unique_by=lambda each: each.name,
            )
        )
        passed = tuple(
            Passed(each.name, each.points, draw(st.just("") | _DAYS), draw(st.just("") | _SEEDS))
            for each in exercises
        )
        marks = st.sampled_from([each.name for each in exercises])
        own = st.builds(LearnerCell, TEXTS, marks, _SOURCES, st.booleans())
        lessons.append(
            LessonWork(lesson.name, passed, tuple(draw(st.lists(_CELLS | own, max_size=4))))
        )
    name = draw(st.text(max_size=8).map(clean_name))
    return Certificate(draw(_DAYS), course_version(), tuple(lessons), name)


ADA = Certificate(
    "2026-11-30",
    course_version(),
    (
        LessonWork(
            "00_start_here",
            (Passed("first_call", 4, "2026-11-29", "abc123"),),
            (
                LearnerCell("one", "", "import anthropic"),
                LearnerCell("first_call", "first_call", "def first_call(): ..."),
            ),
        ),
    ),
    "Ada Lovelace",
)
"""A small one to read."""
