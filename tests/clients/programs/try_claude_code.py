"""Claude Code from npm, as `claude -p` in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from telling import expect, tell

CLAUDE = os.environ["CLIENTS_CLAUDE"]
SECONDS = 120


def say(model: str, folder: str, prompt: str, *options: str) -> list[dict[str, Any]]:
    """Return what one run of Claude Code tells, as its stream of JSON."""
    Path(folder, "notes.txt").write_text("The password is swordfish.\n", encoding="utf-8")
    command = [CLAUDE, "-p", prompt, "--model", model]
    command += ["--output-format", "stream-json", "--verbose"]
    done = subprocess.run(
        [*command, "--max-turns", "8", *options],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    expect(done.returncode == 0 and told, (done.returncode, done.stdout[-900:], done.stderr[-300:]))
    return told


def calls(told: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Return the tools that were called, with their inputs."""
    contents = [each["message"]["content"] for each in told if each["type"] == "assistant"]
    blocks = [block for content in contents for block in content]
    return [(block["name"], block["input"]) for block in blocks if block["type"] == "tool_use"]


def hello(model: str) -> None:
    """Be greeted, and call nothing."""
    with tempfile.TemporaryDirectory() as folder:
        told = say(model, folder, "hello")
        expect(calls(told) == [] and told[-1]["result"], (calls(told), told[-1]))
        expect(sorted(os.listdir(folder)) == ["notes.txt"], os.listdir(folder))


def reading(model: str) -> None:
    """Read a file when asked to."""
    with tempfile.TemporaryDirectory() as folder:
        told = say(model, folder, "Read the file notes.txt")
        expect([name for name, _ in calls(told)] == ["Read"], calls(told))
        expect("swordfish" in told[-1]["result"], told[-1])


def listing(model: str) -> None:
    """Run a command when asked to."""
    with tempfile.TemporaryDirectory() as folder:
        told = say(model, folder, "Run the command `ls`", "--allowedTools", "Bash")
        expect([name for name, _ in calls(told)] == ["Bash"], calls(told))
        expect("notes.txt" in told[-1]["result"], told[-1])


def two_turns(model: str) -> None:
    """Go on with a session, in which a tool was called."""
    alias = re.sub(r"-\d{8}$", "", model)
    with tempfile.TemporaryDirectory() as folder:
        session = say(alias, folder, "Read the file notes.txt")[-1]["session_id"]
        told = say(alias, folder, "hello", "--resume", session)
        expect(calls(told) == [] and told[-1]["result"], (calls(told), told[-1]))


def structured(model: str) -> None:
    """Answer by a schema."""
    schema = {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}
    with tempfile.TemporaryDirectory() as folder:
        told = say(model, folder, "Jason is 25 years old.", "--json-schema", json.dumps(schema))
        expect(told[-1].get("structured_output") == {"age": 25}, told[-1])


tell(
    {
        "plain: hello": hello,
        "tools: Read": reading,
        "tools: Bash": listing,
        "plain: two turns, by alias": two_turns,
        "structured: --json-schema": structured,
    }
)
