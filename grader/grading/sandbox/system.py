"""The system calls that sealing needs and Python does not offer, by way of the C library."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import Any

# <sched.h>
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
# <sys/mount.h>
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
# <linux/mount.h>, <fcntl.h>
_MOUNT_ATTR_READ_ONLY = 1 | 2 | 4
"""With no set-uid programs and no devices either."""
_AT_FDCWD, _AT_RECURSIVE, _MOUNT_SETATTR = -100, 0x8000, 442
# <linux/prctl.h>
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 38, 22
_CAPABILITY_VERSION_3 = 0x20080522

_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

IS_LINUX = platform.system() == "Linux"
MACHINE = platform.machine()


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> int:
    """Return a call's result, or raise the OSError that it reports."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: Any, what: str) -> int:
    """Make a system call by its number; raises OSError when it fails."""
    return checked(_libc().syscall(ctypes.c_long(number), *arguments), what)


def unshare(flags: int) -> None:
    """Enter new namespaces."""
    checked(_libc().unshare(flags), "unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount a file system."""
    texts = [text.encode() if text else None for text in (source, target, kind)]
    done = _libc().mount(*texts, ctypes.c_ulong(flags), data.encode() if data else None)
    checked(done, f"mount {target}")


def make_read_only(target: str) -> None:
    """Make a mount and all below it read-only; Linux 5.12 or newer."""
    attributes = struct.pack("<4Q", _MOUNT_ATTR_READ_ONLY, 0, 0, 0)
    syscall(
        _MOUNT_SETATTR,
        _AT_FDCWD,
        target.encode(),
        _AT_RECURSIVE,
        ctypes.c_char_p(attributes),
        ctypes.c_size_t(len(attributes)),
        what=f"mount_setattr {target}",
    )


def umount(target: str) -> None:
    """Take a file system off, as soon as nobody uses it."""
    checked(_libc().umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make a folder the root, and put the old root below it."""
    syscall(_PIVOT_ROOT[MACHINE], new.encode(), old.encode(), what="pivot_root")


def prctl(option: int, *arguments: int) -> None:
    """Change a property of this process."""
    padded = [ctypes.c_ulong(each) for each in (*arguments, 0, 0, 0, 0)[:4]]
    checked(_libc().prctl(option, *padded), f"prctl {option}")


def drop_capabilities() -> None:
    """Give up all capabilities for good; one that is not held cannot be dropped, which is fine."""

    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    class Data(ctypes.Structure):
        _fields_ = (
            ("effective", ctypes.c_uint32),
            ("permitted", ctypes.c_uint32),
            ("inheritable", ctypes.c_uint32),
        )

    libc = _libc()
    for capability in range(64):
        # EINVAL past the last one that the kernel knows, EPERM where none is held.
        libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0)
    header = Header(_CAPABILITY_VERSION_3, 0)
    checked(libc.capset(ctypes.byref(header), (Data * 2)()), "capset")
