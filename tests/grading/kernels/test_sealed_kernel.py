"""A sealed kernel runs cells as any other does, and ends when it has to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.grading.kernels import CellRun, SealedKernel, WarmParent
from grader.grading.sandbox import Level, Limits
from tests.grading.kernels.levels import skip_unless

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kernels")]

SECONDS = 20.0


def run(kernel: SealedKernel, source: str, *, seconds: float = SECONDS) -> CellRun:
    """Run one cell."""
    return kernel.run(source, seconds=seconds)


def printed(done: CellRun) -> str:
    """Return what a cell printed; it must have come to a good end."""
    assert done.ended == "ok", done
    return "".join(each["text"] for each in done.outputs if each["output_type"] == "stream")


def test_a_cell_prints_shows_and_fails(kernel: SealedKernel) -> None:
    """In the order of what it did, as nbformat has it."""
    first = run(kernel, "import sys\nprint('a')\nprint('b', file=sys.stderr)\n1 + 1")
    kinds = [each["output_type"] for each in first.outputs]
    assert (first.ended, kinds) == ("ok", ["stream", "stream", "execute_result"])
    assert first.outputs[-1]["data"]["text/plain"] == "2"
    second = run(kernel, "1 / 0")
    assert (second.ended, second.outputs[0]["ename"]) == ("error", "ZeroDivisionError")
    assert (
        printed(run(kernel, "import asyncio\nawait asyncio.sleep(0)\nprint('later')")) == "later\n"
    )


def test_what_a_lesson_imports_is_there(kernel: SealedKernel) -> None:
    """And a call reaches the simulator."""
    source = (
        "from grader.classroom import connect\nclient = connect()\n"
        "message = client.messages.create(model='claude-sonnet-4-6', max_tokens=99,"
        " messages=[{'role': 'user', 'content': 'Hello'}])\nprint(message.role)"
    )
    assert printed(run(kernel, source)).endswith("assistant\n")


def test_a_cell_that_does_not_end_is_interrupted(kernel: SealedKernel) -> None:
    """The kernel goes on with what it holds."""
    run(kernel, "x = 7")
    assert run(kernel, "while True: pass", seconds=0.5).ended == "deadline"
    assert printed(run(kernel, "print(x)")) == "7\n"


def test_a_kernel_that_ignores_the_interrupt_is_killed(kernel: SealedKernel) -> None:
    """At its deadline, and nothing of it is left."""
    source = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    assert run(kernel, source, seconds=0.5).ended == "deadline"
    assert not kernel.is_alive


@pytest.mark.parametrize("source", ["import os\nos._exit(3)", "import ctypes\nctypes.string_at(0)"])
def test_a_kernel_that_dies_says_so(warm: WarmParent, source: str) -> None:
    """And another one is not disturbed."""
    with warm.kernel() as other, warm.kernel() as kernel:
        assert run(kernel, source).ended == "died"
        assert not kernel.is_alive
        assert printed(run(other, "print(1)")) == "1\n"


def test_input_is_refused_at_once(kernel: SealedKernel) -> None:
    """Nobody sits at this keyboard."""
    done = run(kernel, "input('Who?')")
    assert (done.ended, done.outputs[-1]["ename"]) == ("error", "StdinNotImplementedError")


def test_floods_are_cut(kernel: SealedKernel) -> None:
    """One huge line, and very many small outputs; what comes after is heard again."""
    for source in ("print('x' * 50_000_000)", "for n in range(20_000): print('y' * 100)"):
        done = run(kernel, source)
        assert done.ended == "ok"
        assert len(json.dumps(done.outputs)) < 200_000
    assert printed(run(kernel, "print('after')")) == "after\n"


def test_the_exam_has_a_line_of_its_own(kernel: SealedKernel) -> None:
    """Through the descriptor that the environment names."""
    kernel.start("import os\nfd = int(os.environ['GRADER_EXAM_FD'])\nos.write(fd, os.read(fd, 9))")
    kernel.exam.sendall(b"question\n")
    assert kernel.exam.recv(9) == b"question\n"
    assert kernel.finish(seconds=SECONDS).ended == "ok"


INSIDE = """
import json, os, sys
found = {
    "environment": sorted(name for name in os.environ if name.startswith(("ANTHROPIC", "OPENAI"))),
    "work": os.listdir("."),
    "path": [each for each in sys.path if each in ("", os.getcwd())],
    "descriptors": [fd for fd in range(3, 64) if fd != int(os.environ["GRADER_EXAM_FD"])
                    and os.path.exists(f"/proc/self/fd/{fd}")
                    and os.readlink(f"/proc/self/fd/{fd}").startswith("/")
                    and "[" not in os.readlink(f"/proc/self/fd/{fd}")
                    and not os.readlink(f"/proc/self/fd/{fd}").startswith("/dev/")],
}
print(json.dumps(found))
"""


def test_nothing_is_handed_down(
    level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key, no open file, an empty folder, and nothing there to be imported by mistake."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    (tmp_path / "open").write_text("x")
    with (tmp_path / "open").open() as file:
        os.set_inheritable(file.fileno(), True)
        with WarmParent(level, Limits()) as warm, warm.kernel() as kernel:
            found: dict[str, Any] = json.loads(printed(run(kernel, INSIDE)))
    assert found == {"environment": [], "work": [], "path": [], "descriptors": []}


def test_a_new_file_shadows_nothing(kernel: SealedKernel) -> None:
    """A module that lies in the working folder is not found."""
    run(kernel, "open('colorsys.py', 'w').write('raise SystemExit')")
    source = "import colorsys\nprint('colorsys.py' in colorsys.__file__, colorsys.__file__[:4])"
    assert printed(run(kernel, source)).startswith("True /")


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = [int(each) for each in children]
    return found + [deeper for each in found for deeper in _descendants(each)]


def _are_gone(pids: list[int]) -> bool:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="It reads /proc.")
def test_all_end_with_who_started_them(level: Level) -> None:
    """Killed without a word: the parent, the keeper and the kernel go with it."""
    skip_unless(level)
    source = (
        "import time\nfrom grader.grading.kernels import WarmParent\n"
        "from grader.grading.sandbox import Level\n"
        f"with WarmParent(Level({level.value!r})) as warm, warm.kernel() as kernel:\n"
        "    print('up', flush=True)\n    time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    started = _descendants(process.pid)
    assert len(started) >= 3
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert _are_gone(started)


def test_another_process_may_ask_by_the_address(warm: WarmParent) -> None:
    """The address is plain JSON."""
    address = json.loads(json.dumps(warm.address))
    with WarmParent.connect(address, Limits()).kernel() as kernel:
        assert printed(run(kernel, "print(1)")) == "1\n"


def test_no_parent_is_a_sentence() -> None:
    """Not a traceback of sockets."""
    gone = WarmParent.connect({"socket": "/nowhere/s", "level": "process"}, Limits())
    with pytest.raises((GradingError, OSError)), gone.kernel():
        pass


def test_nbclient_runs_a_notebook_in_a_sealed_kernel(warm: WarmParent, level: Level) -> None:
    """Through the provisioner, as for any other kernel."""
    import nbformat
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    provisioner = {"provisioner_name": "grader-sealed", "config": {"address": warm.address}}

    class Sealed(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            return KernelSpec(
                argv=["sealed"],
                display_name=kernel_name,
                language="python",
                metadata={"kernel_provisioner": provisioner},
            )

    cells = [nbformat.v4.new_code_cell(each) for each in ("import os\nx = 6", "x * 7")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    manager = AsyncKernelManager(kernel_spec_manager=Sealed(), kernel_name="sealed")
    NotebookClient(notebook, km=manager, timeout=60).execute()
    assert notebook.cells[1].outputs[0]["data"]["text/plain"] == "42"


def test_the_operating_system_keeps_the_limits(kernel: SealedKernel, level: Level) -> None:
    """Memory, one file, all files, descriptors: a Python exception, and the kernel goes on."""
    if level is Level.PROCESS:
        pytest.skip("There a deadline is all there is.")
    for source, name in (
        ("hog = bytearray(10**10)", "MemoryError"),
        ("open('big', 'wb').write(b'x' * 40_000_000)", "OSError"),
        ("kept = [open('/dev/null') for _ in range(10**4)]", "OSError"),
    ):
        caught = f"try:\n    {source}\nexcept {name} as error:\n    print(type(error).__name__)"
        assert printed(run(kernel, caught)) == f"{name}\n"
        run(kernel, "hog = kept = None")
    assert printed(run(kernel, "print('still here')")) == "still here\n"


REFUSED = {
    "a socket": "socket.socket(socket.AF_INET)",
    "a datagram of the system's own": "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "to connect": "socket.socket(socket.AF_UNIX).connect('/x')",
    "a process": "os.fork()",
    "a program": "os.execv('/bin/true', ['true'])",
    "a program in a process": "__import__('subprocess').run(['true'])",
    "to signal others": "os.kill(1, 9)",
    "to signal all": "os.kill(-1, 9)",
    "to read what is not its own": "open('/etc/shadow').read()",
    "to write where Python lies": "open(os.__file__, 'a')",
    "to write into the grader": "open(__import__('grader').__file__, 'a')",
    "to leave a file outside": "open('/var/tmp/left', 'w')",
}


@pytest.mark.parametrize("action", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("sealed", [Level.NAMESPACES, Level.LANDLOCK], ids=lambda each: each.value)
def test_it_is_refused(parents: dict[Level, WarmParent], sealed: Level, action: str) -> None:
    """An OSError in the cell, at both levels, and the kernel goes on."""
    skip_unless(sealed)
    with parents[sealed].kernel() as kernel:
        done = run(kernel, f"import os, socket\n{action}")
        assert done.ended == "error"
        known = ("PermissionError", "OSError", "FileNotFoundError", "ProcessLookupError")
        assert done.outputs[-1]["ename"] in known
        assert printed(run(kernel, "print('still here')")) == "still here\n"


def test_a_socket_that_is_too_long_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With what mends it."""
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with pytest.raises(GradingError, match="TMPDIR=/tmp"), WarmParent(Level.PROCESS):
        pass


def test_sockets_are_closed(warm: WarmParent) -> None:
    """A class of thousands does not run out of descriptors."""
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with warm.kernel():
            assert socket.has_ipv6 is not None
    assert len(os.listdir("/proc/self/fd")) <= before + 3
