"""JupyterLab in the browser, with the lessons as they stand in course/."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from binder.site.folders import LIVE, PYODIDE, ROOT, SOURCE, TOOLS, run, tool
from binder.site.wheels import write_packages

_PYODIDE = ("pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip")
_KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"


def write_lite() -> None:
    """Write JupyterLab, the kernel's packages and the lessons into the site."""
    work = TOOLS / "lite"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(
        ROOT / "course", work / "files", ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    python = work / "static" / "pyodide"
    python.mkdir(parents=True)
    for name in _PYODIDE:
        shutil.copy(PYODIDE / name, python)
    packages = write_packages(python)
    (work / "jupyter-lite.json").write_text(json.dumps(_configured(packages), indent=1), "utf-8")
    for name in ("jupyter_lite_config.json", "overrides.json"):
        shutil.copy(SOURCE / name, work)
    run(tool("jupyter"), "lite", "build", "--output-dir", LIVE, cwd=work)
    _add_pages(LIVE)


def _configured(packages: list[str]) -> dict[str, object]:
    """Return JupyterLite's configuration, with the packages that a kernel loads when it starts."""
    read = json.loads((SOURCE / "jupyter-lite.json").read_text("utf-8"))
    settings = read["jupyter-config-data"]["litePluginSettings"][_KERNEL]
    settings["loadPyodideOptions"]["packages"] = packages
    return dict(read)


def _add_pages(site: Path) -> None:
    """Add the page where work is handed in; let each application say what keeps it from running."""
    for page in sorted((SOURCE / "pages").iterdir()):
        shutil.copy(page, site)
    for page in (site / "lab" / "index.html", site / "notebooks" / "index.html"):
        text = page.read_text("utf-8")
        if text.count("<head>") != 1:
            raise SystemExit(f"{page} has no single <head> to put the script of the site into.")
        page.write_text(
            text.replace("<head>", '<head><script src="../watch.js"></script>'), "utf-8"
        )
