"""What `--cluster` names: addresses, files, and which of them are refused."""

import json
import sys
from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.grading.cluster.address import Address, is_closed, read_address


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("tls://lab:8786", "tls://lab:8786"),
        ("tls://lab", "tls://lab:8786"),
        ("lab:1234", "tls://lab:1234"),
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://localhost:8786", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("tls://192.0.2.7:8786", "tls://192.0.2.7:8786"),
    ],
)
def test_an_address_is_encrypted_unless_it_is_this_machine(given: str, url: str) -> None:
    """Nobody has to write tls:// for it."""
    assert read_address(given) == Address(url)


@pytest.mark.parametrize(
    "given", ["tcp://192.0.2.7:8786", "tcp://0.0.0.0:8786", "tcp://[2001:db8::1]:1"]
)
def test_an_open_cluster_is_refused_with_the_ways_to_close_it(given: str) -> None:
    """Whoever reaches it could run code, so it is not a question of taste."""
    with pytest.raises(GradingError, match=r"is open.*grader cluster.*tls://.*127\.0\.0\.1"):
        read_address(given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("http://lab:8786", "is no address"),
        ("lab:port", "is no address"),
        ("", "is no address"),
        ("tcp://a b:1", "is no address"),
        ("nowhere/lab.json", "There is no file nowhere/lab.json"),
    ],
)
def test_what_is_no_address_names_one(given: str, said: str) -> None:
    """A slip ends before anything starts."""
    with pytest.raises(GradingError, match=f"{said}.*tls://lab:8786.*grader cluster"):
        read_address(given)


def test_a_file_has_the_address_and_the_keys(tmp_path: Path) -> None:
    """Ours has the certificate; that of Dask's --scheduler-file has none."""
    ours, dask = tmp_path / "lab.json", tmp_path / "scheduler.json"
    ours.write_text(json.dumps({"address": "tls://192.0.2.7:1", "certificate": "C", "key": "K"}))
    dask.write_text(
        json.dumps({"type": "Scheduler", "address": "tls://192.0.2.7:1", "workers": {}})
    )
    assert read_address(str(ours)) == Address("tls://192.0.2.7:1", "C", "K")
    assert read_address(str(dask)) == Address("tls://192.0.2.7:1")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "torn {", '{"address": 7}', '{"address": "http://x"}']
)
def test_another_file_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    """It names the file."""
    path = tmp_path / "lab.json"
    path.write_text(text)
    with pytest.raises(GradingError, match=r"lab\.json (does not say|names)"):
        read_address(str(path))


def test_an_open_cluster_in_a_file_is_refused_too(tmp_path: Path) -> None:
    """Dask's own default is one."""
    path = tmp_path / "scheduler.json"
    path.write_text(json.dumps({"address": "tcp://192.0.2.7:8786"}))
    with pytest.raises(GradingError, match="is open"):
        read_address(str(path))


def test_tls_without_a_certificate_says_how_to_name_one() -> None:
    """By our file, or by Dask's own variables."""
    with pytest.raises(GradingError, match=r"asks for a certificate.*DASK_DISTRIBUTED__COMM__TLS"):
        Address("tls://192.0.2.7:1").security()


def test_without_dask_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(GradingError, match=r"pip install -e '\.\[cluster\]'"):
        read_address("tls://lab:8786")


def test_only_loopback_and_certificates_are_closed() -> None:
    """A name that nobody knows is not."""
    assert is_closed("tls://anywhere:1")
    assert is_closed("tcp://127.3.2.1:1")
    assert not is_closed("tcp://nobody.invalid:1")
    assert not is_closed("ws://127.0.0.1:1")
