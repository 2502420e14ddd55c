"""Every model a lesson names is one the catalog knows."""

import re
from collections.abc import Collection, Iterator

from anthropic.resources.messages.messages import DEPRECATED_MODELS

from grader.authoring.problems import Problem
from grader.authoring.project import Project
from grader.catalog import DEFAULT_MODEL, find_model
from grader.errors import UnknownModel

_MODEL = re.compile(r"\bclaude-[a-z0-9]+(?:-[a-z0-9]+)*")
_CATALOG = "grader/catalog/models.toml"


def models_are_known(project: Project) -> Iterator[Problem]:
    """Find texts like a model id in a lesson that the catalog does not hold."""
    for plan in project.plan.lessons:
        for cell in plan.source.cells:
            for offset, line in enumerate(cell.source.split("\n")):
                for name in dict.fromkeys(_MODEL.findall(line)):
                    if not _is_known(name):
                        yield Problem(
                            "models",
                            plan.source.at(cell.line + offset),
                            f"The catalog holds no model {name!r}.",
                            f"Correct the id, or add the model to {_CATALOG} with its source.",
                        )


def default_model_is_current(
    _project: Project,
    *,
    model: str = DEFAULT_MODEL,
    deprecated: Collection[str] = DEPRECATED_MODELS.keys(),
) -> Iterator[Problem]:
    """Find out whether the SDK calls the course's default model deprecated."""
    if model in deprecated:
        yield Problem(
            "default-model",
            _CATALOG,
            f"The anthropic package calls the default model {model!r} deprecated.",
            "Choose a current one as DEFAULT_MODEL in grader/catalog/catalog.py.",
        )


def _is_known(name: str) -> bool:
    try:
        find_model(name)
    except UnknownModel:
        return False
    return True
