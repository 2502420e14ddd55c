"""aider, as a command in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from telling import PARIS, expect, tell

OPTIONS = (
    "--no-git --yes-always --no-check-update --analytics-disable --no-show-model-warnings "
    "--no-show-release-notes --no-gitignore --no-pretty --map-tokens 0"
)


def ask(model: str, *options: str) -> str:
    """Return what aider prints for one question."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "settings.yml")
        # It knows none of today's models, and sends those that it doesn't know a temperature.
        settings.write_text(f"- name: anthropic/{model}\n  use_temperature: false\n", "utf-8")
        command = [Path(sys.executable).with_name("aider"), *OPTIONS.split(), *options]
        command += ["--model", f"anthropic/{model}", "--model-settings-file", settings]
        done = subprocess.run(
            [*command, "--message", PARIS],
            cwd=folder,
            env=dict(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    return done.stdout[done.stdout.find("Repo-map") :] + done.stderr


def plain(model: str) -> None:
    """Ask one question."""
    said = ask(model, "--no-stream")
    expect("Paris." in said or "simulated reply" in said, said)


def stream(model: str) -> None:
    """See the answer as it comes."""
    said = ask(model, "--stream")
    expect("Paris." in said or "simulated reply" in said, said)


tell({"plain": plain, "stream": stream})
