"""Print every measurement as a table: `make bench`. Nothing here fails a build."""

from tests.bench.calculating import calculating
from tests.bench.calling import calling, streaming
from tests.bench.importing import importing
from tests.bench.measure import HEADING
from tests.bench.memory import remembering
from tests.bench.redrawing import redrawing
from tests.bench.serving import serving


def main() -> None:
    """Measure and print."""
    print(HEADING)
    for measure in (importing, calling, streaming, serving, remembering, calculating, redrawing):
        for row in measure():
            print(row, flush=True)


if __name__ == "__main__":
    main()
