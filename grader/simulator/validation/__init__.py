"""Refuse what the API refuses: one fault a request, the first in the API's order, in its words.

`check_request` reads a body that `read_body` made; each other module knows one part of it.
"""

from grader.simulator.validation.body import read_body, read_json
from grader.simulator.validation.documents import check_files
from grader.simulator.validation.fallbacks import attempts_of
from grader.simulator.validation.outputs import with_newer_format
from grader.simulator.validation.request import NEWEST_VERSION, VERSIONS, check_request
from grader.simulator.validation.schemas import is_schema

__all__ = [
    "NEWEST_VERSION",
    "VERSIONS",
    "attempts_of",
    "check_files",
    "check_request",
    "is_schema",
    "read_body",
    "read_json",
    "with_newer_format",
]
