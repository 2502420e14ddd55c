"""Put uploaded files into the places of a request that name them by `file_id`.

What follows then sees a document of base64 or of text, or a picture of base64, which still says
which file it was.
"""

from __future__ import annotations

import base64

from grader.catalog import ModelCard
from grader.simulator.contents import find_blocks, nested_key
from grader.simulator.documents import MEDIA_TYPE
from grader.simulator.faults import invalid
from grader.simulator.files.store import Files, StoredFile
from grader.simulator.images import MEDIA_TYPES
from grader.simulator.validation import check_files
from grader.simulator.wire import Json

_KINDS = ("document", "image", "container_upload")


def resolve_files(request: Json, files: Files, card: ModelCard, *, now: float) -> Json:
    """Return a valid request with its files in their places, the same where it names none.

    Raises Refused for a file that is not there, has expired, or is of no use in its place.
    """
    sources: dict[str, Json] = {}
    for path, block in find_blocks(request["messages"], _KINDS):
        if block["type"] == "container_upload":
            files.read(block["file_id"], now=now)
        elif block["source"]["type"] == "file":
            file = files.read(block["source"]["file_id"], now=now)
            sources[path] = _source(file, block["type"], path)
    if not sources:
        return request
    messages = [
        {**message, "content": _placed(message["content"], f"messages.{index}.content", sources)}
        for index, message in enumerate(request["messages"])
    ]
    resolved = {**request, "messages": messages}
    check_files(resolved, card, sources)
    return resolved


def _source(file: StoredFile, kind: str, path: str) -> Json:
    known = {"file_id": file.id}
    if kind == "image" and file.media_type in MEDIA_TYPES:
        return {"type": "base64", "media_type": file.media_type, "data": _encoded(file), **known}
    if kind == "document" and file.media_type == MEDIA_TYPE:
        return {"type": "base64", "media_type": MEDIA_TYPE, "data": _encoded(file), **known}
    if kind == "document" and file.media_type == "text/plain":
        text = file.data.decode("utf-8", "replace")
        return {"type": "text", "media_type": "text/plain", "data": text, **known}
    # The words are a guess; that only PDFs and plain texts can be documents is documented.
    raise invalid(f"{path}.{kind}.source.file: Unsupported file format: {file.media_type}")


def _encoded(file: StoredFile) -> str:
    return base64.b64encode(file.data).decode("ascii")


def _placed(content: Json, path: str, sources: dict[str, Json]) -> Json:
    if not isinstance(content, list):
        return content
    return [_with_files(block, f"{path}.{index}", sources) for index, block in enumerate(content)]


def _with_files(block: Json, path: str, sources: dict[str, Json]) -> Json:
    if path in sources:
        return {**block, "source": sources[path]}
    key = nested_key(block)
    if key is None or not isinstance(block.get(key), list):
        return block
    return {**block, key: _placed(block[key], f"{path}.{block['type']}.{key}", sources)}
