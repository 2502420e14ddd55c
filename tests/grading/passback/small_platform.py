"""A small learning platform on this machine: one course that speaks LTI 1.3 by lti1p3platform.

The library checks the tool's signature, gives out tokens, and refuses requests without the right
one. Members, columns and points are kept here, in pages as Canvas and Moodle send them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jwcrypto.jwk import JWK
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import (
    AssignmentsGradesService,
    NamesRoleProvisioningService,
)

Json = Any

PAGE = 2
"""How many members, columns or results come at once."""
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
TEACHER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


def member(user_id: str, **told: Json) -> Json:
    """Return a member of the course; a learner unless told otherwise."""
    return {"user_id": user_id, "roles": [LEARNER], "status": "Active", **told}


class SmallPlatform:
    """Hold a course and serve it.

    members: as Names and Roles tells them. columns: by id. scores: by column and member, as they
    were sent. failures: statuses that the next requests get instead of an answer.
    """

    def __init__(self, *members: Json, public_key: Json = None) -> None:
        self.members = list(members)
        self.columns: dict[str, Json] = {}
        self.scores: dict[tuple[str, str], Json] = {}
        self.failures: list[int] = []
        self.asked: list[str] = []
        self.scores_until_failure = -1
        self.public_key = public_key
        self.config = _Config(self)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def points(self, lesson: str) -> dict[str, float]:
        """Return the points that a lesson's column has, by member."""
        return {
            who: score["scoreGiven"]
            for (column, who), score in self.scores.items()
            if self.columns[column].get("tag") == lesson
        }

    @contextmanager
    def serving(self) -> Iterator[SmallPlatform]:
        """Serve until the block ends."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


class _Config(LTI1P3PlatformConfAbstract):
    """Know the one tool that is registered."""

    def __init__(self, platform: SmallPlatform) -> None:
        self._platform = platform
        super().__init__()

    def init_platform_config(self, **_options: Any) -> None:
        key = JWK.generate(kty="RSA", size=2048)
        registration = Registration()
        registration.set_iss("https://lms.example")
        registration.set_client_id("tool-7")
        registration.set_platform_private_key(
            key.export_to_pem(private_key=True, password=None).decode()
        )
        registration.set_platform_public_key(key.export_to_pem().decode())
        self._registration = registration

    def get_registration_by_params(self, **_options: Any) -> Registration:
        return self._registration

    def get_tool_key_set(self) -> Json:
        return {"keys": [self._platform.public_key]}


class _Asked(Request):
    def build_metadata(self, request: Json) -> Json:
        return request


def _page(entries: list[Json], page: Json) -> Json:
    start = (int(page) - 1) * PAGE
    return {"content": entries[start : start + PAGE], "has_next": start + PAGE < len(entries)}


class _Grades(AssignmentsGradesService):
    platform: SmallPlatform

    def find_lineitems(self, page: Json = 1, **_filters: Json) -> Json:
        return _page(list(self.platform.columns.values()), page)

    def find_lineitem(self, line_item_id: str) -> Json:
        return self.platform.columns[line_item_id]

    def create_lineitem(self, creation_data: Json) -> Json:
        id = f"{self.platform.address}/Items/{len(self.platform.columns) + 1}?type_id=4"
        self.platform.columns[id] = {**creation_data, "id": id}
        return self.platform.columns[id]

    def update_lineitem(self, update_data: Json) -> Json:
        raise NotImplementedError

    def delete_lineitem(self, line_item_id: str) -> None:
        raise NotImplementedError

    def update_score(self, line_item_id: str, score: Json) -> UpdateScoreStatus:
        key = (line_item_id, score["userId"])
        before = self.platform.scores.get(key)
        when = datetime.fromisoformat(score["timestamp"])
        if before and datetime.fromisoformat(before["timestamp"]) >= when:
            return UpdateScoreStatus.OLD_TIMESTAMP
        if score["userId"] not in {each["user_id"] for each in self.platform.members}:
            return UpdateScoreStatus.NOT_APPLIED
        self.platform.scores[key] = score
        return UpdateScoreStatus.SUCCESS

    def get_results(self, line_item_id: str, page: Json = 1, **_filters: Json) -> Json:
        most = self.platform.columns[line_item_id]["scoreMaximum"]
        # Each on the column's own scale, with two digits, as a gradebook shows them.
        found = [
            {
                "userId": who,
                "resultScore": round(score["scoreGiven"] * most / score["scoreMaximum"], 2),
                "resultMaximum": most,
            }
            for (column, who), score in self.platform.scores.items()
            if column == line_item_id
        ]
        return _page(found, page)


class _Names(NamesRoleProvisioningService):
    platform: SmallPlatform

    def get_member_data_page(self, page: Json = 1, **_filters: Json) -> Json:
        return _page(self.platform.members, page)

    def get_context_by_id(self) -> Context:
        return Context("course-1", "API", "Messages API")


def _handler(platform: SmallPlatform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            place = urlsplit(self.path)
            platform.asked.append(f"{method} {place.path}")
            if platform.failures:
                self._send(platform.failures.pop(0), {"error": "try again"})
                return
            query = dict(parse_qsl(place.query))
            if place.path == "/token":
                self._send(*_token(platform, dict(parse_qsl(sent.decode()))))
                return
            if place.path.endswith("/scores"):
                if platform.scores_until_failure == 0:
                    self._send(403, {"error": "the course is closed"})
                    return
                platform.scores_until_failure -= 1
            asked = _Asked(
                {
                    "method": method,
                    "get_data": {"page": query["page"]} if "page" in query else {},
                    "headers": self.headers,
                    "json": json.loads(sent) if sent else None,
                }
            )
            self._serve(asked, place.path, query)

        def _serve(self, asked: _Asked, path: str, query: dict[str, str]) -> None:
            grades = _Grades(asked, platform.config, f"{platform.address}/Items")
            names = _Names(asked, platform.config, f"{platform.address}/people")
            grades.platform = names.platform = platform
            id = f"{platform.address}{path.rpartition('/')[0]}?type_id=4"
            if path == "/people":
                reply = names.handle_resp(names.handle_get_members)
                following = names.get_member_data_page(**asked.get_data)["has_next"]
            elif path == "/Items":
                handle = (
                    grades.handle_create_lineitem
                    if asked.method == "POST"
                    else grades.handle_get_lineitems
                )
                reply = grades.handle_resp(handle)
                following = asked.method == "GET" and _has_next(reply)
            elif path.endswith("/results"):
                reply = grades.handle_resp(grades.handle_get_results, line_item_id=id)
                following = _has_next(reply)
            elif path.endswith("/scores"):
                reply = grades.handle_resp(grades.handle_update_score, line_item_id=id)
                following = False
            else:
                self._send(404, {"error": "no such place"})
                return
            body = reply.result
            if isinstance(body, dict) and "content" in body:
                body = body["content"]
            link = ""
            if following:
                number = int(query.get("page", 1)) + 1
                kept = {**query, "page": str(number)}
                told = "&".join(f"{name}={value}" for name, value in kept.items())
                link = f'<{platform.address}{path}?{told}>; rel="next"'
            self._send(reply.code, body if reply.code < 400 else {"error": reply.message}, link)

        def _send(self, status: int, body: Json, link: str = "") -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            if link:
                self.send_header("Link", link)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    return Handler


def _has_next(reply: Any) -> bool:
    return isinstance(reply.result, dict) and bool(reply.result.get("has_next"))


def _token(platform: SmallPlatform, asked: dict[str, str]) -> tuple[int, Json]:
    try:
        return 200, platform.config.get_access_token(asked)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a request is its sender's
        return 401, {"error": "invalid_client", "error_description": str(error)}
