"""The Files API: uploads, what is told of them, and their use in messages."""

from grader.simulator.files.endpoints import answer_files, forgive_files, is_files
from grader.simulator.files.resolving import resolve_files
from grader.simulator.files.store import (
    MAX_BODY,
    PATH,
    Files,
    StoredFile,
    content_headers,
)

__all__ = [
    "MAX_BODY",
    "PATH",
    "Files",
    "StoredFile",
    "answer_files",
    "content_headers",
    "forgive_files",
    "is_files",
    "resolve_files",
]
