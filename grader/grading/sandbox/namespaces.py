"""The first level: a system of its own, made of namespaces.

A process leaves its users, mounts, processes, network, messages and host name behind. What it then
sees is a small root in memory: Python and its libraries, read-only; a scratch folder of limited
size; no network, not even loopback; and no process but those that it started.
"""

from __future__ import annotations

import os
import socket

from grader.grading.sandbox.level import Limits
from grader.grading.sandbox.readable import DEVICES, readable_paths
from grader.grading.sandbox.system import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    make_read_only,
    mount,
    pivot_root,
    umount,
    unshare,
)

SCRATCH = "/tmp"
_USER = 1000
_NAMESPACES = (
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
)
_ROOT_SIZE = "size=1m,mode=755"


def leave() -> None:
    """Enter new namespaces; processes that are started from now on have a world of their own.

    Raises OSError where they are refused.
    """
    user, group = os.getuid(), os.getgid()
    unshare(_NAMESPACES)
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{_USER} {user} 1"),
        ("gid_map", f"{_USER} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    socket.sethostname("sandbox")


def move_in(place: str, limits: Limits) -> None:
    """Build the new root at an empty folder, and make it the root; the first process does this.

    Only here, where the process numbers are new, can `/proc` be mounted.
    """
    mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, _ROOT_SIZE)
    for path in readable_paths():
        _bind(path, place)
        if not os.path.islink(place + path):
            make_read_only(place + path)
    for path in DEVICES:
        _bind(path, place)
    for path in (SCRATCH, "/proc", "/old"):
        os.makedirs(place + path, exist_ok=True)
    room = f"size={limits.scratch},nr_inodes={limits.scratch_files},mode=1777"
    mount("tmpfs", place + SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, room)
    # Read-only: where this process is root outside, files such as /proc/sysrq-trigger are its own.
    mount("proc", f"{place}/proc", "proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    pivot_root(place, f"{place}/old")
    os.chdir("/")
    umount("/old")
    os.rmdir("/old")
    _close_root()


def _close_root() -> None:
    # Not what lies below it: the scratch folder and the devices stay writable.
    mount("none", "/", flags=MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _bind(path: str, place: str) -> None:
    target = place + path
    if os.path.islink(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "x", encoding="ascii"):
            pass
    mount(path, target, flags=MS_BIND | MS_REC)
