"""Headers: the API's own, with the names and the forms that they have in recorded replies."""

import re
from collections.abc import Callable
from typing import Any

from grader.simulator import Fault, Reply, Script, text

Row = dict[str, Any]

LIMITS = r"anthropic-ratelimit-(input-tokens|output-tokens|requests|tokens)"
FORMS = {
    "content-type": r"application/json|text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "request-id": r"req_01[1-9A-HJ-NP-Za-km-z]{22}",
    "anthropic-organization-id": r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}",
    "anthropic-workspace-id": r"wrkspc_01[1-9A-HJ-NP-Za-km-z]{22}",
    "x-should-retry": "true|false",
    rf"{LIMITS}-(limit|remaining)": r"\d+",
    rf"{LIMITS}-reset": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
}
"""The API's own headers, and how their values look."""

INFRASTRUCTURE = {
    "cf-cache-status",
    "cf-ray",
    "connection",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "date",
    "server",
    "server-timing",
    "set-cookie",
    "strict-transport-security",
    "traceresponse",
    "transfer-encoding",
    "vary",
    "x-envoy-upstream-service-time",
    "x-robots-tag",
}
"""What the network around the API adds; the simulator has none, and sends none of it."""

SINCE = "2026-04"
WORKSPACE = ("anthropic-workspace-id", "2026-08-10")
"""The newest header, and the first day on which it is recorded."""

STRIPPED = {"35598d9668e1": {"anthropic-organization-id"}}
"""A recording of an unknown model that lacks what its older siblings have; one of one."""


def own(names: Any) -> set[str]:
    """Return the API's own headers among some."""
    return {name for name in names if any(re.fullmatch(form, name) for form in FORMS)}


def newest(pairs: list[Row]) -> list[Row]:
    """Return the rows since April 2026 whose headers were all kept."""
    rows = [row for row in pairs if (row["date"] or "") >= SINCE]
    return [row for row in rows if "request-id" in named(row)]


def named(row: Row) -> set[str]:
    """Return the names of a recorded reply's headers."""
    return {name.lower() for name in row["response_header_names"] or []}


def answer(row: Row, resend: Callable[..., Reply]) -> Reply:
    """Return the simulator's reply of the same status."""
    if row["status"] == 401:
        return resend(row, api_key="another")
    if row["status"] == 200:
        return resend(row, Script(text("Hi.")), adapted=True)
    return resend(row, Script(Fault(row["status"], "Words.")))


def test_replies_have_the_apis_own_headers(
    pairs: list[Row], resend: Callable[..., Reply], tell
) -> None:
    """All that are recorded for their kind, no other of the API's, and nobody else's."""
    rows = [row for row in newest(pairs) if row["url_path"] != "/v1/models"]
    for row in rows:
        ours = set(answer(row, resend).headers)
        expected = own(named(row)) | STRIPPED.get(row["id"], set())
        name, day = WORKSPACE
        if row["date"] < day and row["status"] != 401:
            expected |= {name}
        assert ours == expected, (row["id"], row["status"])
    tell("headers as recorded", f"{len(rows)} of {len(rows)} replies")
    tell("headers of the network, left out", ", ".join(sorted(INFRASTRUCTURE)))


def test_no_recorded_header_is_overlooked(pairs: list[Row]) -> None:
    """Each is one of the API's own or of the network's."""
    names = set().union(*(named(row) for row in newest(pairs)))
    assert names - own(names) == INFRASTRUCTURE


def test_headers_look_as_recorded(pairs: list[Row], resend: Callable[..., Reply]) -> None:
    """Theirs and ours; what the recordings blank out is passed over."""
    seen = set()
    for row in newest(pairs):
        recorded = (row["response_headers"] or {}).items()
        sent = answer(row, resend).headers.items() if row["url_path"] != "/v1/models" else ()
        for name, value in [*recorded, *sent]:
            form = next((f for n, f in FORMS.items() if re.fullmatch(n, name.lower())), None)
            if form is not None and not re.search(r"<|XXX", value):
                assert re.fullmatch(form, value), (row["id"], name, value)
                seen.add(name.lower())
    assert len(seen) > 15
