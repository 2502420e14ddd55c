"""Containers: code reads what was uploaded, keeps what it wrote, and shares files to download."""

from collections.abc import Callable
from typing import Any

import anthropic
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator import Simulator, SimulatorTransport
from grader.simulator.containers import LONGEST

KINDS = [
    "code_execution_20250522",
    "code_execution_20250825",
    "code_execution_20260120",
    "code_execution_20260521",
]
ASKED: dict[str, Callable[[list[int]], float]] = {
    "sum": lambda values: sum(map(float, values)),
    "average": lambda values: sum(map(float, values)) / len(values),
    "largest": lambda values: float(max(values)),
    "smallest": lambda values: float(min(values)),
    "number of rows": len,
}


class Desk:
    """Ask a simulator's model to work with files."""

    def __init__(self, *, kind: str = KINDS[-1]) -> None:
        self.now = 1_795_996_800.0
        self.simulator = Simulator(seed=1, clock=lambda: self.now)
        http = httpx2.Client(transport=SimulatorTransport(self.simulator))
        self.client = anthropic.Anthropic(api_key="simulated", http_client=http, max_retries=0)
        self.tools: Any = [{"type": kind, "name": "code_execution"}]

    def upload(self, name: str, data: bytes) -> str:
        """Return the id of an uploaded file."""
        return self.client.files.upload(file=(name, data)).id

    def ask(self, prompt: str, *ids: str, container: str | None = None) -> anthropic.types.Message:
        """Return the reply to a prompt with uploads for the container."""
        uploads = [{"type": "container_upload", "file_id": id} for id in ids]
        content: Any = [{"type": "text", "text": prompt}, *uploads]
        return self.client.messages.create(
            model="claude-sonnet-4-6",
            max_tokens=4_000,
            tools=self.tools,
            messages=[{"role": "user", "content": content}],
            **({"container": container} if container else {}),
        )


def result_of(message: anthropic.types.Message) -> Any:
    """Return the content of the only result in a reply."""
    (found,) = [block for block in message.content if block.type.endswith("_tool_result")]
    return found.content


@given(
    values=st.lists(st.integers(-1000, 1000), min_size=1, max_size=30),
    column=st.sampled_from(["value", "price", "Weight", "units sold"]),
    what=st.sampled_from(sorted(ASKED)),
    kind=st.sampled_from(KINDS),
)
@settings(max_examples=25, deadline=None)
def test_code_works_out_what_an_uploaded_table_says(
    values: list[int], column: str, what: str, kind: str
) -> None:
    """Whichever column and figure is asked for, by each version of the tool."""
    desk = Desk(kind=kind)
    rows = "".join(f"row {place},{value}\n" for place, value in enumerate(values))
    id = desk.upload("data.csv", f"item,{column}\n{rows}".encode())
    result = result_of(desk.ask(f"Read the CSV: report the {what} of `{column}`.", id))
    assert result.return_code == 0, result.stderr
    assert float(result.stdout.split(":")[1]) == ASKED[what](values)


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=200))
@settings(max_examples=25, deadline=None)
def test_code_prints_an_uploaded_text(text: str) -> None:
    """Whole, as it was uploaded."""
    desk = Desk()
    id = desk.upload("notes.txt", text.encode())
    assert result_of(desk.ask("Read the uploaded file.", id)).stdout == f"{text}\n"


@pytest.mark.parametrize("kind", KINDS)
def test_what_code_shares_can_be_downloaded(kind: str) -> None:
    """Under the type of its tool; an upload itself can not."""
    desk = Desk(kind=kind)
    id = desk.upload("data.csv", b"item,value\napple,30\nbanana,70")
    message = desk.ask("Create a matplotlib chart of the data and save it as plot.png.", id)
    (shared,) = result_of(message).content
    is_first = kind == "code_execution_20250522"
    assert shared.type == ("code_execution_output" if is_first else "bash_code_execution_output")
    told = desk.client.files.retrieve_metadata(shared.file_id)
    assert (told.filename, told.mime_type, told.downloadable) == ("plot.png", "image/png", True)
    picture = desk.client.files.download(shared.file_id).read()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) == told.size_bytes
    assert shared.file_id in [each.id for each in desk.client.files.list()]
    with pytest.raises(anthropic.BadRequestError):
        desk.client.files.download(id)


def test_a_shared_text_has_what_was_asked_for() -> None:
    """And what is written to a path of its own stays in the container."""
    desk = Desk()
    (shared,) = result_of(desk.ask("Save a file report.md with the text: All is well.")).content
    assert desk.client.files.download(shared.file_id).read() == b"All is well"
    message = desk.ask("Write a file with a random number and save it to '/tmp/number.txt'")
    assert not result_of(message).is_file_update
    assert len([*desk.client.files.list()]) == 1


def test_a_container_keeps_its_files() -> None:
    """For requests that name it; in a new one they are not there."""
    desk = Desk()
    id = desk.upload("data.txt", b"value: 42\n")
    first = desk.ask("Read the uploaded file.", id)
    desk.client.files.delete(id)
    assert first.container is not None
    again = desk.ask("Read the uploaded file again.", container=first.container.id)
    assert result_of(again).stdout == "value: 42\n\n"
    assert again.container is not None
    assert again.container.id == first.container.id
    written = desk.ask("Create /tmp/a.txt with the text: Hi", container=first.container.id)
    assert result_of(written).is_file_update is False
    read = desk.ask("Use code to read /tmp/a.txt", container=first.container.id)
    assert result_of(read).stdout == "Hi\n"
    lost = result_of(desk.ask("Use code to read /tmp/a.txt"))
    assert (lost.return_code, lost.stdout) == (1, "")
    assert "FileNotFoundError" in lost.stderr


def test_a_container_that_is_gone_is_refused() -> None:
    """30 days after it was made, as the page on code execution says."""
    desk = Desk()
    first = desk.ask("Use code to print 1 + 1.")
    assert first.container is not None
    desk.now += LONGEST - 1
    assert desk.ask("Use code: 1 + 1", container=first.container.id).container is not None
    desk.now += 1
    with pytest.raises(anthropic.APIStatusError):
        desk.ask("Use code: 1 + 1", container=first.container.id)
    assert desk.ask("Use code: 1 + 1").container is not None


def test_an_upload_that_is_gone_is_refused() -> None:
    """Also where it stands in an earlier message."""
    desk = Desk()
    id = desk.upload("data.txt", b"value: 42\n")
    desk.client.files.delete(id)
    with pytest.raises(anthropic.NotFoundError):
        desk.ask("Read the uploaded file.", id)


def test_a_stream_tells_the_same_files() -> None:
    """In the result's block, with the container at its end."""
    desk = Desk()
    asked: Any = [{"role": "user", "content": "Plot the sums and save them as sums.png."}]
    with desk.client.messages.stream(
        model="claude-sonnet-4-6", max_tokens=4_000, tools=desk.tools, messages=asked
    ) as stream:
        message = stream.get_final_message()
    (shared,) = result_of(message).content
    assert desk.client.files.download(shared.file_id).read().startswith(b"\x89PNG")
    assert message.container is not None
