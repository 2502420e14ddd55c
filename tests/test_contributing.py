"""CONTRIBUTING.md names only what is there."""

import re
from pathlib import Path

from grader.authoring import find_root

ROOT = find_root(Path(__file__))
NAMED = re.compile(r"`([\w./]+(?:\.(?:py|toml|md)|/))`")
ROOMS = ("grader", "solutions", "tests")
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def missing(text: str) -> list[str]:
    """Return the files and folders that a text names and that are nowhere."""
    return [
        name
        for name in NAMED.findall(text)
        if not (ROOT / name).exists()
        and not any(next(ROOT.glob(f"{room}/**/{name}"), None) for room in ROOMS)
    ]


def test_every_file_and_folder_is_there() -> None:
    """A newcomer who follows a recipe finds what it speaks of."""
    assert missing(TEXT) == []
    assert len(NAMED.findall(TEXT)) > 30


def test_a_file_that_is_gone_is_told() -> None:
    """The law can break."""
    assert missing("See `grader/simulator/tokens/exact.py` and `validation/`.") == [
        "grader/simulator/tokens/exact.py"
    ]
