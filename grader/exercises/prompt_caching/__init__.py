"""Lesson 07: prompt caching, or paying once for a long prefix."""

from grader.exams import Lesson, Objective
from grader.exercises.prompt_caching.add_cache import add_cache
from grader.exercises.prompt_caching.break_even_calls import break_even_calls
from grader.exercises.prompt_caching.build_request import build_request
from grader.exercises.prompt_caching.cache_status import cache_status
from grader.exercises.prompt_caching.cached_chat import cached_chat

LESSON = Lesson(
    name="07_prompt_caching",
    title="Prompt caching: pay once for a long prefix",
    minutes=70,
    objectives=(
        Objective("put a breakpoint after what stays the same", ("add_cache", "build_request")),
        Objective("tell from a usage what was written and what was read", ("cache_status",)),
        Objective("build prompts whose prefix never changes", ("build_request",)),
        Objective("choose a lifetime, and know from which call on it pays", ("break_even_calls",)),
        Objective("cache a conversation that grows, automatically or by hand", ("cached_chat",)),
    ),
    exercises=(cache_status, add_cache, build_request, break_even_calls, cached_chat),
)

__all__ = ["LESSON"]
