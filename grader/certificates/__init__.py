"""A certificate: one HTML page that says what somebody passed, and holds all it takes to check it.

    text = certificate_page(certificate)
    certificate, note = read_certificate(text, "certificate.html")

The page is made from its data, and holds them as JSON. Nobody signs it: it has a digest of its own
content, and whoever doubts it runs the code again. Notebooks write certificates, `grader verify`
reads them; both sides meet here.
"""

from grader.certificates.content import Certificate, LearnerCell, LessonWork, Passed, clean_name
from grader.certificates.page import certificate_page
from grader.certificates.reading import read_certificate, read_certificate_file
from grader.certificates.version import course_version

__all__ = [
    "Certificate",
    "LearnerCell",
    "LessonWork",
    "Passed",
    "certificate_page",
    "clean_name",
    "course_version",
    "read_certificate",
    "read_certificate_file",
]
