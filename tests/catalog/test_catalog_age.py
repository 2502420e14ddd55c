"""Catalog: rows that have not been compared with their sources for long."""

import warnings
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from grader.catalog import Catalog, load_catalog
from tests.catalog.small import SMALL

FRESH = replace(SMALL.find("claude-sonnet-4-6"), as_of=date(2026, 11, 22))
OLD = replace(SMALL.find("claude-opus-5"), as_of=date(2026, 7, 25))
CATALOG = Catalog(models=(FRESH, OLD))


class CatalogAgeWarning(UserWarning):
    """Say that rows of the catalog want comparing with their sources again."""


def warn_of_stale_models(catalog: Catalog, today: date) -> None:
    """Warn, naming the rows, where any is older than 120 days."""
    stale = [card.id for card in catalog.stale_models(today)]
    if stale:
        warnings.warn(
            f"Rows of {catalog.source} are more than 120 days old on {today}: "
            f"{', '.join(stale)}. Compare them with their sources and move their as_of.",
            CatalogAgeWarning,
            stacklevel=2,
        )


def test_a_row_is_stale_after_120_days() -> None:
    """The 120th day is not too late; the next one is."""
    assert CATALOG.stale_models(date(2026, 11, 22)) == ()
    assert CATALOG.stale_models(date(2026, 11, 23)) == (OLD,)


def test_the_days_a_row_stays_fresh_are_a_choice() -> None:
    """Fewer days make more rows stale."""
    assert CATALOG.stale_models(date(2026, 11, 23), max_days=0) == (FRESH, OLD)
    assert CATALOG.stale_models(date(2026, 11, 23), max_days=121) == ()


def test_stale_rows_are_named_in_a_warning() -> None:
    """The warning names the stale rows, and what to do about them."""
    with pytest.warns(CatalogAgeWarning) as caught:
        warn_of_stale_models(CATALOG, date(2026, 11, 23))
    [warning] = caught
    assert str(warning.message) == (
        "Rows of grader/catalog/models.toml are more than 120 days old on 2026-11-23: "
        "claude-opus-5. Compare them with their sources and move their as_of."
    )


# Shown, not raised: time passing must not break the build. What breaks it is a row from the future.
@pytest.mark.filterwarnings(f"default::{__name__}.CatalogAgeWarning")
def test_the_packaged_catalog_is_not_from_the_future() -> None:
    """Every row was compared on a day that has been; a row too long ago is shown as a warning."""
    today = datetime.now(tz=UTC).date()
    warn_of_stale_models(load_catalog(), today)
    assert max(card.as_of for card in load_catalog().models) <= today
