"""The mutants that keep full marks, each with the reason why that is right."""

from __future__ import annotations

SURVIVORS: dict[str, dict[str, str]] = {
    "first_call": {
        "message = client.messages.create(model='claude-sonnet-4-6', max_tokens=300, "
        "messages=[{'role': 'user', 'content': prompt}])  →  message = "
        "client.messages.create(model='claude-sonnet-4-6', max_tokens=301, "
        "messages=[{'role': 'user', 'content': prompt}])": "any limit is right",
        "return ''.join((block.text for block in message.content if block.type == 'text'))  →  "
        "return 'x'.join((block.text for block in message.content if block.type == 'text'))": (
            "replies in several pieces come up in lesson 01"
        ),
    },
    "convert_image_part": {
        "head, data = url.split(',', 1)  →  head, data = url.split(',', 2)": (
            "a data URI in base64 has one comma"
        ),
    },
    "finish_reason": {
        "raise ValueError(f'no word for stop_reason {message.stop_reason!r}')  →  "
        "raise ValueError(f'no word for stop_reason x{message.stop_reason!r}')": (
            "the words of an exception are the learner's own"
        ),
    },
}
"""By exercise, and by the change as `make mutants` prints it."""
