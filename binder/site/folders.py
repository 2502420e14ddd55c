"""Where the site's sources, its tools and its parts lie."""

from __future__ import annotations

import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
ROOT = SOURCE.parents[1]
TOOLS = ROOT / ".venv" / "site"
"""What `.ci/setup site` installed, and what was downloaded and compiled last time."""
PYODIDE = TOOLS / "node_modules" / "pyodide"
OUT = ROOT / "out" / "site"
"""The finished site: the book, and below it what runs."""
LIVE = OUT / "live"
"""JupyterLab, which a page of the book opens."""


def tool(name: str) -> Path:
    """Return the path of a program among the tools."""
    return TOOLS / "python" / "bin" / name


def run(*command: object, cwd: Path = ROOT) -> None:
    """Run a program quietly; raises SystemExit with what it printed if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words[:3])} failed:\n{done.stdout}\n{done.stderr}")
