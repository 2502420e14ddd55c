"""Forms: every field comes out as it was put in, and what is none is refused."""

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.simulator.files.multipart import FormField, MultipartError, read_parts

NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), min_size=1, max_size=9
)
FORM = "multipart/form-data; boundary=b"


@given(
    st.dictionaries(NAMES, st.tuples(NAMES, st.binary(max_size=60)), min_size=1, max_size=4),
    st.sampled_from(["", "\r\n", "--", "\r\n--"]),
)
def test_files_come_out_as_they_went_in(files: dict[str, tuple[str, bytes]], odd: str) -> None:
    """Written by the SDK's own library: names, types and every byte."""
    sent = {
        name: (filename, odd.encode() + data + odd.encode(), "text/x-a")
        for name, (filename, data) in files.items()
    }
    request = httpx2.Request("POST", "https://a.b", files=sent)
    assert read_parts(request.headers["content-type"], request.read()) == [
        FormField(name, filename, "text/x-a", data) for name, (filename, data, _) in sent.items()
    ]


def test_a_field_that_is_no_file_has_no_name_of_one() -> None:
    """And a file may leave its type out."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="expires_in_seconds"\r\n\r\n3600\r\n'
        b'--b\r\ncontent-disposition: form-data; name=file; filename="a%22b.txt"\r\n\r\n\r\n--b--'
    )
    assert read_parts('multipart/form-data; boundary="b"', body) == [
        FormField("expires_in_seconds", None, "", b"3600"),
        FormField("file", 'a"b.txt', "", b""),
    ]


def test_a_name_in_the_extended_notation_is_read() -> None:
    """RFC 5987, as some clients write names that are not ASCII."""
    head = "Content-Disposition: form-data; name=file; filename*=UTF-8''%E2%82%AC.txt"
    body = f"--b\r\n{head}\r\n\r\nx\r\n--b--\r\n".encode()
    assert read_parts(FORM, body)[0].filename == "€.txt"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("", b""),
        ("multipart/form-data", b"--b--"),
        ('multipart/form-data; boundary=""', b"----"),
        (FORM, b""),
        (FORM, b"no boundary"),
        (FORM, b"--b\r\n\r\n"),
        (FORM, b"--bx\r\n\r\n--b--"),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="a"\r\n--b--'),
        (FORM, b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--"),
        (FORM, b"--b\r\n\r\n" * 2_000 + b"--b--"),
    ],
    ids=range(11),
)
def test_what_is_no_form_is_refused(content_type: str, body: bytes) -> None:
    """With a sentence that says what is wrong."""
    with pytest.raises(MultipartError):
        read_parts(content_type, body)


@given(st.binary(max_size=80), st.text(max_size=30))
def test_any_body_is_read_or_refused(body: bytes, content_type: str) -> None:
    """Never anything else."""
    for kind in (content_type, FORM):
        for raw in (body, b"--b\r\n" + body + b"\r\n--b--"):
            try:
                parts = read_parts(kind, raw)
            except MultipartError:
                continue
            assert all(isinstance(part.data, bytes) for part in parts)
