"""How the warm parent is reached, and when it ends."""

import os
import pickle
import select
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest

from grader.errors import GradingError
from grader.grading.kernels import WarmParent
from grader.grading.sandbox import Level
from tests.grading.kernels.asking import value
from tests.grading.kernels.conftest import Parents
from tests.grading.kernels.levels import EVERY, skip_unless_it_holds

each_level = pytest.mark.parametrize("level", EVERY, ids=lambda level: level.value)

_OWNER = """
import sys, threading
from grader.grading.kernels import WarmParent
from grader.grading.sandbox import Level
with WarmParent(Level(sys.argv[1])) as parent, parent.kernel() as kernel:
    busy = ("while True: pass",), {"seconds": 3600}
    threading.Thread(target=kernel.run, args=busy[0], kwargs=busy[1], daemon=True).start()
    print(parent.address, flush=True)
    sys.stdin.read()
"""


def work(parent: WarmParent) -> int:
    """Use a kernel in another process."""
    with parent.kernel() as kernel:
        found: int = value(kernel, "6 * 7")
        return found


def test_other_processes_use_it_at_once(warm_parent: Parents) -> None:
    """It reaches them as a pickle."""
    parent = warm_parent(Level.PROCESS)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        assert list(workers.map(work, [parent] * 4)) == [42] * 4


@each_level
def test_a_copy_knows_level_and_limits(level: Level, warm_parent: Parents) -> None:
    """It asks the fork server, which alone enforces them."""
    parent = warm_parent(level)
    copy = pickle.loads(pickle.dumps(parent))
    assert (copy.level, copy.limits, copy.address) == (level, parent.limits, parent.address)


def test_one_that_was_not_started_says_so() -> None:
    """The message says how it is started."""
    with pytest.raises(GradingError, match=r"was not started. Use it as `with WarmParent"):
        WarmParent(Level.PROCESS).address  # noqa: B018  # a property that raises


def test_a_system_that_cannot_fork_is_told_where_to_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows is the one; everything imports there all the same."""
    monkeypatch.delattr("os.fork")
    with pytest.raises(GradingError, match=r"cannot fork\. Grade on Linux or macOS"):
        WarmParent(Level.PROCESS).__enter__()


def test_one_that_has_ended_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An address alone keeps nothing alive."""
    with pytest.raises(GradingError, match="does not answer"):
        WarmParent.connect(str(tmp_path_factory.mktemp("gone") / "address"))


@each_level
def test_all_dies_with_the_process_that_started_it(level: Level) -> None:
    """Also when that is killed and cannot clean up."""
    skip_unless_it_holds(level)
    command = [sys.executable, "-c", _OWNER, level.value]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().decode().strip()).parent
        assert folder.is_dir()
        started = psutil.Process(owner.pid).children(recursive=True)
        handles = [os.pidfd_open(each.pid) for each in started]
        owner.send_signal(signal.SIGKILL)
    # A server and a kernel at least.
    assert len(handles) >= 2
    for handle in handles:
        # Readable when the process has ended; the limit is for a machine that is very busy.
        assert select.select([handle], [], [], 60)[0]
        os.close(handle)
    assert not folder.exists()
