"""The paths of this repository that a Markdown document leads to."""

import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
REPOSITORY = urlsplit(URLS["repository"]).path.strip("/")
OWNER, NAME = REPOSITORY.split("/")
SITE = f"https://{OWNER}.github.io/{NAME}/"
"""Where GitHub Pages publishes the repository's site."""

_COURSE_ON = {
    "github.com": r"/(?P<place>[^/]+/[^/]+)/(?:actions|blob|tree|raw|archive)\b",
    "raw.githubusercontent.com": r"/(?P<place>[^/]+/[^/]+)/",
    "mybinder.org": r"/v2/gh/(?P<place>[^/]+/[^/]+)/",
    "codespaces.new": r"/(?P<place>[^/]+/[^/]+)",
    "colab.research.google.com": r"/github/(?P<place>[^/]+/[^/]+)/",
}
"""How the addresses of a repository look on the hosts that badges and launchers lead to."""


def addresses(markdown: str) -> list[str]:
    """Return the targets of the links and images of a document, in order, HTML included."""
    found: list[str] = []
    waiting = MarkdownIt().parse(markdown)
    while waiting:
        token: Token = waiting.pop(0)
        waiting = [*(token.children or ()), *waiting]
        for attribute in ("href", "src"):
            if attribute in token.attrs:
                found.append(str(token.attrs[attribute]))
        if token.type in ("html_block", "html_inline"):
            found += re.findall(r"""\b(?:href|src|srcset)=["']([^"']+)""", token.content)
    return found


def _opened_by_kaggle(address: str) -> str:
    """Return the notebook that an address of Kaggle opens, any other address as it is."""
    parts = urlsplit(address)
    opened = parse_qs(parts.query).get("src") if parts.netloc == "www.kaggle.com" else None
    return opened[0] if opened else address


def strangers(markdown: str) -> list[str]:
    """Return the badges and launchers of a document that belong to another repository."""
    found = []
    for address in addresses(markdown):
        parts = urlsplit(_opened_by_kaggle(address))
        match = re.match(_COURSE_ON.get(parts.netloc, r"(?!)"), parts.path)
        is_page = parts.netloc.endswith(".github.io")
        if (match and match["place"] != REPOSITORY) or (is_page and not address.startswith(SITE)):
            found.append(address)
    return found


def path_in_repository(address: str) -> str | None:
    """Return the path that an address names in this repository, None when it leads elsewhere."""
    parts = urlsplit(_opened_by_kaggle(address))
    if not parts.scheme and not parts.netloc:
        return unquote(parts.path) or None
    if parts.netloc == "mybinder.org" and parts.path.startswith(f"/v2/gh/{REPOSITORY}/"):
        opened = parse_qs(parts.query).get("urlpath", [""])[0]
        return opened.removeprefix("lab/tree/") or None
    if address.startswith(SITE):
        opened = parse_qs(parts.query).get("path", [""])[0]
        return f"course/{opened}" if opened else None
    if found := re.search(rf"/{REPOSITORY}/blob/colab/((.+)\.ipynb)$", parts.path):
        return f"course/{found[2]}/{found[1]}"
    if parts.netloc == "github.com" and parts.path.startswith(f"/{REPOSITORY}/"):
        rest = parts.path.removeprefix(f"/{REPOSITORY}/")
        if found := re.match(r"actions/workflows/([^/]+\.yml)", rest):
            return f".github/workflows/{found[1]}"
        if found := re.match(r"(?:blob|tree|raw)/main/(.+)", rest):
            return unquote(found[1])
    return None


def broken_links(document: Path, root: Path) -> list[str]:
    """Return the addresses in a document that name a path which is not there.

    A relative link starts at the document, an address on GitHub or Binder at the root.
    """
    broken = []
    for address in addresses(document.read_text("utf-8")):
        path = path_in_repository(address)
        start = root if urlsplit(address).scheme else document.parent
        if path is not None and not (start / path).exists():
            broken.append(address)
    return broken
