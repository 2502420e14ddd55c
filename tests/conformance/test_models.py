"""The list of models: keys, types, names, dates and capabilities as recorded."""

from collections.abc import Callable
from typing import Any

from grader.catalog import load_catalog
from grader.errors import UnknownModel
from grader.simulator import Simulator
from tests.conformance.shapes import shape_of

Row = dict[str, Any]

NEWEST_KEYS = "capabilities"
"""What lists of the newest shape have in each model, since June 2026; older ones end before it."""

DIFFERENT = {
    ("claude-sonnet-4-5-20250929", "max_input_tokens"): (
        "recorded as 1,000,000; the catalog keeps the models page's 200,000, as its comment says"
    ),
}


def lists(pairs: list[Row]) -> list[Row]:
    """Return the recorded lists of models."""
    return [row for row in pairs if row["url_path"] == "/v1/models"]


def is_newest(row: Row) -> bool:
    """Say whether a list has the newest shape that is recorded."""
    return NEWEST_KEYS in row["response"]["data"][0]


def ask(path: str) -> Any:
    """Return what the simulator answers on the version of all recordings."""
    headers = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
    return Simulator(seed=1).handle("GET", path, headers, b"").body


def known(recorded: Row) -> str | None:
    """Return the id of a recorded model that the catalog holds, too."""
    try:
        return load_catalog().find(recorded["id"]).id
    except UnknownModel:
        return None


def test_lists_have_the_recorded_keys_and_types(
    pairs: list[Row], share: Callable[..., None]
) -> None:
    """Around the models, and in each one that the catalog holds."""
    for row in lists(pairs):
        recorded, ours = row["response"], ask("/v1/models")
        assert shape_of({**ours, "data": []}) == shape_of({**recorded, "data": []})
        for model in recorded["data"]:
            if known(model) is not None:
                described = ask(f"/v1/models/{model['id']}")
                if not is_newest(row):
                    described = {key: described[key] for key in model}
                assert shape_of(described) == shape_of(model)
        share("models", is_right=True, is_newest=is_newest(row))


def test_each_model_is_described_as_recorded(
    pairs: list[Row], tell: Callable[[str, object], None]
) -> None:
    """Every model that is in a list and in the catalog: names, dates, limits, capabilities."""
    for row in lists(pairs):
        different, compared = set(), 0
        for recorded in row["response"]["data"]:
            if known(recorded) is not None:
                compared += 1
                ours = ask(f"/v1/models/{recorded['id']}")
                different |= {(ours["id"], key) for key in recorded if ours[key] != recorded[key]}
        total = len(row["response"]["data"])
        tell(
            f"models described, {row['date']}",
            f"{compared} of {total}, the others are not in the catalog",
        )
        assert different == (set(DIFFERENT) if is_newest(row) else set())
        assert compared > 0
