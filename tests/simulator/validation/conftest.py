"""A right request, and what is said of it when something in it is changed."""

from collections.abc import Callable, Collection
from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.simulator.faults import Refused
from grader.simulator.validation import check_request

RIGHT: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 2_000,
    "messages": [{"role": "user", "content": "ping"}],
}


@pytest.fixture
def refusal() -> Callable[..., str]:
    """Change a right request, and return the message of its fault, or an empty string.

    A value of `...` takes a key away.
    """

    def ask(
        changes: dict[str, Any],
        *,
        version: str = "2023-06-01",
        counting: bool = False,
        betas: Collection[str] = (),
    ) -> str:
        body = {key: value for key, value in {**RIGHT, **changes}.items() if value is not ...}
        try:
            check_request(body, load_catalog(), version=version, counting=counting, betas=betas)
        except Refused as refused:
            fault = refused.fault
        else:
            return ""
        assert (fault.status, fault.type) == (400, "invalid_request_error")
        return fault.message

    return ask
