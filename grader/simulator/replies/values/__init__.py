"""Make a value for a JSON schema, of what texts give where they give it.

A `Slot` is a place for a value. `find` and its like look for one in a text; a `Composer` puts whole
objects together, with samples for what nothing gives, so that the value fits its schema.
"""

from grader.simulator.replies.values.composer import Composer
from grader.simulator.replies.values.finder import find
from grader.simulator.replies.values.keywords import same
from grader.simulator.replies.values.listing import is_joined
from grader.simulator.replies.values.schema import Schema
from grader.simulator.replies.values.shape import item_of, members_of, required_of
from grader.simulator.replies.values.slot import COUNTED, WORDED, Slot, make_slot
from grader.simulator.replies.values.source import Fact, Source, Taken

__all__ = [
    "COUNTED",
    "WORDED",
    "Composer",
    "Fact",
    "Schema",
    "Slot",
    "Source",
    "Taken",
    "find",
    "is_joined",
    "item_of",
    "make_slot",
    "members_of",
    "required_of",
    "same",
]
