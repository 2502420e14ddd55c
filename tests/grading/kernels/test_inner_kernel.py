"""The shortcut by which the first traceback finds all modules leads to the same paths."""

import os
import sys
from pathlib import Path

from grader.grading.kernels.inner_kernel import _folders_resolved_once


def test_paths_are_resolved_as_ever(tmp_path: Path) -> None:
    """Those of modules, of links to files and folders, with dots, and of what isn't there."""
    real = tmp_path / "real"
    real.mkdir()
    (real / "a.py").touch()
    (tmp_path / "folder").symlink_to(real)
    (real / "link.py").symlink_to("a.py")
    (real / "loop").symlink_to("loop")
    modules = [
        path for each in list(sys.modules.values()) if (path := getattr(each, "__file__", None))
    ]
    paths = [
        *modules,
        *(str(tmp_path / "folder" / name) for name in ("a.py", "link.py", "none", "loop", "..")),
        f"{tmp_path}/folder/../real/./a.py",
        f"{tmp_path}/folder/",
        "a.py",
        "..",
        "",
        os.fsencode(tmp_path / "folder" / "a.py"),
        tmp_path / "folder" / "link.py",
    ]
    usual = [os.path.realpath(path) for path in paths]
    with _folders_resolved_once():
        assert [os.path.realpath(path) for path in paths] == usual
