"""Landlock: from now on this process reads and writes only below the paths that it names.

It needs no namespaces and no rights (Linux 5.13; linux/landlock.h). It does not govern `stat`,
`chmod`, or sockets: the filter on system calls covers those.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from grader.grading.sandbox.libc import syscall

# The same on every machine (asm-generic/unistd.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_PATH_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH

# LANDLOCK_ACCESS_FS_*
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_SOCK, _MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11
_TRUNCATE = 1 << 14
_READ = _READ_FILE | _READ_DIR
_OF_A_FILE = _WRITE_FILE | _READ_FILE | _TRUNCATE
_NEEDED = 3
"""The version that governs `truncate`; before it, any file could be emptied."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_files", ctypes.c_uint64),
        ("handled_network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def landlock_version() -> int:
    """Return the version of Landlock that this Linux offers; raises OSError when it has none."""
    return syscall(_CREATE_RULESET, "landlock_create_ruleset", None, 0, _VERSION)


def restrict_files(
    readable: Iterable[Path], writable: Iterable[Path], sockets: Path | None
) -> None:
    """Refuse this process every file but those below the given paths; it can never be undone.

    sockets: a folder in which it may make Unix sockets. Raises OSError.
    """
    version = landlock_version()
    if version < _NEEDED:
        raise OSError(f"Landlock is version {version} here, and {_NEEDED} is needed.")
    handled = _files(version)
    rules = _Ruleset(
        handled,
        # Neither bind nor connect: LANDLOCK_ACCESS_NET_*, version 4.
        3 if version >= 4 else 0,
        # Abstract sockets and signals stay inside: LANDLOCK_SCOPE_*, version 6.
        3 if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = syscall(_CREATE_RULESET, "landlock_create_ruleset", ctypes.byref(rules), size, 0)
    devices_and_sockets = _MAKE_CHAR | _MAKE_SOCK | _MAKE_BLOCK
    try:
        for path in readable:
            _allow(ruleset, path, _READ)
        for path in writable:
            _allow(ruleset, path, handled & ~devices_and_sockets)
        if sockets is not None:
            _allow(ruleset, sockets, _READ | _MAKE_SOCK)
        syscall(_RESTRICT_SELF, "landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _files(version: int) -> int:
    # Version 1 knows 13 kinds of access, 2 adds refer, 3 truncate, 5 ioctl on devices.
    kinds = {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    return (1 << kinds) - 1


def _allow(ruleset: int, path: Path, access: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            access &= _OF_A_FILE
        rule = _PathRule(access, handle)
        syscall(
            _ADD_RULE, f"landlock_add_rule {path}", ruleset, _PATH_BENEATH, ctypes.byref(rule), 0
        )
    finally:
        os.close(handle)
