"""Data that no learner can have seen: ids, words, numbers and messages, drawn from a seed.

The learner's code sees what we draw, so the seed must have too many values to search: 128 bits or
more. A scene's API draws its ids and pauses from separate seeds, which give away no other.
"""

from __future__ import annotations

import hashlib
import random
from typing import Any

from grader.catalog import active_models
from grader.exams.description import SdkObject

Json = Any

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_WORDS = (
    "amber basil cedar delta ember fjord grove hazel inlet jasper kelp lumen maple nectar onyx "
    "pearl quartz river sable thyme umber violet willow xenon yarrow zephyr"
)
_EACH_WORD = tuple(_WORDS.split())


class FreshData:
    """Draw the data of an exam; the same seed gives the same data."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = random.Random(seed)

    def seed_for(self, purpose: str) -> int:
        """Return a seed of 128 bits for one purpose; it gives nothing else away."""
        told = hashlib.sha256(f"{self._seed}:{purpose}".encode()).digest()
        return int.from_bytes(told[:16])

    def fresh(self, prefix: str) -> str:
        """Return an id that no learner can have seen, such as `cust_k7m2xq`."""
        return f"{prefix}_{''.join(self._random.choices(_ALPHABET, k=6))}"

    def words(self, count: int) -> str:
        """Return this many different words, with a space between them.

        The first has a capital and the last, of two and more, a letter with an accent: who looks
        at a text in small letters, or in ASCII, has changed it.
        """
        words = self._random.sample(_EACH_WORD, count)
        words[0] = words[0].capitalize()
        if count > 1:
            words[-1] += self._random.choice("éüñ")
        return " ".join(words)

    def number(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return self._random.randint(low, high)

    def pick(self, *choices: Any) -> Any:
        """Return one of the choices."""
        return self._random.choice(choices)

    def message(self, *, content: list[Json], form: str = "Message", **fields: Json) -> SdkObject:
        """Return a Message with this content, as the SDK would hand it to a learner.

        form: the SDK's class: Message, BetaMessage or ParsedMessage.
        """
        blank = {
            "id": f"msg_01{''.join(self._random.choices(_ALPHABET, k=22))}",
            "type": "message",
            "role": "assistant",
            "model": self.pick(*active_models()),
            "content": content,
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "stop_details": None,
            "usage": {
                "input_tokens": self.number(10, 900),
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
                "output_tokens": self.number(5, 400),
                "service_tier": "standard",
            },
        }
        return SdkObject(form, {**blank, **fields})
