"""What a cluster costs beside the local crew, how busy it keeps 64 workers, and what deaths cost.

`python -m tests.bench.clustering` prints these rows alone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from grader.exercises import COURSE
from grader.grading import Class, GradeReport, grade_class
from grader.grading.cluster import read_address
from grader.grading.sandbox import Limits
from tests.bench.grading import SIZE, write_class, write_notebooks
from tests.bench.measure import HEADING, Row, in_turns, pair
from tests.bench.simulated import SECONDS, SimulatedCluster
from tests.exercises.proof import ROOT

WORKERS = 64
_TASKS = 2000
_REQUEST = "q" * 40_000
_SEED = "the bench's own seed"
_ROUNDS = int(os.environ.get("ROUNDS", "3"))
_DEADLY_SECONDS = float(os.environ.get("DEADLY", "60"))
_EVERY = 6.0


@contextmanager
def lab(folder: Path, *, jobs: int) -> Iterator[Path]:
    """Run a cluster on loopback, and give the file that says how to reach it."""
    file, log = folder / f"lab{jobs}.json", folder / "lab.log"
    command = [sys.executable, "-m", "grader.cli", "cluster", str(file), "--host", "127.0.0.1"]
    with log.open("ab") as said:
        process = subprocess.Popen(
            [*command, "--jobs", str(jobs)], stdout=subprocess.PIPE, stderr=said, text=True
        )
    try:
        assert process.stdout is not None
        assert "The cluster is at" in process.stdout.readline(), log.read_text()
        yield file
    finally:
        process.terminate()
        process.communicate()


def clustering() -> Iterator[Row]:
    """Give the rows."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        folder = Path(name)
        yield from _overhead(folder)
        for threads in (1, 8):
            file = stack.enter_context(lab(folder, jobs=0))
            yield _busy(file, threads)
        yield from _deadly(folder)


def _overhead(folder: Path) -> Iterator[Row]:
    write_class(folder / "submitted")
    gathered = Class.gather(folder / "submitted", COURSE)
    numbers = iter(range(1000))

    def graded(file: Path | None) -> GradeReport:
        return grade_class(
            gathered,
            ROOT,
            folder / f"out{next(numbers)}",
            jobs=2,
            seed=_SEED,
            cluster=read_address(str(file)) if file else None,
        )

    with lab(folder, jobs=2) as file:
        same = graded(None).results == graded(file).results
        here, there = in_turns(lambda: graded(None), lambda: graded(file), rounds=_ROUNDS)
    said = "the same" if same else "OTHER"
    yield pair(
        f"a class of {SIZE}: 2 jobs here, 2 on a cluster; {said} results", here, there, goal=1.15
    )


def _busy(file: Path, threads: int) -> Row:
    """Return how much of their time 64 sleepers sleep; threads: of each Dask worker."""
    workers = WORKERS // threads
    each = max(1, workers // 8)
    command = [sys.executable, "-m", "tests.bench.simulated", str(file), str(threads), str(each)]
    with ExitStack() as stack:
        for _ in range(workers // each):
            process = stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
            )
            stack.callback(process.kill)
        jobs = [{"number": number, "notebook": _REQUEST} for number in range(_TASKS)]
        address = read_address(str(file))
        with SimulatedCluster(address, ROOT, Limits(), here=None) as cluster:
            while cluster._do(cluster._count()) < WORKERS:
                time.sleep(0.1)
            begun = time.perf_counter()
            found = {place: answer["result"] for place, answer in cluster.examine(jobs)}
            took = time.perf_counter() - begun
    assert found == {number: number for number in range(_TASKS)}
    ideal = _TASKS * SECONDS / WORKERS
    return Row(
        f"{WORKERS} threads of {workers} simulated workers: time at work",
        f"{ideal:.1f}s",
        f"{took:.1f}s",
        f"{100 * ideal / took:.0f}%",
        ">= 85%",
    )


def _deadly(folder: Path) -> Iterator[Row]:
    """Give what comes of a class while a worker is killed every six seconds."""
    with lab(folder, jobs=2) as file:
        results: dict[bool, Any] = {}
        for is_deadly in (False, True):
            write_notebooks(folder / f"deadly{is_deadly}", "03_tool_use", _size(results))
            gathered = Class.gather(folder / f"deadly{is_deadly}", COURSE)
            over = threading.Event()
            killed: list[int] = []
            killer = threading.Thread(target=_kill_again_and_again, args=(over, killed))
            if is_deadly:
                killer.start()
            begun = time.perf_counter()
            report = grade_class(
                gathered,
                ROOT,
                folder / f"dead{is_deadly}",
                seed=_SEED,
                cluster=read_address(str(file)),
            )
            took = time.perf_counter() - begun
            over.set()
            results[is_deadly] = (report, took, len(killed), len(gathered))
            if is_deadly:
                killer.join()
    calm, (report, took, deaths, size) = results[False], results[True]
    known = {each.student: each for each in calm[0].results}
    lost = sum(1 for each in report.results if each.trouble)
    other = sum(1 for each in report.results if known.get(each.student, each) != each)
    yield Row(
        f"{size} with {deaths} workers killed: {lost} lost, {other} with other results",
        f"{calm[1] / calm[3] * size:.1f}s",
        f"{took:.1f}s",
        goal="0 lost",
    )


def _size(results: dict[bool, Any]) -> int:
    """Return how large a class takes about a minute, by what the calm one took."""
    if not results:
        return SIZE
    _, took, _, size = results[False]
    return max(SIZE, int(_DEADLY_SECONDS * size / took / 2))


def _kill_again_and_again(over: threading.Event, killed: list[int]) -> None:
    while not over.wait(_EVERY):
        for worker in _workers():
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)
                break


def _workers() -> list[int]:
    """Return the processes of our Dask workers: grandchildren of this process that were spawned."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            above = (Path("/proc") / parent / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_bytes()
            if above == str(os.getpid()) and b"spawn_main" in command:
                found.append(int(folder.name))
    return found


if __name__ == "__main__":
    print(HEADING)
    for row in clustering():
        print(row, flush=True)
