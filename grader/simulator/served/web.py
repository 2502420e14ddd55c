"""Search and fetch scripted pages; the errors are those of Anthropic's pages on the two tools."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from urllib.parse import urlsplit

from grader.simulator.replies.found import stems
from grader.simulator.served.script import read_script
from grader.simulator.wire import Json

_MOST_PAGES = 5
_LEAST_PAGES = 3
_LONGEST_QUERY = 1_000
_LONGEST_URL = 250
_CHARACTERS_A_TOKEN = 4
_SEALED_LENGTH = 3
_HOSTS = ("www.example.com", "www.example.org", "www.example.net")


@dataclass(frozen=True)
class WebPage:
    """Hold a page of the web; age: how the search tells it, None where it doesn't."""

    url: str
    title: str
    text: str
    age: str | None = None


def find_pages(query: str, tool: Json) -> list[WebPage] | str:
    """Return the pages that a search finds, best first, or the code of its error.

    tool: its definition, which may allow or block domains.
    """
    if not query.strip():
        return "invalid_tool_input"
    if len(query) > _LONGEST_QUERY:
        return "query_too_long"
    wanted = set(stems(query))
    ranked = sorted(_pages(), key=lambda page: -_likeness(page, wanted))
    known = [page for page in ranked if _likeness(page, wanted) and is_allowed(page.url, tool)]
    found = known[:_MOST_PAGES]
    missing = max(0, _LEAST_PAGES - len(found))
    return [*found, *islice(_made_up(query, tool), missing)]


def fetch(url: str, tool: Json, context: str) -> WebPage | str:
    """Return the page at an address, or the code of the error.

    tool: its definition. context: the conversation's texts, in which the address must have stood.
    """
    parts = _parts(url)
    script = read_script()["fetching"]
    if parts is None:
        return "invalid_tool_input"
    host, path = parts
    if len(url) > _LONGEST_URL:
        return "url_too_long"
    if url not in context:
        return "url_not_in_prior_context"
    if not is_allowed(url, tool) or host.startswith(tuple(script["private"])):
        return "url_not_allowed"
    if path.lower().endswith(tuple(script["unsupported"])):
        return "unsupported_content_type"
    if host.endswith(tuple(script["gone"])):
        return "url_not_accessible"
    page = next((page for page in _pages() if page.url == url.rstrip("/")), None)
    if page is None:
        name = path.strip("/").rpartition("/")[2].partition(".")[0] or host
        title = re.sub(r"[-_]+", " ", name).strip().capitalize() or host
        page = WebPage(
            url,
            title,
            f"{title} is the subject of this page. It was written for the simulator, which fetches "
            f"nothing. A real page would stand here.",
        )
    most = tool.get("max_content_tokens")
    text = page.text if most is None else page.text[: most * _CHARACTERS_A_TOKEN]
    return WebPage(url, page.title, text, page.age)


def page_block(page: WebPage, tool: Json, now: float) -> Json:
    """Return the content of a fetch's result; now: seconds since the epoch."""
    document: dict[str, Json] = {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": page.text},
        "title": page.title,
    }
    if tool.get("citations") is not None:
        document["citations"] = tool["citations"]
    return {
        "type": "web_fetch_result",
        "url": page.url,
        "retrieved_at": datetime.fromtimestamp(now, UTC).isoformat(),
        "content": document,
    }


def search_block(pages: Sequence[WebPage]) -> list[Json]:
    """Return the content of a search's result."""
    return [
        {
            "type": "web_search_result",
            "title": page.title,
            "url": page.url,
            "encrypted_content": seal(page.text),
            "page_age": page.age,
        }
        for page in pages
    ]


def citation_of(page: WebPage, words: str) -> Json:
    """Return the citation of some words of a page that a search found."""
    return {
        "type": "web_search_result_location",
        "cited_text": words,
        "url": page.url,
        "title": page.title,
        "encrypted_index": seal(f"{page.url} {words}"[:60]),
    }


def failed(kind: str, code: str) -> Json:
    """Return the content of a result that is an error; kind: that of the result's block."""
    return {"type": f"{kind}_error", "error_code": code}


def seal(text: str) -> str:
    """Return what stands for the encrypted form of a text: nobody reads it, and it is as long."""
    seed, length = text.encode(), max(16, _SEALED_LENGTH * len(text) // 4)
    sealed = b""
    while len(sealed) < length:
        seed = hashlib.sha256(seed).digest()
        sealed += seed
    return base64.b64encode(b"\x12\x2a\x0a\x28" + sealed[:length]).decode()


def is_allowed(url: str, tool: Json) -> bool:
    """Return whether the lists of a tool let it read an address; a domain has its subdomains."""
    parts = _parts(url)
    if parts is None:
        return False
    address = "".join(parts)
    host = parts[0]

    def covers(domain: str) -> bool:
        name, _, path = domain.removeprefix("https://").removeprefix("http://").partition("/")
        is_host = host == name or host.endswith(f".{name}")
        return is_host and (not path or address.removeprefix(host).startswith(f"/{path}"))

    allowed, blocked = tool.get("allowed_domains"), tool.get("blocked_domains")
    if allowed is not None:
        return any(covers(str(domain)) for domain in allowed)
    return not any(covers(str(domain)) for domain in blocked or ())


def _parts(url: str) -> tuple[str, str] | None:
    """Return the host and the path of an address of the web, None for anything else."""
    try:
        split = urlsplit(url)
        host = split.hostname
    except ValueError:
        return None
    if split.scheme not in ("http", "https") or not host:
        return None
    return host, split.path


@cache
def _pages() -> list[WebPage]:
    return [
        WebPage(row["url"], row["title"], row["text"], row.get("page_age"))
        for row in read_script()["pages"]
    ]


def _likeness(page: WebPage, wanted: set[str]) -> int:
    return len(wanted & {*stems(page.title), *stems(page.text)}) + 2 * len(
        wanted & set(stems(page.title))
    )


def _made_up(query: str, tool: Json) -> Iterator[WebPage]:
    """Yield pages about a query, on hosts that the tool may read."""
    words = " ".join(query.split())[:80]
    slug = "-".join(re.findall(r"[a-z0-9]+", words.lower()))[:60] or "page"
    allowed = [str(domain).removeprefix("https://") for domain in tool.get("allowed_domains") or ()]
    for number, host in enumerate(allowed or _HOSTS, start=1):
        url = f"https://{host.rstrip('/')}/{slug}" + (f"-{number}" if allowed else "")
        if is_allowed(url, tool):
            text = (
                f"This page is about {words}. It was written for the simulator, which searches "
                "nothing. A real page would say more."
            )
            yield WebPage(url, f"{words[:1].upper()}{words[1:]}", text)
