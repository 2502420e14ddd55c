"""Read what `--cluster` names: an address, or a file that says it and may hold the keys to it.

Whoever reaches a scheduler can run code on it and on its workers. So a cluster is reached by TLS
with a certificate, unless all of it is on this machine's loopback.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import GradingError
from grader.grading.loopback import is_on_loopback

if TYPE_CHECKING:
    from distributed.security import Security

Json = Any

TLS, TCP = "tls://", "tcp://"
_PORT = 8786
"""Dask's own."""
_FORM = re.compile(
    r"(?P<scheme>tls://|tcp://|)(?P<host>\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+)(?::(?P<port>\d+))?"
)
_FROM_DASK = (
    "DASK_DISTRIBUTED__COMM__TLS__CA_FILE",
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT",
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY",
)


@dataclass(frozen=True)
class Address:
    """Hold where a scheduler is.

    certificate, key: PEM, the same for all who take part; "" if Dask's own configuration has them.
    """

    url: str
    certificate: str = ""
    key: str = ""

    def security(self) -> Security:
        """Return what Dask takes to connect; raises GradingError if no certificate is known."""
        if self.certificate:
            return shared_security(self.certificate, self.key)
        found = import_dask().Security()
        if self.url.startswith(TLS) and not (found.tls_ca_file and found.tls_client_cert):
            raise GradingError(
                f"{self.url} asks for a certificate, and none is named. Give the file that "
                f"`grader cluster` wrote instead, or set {', '.join(_FROM_DASK)}."
            )
        security: Security = found
        return security


def read_address(given: str) -> Address:
    """Return the cluster that an instructor named.

    given: an address, such as tls://lab:8786; or the file that `grader cluster` or Dask's
    --scheduler-file wrote. Raises GradingError, with the fix, also where Dask isn't installed.
    """
    import_dask()
    path = Path(given)
    if path.is_file():
        return _read_file(path)
    found = _FORM.fullmatch(given)
    if found is None or given.endswith(".json"):
        missing = (
            f"There is no file {given}" if given.endswith(".json") else f"{given!r} is no address"
        )
        raise GradingError(
            f"{missing}. Give that of a Dask scheduler, such as tls://lab:8786, or the file that "
            "`grader cluster` wrote."
        )
    host, port = found["host"], int(found["port"] or _PORT)
    scheme = found["scheme"] or (TCP if is_at_home(f"{TCP}{host}:{port}") else TLS)
    address = Address(f"{scheme}{host}:{port}")
    refuse_open(address.url)
    return address


def _read_file(path: Path) -> Address:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        address = Address(
            str(told["address"]), str(told.get("certificate", "")), str(told.get("key", ""))
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise GradingError(
            f"{path} does not say where a cluster is ({type(error).__name__}: {error}). Give the "
            "file that `grader cluster` or `dask scheduler --scheduler-file` wrote."
        ) from error
    if _FORM.fullmatch(address.url) is None or not address.url.startswith((TLS, TCP)):
        raise GradingError(
            f"{path} names {address.url!r}, which is no address such as tls://lab:8786."
        )
    refuse_open(address.url)
    return address


def refuse_open(url: str) -> None:
    """Raise GradingError for an address that others on the network could reach without a key."""
    if not is_closed(url):
        raise GradingError(
            f"The cluster at {url} is open: whoever reaches it can read submissions and run code. "
            "Start it with `grader cluster`, or with certificates of your own (tls://), or keep it "
            "on this machine: dask scheduler --host 127.0.0.1"
        )


def is_closed(url: str) -> bool:
    """Return whether an address asks for certificates, or is this machine's loopback."""
    return url.startswith((TLS, "inproc://")) or is_at_home(url)


def is_at_home(url: str) -> bool:
    """Return whether a plain address stands for this machine's loopback alone."""
    found = _FORM.fullmatch(url)
    if found is None or found["scheme"] == TLS:
        return False
    return is_on_loopback(found["host"].strip("[]"))


def shared_security(certificate: str, key: str) -> Security:
    """Return what Dask takes if all who take part have one certificate; both are PEM."""
    security: Security = import_dask().Security(
        require_encryption=True,
        tls_ca_file=certificate,
        **{f"tls_{role}_cert": certificate for role in ("client", "scheduler", "worker")},
        **{f"tls_{role}_key": key for role in ("client", "scheduler", "worker")},
    )
    return security


def import_dask() -> Any:
    """Return the package `distributed`; raises GradingError where it is not installed."""
    try:
        import distributed
    except ImportError as error:
        raise GradingError(
            f"Grading on a cluster needs Dask, and it can't be imported ({error}). In the course's "
            "folder run: .venv/bin/pip install -e '.[cluster]'"
        ) from error
    return distributed
