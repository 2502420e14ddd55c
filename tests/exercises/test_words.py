"""Each word of an exercise is used, and what several exercises say stands once."""

import re
from collections import Counter
from pathlib import Path

import grader.exercises
from grader.exams.words import common_mistakes, read_words
from grader.exercises import COURSE

ROOM = Path(grader.exercises.__file__).parent
SHARED = {each.id for each in read_words(ROOM / "shared.md", {}).mistakes}
ASIDE = re.compile(r"- (Where|Crash|Hints): |[1-3]\. ")
EXERCISES = [exercise for lesson in COURSE for exercise in lesson.exercises]


def test_each_file_belongs_to_a_check() -> None:
    """Words without a check would be mended in vain."""
    checks = {each.check.__module__.rpartition(".")[2] for each in EXERCISES}
    beside = {file.stem for file in ROOM.glob("*/*.md")} - {"predictions"}
    assert beside == checks


def test_shared_words_are_those_of_several_exercises() -> None:
    """What one exercise says stands in its own file."""
    uses = Counter(mistake.id for each in EXERCISES for mistake in each.mistakes)
    assert {id for id in SHARED if uses[id] < 2} == set()


def test_no_mistake_of_an_exercise_has_the_name_of_one_that_all_share() -> None:
    """Hints and the report find a mistake by its name."""
    own = {mistake.id for each in EXERCISES for mistake in each.mistakes}
    assert own & common_mistakes().keys() == set()


def test_no_mistake_is_worded_twice() -> None:
    """One copy would be mended, and the other forgotten."""
    written = Counter(
        tuple(line for line in section.splitlines()[1:] if line and not ASIDE.match(line))
        for file in ROOM.rglob("*.md")
        for section in file.read_text(encoding="utf-8").split("\n## ")[1:]
    )
    assert {words for words, count in written.items() if count > 1 and len(words) > 1} == set()


def test_a_mistake_has_one_title_wherever_it_is_made() -> None:
    """The same slip gets the same sentence in every lesson, and another slip another name."""
    titles = {(mistake.id, mistake.title) for each in EXERCISES for mistake in each.mistakes}
    assert [id for id, count in Counter(id for id, _ in titles).items() if count > 1] == []
