"""What is wrong with a course, where, and how to fix it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """Say which law is broken, where and how, and how to fix it.

    `path` counts from the root of the course and ends in `:line` if a line is known.
    `what` and `fix` are whole sentences.
    """

    law: str
    path: str
    what: str
    fix: str

    def __str__(self) -> str:
        """Return the problem as one line for a terminal."""
        return f"{self.path}: {self.what} {self.fix} [{self.law}]"
