"""A class on a cluster: the same bytes, whatever happens to its workers."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading import Class, GradeReport, grade_class
from grader.grading.cluster import Address, Cluster, read_address
from grader.grading.cluster import client as client_module
from grader.grading.sandbox import Level, Limits, probe
from tests.grading.class_folder import RIGHT, ROOT, answered, course_notebook, hand_in
from tests.grading.cluster.labs import command, grading, lab

pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(probe() is Level.PROCESS, reason="no worker may grade without a seal"),
]

Json = Any
NOBODY = Address("tcp://127.0.0.1:9")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a cluster with one worker."""
    with lab(tmp_path_factory.mktemp("lab"), jobs=1) as found:
        yield found


def job(student: str) -> Json:
    """Return an untouched notebook to be examined."""
    return {
        "student": student,
        "lesson": COURSE[0].name,
        "digest": "",
        "notebook": json.dumps(course_notebook()),
        "seed": "cluster",
    }


def graded(submitted: Path, out: Path, address: Address | None) -> GradeReport:
    """Grade a class here or there."""
    gathered = Class.gather(submitted, COURSE)
    return grade_class(gathered, ROOT, out, seed="a class of tests", jobs=1, cluster=address)


def test_a_class_has_the_same_results_as_here(file: Path, tmp_path: Path) -> None:
    """To the byte; one that no worker can grade is told as here, with the reason."""
    submitted = tmp_path / "submitted"
    hand_in(submitted, "ada", answered({"first_call": RIGHT}))
    hand_in(submitted, "ben", json.dumps(course_notebook()))
    hand_in(submitted, "eve", json.dumps(course_notebook("03_tool_use")))
    there = graded(submitted, tmp_path / "there", read_address(str(file)))
    here = graded(submitted, tmp_path / "here", None)
    assert there.folder.results.read_bytes() == here.folder.results.read_bytes()
    assert [each.points for each in there.results] == [4, 0, None]
    for student in ("ada", "ben"):
        graded_notebooks = [
            each.folder.graded(student, COURSE[0].name).read_bytes() for each in (there, here)
        ]
        assert graded_notebooks[0] == graded_notebooks[1]
    assert "03_tool_use" in there.results[2].trouble
    assert (there.level, there.notes) == (here.level, here.notes)
    again = graded(submitted, tmp_path / "there", NOBODY if there.is_complete else None)
    assert again.examined == 0


class _OfAnotherVersion(Cluster):
    def _station(self) -> Any:
        station = super()._station()
        station._wanted = {**station._wanted, "libraries": ["python 2.7"]}
        return station


@pytest.mark.proofs
def test_a_worker_of_another_version_is_closed_and_told(tmp_path: Path) -> None:
    """It takes no job; one that joins later and fits does them all."""
    with lab(tmp_path, jobs=1) as file:
        address = read_address(str(file))
        with (
            pytest.raises(
                GradingError, match=r"has no workers.*Refused: .* instead of python 2\.7"
            ),
            _OfAnotherVersion(address, ROOT, Limits(), here=None, patience=3),
        ):
            pass
        with (
            command(tmp_path, "worker", str(file), "--jobs", "1"),
            Cluster(address, ROOT, Limits(), here=None) as cluster,
        ):
            found = dict(cluster.examine([job("ada"), job("ben")]))
    assert [answer["result"]["points"] for answer in found.values()] == [0, 0]


def test_two_runs_on_one_cluster_do_not_mix(file: Path) -> None:
    """The second is told to wait; the first is not disturbed."""
    address = read_address(str(file))
    with Cluster(address, ROOT, Limits(), here=None) as cluster:
        with (
            pytest.raises(GradingError, match="Somebody else is grading"),
            Cluster(address, ROOT, Limits(), here=None),
        ):
            pass
        [(_, answer)] = cluster.examine([job("ada")])
    assert "result" in answer


def test_a_cluster_without_workers_says_how_to_start_some(tmp_path: Path) -> None:
    """After a while, not never."""
    with lab(tmp_path, jobs=0) as file:
        address = read_address(str(file))
        with (
            pytest.raises(GradingError, match=r"no worker came within 0 s.*grader worker"),
            Cluster(address, ROOT, Limits(), here=None, patience=0.2),
        ):
            pass


def test_where_no_cluster_answers_it_says_where_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing listens there."""
    monkeypatch.setattr(client_module, "_CONNECT_WITHIN", 0.3)
    with (
        pytest.raises(
            GradingError, match=r"No cluster answers at tcp://127\.0\.0\.1:9.*grader clus"
        ),
        Cluster(NOBODY, ROOT, Limits(), here=None),
    ):
        pass


def test_a_stranger_without_the_key_cannot_join(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address alone opens nothing."""
    monkeypatch.setattr(client_module, "_CONNECT_WITHIN", 0.5)
    told = json.loads(file.read_text())
    other = tmp_path / "other.json"
    with lab(tmp_path, jobs=0) as second:
        keys = json.loads(second.read_text())
    other.write_text(json.dumps({**keys, "address": told["address"]}))
    for address in (read_address(str(other)), Address(told["address"].replace("tls", "tcp"))):
        with (
            pytest.raises(GradingError, match="No cluster answers"),
            Cluster(address, ROOT, Limits(), here=None),
        ):
            pass


def _children(pid: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "stat").read_text().rpartition(")")[2].split()[1] == str(pid):
                yield int(folder.name)


def _kill_workers(above: int) -> int:
    """Kill the Dask workers of a process; return how many."""
    found = [
        each
        for each in _children(above)
        if b"spawn_main" in (Path("/proc") / str(each) / "cmdline").read_bytes()
    ]
    for each in found:
        os.kill(each, signal.SIGKILL)
    return len(found)


@pytest.fixture
def deadly(tmp_path: Path) -> Iterator[tuple[Address, Callable[[], int]]]:
    """Give a cluster of one worker and what kills that worker."""
    file = tmp_path / "lab.json"
    words = ("cluster", str(file), "--host", "127.0.0.1", "--jobs", "1")
    with command(tmp_path, *words) as process:
        yield read_address(str(file)), lambda: _kill_workers(process.pid)


@pytest.mark.proofs
def test_a_killed_worker_loses_nothing(deadly: tuple[Address, Callable[[], int]]) -> None:
    """What it had is done by the one that comes after it."""
    address, kill = deadly
    jobs = [job(f"s{number}") for number in range(12)]
    with Cluster(address, ROOT, Limits(), here=None) as cluster:
        found: dict[int, Json] = {}
        for place, answer in cluster.examine(jobs):
            if not found:
                assert kill() == 1
            assert place not in found
            found[place] = answer
    assert sorted(found) == list(range(12))
    assert all("result" in each for each in found.values()), found


@pytest.mark.proofs
def test_what_kills_each_worker_is_examined_here_alone(
    deadly: tuple[Address, Callable[[], int]],
) -> None:
    """And if it has a result here, that counts."""
    address, kill = deadly
    alone: list[str] = []

    class Here:
        def __enter__(self) -> "Here":
            return self

        def __exit__(self, *_error: object) -> None: ...

        def examine(self, jobs: Any) -> Iterator[tuple[int, Json]]:
            for number in range(len(jobs)):
                alone.append(jobs[number]["student"])
                yield number, {"result": "here"}

    endless = job("s0")
    notebook = json.loads(endless["notebook"])
    cell = next(each for each in notebook["cells"] if each["id"] == "first_call")
    cell["source"] = "while True: pass"
    endless["notebook"] = json.dumps(notebook)
    with Cluster(address, ROOT, Limits(), here=Here) as cluster:
        over = threading.Event()

        def again() -> None:
            while not over.wait(0.3):
                # One that has not joined yet would never get the job.
                if any(cluster._do(cluster._client.scheduler.processing(workers=None)).values()):
                    kill()

        killer = threading.Thread(target=again)
        killer.start()
        try:
            found = dict(cluster.examine([endless]))
        finally:
            over.set()
            killer.join()
    assert (found, alone) == ({0: {"result": "here"}}, ["s0"])


@pytest.mark.proofs
def test_a_cluster_that_vanishes_ends_the_run_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that the same command goes on."""
    monkeypatch.setattr(client_module, "_CONNECT_WITHIN", 2)
    file = tmp_path / "lab.json"
    words = ("cluster", str(file), "--host", "127.0.0.1", "--jobs", "1")
    jobs = [job(f"s{number}") for number in range(40)]
    with (
        command(tmp_path, *words) as process,
        Cluster(read_address(str(file)), ROOT, Limits(), here=None) as cluster,
    ):
        answers = cluster.examine(jobs)
        assert "result" in next(answers)[1]
        process.send_signal(signal.SIGKILL)
        with pytest.raises(GradingError, match=r"is gone.*The same command goes on"):
            list(answers)


@pytest.mark.proofs
def test_after_ctrl_c_the_same_command_goes_on(file: Path, tmp_path: Path) -> None:
    """Nothing that was journaled is examined again."""
    for number in range(12):
        hand_in(tmp_path / "submitted", f"s{number:02}", answered({"first_call": RIGHT}))
    journal = tmp_path / "out" / "journal.jsonl"
    words = ("grade", "submitted", "--out", "out", "--cluster", str(file))
    with grading(tmp_path, *words) as process:
        ends = time.monotonic() + 100
        while process.poll() is None and time.monotonic() < ends:
            if journal.exists() and b'"result"' in journal.read_bytes():
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert process.returncode == 130, said
    assert "the same command goes on where this one stopped" in said
    assert "Traceback" not in said
    before = journal.read_text().count('"result"')
    with grading(tmp_path, *words) as process:
        said = process.communicate()[1]
    assert process.returncode == 0, said
    rows = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert [row["points"] for row in rows] == [4] * 12
    keys = [json.loads(line).get("key") for line in journal.read_text().splitlines()]
    found = [key for key in keys if key]
    assert 1 <= before < len(found) == len(set(found)) == 12
