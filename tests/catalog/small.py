"""A small catalog whose numbers never change, for tests that reckon with them."""

from pathlib import Path

from grader.catalog import Catalog, load_catalog

SMALL = Catalog(load_catalog(Path(__file__).with_name("models.toml")).models)
"""Eight models: with bands, thinking, deprecated, and of each tokenizer that lessons meet."""
