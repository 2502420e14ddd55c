"""A certificate's page: what it holds can be read back, and no change of it goes unseen."""

import json
import re
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grader
from grader.certificates import (
    Certificate,
    certificate_page,
    clean_name,
    course_version,
    read_certificate,
    read_certificate_file,
)
from grader.certificates.content import data_text, parse_data
from grader.certificates.page import digest_in_page, digest_of_page
from grader.certificates.version import NOTED
from grader.errors import CertificateError
from grader.look.inert import inert
from tests.certificates.samples import ADA, certificates

PAGE = certificate_page(ADA)
NOT_ONE = "isn't a certificate of this course. Expected the page that progress().certificate()"


def sealed(page: str) -> str:
    """Return a changed page with a digest that fits, as somebody who knows how would."""
    return page.replace(str(digest_in_page(page)), digest_of_page(page))


@given(certificates())
def test_what_a_page_holds_is_read_back(certificate: Certificate) -> None:
    """Whatever the code is made of, and if the page came with other line ends or a mark first."""
    page = certificate_page(certificate)
    assert read_certificate(page, "a.html") == (certificate, "")
    assert read_certificate(page.replace("\n", "\r\n"), "a.html") == (certificate, "")
    assert certificate_page(certificate) == page


@given(certificates())
def test_people_read_all_of_the_code_that_is_run(certificate: Certificate) -> None:
    """Each cell stands on the page, with its hidden characters shown."""
    shown = certificate_page(certificate).partition("<script")[0]
    for work in certificate.lessons:
        for cell in work.cells:
            assert inert(f"<pre>{escape(cell.source)}</pre>") in shown
        for passed in work.passed:
            assert f"<code>{passed.name}</code>" in shown
            assert passed.on in shown
            assert passed.seed in shown


@given(st.data())
@settings(max_examples=60)
def test_no_changed_character_goes_unseen(data: st.DataObject) -> None:
    """Wherever it stands; what was changed is told from what never was one."""
    at = data.draw(st.integers(0, len(PAGE) - 1))
    other = data.draw(st.characters(exclude_categories=["Cs"], exclude_characters=["\r", PAGE[at]]))
    with pytest.raises(CertificateError) as caught:
        read_certificate(f"{PAGE[:at]}{other}{PAGE[at + 1 :]}", "a.html")
    assert "was changed after it was made" in str(caught.value) or NOT_ONE in str(caught.value)


@pytest.mark.parametrize(
    ("shown", "instead"),
    [
        ("<bdi>Ada", "<bdi>Eve"),
        ("Ada Lovelace", "Grace Hopper"),
        ("def first_call(): ...", "def first_call(): return 1"),
        ("on 2026-11-29", "on 2020-01-01"),
        ("<h2>Check it", "<p>With honours.</p><h2>Check it"),
    ],
)
def test_a_page_that_shows_what_it_does_not_hold_is_refused(shown: str, instead: str) -> None:
    """Though its digest fits: what people read is what is run."""
    before, script, data = PAGE.partition("<script")
    changed = [f"{before.replace(shown, instead, 1)}{script}{data}"]
    if shown in data:
        changed.append(f"{before}{script}{data.replace(shown, instead, 1)}")
    for page in changed:
        assert page != PAGE
        with pytest.raises(CertificateError, match="shows something else than it holds"):
            read_certificate(sealed(page), "a.html")


def test_another_version_is_told_and_not_refused() -> None:
    """Its page may have been drawn otherwise, so it is not compared."""
    older = replace(ADA, version="0123456789ab")
    page = certificate_page(older).replace("<h1>", "<h1 class='old'>")
    found, note = read_certificate(sealed(page), "a.html")
    assert found == older
    assert f"version 0123456789ab of the course, and this is {course_version()}" in note


def _with(**changed: object) -> str:
    row = {**json.loads(data_text(ADA)), **changed}
    page = re.sub(
        r'(id="certificate">\n).*?(\n</script>)',
        lambda found: f"{found[1]}{json.dumps(row)}{found[2]}",
        PAGE,
        flags=re.DOTALL,
    )
    return sealed(page)


_LESSON: dict[str, Any] = json.loads(data_text(ADA))["lessons"][0]
_PASSED = _LESSON["passed"][0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": 2}, "its format is 2, and 1 is known here"),
        ({"format": True}, "its format is True"),
        ({"name": 5}, "name is 5"),
        ({"name": "\u202eadA"}, "its name is none"),
        ({"made": "yesterday"}, "made is 'yesterday', and no day"),
        ({"version": "<b>"}, "version is '<b>'"),
        ({"lessons": {}}, "lessons is {}"),
        ({"lessons": [7]}, "a lesson is no object"),
        ({"lessons": [_LESSON, _LESSON]}, "the lesson '00_start_here' stands in it twice"),
        ({"lessons": [{**_LESSON, "cells": None}]}, "cells is None"),
        ({"lessons": [{**_LESSON, "cells": [{}] * 2001}]}, "2,001 entries"),
        ({"lessons": [{**_LESSON, "passed": [_PASSED] * 2}]}, "'first_call' stands in it twice"),
        ({"lessons": [{**_LESSON, "passed": [{**_PASSED, "seed": "0x1"}]}]}, "seed is '0x1'"),
        ({"lessons": [{**_LESSON, "passed": [{**_PASSED, "seed": "a" * 65}]}]}, "seed is 'aaa"),
        ({"lessons": [{**_LESSON, "passed": [{**_PASSED, "points": -4}]}]}, "has -4 points"),
        ({"lessons": [{**_LESSON, "passed": [{**_PASSED, "points": True}]}]}, "points is True"),
        ({"lessons": [{**_LESSON, "passed": [{**_PASSED, "on": "2026-13-01"}]}]}, "and no day"),
    ],
)
def test_data_that_no_certificate_has_are_refused(changed: dict[str, Any], said: str) -> None:
    """By a sentence that names the value, never by a traceback."""
    with pytest.raises(CertificateError) as caught:
        read_certificate(_with(**changed), "a.html")
    assert str(caught.value).startswith("a.html holds no certificate that can be read: ")
    assert said in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=8,
    )
)
def test_any_other_json_is_one_error(value: object) -> None:
    """Which says what is wrong."""
    with pytest.raises(ValueError, match=r"format|no object"):
        parse_data(json.dumps(value))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", NOT_ONE),
        (b"\xff\xfe\x00", NOT_ONE),
        (b'{"cells": [], "nbformat": 4}', NOT_ONE),
        (PAGE[: len(PAGE) // 2].encode(), NOT_ONE),
        (PAGE.encode() * 2, NOT_ONE),
    ],
    ids=["empty", "no text", "a notebook", "cut off", "two in one"],
)
def test_what_is_no_certificate_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    """It names the file and what was expected."""
    path = tmp_path / "some\u202e.html"
    path.write_bytes(content)
    with pytest.raises(CertificateError) as caught:
        read_certificate_file(path)
    assert str(caught.value).startswith("some\u2039U+202E\u203a.html ")
    assert said in str(caught.value)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """A folder, nothing at all, and a file too large to be one."""
    large = tmp_path / "large.html"
    with large.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    for path, said in (
        (tmp_path, "is not a file"),
        (tmp_path / "none.html", "can't be read (No such file or directory)"),
        (large, "is too large for a certificate: 20,971,521 bytes"),
    ):
        with pytest.raises(CertificateError) as caught:
            read_certificate_file(path)
        assert said in str(caught.value)


def test_a_mark_of_utf8_is_no_change(tmp_path: Path) -> None:
    """Some programs put one first."""
    path = tmp_path / "a.html"
    path.write_bytes(PAGE.encode("utf-8-sig"))
    assert read_certificate_file(path) == (ADA, "")


def test_the_page_runs_and_loads_nothing() -> None:
    """Its one script element holds data, and the policy forbids the rest."""
    assert PAGE.count("<script") == PAGE.count('<script type="application/json"') == 1
    assert "default-src 'none'" in PAGE
    assert not re.search(r"(?:src|href)=(?!\"#)", PAGE)
    assert "Ada Lovelace" in unescape(PAGE)


@pytest.mark.parametrize("name", [None, 5, ["Ada"], "a" * 101])
def test_what_is_no_name_is_refused(name: object) -> None:
    """With what was given."""
    with pytest.raises(CertificateError, match="name"):
        clean_name(name)


def test_a_name_shows_what_is_hidden_in_it() -> None:
    """And is one line."""
    assert clean_name(" Ada\n Lovelace ") == "Ada Lovelace"
    assert clean_name("Ada\u202e") == "Ada\u2039U+202E\u203a"


def test_the_version_changes_with_a_check_and_not_with_line_ends(tmp_path: Path) -> None:
    """Nor with what no verdict hangs on."""
    package = Path(grader.__file__).parent
    for name in ("exercises/port/__init__.py", "look/ground.css", "cli/doctor.py"):
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((package / name).read_bytes())
    versions = []
    for name, change in (
        ("exercises/port/__init__.py", lambda text: text),
        ("exercises/port/__init__.py", lambda text: text.replace(b"\n", b"\r\n")),
        ("cli/doctor.py", lambda text: text + b"#"),
        ("exercises/port/__init__.py", lambda text: text + b"#"),
    ):
        path = tmp_path / name
        path.write_bytes(change(path.read_bytes()))
        course_version.cache_clear()
        versions.append(course_version(tmp_path))
    course_version.cache_clear()
    assert course_version(tmp_path) == versions[3]
    noted = tmp_path / NOTED
    noted.parent.mkdir()
    noted.write_text("0123456789ab\n", encoding="utf-8")
    course_version.cache_clear()
    assert course_version(tmp_path) == "0123456789ab"
    course_version.cache_clear()
    assert versions[0] == versions[1] == versions[2] != versions[3]
