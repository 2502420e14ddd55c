"""Prove a level of containment as it will be used: by a kernel that runs a cell."""

from __future__ import annotations

import json
import site
import sysconfig
from pkgutil import iter_modules
from typing import Any

from grader.errors import GradingError
from grader.grading.kernels.warm_parent import WarmParent
from grader.grading.sandbox import Level

_SECONDS = 60
# Neither is imported before the fork: one is Python's own, one is a package's.
_UNREAD = ("wave", "nbformat")
_CELL = f"""
import json, pkgutil, sys
unread = [name for name in {_UNREAD!r} if name not in sys.modules]
for name in unread:
    __import__(name)
print(json.dumps([unread, sorted({{each.name for each in pkgutil.iter_modules()}})]))
"""


def why_not(level: Level) -> str:
    """Return why a kernel of this level is not as good as a notebook's own, or "" if it is.

    The kernel imports what was not imported before, and sees the packages that this Python has.
    """
    try:
        with WarmParent(level) as parent, parent.kernel() as kernel:
            done = kernel.run(_CELL, seconds=_SECONDS)
    except GradingError as error:
        return str(error)
    printed: Any = "".join(each.get("text", "") for each in done.outputs)
    if done.ended != "ok":
        errors = [f"{each['ename']}: {each['evalue']}" for each in done.outputs if "ename" in each]
        return f"A cell that imports {' and '.join(_UNREAD)} ended with {' '.join(errors)}."
    unread, seen = json.loads(printed)
    if unread != list(_UNREAD):
        return f"Kernels hold {', '.join(_UNREAD)} already, so nothing is proved."
    missing = sorted(_packages() - set(seen))
    return f"Kernels do not see these packages: {', '.join(missing[:5])}." if missing else ""


def _packages() -> set[str]:
    places = [sysconfig.get_path("stdlib"), *site.getsitepackages()]
    # Editable installs, as this project's own, are found by a module that is no package of theirs.
    return {each.name for each in iter_modules(places) if not each.name.startswith("_")}
