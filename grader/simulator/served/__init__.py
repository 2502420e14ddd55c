"""Anthropic's own tools, as far as the simulator runs them: scripted pages, small sums, searches.

Nothing reaches the network, and no code is run: small programs are followed.
"""

from grader.simulator.served.advice import advise
from grader.simulator.served.code import edit_file, run_code
from grader.simulator.served.mcp import McpTool, answer_mcp, listing_of, read_mcp_tools
from grader.simulator.served.python import evaluate
from grader.simulator.served.searching import search_tools
from grader.simulator.served.web import (
    WebPage,
    citation_of,
    failed,
    fetch,
    find_pages,
    page_block,
    seal,
    search_block,
)

__all__ = [
    "McpTool",
    "WebPage",
    "advise",
    "answer_mcp",
    "citation_of",
    "edit_file",
    "evaluate",
    "failed",
    "fetch",
    "find_pages",
    "listing_of",
    "page_block",
    "read_mcp_tools",
    "run_code",
    "seal",
    "search_block",
    "search_tools",
]
