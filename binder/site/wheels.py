"""The wheels that a kernel in the browser loads, and the list that Pyodide finds them by.

kernel.txt names each wheel with its hash. What no kernel reads is left out of them (`UNREAD`), and
their modules are compiled. A file's name holds a digest of what is in it, so that a browser never
takes an old one for a new one.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from binder.site.folders import PYODIDE, ROOT, SOURCE, TOOLS, run, tool
from grader.certificates.version import NOTED, course_version

TARGET = (
    *("--python-version", "3.14", "--implementation", "cp", "--abi", "cp314", "--abi", "none"),
    *("--platform", "pyemscripten_2026_0_wasm32", "--platform", "any"),
)
"""What Pyodide 314 takes, in pip's words (PEP 783)."""
UNREAD = (
    # Completion by jedi for Django, which isn't there.
    r"jedi/third_party/django-stubs/",
    # Stubs of libraries that aren't there either; those of the standard library stay.
    r"jedi/third_party/typeshed/(third_party|stubs)/",
    # What installs widgets into a JupyterLab; the site's has them built in.
    r"[^/]+\.data/",
    r"(.*/)?tests?/",
    r"(?!jedi/).*\.(pyi|c|h|pxd|js\.map)$",
    # The course's own: who hands out the site doesn't grade with it.
    r"grader/(grading|authoring|cli)/",
)
"""Patterns of paths in a wheel that no kernel in a browser reads."""
_STUBS = ("widgetsnbextension", "jupyterlab-widgets")
"""Packages that a kernel only asks for by name: the site's JupyterLab has what is in them."""
_TWINS = {"rpds-py": SOURCE / "rpds"}
"""Packages without a wheel for browsers, and the folder that stands for each."""


def lock() -> None:
    """Write kernel.txt anew: the newest wheels that fit kernel.in and requirements.txt."""
    pins = (ROOT / "requirements.txt").read_text("utf-8").replace("-e .\n", "")
    left_out = [word for name in (*_STUBS, *_TWINS) for word in ("--no-emit-package", name)]
    with TemporaryDirectory() as folder:
        constraint = Path(folder) / "pins.txt"
        constraint.write_text(pins, encoding="utf-8")
        run(
            *(tool("uv"), "pip", "compile", "--quiet", "--no-header", "--no-annotate"),
            *("--generate-hashes", "--python-version", "3.14"),
            *("--python-platform", "wasm32-pyodide2025", *left_out),
            *("--constraint", constraint, "--output-file", SOURCE / "kernel.txt"),
            SOURCE / "kernel.in",
        )


def write_packages(target: Path) -> list[str]:
    """Write wheels and `pyodide-lock.json` into a folder, and return the packages' names.

    Raises SystemExit if a wheel can't be fetched or doesn't have its hash.
    """
    fetched, trees = TOOLS / "fetched", TOOLS / "trees"
    shutil.rmtree(trees, ignore_errors=True)
    _fetch(fetched)
    for wheel in sorted(fetched.glob("*.whl")):
        _unpack(wheel, trees / wheel.stem)
    _unpack_course(trees)
    for name, folder in _TWINS.items():
        _lay_out_twin(name, folder, trees)
    for wheel in sorted(_kernel_wheels()):
        _unpack(wheel, trees / wheel.stem)
    run("node", SOURCE / "compile.mjs", PYODIDE, trees)
    packages = [_pack(tree, target) for tree in sorted(trees.iterdir())]
    info = json.loads((PYODIDE / "pyodide-lock.json").read_text("utf-8"))["info"]
    listed = {package["name"]: package for package in packages}
    text = json.dumps({"info": info, "packages": listed}, indent=1, sort_keys=True)
    (target / "pyodide-lock.json").write_text(text + "\n", "utf-8")
    return sorted(listed)


def _fetch(folder: Path) -> None:
    """Bring the wheels of kernel.txt into a folder, and nothing else."""
    stamp, wanted = folder / "kernel.txt", (SOURCE / "kernel.txt").read_text("utf-8")
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    run(
        *(tool("python"), "-m", "pip", "--disable-pip-version-check", "download", "--quiet"),
        *("--dest", folder, "--no-deps", "--only-binary=:all:", *TARGET),
        *("--require-hashes", "-r", SOURCE / "kernel.txt"),
    )
    stamp.write_text(wanted, "utf-8")


def _unpack_course(trees: Path) -> None:
    """Build the course's own wheel; beside it lie the sources that `solution` shows."""
    built = TOOLS / "built"
    shutil.rmtree(built, ignore_errors=True)
    run(
        *(tool("python"), "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"),
        *("--no-deps", "--no-build-isolation", "--wheel-dir", built, ROOT),
    )
    (wheel,) = built.glob("*.whl")
    tree = trees / wheel.stem
    _unpack(wheel, tree)
    # There are only compiled modules in a browser, which tell no version.
    (tree / "grader" / NOTED).write_text(f"{course_version()}\n", "utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", tree)
    for source in sorted((ROOT / "solutions").glob("*/*.nb.py")):
        copy = tree / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)


def _kernel_wheels() -> list[Path]:
    """Return the wheels that the Pyodide kernel brings along: itself, and its stand-ins."""
    where = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
    found = (TOOLS / "python" / where).glob("*.whl")
    return [wheel for wheel in found if not wheel.name.startswith("widgetsnbextension-3")]


def _lay_out_twin(name: str, folder: Path, trees: Path) -> None:
    """Make what stands for a package look like its wheel; the version 0 says that it isn't one."""
    module = folder.name
    tree = trees / f"{name.replace('-', '_')}-0-py3-none-any"
    shutil.copytree(folder, tree / module, ignore=shutil.ignore_patterns("__pycache__"))
    info = tree / f"{name.replace('-', '_')}-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n", "utf-8")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nTag: py3-none-any\n", "utf-8")


def _unpack(wheel: Path, tree: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not any(re.match(pattern, name) for pattern in UNREAD):
                archive.extract(name, tree)


def _pack(tree: Path, target: Path) -> dict[str, Any]:
    """Write a tree as a wheel, the same bytes for the same files, and return its entry."""
    (info,) = tree.glob("*.dist-info")
    metadata = HeaderParser().parsestr((info / "METADATA").read_text("utf-8"))
    digest = hashlib.sha256()
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    for path in files:
        digest.update(f"{path.relative_to(tree)}\0".encode() + path.read_bytes())
    distribution, version, *tags = tree.name.split("-")
    # A build number of a wheel begins with a digit.
    file = target / "-".join([distribution, version, f"0{digest.hexdigest()[:12]}", *tags[-3:]])
    file = file.with_name(f"{file.name}.whl")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(tree).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    tops = {path.relative_to(tree).parts[0] for path in files} - {info.name}
    return {
        "name": _canonical(metadata["Name"]),
        "version": metadata["Version"],
        "file_name": file.name,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": sorted(top.removesuffix(".py") for top in tops if "-" not in top),
        # All of them are loaded when the kernel starts.
        "depends": [],
        "unvendored_tests": False,
    }


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
