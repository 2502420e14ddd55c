"""Lesson 09: a whole program, ported from either of OpenAI's APIs."""

from grader.exams import Lesson, Objective
from grader.exercises.port.support_bot import SupportBot

LESSON = Lesson(
    name="09_port",
    title="The port: a whole program, from either OpenAI API",
    minutes=75,
    objectives=(
        Objective("port a program step by step, and run it after each step", ("SupportBot",)),
        Objective("keep a conversation within a budget on any model", ("SupportBot",)),
        Objective("say what caching has saved", ("SupportBot",)),
    ),
    exercises=(SupportBot,),
)

__all__ = ["LESSON"]
