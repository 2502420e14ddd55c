"""The few system calls that Python's own library does not offer."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import lru_cache

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_LINUX_CAPABILITY_VERSION_3 = 0x20080522  # linux/capability.h


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityData(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@lru_cache
def libc() -> ctypes.CDLL:
    """Return the C library of this process; raises OSError if this is not Linux."""
    if sys.platform != "linux":
        raise OSError(f"{sys.platform} has neither namespaces nor Landlock: they are Linux's.")
    return ctypes.CDLL(None, use_errno=True)


def demand(returned: int, what: str) -> int:
    """Return what a call returned; raise OSError, naming the call, when it failed."""
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return returned


def syscall(number: int, what: str, *arguments: object) -> int:
    """Make a system call by its number; what: its name, for the error."""
    whole = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return demand(libc().syscall(ctypes.c_long(number), *whole), what)


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process (linux/prctl.h)."""
    zeros = (ctypes.c_ulong(0),) * 3
    demand(libc().prctl(option, ctypes.c_ulong(value), *zeros), f"prctl {option}")


def drop_privileges() -> None:
    """Give up every capability, and any way to get one again."""
    for capability in range(64):
        if libc().prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) != 0:
            # Past the last one that this kernel knows, or none was held anyway.
            break
    header = _CapabilityHeader(_LINUX_CAPABILITY_VERSION_3, 0)
    demand(libc().capset(ctypes.byref(header), (_CapabilityData * 2)()), "capset")
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
