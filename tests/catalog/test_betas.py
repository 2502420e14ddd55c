"""Catalog: the betas, by their names."""

import re
import tomllib
from importlib.resources import files
from typing import get_args

import pytest
from anthropic.types import AnthropicBetaParam

from grader.catalog import asks_for, find_beta
from grader.errors import CatalogError

ROWS = tomllib.loads(files("grader.catalog").joinpath("betas.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ROWS["betas"])
def test_a_beta_is_a_dated_value_with_its_source(name: str) -> None:
    """By which alone a request asks for it."""
    row = ROWS["betas"][name]
    assert row.keys() == {"header", "source"}
    assert re.fullmatch(r"[a-z0-9-]+-20\d\d-\d\d-\d\d", row["header"])
    assert re.search(r"\([A-D]\)", row["source"])
    assert find_beta(name) == row["header"]
    assert asks_for([row["header"], "other"], "compaction", name)
    assert not asks_for([], name)
    assert not asks_for(["other"], name)


def test_an_unknown_name_is_an_error_that_names_the_known_ones() -> None:
    """Never a header that nothing asks for."""
    with pytest.raises(CatalogError, match=r"has no beta 'odd'; it has .*compaction"):
        find_beta("odd")


def test_most_betas_are_those_of_the_sdk() -> None:
    """A value that was misspelt would be none of them; a few are quoted from clients' requests."""
    known = {value for part in get_args(AnthropicBetaParam) for value in get_args(part)}
    assert len(known) > 10
    quoted = {row["header"] for row in ROWS["betas"].values() if "(D)" in row["source"]}
    unknown = {row["header"] for row in ROWS["betas"].values()} - known
    assert unknown == quoted - known
    assert len(unknown) <= 3
