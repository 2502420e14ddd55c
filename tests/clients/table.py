"""Which clients there are, and what came of trying them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.catalog import find_model

HERE = Path(__file__).parent
COLUMNS = ("plain", "stream", "tools", "structured", "count", "image", "cache", "models")
"""The features of the table; a client's own name for one begins with it: "structured: JSON"."""


_ID = re.compile(r"\b(?:req|msg|toolu|resp)_\w+|https?://\S+")


@dataclass(frozen=True)
class Client:
    """Hold a client; lock: what pip installs for it, None for one that npm installs."""

    name: str
    program: Path
    lock: Path | None


@dataclass(frozen=True)
class Theirs:
    """Hold what fails for a reason of the client's own.

    feature: the one that fails; any without one. where: a rule of the models on which it fails.
    sometimes: whether it depends on what the client knows of a model, so that it may work as well.
    """

    client: str
    says: str
    reason: str
    feature: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    sometimes: bool = False

    def is_about(self, outcome: Outcome) -> bool:
        """Return whether an outcome is one of those that are expected to fail."""
        rules = find_model(outcome.model).rules
        is_model = all(getattr(rules, rule) == value for rule, value in self.where.items())
        is_feature = self.feature in ("", outcome.feature)
        return is_model and is_feature and self.client == outcome.client


@dataclass(frozen=True)
class Outcome:
    """Hold how a client's feature went with a model; problem: "" where it worked."""

    client: str
    feature: str
    model: str
    problem: str = ""


@dataclass(frozen=True)
class Judged:
    """Hold an outcome with its verdict: ok, theirs or OURS, and why."""

    outcome: Outcome
    verdict: str
    why: str = ""


def read_table() -> tuple[list[Client], list[Theirs]]:
    """Return the clients, and what is expected to fail."""
    read = tomllib.loads((HERE / "clients.toml").read_text(encoding="utf-8"))
    clients = [
        Client(name, HERE / "programs" / row["program"], _lock(row))
        for name, row in read["clients"].items()
    ]
    return clients, [Theirs(**row) for row in read["theirs"]]


def _lock(row: Mapping[str, str]) -> Path | None:
    return HERE / "locks" / row["lock"] if "lock" in row else None


def judge(outcomes: Sequence[Outcome], theirs: Sequence[Theirs]) -> list[Judged]:
    """Return the verdict on each outcome; what is told to fail and works is OURS to strike."""
    return [_judge(each, [row for row in theirs if row.is_about(each)]) for each in outcomes]


def _judge(outcome: Outcome, expected: Sequence[Theirs]) -> Judged:
    if not outcome.problem:
        is_gone = any(not row.sometimes for row in expected)
        why = "works now; take it out of clients.toml" if is_gone else ""
        return Judged(outcome, "OURS" if is_gone else "ok", why)
    known = [row for row in expected if row.says in outcome.problem]
    return (
        Judged(outcome, "theirs", known[0].reason)
        if known
        else Judged(outcome, "OURS", outcome.problem)
    )


def render(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the lines of the table, and below it a note on each feature that isn't ok."""
    names = list(dict.fromkeys(each.outcome.client for each in judged))
    width = max(map(len, names), default=0) + 1
    yield "".join(["client".ljust(width), *(column.rjust(11) for column in COLUMNS)])
    for name in names:
        rows = [each for each in judged if each.outcome.client == name]
        cells = [[e for e in rows if e.outcome.feature.partition(":")[0] == c] for c in COLUMNS]
        yield "".join([name.ljust(width), *(_cell(cell).rjust(11) for cell in cells)])
    notes: dict[tuple[str, str, str, str], list[str]] = {}
    for each in judged:
        if each.verdict != "ok":
            why = " ".join(_ID.sub("…", each.why).split())[:300]
            key = (each.outcome.client, each.outcome.feature, each.verdict, why)
            notes.setdefault(key, []).append(each.outcome.model)
    for (client, feature, verdict, why), models in notes.items():
        yield f"{verdict}: {client}, {feature}: {why} ({', '.join(models)})"


def _cell(cell: Sequence[Judged]) -> str:
    """Return how many of a feature's tries went well, if not all, and whose the others are."""
    if not cell:
        return "-"
    worst = next((v for v in ("OURS", "theirs") if any(e.verdict == v for e in cell)), "ok")
    good = sum(each.verdict == "ok" for each in cell)
    return "ok" if worst == "ok" else f"{worst} {good}/{len(cell)}"
