"""The TypeScript SDK, run by Node against `grader serve`."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.serving import serving

pytestmark = pytest.mark.sdks

ROOT = Path(__file__).parents[3]
INSTALLED = ROOT / ".venv" / "conformance" / "typescript"
PROGRAM = Path(__file__).with_name("conversation.mjs")


@pytest.fixture(scope="module")
def report() -> Any:
    """Run the program once, and return what it printed."""
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed (Debian, Ubuntu: sudo apt-get install nodejs npm).")
    if not (INSTALLED / "node_modules").is_dir():
        pytest.skip("The TypeScript SDK is not here; with npm, `make conformance` installs it.")
    # Paced, so that a stream is still open when it is aborted.
    with serving("--pace", "realistic") as server:
        done = subprocess.run(
            ["node", str(PROGRAM)],
            cwd=INSTALLED,
            env={
                **os.environ,
                "ANTHROPIC_BASE_URL": server.address,
                "ANTHROPIC_API_KEY": "simulated",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert server.stop() == (0, "Stopped.\n", "")
    return json.loads(done.stdout)


def test_a_message_arrives(report: Any) -> None:
    """With its ids."""
    assert report["message"] == {
        "content": [{"type": "text", "text": "Paris."}],
        "stop_reason": "end_turn",
        "has_id": True,
        "has_request_id": True,
    }


def test_tokens_are_counted_as_they_are_billed(report: Any) -> None:
    """The same request, asked and counted."""
    assert report["count"] == {"is_billed": True}


def test_a_stream_arrives_piece_by_piece(report: Any) -> None:
    """By the helper, which puts the message together, and event by event."""
    assert report["stream"] == {
        "pieces": True,
        "is_whole": True,
        "text": "one, two, three, four, five",
        "stop_reason": "end_turn",
    }
    assert report["events"] == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


def test_a_tool_is_called_and_its_result_is_taken(report: Any) -> None:
    """The city comes from the question."""
    assert report["tool_use"] == {
        "first": "tool_use",
        "name": "get_weather",
        "input": {"city": "Paris"},
        "last": "end_turn",
    }


def test_the_models_are_listed(report: Any) -> None:
    """Page by page, as the SDK reads them, and one by its alias."""
    assert report["models"] == {"listed": True, "retrieved": "claude-haiku-4-5-20251001"}


@pytest.mark.parametrize(
    ("case", "kind", "status", "type_", "message"),
    [
        ("unknown_model", "NotFoundError", 404, "not_found_error", "model: nobody"),
        (
            "no_messages",
            "BadRequestError",
            400,
            "invalid_request_error",
            "messages: at least one message is required",
        ),
        (
            "no_key",
            "AuthenticationError",
            401,
            "authentication_error",
            "x-api-key header is required",
        ),
    ],
)
def test_a_refusal_is_the_sdks_own_error(
    report: Any, case: str, kind: str, status: int, type_: str, message: str
) -> None:
    """Class, status, type, wording and request id."""
    assert report["errors"][case] == {
        "class": kind,
        "status": status,
        "type": type_,
        "message": message,
        "has_request_id": True,
    }


def test_a_stream_can_be_aborted(report: Any) -> None:
    """In its midst; the server answers on."""
    assert report["abort"] == {"class": "APIUserAbortError", "reached_end": False}
    assert report["after_abort"] == "Paris."
