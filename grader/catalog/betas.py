"""The beta features that a request asks for by the header `anthropic-beta`."""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from grader.errors import CatalogError


def find_beta(name: str) -> str:
    """Return the value of `anthropic-beta` that asks for a feature.

    name: that of its row in `betas.toml`, such as "compaction". Raises CatalogError without a row.
    """
    header = _headers().get(name)
    if header is None:
        raise CatalogError(
            f"grader/catalog/betas.toml has no beta {name!r}; it has "
            f"{', '.join(sorted(_headers()))}. Use one of them, or add a row."
        )
    return header


def asks_for(betas: Collection[str], *names: str) -> bool:
    """Return whether a request asks for one of some features; betas: the values of its header."""
    return bool(betas) and any(find_beta(name) in betas for name in names)


@cache
def _headers() -> Mapping[str, str]:
    content = files("grader.catalog").joinpath("betas.toml").read_text(encoding="utf-8")
    return {name: str(row["header"]) for name, row in tomllib.loads(content)["betas"].items()}
