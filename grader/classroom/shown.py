"""What a cell shows: HTML in a notebook, the same in plain text everywhere else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """Show a text in a notebook: plain where there is no HTML."""

    text: str
    html: str

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        return {"text/plain": sendable(self.text), "text/html": sendable(self.html)}

    def __str__(self) -> str:
        return self.text


def sendable(text: str) -> str:
    """Return a text that a notebook can be sent.

    Half a surrogate pair has no form in UTF-8, and would stop the message.
    """
    return text.encode("utf-8", "backslashreplace").decode()
