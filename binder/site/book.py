"""The book: the lessons as pages that can be read without running anything.

The course's own notebooks are run once, and what they print and draw is kept; of a widget, the
still picture that each of ours has. Sphinx with myst-nb makes pages of them: it builds offline from
packages of the index, while Jupyter Book 2 fetches its theme from another host.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from binder.site.folders import OUT, ROOT, SOURCE, TOOLS, run, tool

_NOTEBOOK = re.compile(r"""(\bhref=["'](?!\w+:)[^"'#?]+)\.ipynb((?:#[^"']*)?["'])""")
_SCROLLS = re.compile(r"""<(\w+)((?:\s[\w-]+="[^"]*")*?\sstyle="[^"]*overflow(?:-x)?:\s?auto)""")
_STILL = ("text/", "image/")
"""The kinds of output that a page can show; the others are for programs."""


def live_address(page: str) -> str:
    """Return where a page's notebook runs, from the root of the site; "" if it has none.

    page: its name in Sphinx, such as "00_start_here/00_start_here".
    """
    has_notebook = (ROOT / "course" / f"{page}.ipynb").is_file()
    return f"live/lab/index.html?path={page}.ipynb" if has_notebook else ""


def write_book() -> None:
    """Run the lessons, and write their pages into the site."""
    work = TOOLS / "book"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(SOURCE / "sphinx", work, ignore=shutil.ignore_patterns("__pycache__"))
    names = sorted(
        path.relative_to(ROOT / "course")
        for path in (ROOT / "course").rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    )
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda name: _run(name, work / name), names))
    (work / "index.md").write_text(_front_page(names), "utf-8")
    run(
        *(tool("python"), "-m", "sphinx", "--builder", "html", "--quiet", "--fail-on-warning"),
        *("--conf-dir", SOURCE / "sphinx", "--doctree-dir", TOOLS / "doctrees", work, OUT),
    )


def _run(name: Path, target: Path) -> None:
    """Run a notebook of the course where it lies, and write it with outputs that need no kernel."""
    import nbformat
    from nbclient import NotebookClient

    source = ROOT / "course" / name
    notebook = nbformat.read(source, as_version=4)
    environment = {**os.environ, "GRADER_PROGRESS": "off"}
    for key in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OPENAI_API_KEY"):
        environment.pop(key, None)
    client = NotebookClient(
        notebook,
        timeout=600,
        resources={"metadata": {"path": str(source.parent)}},
        # It would warn that it listens on this machine without encryption.
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute(env=environment)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(still(notebook), indent=1) + "\n", "utf-8")


def still(notebook: Any) -> Any:
    """Take from a notebook what needs a kernel, and return it."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            for kind in [each for each in shown if not each.startswith(_STILL)]:
                del shown[kind]
            if "text/html" in shown:
                # Links between lessons, such as those of `progress()`, lead from page to page.
                html = _NOTEBOOK.sub(r"\1.html\2", shown["text/html"])
                # Without a mouse, too; JupyterLab would take the attribute away.
                shown["text/html"] = _SCROLLS.sub(r'<\1 tabindex="0"\2', html)
        if "outputs" in cell:
            cell.outputs = [each for each in cell.outputs if each.get("data", True)]
    return notebook


def _front_page(names: list[Path]) -> str:
    """Return the front page: its words, with the table of the learning path and the pages."""
    learning_path = (ROOT / "course" / "README.md").read_text("utf-8")
    table = "\n".join(line for line in learning_path.splitlines() if line.startswith("|"))
    pages = [name.with_suffix("").as_posix() for name in names if name.parent != Path()]
    words = (SOURCE / "sphinx" / "index.md").read_text("utf-8")
    return words.replace("@LESSONS@", table).replace("@PAGES@", "\n".join(pages))
