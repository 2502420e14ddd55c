"""An error in a cell's outputs: nbgrader counts 0 for a check cell that holds one."""

from __future__ import annotations

from nbformat import NotebookNode, from_dict


def error_output(name: str, message: str) -> NotebookNode:
    """Return an output that reads like an exception of this name."""
    said = {"ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}
    made: NotebookNode = from_dict({"output_type": "error", **said})  # type: ignore[no-untyped-call]
    return made
