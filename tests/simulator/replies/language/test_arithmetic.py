"""Sums are taken apart into steps in the order in which they can be done."""

import pytest

from grader.simulator.replies.language import Step, steps


def test_a_sum_is_its_steps() -> None:
    """Multiplication comes before addition, and brackets before both."""
    product = Step("multiply", 12, 7)
    assert steps("12 * 7 + 5") == [product, Step("add", product, 5)]
    inner = Step("add", 15, 2.5)
    assert steps("3 * (15 + 2.5)") == [inner, Step("multiply", 3, inner)]


@pytest.mark.parametrize("expression", ["(1 + 2", "1 + 2)", "1 +", "+", ""])
def test_what_is_no_sum_has_no_steps(expression: str) -> None:
    """Brackets must match, and each sign needs two sides."""
    assert steps(expression) == []
