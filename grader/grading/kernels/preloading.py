"""What the fork server imports before the first kernel, so that no kernel has to.

That is what the lessons' cells import, and what the learner's side of an exam needs. All that they
may import below `grader` is imported here: a sealed kernel need not find its files.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from pkgutil import walk_packages
from types import ModuleType

from grader.grading.kernels.rehearsal import rehearse

_MODULES = (
    "asyncio",
    "concurrent.futures.thread",
    "copy",
    "dataclasses",
    "decimal",
    "json",
    "random",
    "re",
    "time",
    "typing",
    "zoneinfo",
    "IPython.core.completer",
    "anthropic",
    "anthropic.lib.streaming",
    "anthropic.types.beta",
    "anywidget",
    "httpx2",
    "ipywidgets",
    "openai",
    "openai.resources.chat.completions",
    "openai.resources.responses",
    "openai.types.chat",
    "pydantic.validate_call_decorator",
    "grader.exams",
)
_WHOLE = ("grader.catalog", "grader.exams", "grader.simulator", "grader.classroom")
_SELDOM = "grader.simulator.replies.json_schema"
"""Its cache holds a large library, which no lesson needs."""
_SERVER = "grader.simulator.server"
# Loaded by name: grading must not import what runs in the learner's process.
_FACE_OF_A_NOTEBOOK = "grader.classroom"


def preload() -> None:
    """Import what kernels need."""
    for name in _MODULES:
        import_module(name)
    modules = [import_module(name) for package in _WHOLE for name in _all_of(package)]
    for module in modules:
        if module.__name__ != _SELDOM:
            _fill_caches(module)
    face = import_module(_FACE_OF_A_NOTEBOOK)
    for name in face.__all__:
        getattr(face, name)
    rehearse()


def _fill_caches(module: ModuleType) -> None:
    """Call what takes no argument and remembers what it returns: mostly, what a file says."""
    for each in list(vars(module).values()):
        is_own = getattr(each, "__module__", "") == module.__name__
        if is_own and hasattr(each, "cache_info") and not signature(each).parameters:
            each()


def _all_of(name: str) -> Iterator[str]:
    """Yield the name of every module of a package except the one that serves it over a socket."""
    package = import_module(name)
    for found in walk_packages(package.__path__, f"{name}."):
        if found.name != _SERVER:
            yield found.name
