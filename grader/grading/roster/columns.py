"""What the columns of a roster are called, by Canvas, Moodle, GitHub, nbgrader and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

KNOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "login": (
            "sisloginid",
            "loginid",
            "login",
            "username",
            "studentid",
            "student",
            "netid",
            "userid",
            "user",
            "benutzername",
            "anmeldename",
            "nomdutilisateur",
            "nombredeusuario",
            "identifiant",
        ),
        "name": (
            "name",
            "fullname",
            "studentname",
            "displayname",
            "vollständigername",
            "nomcomplet",
            "nombrecompleto",
        ),
        "first": ("firstname", "givenname", "forename", "vorname", "prénom", "nombre"),
        "last": (
            "lastname",
            "surname",
            "familyname",
            "nachname",
            "nom",
            "nomdefamille",
            "apellidos",
        ),
        "email": (
            "emailaddress",
            "email",
            "mail",
            "emailadresse",
            "adressedecourriel",
            "courriel",
            "direccióndecorreo",
        ),
        "number": (
            "sisuserid",
            "idnumber",
            "studentnumber",
            "matriculationnumber",
            "matrikelnummer",
            "idnummer",
            "numérodidentification",
            "númerodeid",
        ),
        "canvas": ("canvasid", "canvasuserid", "lmsuserid"),
        "participant": ("participant", "participantid"),
        "github": ("githubusername", "github", "githublogin", "githubuser", "githubaccount"),
        "section": ("section", "sections", "group", "groups", "class", "gruppe", "gruppen", "kurs"),
    }
)
"""The names of each field's column, without case, spaces and punctuation; the first one counts."""

GRADE, MAXIMUM = ("grade", "bewertung"), ("maximumgrade", "höchstebewertung", "bestwertung")
CHANGED = ("lastmodifiedgrade", "zuletztgeändertbewertung")
HANDED_IN = ("lastmodifiedsubmission", "zuletztgeändertabgabe")
IDENTIFIER = "identifier"


def plain(title: str) -> str:
    """Return a title without case, spaces and punctuation."""
    return "".join(filter(str.isalnum, title.casefold()))


def place_of(head: Sequence[str], names: Sequence[str]) -> int:
    """Return the number of the column that has the first of these names, or -1."""
    titles = [plain(each) for each in head]
    return next((titles.index(each) for each in names if each in titles), -1)


def is_canvas(head: Sequence[str]) -> bool:
    """Return whether a header is that of Canvas's gradebook (its lib/gradebook_importer.rb)."""
    titles = [plain(each) for each in head]
    begins = titles[:2] == ["student", "id"] or titles[:3] == ["lastname", "firstname", "id"]
    return begins and "section" in titles


def is_worksheet(head: Sequence[str]) -> bool:
    """Return whether a header is that of Moodle's grading worksheet.

    Its import needs Identifier, Grade and Last modified (grade)
    (mod/assign/feedback/offline/importgradeslib.php).
    """
    titles = [plain(each) for each in head]
    return titles[:1] == [IDENTIFIER] and place_of(head, (*GRADE, *CHANGED)) >= 0


def known_in(head: Sequence[str]) -> int:
    """Return how many columns of a header are known."""
    names = {name for each in KNOWN.values() for name in each} | {"id", IDENTIFIER}
    return sum(plain(each) in names for each in head)


def fields_of(head: Sequence[str]) -> dict[str, int]:
    """Return the number of each field's column; a field that the header lacks is left out."""
    found = {name: place_of(head, names) for name, names in KNOWN.items()}
    titles = [plain(each) for each in head]
    if is_canvas(head):
        # Its Student is a name such as Doe, Jane, and its ID a number of its own.
        found |= {"login": place_of(head, KNOWN["login"][:2]), "canvas": titles.index("id")}
        found["name"] = titles.index("student") if "student" in titles else -1
    elif is_worksheet(head):
        found |= {"participant": 0, "handed_in": place_of(head, HANDED_IN)}
    else:
        if found["login"] >= 0 and titles[found["login"]] == "student" and "id" in titles:
            found["name"] = found["login"] if found["name"] < 0 else found["name"]
            found["login"] = titles.index("id")
        for other in ("id", IDENTIFIER):
            # nbgrader's student list has id, GitHub Classroom's roster identifier.
            if found["login"] < 0 and other in titles:
                found["login"] = titles.index(other)
    return {name: place for name, place in found.items() if place >= 0}
