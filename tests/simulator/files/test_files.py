"""The Files API: uploads are kept until their time is over, and are what messages name by id."""

import base64
import json
from collections.abc import Callable
from typing import Any

import anthropic
import httpx2
import pytest

from grader.simulator import NEWEST_VERSION, Reply, Simulator
from grader.simulator.files import store
from tests.simulator.documents.test_passages import ON
from tests.simulator.pdfs import locked_pdf, write_pdf

OLDER = "2023-06-01"
BETA = {"anthropic-beta": "files-api-2025-04-14"}


class Desk:
    """Send requests to a simulator whose clock is set by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.25
        self.simulator = Simulator(seed=1, clock=lambda: self.now)

    def ask(
        self,
        method: str,
        path: str = "/v1/files",
        body: bytes = b"",
        version: str = NEWEST_VERSION,
        **headers: str,
    ) -> Reply:
        """Return the reply to one request."""
        sent = {"x-api-key": "k", "anthropic-version": version, **headers}
        return self.simulator.handle(method, path, sent, body)

    def upload(
        self,
        data: bytes = b"Hello.",
        name: str | None = "a.txt",
        media_type: str | None = "text/plain",
        version: str = NEWEST_VERSION,
        **fields: str,
    ) -> Any:
        """Return what is told of a new file, or the error."""
        request = httpx2.Request(
            "POST", "https://a.b", files={"file": (name, data, media_type)}, data=fields
        )
        headers = {"content-type": request.headers["content-type"]}
        return self.ask("POST", body=request.read(), version=version, **headers).body

    def message(self, *blocks: Any, model: str = "claude-haiku-4-5") -> Any:
        """Return the answer to a message with these blocks, or the error."""
        body = {
            "model": model,
            "max_tokens": 500,
            "messages": [{"role": "user", "content": list(blocks)}],
        }
        return self.ask("POST", "/v1/messages", json.dumps(body).encode()).body


@pytest.fixture
def desk() -> Desk:
    """Return a new simulator with a clock."""
    return Desk()


def of_file(id: str, kind: str = "document", **more: Any) -> dict[str, Any]:
    """Return a block whose source is an uploaded file."""
    return {"type": kind, "source": {"type": "file", "file_id": id}, **more}


def told(answer: Any) -> str:
    """Return the words of an error."""
    return answer["error"]["message"]


def test_an_upload_is_described_as_recorded(desk: Desk) -> None:
    """Key by key; the newest version adds when it expires."""
    older = desk.upload(b"one", "apples.pdf", "application/pdf", version=OLDER)
    assert older == {
        "type": "file",
        "id": older["id"],
        "size_bytes": 3,
        "created_at": "2027-01-15T08:00:00.250000Z",
        "filename": "apples.pdf",
        "mime_type": "application/pdf",
        "downloadable": False,
    }
    assert older["id"].startswith("file_01")
    newest = desk.upload(expires_in_seconds="3600")
    assert list(newest) == [*older, "expires_at"]
    assert newest["expires_at"] == "2027-01-15T09:00:00.250000Z"
    assert desk.upload()["expires_at"] is None


@pytest.mark.parametrize(
    ("name", "media_type", "kept"),
    [
        ("a/b/c.txt", "text/plain", "c.txt"),
        ("c:\\b\\c.txt", "text/plain", "c.txt"),
        ("", "application/pdf", "unnamed.pdf"),
        ("folder/", "text/csv", "unnamed.csv"),
        ("é €.txt", "text/plain", "é €.txt"),
    ],
)
def test_only_the_end_of_a_path_is_kept(desk: Desk, name: str, media_type: str, kept: str) -> None:
    """A file without a name gets one, with the ending of its type."""
    assert desk.upload(name=name, media_type=media_type)["filename"] == kept


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a:b.txt"}, "file: the filename contains the forbidden character ':'"),
        ({"name": "a" * 256}, "file: the filename has 256 characters, of 255 at most"),
        (
            {"expires_in_seconds": "3599"},
            "expires_in_seconds: Input should be greater than or equal to 3600",
        ),
        (
            {"expires_in_seconds": "7776001"},
            "expires_in_seconds: Input should be less than or equal to 7776000",
        ),
        (
            {"expires_in_seconds": "soon"},
            (
                "expires_in_seconds: Input should be a valid integer, unable to parse string as "
                "an integer"
            ),
        ),
        ({"purpose": "assistants"}, "purpose: Extra inputs are not permitted"),
    ],
)
def test_a_bad_upload_is_refused(desk: Desk, options: Any, message: str) -> None:
    """Its name, its time, and fields that the API doesn't have."""
    assert told(desk.upload(**options)) == message
    assert desk.ask("GET").body["data"] == []


def test_what_is_no_upload_is_refused(desk: Desk) -> None:
    """JSON, a form without a file, and another method."""
    refused = desk.ask("POST", body=b"{}", **{"content-type": "application/json"})
    assert (refused.status, told(refused.body).split(":")[0]) == (
        400,
        "The request body is not valid multipart/form-data",
    )
    request = httpx2.Request("POST", "https://a.b", files={"field": ("a", b"", "text/plain")})
    headers = {"content-type": request.headers["content-type"]}
    assert told(desk.ask("POST", body=request.read(), **headers).body) == "file: Field required"
    assert desk.ask("PUT").status == 404
    assert desk.ask("POST", "/v1/files/file_1/content").status == 404


def test_a_list_goes_page_by_page_in_both_shapes(desk: Desk) -> None:
    """Newest first: by a cursor of the newest version, by ids on the older one."""
    ids = [desk.upload()["id"] for _ in range(5)][::-1]
    first = desk.ask("GET", "/v1/files?limit=2").body
    assert [file["id"] for file in first["data"]] == ids[:2]
    assert first["next_page"].startswith("page_")
    second = desk.ask("GET", f"/v1/files?limit=3&page={first['next_page']}").body
    assert [file["id"] for file in second["data"]] == ids[2:]
    assert second["next_page"] is None
    older = desk.ask("GET", f"/v1/files?limit=2&after_id={ids[0]}", version=OLDER, **BETA).body
    assert [file["id"] for file in older.pop("data")] == ids[1:3]
    assert older == {"has_more": True, "first_id": ids[1], "last_id": ids[2]}
    chosen = desk.ask("GET", f"/v1/files?ids={ids[3]}&ids={ids[1]}&ids=file_no").body
    assert [file["id"] for file in chosen["data"]] == [ids[1], ids[3]]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=0", "limit: Input should be greater than or equal to 1"),
        ("limit=1001", "limit: Input should be less than or equal to 1000"),
        ("page=page_no", "page: 'page_no' is no page of this list"),
        ("ids=a&limit=1", "ids: cannot be used together with `limit`"),
        (
            "&".join(f"ids={each}" for each in range(101)),
            "ids: List should have at most 100 items after validation, not 101",
        ),
    ],
)
def test_a_list_that_cannot_be_had_is_refused(desk: Desk, query: str, message: str) -> None:
    """Limits and cursors, in the words that other lists have."""
    assert told(desk.ask("GET", f"/v1/files?{query}").body) == message


def test_an_upload_cannot_be_downloaded_and_what_a_tool_made_can(desk: Desk) -> None:
    """In the recorded words; the newest version adds the code."""
    id = desk.upload()["id"]
    refused = desk.ask("GET", f"/v1/files/{id}/content", version=OLDER).body["error"]
    message = f"File '{id}' is not downloadable"
    assert refused == {"type": "invalid_request_error", "message": message}
    newest = desk.ask("GET", f"/v1/files/{id}/content").body["error"]
    assert newest == {**refused, "details": {"error_code": "file_not_downloadable"}}
    made = desk.simulator.files.add(
        "a.csv", "text/csv", b"\xff\r\n1", now=desk.now, downloadable=True
    )
    reply = desk.ask("GET", f"/v1/files/{made.id}/content")
    assert (reply.content(), reply.headers["content-type"]) == (b"\xff\r\n1", "text/csv")


def test_a_file_that_is_not_there_is_a_404_everywhere(desk: Desk) -> None:
    """Asked for, deleted twice, and named in a message: in a document, a picture, a container."""
    id = desk.upload()["id"]
    assert desk.ask("DELETE", f"/v1/files/{id}").body == {"id": id, "type": "file_deleted"}
    gone = [
        desk.ask("GET", f"/v1/files/{id}").body,
        desk.ask("GET", f"/v1/files/{id}/content").body,
        desk.ask("DELETE", f"/v1/files/{id}").body,
        desk.message(of_file(id)),
        desk.message(of_file(id, "image")),
        desk.message({"type": "container_upload", "file_id": id}),
    ]
    for answer in gone:
        assert answer["error"] == {
            "type": "not_found_error",
            "message": f"File `{id}` not found.",
        }


def test_a_file_expires_when_its_time_is_over(desk: Desk) -> None:
    """It is still described; its bytes are gone, for a message too."""
    id = desk.upload(expires_in_seconds="3600")["id"]
    desk.now += 3_599
    assert desk.message(of_file(id))["type"] == "message"
    desk.now += 1
    assert desk.ask("GET", f"/v1/files/{id}").status == 200
    for answer in (desk.message(of_file(id)), desk.ask("GET", f"/v1/files/{id}/content").body):
        assert answer["error"]["type"] == "not_found_error"
        assert answer["error"]["details"] == {"error_code": "file_expired"}


def test_a_file_is_read_as_if_it_stood_in_the_message(desk: Desk) -> None:
    """Counted, quoted and cited alike; the citation names the file."""
    pages = write_pdf(["Ruby was created in 1993."], ["It is a language."])
    id = desk.upload(base64.b64decode(pages), "r.pdf", "application/pdf")["id"]
    inline = {
        "type": "document",
        "source": {"type": "base64", "media_type": "application/pdf", "data": pages},
    }
    ask = {"type": "text", "text": "When was Ruby created?"}
    by_file, by_data = desk.message(of_file(id, **ON), ask), desk.message({**inline, **ON}, ask)
    assert by_file["usage"] == by_data["usage"]
    (named,), (unnamed,) = (
        [each for block in answer["content"] for each in block.get("citations", [])]
        for answer in (by_file, by_data)
    )
    assert named == {**unnamed, "file_id": id}


def test_a_file_of_text_is_cited_by_characters(desk: Desk) -> None:
    """And one of another type is no document."""
    id = desk.upload(b"Ruby was created in 1993.")["id"]
    answer = desk.message(of_file(id, **ON), {"type": "text", "text": "Who created Ruby?"})
    assert answer["content"][-1]["citations"][0]["type"] == "char_location"
    table = desk.upload(b"a,b", "a.csv", "text/csv")["id"]
    assert told(desk.message(of_file(table))) == (
        "messages.0.content.0.document.source.file: Unsupported file format: text/csv"
    )
    upload = {"type": "container_upload", "file_id": table}
    assert desk.message(upload, {"type": "text", "text": "Hi"})["type"] == "message"


def test_a_picture_by_file_counts_its_own_size(desk: Desk, picture: Callable[..., str]) -> None:
    """As the same picture does in the message; what is no picture is refused."""
    data = picture(size=(200, 200))
    id = desk.upload(base64.b64decode(data), "a.png", "image/png")["id"]
    source = {"type": "base64", "media_type": "image/png", "data": data}
    by_file, by_data = (
        desk.message(each) for each in (of_file(id, "image"), {"type": "image", "source": source})
    )
    assert by_file["usage"] == by_data["usage"]
    text = desk.upload()["id"]
    assert told(desk.message(of_file(text, "image"))).endswith(
        "Unsupported file format: text/plain"
    )
    fake = desk.upload(b"no picture", "a.png", "image/png")["id"]
    assert "invalid or unsupported" in told(desk.message(of_file(fake, "image")))


def test_a_bad_pdf_is_refused_when_it_is_used(desk: Desk) -> None:
    """Uploading it is no fault; the limit of pages counts files too."""
    locked = desk.upload(base64.b64decode(locked_pdf()), "a.pdf", "application/pdf")["id"]
    assert told(desk.message(of_file(locked))).endswith("The PDF specified is password protected.")
    pages = base64.b64decode(write_pdf(*[["A."]] * 60))
    id = desk.upload(pages, "a.pdf", "application/pdf")["id"]
    assert desk.message(of_file(id))["type"] == "message"
    assert "A maximum of 100 PDF pages may be provided." in told(
        desk.message(of_file(id), of_file(id))
    )


def test_a_file_in_a_tools_result_is_put_in_its_place(desk: Desk) -> None:
    """Where it counts as anywhere else."""
    id = desk.upload(b"one two three")["id"]
    result = {"type": "tool_result", "tool_use_id": "t", "content": [of_file(id)]}
    call = {"type": "tool_use", "id": "t", "name": "f", "input": {}}
    turns = [("user", "Go."), ("assistant", [call]), ("user", [result])]
    body = {
        "model": "claude-haiku-4-5",
        "max_tokens": 500,
        "tools": [{"name": "f", "input_schema": {"type": "object"}}],
        "messages": [{"role": role, "content": content} for role, content in turns],
    }
    assert desk.ask("POST", "/v1/messages", json.dumps(body).encode()).status == 200
    counted = desk.ask(
        "POST",
        "/v1/messages/count_tokens",
        json.dumps({key: value for key, value in body.items() if key != "max_tokens"}).encode(),
    )
    assert counted.body["input_tokens"] > 0
    # The transcript has the request as it came.
    sent = desk.simulator.transcript[-1].request.body
    assert sent["messages"][2]["content"][0]["content"][0] == of_file(id)


def test_there_is_a_bound_on_what_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until something is deleted."""
    monkeypatch.setattr(store, "MAX_KEPT", 10)
    id = desk.upload(b"123456")["id"]
    refused = desk.upload(b"78901")["error"]
    assert refused["details"] == {"error_code": "storage_quota_exceeded"}
    desk.ask("DELETE", f"/v1/files/{id}")
    assert desk.upload(b"78901")["size_bytes"] == 5


@pytest.mark.parametrize("beta", [False, True], ids=["client.files", "client.beta.files"])
def test_the_sdk_takes_a_file_through_its_life(
    client_of: Callable[..., anthropic.Anthropic], beta: bool
) -> None:
    """Uploaded, listed over pages, described, named in a message, refused, deleted."""
    client = client_of(Simulator(seed=1))
    files = client.beta.files if beta else client.files
    made = [files.upload(file=(f"{n}.txt", b"Ruby is red.", "text/plain")) for n in range(3)]
    assert [file.id for file in files.list(limit=2)] == [file.id for file in made[::-1]]
    assert files.retrieve_metadata(made[0].id).filename == "0.txt"
    assert [file.id for file in files.list(ids=[made[1].id])] == [made[1].id]
    with pytest.raises(anthropic.BadRequestError, match="is not downloadable"):
        files.download(made[0].id)
    message = client.messages.create(
        model="claude-haiku-4-5",
        max_tokens=500,
        messages=[
            {"role": "user", "content": [of_file(made[0].id), {"type": "text", "text": "?"}]}
        ],
    )
    assert "Ruby is red." in message.content[0].text
    assert files.delete(made[0].id).id == made[0].id
    with pytest.raises(anthropic.NotFoundError, match="not found"):
        files.retrieve_metadata(made[0].id)


def test_what_a_tool_made_is_downloaded_by_the_sdk(
    client_of: Callable[..., anthropic.Anthropic],
) -> None:
    """Byte for byte."""
    simulator = Simulator(seed=1)
    file = simulator.files.add("a.bin", "image/png", bytes(range(256)), now=0, downloadable=True)
    assert client_of(simulator).files.download(file.id).read() == bytes(range(256))
