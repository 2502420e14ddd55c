"""Landlock: this process and all it starts may use the named folders, and no other file.

<linux/landlock.h>; the call numbers are the same on every architecture.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from grader.grading.sandbox.system import syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _RULE_PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_SCOPES = 3
"""Abstract sockets, and signals to processes outside."""
_OLDEST = 4
"""With network rules; older kernels are not taken."""


def version() -> int:
    """Return the version of Landlock's interface; raises OSError where there is none."""
    return syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG, what="landlock_create_ruleset")


def restrict(read: Iterable[str], write: Iterable[str]) -> None:
    """Allow reading below some paths and everything below others, and nothing else of any file.

    Needs `no_new_privs`. Raises OSError where Landlock is missing or too old.
    """
    found = version()
    if found < _OLDEST:
        raise OSError(f"Landlock is here in version {found}; {_OLDEST} is the oldest that will do")
    files = (1 << (16 if found >= 5 else 15)) - 1
    fields = [files, 3, _SCOPES] if found >= 6 else [files, 3]
    attributes = struct.pack(f"<{len(fields)}Q", *fields)
    ruleset = syscall(
        _CREATE_RULESET,
        ctypes.c_char_p(attributes),
        ctypes.c_size_t(len(attributes)),
        0,
        what="landlock_create_ruleset",
    )
    try:
        for paths, rights in ((read, _READ), (write, files)):
            for path in paths:
                _allow(ruleset, path, rights & files)
        syscall(_RESTRICT_SELF, ruleset, 0, what="landlock_restrict_self")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _FILE_RIGHTS
        rule = struct.pack("<Qi", rights, descriptor)
        syscall(
            _ADD_RULE,
            ruleset,
            _RULE_PATH_BENEATH,
            ctypes.c_char_p(rule),
            0,
            what=f"landlock_add_rule {path}",
        )
    finally:
        os.close(descriptor)
