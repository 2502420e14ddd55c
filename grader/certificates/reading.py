"""Read a certificate back from its page, and say in one sentence what is wrong with one."""

from __future__ import annotations

import stat
from pathlib import Path

from grader.certificates.content import Certificate, parse_data
from grader.certificates.page import (
    certificate_page,
    data_of_page,
    digest_in_page,
    digest_of_page,
)
from grader.certificates.version import course_version
from grader.errors import CertificateError
from grader.look.inert import visible

LARGEST = 20 * 1024 * 1024
"""How many bytes we read; a certificate of the whole course has about 500,000."""
_OTHER_VERSION = (
    "It was made with version {made} of the course, and this is {here}: its code is checked as "
    "this version checks, and what its page shows can't be compared. Go by what stands here."
)


def read_certificate_file(path: Path) -> tuple[Certificate, str]:
    """Return what `read_certificate` finds in a file; raises CertificateError if it can't."""
    name = visible(path.name) or str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise CertificateError(f"{name} is not a file. Name the certificate's page itself.")
        if status.st_size > LARGEST:
            raise CertificateError(
                f"{name} is too large for a certificate: {status.st_size:,} bytes, and "
                f"{LARGEST:,} is the most."
            )
        content = path.read_bytes()
    except OSError as error:
        raise CertificateError(f"{name} can't be read ({error.strerror}).") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CertificateError(_not_one(name)) from error
    return read_certificate(text, name)


def read_certificate(text: str, name: str) -> tuple[Certificate, str]:
    """Return the certificate in a page, and a note if it is of another version of the course.

    name: the file's, for the error. Raises CertificateError for what is no certificate, and for
    one that was changed after it was made. Line ends may have changed on its way.
    """
    text = text.replace("\r\n", "\n")
    said, data = digest_in_page(text), data_of_page(text)
    if said is None or data is None:
        raise CertificateError(_not_one(name))
    comes_to = digest_of_page(text)
    if comes_to != said:
        raise CertificateError(
            f"{name} was changed after it was made: it says that its digest is {said[:12]}…, and "
            f"its content comes to {comes_to[:12]}…. Ask for the page as it was written."
        )
    try:
        certificate = parse_data(data)
    except ValueError as error:
        raise CertificateError(f"{name} holds no certificate that can be read: {error}.") from error
    here = course_version()
    if certificate.version != here:
        return certificate, _OTHER_VERSION.format(made=certificate.version, here=here)
    if certificate_page(certificate) != text:
        raise CertificateError(
            f"{name} was changed: it shows something else than it holds to be checked. Ask for the "
            "page as it was written."
        )
    return certificate, ""


def _not_one(name: str) -> str:
    return (
        f"{name} isn't a certificate of this course. Expected the page that "
        "progress().certificate() wrote."
    )
