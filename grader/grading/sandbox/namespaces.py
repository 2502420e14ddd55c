"""Namespaces: a small world that holds only what a kernel needs, and a room of it for each kernel.

The world is made once, by the process that will fork kernels: user, mount, process, network, IPC
and host name namespaces, and a root of read-only mounts. A room then costs a few system calls.
The world's first process is that fork server, and a room's first process its kernel, so that the
end of either ends everything in it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

from grader.grading.sandbox.level import Limits
from grader.grading.sandbox.libc import PR_SET_PDEATHSIG, demand, libc, prctl, syscall
from grader.grading.sandbox.readable import DEVICES, HIDDEN
from grader.grading.sandbox.scratch import remove_tree

# linux/sched.h
_NEW_MOUNTS, _NEW_NAMES, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USER, _NEW_PROCESSES, _NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
# linux/mount.h
_NOSUID, _NODEV, _NOEXEC, _READ_ONLY = 2, 4, 8, 1
_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_ATTRIBUTE_READ_ONLY, _ATTRIBUTE_NOSUID, _ATTRIBUTE_NODEV = 1, 2, 4
_DETACH = 2  # MNT_DETACH
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000  # linux/fcntl.h
# asm-generic/unistd.h; pivot_root has no wrapper in the C library.
_MOUNT_SETATTR = 442
_INSIDE = 1000

ROOMS = Path("/rooms")
"""Where the world keeps the scratch directories."""
_OWN = (Path("/tmp"), Path("/scratch"), Path("/own"))
SOCKETS = Path("/sockets")
"""Where the world shows the folder for the sockets of Jupyter kernels."""


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def place_of_scratch(readable: Iterable[Path]) -> Path:
    """Return where a room shows its scratch directory: /tmp, unless that would hide what it reads.

    Somebody's checkout, or the Python that runs it, may lie below /tmp.
    """
    paths = tuple(readable)
    return next(
        own
        for own in _OWN
        if not any(own == each or own in each.parents or each in own.parents for each in paths)
    )


def enter_world(readable: Iterable[Path], folder: Path, own: Path) -> None:
    """Return in a new process, the first of a new world; the old one waits for its end and exits.

    folder: of this user alone; `root` below it is empty, and `sockets` is shown as SOCKETS. The old
    process removes it at the end. own: see `place_of_scratch`. Raises OSError; must be called
    while there is one thread.
    """
    _be_apart(_NEW_MOUNTS | _NEW_PROCESSES | _NEW_NETWORK | _NEW_IPC | _NEW_NAMES)
    # The old process will have the same root as the new one, and reach the folder only by this.
    above = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    first = os.fork()
    if first:
        # When the first process is gone, so is everything that was started in its namespace.
        signal.signal(signal.SIGTERM, lambda *_: os.kill(first, signal.SIGKILL))
        _, status = os.waitpid(first, 0)
        os.fchdir(above)
        remove_tree(Path(folder.name))
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    os.close(above)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _make_root(tuple(readable), folder / "sockets", folder / "root", own)
    demand(libc().sethostname(b"grader", 6), "sethostname")


def counts_apart() -> bool:
    """Return whether Linux limits the processes and threads of each user namespace separately.

    It does since 5.14; before, it counts all of a user's together, and never limits root's
    (kernel/fork.c). So we try: with room for two, one more may start, but not another.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return status == 0
    # Windows has no such module.
    import resource

    held = False
    try:
        _be_apart()
        resource.setrlimit(resource.RLIMIT_NPROC, (2, 2))
        held = _may_fork(lambda: not _may_fork(lambda: True))
    finally:
        os._exit(not held)


def _may_fork(then: Callable[[], bool]) -> bool:
    """Return what the forked process says, or False if none can be forked."""
    try:
        child = os.fork()
    except OSError:
        return False
    if not child:
        os._exit(not then())
    _, status = os.waitpid(child, 0)
    return status == 0


def make_scratch(name: str, limits: Limits) -> Path:
    """Return a new scratch directory in memory, named by its path in the world."""
    scratch = ROOMS / name
    scratch.mkdir()
    # Twice what is allowed: at every level the fork server ends a kernel that exceeds that.
    options = f"size={2 * limits.scratch_bytes},nr_inodes={2 * limits.scratch_files},mode=700"
    _mount("tmpfs", scratch, kind="tmpfs", flags=_NOSUID | _NODEV, options=options)
    return scratch


def remove_scratch(scratch: Path) -> None:
    """Give up a scratch directory; its memory is free when its kernel is gone."""
    demand(libc().umount2(os.fsencode(scratch), _DETACH), "umount2")
    scratch.rmdir()


def fork_first(world: int) -> int:
    """Fork a process that is the first of a new process namespace; return as `os.fork` does.

    world: an open file descriptor of this process's own process namespace.
    """
    _unshare(_NEW_PROCESSES)
    child = os.fork()
    if child:
        # Else the next child would be born into the same namespace.
        demand(libc().setns(world, _NEW_PROCESSES), "setns")
    return child


def enter_room(scratch: Path, sockets: Path | None, own: Path, *, is_apart: bool) -> None:
    """Give this process, a namespace's first, its room: its own scratch, sockets and processes.

    sockets: a folder below SOCKETS, which takes its place; None for no sockets. own: where the
    scratch directory is shown. is_apart: whether it has a user namespace of its own too, in which
    Linux counts its threads.
    """
    _unshare(_NEW_MOUNTS | _NEW_NETWORK | _NEW_IPC | _NEW_NAMES)
    _mount(str(scratch), own, flags=_BIND)
    demand(libc().umount2(os.fsencode(ROOMS), _DETACH), "umount2")
    if sockets is None:
        demand(libc().umount2(os.fsencode(SOCKETS), _DETACH), "umount2")
    else:
        _mount(str(sockets), SOCKETS, flags=_BIND)
    flags = _NOSUID | _NODEV | _NOEXEC | _READ_ONLY
    settings = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    # Processes only: root outside owns the kernel's settings in /proc/sys.
    _mount("proc", Path("/proc"), kind="proc", flags=flags, options="subset=pid")
    if is_apart:
        _be_apart(proc=settings)
    # No more user namespaces in here: they are how rights are won back. The filter on system calls
    # refuses them too, so a Linux without this file does no harm.
    with contextlib.suppress(FileNotFoundError):
        _write("sys/user/max_user_namespaces", "0", proc=settings)
    os.close(settings)


def _make_root(readable: tuple[Path, ...], sockets: Path, root: Path, own: Path) -> None:
    _mount(None, Path("/"), flags=_RECURSIVE | _PRIVATE)
    _mount("tmpfs", root, kind="tmpfs", flags=_NOSUID | _NODEV, options="size=1m,mode=755")
    for path in readable:
        target = _show(path, root, at=path)
        read_only = _ATTRIBUTE_READ_ONLY | _ATTRIBUTE_NOSUID | _ATTRIBUTE_NODEV
        _change(target, read_only, recursive=True)
    for device in DEVICES:
        _show(device, root, at=device)
    _show(sockets, root, at=SOCKETS)
    for hidden in HIDDEN:
        # It exists only if a whole folder of packages is shown.
        if _inside(root, hidden).is_dir():
            nothing = _NOSUID | _NODEV | _NOEXEC | _READ_ONLY
            _mount("tmpfs", _inside(root, hidden), kind="tmpfs", flags=nothing, options="size=4k")
    for folder in (Path("/proc"), own, ROOMS):
        _inside(root, folder).mkdir(parents=True, exist_ok=True)
    rooms = _inside(root, ROOMS)
    _mount("tmpfs", rooms, kind="tmpfs", flags=_NOSUID | _NODEV, options="size=1m,mode=700")
    _mount("proc", root / "proc", kind="proc", flags=_NOSUID | _NODEV | _NOEXEC)
    os.chdir(root)
    # Onto itself, so that no folder for the old root is needed (man 2 pivot_root).
    demand(libc().syscall(ctypes.c_long(_pivot_root()), b".", b"."), "pivot_root")
    demand(libc().umount2(b".", _DETACH), "umount2")
    os.chdir("/")
    _change(Path("/"), _ATTRIBUTE_READ_ONLY, recursive=False)


def _pivot_root() -> int:
    return {"x86_64": 155, "aarch64": 41}[os.uname().machine]


def _show(path: Path, root: Path, *, at: Path) -> Path:
    """Bind a folder or file into the new root; a link shows what it points to."""
    target = _inside(root, at)
    if path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    _mount(str(path), target, flags=_BIND | _RECURSIVE)
    return target


def _inside(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _be_apart(more: int = 0, *, proc: int | None = None) -> None:
    """Enter a new user namespace with a number for this user, and more namespaces with it.

    proc: /proc as an open folder, if the path shows another one.
    """
    user, group = os.getuid(), os.getgid()
    _unshare(_NEW_USER | more)
    _write("self/setgroups", "deny", proc=proc)
    _write("self/uid_map", f"{_INSIDE} {user} 1", proc=proc)
    _write("self/gid_map", f"{_INSIDE} {group} 1", proc=proc)


def _write(name: str, text: str, *, proc: int | None) -> None:
    path = name if proc is not None else f"/proc/{name}"
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def _unshare(what: int) -> None:
    demand(libc().unshare(what), "unshare")


def _mount(
    source: str | None, target: Path, *, flags: int, kind: str | None = None, options: str = ""
) -> None:
    done = libc().mount(
        source.encode() if source else None,
        os.fsencode(target),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        options.encode() if options else None,
    )
    demand(done, f"mount {source} on {target}")


def _change(target: Path, attributes: int, *, recursive: bool) -> None:
    asked = _MountAttributes(attributes, 0, 0, 0)
    syscall(
        _MOUNT_SETATTR,
        f"mount_setattr {target}",
        _AT_FDCWD,
        os.fsencode(target),
        _AT_RECURSIVE if recursive else 0,
        ctypes.byref(asked),
        ctypes.sizeof(asked),
    )
