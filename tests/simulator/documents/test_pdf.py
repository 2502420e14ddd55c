"""PDFs: their pages are read, whatever is in the file, and in a bounded number of steps."""

import base64
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.documents import PdfError, PdfPage, read_pdf
from grader.simulator.documents.pdf import MOST_PAGES, imagine_page
from tests.simulator.pdfs import assemble, locked_pdf, write_pdf

WORDS = st.text("abc XYZ.,()\\äé€0123", min_size=1, max_size=20)


def fault_of(data: str) -> str:
    """Return what is wrong with a PDF."""
    with pytest.raises(PdfError) as caught:
        read_pdf(data)
    return caught.value.fault


def encoded(raw: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(raw).decode()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.lists(WORDS, max_size=4), min_size=1, max_size=4))
def test_the_words_of_every_page_are_read(pages: list[list[str]]) -> None:
    """In their order, on their pages."""
    read = read_pdf(write_pdf(*pages))
    assert [page.text.split() for page in read] == [" ".join(lines).split() for lines in pages]


def test_a_page_tells_its_size_and_ends_its_lines_as_recorded() -> None:
    """With CR LF, and points of an inch."""
    assert read_pdf(write_pdf(["Sample PDF", "Fun fun fun."], size=(595, 842))) == (
        PdfPage("Sample PDF\r\nFun fun fun.\r\n", 595.0, 842.0),
    )
    assert read_pdf(write_pdf([])) == (PdfPage("", 612.0, 792.0),)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("not base64!", "base64"),
        ("JVBERi0xLjQ", "base64"),
        ("", "invalid"),
        (encoded(b"Just some text."), "invalid"),
        (encoded(b"%PDF-1.4\nand no more of it"), "invalid"),
        (locked_pdf(), "password"),
    ],
)
def test_what_is_wrong_with_a_pdf_is_told(data: str, fault: str) -> None:
    """Its base64, the file, or that it wants a password."""
    assert fault_of(data) == fault


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_a_broken_file_is_read_or_refused(data: st.DataObject) -> None:
    """Never anything else, whatever bytes are changed or lost."""
    raw = bytearray(base64.b64decode(write_pdf(["One. Two."], ["Three."])))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(1, 9))] = data.draw(st.binary(max_size=4))
    try:
        pages = read_pdf(encoded(bytes(raw)))
    except PdfError:
        return
    assert pages


def test_pages_past_the_limit_are_counted_and_not_read() -> None:
    """So that a request with too many of them can be refused."""
    pages = read_pdf(write_pdf(*[["A."]] * (MOST_PAGES + 5)))
    assert len(pages) == MOST_PAGES + 5
    assert [page.text for page in pages[MOST_PAGES - 1 :]] == ["A.\r\n", *[""] * 5]


def test_a_file_that_would_take_forever_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each form draws the next one twice; when the steps are used up, a page has no text."""
    monkeypatch.setattr("grader.simulator.documents.pdf._MOST_STEPS", 300_000)
    forms = 60
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
            "/Resources << /XObject << /F 5 0 R >> >> >>"
        ),
        "<< /Length 11 >>\nstream\n/F Do /F Do\nendstream",
    ]
    for following in range(6, 6 + forms):
        objects.append(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 11 "
            f"/Resources << /XObject << /F {following} 0 R >> >> >>\n"
            "stream\n/F Do /F Do\nendstream"
        )
    objects.append(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 0 >>\nstream\n\nendstream"
    )
    before = sys.getprofile()
    pages = read_pdf(assemble(objects))
    assert [page.text for page in pages] == [""]
    assert sys.getprofile() is before


def test_a_page_is_made_up_for_an_address() -> None:
    """The same one each time, with the name of the document; nothing is fetched."""
    (page,) = imagine_page("https://a.example/papers/annual-report_2025.pdf?x=1")
    assert page.text.startswith("annual report 2025\r\n")
    assert "a.example" in page.text
    assert imagine_page("https://a.example/")[0].text.startswith("a\r\n")
    assert imagine_page("https://")[0].text.startswith("Untitled\r\n")


def test_pypdf_is_loaded_with_the_first_pdf() -> None:
    """A simulator that reads none does without it."""
    code = (
        "import sys, json\n"
        "from grader.simulator import Simulator\n"
        "body = {'model': 'claude-sonnet-4-6', 'max_tokens': 9, 'messages': "
        "[{'role': 'user', 'content': 'Hi'}]}\n"
        "headers = {'x-api-key': 'k', 'anthropic-version': '2026-10-21'}\n"
        "assert Simulator().handle('POST', '/v1/messages', headers, json.dumps(body).encode())\n"
        "print('pypdf' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
