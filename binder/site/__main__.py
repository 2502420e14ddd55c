"""Build the site: `make site`, or `python -m binder.site [live|book|lock]` for one part."""

import shutil
import sys

from binder.site.book import write_book
from binder.site.folders import LIVE, OUT, ROOT
from binder.site.lite import write_lite
from binder.site.wheels import lock


def main(parts: list[str]) -> None:
    """Build the parts named, all of the site if none is."""
    if parts == ["lock"]:
        lock()
        return
    if not parts:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    if not parts or "live" in parts:
        shutil.rmtree(LIVE, ignore_errors=True)
        write_lite()
    if not parts or "book" in parts:
        write_book()
    size = sum(path.stat().st_size for path in OUT.rglob("*") if path.is_file())
    where = OUT.relative_to(ROOT)
    print(f"The site is in {where}, {size / 1e6:.0f} MB.")
    print(f"Look at it: cd {where} && python3 -m http.server")


if __name__ == "__main__":
    main(sys.argv[1:])
