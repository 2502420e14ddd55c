"""Say what Anthropic's own tools found, and cite where a search or a fetch found it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.plural import counted
from grader.simulator.blocks import part_of
from grader.simulator.served import WebPage, citation_of, find_pages
from grader.simulator.wire import Json


def report(blocks: Sequence[Json], label: str, *, written: str | None = None) -> list[Json]:
    """Return the words about what was found, with a citation where a search found it.

    written: the answer that was written for the prompt; it is said in their place, and cites them.
    """
    if written is not None:
        reports = [each for each in map(_report_of, blocks) if isinstance(each, dict)]
        cited = [citation for each in reports for citation in each["citations"]]
        said: Json = {"type": "text", "text": written}
        return [{"citations": cited, **said} if cited else said]
    found: list[Json] = [{"type": "text", "text": f"{label} "}]
    told: list[Json] = []
    # Code that only searched or fetched says nothing of its own.
    of_the_web = any(block["type"].startswith("web_") for block in blocks)
    silent = ("code_execution_tool_result",) if of_the_web else ()
    for block in blocks:
        words = None if block["type"] in silent else _report_of(block)
        if words is None or words in told:
            continue
        told.append(words)
        last = found[-1]
        if isinstance(words, str) and "citations" not in last:
            last["text"] += f"{words} "
        elif isinstance(words, str):
            found.append({"type": "text", "text": f" {words} "})
        else:
            found += [words]
    found = [each for each in found if each["text"].strip()]
    if "citations" not in found[-1]:
        found[-1]["text"] = found[-1]["text"].rstrip()
    return found


def _report_of(block: Json) -> Json:
    """Return what is said of a result: a text, a block with its citation, or None."""
    content = block.get("content")
    kind = block["type"]
    if part_of(block) != "server_result":
        return None
    if isinstance(content, dict) and "error_code" in content:
        return f"The tool failed with {content['error_code']}."
    if kind == "web_search_tool_result":
        pages = [page for page in content if page["type"] == "web_search_result"]
        if not pages:
            return "The search found nothing."
        page = WebPage(pages[0]["url"], pages[0]["title"], "", pages[0]["page_age"])
        words = next(iter(_sentences_of(page.url, page.title)))
        return {"citations": [citation_of(page, words)], "type": "text", "text": words}
    if kind == "web_fetch_tool_result":
        return _fetched(content["content"])
    if kind == "mcp_tool_result":
        return "".join(part["text"] for part in content if part["type"] == "text")
    if kind == "advisor_tool_result":
        return "The advisor has answered."
    if kind.endswith("code_execution_tool_result"):
        return _ran(content)
    return None


def _ran(content: Json) -> str:
    made = len(content.get("content") or ()) if isinstance(content.get("content"), list) else 0
    if made:
        return f"The code has made {counted(made, 'file')}, which you can download."
    output = str(content.get("stdout") or "").strip()
    return f"The code printed {output}." if output and len(output) < 200 else "The code has run."


def _fetched(document: Json) -> Json:
    text = document["source"]["data"]
    first = re.match(r".{1,300}?[.!?](?=\s|$)|.{1,300}", text, re.DOTALL)
    words = first[0] if first else "The page is empty."
    if not (document.get("citations") or {}).get("enabled") or not first:
        return words
    cited = {
        "type": "char_location",
        "cited_text": words,
        "document_index": 0,
        "document_title": document["title"],
        "file_id": None,
        "start_char_index": first.start(),
        "end_char_index": first.end(),
    }
    return {"citations": [cited], "type": "text", "text": words}


def _sentences_of(url: str, title: str) -> Iterator[str]:
    pages = find_pages(title, {})
    if isinstance(pages, list):
        for page in pages:
            if page.url == url:
                yield re.split(r"(?<=[.!?])\s", page.text)[0]
    yield f"{title}."
