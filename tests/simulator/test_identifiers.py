"""Ids: the API's form, drawn from a seed."""

import re

import pytest

from grader.simulator.identifiers import Identifiers


@pytest.mark.parametrize("prefix", ["msg", "toolu", "req"])
def test_an_id_has_the_recorded_form(prefix: str) -> None:
    """A prefix, 01, and 22 characters of base 58."""
    drawn = Identifiers().draw(prefix)
    assert re.fullmatch(rf"{prefix}_01[1-9A-HJ-NP-Za-km-z]{{22}}", drawn)


def test_a_seed_repeats_its_ids() -> None:
    """In their order; without a seed they differ."""
    first, second = (
        [ids.draw("msg") for _ in range(3)] for ids in (Identifiers(5), Identifiers(5))
    )
    assert first == second
    assert len({*first, Identifiers().draw("msg"), Identifiers().draw("msg")}) == 5
