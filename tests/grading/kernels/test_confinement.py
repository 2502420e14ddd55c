"""What a submission cannot reach, at the two levels that shut it in."""

import os
import sys
from pathlib import Path

import pytest

import grader
from grader.grading.sandbox import Level
from tests.grading.kernels.asking import attempts, run, value
from tests.grading.kernels.conftest import Kernels
from tests.grading.kernels.levels import SEALED

pytestmark = pytest.mark.parametrize("level", SEALED, ids=lambda level: level.value)

_ROOT = Path(grader.__file__).parents[1]
_REFUSED = {"PermissionError", "FileNotFoundError", "OSError"}
_CTYPES = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    ctypes.set_errno(0)
    return getattr(libc, name)(*arguments), ctypes.get_errno()
"""
_EPERM = "(-1, 1)"


def test_files_of_others_are_not_there(
    level: Level, sealed_kernel: Kernels, tmp_path: Path
) -> None:
    """Solutions, other submissions, this user's home and the machine's settings."""
    mine = tmp_path / "gradebook.db"
    mine.write_text("grades")
    files = (mine, _ROOT / "pyproject.toml", Path("/etc/passwd"), Path("/etc/hostname"))
    folders = [_ROOT / "solutions", _ROOT / "course", tmp_path, Path("/run")]
    # The way to the checkout is there, and nothing beside it.
    folders += [Path("/home")] * (Path("/home") not in _ROOT.parents)
    found = attempts(
        sealed_kernel(level),
        *(f"open({str(path)!r}).read()" for path in files),
        *(f"os.listdir({str(folder)!r})" for folder in folders),
        *(f"open({str(mine)!r}, {mode!r})" for mode in "wa"),
        f"os.truncate({str(mine)!r}, 0)",
        f"os.unlink({str(mine)!r})",
        f"os.rename({str(mine)!r}, 'mine')",
        f"os.link({str(mine)!r}, 'mine')",
        before="import os",
    )
    assert set(found.values()) <= _REFUSED
    assert mine.read_text() == "grades"


def test_what_is_installed_is_read_only(level: Level, sealed_kernel: Kernels) -> None:
    """A file written there would be picked up by the next run."""
    package = Path(grader.__file__).parent
    folders = (
        package,
        Path(pytest.__file__).parents[1],
        Path(sys.base_prefix) / "lib",
        Path("/"),
        Path("/usr/lib"),
        Path("/dev"),
    )
    found = attempts(
        sealed_kernel(level),
        *(f"open({str(folder / 'sitecustomize.py')!r}, 'w')" for folder in folders),
        f"open({str(package / '__init__.py')!r}, 'a')",
    )
    assert set(found.values()) <= _REFUSED


def test_modes_and_times_of_files_outside_stay(
    level: Level, sealed_kernel: Kernels, tmp_path: Path
) -> None:
    """Landlock does not govern them, so the filter on system calls must."""
    mine = tmp_path / "gradebook.db"
    mine.write_text("grades")
    mine.chmod(0o640)
    before = mine.stat()
    run(sealed_kernel(level), f"import os\nos.chmod({str(mine)!r}, 0)\nos.utime({str(mine)!r})")
    assert mine.stat() == before


def test_there_is_no_network(level: Level, sealed_kernel: Kernels) -> None:
    """Not to the internet, the machine, its cloud, or another process by a socket's path."""
    found = attempts(
        sealed_kernel(level),
        "socket.create_connection(('127.0.0.1', 80), 1)",
        "socket.create_connection(('169.254.169.254', 80), 1)",
        "socket.getaddrinfo('example.com', 80)",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
        "socket.socket(fileno=os.dup(3)).bind('here')",
        "socket.socket(fileno=os.dup(4)).connect('/run/there')",
        before="import os, socket",
    )
    assert set(found.values()) <= {"PermissionError", "gaierror"}


def test_no_process_is_started(level: Level, sealed_kernel: Kernels) -> None:
    """So that a kernel is one process, and a fork bomb is one refusal."""
    found = attempts(
        sealed_kernel(level),
        "os.fork()",
        "os.execv('/bin/sh', ['sh'])",
        "os.posix_spawn('/bin/sh', ['sh'], {})",
        "subprocess.run(['ls'])",
        "multiprocessing.get_context('fork').Process(target=print).start()",
        before="import multiprocessing, os, subprocess",
    )
    assert set(found.values()) <= {"PermissionError", "FileNotFoundError"}


def test_no_other_process_can_be_touched(level: Level, sealed_kernel: Kernels) -> None:
    """Neither the parent, nor all that may be signalled, nor another kernel."""
    other = sealed_kernel(level)
    kernel = sealed_kernel(level)
    found = attempts(
        kernel,
        "os.kill(os.getppid() or 1, 15)",
        "os.kill(-1, 9)",
        "os.kill(0, 9)",
        "os.kill(os.getpid(), 9)",
        "signal.pidfd_send_signal(3, 9)",
        "os.pidfd_open(1)",
        "signal.raise_signal(signal.SIGTERM)",
        before="import os, signal",
    )
    assert set(found.values()) <= {"PermissionError", "OSError"}
    assert value(other, "1 + 1") == value(kernel, "1 + 1") == 2


def test_calls_to_the_heart_of_the_machine_are_refused(
    level: Level, sealed_kernel: Kernels
) -> None:
    """Namespaces, mounts, tracing, and the parts of Linux that are known for their holes."""
    calls = (
        "call('unshare', 0x10000000)",
        "call('unshare', 0x00020000)",
        "call('mount', b'none', b'/tmp', b'tmpfs', 0, None)",
        "call('ptrace', 0, 0, 0, 0)",
        "call('setns', 3, 0)",
        "call('personality', 0xffffffff)",
        "call('prctl', 1, 0, 0, 0, 0)",
        "call('syscall', 425, 8, 0)",
        "call('chroot', b'.')",
        "call('setpriority', 0, 0, 5)",
        "call('shmget', 1, 4096, 0o1600)",
    )
    found = attempts(sealed_kernel(level), *calls, before=_CTYPES)
    assert found == dict.fromkeys(calls, _EPERM)


def test_no_right_is_held(level: Level, sealed_kernel: Kernels) -> None:
    """Whoever grades as root would else hand root's rights on."""
    found = attempts(
        sealed_kernel(level),
        "call('prctl', 39, 0, 0, 0, 0)",
        "call('prctl', 23, 21, 0, 0, 0)",
        "os.setuid(0) if os.getuid() else os.setgroups([5])",
        before=_CTYPES,
    )
    # PR_GET_NO_NEW_PRIVS is 1: what is bounded cannot be got again. Of the bounding set
    # CAP_SYS_ADMIN (21) is gone, unless who grades has no right to change that.
    assert found["call('prctl', 39, 0, 0, 0, 0)"] == "(1, 0)"
    if level is Level.NAMESPACES or os.geteuid() == 0:
        assert found["call('prctl', 23, 21, 0, 0, 0)"] == "(0, 0)"
    assert found["os.setuid(0) if os.getuid() else os.setgroups([5])"] in _REFUSED


def test_other_processes_are_not_seen(level: Level, sealed_kernel: Kernels) -> None:
    """A list of processes would show who is graded, and their command lines."""
    seen = value(
        sealed_kernel(level),
        "[each for each in names if each.isdigit()]",
        before="import os\ntry:\n    names = os.listdir('/proc')\n"
        "except PermissionError:\n    names = []",
    )
    assert seen == (["1"] if level is Level.NAMESPACES else [])


def test_no_open_file_is_inherited(level: Level, sealed_kernel: Kernels) -> None:
    """Only devices, sockets and the event loop's own are open."""
    kinds = value(
        sealed_kernel(level),
        "[stat.S_IFMT(mode) for mode in modes]",
        before="""
import os, stat
modes = []
for number in range(128):
    try:
        modes.append(os.fstat(number).st_mode)
    except OSError:
        pass
""",
    )
    files = {0o100000, 0o040000}
    assert kinds
    assert not files & set(kinds)
