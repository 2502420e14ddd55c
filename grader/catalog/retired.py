"""Models that the API used to serve and no longer does."""

import re
from dataclasses import dataclass
from datetime import date

# What may follow the name in an id: the day of a snapshot, or a word for the newest.
_ENDING = re.compile(r"(?:-\d{8}|-latest|-0|@\d{8})?")


@dataclass(frozen=True)
class RetiredModel:
    """Hold one model that the API no longer serves.

    name: the start of its ids. on: the day on which it was retired.
    """

    name: str
    on: date
    as_of: date
    source: str

    def is_named(self, name: str) -> bool:
        """Return whether a request with this name means the model."""
        return name.startswith(self.name) and bool(_ENDING.fullmatch(name[len(self.name) :]))

    @property
    def line(self) -> str:
        """Return the model's line: opus, sonnet or haiku."""
        return next(part for part in self.name.split("-")[1:] if part.isalpha())
