"""A filter on system calls: a second wall behind namespaces, and the first beside Landlock.

It is a program of the kernel's packet filter (linux/filter.h) over one call's number and arguments
(struct seccomp_data in linux/seccomp.h). It is the same at both levels, so that code meets the
same refusals at either: no new processes, no network, signals to itself alone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct
from collections.abc import Iterable

from grader.grading.sandbox.libc import demand, libc
from grader.grading.sandbox.system_calls import NEWEST, Machine, this_machine

_Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand
_Program = list[_Instruction]

# linux/bpf_common.h
_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_IF_ABOVE = 0x25  # BPF_JMP | BPF_JGT | BPF_K
_IF_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_AND = 0x54  # BPF_ALU | BPF_AND | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K

# linux/seccomp.h; struct seccomp_data
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOWED = (_RETURN, 0, 0, 0x7FFF0000)
_KILLED = (_RETURN, 0, 0, 0x80000000)

_PR_SET_SECCOMP = 22  # linux/prctl.h
_SECCOMP_MODE_FILTER = 2

_CLONE_THREAD = 0x00010000  # linux/sched.h
_ANY_CLONE_NEW = 0x7E020000
_SCHED_OTHER = 0
_PR_SET_PDEATHSIG = 1
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE = 1, 1, 0xF


class _Filter(ctypes.Structure):
    # struct sock_fprog
    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def refuse_system_calls(*, may_listen: bool) -> None:
    """Filter this process's system calls from now on; it can never be undone.

    may_listen: whether it may open Unix sockets, for a Jupyter kernel that clients connect to.
    Call it in the one thread of the process, after `drop_privileges`.
    """
    program = _program(this_machine(), pid=os.getpid(), may_listen=may_listen)
    packed = b"".join(struct.pack("=HBBI", *each) for each in program)
    asked = _Filter(len(program), packed)
    done = libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(asked), 0, 0)
    demand(done, "prctl PR_SET_SECCOMP")


def _program(machine: Machine, *, pid: int, may_listen: bool) -> _Program:
    calls = machine.looked_into
    no, no_socket = _refusal(errno.EPERM), _refusal(errno.EACCES)
    signals = (0, signal.SIGINT)
    to_itself = _unless(0, (pid,), no)
    streams = [
        *_unless(0, (_AF_UNIX,), no_socket),
        *_unless(1, (_SOCK_STREAM,), no_socket, mask=_SOCK_TYPE),
    ]
    listens = machine.network[:1] if may_listen else machine.network
    program: _Program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, machine.architecture),
        _KILLED,
        (_LOAD, 0, 0, _NUMBER),
        # The numbers of x86's own 32-bit convention lie there too.
        (_IF_ABOVE, 0, 1, NEWEST),
        _refusal(errno.ENOSYS),
    ]
    for numbers, answer in (
        (machine.refused, no),
        (listens, no_socket),
        (machine.ignored, _refusal(0)),
        # Then the C library uses `clone`, whose flags are a plain value that nothing can change.
        ((calls["clone3"],), _refusal(errno.ENOSYS)),
    ):
        program += [each for number in numbers for each in _when(number, [answer])]
    threads: _Program = [
        (_LOAD, 0, 0, _ARGUMENTS),
        (_IF_ANY_BIT, 0, 1, _ANY_CLONE_NEW),
        no,
        (_IF_ANY_BIT, 1, 0, _CLONE_THREAD),
        no,
        _ALLOWED,
    ]
    program += _when(calls["clone"], threads)
    program += _when(calls["kill"], [*to_itself, *_unless(1, signals, no), _ALLOWED])
    program += _when(calls["tgkill"], [*to_itself, *_unless(2, signals, no), _ALLOWED])
    program += _when(calls["prlimit64"], [*_unless(0, (0, pid), no), _ALLOWED])
    # libzmq insists on giving its threads the ordinary schedule that they already have.
    program += _when(calls["sched_setscheduler"], [*_unless(1, (_SCHED_OTHER,), no), _ALLOWED])
    program += _when(calls["prctl"], [*_if_equal(0, _PR_SET_PDEATHSIG, no), _ALLOWED])
    program += _when(calls["socketpair"], [*streams, _ALLOWED])
    program += _when(calls["socket"], [*streams, _ALLOWED] if may_listen else [no_socket])
    return [*program, _ALLOWED]


def _refusal(number: int) -> _Instruction:
    # SECCOMP_RET_ERRNO; with 0 the call says it succeeded.
    return (_RETURN, 0, 0, 0x00050000 | number)


def _when(number: int, block: _Program) -> _Program:
    """Return a block for one call; it ends in a return, and other calls pass it by."""
    return [(_IF_EQUAL, 0, len(block), number), *block]


def _argument(index: int) -> _Instruction:
    # Only the low 32 bits: every argument tested here fits in them.
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)


def _unless(
    index: int, allowed: Iterable[int], answer: _Instruction, *, mask: int = 0xFFFFFFFF
) -> _Program:
    """Return the instructions that answer a call whose masked argument is not an allowed one."""
    values = tuple(allowed)
    tests = [(_IF_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [_argument(index), (_AND, 0, 0, mask), *tests, answer]


def _if_equal(index: int, value: int, answer: _Instruction) -> _Program:
    return [_argument(index), (_IF_EQUAL, 0, 1, value), answer]
