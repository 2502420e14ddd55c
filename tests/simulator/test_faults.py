"""Faults: their type and their envelope."""

from grader.simulator import Fault
from grader.simulator.faults import Refused, invalid


def test_a_fault_has_the_apis_envelope() -> None:
    """Type, error and request id, in this order."""
    envelope = Fault(529, "Overloaded").envelope("req_01")
    assert list(envelope) == ["type", "error", "request_id"]
    assert envelope == {
        "type": "error",
        "error": {"type": "overloaded_error", "message": "Overloaded"},
        "request_id": "req_01",
    }


def test_a_413_has_that_of_the_networks_edge() -> None:
    """Neither an outer type nor a request id."""
    error = {"type": "request_too_large", "message": "Too large"}
    assert Fault(413, "Too large").envelope("req_01") == {"error": error}


def test_a_status_without_a_type_of_its_own_is_an_api_error() -> None:
    """As 502 and 503 of a gateway."""
    assert Fault(503, "Unavailable").type == "api_error"


def test_a_refusal_says_what_it_carries() -> None:
    """So that one that escapes can be read."""
    refused = invalid("max_tokens: Field required")
    assert isinstance(refused, Refused)
    assert refused.fault == Fault(400, "max_tokens: Field required")
    assert str(refused) == "400 invalid_request_error: max_tokens: Field required"
