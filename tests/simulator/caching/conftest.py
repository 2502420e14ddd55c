"""A simulated workspace with a clock to turn by hand, asked through the real SDK."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import anthropic
import pytest

from grader.simulator import Simulator

MARK = {"cache_control": {"type": "ephemeral"}}
HOUR = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
RULES = "Answer politely, name the invoice, and never promise a refund before checking it. " * 120
"""About two thousand tokens: twice the minimum of Sonnet 4.6, half of Haiku 4.5's."""


@dataclass
class Workspace:
    """Send requests at given minutes, and tell what they read, wrote and left fresh."""

    client: anthropic.Anthropic
    clock: list[float]
    seen: list[Any] = field(default_factory=list)

    def ask(self, *, minute: float = 0, **request: Any) -> tuple[int, int, int]:
        """Return the tokens read, written and fresh of one call at a minute."""
        self.clock[0] = minute * 60
        given = {"model": "claude-sonnet-4-6", "max_tokens": 100, "messages": said("Hello")}
        message = self.client.messages.create(**{**given, **request})
        self.seen.append(message)
        usage = message.usage
        assert usage.cache_creation is not None
        split = usage.cache_creation
        assert usage.cache_creation_input_tokens == (
            split.ephemeral_5m_input_tokens + split.ephemeral_1h_input_tokens
        )
        return (
            usage.cache_read_input_tokens or 0,
            usage.cache_creation_input_tokens or 0,
            usage.input_tokens,
        )


def said(*texts: str) -> list[Any]:
    """Return a conversation of alternating turns, the user's first."""
    roles = ("user", "assistant")
    return [{"role": roles[i % 2], "content": words} for i, words in enumerate(texts)]


def block(words: str, **marks: Any) -> dict[str, Any]:
    """Return a text block."""
    return {"type": "text", "text": words, **marks}


@pytest.fixture
def workspace(client_of: Callable[..., anthropic.Anthropic]) -> Workspace:
    """Make an empty workspace at minute 0."""
    clock = [0.0]
    simulator = Simulator(seed=1, clock=lambda: clock[0])
    return Workspace(client_of(simulator), clock)
