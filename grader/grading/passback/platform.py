"""How a learning platform's services of one course are reached: a TOML file and a key."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grader.errors import GradingError
from grader.grading.loopback import is_on_loopback
from grader.grading.whole_file import write_whole

_KEY_BITS = 2048
_ADDRESSES = ("token_url", "line_items_url", "memberships_url")
_NEEDED = ("client_id", *_ADDRESSES)
_TEMPLATE = """\
# How `grader passback` reaches the gradebook of one course, by LTI 1.3.
# Register the key beside this file in your learning platform as an LTI 1.3 tool that may read and
# write line items, write scores, read results, and read names and roles; then fill this in.

client_id = ""        # what the platform calls the tool
token_url = ""        # where it gives out access tokens
line_items_url = ""   # the course's line items
memberships_url = ""  # the course's names and roles
private_key = "{key}"
# audience = ""       # whom a token is asked of, where the platform wants another than token_url
"""


@dataclass(frozen=True)
class Platform:
    """Hold what an LTI 1.3 tool knows of a platform and of one course in it.

    private_key: in PEM. audience: whom a token is asked of; token_url unless given.
    """

    client_id: str
    token_url: str
    line_items_url: str
    memberships_url: str
    private_key: str
    audience: str = ""

    @property
    def public_key(self) -> str:
        """Return the key that the platform knows, in PEM."""
        return str(_jwk_class().from_pem(self.private_key.encode()).export_to_pem().decode())


def read_platform(path: Path) -> Platform:
    """Return what a file says about a platform.

    Raises GradingError when it cannot be read, lacks something, or names an address where a
    password would travel in the clear.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GradingError(
            f"There is no {path}. Make it, and a key for your learning platform: "
            f"grader export lti {path}"
        ) from None
    except (OSError, ValueError) as error:
        raise GradingError(f"{path} can't be read ({error}). Fix that first.") from error
    named = {name: told.get(name, "") for name in (*_NEEDED, "private_key", "audience")}
    wrong = [name for name, value in named.items() if not isinstance(value, str)]
    if wrong:
        raise GradingError(f"{path}: {', '.join(wrong)} should be a text, in quotes.")
    missing = [name for name in (*_NEEDED, "private_key") if not named[name]]
    if missing:
        raise GradingError(
            f"{path} doesn't say {', '.join(missing)}. Your learning platform shows it where the "
            "tool is registered."
        )
    for name in _ADDRESSES:
        _check_address(path, name, named[name])
    named["private_key"] = _key_at(path.parent / named["private_key"])
    return Platform(**named)


def new_platform(path: Path) -> tuple[Path, Path, Path]:
    """Make a file to fill in, a private key beside it, and the public key for the platform.

    Return the paths of the public key as a JSON Web Key, of the same in PEM, and of the private
    key. Raises GradingError when one of them is there, or can't be written.
    """
    jwk = _jwk_class()
    key_path, jwk_path, pem_path = (
        path.with_name(f"{path.stem}-{end}") for end in ("private.pem", "public.json", "public.pem")
    )
    for each in (path, key_path, jwk_path, pem_path):
        if each.exists():
            raise GradingError(
                f"{each} is there already, and a new key would shut the old one out. "
                "Name another file, or remove it."
            )
    key = jwk.generate(kty="RSA", size=_KEY_BITS, alg="RS256", use="sig")
    # The tool names its key by its thumbprint, and so must the platform.
    public = {**json.loads(key.export_public()), "kid": key.thumbprint()}
    private = key.export_to_pem(private_key=True, password=None)
    write_whole(key_path, private, mode=0o600)
    write_whole(jwk_path, (json.dumps(public, indent=1) + "\n").encode())
    write_whole(pem_path, key.export_to_pem())
    write_whole(path, _TEMPLATE.format(key=key_path.name).encode())
    return jwk_path, pem_path, key_path


def _jwk_class() -> Any:
    """Return what makes keys. Raises GradingError where LTI isn't installed."""
    try:
        from jwcrypto.jwk import JWK
    except ModuleNotFoundError as error:
        raise missing_extra() from error
    return JWK


def missing_extra() -> GradingError:
    """Return what to say where the libraries of LTI aren't installed."""
    return GradingError(
        "LTI needs a library that isn't installed. Run: .venv/bin/pip install -e '.[lti]'"
    )


def _key_at(path: Path) -> str:
    jwk = _jwk_class()
    try:
        text = path.read_text(encoding="ascii")
        if not jwk.from_pem(text.encode()).has_private:
            raise ValueError("it is a public key")
    except (OSError, ValueError) as error:
        raise GradingError(
            f"{path} isn't a private key in PEM ({error}). Make one: grader export lti FILE"
        ) from error
    return text


def _check_address(path: Path, name: str, address: str) -> None:
    try:
        place = urlsplit(address)
        host = place.hostname or ""
        is_web = place.scheme in ("http", "https") and host
    except ValueError:
        is_web, host = "", ""
    if not is_web:
        raise GradingError(f"{path}: {name} isn't a web address: {address!r}")
    if place.scheme == "http" and not is_on_loopback(host):
        raise GradingError(
            f"{path}: {name} would send students' grades unencrypted. Use https: {address}"
        )
