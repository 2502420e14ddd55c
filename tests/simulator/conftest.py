"""Ways to reach a simulator: a raw request, and clients of both SDKs."""

import base64
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from PIL import Image

from grader.simulator import Reply, Simulator, SimulatorTransport

NEWEST = "2026-10-21"


@pytest.fixture
def post() -> Callable[..., Reply]:
    """Send one raw request and return the reply."""

    def send(
        body: Any,
        *,
        to: Simulator | None = None,
        path: str = "/v1/messages",
        version: str = NEWEST,
        **headers: str,
    ) -> Reply:
        sent = {"X-Api-Key": "simulated", "Anthropic-Version": version, **headers}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return (to or Simulator(seed=1)).handle("POST", path, sent, raw)

    return send


@pytest.fixture
def client_of() -> Iterator[Callable[..., anthropic.Anthropic]]:
    """Make a real Anthropic client whose requests a simulator answers."""
    with ExitStack() as stack:

        def make(simulator: Simulator, **options: Any) -> anthropic.Anthropic:
            transport = SimulatorTransport(simulator)
            http = stack.enter_context(httpx2.Client(transport=transport))
            given = {"api_key": "simulated", "base_url": "https://api.anthropic.com", **options}
            return anthropic.Anthropic(http_client=http, max_retries=0, **given)

        yield make


@pytest.fixture
def openai_client_of() -> Iterator[Callable[..., openai.OpenAI]]:
    """Make a real OpenAI client whose requests a simulator answers."""
    with ExitStack() as stack:

        def make(simulator: Simulator) -> openai.OpenAI:
            transport = SimulatorTransport(simulator)
            http = stack.enter_context(httpx2.Client(transport=transport))
            return openai.OpenAI(
                api_key="simulated",
                base_url="https://api.anthropic.com/v1/",
                http_client=http,
                max_retries=0,
            )

        yield make


@pytest.fixture
def picture() -> Callable[..., str]:
    """Draw a picture and return its file in base64."""

    def draw(kind: str = "PNG", size: tuple[int, int] = (280, 140), **options: Any) -> str:
        file = io.BytesIO()
        Image.new("RGB", size, "teal").save(file, kind, **options)
        return base64.b64encode(file.getvalue()).decode()

    return draw
