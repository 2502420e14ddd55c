"""A kernel of Jupyter's own kind, for nbclient and nbgrader: ipykernel, over sockets in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def serve_jupyter(connection: dict[str, Any], sockets: Path) -> None:
    """Run a kernel."""
    raise NotImplementedError(connection, sockets)
