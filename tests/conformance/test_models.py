"""The list of models: keys and capabilities as recorded."""

from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.errors import UnknownModel
from grader.simulator.model_list import describe_model, list_models

Row = dict[str, Any]

SINCE = {
    "lifecycle": "anthropic 2.12 requires it; no list was recorded since",
    "retires_at": "anthropic 2.12 has it; no list was recorded since",
}
DIFFERENT = {
    ("claude-sonnet-4-5-20250929", "max_input_tokens"): (
        "recorded as 1,000,000; the catalog keeps the models page's 200,000, as its comment says"
    ),
}


@pytest.fixture
def listed(pairs: list[Row]) -> Any:
    """Return the newest recorded list."""
    lists = [row for row in pairs if row["url_path"] == "/v1/models"]
    return max(lists, key=lambda row: row["date"])["response"]


def test_the_list_has_the_recorded_keys(listed: Any) -> None:
    """Around the models, and in each one."""
    ours = list_models(load_catalog())
    assert list(ours) == list(listed)
    assert list(ours["data"][0]) == [*listed["data"][0], *SINCE]


def test_each_model_is_described_as_recorded(listed: Any, tell) -> None:
    """Every model that is in both lists: names, dates, limits and capabilities."""
    compared, different = 0, set()
    for recorded in listed["data"]:
        try:
            ours = describe_model(load_catalog().find(recorded["id"]))
        except UnknownModel:
            continue
        compared += 1
        different |= {(recorded["id"], key) for key in recorded if ours[key] != recorded[key]}
    tell("models described", f"{compared} of {len(listed['data'])}")
    assert compared > 5
    assert different == set(DIFFERENT)
