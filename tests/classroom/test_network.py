"""The way to a real server: which proxy, past which one, and what is said of a broken one."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from grader.classroom import connect, connect_async, connect_openai
from grader.classroom.network import check_way, find_proxy, is_loopback, proxy_remark
from grader.errors import ConnectionChoiceError

LIVE = "https://api.anthropic.com"
PROXY = "http://proxy.example:3128"
CONNECTS = [connect, connect_async, connect_openai]
HERE = [
    "localhost",
    "LocalHost",
    "localhost.",
    "api.localhost",
    "127.0.0.1",
    "127.8.9.10",
    "127.1",
    "0.0.0.0",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine of the tests has set."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL_CERT_"):
            monkeypatch.delenv(name)


def way(base_url: str) -> str | None:
    """Return the URL of the proxy for an address."""
    found = find_proxy(base_url, os.environ)
    return None if found is None else found.url


@pytest.mark.parametrize("port", ["", ":8017"])
@pytest.mark.parametrize("host", HERE)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_this_machine_is_reached_without_a_proxy(
    name: str, host: str, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And which proxy is passed over is said."""
    monkeypatch.setenv(name, PROXY)
    address = f"http://{host}{port}"
    assert way(address) is None
    assert proxy_remark(address, os.environ) == (
        f"Requests to this machine don't go through the proxy of {name}."
    )


@pytest.mark.parametrize(
    "host", ["localhost.example", "128.0.0.1", "10.0.0.1", "[::2]", "[fe80::1]", "127.example", ""]
)
def test_another_machine_is_not_this_one(host: str) -> None:
    """However alike the names are."""
    assert not is_loopback(host.strip("[]"))


@pytest.mark.parametrize(
    ("variables", "address", "proxy"),
    [
        ({"HTTPS_PROXY": PROXY}, LIVE, PROXY),
        ({"https_proxy": PROXY}, LIVE, PROXY),
        ({"ALL_PROXY": PROXY}, LIVE, PROXY),
        ({"HTTPS_PROXY": PROXY, "ALL_PROXY": "http://other"}, LIVE, PROXY),
        ({"HTTPS_PROXY": "http://other", "https_proxy": PROXY}, LIVE, PROXY),
        ({"HTTPS_PROXY": "proxy.example:3128"}, LIVE, PROXY),
        ({"HTTP_PROXY": PROXY}, LIVE, None),
        ({"HTTPS_PROXY": ""}, LIVE, None),
        ({}, LIVE, None),
        ({"HTTP_PROXY": PROXY}, "http://10.1.2.3:80", PROXY),
    ],
)
def test_a_proxy_is_found_where_the_sdk_finds_it(
    variables: dict[str, str], address: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a company's proxy the live API is reached as the SDK alone would reach it."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert way(address) == proxy
    assert proxy_remark(address, os.environ) == ""


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
@pytest.mark.parametrize(
    ("exceptions", "address"),
    [
        ("*", LIVE),
        ("anthropic.com", LIVE),
        (".anthropic.com", LIVE),
        ("*.anthropic.com", LIVE),
        ("a.example, api.anthropic.com", LIVE),
        ("a.example api.anthropic.com", LIVE),
        ("API.Anthropic.com:443", LIVE),
        ("https://api.anthropic.com", LIVE),
        ("10.0.0.0/8", "https://10.1.2.3:8443"),
        ("10.1.2.3", "https://10.1.2.3:8443"),
        ("10.1.2.3:8443", "https://10.1.2.3:8443"),
        ("fd00::/8", "https://[fd00::1]:8443"),
        ("fd00::1", "https://[fd00::1]:8443"),
        ("[fd00::1]", "https://[fd00::1]:8443"),
        ("[fd00::1]:8443", "https://[fd00::1]:8443"),
    ],
)
def test_what_no_proxy_names_is_reached_without_one(
    name: str, exceptions: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each form that people write."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    assert way(address) == PROXY
    monkeypatch.setenv(name, exceptions)
    assert way(address) is None


@pytest.mark.parametrize(
    ("exceptions", "address"),
    [
        ("", LIVE),
        (",", LIVE),
        ("opic.com", LIVE),
        ("api.anthropic.com:8443", LIVE),
        ("example.com", LIVE),
        ("11.0.0.0/8", "https://10.1.2.3"),
        ("10.0.0.0/8", LIVE),
        ("nonsense/8", LIVE),
        ("fd00::2", "https://[fd00::1]:8443"),
    ],
)
def test_what_no_proxy_does_not_name_keeps_its_proxy(
    exceptions: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the end of a name nor another port is a match."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", exceptions)
    assert way(address) == PROXY


def test_a_server_here_that_no_proxy_names_is_not_remarked_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is passed over there that would have been taken."""
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    assert proxy_remark("http://localhost:8017", os.environ) == ""


@pytest.mark.parametrize("connects", CONNECTS)
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
def test_a_socks_proxy_without_its_package_says_what_to_install(
    name: str, scheme: str, connects: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable is named, and a password in it is not shown."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    monkeypatch.setenv(name, f"{scheme}://me:secret@proxy.example:1080")
    monkeypatch.setattr("grader.classroom.network.find_spec", lambda _name: None)
    with pytest.raises(ConnectionChoiceError) as caught:
        connects()
    told = str(caught.value)
    assert told.startswith(f"{name} is '{scheme}://…@proxy.example:1080'")
    assert "%pip install socksio" in told
    assert "secret" not in told


@pytest.mark.parametrize("connects", CONNECTS)
@pytest.mark.parametrize(
    "value", ["http://", "socks4://proxy:1", "ftp://proxy", "http://proxy:port", "http://[::1", ":"]
)
def test_what_is_no_proxy_is_named(
    value: str, connects: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK alone would raise a ValueError that names no variable."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(ConnectionChoiceError, match=r"^HTTPS_PROXY is .*isn't a proxy that"):
        connects()


@pytest.mark.parametrize("connects", CONNECTS)
@pytest.mark.parametrize("what", ["absent", "a folder", "no certificate"])
def test_certificates_that_cannot_be_read_are_named(
    what: str, connects: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK alone would raise "No such file or directory" and no name."""
    path = tmp_path / "certificates.pem"
    if what == "a folder":
        path.mkdir()
    elif what == "no certificate":
        path.write_text("nothing")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ConnectionChoiceError) as caught:
        connects()
    assert str(caught.value).startswith(
        f"SSL_CERT_FILE is {str(path)!r}, and the SDK can't read certificates"
    )
    assert "unset it" in str(caught.value)


@pytest.mark.parametrize("connects", CONNECTS)
def test_a_folder_of_certificates_that_is_not_there_is_named(
    connects: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request would fail as if the server were a false one."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "absent"))
    with pytest.raises(ConnectionChoiceError, match=r"^SSL_CERT_DIR is .* no such folder"):
        connects()
    monkeypatch.setenv("SSL_CERT_DIR", os.pathsep.join([str(tmp_path / "absent"), str(tmp_path)]))
    connects()


def test_the_simulator_needs_neither_proxy_nor_certificates(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing leaves the process, so nothing is asked of the network."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy")
    monkeypatch.setenv("SSL_CERT_FILE", "absent.pem")
    connect()
    assert capsys.readouterr().out.startswith("Simulated: ")


def test_a_way_without_trouble_is_its_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusals above are of what cannot work."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    found = check_way(LIVE, os.environ)
    assert found is not None
    assert (found.url, found.source) == (PROXY, "HTTPS_PROXY")


class _Answer(BaseHTTPRequestHandler):
    """Answer each request with an error that says which server it was."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        content = b'{"type":"error","error":{"type":"api_error","message":"the server"}}'
        self.send_response(418)
        self.send_header("content-length", str(len(content)))
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Return the address of a server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}"
        finally:
            listening.shutdown()
            thread.join()


def ask(connects: Callable[..., object]) -> int:
    """Return the status that a client of each kind gets."""
    asked = {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}

    async def ask_async() -> int:
        async with connect_async() as client:
            try:
                await client.messages.create(**asked)  # type: ignore[call-overload]
            except Exception as error:  # noqa: BLE001 - two SDKs, each with its own
                return int(getattr(error, "status_code", 0))
        return 0

    if connects is connect_async:
        return asyncio.run(ask_async())
    with contextlib.closing(connects()) as client:  # type: ignore[type-var]
        made = client.messages if connects is connect else client.chat.completions  # type: ignore[attr-defined]
        try:
            made.create(**asked)
        except Exception as error:  # noqa: BLE001 - two SDKs, each with its own
            return int(getattr(error, "status_code", 0))
    return 0


@pytest.mark.parametrize("connects", CONNECTS)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "all_proxy"])
def test_a_real_request_to_this_machine_passes_over_the_proxy(
    name: str,
    connects: Callable[..., object],
    server: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It arrives, where a proxy that nobody runs would have lost it."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server)
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(connects) == 418
    assert capsys.readouterr().out.splitlines()[1] == (
        f"Requests to this machine don't go through the proxy of {name}."
    )
