"""Read the scripted answers of Anthropic's own tools."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def read_script() -> dict[str, Any]:
    """Return what `served.toml` says."""
    beside = resources.files("grader.simulator.served").joinpath("served.toml")
    return tomllib.loads(beside.read_text(encoding="utf-8"))
