from dataclasses import replace

from grader.authoring import Problem, check, laws
from grader.exams import Objective
from tests.authoring.tiny_course import SHOUT, SOURCE_PATH, TinyCourse, at, judge, make_exercise


def test_a_sound_course_breaks_no_law(course: TinyCourse):
    """The course that these tests break is sound before they do."""
    assert course.check() == []


def test_every_law_is_proved():
    """A law that is written but left out of the list would guard nothing."""
    written = {name for name in laws.__all__ if name != "LAWS"}

    assert {law.__name__ for law in laws.LAWS} == written


def test_problems_of_several_lessons_come_in_the_order_of_the_laws(sources: TinyCourse):
    """A lesson that cannot be built does not hide what is wrong with another."""
    hum = replace(
        SHOUT,
        name="01_hum",
        exercises=(make_exercise("hum"),),
        objectives=(Objective("Make a text loud.", ("hum",)),),
    )
    source = sources.read(SOURCE_PATH).replace("shout", "hum")
    sources.write("solutions/01_hum/01_hum.nb.py", source.replace("Try it", "Just try it"))
    sources.edit("### END SOLUTION", "### END")

    problems = check(sources.root, (SHOUT, hum), examine=judge)

    assert [(each.law, each.path) for each in problems] == [
        ("markers", at(20)),
        ("fresh", "course/01_hum/01_hum.ipynb"),
        ("fresh", "solutions/01_hum/01_hum.ipynb"),
        ("words", "solutions/01_hum/01_hum.nb.py:27"),
        ("readme", "README.md"),
    ]


def test_a_problem_is_one_line():
    """The command prints a problem a line, with the law last."""
    problem = Problem("words", "solutions/x.nb.py:3", "The prose says 'just'.", "Leave it out.")

    assert str(problem) == "solutions/x.nb.py:3: The prose says 'just'. Leave it out. [words]"
