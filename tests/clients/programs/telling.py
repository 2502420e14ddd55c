"""What every program of a client says: one line of JSON for each feature and model.

It runs in the client's own environment, so it imports nothing that isn't in Python itself.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
import uuid
from collections.abc import Callable, Mapping

ADDRESS = os.environ["CLIENTS_ADDRESS"]
"""Where the simulator listens."""

PARIS = "What is the capital of France?"
COUNTING = "Count to five."
WEATHER = "What is the weather in Paris?"
ADDING = "Add 2 and 3."
PERSON = "Jason is 25 years old."
RULES = (f"Rule {number} of this house is to be kind to guest {number}." for number in range(900))
LONG = " ".join((f"House {uuid.uuid4()}.", *RULES))
"""More than the cache's minimum of any model, and new in each run."""

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel, in base64."""


def get_weather(city: str) -> str:
    """Get the weather in a city."""
    return f"18 degrees in {city}"


def expect(is_met: object, seen: object) -> None:
    """Fail with what was seen unless a claim holds."""
    if not is_met:
        raise AssertionError(repr(seen)[:2_000])


def tell(features: Mapping[str, Callable[[str], object]]) -> None:
    """Try each feature with each model that the command line names, and print how it went."""
    logging.disable(logging.CRITICAL)
    for model in sys.argv[1:]:
        for name, try_it in features.items():
            problem = ""
            try:
                try_it(model)
            except BaseException as error:  # noqa: BLE001 - a client may raise anything, and is told
                problem = "".join(traceback.format_exception_only(error))[:400].strip()
                if os.environ.get("CLIENTS_TRACEBACKS"):
                    traceback.print_exc()
            print(json.dumps({"feature": name, "model": model, "problem": problem}), flush=True)
