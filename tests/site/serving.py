"""The site as a static host serves it: compressed where GitHub Pages compresses, and counted."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_COMPRESSED = (".css", ".html", ".ipynb", ".js", ".json", ".md", ".mjs", ".svg", ".txt", ".wasm")


class Served:
    """Serve a folder on a free port of this machine.

    sent: how many bytes of bodies went out, by path. refuse: names of files that get a 503.
    instead: files that are served in place of others, by path.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sent: dict[str, int] = {}
        self.refuse: set[str] = set()
        self.instead: dict[str, Path] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def megabytes(self) -> float:
        """Return how much went out so far."""
        return sum(self.sent.values()) / 1e6

    def begin(self) -> None:
        """Serve in a thread."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _make_handler(served) -> type[SimpleHTTPRequestHandler]:  # noqa: N805 - the handler is self
        class Handler(SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            extensions_map = {  # noqa: RUF012 - as in the class it comes from
                **SimpleHTTPRequestHandler.extensions_map,
                ".mjs": "text/javascript",
                ".wasm": "application/wasm",
            }

            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(served.folder))

            def handle(self) -> None:
                """Answer until the browser is gone, however it goes."""
                with suppress(ConnectionError):
                    super().handle()

            def do_GET(self) -> None:
                path = Path(self.translate_path(self.path))
                if path.is_dir():
                    path /= "index.html"
                path = served.instead.get(self.path.partition("?")[0], path)
                name = path.name
                if name in served.refuse or not path.is_file():
                    self.send_error(503 if name in served.refuse else 404)
                    return
                changed = str(path.stat().st_mtime_ns)
                if self.headers.get("If-None-Match") == changed:
                    self.send_response(304)
                    self.send_header("ETag", changed)
                    self.end_headers()
                    return
                is_compressed = path.suffix in _COMPRESSED
                body = _compressed(path, changed) if is_compressed else path.read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", self.guess_type(str(path)))
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", changed)
                # As GitHub Pages says.
                self.send_header("Cache-Control", "max-age=600")
                if is_compressed:
                    self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                place = self.path.partition("?")[0]
                served.sent[place] = served.sent.get(place, 0) + len(body)
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def serve(folder: Path) -> Iterator[Served]:
    """Serve a folder until the block ends."""
    served = Served(folder)
    served.begin()
    try:
        yield served
    finally:
        served.end()


@cache
def _compressed(path: Path, changed: str) -> bytes:
    """Return a file, compressed; changed: when, so that a new one is read again."""
    return gzip.compress(path.read_bytes(), 6)
