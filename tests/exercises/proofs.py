"""The proofs of all exercises, in the order of the course."""

from tests.exercises.start_here import describe_reply, first_call
from tests.exercises.structure import (
    convert_image_part,
    convert_request,
    finish_reason,
    split_system,
    text_of,
)

PROOFS = tuple(
    module.PROOF
    for module in (
        first_call,
        describe_reply,
        split_system,
        convert_request,
        convert_image_part,
        text_of,
        finish_reason,
    )
)
