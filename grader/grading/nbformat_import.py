"""Import nbformat quickly.

It imports jsonschema, which compiles a grammar of international addresses at import: three
seconds, more than all else that grading imports. No notebook has such an address.
"""

from __future__ import annotations

import sys

_GRAMMAR = "rfc3987_syntax"


def import_nbformat() -> None:
    """Import nbformat, and with it jsonschema, without its check of international addresses."""
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules:
        return
    # None makes an import of this name fail, which jsonschema foresees: the package is optional.
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
    try:
        import nbformat  # noqa: F401
    finally:
        del sys.modules[_GRAMMAR]
