"""The list of models, and how to find one in it."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from grader.catalog.card import ModelCard
from grader.catalog.retired import RetiredModel
from grader.catalog.rows import read_cards, read_retired
from grader.errors import CatalogError, UnknownModel

DEFAULT_MODEL = "claude-sonnet-4-6"
"""The model of the lessons: its replies begin with text unless thinking is asked for."""

THINKING_MODEL = "claude-sonnet-5-5"
"""A model whose replies begin with a thinking block."""

_PACKAGED = "grader/catalog/models.toml"


@dataclass(frozen=True)
class Catalog:
    """Hold the cards of all models, in the order of the file."""

    models: tuple[ModelCard, ...]
    source: str = _PACKAGED
    """The file the cards come from, for error messages."""

    @property
    def as_of(self) -> date:
        """Return the date of the oldest row: every row was checked then or later.

        Where every model has retired there is no row, and the date is the first of all.
        """
        return min((card.as_of for card in self.models), default=date.min)

    def find(self, name: str) -> ModelCard:
        """Find a model by its id or an alias.

        Raises UnknownModel, with the nearest names, if the catalog does not hold it.
        """
        card = self._by_name.get(name)
        if card is not None:
            return card
        retired = find_retired(name)
        if retired is not None:
            raise UnknownModel(f"{retirement(name)} Use a name listed in {self.source}.")
        near = get_close_matches(name, [known for card in self.models for known in card.names])
        nearest = f"The nearest names are {', '.join(near)}." if near else "No name is near it."
        raise UnknownModel(
            f"The catalog as of {self.as_of} has no model {name!r}; expected an id or alias "
            f"listed in {self.source}. {nearest} Use a listed name, or add the model to that file."
        )

    @cached_property
    def _by_name(self) -> Mapping[str, ModelCard]:
        return {name: card for card in self.models for name in card.names}

    def served_at(self, moment: float) -> "Catalog":
        """Return the catalog without the models that have stopped answering by a moment.

        moment: in seconds since the epoch.
        """
        today = datetime.fromtimestamp(moment, UTC).date()
        cards = tuple(card for card in self.models if not card.is_retired(today))
        return self if len(cards) == len(self.models) else Catalog(cards, self.source)

    def stale_models(self, today: date, *, max_days: int = 120) -> tuple[ModelCard, ...]:
        """List the models whose rows are more than `max_days` old and want checking again."""
        return tuple(card for card in self.models if (today - card.as_of).days > max_days)


def load_catalog(path: str | Path | None = None) -> Catalog:
    """Read a catalog file, by default the one in this package, which it reads only once.

    Raises CatalogError if the file cannot be read or isn't a catalog.
    """
    if path is None:
        return _packaged_catalog()
    source = str(path)
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise CatalogError(
            f"The catalog {source} cannot be read: {error.strerror}. Expected a TOML file. "
            "Correct the path, or call load_catalog() for the packaged list."
        ) from error
    return _parse(content, source=source)


def find_model(name: str) -> ModelCard:
    """Find a model of the packaged catalog by its id or an alias.

    Raises UnknownModel, with the nearest names, if the catalog does not hold it.
    """
    return load_catalog().find(name)


def active_models(where: Callable[[ModelCard], bool] = lambda _: True) -> tuple[str, ...]:
    """Return the ids of the active models that meet a condition, newest first.

    where: the condition, a function of one card; by default every card meets it.
    """
    models = load_catalog().models
    return tuple(card.id for card in models if card.lifecycle == "active" and where(card))


def find_retired(name: str) -> RetiredModel | None:
    """Return the model that a name meant before it was retired, None for any other name."""
    return next((each for each in _retired_models() if each.is_named(name)), None)


def retirement(name: str) -> str:
    """Return in one sentence when a model was retired and what replaces it, "" for another name."""
    retired = find_retired(name) or _find_retiring(name)
    if retired is None:
        return ""
    newest = next(
        card.id
        for card in load_catalog().models
        if card.lifecycle == "active" and retired.line in card.id.split("-")
    )
    return f"{name} was retired on {retired.on}; the newest model of its line is {newest}."


def _find_retiring(name: str) -> RetiredModel | None:
    """Return a model whose day of retirement is known; from that day on a request is told a 404."""
    for card in load_catalog().models:
        if name in card.names and card.retires is not None:
            return RetiredModel(card.id, card.retires, card.as_of, card.source)
    return None


@cache
def _packaged_catalog() -> Catalog:
    return Catalog(read_cards(_packaged_document(), source=_PACKAGED), source=_PACKAGED)


@cache
def _retired_models() -> tuple[RetiredModel, ...]:
    return read_retired(_packaged_document(), source=_PACKAGED)


@cache
def _packaged_document() -> dict[str, Any]:
    content = files("grader.catalog").joinpath("models.toml").read_bytes()
    return _read(content, source=_PACKAGED)


def _parse(content: bytes, *, source: str) -> Catalog:
    document = _read(content, source=source)
    read_retired(document, source=source)
    return Catalog(models=read_cards(document, source=source), source=source)


def _read(content: bytes, *, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode(), parse_float=Decimal)
    # Bytes that are not UTF-8 and text that is not TOML are both a ValueError.
    except ValueError as error:
        raise CatalogError(
            f"{source} is not a TOML file: {error}. Expected UTF-8 text in TOML 1.0. "
            "Correct the place that the message names."
        ) from error
