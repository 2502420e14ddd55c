"""The models of OpenAI's own API, as far as the Responses that run beside Messages need them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_DAY = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class OpenAIModel:
    """Hold what is known of one model.

    snapshot: the name that a reply gives. effort: that of a request without one; None where the
    model does not reason. phases: whether its messages tell their phase.
    """

    name: str
    snapshot: str
    effort: str | None
    phases: bool


def find_openai_model(name: str) -> OpenAIModel | None:
    """Return a model by its name, with or without the day of a snapshot; None for another name."""
    return _openai_models().get(name) or _dated(name)


def _dated(name: str) -> OpenAIModel | None:
    known = _openai_models().get(_DAY.sub("", name))
    return known and OpenAIModel(known.name, name, known.effort, known.phases)


@cache
def _openai_models() -> Mapping[str, OpenAIModel]:
    content = files("grader.catalog").joinpath("openai_models.toml").read_text(encoding="utf-8")
    return {
        name: OpenAIModel(
            name=name,
            snapshot=family.get("snapshot", {}).get(name, name),
            effort=family.get("effort"),
            phases=family["phases"],
        )
        for family in tomllib.loads(content)["families"]
        for name in family["names"]
    }
