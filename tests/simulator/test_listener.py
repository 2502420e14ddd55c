"""The listening socket: which addresses can be had, and who may reach them."""

import socket
from typing import NoReturn

import pytest

from grader.errors import PortError
from grader.simulator.listener import HOST, PORT, listen, url_of


def test_it_listens_on_this_machine_alone() -> None:
    """Unless a host is named; a free port is taken for 0."""
    with listen(port=0) as listener:
        host, port = listener.getsockname()
        assert (HOST, url_of(listener)) == (host, f"http://127.0.0.1:{port}")
        socket.create_connection((host, port)).close()


def test_replies_of_two_writes_do_not_wait_for_an_acknowledgement() -> None:
    """asyncio sets TCP_NODELAY on sockets that say they are TCP; 40 ms a reply without it."""
    with listen(port=0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="This machine has no address of IPv6.")
def test_an_address_of_ipv6_stands_in_brackets() -> None:
    """As URLs have it."""
    with listen("::1", 0) as listener:
        assert url_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_a_port_that_is_taken_is_a_sentence_with_another() -> None:
    """The error names the port and the command that works."""
    with listen(port=0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError) as caught:
            listen(port=port)
    assert str(caught.value) == (
        f"Port {port} of 127.0.0.1 cannot be had (Address already in use). Stop what listens "
        f"there, or choose another: grader serve --port {port % 65535 + 1}"
    )


def test_a_port_of_the_systems_own_is_a_sentence_with_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ports below 1024 are refused to everybody but root."""

    class Denied(socket.socket):
        def bind(self, address: object) -> NoReturn:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.simulator.listener.socket.socket", Denied)
    with pytest.raises(PortError) as caught:
        listen(port=80)
    assert str(caught.value) == (
        "Port 80 of 127.0.0.1 cannot be had (Permission denied). Ports below 1024 are the "
        f"system's: grader serve --port {PORT}"
    )


@pytest.mark.parametrize("host", ["no.such.host.invalid", "", "a" * 300, "127.0.0.1:8017"])
def test_a_host_that_is_not_known_is_a_sentence_with_the_fix(host: str) -> None:
    """Also one that is no name at all."""
    with pytest.raises(PortError, match=r"is not known here .* Leave --host out"):
        listen(host, 0)


def test_an_address_of_another_machine_is_a_sentence_with_the_fix() -> None:
    """192.0.2.1 is nobody's, for documentation."""
    with pytest.raises(PortError, match=r"no such address; leave --host out"):
        listen("192.0.2.1", 0, is_guarded=True)


def test_other_machines_are_kept_out_unless_a_key_is_asked_for() -> None:
    """The refusal names the option and the variable that let them in."""
    with pytest.raises(PortError, match=r"--host 0\.0\.0\.0 --api-key KEY, or set GRADER_API_KEY"):
        listen("0.0.0.0", 0)
    with listen("0.0.0.0", 0, is_guarded=True) as listener:
        assert url_of(listener).startswith("http://0.0.0.0:")
