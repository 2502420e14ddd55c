"""What the fork server imports before the first kernel, so that no kernel has to.

It is what the cells of the lessons import, and what the learner's side of an exam needs. The
checks come along, because `progress` and `sample_image` import them in every lesson, and to do so
in each kernel would take longer than all its cells. They hold no secret: they are part of what a
learner installs, and what an exam draws and expects is made outside.
"""

from __future__ import annotations

import gc
from importlib import import_module

_MODULES = (
    "asyncio",
    "concurrent.futures.thread",
    "copy",
    "dataclasses",
    "decimal",
    "json",
    "random",
    "re",
    "time",
    "typing",
    "zoneinfo",
    "IPython.core.completer",
    "anthropic",
    "anthropic.lib.streaming",
    "anthropic.types.beta",
    "httpx2",
    "ipywidgets",
    "openai",
    "openai.types.chat",
    "grader.exams",
    "grader.simulator",
)
# Loaded by name: grading may not import what runs in the learner's process, nor does it.
_FACE_OF_A_NOTEBOOK = "grader.classroom"


def preload() -> None:
    """Import what kernels need."""
    for name in _MODULES:
        import_module(name)
    face = import_module(_FACE_OF_A_NOTEBOOK)
    for name in face.__all__:
        getattr(face, name)
    _call_once()
    gc.collect()


def _call_once() -> None:
    """Make one call of each kind against the simulator: the SDKs build their models at first use."""
    import anthropic
    import httpx2

    from grader.simulator import Simulator, SimulatorTransport

    http_client = httpx2.Client(transport=SimulatorTransport(Simulator()))
    client = anthropic.Anthropic(api_key="none", http_client=http_client)
    asked = {
        "model": "claude-sonnet-4-6",
        "max_tokens": 16,
        "messages": [{"role": "user", "content": "Hello"}],
    }
    client.messages.create(**asked)  # type: ignore[call-overload]
    with client.messages.stream(**asked) as stream:  # type: ignore[arg-type]
        stream.get_final_message()
    client.close()
