"""The services of one course in a learning platform: its members, its columns, its points.

pylti1p3next asks for tokens, follows pages and knows the media types; here requests get time-outs
and second tries, and what goes wrong gets words.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from grader.errors import GradingError
from grader.grading.passback.platform import Platform, missing_extra
from grader.grading.roster import Enrolled

try:
    import requests
    from pylti1p3.assignments_grades import AssignmentsGradesService
    from pylti1p3.exception import LtiException, LtiServiceException
    from pylti1p3.grade import Grade
    from pylti1p3.lineitem import LineItem
    from pylti1p3.names_roles import NamesRolesProvisioningService
    from pylti1p3.registration import Registration
    from pylti1p3.service_connector import ServiceConnector
    from requests.adapters import HTTPAdapter
    from urllib3 import Retry
except ModuleNotFoundError as error:
    raise missing_extra() from error

Json = Any

_SCOPES: Json = [
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
]
"""As the Assignment and Grade Services 2.0 name them."""
_LEARNER = "Learner"
_SECONDS = 30
_TRIES = 4
_BUSY = (429, 500, 502, 503, 504)
_MARGIN = 60.0
"""How many seconds before its end a token is taken for old."""
_MOST_SHOWN = 200


@dataclass(frozen=True)
class Score:
    """Hold what a platform has for somebody: points of a maximum."""

    points: float
    maximum: float

    @property
    def share(self) -> float:
        """Return which part of the maximum the points are."""
        return self.points / self.maximum


class Course:
    """Read and write the gradebook of one course.

    Every method raises GradingError with the platform's words when it refuses or is not reached.
    """

    def __init__(self, platform: Platform) -> None:
        registration = Registration()
        registration.set_client_id(platform.client_id)
        registration.set_auth_token_url(platform.token_url)
        registration.set_tool_private_key(platform.private_key)
        registration.set_tool_public_key(platform.public_key)
        if platform.audience:
            registration.set_auth_audience(platform.audience)
        connector = _Connector(registration, _session())
        self._grades = AssignmentsGradesService(
            connector, {"scope": _SCOPES, "lineitems": platform.line_items_url}
        )
        self._names = NamesRolesProvisioningService(
            connector, {"context_memberships_url": platform.memberships_url}
        )

    def learners(self) -> tuple[Enrolled, ...]:
        """Return who learns in the course; student is the id that the platform gives points by."""
        with _told():
            return tuple(
                _enrolled(each)
                for each in self._names.get_members()
                if any(str(role).rpartition("#")[2] == _LEARNER for role in each.get("roles", ()))
                and each.get("status", "Active") == "Active"
            )

    def find_column(self, lesson: str) -> LineItem | None:
        """Return a lesson's column in the gradebook, None if there is none yet."""
        with _told():
            return self._grades.find_lineitem_by_tag(lesson)

    def make_column(self, lesson: str, title: str, maximum: float) -> LineItem:
        """Make a lesson's column, and return it."""
        item = LineItem().set_tag(lesson).set_label(title).set_score_maximum(maximum)
        with _told():
            return self._grades.create_lineitem(item)

    def scores(self, column: LineItem) -> Mapping[str, Score]:
        """Return what a column has, by the platform's ids; who has nothing is left out."""
        with _told():
            found = list(self._grades.get_grades(column))
        return {
            str(each["userId"]): Score(
                float(each["resultScore"]), float(each.get("resultMaximum") or 1)
            )
            for each in found
            if isinstance(each, dict) and each.get("resultScore") is not None
        }

    def give(self, column: LineItem, student: str, score: Score) -> None:
        """Put somebody's points into a column; student: the platform's id."""
        grade = (
            Grade()
            .set_user_id(student)
            .set_score_given(score.points)
            .set_score_maximum(score.maximum)
            # A platform drops what isn't newer than what it has, to the fraction of a second.
            .set_timestamp(datetime.now(UTC).isoformat(timespec="microseconds"))
            .set_activity_progress("Completed")
            .set_grading_progress("FullyGraded")
        )
        with _told():
            self._grades.put_grade(grade, column)


class _Connector(ServiceConnector):
    """Keep tokens until shortly before they end."""

    def __init__(self, registration: Registration, session: requests.Session) -> None:
        super().__init__(registration, session)
        self._kept: dict[str, tuple[str, float]] = {}

    def _get_cached_access_token(self, scope_key: str) -> str | None:
        token, end = self._kept.get(scope_key, ("", 0.0))
        return token if time.monotonic() < end else None

    def _cache_access_token(self, scope_key: str, access_token: str, expires_in: float) -> None:
        self._kept[scope_key] = access_token, time.monotonic() + float(expires_in) - _MARGIN


class _Session(requests.Session):
    """Wait for no answer for ever."""

    def request(self, *args: Any, **options: Any) -> requests.Response:
        return super().request(*args, **{"timeout": _SECONDS, **options})


def _session() -> requests.Session:
    # A score may be sent twice: it has a moment, and the same one changes nothing.
    patient = Retry(
        total=_TRIES,
        backoff_factor=0.5,
        status_forcelist=_BUSY,
        allowed_methods=None,
        raise_on_status=False,
    )
    session = _Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=patient))
    return session


def _enrolled(member: Mapping[str, Json]) -> Enrolled:
    def told(name: str) -> str:
        return str(member.get(name) or "")

    family, given = told("family_name"), told("given_name")
    return Enrolled(
        told("user_id"),
        name=told("name") or f"{given} {family}".strip(),
        sortable=f"{family}, {given}" if family and given else "",
        # Not in the specification; Moodle and Canvas send one of these where they may.
        login=told("ext_user_username") or told("ext_sourced_id"),
        email=told("email"),
        number=told("lis_person_sourcedid"),
    )


@contextmanager
def _told() -> Iterator[None]:
    """Turn what goes wrong into a sentence."""
    try:
        yield
    except LtiServiceException as error:
        reply = error.response
        place = urlsplit(str(reply.url))
        said = " ".join(reply.text.split())[:_MOST_SHOWN]
        raise GradingError(
            f"{place.hostname} answered {reply.status_code} at {place.path}: {said or '(nothing)'}."
            f" {_advice(reply.status_code)}"
        ) from error
    except requests.RequestException as error:
        place = urlsplit(str(error.request.url if error.request else ""))
        raise GradingError(
            f"{place.hostname or 'The learning platform'} can't be reached ({error}). Look at the "
            "addresses in the platform's file, then run the same command again."
        ) from error
    except (LtiException, KeyError, TypeError, ValueError) as error:
        raise GradingError(
            f"The learning platform's answer isn't what LTI says ({type(error).__name__}: {error})."
        ) from error


def _advice(status: int) -> str:
    if status in (400, 401, 403):
        return (
            "Look whether the tool is registered with this key and client_id, and may use line "
            "items, scores, results, and names and roles."
        )
    if status in (404, 405):
        return "Look at the addresses in the platform's file."
    return "Run the same command again; what was sent is remembered."
