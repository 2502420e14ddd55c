"""A filter of system calls, as a second wall and, without namespaces, as the first.

It refuses what a lesson never needs: reaching other processes, sockets to anywhere, new processes,
and the doors into the kernel that most escapes go through. What is refused fails with EPERM, so
that Python raises PermissionError and the notebook goes on.

Classic BPF over `struct seccomp_data` (<linux/seccomp.h>, <linux/filter.h>): the number of the
call at 0, the architecture at 4, six arguments of 64 bits from 16 on.
"""

from __future__ import annotations

import ctypes
import errno
import socket
import struct
from collections.abc import Sequence

from grader.grading.sandbox.system import MACHINE, PR_SET_SECCOMP, prctl

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _AND, _RETURN = (
    0x20,
    0x15,
    0x35,
    0x45,
    0x54,
    0x06,
)
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_NO_FAMILY = 0x00050000 | errno.EAFNOSUPPORT
_CLONE_THREAD = 0x00010000
_SOCK_TYPE_MASK = 0xF

# Numbers for x86_64 and aarch64, from <asm/unistd.h>; None where an architecture has no such call.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "connect": (42, 203),
    "delete_module": (176, 106),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fork": (57, None),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "landlock_restrict_self": (446, 446),
    "lookup_dcookie": (212, 18),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "seccomp": (317, 277),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "tkill": (200, 130),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vfork": (58, None),
}
_CLONE, _CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
_KILL_CALLS = {"x86_64": (62, 234), "aarch64": (129, 131)}
"""kill and tgkill: a process may send signals to itself."""
_SOCKET = {"x86_64": 41, "aarch64": 198}

_Instruction = tuple[int, int, int, int]


def install_filter(own: int) -> None:
    """Refuse from now on, in this thread and those it starts; own: this process's number.

    Needs `no_new_privs`. Raises OSError where the kernel has no seccomp.
    """
    code = b"".join(struct.pack("<HBBI", *each) for each in program(own))
    buffer = ctypes.create_string_buffer(code)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    filled = Program(len(code) // 8, ctypes.addressof(buffer))
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(filled))


def program(own: int, machine: str = MACHINE) -> list[_Instruction]:
    """Return the filter's instructions; own: this process's number."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    refused = [numbers[column] for numbers in _REFUSED.values()]
    made: list[_Instruction] = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
    ]
    if machine == "x86_64":
        # The same calls under other numbers.
        made += _when((_JUMP_AT_LEAST, _X32), [(_RETURN, 0, 0, _REFUSE)])
    for number in refused:
        if number is not None:
            made += _when((_JUMP_EQUAL, number), [(_RETURN, 0, 0, _REFUSE)])
    # Its flags lie behind a pointer, where no filter can look; the C library then takes clone.
    made += _when((_JUMP_EQUAL, _CLONE3), [(_RETURN, 0, 0, _UNKNOWN)])
    made += _when((_JUMP_EQUAL, _CLONE[machine]), _only_if(0, (_JUMP_ANY_BIT, _CLONE_THREAD)))
    for number in _KILL_CALLS[machine]:
        made += _when((_JUMP_EQUAL, number), _only_if(0, (_JUMP_EQUAL, own)))
    stream = [
        *_argument(1),
        (_AND, 0, 0, _SOCK_TYPE_MASK),
        *_when((_JUMP_EQUAL, socket.SOCK_STREAM), [(_RETURN, 0, 0, _ALLOW)]),
        (_RETURN, 0, 0, _NO_FAMILY),
    ]
    # libzmq ends the process at an error that it does not expect of a socket, such as EPERM.
    unix = [
        *_argument(0),
        *_when((_JUMP_EQUAL, socket.AF_UNIX), stream),
        (_RETURN, 0, 0, _NO_FAMILY),
    ]
    made += _when((_JUMP_EQUAL, _SOCKET[machine]), unix)
    return [*made, (_RETURN, 0, 0, _ALLOW)]


def _argument(place: int) -> list[_Instruction]:
    # The low half: numbers of processes and flags have no more than 32 bits.
    return [(_LOAD, 0, 0, 16 + 8 * place)]


def _only_if(place: int, condition: tuple[int, int]) -> list[_Instruction]:
    """Allow when an argument meets a condition, and refuse otherwise."""
    return [
        *_argument(place),
        *_when(condition, [(_RETURN, 0, 0, _ALLOW)]),
        (_RETURN, 0, 0, _REFUSE),
    ]


def _when(condition: tuple[int, int], then: Sequence[_Instruction]) -> list[_Instruction]:
    code, value = condition
    return [(code, 0, len(then), value), *then]
