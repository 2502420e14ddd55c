"""Print every measurement as a table: `make bench`. Nothing here fails a build."""

from tests.bench.calculating import calculating
from tests.bench.calling import calling, streaming
from tests.bench.clustering import clustering
from tests.bench.displaying import displaying
from tests.bench.grading import grading
from tests.bench.importing import importing
from tests.bench.large_class import large_class
from tests.bench.measure import HEADING
from tests.bench.memory import remembering
from tests.bench.opening import opening
from tests.bench.redrawing import redrawing
from tests.bench.serving import serving


def main() -> None:
    """Measure and print."""
    print(HEADING)
    measures = (
        importing,
        calling,
        streaming,
        displaying,
        calculating,
        redrawing,
        serving,
        remembering,
        grading,
        large_class,
        clustering,
        opening,
    )
    for measure in measures:
        for row in measure():
            print(row, flush=True)


if __name__ == "__main__":
    main()
