"""The small course, as an author keeps it and as it is built."""

from pathlib import Path

import pytest

from tests.authoring.tiny_course import README, SOURCE, SOURCE_PATH, TinyCourse


@pytest.fixture
def sources(tmp_path: Path) -> TinyCourse:
    """Give the course as an author keeps it, never built."""
    course = TinyCourse(tmp_path)
    course.write(SOURCE_PATH, SOURCE)
    course.write("README.md", README)
    course.write("course/README.md", "# The learning path\n")
    course.write("nbgrader_config.py", "")
    return course


@pytest.fixture
def course(sources: TinyCourse) -> TinyCourse:
    """Give the course, built."""
    sources.build()
    return sources
