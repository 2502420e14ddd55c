"""What replies have had since when, so that older recordings can be compared too.

A recorded reply may lack what came after it, and have what a beta adds; nothing else may differ.
"""

import re
from dataclasses import dataclass

from tests.conformance.shapes import Shape


@dataclass(frozen=True)
class Change:
    """Name what replies have had since a day, by how the paths of it end."""

    since: str
    what: str
    ending: str

    def covers(self, path: str, date: str | None) -> bool:
        """Say whether a reply of that day, or of an unknown one, may lack this path."""
        is_older = date is None or date < self.since
        return is_older and re.search(rf"(^|\.)({self.ending})(\.|$)", path) is not None

    def __str__(self) -> str:
        """Write it as it is shown after a run."""
        return f"before {self.since}: no {self.what}"


CHANGES = (
    Change("2024-12-17", "usage.cache_*", r"usage\.cache_(creation|read)_input_tokens"),
    Change("2025-05-16", "usage.service_tier", r"usage\.service_tier"),
    Change("2025-08-14", "usage.cache_creation", r"usage\.cache_creation"),
    Change(
        "2025-08-17",
        "input tokens in message_delta",
        r"\d+\.usage\.(input_tokens|cache_(creation|read)_input_tokens)",
    ),
    Change("2026-02-06", "usage.inference_geo", r"usage\.inference_geo"),
    Change("2026-02-13", "caller in tool_use", r"caller"),
    Change("2026-04-01", "stop_details", r"stop_details"),
    Change("2026-09-23", "container, null where no code ran", r"container(?=$)"),
    Change("2026-09-28", "diagnostics, null where nobody asked", r"diagnostics(?=$)"),
    Change("2026-06-01", "usage.output_tokens_details", r"usage\.output_tokens_details"),
)
MODEL_FIRST = Change("2025-10-08", "model as a message's first key, but as its fourth", "model")
ONE_PING = Change("2026-02-01", "rule of one ping, right after the first block's start", "ping")


NEWER_THAN_PAIRS = frozenset(str(change) for change in CHANGES if change.since >= "2026-09")
"""What came after the last of the pairs in `pairs.jsonl`."""


@dataclass(frozen=True)
class Difference:
    """Tell how a recorded shape differs from ours.

    older: what it lacks that came later. betas: what it has of betas. wrong: all the rest.
    """

    older: frozenset[str]
    betas: frozenset[str]
    wrong: tuple[str, ...]


def compare(ours: Shape, recorded: Shape, date: str | None) -> Difference:
    """Compare two shapes: paths, types and order.

    date: the day of the recording, such as 2026-08-19; None when unknown.
    """
    here, there = dict(ours), dict(recorded)
    older, wrong = set(), []
    for path in here.keys() - there.keys():
        change = next((c for c in CHANGES if c.covers(path, date)), None)
        if change is None:
            wrong.append(f"lacks {path}")
        else:
            older.add(str(change))
    for path in there.keys() - here.keys():
        wrong.append(f"has {path}")
    both = [path for path in here if path in there]
    wrong += [
        f"{path}: {there[path]}, not {here[path]}" for path in both if here[path] != there[path]
    ]
    order = [path for path in there if path in here]
    if order != both:
        if _without_model(order) == _without_model(both) and MODEL_FIRST.covers("model", date):
            older.add(str(MODEL_FIRST))
        else:
            wrong.append(f"order: {next(a for a, b in zip(order, both, strict=True) if a != b)}")
    return Difference(frozenset(older), frozenset(), tuple(sorted(wrong)))


def _without_model(paths: list[str]) -> list[str]:
    return [path for path in paths if not re.fullmatch(r"(\d+\.message\.)?model", path)]
