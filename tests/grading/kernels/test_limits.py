"""Deadlines, floods and deaths: the kernel ends, and nothing else does."""

from dataclasses import replace

import pytest

from grader.grading.kernels import CellRun, WarmParent
from grader.grading.sandbox import Level, Limits
from grader.grading.sandbox.probing import find
from tests.grading.kernels.asking import attempts, run, value
from tests.grading.kernels.conftest import Kernels, Parents
from tests.grading.kernels.levels import BY_TURNS, EVERY, SEALED
from tests.grading.kernels.processes import running

each_level = pytest.mark.parametrize("level", EVERY, ids=lambda level: level.value)
each_sealed = pytest.mark.parametrize("level", SEALED, ids=lambda level: level.value)

_DEAF = {
    "ignores": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "catches": "import time\nwhile True:\n    try:\n        time.sleep(999)\n"
    "    except KeyboardInterrupt: pass",
    "in C": "import itertools\nsum(itertools.repeat(0))",
}


@each_level
@pytest.mark.parametrize(
    "source",
    ["while True: pass", "import asyncio\nawait asyncio.sleep(999)"],
    ids=["loop", "await"],
)
def test_a_cell_that_does_not_end_is_interrupted(
    level: Level, warm_parent: Parents, source: str
) -> None:
    """The next cell runs as if nothing had happened."""
    parent = WarmParent.connect(warm_parent(level).address)
    # On a busy machine an honest kernel may need longer to write its traceback.
    parent.limits = replace(parent.limits, interrupt_seconds=60)
    with parent.kernel() as kernel:
        assert kernel.run(f"print('so far', flush=True)\n{source}", seconds=0.3).ended == "deadline"
        assert kernel.is_alive
        assert value(kernel, "1 + 1") == 2


@pytest.mark.parametrize("level", BY_TURNS)
@pytest.mark.parametrize("source", _DEAF.values(), ids=_DEAF)
def test_a_cell_that_hears_no_interrupt_is_killed(
    level: Level, warm_parent: Parents, sealed_kernel: Kernels, source: str
) -> None:
    """Nothing is left of it, and its kernel says that it is gone."""
    warm_parent(level)
    others = running()
    kernel = sealed_kernel(level)
    assert running() > others
    assert kernel.run(source, seconds=0.3) == CellRun((), "deadline")
    assert not kernel.is_alive
    assert running() == others
    assert kernel.run("1 + 1", seconds=9) == CellRun((), "died")


@each_level
@pytest.mark.parametrize(
    "source",
    ["import os\nos._exit(0)", "import ctypes\nctypes.string_at(0)", "import os\nos.abort()"],
    ids=["exit", "segfault", "abort"],
)
def test_a_death_is_told_and_leaves_others_alone(
    level: Level, sealed_kernel: Kernels, source: str
) -> None:
    """However it came about."""
    other = sealed_kernel(level)
    kernel = sealed_kernel(level)
    assert run(kernel, source).ended == "died"
    assert not kernel.is_alive
    assert value(other, "1 + 1") == 2


@each_level
def test_endless_output_is_cut(level: Level, sealed_kernel: Kernels) -> None:
    """The first part is kept, and a line says that there was more."""
    kernel = sealed_kernel(level)
    done = run(kernel, "print('x' * 200_000_000)")
    assert [(len(each["text"]), each["name"]) for each in done.outputs] == [
        (1024 * 1024, "stdout"),
        (28, "stderr"),
    ]
    many = run(kernel, "for n in range(1000): display(n)")
    assert (len(many.outputs), many.ended) == (201, "ok")


@each_level
def test_forged_messages_change_nothing(level: Level, sealed_kernel: Kernels) -> None:
    """A cell cannot say that a later one has ended, for it does not know that one's word."""
    kernel = sealed_kernel(level)
    forged = rb'{"id": "", "outputs": [], "ended": "error"}\n[]\n7\n'
    run(kernel, f"import os\nx = os.write(4, {forged!r}.replace(b'\\\\n', b'\\n'))")
    assert value(kernel, "6 * 7") == 42


@each_level
@pytest.mark.parametrize(
    "sent",
    ["b'x' * 65536", "b'[' * 65536 + b'\\n'", "b'NaN\\n' * 9999"],
    ids=["line", "depth", "NaN"],
)
def test_a_kernel_that_floods_its_connection_is_killed(
    level: Level, sealed_kernel: Kernels, sent: str
) -> None:
    """What is no message, or too long, ends it."""
    kernel = sealed_kernel(level)
    assert run(kernel, f"import os\nwhile True: os.write(4, {sent})").ended == "died"
    assert not kernel.is_alive


@each_sealed
def test_memory_files_and_threads_have_limits(level: Level, sealed_kernel: Kernels) -> None:
    """Each is an error in the cell that asked for too much."""
    kernel = sealed_kernel(level)
    found = attempts(
        kernel,
        "bytearray(1 << 31)",
        "mmap.mmap(-1, 3 << 30)",
        "[open('/dev/null') for _ in range(500)]",
        "open('big', 'wb').write(bytes(20 << 20))",
        "[threading.Thread(target=stop.wait, daemon=True).start() for _ in range(2000)]",
        before="import mmap, threading\nstop = threading.Event()",
    )
    assert list(found.values()) == [
        "MemoryError",
        "OSError",
        "OSError",
        "OSError",
        "RuntimeError",
    ]
    assert run(kernel, "stop.set()").ended == "ok"


@each_level
def test_who_fills_the_disk_is_killed(level: Level, sealed_kernel: Kernels) -> None:
    """At every level by the same hand, so that a score cannot depend on the level."""
    source = """
block = bytes(1 << 20)
for number in range(80):
    with open(str(number), "wb") as file:
        file.write(block)
while True: pass
"""
    assert run(sealed_kernel(level), source).ended == "died"


@each_level
def test_who_makes_files_without_end_is_killed(level: Level, sealed_kernel: Kernels) -> None:
    """Empty files fill a disk too."""
    source = "for number in range(5000): open(str(number), 'w').close()\nwhile True: pass"
    assert run(sealed_kernel(level), source).ended == "died"


_FLOOD = """
import threading
gate, started = threading.Event(), []
try:
    for _ in range(1000):
        started.append(threading.Thread(target=gate.wait, daemon=True))
        started[-1].start()
except RuntimeError as error:
    print(error)
"""


@each_level
def test_a_flood_of_threads_leaves_memory_for_what_comes_after(
    level: Level, sealed_kernel: Kernels
) -> None:
    """It ends at a number, not where memory happens to; the next cell still runs."""
    kernel = sealed_kernel(level)
    [output] = run(kernel, _FLOOD).outputs
    assert output["text"] == "can't start new thread\n"
    assert value(kernel, "threading.active_count() <= 66") is True
    assert value(kernel, "len(bytearray(200 * 2**20))") == 200 * 2**20
    assert value(kernel, "gate.set() or [each.join() for each in started[:-1]] and 1 + 1") == 2


_NATIVE_FLOOD = """
import ctypes, time
libc, started = ctypes.CDLL(None), 0
while started < 2000 and not libc.pthread_create(
    ctypes.byref(ctypes.c_ulong()), None, libc.usleep, ctypes.c_long({microseconds})
):
    started += 1
print(started, flush=True)
time.sleep({microseconds} / 1e6)
"""


def test_linux_limits_threads_that_python_does_not_see(
    warm_parent: Parents, sealed_kernel: Kernels
) -> None:
    """Those of one kernel alone, also before anybody counts them; who keeps them is killed."""
    warm_parent(Level.NAMESPACES)
    if not find(Level.NAMESPACES).counts_threads:
        pytest.skip("Linux does not count them here, so that they are watched.")
    other = sealed_kernel(Level.NAMESPACES)
    [told] = run(other, _NATIVE_FLOOD.format(microseconds=1)).outputs
    kernel = sealed_kernel(Level.NAMESPACES)
    done = run(kernel, _NATIVE_FLOOD.format(microseconds=60_000_000))
    assert (done.ended, kernel.excess) == ("died", "threads")
    assert all(int(each["text"]) <= Limits().all_threads + 8 for each in done.outputs)
    assert int(told["text"]) > 0
    assert value(other, "1 + 1") == 2


@each_level
def test_an_exam_has_memory_that_no_cell_can_take(level: Level, sealed_kernel: Kernels) -> None:
    """And gives it back at its end."""
    kernel = sealed_kernel(level)
    before = value(kernel, "__import__('resource').getrlimit(2)[0]")
    asked = "from grader.grading.sandbox import reserve\nimport resource\nwith reserve():\n"
    kernel.run(f"{asked}    inside = resource.getrlimit(2)[0]", seconds=9)
    assert value(kernel, "inside") - before == Limits().reserve_bytes
    assert value(kernel, "resource.getrlimit(2)[0]") == before
