"""The record of the last build, `course/.built.json`: each generated file's SHA-256.

It tells generated files from those that a person wrote or changed, so that a build neither
overwrites nor deletes anybody's work. It is committed with the files it describes.
"""

import hashlib
import json
from collections.abc import Mapping

from grader.errors import AuthoringError
from grader.sources import SOURCES

COURSE = "course"
MANIFEST = f"{COURSE}/.built.json"


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(data: bytes | None) -> dict[str, str]:
    """Return the digest of each file of the last build; no manifest means no build yet.

    Raises AuthoringError if the file is not a manifest.
    """
    if data is None:
        return {}
    try:
        read = json.loads(data)
    except ValueError as error:
        raise AuthoringError(_not_a_manifest(str(error))) from error
    if not isinstance(read, dict):
        raise AuthoringError(_not_a_manifest(f"it holds {type(read).__name__}"))
    for path, value in read.items():
        if not (_is_generated_place(path) and isinstance(value, str)):
            raise AuthoringError(_not_a_manifest(f"entry {path!r}: {value!r}"))
    return read


def render_manifest(digests: Mapping[str, str]) -> bytes:
    """Return the manifest's file."""
    return (json.dumps(dict(digests), indent=1, sort_keys=True) + "\n").encode()


def _is_generated_place(path: str) -> bool:
    parts = path.split("/")
    return parts[0] in {COURSE, SOURCES} and len(parts) > 1 and ".." not in parts


def _not_a_manifest(why: str) -> str:
    return (
        f"{MANIFEST} is not the record of a build ({why}); expected paths under {COURSE}/ and "
        f"{SOURCES}/ with their SHA-256. Restore it from git, or write everything again: "
        "`grader build --force`."
    )
