"""The packaged catalog agrees with what the installed SDK knows of models."""

from calendar import month_name
from datetime import date
from typing import get_args

import pytest
from anthropic.resources.messages.messages import DEPRECATED_MODELS
from anthropic.types.model import Model

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL, load_catalog

KNOWN_TO_SDK = {name for part in get_args(Model) for name in get_args(part)}


def retirement(name: str) -> date:
    """Read the SDK's words for a day, such as "November 30th, 2026"."""
    month, day, year = DEPRECATED_MODELS[name].replace(",", "").split()
    return date(int(year), list(month_name).index(month), int(day[:-2]))


@pytest.mark.parametrize("name", [name for card in load_catalog().models for name in card.names])
def test_every_name_is_in_the_list_of_the_sdk(name: str) -> None:
    """An id or alias that the SDK does not list is misspelt, or gone."""
    assert name in KNOWN_TO_SDK


def test_a_name_that_is_no_model_is_not_in_the_list_of_the_sdk() -> None:
    """The SDK's list tells models from other names, so the test above can fail."""
    assert "claude-sonet-4-6" not in KNOWN_TO_SDK


@pytest.mark.parametrize("name", [DEFAULT_MODEL, THINKING_MODEL])
def test_the_models_of_the_lessons_are_not_deprecated(name: str) -> None:
    """Learners meet no DeprecationWarning."""
    assert name not in DEPRECATED_MODELS


def test_deprecated_rows_are_those_the_sdk_deprecates() -> None:
    """Rows and SDK name the same deprecated models and the same day of retirement."""
    cards = load_catalog().models
    known = [card for card in cards if card.retires_assumed is None]
    assert {
        name: card.retires
        for card in known
        if card.lifecycle == "deprecated"
        for name in card.names
    } == {
        name: retirement(name) for card in cards for name in card.names if name in DEPRECATED_MODELS
    }


def test_what_is_ahead_of_the_sdk_is_marked() -> None:
    """A retirement that only a third party tells: once the SDK has it, the row gets its day."""
    for card in load_catalog().models:
        if card.retires_assumed is not None:
            assert (card.lifecycle, card.retires) == ("deprecated", None)
            assert "third-party (E)" in card.source
