"""`grader cluster` and `grader worker`: a cluster of one's own machines, for `grader grade`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from grader.cli.consoles import stderr, stdout
from grader.cli.grading import Jobs

_INTERRUPTED = 130


def cluster(
    file: Annotated[
        Path,
        typer.Argument(
            help="Where to write how to reach it: address, certificate and key. Whoever has it can "
            "run code on the machines that take part."
        ),
    ] = Path("lab.json"),
    host: Annotated[
        str | None,
        typer.Option(
            help="The name or address at which other machines reach this one; 127.0.0.1 for this "
            "machine alone.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(help="Where it listens; a free port by default.", show_default=False)
    ] = 0,
    jobs: Annotated[
        int, typer.Option(min=0, help="How many notebooks are examined at once on this machine.")
    ] = 0,
) -> None:
    """Start a cluster here, which others join with `grader worker`; Ctrl+C ends it."""
    from grader.grading.cluster.address import import_dask

    import_dask()
    from grader.grading.cluster import serve_cluster

    def tell(address: str) -> None:
        name = escape(str(file))
        stdout.print(f"The cluster is at {escape(address)}; {name} says how to reach it.")
        stdout.print(f"On each other machine, with a copy of that file: grader worker {name}")
        stdout.print(f"Then, here: grader grade submitted --cluster {name}")

    _until_interrupted(lambda: serve_cluster(file, host=host, port=port, jobs=jobs, tell=tell))


def worker(
    address: Annotated[
        str,
        typer.Argument(
            metavar="CLUSTER",
            help="The file that `grader cluster` wrote, or the address of a Dask scheduler.",
        ),
    ],
    jobs: Jobs = None,
) -> None:
    """Examine notebooks for a cluster on this machine, until the cluster ends."""
    from grader.grading.cluster.address import read_address

    found = read_address(address)
    from grader.grading.cluster import join_cluster

    def tell(address: str) -> None:
        stdout.print(f"Joined the cluster at {escape(address)}. Ctrl+C leaves it.")

    _until_interrupted(lambda: join_cluster(found, jobs=jobs, tell=tell))


def _until_interrupted(work: Callable[[], object]) -> None:
    try:
        work()
    except KeyboardInterrupt:
        stderr.print("Ended.")
        raise typer.Exit(_INTERRUPTED) from None
