"""Catalog: the list, and how a model is found in it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

import grader.catalog
from grader.catalog import (
    DEFAULT_MODEL,
    THINKING_MODEL,
    Catalog,
    ModelCard,
    active_models,
    find_model,
    find_retired,
    load_catalog,
)
from grader.errors import CatalogError, UnknownModel
from tests.catalog.small import SMALL


def row(as_of: date) -> ModelCard:
    """Make a card that was true on a day."""
    return replace(find_model(DEFAULT_MODEL), as_of=as_of)


def test_the_face_is_the_whole_public_surface() -> None:
    """Other folders import these names and no others."""
    assert grader.catalog.__all__ == [
        "BATCH_SHARE",
        "DEFAULT_MODEL",
        "LONG_OUTPUT",
        "THINKING_MODEL",
        "Catalog",
        "ModelCard",
        "ModelRules",
        "OpenAIModel",
        "Price",
        "PriceBand",
        "RetiredModel",
        "Tokens",
        "ToolKind",
        "ToolOverhead",
        "active_models",
        "asks_for",
        "bill",
        "break_even",
        "find_beta",
        "find_model",
        "find_openai_model",
        "find_retired",
        "find_tool_kind",
        "first_below",
        "load_catalog",
        "read_usage",
        "retirement",
        "search_price",
        "tool_kinds",
    ]


def test_models_keep_the_order_of_the_file() -> None:
    """The newest model comes first."""
    assert [card.id for card in SMALL.models] == [
        "claude-fable-5-2",
        "claude-haiku-5-5",
        "claude-sonnet-5-5",
        "claude-opus-5-5",
        "claude-opus-5",
        "claude-sonnet-4-6",
        "claude-haiku-4-5-20251001",
        "claude-sonnet-4-5-20250929",
    ]
    released = [card.released for card in load_catalog().models if card.released]
    assert released == sorted(released, reverse=True)


@pytest.mark.usefixtures("small_catalog")
def test_active_models_are_found_by_what_is_true_of_them() -> None:
    """A deprecated one is left out; without a claim all others are given."""
    deprecated = SMALL.models[-1].id
    assert active_models() == tuple(card.id for card in SMALL.models if card.id != deprecated)
    assert active_models(lambda card: card.rules.prefill) == ("claude-haiku-4-5-20251001",)


def test_the_packaged_catalog_is_read_once() -> None:
    """A second call gives the same object."""
    assert load_catalog() is load_catalog()


def test_every_name_finds_its_model() -> None:
    """Ids and aliases both lead to the one card."""
    found = {name: find_model(name) for card in load_catalog().models for name in card.names}
    assert found == {name: card for card in load_catalog().models for name in card.names}
    assert find_model("claude-haiku-4-5").id == "claude-haiku-4-5-20251001"


@pytest.mark.usefixtures("small_catalog")
def test_an_unknown_model_is_refused_with_the_nearest_names() -> None:
    """A misspelt name leads to the right one and to the list."""
    with pytest.raises(UnknownModel) as caught:
        find_model("claude-sonet-4-6")
    assert str(caught.value) == (
        "The catalog as of 2026-11-22 has no model 'claude-sonet-4-6'; expected an id or alias "
        "listed in grader/catalog/models.toml. The nearest names are claude-sonnet-4-6, "
        "claude-sonnet-4-5, claude-sonnet-5-5. Use a listed name, or add the model to that file."
    )


def test_an_unknown_model_may_resemble_nothing() -> None:
    """A name from elsewhere is refused without a guess."""
    with pytest.raises(UnknownModel, match=r"no model 'zzz'.* No name is near it\."):
        find_model("zzz")


@pytest.mark.usefixtures("small_catalog")
def test_a_retired_model_is_refused_with_what_replaces_it() -> None:
    """Its name is right to the letter, so no near one is offered."""
    with pytest.raises(UnknownModel) as caught:
        find_model("claude-3-opus-20240229")
    assert str(caught.value) == (
        "claude-3-opus-20240229 was retired on 2026-01-05; the newest model of its line is "
        "claude-opus-5-5. Use a name listed in grader/catalog/models.toml."
    )


def test_no_model_of_the_catalog_is_retired() -> None:
    """A row above and a row below would contradict each other."""
    names = [name for card in load_catalog().models for name in card.names]
    assert [name for name in names if find_retired(name)] == []


def test_a_retired_row_with_a_mistake_is_named(tmp_path: Path) -> None:
    """As any other row of the file is."""
    packaged = Path(grader.catalog.__path__[0], "models.toml")
    copy = tmp_path / "mine.toml"
    copy.write_text(packaged.read_text(encoding="utf-8") + "[[retired]]\nname = 3\n")
    with pytest.raises(CatalogError, match=r"retired 9: name is 3; expected a non-empty string"):
        load_catalog(copy)


def test_a_catalog_is_as_old_as_its_oldest_row() -> None:
    """One old row makes the catalog old."""
    assert Catalog(models=(row(date(2026, 11, 22)), row(date(2026, 3, 1)))).as_of == date(
        2026, 3, 1
    )


def test_the_default_model_begins_with_text() -> None:
    """The lessons' default does not think unless it is asked to."""
    assert find_model(DEFAULT_MODEL).rules.thinking_default == "off"


def test_the_thinking_model_begins_with_thinking() -> None:
    """The other model of the lessons thinks without being asked."""
    assert find_model(THINKING_MODEL).rules.thinking_default == "on"


def test_a_catalog_can_be_read_from_any_file(tmp_path: Path) -> None:
    """A copy elsewhere holds the same models and names itself in messages."""
    packaged = Path(grader.catalog.__path__[0], "models.toml")
    copy = tmp_path / "mine.toml"
    copy.write_bytes(packaged.read_bytes())
    catalog = load_catalog(copy)
    assert catalog == Catalog(models=load_catalog().models, source=str(copy))
    with pytest.raises(UnknownModel, match=r"listed in .*mine\.toml"):
        catalog.find("zzz")


def test_what_is_served_depends_on_the_day() -> None:
    """A model is there until midnight (UTC) of the day on which it retires."""
    (old,) = [card for card in SMALL.models if card.retires is not None]
    assert old.retires is not None
    midnight = datetime.combine(old.retires, time.min, UTC).timestamp()
    assert SMALL.served_at(midnight - 1) is SMALL
    assert SMALL.served_at(midnight).models == tuple(c for c in SMALL.models if c is not old)


def test_one_model_of_each_line_is_current() -> None:
    """The newest; the others are marked as legacy."""
    seen: set[str] = set()
    for card in load_catalog().models:
        line = card.id.split("-")[1]
        assert card.legacy == (line in seen), card.id
        seen.add(line)
